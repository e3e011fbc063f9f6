package portalweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// OfflinePath is what the service worker shows for pages that it does not keep.
const OfflinePath = "/luring"

// worker serves the service worker, which shows pages without network. It stands at the root
// because a worker rules what is below it. No code: not built, not there.
func worker(code []byte) web.Handler {
	return func(w http.ResponseWriter, _ *http.Request) error {
		if code == nil {
			return errs.New(errs.NotFound, "")
		}
		h := w.Header()
		h.Set("Content-Type", "text/javascript; charset=utf-8")
		h.Set("Cache-Control", "no-cache")
		_, _ = w.Write(code) // the browser may be gone
		return nil
	}
}
