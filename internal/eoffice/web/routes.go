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
	long := func(pattern string, limit int64, h web.Handler) web.Route {
		route := post(pattern, h)
		route.MaxBody = limit
		return route
	}
	changes := get("/perubahan", k.changes)
	changes.Stream = true
	download := get("/arsip/berkas/{id}/unduh", k.download)
	download.Timeout = 30 * time.Minute // as much as lies in a folder
	attached := get("/naskah/{id}/lampiran/{file}", k.file)
	attached.Timeout = 2 * time.Minute // a secret one is set anew for its reader
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
		long("/naskah/{id}/ubah", bodyForm, k.saveDraft),
		long("/naskah/{id}/simpan", bodyForm, k.autosave),
		get("/naskah/{id}/isi", k.content),
		long("/naskah/{id}/isi", bodyForm, k.editContent),
		long("/rapikan", pasteForm, k.clean),
		get("/naskah/{id}/versi", k.versions),
		get("/naskah/{id}/"+openBody, k.body),
		post("/naskah/{id}/"+openBody, k.proveForBody),
		get("/naskah/{id}/berkas/{which}", k.paper),
		get("/naskah/{id}/pendapat", k.askForm),
		post("/naskah/{id}/pendapat", k.ask),
		get("/naskah/{id}/disposisi", k.give),
		post("/naskah/{id}/disposisi", k.sendOrders),
		get("/naskah/{id}/lampiran", k.files),
		upload("/naskah/{id}/lampiran", k.attach),
		attached,
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
		post("/baki/{id}/simpan", k.keepLoose),
		get("/arahkan", k.directList),
		post("/arahkan", k.directAll),
		post("/kiriman/{id}/"+redirectTo, k.redirect),
		get("/kiriman/{id}/bukti", k.proof),
		get("/disposisi/{id}/lembar", k.sheet),
		get("/cari", k.search),
		post("/cari", k.startSearch),
		post("/cari/simpan", k.saveSearch),
		post("/cari/{id}/hapus", k.forgetSearch),
		get("/buku", k.book),
		get("/buku/pesan", k.bookings),
		post("/buku/pesan", k.bookNumbers),
		get("/waktu-meja", k.deskTimes),
		get("/arsip", k.filing),
		post("/arsip", k.fileLetters),
		get("/arsip/persetujuan", k.headWaits),
		get("/arsip/usul", k.proposals),
		get("/arsip/jatuh-tempo", k.due),
		get("/arsip/penilaian", k.panelWaits),
		get("/arsip/penyusutan/baru", k.newDisposal),
		post("/arsip/penyusutan/baru", k.makeDisposal),
		get("/arsip/penyusutan/{id}", k.disposal),
		post("/arsip/penyusutan/{id}/tulis", k.writeDeed),
		get("/arsip/berkas", k.folders),
		post("/arsip/berkas", k.openFolder),
		get("/arsip/berkas/{id}", k.folder),
		get("/agenda", k.agenda),
		get("/agenda/berkas.ics", k.agendaFile),
		post("/kiriman/{id}/"+planAct, k.savePlan),
		post("/kiriman/{id}/"+planAct+"/hapus", k.dropPlan),
		post("/naskah/{id}/"+watchAct, k.watch("Anda memantau naskah ini.", k.follow)),
		post("/naskah/{id}/"+unwatchAct, k.watch("Anda tidak lagi memantau naskah ini.", k.unfollow)),
		get("/wakil", k.deputies),
		post("/wakil", k.deputize),
		post("/wakil/{id}/akhiri", k.endMandate),
		get("/bantu/{id}", k.help),
		post("/naskah/{id}/"+receive, k.receive),
		download,
		get("/atur", k.set),
		post("/atur", k.saveSet("Pengaturan kantor disimpan.", k.saveOffice)),
		post("/atur/instruksi", k.saveSet("Instruksi disimpan.", k.saveInstructions)),
		get("/atur/kelompok", k.groups),
		post("/atur/kelompok", k.makeGroup),
		get("/atur/kelompok/{id}", k.group),
		post("/atur/kelompok/{id}", k.changeGroup),
		post("/atur/kelompok/{id}/bubar", k.dropGroup),
		get("/atur/klasifikasi", k.classes),
		post("/atur/klasifikasi", k.saveClass),
		{Method: http.MethodPost, Pattern: classPath + "/impor", Access: web.StaffOnly, Handle: k.importClasses, Upload: true, MaxBody: 6 << 20},
		get("/atur/kearsipan", k.keepers),
		post("/atur/kearsipan", k.setKeeper),
		post("/atur/kearsipan/panitia", k.setPanel),
		get("/atur/kerahasiaan", k.secrecy),
		post("/atur/kerahasiaan", k.saveSecrecy),
		get("/atur/waktu", k.paces),
		post("/atur/waktu", k.savePaces),
		post("/atur/waktu/pengingat", k.saveReminding),
	}
	for _, a := range letterActs {
		route := post("/naskah/{id}/"+a.Path, k.act(a))
		if a.uploads() {
			route.Upload, route.MaxBody = true, filesBody
		}
		if a.Action == eoffice.ActSign {
			route.Timeout = time.Minute
		}
		routes = append(routes, route)
	}
	for _, a := range folderActs {
		routes = append(routes, post("/arsip/berkas/{id}/"+a.Path, k.folderAct(a.Path, a.Done, a.Do)))
	}
	for _, a := range disposalActs {
		route := post("/arsip/penyusutan/{id}/"+a.Path, k.disposalAct(a.Path, a.Done, a.Do))
		if a.Path == "laksanakan" {
			route.Timeout = 5 * time.Minute // thousands of letters
		}
		routes = append(routes, route)
	}
	for _, a := range orderActs {
		if path, h := "/disposisi/{id}/"+a.Path, k.orderAct(a); a.uploads() {
			routes = append(routes, upload(path, h))
		} else {
			routes = append(routes, post(path, h))
		}
	}
	for _, a := range opinionActs {
		routes = append(routes, post("/pendapat/{id}/"+a.Path, k.opinionAct(a)))
	}
	for _, a := range recipientActs {
		route := post("/kiriman/{id}/"+a.Path, k.recipientAct(a))
		if a.File != "" {
			route.Upload, route.MaxBody = true, filesBody
		}
		routes = append(routes, route)
	}
	return routes
}
