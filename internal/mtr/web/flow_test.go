package mtrweb_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
)

// Lapangan Karebosi, in the middle of the city.
const lat, lng = -5.1357, 119.4131

// flow walks through the report form like a browser without scripts.
type flow struct {
	t testing.TB
	*apptest.Page
}

func begin(t testing.TB, c *apptest.Client) *flow {
	t.Helper()
	return &flow{t, c.Get("/mtr/lapor").Want(http.StatusOK)}
}

// form sends the form that posts to this page's own step.
func (f *flow) form(values url.Values, files ...apptest.File) *flow {
	f.t.Helper()
	return &flow{f.t, f.Page.Submit(`main form[method=post][action="`+f.URL.Path+`"]:not(#dari-foto)`, values, files...)}
}

// at fails unless the walk has come to a step, the last part of its address.
func (f *flow) at(step string) *flow {
	f.t.Helper()
	if f.Status != http.StatusOK || !strings.HasSuffix(f.URL.Path, "/"+step) {
		f.t.Fatalf("at %s (%d), want the step %s\n%s", f.URL.Path, f.Status, step, f.Text("main"))
	}
	return f
}

// refused fails unless the form came back with a sentence beside the control
// and the same one, linked to it, in the summary.
func (f *flow) refused(control, sentence string) *flow {
	f.t.Helper()
	f.Want(http.StatusUnprocessableEntity)
	if got := f.Text("#" + control + "-error"); !strings.Contains(got, sentence) {
		f.t.Fatalf("%s: beside %s stands %q, want %q\n%s", f.URL.Path, control, got, sentence, f.Text("main"))
	}
	link := f.Doc.Find(`#ringkasan-galat a[href="#` + control + `"]`)
	if !strings.Contains(link.Text(), sentence) {
		f.t.Fatalf("%s: the summary says %q, want %q", f.URL.Path, link.Text(), sentence)
	}
	if f.Doc.Find("#"+control).Length() != 1 {
		f.t.Fatalf("%s: the summary leads to #%s, which is not on the page", f.URL.Path, control)
	}
	return f
}

// choice is the value of the radio or option whose words begin with label.
func (f *flow) choice(name, label string) string {
	f.t.Helper()
	value := ""
	f.Doc.Find(`input[name="` + name + `"]`).Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if strings.HasPrefix(strings.TrimSpace(f.Doc.Find(`label[for="`+id+`"]`).Text()), label) {
			value = s.AttrOr("value", "")
		}
	})
	f.Doc.Find(`select[name="` + name + `"] option`).Each(func(_ int, s *goquery.Selection) {
		if value == "" && strings.HasPrefix(strings.TrimSpace(s.Text()), label) {
			value = s.AttrOr("value", "")
		}
	})
	if value == "" {
		f.t.Fatalf("%s offers no %s %q", f.URL.Path, name, label)
	}
	return value
}

func jpeg(name string, opts ...mediatest.Option) apptest.File {
	return apptest.File{Control: "foto", Name: name, Type: "image/jpeg", Data: mediatest.JPEG(320, 240, opts...)}
}

func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

// toCategory walks to the category step by kelurahan and landmark, without a
// photo or a map.
func (f *flow) toCategory() *flow {
	f.t.Helper()
	f = f.form(values("@tombol", "tanpa_foto=1")).at("tempat")
	return f.form(values("kelurahan", f.choice("kelurahan", "Karuwisi"), "patokan", "Jl. Urip Sumoharjo, depan masjid")).at("kategori")
}

// toCheck walks on to the last step with a category without questions.
func (f *flow) toCheck() *flow {
	f.t.Helper()
	f = f.toCategory()
	f = f.form(values("kategori", f.choice("kategori", "Taman dan fasilitas umum"))).at("uraian")
	f = f.form(values("judul", "Bangku taman patah", "uraian", "Dua bangku di taman patah dan berpaku.")).at("pelapor")
	return f.form(values("nama", "Daeng Sitti")).at("periksa")
}
