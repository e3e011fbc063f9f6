package portalweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/internal/portal"
)

const adminPath = "/meja/admin"

// AdminDeps is what administration stands on.
type AdminDeps struct {
	Admin    *portal.Admin
	Imports  []portal.Import
	Personal *portal.Personal
	// ActName names the acts that modules write to the audit trail; "" for others.
	ActName func(action string) string
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
	// Files come slowly and are read for long.
	upload := func(pattern string, access web.Access, most int64, handle web.Handler) {
		get(pattern, access, handle)
		rs = append(rs, web.Route{Method: http.MethodPost, Pattern: adminPath + pattern, Access: access, Handle: handle,
			MaxBody: most, Upload: true, Timeout: 2 * time.Minute})
	}
	post := func(pattern string, access web.Access, handle web.Handler) {
		rs = append(rs, web.Route{Method: http.MethodPost, Pattern: adminPath + pattern, Access: access, Handle: handle})
	}
	post("/pegawai/{pegawai}/kembali", people, h.readmit)
	upload("/mutasi", people, org.MaxSheetFile+1<<20, h.moves)
	roles := web.Needs(portal.PermRoles)
	get("/peran", roles, h.roles)
	form("/peran/baru", roles, h.saveRole)
	get("/peran/{peran}", roles, h.role)
	form("/peran/{peran}/ubah", roles, h.saveRole)
	form("/jabatan/{jabatan}/peran", roles, h.give)
	form("/wewenang/{wewenang}/akhiri", roles, h.endGrant)
	accounts := web.Needs(authn.PermManage)
	get("/akun", accounts, h.accounts)
	form("/akun/loket", web.Needs(authn.PermCounter), h.counter)
	get("/akun/{akun}", accounts, h.showAccount)
	form("/akun/{akun}/nonaktif", accounts, h.disable)
	form("/akun/{akun}/peran", roles, h.give)
	service := h.Admin.Accounts
	post("/akun/{akun}/aktif", accounts, h.accountAct(func(r *http.Request, a authz.Actor, id int64) error {
		return service.Enable(r.Context(), a, id)
	}, "Akun diaktifkan lagi."))
	post("/akun/{akun}/totp", accounts, h.accountAct(func(r *http.Request, a authz.Actor, id int64) error {
		return service.ResetTOTP(r.Context(), a, id)
	}, "Verifikasi dua langkah diatur ulang."))
	post("/akun/{akun}/sesi", accounts, h.accountAct(func(r *http.Request, a authz.Actor, id int64) error {
		return service.EndAllSessions(r.Context(), a, id)
	}, "Semua sesi diakhiri."))
	post("/akun/{akun}/undang", accounts, h.resend)
	post("/akun/{akun}/kode", web.Needs(authn.PermCounter), h.reprint)
	dates := web.Needs(portal.PermCalendar)
	get("/kalender", dates, h.calendar)
	form("/kalender/libur-baru", dates, h.saveHoliday)
	form("/kalender/libur/{hari}", dates, h.saveHoliday)
	post("/kalender/libur/{hari}/hapus", dates, h.removeHoliday)
	form("/kalender/ramadan-baru", dates, h.addRamadan)
	post("/kalender/ramadan/{hari}/hapus", dates, h.removeRamadan)
	form("/kalender/jadwal-baru", dates, h.saveSchedule)
	form("/kalender/jadwal/{jadwal}", dates, h.saveSchedule)
	get("/impor", directory, h.imports)
	upload("/impor/{jenis}", directory, org.MaxBoundaryFile+1<<20, h.importFile)
	privacy := web.Needs(portal.PermPrivacy)
	get("/data-pribadi", privacy, h.erasures)
	form("/data-pribadi/{permintaan}", privacy, h.erasure)
	trail := web.Needs(portal.PermAudit)
	get("/audit", trail, h.trail)
	rs = append(rs, web.Route{Method: http.MethodGet, Pattern: adminPath + "/audit/unduh", Access: trail, Handle: h.exportTrail, Stream: true})
	return rs
}

// adminPart is a part of administration as the side list shows it.
type adminPart struct {
	label, path, about string
	needs              []authz.Permission
	city               bool // only for those who hold it in the whole city
}

