package portalweb

import (
	"net/http"

	"github.com/a-h/templ"

	"makassartidakrantasa.com/portal/internal/platform/web"
)

// info serves a page that depends on nothing.
func info(page func() templ.Component) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		return web.Render(w, r, http.StatusOK, page())
	}
}
