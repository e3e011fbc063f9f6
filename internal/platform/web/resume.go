package web

import (
	"errors"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"sort"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/session"
)

const resumePath = "/lanjutkan"

// toSignIn sends a visitor to /masuk and back afterwards. What a form sent is
// kept sealed for 15 minutes and offered again after signing in. Files are not
// kept: the page says so, and the form's own page asks for them again.
func toSignIn(w http.ResponseWriter, r *http.Request) error {
	back := r.URL.RequestURI()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		back = "/"
		values, err := answersOf(r)
		if err != nil {
			return err
		}
		if values != nil && session.KeepForm(r.Context(), r.URL.RequestURI(), formType, []byte(values.Encode())) {
			back = resumePath
		}
	}
	return Redirect(w, r, "/masuk?lanjut="+url.QueryEscape(back))
}

const (
	formType = "application/x-www-form-urlencoded"
	// filesKey marks a kept form that came with files.
	filesKey = "_berkas"
)

// answersOf reads what a form sent, nil for anything but a form.
func answersOf(r *http.Request) (url.Values, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var err error
	switch kind {
	case formType:
		err = r.ParseForm()
	case "multipart/form-data":
		err = r.ParseMultipartForm(1 << 20)
	default:
		return nil, nil
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, errs.Wrap(errs.TooLarge, err, "")
	}
	if err != nil {
		return nil, errs.Wrap(errs.BadRequest, err, "")
	}
	values := maps.Clone(r.PostForm)
	if m := r.MultipartForm; m != nil && len(m.File) > 0 {
		values.Set(filesKey, "1")
	}
	return values, nil
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
	files := values.Has(filesKey)
	values.Del(filesKey)
	fields := []hidden{} // the page can be opened again until the form lapses
	for name, vs := range values {
		for _, v := range vs {
			fields = append(fields, hidden{name, v})
		}
	}
	sort.SliceStable(fields, func(i, j int) bool { return fields[i].Name < fields[j].Name })
	return Render(w, r, http.StatusOK, resumePage(Local(kept.Path), fields, files))
}

type hidden struct{ Name, Value string }