var adminParts = []adminPart{
	{"Unit", "/unit", "Struktur kota: OPD, kecamatan, kelurahan, RW, RT, puskesmas; jabatan dan pejabatnya.", []authz.Permission{portal.PermUnits, portal.PermPeople}, false},
	{"Pegawai", "/pegawai", "Orang, akunnya, dan yang keluar atau pensiun.", []authz.Permission{portal.PermPeople}, false},
	{"Mutasi serentak", "/mutasi", "Banyak orang berpindah jabatan pada satu tanggal.", []authz.Permission{portal.PermPeople}, true},
	{"Peran", "/peran", "Kumpulan izin, dan siapa yang memegangnya di mana.", []authz.Permission{portal.PermRoles}, false},
	{"Akun", "/akun", "Mencari akun, menonaktifkan, mengatur ulang, mengundang lagi.", []authz.Permission{authn.PermManage}, true},
	{"Akun di loket", "/akun/loket", "Akun dan kode aktivasi bagi warga tanpa email dan telepon.", []authz.Permission{authn.PermCounter}, false},
	{"Kalender", "/kalender", "Hari libur, cuti bersama, Ramadan, dan jam kerja.", []authz.Permission{portal.PermCalendar}, true},
	{"Impor", "/impor", "Unit, pegawai, dan batas wilayah dari berkas.", []authz.Permission{portal.PermUnits, portal.PermPeople}, true},
	{"Data pribadi", "/data-pribadi", "Permintaan warga untuk menghapus datanya.", []authz.Permission{portal.PermPrivacy}, true},
	{"Jejak audit", "/audit", "Siapa melakukan apa, kapan.", []authz.Permission{portal.PermAudit}, false},
}

// inPart leads from pages outside a part's address to the part they belong to.
var inPart = strings.NewReplacer(adminPath+"/jabatan/", adminPath+"/unit/", adminPath+"/penempatan/", adminPath+"/unit/",
	adminPath+"/wewenang/", adminPath+"/peran/")

// AdminItems tells the home desk which parts of administration are open to a
// member of staff.
func AdminItems(ad *portal.Admin) DeskSource {
	return func(ctx context.Context, a authz.Actor) ([]ui.DeskGroup, error) {
		parts, err := openParts(ctx, ad, a)
		if err != nil || len(parts) == 0 {
			return nil, err
		}
		group := ui.DeskGroup{Title: "Administrasi"}
		for _, p := range parts {
			group.Items = append(group.Items, ui.DeskItem{Label: p.label, Href: adminPath + p.path})
		}
		return []ui.DeskGroup{group}, nil
	}
}

// openParts are the parts that are open to the actor.
func openParts(ctx context.Context, ad *portal.Admin, a authz.Actor) (parts []adminPart, err error) {
	if !a.HasAny(portal.AdminPermissions...) {
		return nil, nil
	}
	inCity, err := ad.HoldsInCity(ctx, a)
	if err != nil {
		return nil, err
	}
	for _, p := range adminParts {
		if a.HasAny(p.needs...) && (!p.city || slices.ContainsFunc(p.needs, inCity)) {
			parts = append(parts, p)
		}
	}
	return parts, nil
}

// desk is the frame of every page of administration. Without the database it
// is empty; then the page itself fails too.
func (h *admin) desk(r *http.Request) *ui.Desk {
	a := web.ActorOf(r.Context())
	groups, _ := AdminItems(h.Admin)(r.Context(), a)
	d := &ui.Desk{Title: "Administrasi", Subtitle: a.MainPosition().UnitName, Groups: groups}
	path := inPart.Replace(r.URL.Path)
	var current *ui.DeskItem // of all that lead here, the one that leads nearest
	for i := range d.Groups {
		for j := range d.Groups[i].Items {
			it := &d.Groups[i].Items[j]
			if (path == it.Href || strings.HasPrefix(path, it.Href+"/")) && (current == nil || len(it.Href) > len(current.Href)) {
				current = it
			}
		}
	}
	if current != nil {
		current.Current = true
	}
	d.Groups = append(d.Groups, ui.DeskGroup{Title: "Lainnya", Items: []ui.DeskItem{{Label: "Semua ruang kerja", Href: "/meja"}}})
	return d
}

func (h *admin) home(w http.ResponseWriter, r *http.Request) error {
	parts, err := openParts(r.Context(), h.Admin, web.ActorOf(r.Context()))
	if err != nil {
		return err
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

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
