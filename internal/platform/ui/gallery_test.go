package ui_test

import (
	"bytes"
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/ui"
)

var update = flag.Bool("update", false, "write the golden files anew")

var now = time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)

// with gives a component its children.
func with(c templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return c.Render(templ.WithChildren(ctx, templ.Join(children...)), w)
	})
}

// gallery is every component at least once, in the states that matter.
func gallery() templ.Component {
	problems := []errs.Field{{Name: "judul", Message: "Tulis judul laporan."}, {Name: "kelas", Message: "Pilih kelas laporan."}, {Message: "Nomor sudah dipakai."}}
	rows := []ui.SummaryRow{
		{Key: "Judul", Value: "Lampu jalan mati", ChangeHref: "/ubah/judul"},
		{Key: "Foto", Body: ui.Tag("neutral", "2 foto"), ChangeHref: "/ubah/foto"},
	}
	return templ.Join(
		ui.Breadcrumbs([]ui.Link{{Label: "Beranda", Href: "/"}, {Label: "Galeri"}}),
		ui.BackLink("/kembali"),
		ui.Steps(2, 5, "Kemajuan laporan"),
		ui.ErrorSummary(problems),
		ui.Heading("Galeri", "Semua komponen di satu halaman."),
		ui.Bar("Antrean"),
		with(ui.Alert("success", "Laporan terkirim"), ui.Tag("success", "Selesai")),
		with(ui.Alert("danger", ""), ui.Tag("danger", "Terlambat")),
		with(ui.Note(), ui.Exact(now)),
		ui.Field(ui.Control{Name: "judul", Label: "Judul", Hint: "Singkat saja.", Value: `"Lampu" <mati>`, Error: "Tulis judul laporan.", Required: true, MaxLength: 120}),
		ui.Field(ui.Control{Name: "telepon", Label: "Nomor telepon", Optional: true, Type: "tel", Prefix: "+62", Width: "medium", Autocomplete: "tel", InputMode: "tel"}),
		ui.Field(ui.Control{Name: "sandi", Label: "Kata sandi", Type: "password", Value: "rahasia", Autocomplete: "current-password"}),
		ui.Textarea(ui.Control{Name: "uraian", Label: "Uraian", Value: "baris satu\nbaris dua", MaxLength: 2000}),
		ui.Select(ui.Control{Name: "kelurahan", Label: "Kelurahan", Value: "2", Options: []ui.Option{{Value: "", Label: "Pilih kelurahan"}, {Value: "1", Label: "Kassi-Kassi", Group: "Rappocini"}, {Value: "2", Label: "Gunung Sari", Group: "Rappocini"}, {Value: "3", Label: "Baji Pamai", Group: "Mamajang"}}}),
		ui.Radios(ui.Control{Name: "kelas", Label: "Kelas laporan", Hint: "Pilih satu.", Error: "Pilih kelas laporan.", Value: "aspirasi", Options: []ui.Option{{Value: "pengaduan", Label: "Pengaduan", Hint: "Ada yang rusak atau salah."}, {Value: "aspirasi", Label: "Aspirasi"}}}),
		with(ui.Searchable("Cari jenis masalah", "Tidak ada yang cocok."), ui.Radios(ui.Control{Name: "kategori", Label: "Jenis masalah", Options: []ui.Option{{Value: "lampu", Label: "Lampu jalan mati", Group: "Jalan", Attrs: templ.Attributes{"data-words": "penerangan gelap"}}, {Value: "sampah", Label: "Sampah menumpuk", Group: "Kebersihan"}}})),
		ui.Checkboxes(ui.Control{Name: "hari", Label: "Hari kerja", Inline: true, Values: []string{"senin"}, Options: []ui.Option{{Value: "senin", Label: "Senin"}, {Value: "selasa", Label: "Selasa"}}}),
		ui.Checkbox(ui.Control{Name: "anonim", Label: "Sembunyikan nama saya", Hint: "Petugas lapangan pun tidak tahu.", Values: []string{"1"}}),
		ui.DateField(ui.Control{Name: "tanggal", Label: "Tanggal", Value: "2026-11-24", Min: "2026-01-01"}),
		with(ui.PhotoForm("/foto"), ui.PhotoField(ui.Control{Name: "foto", Label: "Foto", Hint: "Paling banyak 5."}, 5)),
		ui.PinPicker(ui.Pin{LatName: "lat", LngName: "lng", Lat: "-5.147700", Lng: "119.432700", Tiles: "https://tile.example/{z}/{x}/{y}.png", CenterLat: "-5.147", CenterLng: "119.432", Error: "Titik ini di luar Kota Makassar."}),
		with(ui.Actions(), ui.Submit("Kirim"), ui.Button("Simpan draf", "aksi", "draf", "secondary", ""), ui.LinkButton("Batal", "/", "tertiary")),
		ui.Confirm("Tolak laporan", "Yakin menolak laporan ini?", "/tolak", "Ya, tolak", "danger"),
		with(ui.Stats(), ui.Stat("1.482", "laporan diterima"), ui.StatLink("7", "lewat tenggat", "/meja/mtr?lewat=1")),
		ui.SummaryList(rows),
		ui.Facts(rows),
		ui.Timeline([]ui.Moment{
			{Title: "Selesai", Who: "Dinas Perhubungan", At: now.Add(-2 * time.Hour), Text: "Lampu diganti.", Tone: "success", Icon: "check"},
			{Title: "Pemeriksaan hasil", Open: true, Due: "paling lambat Jumat, 27 November 2026"},
		}, now),
		ui.MediaList([]ui.MediaRow{{Href: "/mtr/laporan/MTR-26-000001", Title: "Lampu mati <b>di sini</b>", Icon: "lamp", Facts: []string{"Mamajang", "Dinas Perhubungan"}, When: ui.TimeAgo(now.Add(-time.Hour), now), Tag: ui.Tag("warning", "Dikerjakan")}}),
		ui.Gallery([]ui.Photo{{Small: "/foto/k.jpg", Large: "/foto/b.jpg", Alt: "Foto sebelum", Caption: "Sebelum"}}),
		ui.PointsMap(ui.MapView{Data: "/mtr/peta/data", Tiles: "https://tile.example/{z}/{x}/{y}.png", Center: "-5.147,119.432", Zoom: 12, Label: "Peta laporan", Big: true}),
		ui.PointMap("-5.147", "119.432", "https://tile.example/{z}/{x}/{y}.png", "Lihat di peta"),
		with(ui.Table("Antrean laporan"), templ.Raw("<thead><tr><th scope=col>Nomor</th></tr></thead><tbody><tr><td>MTR-26-000001</td></tr></tbody>")),
		ui.Pager("/?sebelum=1", "/?sesudah=2"),
		with(ui.Empty("Tidak ada laporan", "Ubah saringannya."), ui.LinkButton("Hapus saringan", "/mtr", "secondary")),
		with(ui.Live("antrean", "/meja/mtr/siaran"), ui.Badge(1482, "warning")),
		ui.DeskSearch("/meja/mtr", "q", "lampu", "Cari nomor atau judul", "hasil"),
		templ.Raw(`<div id="hasil"></div>`),
		with(ui.Section("Bagian"), with(ui.Card(), ui.Hidden("kunci", "x"), ui.Copy("Salin tautan", "https://portal.example/x"), ui.Print("Cetak"))),
	)
}

