// Package oversightweb is the face of the Inspektorat's assignments: their list, registering
// and revoking them, and the evidence that is kept under them.
package oversightweb

import (
	"context"
	"net/http"
	"strconv"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/oversight"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Deps is what the pages stand on.
type Deps struct {
	Oversight *oversight.Module
	DB        *pgxpool.Pool
	Clock     clock.Clock
}

const (
	deskPath = "/meja/pengawasan"
	newPath  = deskPath + "/baru"
)

func href(id int64) string { return deskPath + "/" + strconv.FormatInt(id, 10) }

// Routes are all pages of oversight. Whose an assignment is, the use cases ask: a member needs
// no permission of their own.
func Routes(d Deps) []web.Route {
	register := web.Needs(oversight.PermAssign)
	get := func(pattern string, access web.Access, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Access: access, Handle: h}
	}
	post := func(pattern string, access web.Access, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Access: access, Handle: h}
	}
	one := deskPath + "/{tugas}"
	pack := post(one+"/paket", web.StaffOnly, d.pack)
	pack.Stream = true // it has no total time, and ends with the portal
	return []web.Route{
		get(deskPath, web.StaffOnly, d.list),
		get(newPath, register, d.form),
		post(newPath, register, d.register),
		get(one, web.StaffOnly, d.view),
		post(one+"/cabut", register, d.revoke),
		post(one+"/bukti", web.StaffOnly, d.mark),
		post(one+"/bukti/{bukti}/hapus", web.StaffOnly, d.unmark),
		pack,
	}
}

// DeskItems is the way to the assignments, for who registers them or works under one.
func DeskItems(m *oversight.Module) func(context.Context, authz.Actor) ([]ui.DeskGroup, error) {
	return func(ctx context.Context, a authz.Actor) ([]ui.DeskGroup, error) {
		registers, err := m.Registers(ctx, a)
		if err != nil || !registers && !a.UnderAssignment() {
			return nil, err
		}
		return []ui.DeskGroup{{Title: "Pengawasan", Items: []ui.DeskItem{{Label: "Surat tugas", Href: deskPath}}}}, nil
	}
}

// ActName names the acts of oversight in the audit trail.
func ActName(action string) string {
	if name := map[string]string{
		"oversight.assignment.register": "Mencatat surat tugas", "oversight.assignment.revoke": "Mencabut surat tugas",
		"oversight.evidence.mark": "Menandai bukti", "oversight.evidence.unmark": "Menghapus tanda bukti", "oversight.evidence.pack": "Mengunduh paket bukti",
	}[action]; name != "" {
		return name
	}
	for _, module := range authz.Overseen {
		if action == module+".page.open" {
			return "Membuka halaman dengan surat tugas"
		}
	}
	return ""
}

// side is the frame of the pages.
func (d Deps) side(r *http.Request) (*ui.Desk, error) {
	a := web.ActorOf(r.Context())
	items := []ui.DeskItem{{Label: "Surat tugas", Href: deskPath}}
	may, err := d.Oversight.Registers(r.Context(), a)
	if may {
		items = append(items, ui.DeskItem{Label: "Catat surat tugas", Href: newPath})
	}
	desk := &ui.Desk{Title: "Pengawasan", Subtitle: a.Workplace(), Groups: []ui.DeskGroup{{Title: "Inspektorat", Items: items}}}
	return desk.End(r.URL.Path), err
}
