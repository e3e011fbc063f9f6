package portalweb

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/internal/portal"
)

const adminPath = "/meja/admin"

// AdminDeps is what administration stands on.
type AdminDeps struct {
	Admin *portal.Admin
}

// admin serves the pages of administration.
type admin struct{ AdminDeps }

// AdminRoutes are the pages of administration.
func AdminRoutes(d AdminDeps) []web.Route {
	h := &admin{d}
	var rs []web.Route
	get := func(pattern string, access web.Access, handle web.Handler) {
		rs = append(rs, web.Route{Method: http.MethodGet, Pattern: adminPath + pattern, Access: access, Handle: handle})
	}
	// A form is shown by GET and taken by POST at the same address.
	form := func(pattern string, access web.Access, handle web.Handler) {
		get(pattern, access, handle)
		rs = append(rs, web.Route{Method: http.MethodPost, Pattern: adminPath + pattern, Access: access, Handle: handle})
	}
	get("", web.Needs(portal.AdminPermissions...), h.home)
	directory := web.Needs(portal.PermUnits, portal.PermPeople)
	units := web.Needs(portal.PermUnits)
	get("/unit", directory, h.units)
	form("/unit/baru", units, h.addUnit)
	get("/unit/{unit}", directory, h.unit)
	form("/unit/{unit}/ubah", units, h.editUnit)
	form("/unit/{unit}/tutup", units, h.closeUnit)
	form("/unit/{unit}/rt-rw", units, h.addNeighbourhood)
	form("/unit/{unit}/jadwal", web.Needs(portal.PermCalendar), h.unitSchedule)
	people := web.Needs(portal.PermPeople)
	form("/unit/{unit}/jabatan-baru", units, h.savePosition)
	get("/jabatan/{jabatan}", web.Needs(portal.PermUnits, portal.PermPeople, portal.PermRoles), h.position)
	form("/jabatan/{jabatan}/ubah", units, h.savePosition)
	form("/jabatan/{jabatan}/tutup", units, h.closePosition)
	form("/jabatan/{jabatan}/tunjuk", people, h.appoint)
	form("/penempatan/{penempatan}/akhiri", people, h.endOccupancy)
	get("/pegawai", people, h.people)
	form("/pegawai/baru", people, h.addPerson)
	get("/pegawai/{pegawai}", people, h.person)
	form("/pegawai/{pegawai}/ubah", people, h.editPerson)
	form("/pegawai/{pegawai}/keluar", people, h.leave)
	form("/pegawai/{pegawai}/akun", people, h.invite)
	return rs
}

// adminPart is a part of administration as the side list shows it.
type adminPart struct {
	label, path, about string
	needs              []authz.Permission
}

var adminParts = []adminPart{
	{"Unit", "/unit", "Struktur kota: OPD, kecamatan, kelurahan, RW, RT, puskesmas; jabatan dan pejabatnya.", []authz.Permission{portal.PermUnits, portal.PermPeople}},
	{"Pegawai", "/pegawai", "Orang, akunnya, dan yang keluar atau pensiun.", []authz.Permission{portal.PermPeople}},
}

// AdminItems tells the home desk which parts of administration are open to a
// member of staff.
func AdminItems(_ context.Context, a authz.Actor) ([]ui.DeskGroup, error) {
	group := ui.DeskGroup{Title: "Administrasi"}
	for _, p := range adminParts {
		if a.HasAny(p.needs...) {
			group.Items = append(group.Items, ui.DeskItem{Label: p.label, Href: adminPath + p.path})
		}
	}
	if len(group.Items) == 0 {
		return nil, nil
	}
	return []ui.DeskGroup{group}, nil
}

// desk is the frame of every page of administration.
func (h *admin) desk(r *http.Request) *ui.Desk {
	a := web.ActorOf(r.Context())
	groups, _ := AdminItems(r.Context(), a) // it fails never: it asks only the actor
	d := &ui.Desk{Title: "Administrasi", Subtitle: a.MainPosition().UnitName, Groups: groups}
	for i := range d.Groups {
		for j := range d.Groups[i].Items {
			it := &d.Groups[i].Items[j]
			it.Current = r.URL.Path == it.Href || strings.HasPrefix(r.URL.Path, it.Href+"/")
		}
	}
	d.Groups = append(d.Groups, ui.DeskGroup{Title: "Lainnya", Items: []ui.DeskItem{{Label: "Semua ruang kerja", Href: "/meja"}}})
	return d
}

func (h *admin) home(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	var parts []adminPart
	for _, p := range adminParts {
		if a.HasAny(p.needs...) {
			parts = append(parts, p)
		}
	}
	return web.Render(w, r, http.StatusOK, adminHomePage(h.desk(r), parts))
}

func adminHref(parts ...any) string {
	s := adminPath
	for _, p := range parts {
		switch p := p.(type) {
		case int64:
			s += "/" + idOf(p)
		case string:
			s += "/" + p
		}
	}
	return s
}

func idOf(id int64) string { return strconv.FormatInt(id, 10) }

// untilDay words the last day of a period whose end is the midnight after it.
func untilDay(end time.Time) string { return indo.ShortDate(end.AddDate(0, 0, -1)) }

// dateValue is a database date for a date control; nil and zero are empty.
func dateValue(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
