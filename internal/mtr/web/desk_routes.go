package mtrweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// desk serves the pages of staff.
type desk struct {
	Deps
	choices *choices
}

// Limits of what a proof may weigh on its way in.
const (
	proofBody = mtr.MaxPhotos*mtr.MaxPhotoBytes + mtr.MaxDocumentBytes + 1<<20
)

// DeskRoutes are the staff's pages of this module, configuration included.
func DeskRoutes(d Deps) []web.Route {
	k := &desk{Deps: d, choices: newChoices(d.DB, d.Clock)}
	staff := web.Needs(append(mtr.DeskPermissions[:len(mtr.DeskPermissions):len(mtr.DeskPermissions)], mtr.PermConfigure)...)
	routes := []web.Route{
		{Method: http.MethodGet, Pattern: "/meja/mtr", Access: staff, Handle: k.queue},
		{Method: http.MethodGet, Pattern: "/meja/mtr/ringkasan", Access: web.Needs(mtr.PermOverview), Handle: k.digest},
		{Method: http.MethodGet, Pattern: "/meja/mtr/foto/{ref}/{ukuran}", Access: staff, Handle: k.photo},
		{Method: http.MethodGet, Pattern: "/meja/mtr/berkas/{ref}", Access: staff, Handle: k.document},
		{Method: http.MethodGet, Pattern: "/meja/mtr/{nomor}", Access: staff, Handle: k.report},
		{Method: http.MethodPost, Pattern: "/meja/mtr/{nomor}/identitas", Access: staff, Handle: k.reveal},
		{Method: http.MethodPost, Pattern: "/meja/mtr/{nomor}/bukti", Access: staff, Handle: k.proof, MaxBody: proofBody, Upload: true},
		{Method: http.MethodPost, Pattern: "/meja/mtr/{nomor}/bukti/hapus", Access: staff, Handle: k.removeProof},
	}
	for _, a := range deskActs {
		if a.Do != nil {
			routes = append(routes, web.Route{
				Method: http.MethodPost, Pattern: "/meja/mtr/{nomor}/" + a.Path, Access: staff, Handle: k.act(a),
			})
		}
	}
	return append(routes, configRoutes(k)...)
}