func render(t *testing.T, c ui.Context, component templ.Component) (string, *goquery.Document) {
	t.Helper()
	var b bytes.Buffer
	if err := component.Render(ui.WithContext(context.Background(), c), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), doc
}

var citizen = ui.Context{
	Path: "/mtr", Now: now, SignedIn: true, ActorName: "Fatimah",
	Nav:   []ui.Link{{Label: "Semua laporan", Href: "/mtr"}, {Label: "Peta laporan", Href: "/mtr/peta"}},
	Flash: []ui.Flash{{Kind: "success", Message: "Tersimpan."}},
}

var staff = ui.Context{Path: "/meja/mtr", Now: now, SignedIn: true, Staff: true, ActorName: "Andi Rahmat"}

func pages() map[string]struct {
	ctx  ui.Context
	page templ.Component
} {
	desk := &ui.Desk{Title: "Laporan warga", Subtitle: "Dinas Perhubungan", Groups: []ui.DeskGroup{{Title: "Antrean", Items: []ui.DeskItem{{Label: "Perlu diperiksa", Href: "/meja/mtr", Count: 1482, Tone: "danger"}, {Label: "Selesai", Href: "/meja/mtr/selesai"}}}}}
	return map[string]struct {
		ctx  ui.Context
		page templ.Component
	}{
		"citizen": {citizen, with(ui.Layout(ui.Page{Title: "Galeri", Description: "Semua komponen", Scripts: []string{"lapor.js"}}), gallery())},
		"desk":    {staff, with(ui.Layout(ui.Page{Title: "Galeri", Desk: desk, Scripts: []string{"meja.js"}}), gallery())},
		"error":   {ui.Context{RequestID: "abc123", Now: now}, ui.ErrorPage(500, "")},
	}
}

// hashes are of the build, not of the templates.
var hashes = regexp.MustCompile(`/static/dist/(\w+)\.[0-9A-Z]{8}\.`)

