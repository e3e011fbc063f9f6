package letterweb

import (
	"net/http"
	"strings"

	"makassartidakrantasa.com/portal/internal/platform/web"
)

const citizenPath = "/surat"

// join makes an address of path segments that are safe as they are: refs, codes and
// numbers.
func join(parts ...string) string { return strings.Join(parts, "/") }

// citizenRoutes are the pages of those who ask for letters, and of the heads of RT and RW.
func citizenRoutes(h *pages) []web.Route {
	route := func(method, pattern string, access web.Access, handle web.Handler) web.Route {
		return web.Route{Method: method, Pattern: citizenPath + pattern, Access: access, Handle: handle}
	}
	get := func(pattern string, access web.Access, handle web.Handler) web.Route {
		return route(http.MethodGet, pattern, access, handle)
	}
	post := func(pattern string, access web.Access, handle web.Handler) web.Route {
		return route(http.MethodPost, pattern, access, handle)
	}
	upload := func(pattern string, access web.Access, handle web.Handler) web.Route {
		r := post(pattern, access, handle)
		r.Upload, r.MaxBody = true, scanBody
		return r
	}
	same := func(pattern string, handle web.Handler) web.Route {
		r := get(pattern, web.Public, handle)
		r.Same = true
		return r
	}
	changes := get("/{nomor}/perubahan", web.SignedIn, h.letterChanges)
	changes.Stream = true
	return []web.Route{
		same("", h.catalogue),
		same("/jenis/{kode}", h.kindPage),
		same("/lacak/{nomor}", h.tracked),
		get("/saya", web.SignedIn, h.myLetters),

		get("/ajukan/{kode}", web.SignedIn, h.whoStep),
		post("/ajukan/{kode}", web.SignedIn, h.startDraft),
		get("/draf/{ref}", web.SignedIn, h.resumeDraft),
		get("/draf/{ref}/isian/{bagian}", web.SignedIn, h.questionsStep),
		post("/draf/{ref}/isian/{bagian}", web.SignedIn, h.saveQuestions),
		get("/draf/{ref}/berkas", web.SignedIn, h.papersStep),
		get("/draf/{ref}/berkas/{urut}", web.SignedIn, h.draftPaper),
		upload("/draf/{ref}/berkas/{urut}", web.SignedIn, h.addDraftScan),
		post("/draf/{ref}/pindaian/{pindaian}/hapus", web.SignedIn, h.removeDraftScan),
		get("/draf/{ref}/periksa", web.SignedIn, h.checkStep),
		post("/draf/{ref}/kirim", web.SignedIn, h.sendDraft),
		post("/draf/{ref}/hapus", web.SignedIn, h.discardDraft),
		get("/pindaian/{pindaian}", web.SignedIn, h.ownScan),

		get("/identitas", web.SignedIn, h.identityPage),
		upload("/identitas", web.SignedIn, h.claimIdentity),
		post("/identitas/kode", web.SignedIn, h.identityCode),
		post("/identitas/batal", web.SignedIn, h.withdrawIdentity),
		get("/data-saya", web.SignedIn, h.readersPage),

		get("/rt/{token}", web.Secret, h.neighbourPage),
		post("/rt/{token}", web.Secret, h.neighbourAnswer),

		get("/{nomor}", web.SignedIn, h.myLetter),
		changes,
		get("/{nomor}/unduh", web.SignedIn, h.downloadMine),
		get("/{nomor}/perbaiki", web.SignedIn, h.mendForm),
		post("/{nomor}/perbaiki", web.SignedIn, h.mend),
		get("/{nomor}/berkas/{urut}", web.SignedIn, h.returnedPaper),
		upload("/{nomor}/berkas/{urut}", web.SignedIn, h.addReturnedScan),
		post("/{nomor}/pindaian/{pindaian}/hapus", web.SignedIn, h.removeReturnedScan),
		post("/{nomor}/batal", web.SignedIn, h.cancelMine),
	}
}
