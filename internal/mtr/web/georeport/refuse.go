package georeport

import (
	"net/http"
	"strconv"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// refuse answers an error as the specification says: 404 for what does not exist, 403 for
// a key that is missing or wrong, 400 for everything else that the caller did; the status
// is also the code of each error. Beyond it: 429 with Retry-After, and 5xx for our faults.
func refuse(w http.ResponseWriter, r *http.Request, err error) {
	status := http.StatusBadRequest
	switch errs.KindOf(err) {
	case errs.NotFound:
		status = http.StatusNotFound
	case errs.Forbidden, errs.Unauthenticated:
		status = http.StatusForbidden
	case errs.TooMany:
		status = http.StatusTooManyRequests
	case errs.Unavailable:
		status = http.StatusServiceUnavailable
	case errs.Internal:
		status = http.StatusInternalServerError
	}
	web.SetRetryAfter(w, err)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Del("Link")
	out := list{name: "errors"}
	add := func(description string) {
		out.items = append(out.items, element{"error", []field{{"code", strconv.Itoa(status)}, {"description", plain(description)}}})
	}
	for _, f := range errs.FieldsOf(err) {
		add(f.Message)
	}
	if len(out.items) == 0 {
		add(errs.MessageOf(err))
	}
	_ = write(w, r, status, out) // writes into a buffer first and then to whoever still listens
}

// nowhere answers paths that the interface does not have.
func (s *server) nowhere(http.ResponseWriter, *http.Request) error {
	return errs.New(errs.NotFound, "Alamat ini tidak ada di Open311. Daftar alamat: "+s.BaseURL+"/open311")
}

func bad(message string) error { return errs.New(errs.BadRequest, message) }
