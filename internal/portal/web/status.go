package portalweb

import (
	"context"
	"net/http"

	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/internal/portal"
)

// StatusRoutes returns the page that says how the portal is. It works without the database.
func StatusRoutes(look func(context.Context) portal.Status) []web.Route {
	return []web.Route{{Method: http.MethodGet, Pattern: "/status", Access: web.Public, Same: true, Handle: func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Cache-Control", "no-store")
		return web.Render(w, r, http.StatusOK, statusPage(look(r.Context())))
	}}}
}
