package mtrweb_test

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
)

// reported sends a report of a category without questions and forwards it.
func (d *office) reported(c *apptest.Client, category, title, point string, forward bool) sent {
	d.t.Helper()
	f := begin(d.t, c).form(values("@tombol", "tanpa_foto=1")).at("tempat")
	lat, lng, _ := strings.Cut(point, ",")
	f = f.form(values("lat", lat, "lng", lng, "sumber", "pin")).at("tempat")
	f = f.form(values()).at("kategori")
	f = f.form(values("kategori", f.choice("kategori", category))).at("uraian")
	r := f.form(values("judul", title, "uraian", title+", mohon ditangani.")).form(values()).send()
	if forward {
		d.forward(r.number)
	}
	return r
}

func TestPublicListMapAndFeed(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	d := newOffice(t, s)
	c := s.Client(t)
	const karebosi, tamalanrea = "-5.1357,119.4131", "-5.1300,119.4900"
	bench := d.reported(c, "Taman dan fasilitas umum", "Bangku taman patah", karebosi, true)
	sign := d.reported(c, "Lampu lalu lintas", "Rambu berhenti roboh", karebosi, true)
	fresh := d.reported(c, "Taman dan fasilitas umum", "Ayunan putus rantainya", tamalanrea, false)
	shown := func(path string) (numbers []string) {
		t.Helper()
		p := c.Get(path).Want(http.StatusOK)
		for _, a := range p.Doc.Find(".media-list a").EachIter() {
			href := a.AttrOr("href", "")
			numbers = append(numbers, href[strings.LastIndex(href, "/")+1:])
		}
		return numbers
	}
	list := c.Get("/mtr").Want(http.StatusOK)
	option := func(p *apptest.Page, name, label string) string { return (&flow{t, p}).choice(name, label) }
	for path, want := range map[string][]sent{
		"/mtr":                     {fresh, sign, bench},
		"/mtr?kategori=TAMAN":      {fresh, bench},
		"/mtr?kategori=TIDAK_ADA":  {},
		"/mtr?status=proses":       {sign, bench},
		"/mtr?cari=bangku":         {bench},
		"/mtr?cari=banku":          {bench}, // misspelt
		"/mtr?cari=rambu+roboh":    {sign},
		"/mtr?cari=ayunan":         {}, // its words are not public yet
		"/mtr?cari=" + sign.number: {sign},
		"/mtr?unit=" + option(list, "unit", "Dinas Perhubungan"):                      {sign, bench},
		"/mtr?kecamatan=" + option(list, "kecamatan", "Ujung Pandang"):                {sign, bench},
		"/mtr?kategori=TAMAN&kecamatan=" + option(list, "kecamatan", "Ujung Pandang"): {bench},
		"/mtr?jumlah=2": {fresh, sign},
	} {
		got := shown(path)
		var numbers []string
		for _, r := range want {
			numbers = append(numbers, r.number)
		}
		if strings.Join(got, " ") != strings.Join(numbers, " ") {
			t.Errorf("%s shows %v, want %v", path, got, numbers)
		}
	}
	// Paging keeps the filters, both ways.
	second := c.Get("/mtr?status=proses&jumlah=1").Doc.Find("a[rel=next]").AttrOr("href", "")
	p := c.Get(second).Want(http.StatusOK)
	if got := shown(second); len(got) != 1 || got[0] != bench.number || !strings.Contains(p.Doc.Find("a[rel=prev]").AttrOr("href", ""), "status=proses") {
		t.Errorf("the second page, %s, shows %v", second, got)
	}
	for _, bad := range []string{"?sebelum=-1", "?sebelum=x", "?sebelum=99999999999999999999", "?sebelum=1&sesudah=1", "?jumlah=101", "?jumlah=0", "?status=aneh", "?kecamatan=x", "?cari=%00", "?cari=%ff"} {
		if p := c.Get("/mtr" + bad); p.Status != http.StatusBadRequest || p.Text("main") == "" {
			t.Errorf("/mtr%s gets %d", bad, p.Status)
		}
	}
	if p := c.Get("/mtr?cari=zebra").Want(http.StatusOK); !strings.Contains(p.Text("main"), "Tidak ada laporan yang cocok") {
		t.Errorf("an empty search says %q", p.Text("main"))
	}

	// The feed has the same reports, and no words that are not public.
	feed := c.Get("/mtr/rss.xml?kategori=TAMAN").Want(http.StatusOK)
	var rss struct {
		Items []struct {
			Title string `xml:"title"`
			Link  string `xml:"link"`
		} `xml:"channel>item"`
	}
	if err := xml.Unmarshal([]byte(feed.Body), &rss); err != nil {
		t.Fatal(err)
	}
	if len(rss.Items) != 2 || rss.Items[0].Title != "Taman dan fasilitas umum" || rss.Items[1].Title != "Bangku taman patah" || rss.Items[1].Link != s.URL+"/mtr/laporan/"+bench.number {
		t.Errorf("the feed holds %+v", rss.Items)
	}

	// The map shows them as dots, several close together as one with their number.
	type collection struct {
		Type     string
		Features []struct {
			Geometry   struct{ Coordinates []float64 }
			Properties struct {
				Title, Href, Tone string
				Count             int
			}
		}
		Total int
	}
	at := func(query string) (m collection) {
		t.Helper()
		p := c.Get("/mtr/peta.json?" + query).Want(http.StatusOK)
		if got := p.Header.Get("Content-Type"); got != "application/geo+json" {
			t.Errorf("the map's data are %q", got)
		}
		if err := json.Unmarshal([]byte(p.Body), &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	const street = "bbox=119.48,-5.14,119.50,-5.12&zoom=17"
	if m := at(street); m.Total != 0 {
		t.Errorf("a point is on the map before anybody looked at the report: %+v", m)
	}
	d.forward(fresh.number)
	city := at("bbox=119.3,-5.3,119.6,-5.0&zoom=12")
	counts := map[int]int{}
	for _, f := range city.Features {
		counts[max(1, f.Properties.Count)]++
	}
	if city.Type != "FeatureCollection" || city.Total != 3 || counts[2] != 1 || counts[1] != 1 {
		t.Errorf("the map of the city shows %+v", city)
	}
	one := at(street)
	if len(one.Features) != 1 || one.Features[0].Properties.Title != "Ayunan putus rantainya" || one.Features[0].Properties.Href != "/mtr/laporan/"+fresh.number {
		t.Errorf("the map of a street shows %+v", one)
	}
	if m := at("bbox=119.3,-5.3,119.6,-5.0&zoom=12&kategori=LALIN"); m.Total != 1 {
		t.Errorf("a filtered map counts %d", m.Total)
	}
	for _, bad := range []string{"", "bbox=1,2,3&zoom=3", "bbox=119.6,-5,119.3,-5.3&zoom=3", "bbox=NaN,0,1,1&zoom=3", "bbox=119,-6,120,-5&zoom=99", "bbox=119,-6,120,-5"} {
		if p := c.Get("/mtr/peta.json?" + bad); p.Status != http.StatusBadRequest {
			t.Errorf("the map at %q gets %d", bad, p.Status)
		}
	}
	// The same in words, for those without a map.
	words := c.Get("/mtr/peta").Want(http.StatusOK)
	if !strings.Contains(words.Text(".area-list"), "2 laporan, 2 belum selesai") {
		t.Errorf("the map in words: %s", words.Text(".area-list"))
	}
	if got := shown(words.Doc.Find(".area-list a").First().AttrOr("href", "")); len(got) == 0 {
		t.Error("a kelurahan of the map leads to an empty list")
	}
}

func TestAnonymousReportKeepsItsSecretsInPublic(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	d := newOffice(t, s)
	c := s.Client(t)
	f := begin(t, c).form(values("@tombol", "tanpa_foto=1")).at("tempat")
	f = f.form(values("lat", "-5.135712", "lng", "119.413134", "sumber", "pin")).form(values("patokan", "Rumah nomor 17")).at("kategori")
	f = f.form(values("kategori", f.choice("kategori", "Taman dan fasilitas umum"))).form(values("judul", "Bangku taman patah", "uraian", "Bangku patah dan berpaku.")).at("pelapor")
	r := f.form(values("anonim", "1", "nama", "Daeng Rahasia", "email", "rahasia@portal.example")).send()
	d.forward(r.number)
	p := c.Get("/mtr/laporan/" + r.number).Want(http.StatusOK)
	for _, secret := range []string{"Daeng Rahasia", "rahasia@portal.example", "nomor 17", "5.135712", "119.413134", r.code} {
		if strings.Contains(p.Body, secret) {
			t.Errorf("the public page tells %q", secret)
		}
	}
	if !strings.Contains(p.Text("main"), "Titik di peta sengaja dibuat kasar") {
		t.Error("it is not said that the point is rounded")
	}
	if data := c.Get("/mtr/peta.json?bbox=119.3,-5.3,119.6,-5.0&zoom=19").Body; strings.Contains(data, "5.135712") || !strings.Contains(data, r.number) {
		t.Errorf("the map tells %s", data)
	}
	if own := c.Get(r.own).Want(http.StatusOK).Text("main"); !strings.Contains(own, "Nama Anda disembunyikan (anonim)") {
		t.Errorf("the reporter is not told: %s", own)
	}
}
