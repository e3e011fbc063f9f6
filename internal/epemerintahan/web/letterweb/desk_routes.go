package letterweb

import (
	"net/http"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// scanBody holds a scan with room for the other fields.
const scanBody = 10<<20 + 1<<20

// deskRoutes are the pages on which letters are made, signed and found again.
func deskRoutes(k *desk) []web.Route {
	staff, counter := web.Needs(letter.PermView), web.Needs(letter.PermCheck)
	identity := web.Needs(letter.PermIdentity)
	signers := web.Needs(letter.PermSign, letter.PermSignFor)
	get := func(pattern string, access web.Access, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: deskPath + pattern, Access: access, Handle: h}
	}
	post := func(pattern string, access web.Access, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: deskPath + pattern, Access: access, Handle: h}
	}
	changes := get("/perubahan", staff, k.changes)
	changes.Stream = true
	export := post("/register/unduh", web.Needs(letter.PermExport), k.export)
	export.Stream = true
	signAll := post("/tanda-tangan", signers, k.signAll)
	signAll.Timeout = 5 * time.Minute // fifty letters, and BSrE takes seconds for each
	scan := post("/{id}/pindai", counter, k.attachScan)
	scan.Upload, scan.MaxBody = true, scanBody
	routes := []web.Route{
		get("", staff, k.queue),
		changes,
		get("/baru", counter, k.newLetter),
		post("/baru", counter, k.enter),
		get("/tanda-tangan", signers, k.signList),
		signAll,
		get("/tanda-tangan/{id}", signers, k.signRead),
		post("/tanda-tangan/{id}", signers, k.signHaveRead),
		get("/register", staff, k.register),
		post("/register", staff, k.registerSearch),
		export,
		get("/register/nomor", staff, k.numbers),
		get("/identitas", identity, k.claims),
		post("/identitas", identity, k.claimCode),
		get("/identitas/{id}", identity, k.claim),
		get("/identitas/{id}/foto", identity, k.claimPhoto),
		post("/identitas/{id}/sah", identity, k.confirmClaim),
		post("/identitas/{id}/tolak", identity, k.refuseClaim),
		post("/identitas/{id}/cabut", identity, k.revokeClaim),
		get("/{id}", staff, k.letter),
		post("/{id}/nik", staff, k.reveal),
		get("/{id}/ubah", counter, k.editForm),
		post("/{id}/ubah", counter, k.edit),
		scan,
		post("/{id}/terbit-ulang", staff, k.reissue),
		get("/{id}/berkas/{which}", staff, k.file),
		get("/{id}/pindaian/{ref}", staff, k.scan),
	}
	for _, a := range deskActs {
		if a.Do != nil {
			route := post("/{id}/"+a.Path, staff, k.act(a))
			if a.Action == letter.ActSign {
				route.Timeout = time.Minute
			}
			routes = append(routes, route)
		}
	}
	return routes
}
