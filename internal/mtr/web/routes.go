package mtrweb

import (
	"net/http"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// photoBody holds a full set of photos with room for the other fields.
const photoBody = mtr.MaxPhotos*mtr.MaxPhotoBytes + 1<<20

// Routes of the citizens' and the public pages.
func Routes(d Deps) []web.Route {
	h := &pages{Deps: d, choices: newChoices(d.DB, d.Clock)}
	routes := []web.Route{
		read("/mtr", h.list),
		read("/mtr/rss.xml", h.rss),
		same("/open311", h.openInterface),
		read("/mtr/laporan/{nomor}/rss.xml", h.reportFeed),

		same(followPath, h.follow),
		{Method: http.MethodPost, Pattern: followPath, Access: web.Public, Handle: h.beginFollow, PerMinute: followsPerMinute},
		get(followPath+"/{token}", web.Secret, h.following),
		post(followPath+"/{token}", web.Secret, h.setFollowing),
		get(followsPath, web.SignedIn, h.follows),
		post(followsPath+"/{ikutan}/berhenti", web.SignedIn, h.unfollow),
		read("/mtr/peta", h.mapPage),
		read("/mtr/peta.json", h.mapData),
		read(statisticsPath, h.statistics),
		read(statisticsPath+"/daftar", h.counted),
		read("/mtr/laporan/{nomor}", h.detail),
		same("/mtr/laporan/{nomor}/dukung", h.support),
		post("/mtr/laporan/{nomor}/dukung", web.Public, h.saveSupport),
		get("/mtr/dukungan/{token}", web.Secret, h.supportLink),
		post("/mtr/dukungan/{token}", web.Secret, h.saveSupportLink),
		get("/mtr/foto/{foto}/{ukuran}", web.Public, h.publicPhoto),

		same("/mtr/lapor", h.start),
		upload("/mtr/lapor", web.Public, h.begin),
		same(offlinePath, h.offline),
		same(fieldPath, h.field),
		upload(offlinePath, web.Public, h.saveOffline),
		get("/mtr/lapor/{draf}", web.Secret, h.resume),
		get("/mtr/lapor/{draf}/foto", web.Secret, h.photosStep),
		upload("/mtr/lapor/{draf}/foto", web.Secret, h.addPhotos),
		post("/mtr/lapor/{draf}/foto/{foto}/hapus", web.Secret, h.removePhoto),
		get("/mtr/lapor/{draf}/foto/{foto}/{ukuran}", web.Secret, h.draftPhoto),
		get("/mtr/lapor/{draf}/tempat", web.Secret, h.placeStep),
		post("/mtr/lapor/{draf}/tempat", web.Secret, h.savePlace),
		get("/mtr/lapor/{draf}/kategori", web.Secret, h.categoryStep),
		post("/mtr/lapor/{draf}/kategori", web.Secret, h.saveCategory),
		get("/mtr/lapor/{draf}/serupa", web.Secret, h.alikeStep),
		post("/mtr/lapor/{draf}/serupa", web.Secret, h.notAlike),
		get("/mtr/lapor/{draf}/pertanyaan", web.Secret, h.extraStep),
		post("/mtr/lapor/{draf}/pertanyaan", web.Secret, h.saveExtra),
		get("/mtr/lapor/{draf}/darurat", web.Secret, h.emergency),
		get("/mtr/lapor/{draf}/uraian", web.Secret, h.wordsStep),
		post("/mtr/lapor/{draf}/uraian", web.Secret, h.saveWords),
		get("/mtr/lapor/{draf}/pelapor", web.Secret, h.whoStep),
		post("/mtr/lapor/{draf}/pelapor", web.Secret, h.saveWho),
		get("/mtr/lapor/{draf}/periksa", web.Secret, h.checkStep),
		post("/mtr/lapor/{draf}/kirim", web.Secret, h.send),
		get("/mtr/lapor/{draf}/terkirim", web.Secret, h.sent),
		post("/mtr/lapor/{draf}/hapus", web.Secret, h.discard),

		get("/mtr/laporan-saya", web.SignedIn, h.myReports),
	}
	routes = append(routes, h.dataRoutes()...)
	routes = append(routes, h.deviceRoutes()...)
	routes = append(routes, h.reporterRoutes("/mtr/laporan/{nomor}/{token}", web.Secret)...)
	return append(routes, h.reporterRoutes("/mtr/laporan-saya/{nomor}", web.SignedIn)...)
}

// reporterRoutes are the reporter's own page and acts, by secret link or by
// account.
func (h *pages) reporterRoutes(base string, access web.Access) []web.Route {
	return []web.Route{
		get(base, access, h.reporter),
		{Method: http.MethodGet, Pattern: base + "/perubahan", Access: access, Handle: h.changes, Stream: true},
		get(base+"/foto/{foto}/{ukuran}", access, h.reporterPhoto),
		post(base+"/foto/{foto}/hapus", access, h.removeInfoPhoto),
		upload(base+"/informasi", access, h.giveInfo),
		upload(base+"/sanggahan", access, h.dispute),
		post(base+"/selesai", access, h.confirm),
		post(base+"/nilai", access, h.rate),
		post(base+"/batal", access, h.cancel),
		post(base+"/anonim", access, h.anonymize),
		post(base+"/keberatan", access, h.appeal),
		post(base+"/kontak", access, h.setContact),
		post(base+"/kode", access, h.confirmContact),
		post(base+"/kode-baru", access, h.resendCode),
	}
}

func get(pattern string, access web.Access, h web.Handler) web.Route {
	return web.Route{Method: http.MethodGet, Pattern: pattern, Access: access, Handle: h}
}

// read is a page for everybody.
func read(pattern string, h web.Handler) web.Route {
	return web.Route{Method: http.MethodGet, Pattern: pattern, Access: web.Public, Handle: h, Reads: true}
}

// same is a page for everybody that is read where it is written.
func same(pattern string, h web.Handler) web.Route {
	return web.Route{Method: http.MethodGet, Pattern: pattern, Access: web.Public, Handle: h, Same: true}
}

func post(pattern string, access web.Access, h web.Handler) web.Route {
	return web.Route{Method: http.MethodPost, Pattern: pattern, Access: access, Handle: h}
}

func upload(pattern string, access web.Access, h web.Handler) web.Route {
	return web.Route{Method: http.MethodPost, Pattern: pattern, Access: access, Handle: h, Upload: true, MaxBody: photoBody}
}

// pages answers the citizens' and the public routes.
type pages struct {
	Deps
	choices *choices
	counts  areaCounts
}

func (h *pages) now() time.Time { return h.Clock.Now() }

// join makes an address of path segments that are safe as they are: tokens,
// numbers and refs.
func join(parts ...string) string { return strings.Join(parts, "/") }
