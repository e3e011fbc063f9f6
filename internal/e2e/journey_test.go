package e2e_test

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
)

// TestJourney follows a report from a phone's photo with GPS in it to selesai
// and back by a dispute, with scripts and without. After every act of the city
// the citizen's page and the public one say so.
func TestJourney(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]e2e.Option{"scripts": {e2e.Phone}, "no-scripts": {e2e.Phone, e2e.NoScript}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCity(t)
			c.Work()
			j := &journey{t: t, city: c, citizen: e2e.Open(t, c.URL, options...), scripts: name == "scripts"}
			j.report()
			j.follow()
		})
	}
}

type journey struct {
	t       *testing.T
	city    *city
	citizen *e2e.Tab
	scripts bool
	number  string
	own     string // the secret link's path
}

// next sends the form of a step of the report.
func (j *journey) next(step string) {
	j.t.Helper()
	j.citizen.Submit(`main form[method=post]:not(#dari-foto, .confirm-body) button[type=submit]`)
	j.at(step)
}

func (j *journey) at(step string) {
	j.t.Helper()
	if !strings.HasSuffix(j.citizen.Path(), "/"+step) {
		j.t.Fatalf("at %s, want the step %s: %s", j.citizen.Path(), step, j.citizen.Text("main"))
	}
}

// photoFile writes a phone's photo, w pixels wide: taken at Karebosi, turned.
func photoFile(t *testing.T, name string, w int, seed uint64) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	writeFile(t, file, mediatest.JPEG(w, w*3/4, mediatest.Seed(seed), mediatest.GPS(-5.1357, 119.4131),
		mediatest.TakenAt(apptest.Start.AddDate(0, 0, -1)), mediatest.Orientation(6)))
	return file
}

func (j *journey) report() {
	j.t.Helper()
	tab, file := j.citizen, photoFile(j.t, "lampu.jpg", 2400, 1)
	if len(metadata(j.t, file)) == 0 {
		j.t.Fatal("exiftool finds nothing in the photo that is sent, so it would find nothing in what is served")
	}
	tab.Go("/mtr/lapor").Upload("input[data-photo]", file)
	if j.scripts {
		tab.Wait(".photos li:not([data-busy]) img").Click("form[data-photos] button[type=submit]").Wait("#dari-foto")
	} else {
		tab.Submit("form[data-photos] button[type=submit]")
	}
	j.at("tempat")
	tab.Wait("#dari-foto").Submit("#dari-foto button").WaitText("h1", "Kelurahan apa tempat itu?").Fill("#patokan", "Lapangan Karebosi, sisi timur")
	j.next("kategori")
	tab.Check("Lampu jalan mati")
	j.next("pertanyaan")
	tab.Check("Tidak ada")
	j.next("uraian")
	tab.Fill("#judul", "Lampu jalan mati di Karebosi").Fill("#uraian", "Tiga lampu padam sejak Minggu, jalannya gelap.")
	j.next("pelapor")
	tab.Fill("#nama", "Daeng Sitti")
	j.next("periksa")
	tab.WaitText(".summary", "Lampu jalan mati di Karebosi").Sound()
	tab.Submit("#kirim button")
	j.at("terkirim")
	j.number = tab.Text("#nomor")
	if !strings.HasPrefix(j.number, "MTR-26-") || !strings.Contains(tab.Text("#kode-singkat"), "-") {
		j.t.Fatalf("the receipt shows the number %q and the code %q", j.number, tab.Text("#kode-singkat"))
	}
	tab.Sound()
	tab.Submit("#tautan-rahasia")
	j.own = tab.Path()
	tab.WaitText("h1", "Lampu jalan mati di Karebosi")
}

// shows waits until the citizen's page, which follows by itself where there
// are scripts, and the public page tell of a status.
func (j *journey) shows(s mtr.Status) *goquery.Document {
	j.t.Helper()
	if !j.scripts {
		j.citizen.Go(j.own)
	}
	j.citizen.WaitText("#keadaan", s.Label())
	public := j.city.Client(j.t).Get("/mtr/laporan/" + j.number).Want(http.StatusOK)
	if got := public.Text(".card.status"); !strings.Contains(got, s.Label()) {
		j.t.Fatalf("the public page shows %q, want %s", got, s.Label())
	}
	return public.Doc
}

// act does something at the desk, as somebody of the city.
func (j *journey) act(who, act string, fill func(*e2e.Tab, string)) {
	j.t.Helper()
	tab := e2e.Open(j.t, j.city.URL).Go("/uji/masuk/" + idText(j.city.accounts[who])).Go("/meja/mtr/" + j.number)
	form := `form[action$="/` + act + `"]`
	e2e.Eval[bool](tab, `document.querySelectorAll("details").forEach((d) => { d.open = true; }), true`)
	if fill != nil {
		fill(tab, form)
	}
	if act == "bukti" { // sent by script, because it carries photos
		tab.Click(form+" button[type=submit]").WaitText(".flash", j.number)
		return
	}
	tab.Submit(form+" button[type=submit]").WaitText(".flash", j.number)
}

