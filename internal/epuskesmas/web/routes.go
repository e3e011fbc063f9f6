package epuskesmasweb

import (
	"net/http"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Routes of the patients' pages.
func Routes(d Deps) []web.Route {
	h := &pages{Deps: d}
	return []web.Route{
		same("/puskesmas", h.sites),
		get("/puskesmas/antrean-saya", web.SignedIn, h.own),
		same("/puskesmas/{puskesmas}", h.site),
		get("/puskesmas/{puskesmas}/daftar", web.Public, h.who),
		post("/puskesmas/{puskesmas}/daftar", web.Public, h.saveWho),
		post("/puskesmas/{puskesmas}/kode", web.Public, h.code),
		post("/puskesmas/{puskesmas}/kirim", web.Public, h.send),

		get("/antrean/{token}", web.Secret, h.ticket),
		{Method: http.MethodGet, Pattern: "/antrean/{token}/perubahan", Access: web.Secret, Handle: h.changes, Stream: true},
		get("/antrean/{token}/kalender.ics", web.Secret, h.calendar),
		get("/antrean/{token}/ganti", web.Secret, h.others),
		post("/antrean/{token}/ganti", web.Secret, h.reschedule),
		post("/antrean/{token}/hadir", web.Secret, h.checkIn),
		post("/antrean/{token}/batal", web.Secret, h.cancel),
	}
}

func get(pattern string, access web.Access, h web.Handler) web.Route {
	return web.Route{Method: http.MethodGet, Pattern: pattern, Access: access, Handle: h}
}

// same is a page for everybody.
func same(pattern string, h web.Handler) web.Route {
	return web.Route{Method: http.MethodGet, Pattern: pattern, Access: web.Public, Handle: h, Same: true}
}

func post(pattern string, access web.Access, h web.Handler) web.Route {
	return web.Route{Method: http.MethodPost, Pattern: pattern, Access: access, Handle: h}
}

// pages answers the patients' routes.
type pages struct {
	Deps
	codes pictures
}

func (h *pages) now() time.Time { return h.Clock.Now() }