func TestGalleryGolden(t *testing.T) {
	t.Parallel()
	for name, p := range pages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _ := render(t, p.ctx, p.page)
			got = hashes.ReplaceAllString(got, "/static/dist/$1.")
			// One tag a line, so that a difference can be read.
			got = strings.ReplaceAll(got, "><", ">\n<")
			golden := filepath.Join("testdata", name+".golden.html")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("page differs from %s (-want +got); run with -update if it is meant:\n%s", golden, diff)
			}
		})
	}
}

func TestGalleryWiring(t *testing.T) {
	t.Parallel()
	for name, p := range pages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			html, doc := render(t, p.ctx, p.page)
			seen := map[string]bool{}
			doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
				if id := s.AttrOr("id", ""); seen[id] {
					t.Errorf("id %q occurs twice", id)
				} else {
					seen[id] = true
				}
			})
			doc.Find("[aria-describedby], [aria-labelledby]").Each(func(_ int, s *goquery.Selection) {
				for _, id := range strings.Fields(s.AttrOr("aria-describedby", "") + " " + s.AttrOr("aria-labelledby", "")) {
					if !seen[id] {
						t.Errorf("%s points to %q, which is nowhere", goquery.NodeName(s), id)
					}
				}
			})
			doc.Find("input:not([type=hidden]), select, textarea").Each(func(_ int, s *goquery.Selection) {
				id := s.AttrOr("id", "")
				if doc.Find(`label[for="`+id+`"]`).Length() != 1 {
					t.Errorf("control %q has no label of its own", id)
				}
			})
			doc.Find(".ds-error-summary a").Each(func(_ int, s *goquery.Selection) {
				if id := strings.TrimPrefix(s.AttrOr("href", ""), "#"); !seen[id] {
					t.Errorf("the error summary links to %q, which is nowhere", id)
				}
			})
			doc.Find("svg.icon path").Each(func(_ int, s *goquery.Selection) {
				if s.AttrOr("d", "") == "" {
					t.Error("an icon without strokes")
				}
			})
			if strings.Contains(html, " style=") || regexp.MustCompile(`\son[a-z]+=`).MatchString(html) {
				t.Error("inline styles or handlers, which the content security policy refuses")
			}
			if doc.Find("script:not([src])").Length() > 0 {
				t.Error("an inline script")
			}
		})
	}
}

func TestControlKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	_, doc := render(t, citizen, gallery())
	if got := doc.Find("#judul").AttrOr("value", ""); got != `"Lampu" <mati>` {
		t.Errorf("field shows %q", got)
	}
	if got := doc.Find("#uraian").Text(); strings.TrimPrefix(got, "\n") != "baris satu\nbaris dua" {
		t.Errorf("textarea shows %q", got)
	}
	if _, shown := doc.Find("#sandi").Attr("value"); shown {
		t.Error("a password is written into the page")
	}
	if got := doc.Find("#kelurahan option[selected]").Text(); got != "Gunung Sari" {
		t.Errorf("selected %q", got)
	}
	if got := doc.Find("input[name=kelas][checked]").AttrOr("value", ""); got != "aspirasi" {
		t.Errorf("checked %q", got)
	}
	if got := doc.Find("input[name=judul]").AttrOr("aria-invalid", ""); got != "true" {
		t.Errorf("aria-invalid is %q", got)
	}
}

func TestEveryStatusHasAPage(t *testing.T) {
	t.Parallel()
	titles := map[string]int{}
	for _, status := range []int{400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 503} {
		_, doc := render(t, ui.Context{}, ui.ErrorPage(status, ""))
		title := doc.Find("main h1").Text()
		if other, ok := titles[title]; ok || title == "" {
			t.Errorf("status %d has the title of %d: %q", status, other, title)
		}
		titles[title] = status
		if doc.Find("main .lead").Text() == "" {
			t.Errorf("status %d says nothing", status)
		}
	}
	_, doc := render(t, ui.Context{}, ui.ErrorPage(409, "Laporan ini sudah <b>diambil</b>."))
	if got := strings.TrimSpace(doc.Find("main .lead").Text()); got != "Laporan ini sudah <b>diambil</b>." {
		t.Errorf("the error's own sentence became %q", got)
	}
}

func TestFallbackIsAWholePage(t *testing.T) {
	t.Parallel()
	for _, status := range []int{500, 503} {
		page := string(ui.Fallback(status))
		if !strings.Contains(page, "<h1") || !strings.HasSuffix(strings.TrimSpace(page), "</html>") {
			t.Errorf("fallback %d is not a page", status)
		}
	}
}
