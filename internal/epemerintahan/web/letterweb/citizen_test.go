package letterweb_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
)

// village is a portal with a kelurahan that works, and a family that asks for letters.
type village struct {
	*apptest.Village
	t testing.TB
}

func newVillage(t testing.TB) *village {
	t.Helper()
	return &village{apptest.New(t).Village(t, kassiKassi), t}
}

func (v *village) must(err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
}

var accounts atomic.Int64

// proved is a browser of the account of a member of the family, whose identity the
// kelurahan has confirmed.
func (v *village) proved(who int) (*apptest.Client, authz.Actor) {
	v.t.Helper()
	account := v.Citizen(v.t, fmt.Sprintf("warga%d@portal.example", accounts.Add(1)), "Warga Uji")
	v.Prove(v.t, account, who)
	return v.SignedIn(v.t, account), v.Actor(v.t, account)
}

// stranger is a browser of somebody else's account.
func (v *village) stranger() *apptest.Client {
	v.t.Helper()
	return v.SignedIn(v.t, v.Citizen(v.t, fmt.Sprintf("lain%d@portal.example", accounts.Add(1)), "Orang Lain"))
}

func paper() apptest.File {
	return apptest.File{Control: "foto", Name: "KTP Sitti.jpg", Type: "image/jpeg", Data: mediatest.JPEG(640, 480)}
}

func id(n int64) string { return strconv.FormatInt(n, 10) }

