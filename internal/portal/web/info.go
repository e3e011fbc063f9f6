package portalweb

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"makassartidakrantasa.com/portal/internal/platform/web"
)

// info serves a page that depends on nothing.
func info(page func() templ.Component) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return web.Render(w, r, http.StatusOK, page())
	}
}

// tileHost is whom browsers ask for the pictures of maps; "" where that is the portal itself.
func tileHost(tileURL string) string {
	_, rest, elsewhere := strings.Cut(tileURL, "://")
	if !elsewhere {
		return ""
	}
	host, _, _ := strings.Cut(rest, "/")
	return strings.TrimPrefix(host, "{s}.")
}
