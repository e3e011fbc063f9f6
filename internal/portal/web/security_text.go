package portalweb

import (
	"fmt"
	"net/http"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// SecurityText is where weaknesses of the portal are reported.
type SecurityText struct {
	Contact string // a URI; "" when the city has named none
	BaseURL string
	Clock   clock.Clock
}

// Routes returns the file that RFC 9116 describes; without a contact there is none.
func (s SecurityText) Routes() []web.Route {
	return []web.Route{{Method: http.MethodGet, Pattern: "/.well-known/security.txt", Access: web.Public, Handle: s.serve, Machine: true}}
}

// stale is when a copy of the file should be fetched anew; RFC 9116, 2.5.5, advises less
// than a year.
const stale = 180 * 24 * time.Hour

func (s SecurityText) serve(w http.ResponseWriter, _ *http.Request) error {
	if s.Contact == "" {
		return errs.New(errs.NotFound, "")
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := fmt.Fprintf(w, "Contact: %s\nExpires: %s\nPreferred-Languages: id, en\nCanonical: %s/.well-known/security.txt\n",
		s.Contact, s.Clock.Now().Add(stale).UTC().Format(time.RFC3339), s.BaseURL)
	return err
}