func fields(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

// arrived fails unless a walk has come to an address that ends so.
func arrived(t testing.TB, p *apptest.Page, ending string) *apptest.Page {
	t.Helper()
	if p.Status != http.StatusOK || !strings.HasSuffix(p.URL.Path, ending) {
		t.Fatalf("at %s (%d), want …%s\n%s", p.URL.Path, p.Status, ending, p.Text("main"))
	}
	return p
}

// refusedAt fails unless the form came back with a sentence beside a control, and the
// same one, linked to it, in the summary.
func refusedAt(t testing.TB, p *apptest.Page, control, sentence string) {
	t.Helper()
	p.Want(http.StatusUnprocessableEntity)
	at := strings.ReplaceAll(control, ".", `\.`)
	if got := p.Text("#" + at + "-error"); !strings.Contains(got, sentence) {
		t.Fatalf("beside %s stands %q, want %q\n%s", control, got, sentence, p.Text("main"))
	}
	if link := p.Doc.Find(`#ringkasan-galat a[href="#` + control + `"]`); !strings.Contains(link.Text(), sentence) {
		t.Fatalf("the summary says %q, want %q", link.Text(), sentence)
	}
	if p.Doc.Find("#"+at).Length() != 1 {
		t.Fatalf("the summary leads to #%s, which is not on the page", control)
	}
}

// draft begins a letter about a member of the family and leads to its first question.
func (v *village) draft(c *apptest.Client, code string, who int) *apptest.Page {
	v.t.Helper()
	p := c.Get("/surat/ajukan/" + code).Want(http.StatusOK)
	return arrived(v.t, p.Submit("#untuk-siapa", fields("untuk", id(v.Family[who]))), "/isian/1")
}

// sent asks for a letter of domicile all the way and returns its page.
func (v *village) sent(c *apptest.Client) *apptest.Page {
	v.t.Helper()
	p := v.draft(c, "DOM", 0)
	p = arrived(v.t, p.Submit("#isian", fields("f.keperluan", "Membuka rekening bank")), "/berkas")
	p = v.addPapers(c, p)
	p = arrived(v.t, c.Get(p.Doc.Find(`.actions a`).First().AttrOr("href", "")), "/periksa")
	return p.Submit("#kirim", nil).Want(http.StatusOK)
}

// addPapers sends a photo for every paper that is missing.
func (v *village) addPapers(c *apptest.Client, p *apptest.Page) *apptest.Page {
	v.t.Helper()
	for range 12 {
		next, more := p.Doc.Find(`.paper-list a[data-variant="primary"]`).First().Attr("href")
		if !more {
			return p
		}
		p = arrived(v.t, c.Get(next).Want(http.StatusOK).Submit("form[data-photos]", nil, paper()), "/berkas")
	}
	v.t.Fatalf("papers are still missing: %s", p.Text("main"))
	return nil
}

var requestNumber = regexp.MustCompile(`SRT-26-\d{6}`)

func numberOf(t testing.TB, p *apptest.Page) string {
	t.Helper()
	n := requestNumber.FindString(p.Text("#nomor"))
	if n == "" {
		t.Fatalf("%s shows no number: %s", p.URL.Path, p.Text("main"))
	}
	return n
}

func TestACitizenAsksForALetterWithoutScripts(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	c, _ := v.proved(0)
	p := c.Get("/surat").Want(http.StatusOK)
	p = c.Get(p.Doc.Find(`.kinds a[href$="/DOM"]`).AttrOr("href", "")).Want(http.StatusOK)
	for _, want := range []string{"Surat pengantar RT/RW", "Gratis", "30 menit", "Lurah"} {
		if !strings.Contains(p.Text("main"), want) {
			t.Errorf("the page of the kind does not say %q: %s", want, p.Text("main"))
		}
	}
	if strings.Contains(p.Text("#siapkan"), "Kartu Keluarga") || !strings.Contains(p.Text("#sudah-ada"), "Kartu Keluarga") {
		t.Error("what the register proves is asked for")
	}
	p = arrived(t, c.Get("/surat/ajukan/DOM"), "/DOM")
	if n := p.Doc.Find(`input[name="untuk"]`).Length(); n != 4 {
		t.Fatalf("%d people to choose from", n)
	}
	p = v.sent(c)
	number := numberOf(t, p)
	if got := p.Text("#di-mana"); !strings.Contains(got, "Petugas Kelurahan Kassi-Kassi sedang memeriksa") {
		t.Errorf("where it is: %s", got)
	}
	for _, want := range []string{"0 menit terpakai dari 30 menit", "Membuka rekening bank", "Permohonan dikirim", "Sitti Rahmawati"} {
		if !strings.Contains(p.Text("main"), want) {
			t.Errorf("own page does not say %q: %s", want, p.Text("main"))
		}
	}
	if got := c.Get("/surat/saya").Text(".media-list"); !strings.Contains(got, number) {
		t.Errorf("own letters: %s", got)
	}
	if got := c.Get("/surat").Text("#surat-saya"); !strings.Contains(got, number) {
		t.Errorf("catalogue: %s", got)
	}
	if p := v.Client(t).Get("/lacak?nomor=" + strings.ToLower(number)).Want(http.StatusOK); !strings.Contains(p.Text("#keadaan"), "Diperiksa") || strings.Contains(p.Text("main"), "Sitti") {
		t.Errorf("tracking: %s", p.Text("main"))
	}
}

func TestADraftIsSentOnce(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	c, _ := v.proved(0)
	p := v.draft(c, "DOM", 0)
	p = arrived(t, p.Submit("#isian", fields("f.keperluan", "Bank")), "/berkas")
	draft := strings.TrimSuffix(p.URL.Path, "/berkas")
	v.addPapers(c, p)
	check := arrived(t, c.Get(draft+"/periksa"), "/periksa")
	first := numberOf(t, check.Submit("#kirim", nil))
	if again := numberOf(t, check.Submit("#kirim", nil)); again != first {
		t.Fatalf("sent twice: %s and %s", first, again)
	}
	for _, page := range []string{"", "/isian/1", "/berkas", "/periksa"} {
		if p := c.Get(draft + page); p.URL.Path != "/surat/"+first {
			t.Errorf("%s of a sent draft leads to %s (%d)", page, p.URL.Path, p.Status)
		}
	}
}

func TestWhatIsWrongIsSaidAndWhatIsTypedStays(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	c, _ := v.proved(0)
	p := v.draft(c, "USH", 0)
	p = p.Submit("#isian", fields("f.nama_usaha", "Warung Sitti", "f.jenis_usaha", strings.Repeat("sayur ", 60)))
	refusedAt(t, p, "f.alamat_usaha", "Isi “Alamat usaha”.")
	refusedAt(t, p, "f.jenis_usaha", "paling banyak 200 huruf")
	if got := p.Doc.Find(`[name="f.nama_usaha"]`).AttrOr("value", ""); got != "Warung Sitti" {
		t.Errorf("the name is gone: %q", got)
	}
	// The page was left; what was typed is in the draft.
	draft := p.URL.Path
	if got := c.Get(draft).Doc.Find(`[name="f.nama_usaha"]`).AttrOr("value", ""); got != "Warung Sitti" {
		t.Errorf("the draft forgot: %q", got)
	}
	// Sending it all the same names every hole and where to mend it.
	ref := strings.Split(draft, "/")[3]
	p = c.Post("/surat/draf/"+ref+"/kirim", nil).Want(http.StatusUnprocessableEntity)
	if n := p.Doc.Find("#ringkasan-galat a").Length(); n < 4 {
		t.Errorf("%d problems named: %s", n, p.Text("#ringkasan-galat"))
	}
	for _, href := range []string{"/isian/1", "/berkas/"} {
		if !p.Has(`#ringkasan-galat a[href*="` + href + `"]`) {
			t.Errorf("nothing leads to %s: %s", href, p.Text("#ringkasan-galat"))
		}
	}
}

func TestPeopleAreAddedAndRemovedWithoutScripts(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	c, _ := v.proved(0)
	p := v.draft(c, "AHW", 0)
	for range 8 { // to the page about the heirs
		if p.Has(`[name="f.ahli_waris.0.nama"]`) {
			break
		}
		n, _ := strconv.Atoi(p.URL.Path[strings.LastIndex(p.URL.Path, "/")+1:])
		p = c.Get(p.URL.Path[:strings.LastIndex(p.URL.Path, "/")+1] + strconv.Itoa(n+1)).Want(http.StatusOK)
	}
	p = p.Submit("#isian", fields("f.ahli_waris.0.nama", "Haji Mansyur", "@tombol", "ubah=tambah")).Want(http.StatusOK)
	if p.Doc.Find(`[name="f.ahli_waris.0.nama"]`).AttrOr("value", "") != "Haji Mansyur" || !p.Has(`[name="f.ahli_waris.1.nama"]`) {
		t.Fatalf("no second row, or the first is empty: %s", p.Text("#isian"))
	}
	p = p.Submit("#isian", fields("f.ahli_waris.id", id(v.Family[2]), "@tombol", "ubah=keluarga")).Want(http.StatusOK)
	if got := p.Text(".people .known"); !strings.Contains(got, "Muh. Fadil Basri") {
		t.Fatalf("the son was not added: %s", p.Text("#isian"))
	}
	rows := p.Doc.Find(".people > .person").Length()
	button := p.Doc.Find(`.people .person:has(.known) button`).AttrOr("value", "")
	p = p.Submit("#isian", fields("@tombol", "ubah="+button)).Want(http.StatusOK)
	if got := p.Doc.Find(".people > .person").Length(); got != rows-1 || p.Has(".people .known") {
		t.Fatalf("%d rows before, %d after: %s", rows, got, p.Text("#isian"))
	}
	if p.Doc.Find(`[name="f.ahli_waris.0.nama"]`).AttrOr("value", "") != "Haji Mansyur" {
		t.Fatal("the other row is gone too")
	}
	// Nobody outside the family is found by a number.
	p = p.Submit("#isian", fields("f.ahli_waris.id", "1", "@tombol", "ubah=keluarga"))
	if strings.Contains(p.Text(".people .known"), "Dg.") && v.Family[1] != 1 {
		t.Errorf("a stranger was named: %s", p.Text("main"))
	}
}

func TestRulesAreToldBeforeFillingIn(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	c, _ := v.proved(0)
	p := c.Get("/surat/ajukan/BMN").Want(http.StatusOK)
	barred := p.Text("#tidak-bisa li b")
	if barred != "Sitti Rahmawati, Basri Dg. Ngalle" || p.Doc.Find(`input[name="untuk"]`).Length() != 2 || !strings.Contains(p.Text("#untuk-siapa"), "belum menikah tidak dapat dibuat") && !strings.Contains(p.Text("#untuk-siapa"), "BELUM KAWIN") {
		t.Fatalf("%s barred: %s", barred, p.Text("#untuk-siapa"))
	}
	p = c.Post("/surat/ajukan/BMN", fields("untuk", id(v.Family[0])))
	p.Want(http.StatusUnprocessableEntity)
	if p := c.Get("/surat/ajukan/JDA").Want(http.StatusOK); p.Has("#untuk-siapa") || !strings.Contains(p.Text("main"), "tidak dapat dibuat untuk keluarga Anda") {
		t.Errorf("a widow's letter for the married: %s", p.Text("main"))
	}
	if got := c.Get("/surat/jenis/KTP").Text("#perhatian"); !strings.Contains(got, "Disdukcapil") {
		t.Errorf("the notice: %q", got)
	}
	c.Get("/surat/jenis/XYZ").Want(http.StatusNotFound)
	// Somebody else's resident is nobody.
	if p := c.Post("/surat/ajukan/DOM", fields("untuk", "999999")); p.Status != http.StatusNotFound && p.Status != http.StatusUnprocessableEntity {
		t.Errorf("a stranger's letter: %d", p.Status)
	}
}

func TestLettersAreFoundInWordsPeopleUse(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	c := v.Client(t)
	for words, code := range map[string]string{
		"surat miskin": "TM", "pengantar nikah": "NKH", "jualan": "USH", "bpjs": "JKS", "skck": "SKC", "Waris": "AHW", "kpr": "BRM", "MOTOR": "JBL", "pesta": "KRM",
		"mau nikah": "NKH", "bikin surat pindah rumah": "PDH", "jual tanah": "JBL", "minta sktm anak kuliah": "TM",
	} {
		p := c.Get("/surat?cari=" + url.QueryEscape(words)).Want(http.StatusOK)
		if !p.Has(`.kinds a[href$="/` + code + `"]`) {
			t.Errorf("%q does not find %s: %s", words, code, p.Text("#daftar-surat"))
		}
		if n := p.Doc.Find(".kinds a").Length(); n > 6 {
			t.Errorf("%q finds %d letters", words, n)
		}
	}
	if p := c.Get("/surat?cari=helikopter").Want(http.StatusOK); !strings.Contains(p.Text("#hasil"), "Tidak ada surat untuk") {
		t.Errorf("nothing found: %s", p.Text("#hasil"))
	}
	if n := c.Get("/surat").Doc.Find(".kinds a").Length(); n != 26 {
		t.Errorf("%d kinds", n)
	}
}

func TestPapersThatAreNone(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	c, _ := v.proved(0)
	p := v.draft(c, "DOM", 0)
	p = arrived(t, p.Submit("#isian", fields("f.keperluan", "Bank")), "/berkas")
	page := p.Doc.Find(`.paper-list a`).First().AttrOr("href", "")
	form := c.Get(page).Want(http.StatusOK)
	send := func(data []byte, kind string) *apptest.Page {
		return form.Submit("form[data-photos]", nil, apptest.File{Control: "foto", Name: "x.jpg", Type: kind, Data: data})
	}
	refusedAt(t, form.Submit("form[data-photos]", nil), "foto", "Potret kertasnya")
	refusedAt(t, send([]byte("ini bukan gambar"), "image/jpeg"), "foto", "bukan PDF atau foto")
	refusedAt(t, send(mediatest.PDF("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "application/pdf"), "foto", "")
	huge := send(make([]byte, 12<<20), "image/jpeg").Want(http.StatusRequestEntityTooLarge)
	if !strings.Contains(huge.Text("#foto-error"), "10 MB") {
		t.Errorf("too large: %s", huge.Text("main"))
	}
	arrived(t, form.Submit("form[data-photos]", nil, paper()), "/berkas")
	p = c.Get(page).Want(http.StatusOK)
	scan := p.Doc.Find("#sudah-masuk a").AttrOr("href", "")
	img := c.Get(scan).Want(http.StatusOK)
	if img.Header.Get("Content-Type") != "image/jpeg" || strings.Contains(img.Header.Get("Content-Disposition"), "Sitti") {
		t.Errorf("own scan: %v", img.Header)
	}
	v.stranger().Get(scan).Want(http.StatusNotFound)
	p = arrived(t, p.Submit("#sudah-masuk form", nil), "/berkas")
	if strings.Contains(p.Text(".paper-list"), "Sudah masuk") {
		t.Error("the scan was not removed")
	}
	c.Get(scan).Want(http.StatusNotFound)
}

func TestNobodyElseSeesADraftOrALetter(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	c, _ := v.proved(0)
	p := v.draft(c, "DOM", 0)
	draft := strings.TrimSuffix(p.URL.Path, "/isian/1")
	number := numberOf(t, v.sent(c))
	husband, _ := v.proved(1) // of the same family, with an account of his own
	for _, other := range []*apptest.Client{v.stranger(), husband} {
		for _, page := range []string{draft, draft + "/isian/1", draft + "/berkas", draft + "/berkas/1", draft + "/periksa",
			"/surat/" + number, "/surat/" + number + "/unduh", "/surat/" + number + "/perbaiki", "/surat/" + number + "/perubahan", "/surat/" + number + "/berkas/1"} {
			other.Get(page).Want(http.StatusNotFound)
		}
		for _, act := range []string{draft + "/isian/1", draft + "/kirim", draft + "/hapus", "/surat/" + number + "/batal", "/surat/" + number + "/perbaiki"} {
			other.Post(act, fields("alasan", "Bukan surat saya")).Want(http.StatusNotFound)
		}
	}
	if p := v.Client(t).Get("/surat/" + number); p.URL.Path != "/masuk" {
		t.Errorf("a visitor gets to %s", p.URL.Path)
	}
	arrived(t, c.Get(draft+"/periksa"), "/periksa")
}

// A resident whose account is somebody else's, or lost, is parted from it at the counter.
func TestAnotherAccountIsPartedFromItsResident(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	old, _ := v.proved(0)
	account := v.Citizen(t, fmt.Sprintf("baru%d@portal.example", accounts.Add(1)), "Sitti Baru")
	v.must(v.App.Letters.ClaimIdentity(t.Context(), v.Actor(t, account), v.NIK[0], v.Kelurahan, nil))
	operator := v.SignedIn(t, v.Operator.AccountID)
	page := operator.Get("/meja/surat/identitas").Want(http.StatusOK)
	claim := page.Doc.Find("tbody a").AttrOr("href", "")
	p := operator.Get(claim).Want(http.StatusOK)
	if strings.Contains(p.Text("main"), "Orangnya sama, pastikan") {
		t.Error("a taken resident can be confirmed")
	}
	p = p.Submit(`form[action$="/cabut"]`, fields("alasan", "salah"))
	refusedAt(t, p, "cabut-alasan", "paling sedikit 10 huruf")
	p = p.Submit(`form[action$="/cabut"]`, fields("alasan", "Akun lama tidak bisa dibuka lagi")).Want(http.StatusOK)
	if p.URL.Path != claim {
		t.Fatalf("at %s", p.URL.Path)
	}
	p.Submit(`form[action$="/sah"]`, nil).Want(http.StatusOK)
	if text := old.Get("/surat/identitas").Want(http.StatusOK).Text("main"); !strings.Contains(text, "Akun lama tidak bisa dibuka lagi") {
		t.Errorf("the old account reads %q", text)
	}
}

// Whoever moved away has nobody to ask for, and is told what to do.
func TestWhoeverMovedAwayIsToldWhereToGo(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	c, _ := v.proved(0)
	_, err := v.DB.Owner().Exec(t.Context(), `UPDATE epemerintahan_resident SET status = 'pindah', relation = 3 WHERE id = $1`, v.Family[0])
	v.must(err)
	p := c.Get("/surat/ajukan/DOM").Want(http.StatusOK)
	if text := p.Text("main"); !strings.Contains(text, "sudah pindah") || p.Doc.Find("#untuk-siapa").Length() != 0 {
		t.Errorf("the page says %q", text)
	}
}
