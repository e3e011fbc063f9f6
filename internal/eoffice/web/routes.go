package eofficeweb

import (
	"net/http"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	deskPath   = "/meja/eoffice"
	letterPath = deskPath + "/naskah"
)

// Routes are the pages of e-Office. Everybody who works for the city has a desk here.
func Routes(d Deps) []web.Route {
	k := &desk{d}
	get := func(pattern string, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: deskPath + pattern, Access: web.StaffOnly, Handle: h}
	}
	post := func(pattern string, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: deskPath + pattern, Access: web.StaffOnly, Handle: h}
	}
	upload := func(pattern string, h web.Handler) web.Route {
		route := post(pattern, h)
		route.Upload, route.MaxBody = true, filesBody
		return route
	}
	changes := get("/perubahan", k.changes)
	changes.Stream = true
	signAll := post("/tanda-tangan", k.signAll)
	signAll.Timeout = 5 * time.Minute // many letters, and BSrE takes seconds for each
	routes := []web.Route{
		get("", k.queue),
		changes,
		get("/baru", k.chooseKind),
		post("/baru", k.begin),
		get("/tanda-tangan", k.signList),
		signAll,
		get("/naskah/{id}", k.letter),
		get("/naskah/{id}/ubah", k.draft),
		post("/naskah/{id}/ubah", k.saveDraft),
		post("/naskah/{id}/simpan", k.autosave),
		get("/naskah/{id}/isi", k.content),
		post("/naskah/{id}/isi", k.editContent),
		get("/naskah/{id}/versi", k.versions),
		get("/naskah/{id}/berkas/{which}", k.paper),
		get("/naskah/{id}/disposisi", k.give),
		post("/naskah/{id}/disposisi", k.sendOrders),
		get("/naskah/{id}/lampiran", k.files),
		upload("/naskah/{id}/lampiran", k.attach),
		get("/naskah/{id}/lampiran/{file}", k.file),
		post("/naskah/{id}/lampiran/{file}/hapus", k.detach),
		get("/naskah/{id}/rujukan", k.references),
		post("/naskah/{id}/rujukan", k.refer),
		get("/catat", k.recordForm),
		upload("/catat", k.record),
		get("/naskah/{id}/betulkan", k.correctForm),
		upload("/naskah/{id}/betulkan", k.correct),
		get("/baki", k.tray),
		upload("/baki", k.fillTray),
		get("/baki/pemisah", k.separator),
		get("/baki/{id}", k.loose),
		post("/baki/{id}/hapus", k.discard),
		get("/arahkan", k.directList),
		post("/arahkan", k.directAll),
		post("/kiriman/{id}/"+redirectTo, k.redirect),
		get("/disposisi/{id}/lembar", k.sheet),
		get("/cari", k.search),
		post("/cari", k.startSearch),
		post("/cari/simpan", k.saveSearch),
		post("/cari/{id}/hapus", k.forgetSearch),
		get("/buku", k.book),
		get("/waktu-meja", k.deskTimes),
		get("/atur", k.set),
		post("/atur", k.saveSet("Pengaturan kantor disimpan.", k.saveOffice)),
		post("/atur/instruksi", k.saveSet("Instruksi disimpan.", k.saveInstructions)),
		get("/atur/klasifikasi", k.classes),
		post("/atur/klasifikasi", k.saveClass),
		{Method: http.MethodPost, Pattern: classPath + "/impor", Access: web.StaffOnly, Handle: k.importClasses, Upload: true, MaxBody: 6 << 20},
		get("/atur/waktu", k.paces),
		post("/atur/waktu", k.savePaces),
	}
	for _, a := range letterActs {
		route := post("/naskah/{id}/"+a.Path, k.act(a))
		switch a.Action {
		case eoffice.ActSign:
			route.Timeout = time.Minute
		case eoffice.ActScan:
			route.Upload, route.MaxBody = true, filesBody
		}
		routes = append(routes, route)
	}
	for _, a := range orderActs {
		routes = append(routes, post("/disposisi/{id}/"+a.Path, k.orderAct(a)))
	}
	for _, a := range recipientActs {
		routes = append(routes, post("/kiriman/{id}/"+a.Path, k.recipientAct(a)))
	}
	return routes
}
