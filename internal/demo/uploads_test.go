package demo_test

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// What a control takes.
type taken uint8

const (
	photos    taken = iota // drawn anew
	scans                  // photos and PDF
	papers                 // PDF
	documents              // of office programs and text, too
	sheets                 // XLSX and CSV
	anything               // is compared, and kept nowhere
)

// upload is a control that takes files: at which route, from whom, and what.
type upload struct {
	route, control string
	takes          taken
	most           int64 // bytes of one file; 0: as large as the body may be
	who            string
	more           []string                            // who is asked where who is not shown the form
	pages          []string                            // that may show the form
	open           func(*apptest.Client) *apptest.Page // instead of pages: what shows it is no address
	path           string                              // instead of both: scripts and machines have no form
	typed          url.Values
	good           []byte // nil: a photo that is a page, too, or a PDF where no photo is taken
	says           string // about the good file that is not kept
	served         string // SQL: where it is seen then; $1 stands for where it was sent
	reader         string // who sees it; "": who sent it
}

// hostileFilesAreRefused sends files that nobody sends in good faith through every control of the
// portal that takes any: they are refused in words, what was typed is there to be sent again, and
// nothing of them is kept. What is taken in their place proves that they got as far, under a name that
// is as bad, and has lost what was hidden in it.
func hostileFilesAreRefused(t *testing.T, s *apptest.Server) {
	t.Helper()
	w := sender{&stroll{t: t, s: s}}
	all, limits := w.uploads(), map[string]int64{}
	for _, r := range s.App.Router.Routes() {
		route := r.Method + " " + r.Pattern
		if !r.Upload {
			continue
		}
		limits[route] = r.MaxBody
		if !slices.ContainsFunc(all, func(u upload) bool { return u.route == route }) {
			t.Errorf("%s takes files, and is not in the table of this test", route)
		}
	}
	bad := badFiles()
	for _, u := range all {
		limit := limits[u.route]
		if limit == 0 {
			t.Errorf("%s takes no files", u.route)
			continue
		}
		if u.most != 0 {
			limit = u.most
		}
		w.send(u, append(slices.Clone(bad), tooLarge(u, limit)...))
	}
}

// sender is somebody with files, anywhere in the portal.
type sender struct{ *stroll }

// send sends all bad files from one form, and then the good one.
func (w sender) send(u upload, bad []badFile) {
	t, name := w.t, u.route+" ("+u.control+")"
	t.Helper()
	who, c, path, values := w.formOf(u)
	if path == "" {
		t.Errorf("%s: nobody is shown its form", name)
		return
	}
	maps.Copy(values, u.typed)
	before := w.kept()
	for _, f := range bad {
		p := c.PostFiles(path, values, apptest.File{Control: u.control, Name: f.name, Type: mime.TypeByExtension("." + f.name[strings.LastIndex(f.name, ".")+1:]), Data: f.data})
		if wrong := u.refuses(p); wrong != "" {
			t.Errorf("%s: %s, sent by %s, is answered with %d: %s", name, f.name, who, p.Status, wrong)
		}
	}
	after := w.kept()
	for what := range after {
		if after[what] != before[what] {
			t.Errorf("%s: of files that were refused %s is kept", name, what)
		}
	}

	good := u.good
	switch {
	case good != nil:
	case u.takes == papers:
		good = harmless
	default:
		good = polyglot
	}
	p := c.PostFiles(path, values, apptest.File{Control: u.control, Name: badName, Type: "text/html", Data: good})
	said := "body"
	if u.takes == anything {
		said = "main .ds-alert"
	}
	if p.Status != http.StatusOK || !strings.Contains(p.Text(said), u.says) {
		t.Errorf("%s: a good file, sent by %s, is answered with %d: %s", name, who, p.Status, sentence(p))
		return
	}
	if p.Has("#nama-jahat") || strings.ContainsAny(p.Body, "\u202e\x00") || len(p.Header.Values("Set-Cookie")) > 1 {
		t.Errorf("%s: the page afterwards shows the name of the file as it is", name)
	}
	grown := false
	for what, n := range w.kept() {
		if n == after[what] {
			continue
		}
		grown = true
		if key, ok := strings.CutPrefix(what, "blob "); ok {
			w.clean(name, key)
		}
	}
	if !grown && u.says == "" {
		t.Errorf("%s: nothing is kept of a good file: %s", name, p.Text("main"))
	}
	if u.served == "" {
		return
	}
	if u.reader != "" {
		c = w.as(u.reader)
	}
	at, err := pg.Scalars[string](t.Context(), w.s.Pool, strings.ReplaceAll(u.served, "$1", "'"+path+"'"))
	if err != nil || len(at) == 0 {
		t.Errorf("%s: the good file is nowhere to be seen: %v", name, err)
		return
	}
	w.seen(name, c.Get(at[0]))
}

// formOf is who is shown the form of an upload, and what it holds.
func (w sender) formOf(u upload) (who string, c *apptest.Client, path string, values url.Values) {
	if u.path != "" {
		return u.who, w.as(u.who), u.path, url.Values{}
	}
	for _, who := range append([]string{u.who}, u.more...) {
		c := w.as(who)
		if u.open != nil {
			path, f := u.form(u.open(c))
			return who, c, path, apptest.Shown(f)
		}
		for _, page := range u.pages {
			if path, f := u.form(c.Get(page)); f != nil {
				return who, c, path, apptest.Shown(f)
			}
		}
	}
	return "", nil, "", nil
}

