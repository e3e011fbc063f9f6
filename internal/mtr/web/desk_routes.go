package mtrweb

import (
	"net/http"
	"time"

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
		{Method: http.MethodGet, Pattern: roundPath, Access: web.Needs(mtr.PermWork), Handle: k.round},
		{Method: http.MethodGet, Pattern: roundPath + ".json", Access: web.Needs(mtr.PermWork), Handle: k.takeAlong},
		{Method: http.MethodPost, Pattern: "/meja/mtr/{nomor}/bukti/luring", Access: staff, Handle: k.keptProof, MaxBody: proofBody, Upload: true},
		{Method: http.MethodGet, Pattern: "/meja/mtr/ringkasan", Access: web.Needs(mtr.PermOverview), Handle: k.digest},
		get(commandPath, web.Needs(mtr.PermOverview), k.command),
		{Method: http.MethodGet, Pattern: deskStatisticsPath, Access: web.Needs(mtr.PermOverview), Handle: k.statistics},
		{Method: http.MethodGet, Pattern: deskStatisticsPath + "/daftar", Access: web.Needs(mtr.PermOverview), Handle: k.counted},
		{Method: http.MethodGet, Pattern: "/meja/mtr/foto/{ref}/{ukuran}", Access: staff, Handle: k.photo},
		{Method: http.MethodGet, Pattern: "/meja/mtr/berkas/{ref}", Access: staff, Handle: k.document},
		get(intakePath, web.Needs(mtr.PermDispatch, mtr.PermHandle), k.intake),
		{Method: http.MethodPost, Pattern: intakePath, Access: web.Needs(mtr.PermDispatch, mtr.PermHandle), Handle: k.saveIntake, MaxBody: photoBody, Upload: true},
		get(intakePath+"/{nomor}", web.Needs(mtr.PermDispatch, mtr.PermHandle), k.taken),
		post("/meja/mtr/{nomor}/dukungan", staff, k.supportCall),
		get(blocksPath, web.Needs(mtr.PermModerate), k.blocks),
		post(blocksPath+"/{blokir}/akhiri", web.Needs(mtr.PermModerate), k.endBlock),
		post("/meja/mtr/{nomor}/blokir", web.Needs(mtr.PermModerate), k.block),
		get(sp4nPath, web.Needs(mtr.PermDispatch), k.sp4n),
		{Method: http.MethodPost, Pattern: sp4nPath, Access: web.Needs(mtr.PermDispatch), Handle: k.importSP4N, MaxBody: sp4nBody, Upload: true, Timeout: 5 * time.Minute},
		{Method: http.MethodGet, Pattern: sp4nPath + "/tindak-lanjut", Access: web.Needs(mtr.PermDispatch), Handle: k.exportSP4N, Stream: true},
		get(templatesPath, staff, k.templates),
		post(templatesPath, staff, k.saveTemplate),
		post(templatesPath+"/{contoh}/hapus", staff, k.deleteTemplate),
		{Method: http.MethodPost, Pattern: bulkPath, Access: staff, Handle: k.bulk, Timeout: time.Minute},
		{Method: http.MethodGet, Pattern: "/meja/mtr/{nomor}", Access: staff, Handle: k.report},
		{Method: http.MethodPost, Pattern: "/meja/mtr/{nomor}/identitas", Access: staff, Handle: k.reveal},
		{Method: http.MethodGet, Pattern: "/meja/mtr/{nomor}/foto/{ref}/tutup", Access: staff, Handle: k.coverPage},
		{Method: http.MethodPost, Pattern: "/meja/mtr/{nomor}/foto/{ref}/tutup", Access: staff, Handle: k.cover, Timeout: time.Minute},
		{Method: http.MethodGet, Pattern: "/meja/mtr/{nomor}/asli", Access: staff, Handle: k.originals},
		{Method: http.MethodPost, Pattern: "/meja/mtr/{nomor}/asli", Access: staff, Handle: k.openOriginal},
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
