package web

import (
	"io"
	"mime"
	"net/http"
	"net/url"
	"sort"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/session"
)

const resumePath = "/lanjutkan"

// toSignIn sends a visitor to /masuk and back afterwards. What a form sent is
// kept sealed for 15 minutes and offered again after signing in; files are
// not kept.
func toSignIn(w http.ResponseWriter, r *http.Request) error {
	back := r.URL.RequestURI()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		back = "/"
		kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if kind == "application/x-www-form-urlencoded" {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return errs.Wrap(errs.TooLarge, err, "")
			}
			if session.KeepForm(r.Context(), r.URL.RequestURI(), kind, body) {
				back = resumePath
			}
		}
	}
	return Redirect(w, r, "/masuk?lanjut="+url.QueryEscape(back))
}

func resumeRoutes() []Route {
	return []Route{{Method: http.MethodGet, Pattern: resumePath, Access: SignedIn, Handle: resume}}
}

// resume shows that the form is still there and lets its sender send it
// again, knowingly.
func resume(w http.ResponseWriter, r *http.Request) error {
	kept, ok := session.KeptForm(r.Context())
	if !ok {
		return Redirect(w, r, "/akun")
	}
	values, err := url.ParseQuery(string(kept.Body))
	if err != nil {
		return Redirect(w, r, "/akun")
	}
	session.DropForm(r.Context())
	var fields []hidden
	for name, vs := range values {
		for _, v := range vs {
			fields = append(fields, hidden{name, v})
		}
	}
	sort.SliceStable(fields, func(i, j int) bool { return fields[i].Name < fields[j].Name })
	return Render(w, r, http.StatusOK, resumePage(Local(kept.Path), fields))
}

type hidden struct{ Name, Value string }