func (j *journey) follow() {
	j.t.Helper()
	public := j.shows(mtr.Received)
	if text := public.Find("main").Text(); strings.Contains(text, "Karebosi") || public.Find("main img").Length() > 0 {
		j.t.Fatal("words or photos are public before anybody looked at them")
	}
	j.act("dispatcher", "teruskan", func(tab *e2e.Tab, form string) {
		tab.ChooseText(form+" select", "Dinas Perhubungan").Fill(form+" textarea", "Kami teruskan ke Dinas Perhubungan.")
	})
	public = j.shows(mtr.Forwarded)
	if text := public.Find("main").Text(); !strings.Contains(text, "Tiga lampu padam") || !strings.Contains(text, "Kami teruskan ke Dinas Perhubungan.") {
		j.t.Fatalf("after forwarding the public page does not tell: %s", text)
	}
	j.clean(public.Find("main img").AttrOr("src", ""))

	j.act("kepala", "tugaskan", func(tab *e2e.Tab, form string) { tab.ChooseText(form+" select", "Petugas Lampu") })
	j.act("petugas", "mulai", nil)
	j.shows(mtr.InProgress)
	j.act("petugas", "bukti", func(tab *e2e.Tab, form string) {
		tab.Upload(form+" input[data-photo]", photoFile(j.t, "selesai.jpg", 800, 2)).Wait(form+" .photos li:not([data-busy]) img").
			Fill(form+" textarea", "Tiga lampu sudah diganti.")
	})
	j.shows(mtr.ToValidate)
	j.act("validator", "terima-bukti", nil)
	public = j.shows(mtr.Done)
	photos := public.Find(".gallery img")
	if photos.Length() != 2 {
		j.t.Fatalf("the public page shows %d photos, want one before and one after", photos.Length())
	}
	photos.Each(func(_ int, s *goquery.Selection) { j.clean(s.AttrOr("src", "")) })
	j.stored()

	j.dispute()
	public = j.shows(mtr.InProgress)
	if !strings.Contains(public.Find(".card.status").Text(), "1 kali disanggah") {
		j.t.Error("the public page does not tell of the dispute")
	}
	j.citizen.Sound()
}

// dispute says that one lamp is still dark, with a photo.
func (j *journey) dispute() {
	j.t.Helper()
	form := `form[action$="/sanggahan"]`
	tab := j.citizen.Wait("#hasil").Click("#hasil summary").Fill(form+" textarea", "Satu lampu masih mati.").
		Upload(form+" input[data-photo]", photoFile(j.t, "masih.jpg", 800, 3))
	if j.scripts {
		tab.Wait(form + " .photos li:not([data-busy]) img").Click(form + " button[type=submit]")
	} else {
		tab.Submit(form + " button[type=submit]")
	}
	tab.WaitText(".flash", "Sanggahan Anda sudah kami terima").WaitText("#perjalanan", "Satu lampu masih mati.")
}

// metadata is what exiftool finds in a file beyond the picture itself.
func metadata(t *testing.T, file string) map[string]any {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "exiftool", "-json", "-EXIF:all", "-GPS:all", "-XMP:all", "-IPTC:all", "-MakerNotes:all", "-ICC_Profile:all", "-Comment", "-Photoshop:all", file).Output()
	if err != nil {
		t.Fatalf("exiftool: %v", err)
	}
	var found []map[string]any
	if err := json.Unmarshal(out, &found); err != nil || len(found) != 1 {
		t.Fatalf("exiftool says %s", out)
	}
	delete(found[0], "SourceFile")
	return found[0]
}

// clean asks for a public photo in both sizes and looks for metadata in it.
func (j *journey) clean(src string) {
	j.t.Helper()
	for _, size := range []mtr.PhotoSize{mtr.Small, mtr.Large} {
		p := j.city.Client(j.t).Get(src[:strings.LastIndex(src, "/")+1] + string(size)).Want(http.StatusOK)
		file := filepath.Join(j.t.TempDir(), "disajikan.jpg")
		writeFile(j.t, file, []byte(p.Body))
		if found := metadata(j.t, file); len(found) > 0 {
			j.t.Errorf("%s is served with %v", src, found)
		}
	}
}

// stored looks for metadata in everything that the portal keeps.
func (j *journey) stored() {
	j.t.Helper()
	root, files := strings.TrimPrefix(j.city.App.Config.BlobURL, "file://"), 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		head, err := os.ReadFile(path)
		if err != nil || !strings.HasPrefix(string(head), "\xff\xd8") {
			return err
		}
		files++
		if found := metadata(j.t, path); len(found) > 0 {
			j.t.Errorf("a photo is stored with %v", found)
		}
		return nil
	})
	if err != nil || files < 4 {
		j.t.Fatalf("%d photos are stored, want two in two sizes (%v)", files, err)
	}
}