// form is that of a page that sends to the route of an upload and has its control.
func (u upload) form(p *apptest.Page) (path string, form *goquery.Selection) {
	_, pattern, _ := strings.Cut(u.route, " ")
	route := regexp.MustCompile("^" + parameter.ReplaceAllString(pattern, "[^/]+") + "$")
	if p.Doc == nil {
		return "", nil
	}
	p.Doc.Find(`form[method="post"][enctype="multipart/form-data"]`).EachWithBreak(func(_ int, f *goquery.Selection) bool {
		to, err := p.URL.Parse(f.AttrOr("action", ""))
		if err != nil || !route.MatchString(to.Path) || f.Find(`input[type="file"][name="`+u.control+`"]`).Length() == 0 {
			return true
		}
		path, form = to.RequestURI(), f
		return false
	})
	return path, form
}

// refuses tells what is wrong with the answer to a bad file.
func (u upload) refuses(p *apptest.Page) string {
	if u.takes == anything { // what it is, is the answer
		if p.Status != http.StatusOK && p.Status != http.StatusUnprocessableEntity || !p.Has("main .ds-alert") || strings.Contains(p.Text("main .ds-alert"), u.says) {
			return "it is taken for another file"
		}
		return ""
	}
	if p.Status < 400 || p.Status > 499 {
		return "it is not refused: " + sentence(p)
	}
	if len(sentence(p)) < len("Berkas ini kosong.") {
		return "nothing is said"
	}
	if u.path != "" || len(u.typed) == 0 {
		return ""
	}
	_, form := u.form(p)
	switch {
	case form == nil && p.Status == http.StatusRequestEntityTooLarge && u.takes == sheets: // nothing else is typed there
		return ""
	case form == nil:
		return "the form is gone: " + sentence(p)
	}
	for name, typed := range u.typed {
		e := form.Find(fmt.Sprintf(`input[name=%q]:not([type="hidden"], [type="password"], [type="checkbox"], [type="radio"]), textarea[name=%q], select[name=%q]`, name, name, name))
		if e.Length() > 0 && apptest.Shown(form).Get(name) != typed[0] {
			return "what was typed as " + name + " is lost"
		}
	}
	return ""
}

// sentence is what an answer says is wrong; "": a page that says nothing.
func sentence(p *apptest.Page) string {
	if p.Doc == nil {
		return p.Body
	}
	places := []string{".ds-error-summary li", `.ds-alert[role="alert"]`, "main .ds-alert"}
	if !p.Has("main form[enctype]") { // else that is about the form
		places = append(places, "main h1 ~ p")
	}
	for _, where := range places {
		if text := p.Text(where); text != "" {
			return text
		}
	}
	return ""
}

// kept is what there is of files: how many rows of each table, and each blob.
func (w sender) kept() map[string]int {
	t := w.t
	t.Helper()
	// A draft of a report begins with whatever is sent first, and goes by itself.
	tables, err := pg.Scalars[string](t.Context(), w.s.Pool, `SELECT format('SELECT ''%1$s'' AS t, count(*)::int AS n FROM %1$I', table_name) FROM information_schema.tables
		WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name ~ '^(mtr|eoffice|epemerintahan|kuciniki|org|portal)_' AND table_name <> 'mtr_draft'`)
	if err != nil {
		t.Fatal(err)
	}
	out, err := pg.Map[string, int](t.Context(), w.s.DB.Owner(), strings.Join(tables, " UNION ALL "))
	if err != nil {
		t.Fatal(err)
	}
	err = w.s.App.Blobs.List(t.Context(), func(key string, _ blob.Info) error {
		out["blob "+key] = 1
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var plainKey = regexp.MustCompile(`^[a-z0-9/-]+/[A-Za-z0-9_-]{10,}[a-z0-9./-]*$`)

// clean wants nothing of the sender's but the picture in what is stored.
func (w sender) clean(name, key string) {
	t := w.t
	t.Helper()
	if !plainKey.MatchString(key) || strings.Contains(key, "passwd") || strings.HasSuffix(key, ".exe") {
		t.Errorf("%s: the file is kept as %s", name, key)
	}
	r, _, err := w.s.App.Blobs.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(data, []byte("alert(1)")) {
		t.Errorf("%s: the page in the picture is kept in %s", name, key)
	}
}

// seen wants a file to be handed out so that nothing of it can act.
func (w sender) seen(name string, p *apptest.Page) {
	w.t.Helper()
	h := p.Header
	how, params, err := mime.ParseMediaType(h.Get("Content-Disposition"))
	switch file := params["filename"]; {
	case p.Status != http.StatusOK:
		w.t.Errorf("%s: what was sent is answered at %s with %d", name, p.URL.Path, p.Status)
	case strings.Contains(p.Body, "alert(1)"):
		w.t.Errorf("%s: the page in the picture is served at %s", name, p.URL.Path)
	case h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'"):
		w.t.Errorf("%s: %s comes with %v", name, p.URL.Path, h)
	case h.Get("Content-Type") != "image/jpeg" && h.Get("Content-Type") != "application/pdf":
		w.t.Errorf("%s: %s is of type %s", name, p.URL.Path, h.Get("Content-Type"))
	case err != nil || how != "inline" && how != "attachment" || len(file) > 200 || strings.ContainsAny(file, "/\\\x00\r\n\u202e") || !strings.HasSuffix(file, ".jpg") && !strings.HasSuffix(file, ".pdf"):
		w.t.Errorf("%s: %s is called %q", name, p.URL.Path, h.Get("Content-Disposition"))
	}
}
