package kucinikiweb

import (
	"net/http"
	"time"

	work "makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	deskPath   = "/meja/kuciniki"
	planPath   = deskPath + "/skp"
	teamPath   = deskPath + "/tim"
	periodPath = deskPath + "/periode"
	gapPath    = deskPath + "/kelengkapan"
)

// Routes are the pages of Kuciniki. Everybody who works for the city has a desk here; what
// is somebody else's is for the use cases to refuse.
func Routes(d Deps) []web.Route {
	k := &desk{d}
	get := func(pattern string, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: deskPath + pattern, Access: web.StaffOnly, Handle: h}
	}
	post := func(pattern string, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: deskPath + pattern, Access: web.StaffOnly, Handle: h}
	}
	changes := get("/perubahan", k.changes)
	changes.Stream = true
	routes := []web.Route{
		get("", k.home),
		post("/skp", k.begin),
		get("/skp/{id}", k.plan),
		post("/skp/{id}/atur", k.setUp),
		get("/skp/{id}/rhk/{rhk}", k.rhk),
		post("/skp/{id}/rhk/{rhk}", k.saveRHK),
		post("/skp/{id}/rhk/{rhk}/hapus", k.dropRHK),
		get("/skp/{id}/versi", k.versions),
		get("/skp/{id}/matriks", k.matrix),
		get("/skp/{id}/penilaian/{bulan}", k.sheet),
		get("/skp/{id}/penilaian/{bulan}/dokumen", k.sheetPaper),
		get("/skp/{id}/lampiran", k.planPaper),
		get("/skp/{id}/ekspor/{format}", k.export),
		{Method: http.MethodPost, Pattern: planPath + "/{id}/impor", Access: web.StaffOnly, Handle: k.importPlan, Upload: true, MaxBody: fileBody},
		get("/umpan-balik", k.notes),
		post("/umpan-balik", k.remark),
		get("/log", k.log),
		post("/log", k.writeLog),
		post("/log/{id}/benar", k.witness(true)),
		post("/log/{id}/tidak", k.witness(false)),
		get("/kehadiran", k.attendance),
		{Method: http.MethodPost, Pattern: attendancePath + "/impor", Access: web.StaffOnly, Handle: k.importAttendance, Upload: true, MaxBody: fileBody, Timeout: time.Minute},
		post("/kehadiran/surat", k.addLeave),
		post("/kehadiran/surat/{id}/tarik", k.withdrawLeave),
		get("/tpp", k.pay),
		post("/tpp/aturan", k.saveRule),
		{Method: http.MethodPost, Pattern: payPath + "/berkas", Access: web.StaffOnly, Handle: k.payFile, Timeout: time.Minute},
		get("/predikat", k.units),
		post("/predikat", k.setUnit),
		get("/tim", k.team),
		get("/bukti", k.ownEvidence),
		get("/bukti/{orang}", k.evidence),
		get("/bukti/{orang}/{ukuran}", k.steps),
		get("/pekerjaan-tim", k.teamWork),
		get("/terbuka", k.openList),
		get("/selesai/{meja}", k.doneList),
		get("/angka", k.figures),
		get("/angka/layanan", k.serviceList),
		get("/angka/langkah", k.unitSteps),
		changes,
		get("/pola", k.patterns),
		get("/pola/{id}", k.flag),
		get("/sampel", k.samples),
		get("/sampel/{id}", k.sample),
		post("/sampel/{id}", k.answerSample),
		get("/selisih", k.gapReport),
		get("/batas-log", k.logCaps),
		post("/batas-log", k.saveLogCaps),
		get("/gangguan", k.outages),
		post("/gangguan", k.declareOutage),
		post("/gangguan/{id}/tarik", k.withdrawOutage),
		get("/periode", k.periods),
		post("/periode", k.openYear),
		post("/periode/tutup", k.closePeriod),
		get("/kelengkapan", k.gaps),
	}
	for _, a := range sheetActs {
		routes = append(routes, post("/skp/{id}/penilaian/{bulan}/"+a.Path, k.sheetAct(a)))
	}
	for _, action := range work.FlagActions {
		routes = append(routes, post("/pola/{id}/"+string(action), k.sayFlag(action)))
	}
	for _, a := range planActs {
		routes = append(routes, post("/skp/{id}/"+a.Path, k.planAct(a)))
	}
	return routes
}
