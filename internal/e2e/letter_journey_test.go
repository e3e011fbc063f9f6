package e2e_test

import (
	"context"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
)

// TestLetterJourney follows a letter from a citizen's phone over the desks of operator
// and sekretaris to the lurah's tablet and back, until its QR code says that it is in
// force; with scripts and without.
func TestLetterJourney(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]e2e.Option{"scripts": nil, "no-scripts": {e2e.NoScript}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(newCity(t))
			o.electronic("DOM")
			o.Work()
			j := &letterJourney{t: t, office: o, options: options, scripts: name == "scripts"}
			j.citizen = j.open("warga", e2e.Phone)
			j.prove()
			j.apply()
			j.check()
			j.sign()
			j.download()
		})
	}
}

type letterJourney struct {
	*office
	t       *testing.T
	options []e2e.Option
	scripts bool
	citizen *e2e.Tab
	number  string
}

// open is somebody's browser, signed in.
func (j *letterJourney) open(who string, screen e2e.Option) *e2e.Tab {
	j.t.Helper()
	return e2e.Open(j.t, j.URL, append([]e2e.Option{screen}, j.options...)...).Go("/uji/masuk/" + idText(j.accounts[who]))
}

// prove lets the operator confirm who owns the account.
func (j *letterJourney) prove() {
	j.t.Helper()
	ctx := context.Background()
	a, err := j.App.Accounts.Actor(ctx, j.accounts["warga"])
	j.must(err)
	j.must(j.App.Letters.ClaimIdentity(ctx, a, j.niks[1], j.unit, nil))
	tab := j.open("operator", e2e.Desktop).Go("/meja/surat/identitas").Sound()
	tab.Submit("main table a").WaitText("main", "Sitti Nurhayati").Submit(`form[action$="/sah"] button`).WaitText(".flash", "Identitas dipastikan")
}

func (j *letterJourney) apply() {
	j.t.Helper()
	tab := j.citizen.Go("/surat/ajukan/DOM").Sound()
	tab.Check("Sitti Nurhayati").Submit("#untuk-siapa button[type=submit]")
	for range 8 {
		if !strings.Contains(tab.Path(), "/isian/") {
			break
		}
		if tab.Has("[name='f.keperluan']") {
			tab.Fill("[name='f.keperluan']", "Mendaftar sekolah anak")
		}
		tab.Sound().Submit("#isian .actions button[type=submit]")
	}
	if !strings.HasSuffix(tab.Path(), "/berkas") {
		j.t.Fatalf("after the questions at %s: %s", tab.Path(), tab.Text("main"))
	}
	file := photoFile(j.t, "pengantar.jpg", 1600, 5)
	tab.Submit(`#berkas a.ds-button:not([data-variant=secondary])`).Upload("input[data-photo]", file)
	if j.scripts {
		tab.Wait(".photos li:not([data-busy]) img").Click("form[data-photos] button[type=submit]").WaitText("#berkas", "Sudah masuk")
	} else {
		tab.Submit("form[data-photos] button[type=submit]").WaitText("#berkas", "Sudah masuk")
	}
	tab.Wait(`main .actions a[href$="/periksa"]`).Submit(`main .actions a[href$="/periksa"]`).WaitText("main", "Mendaftar sekolah anak").Sound()
	tab.Submit("#kirim button[type=submit]").Wait("#nomor")
	j.number = tab.Text("#nomor")
	if !strings.HasPrefix(j.number, "SRT-26-") {
		j.t.Fatalf("the letter has the number %q", j.number)
	}
}

// shows waits until the citizen's page, which follows by itself where there are
// scripts, tells something.
func (j *letterJourney) shows(words string) {
	j.t.Helper()
	if !j.scripts {
		j.citizen.Go("/surat/" + j.number)
	}
	j.citizen.WaitText("#keadaan", words)
}

func (j *letterJourney) check() {
	j.t.Helper()
	operator := j.open("operator", e2e.Desktop).Go("/meja/surat?antrean=periksa").WaitText("main table", "Sitti Nurhayati")
	operator.Submit("main table a").WaitText("main", j.number).Sound()
	if !operator.Has(`a[href*="/pindaian/"]`) {
		j.t.Fatal("the operator has no way to the scan")
	}
	for n := range 9 {
		if box := "#periksa input[type=checkbox]:not(:checked)"; operator.Has(box) {
			operator.Click(box)
		} else if n == 0 {
			j.t.Fatal("there are no papers to tick off")
		}
	}
	operator.Submit("#periksa button[type=submit]").WaitText(".flash", "diteruskan kepada sekretaris")
	j.shows("")
	secretary := j.open("sekretaris", e2e.Desktop).Go("/meja/surat").Submit("main table a").WaitText("main", j.number)
	secretary.Submit(`form[action$="/paraf"] button`).WaitText(".flash", "diteruskan kepada lurah")
}

func (j *letterJourney) sign() {
	j.t.Helper()
	lurah := j.open("lurah", e2e.Tablet).Go("/meja/surat/tanda-tangan").Sound().Submit(".bar a.ds-button")
	lurah.WaitText(".sheet-paper", "SITTI NURHAYATI").Sound()
	snap(lurah, "tanda-tangan-baca", "820-light")
	lurah.Submit(".turn form button").Wait("#sandi").Sound()
	snap(lurah, "tanda-tangan", "820-light")
	lurah.Fill("#sandi", secret).Submit("main form button[type=submit]").WaitText("#hasil", "1 surat ditandatangani").Sound()
}

func (j *letterJourney) download() {
	j.t.Helper()
	j.shows("Surat Anda sudah jadi")
	j.citizen.Sound()
	client := j.SignedIn(j.t, j.accounts["warga"])
	pdf := client.Get("/surat/" + j.number + "/unduh").Want(http.StatusOK)
	if !strings.HasPrefix(pdf.Body, "%PDF") {
		j.t.Fatal("no PDF")
	}
	file := filepath.Join(j.t.TempDir(), "surat.pdf")
	writeFile(j.t, file, []byte(pdf.Body))
	if out, err := exec.Command("pdftoppm", "-r", "150", "-png", "-singlefile", file, strings.TrimSuffix(file, ".pdf")).CombinedOutput(); err != nil {
		j.t.Fatalf("draw the letter: %v %s", err, out)
	}
	out, err := exec.Command("zbarimg", "-q", "--raw", "-Sqrcode.enable", strings.TrimSuffix(file, ".pdf")+".png").Output()
	if err != nil {
		j.t.Fatalf("read the QR code: %v", err)
	}
	link := strings.TrimSpace(string(out))
	if !strings.HasPrefix(link, j.URL+"/verifikasi/") {
		j.t.Fatalf("the QR code leads to %q", link)
	}
	stranger := e2e.Open(j.t, j.URL, append([]e2e.Option{e2e.Phone}, j.options...)...).Go(strings.TrimPrefix(link, j.URL))
	stranger.WaitText("main", "S**** N").Sound()
	if text := stranger.Text("main"); strings.Contains(text, "Nurhayati") || !strings.Contains(strings.ToLower(text), "berlaku") {
		j.t.Fatalf("the verification says: %s", text)
	}
}

// TestTheCounterByKeyboard makes a letter with hands on the keyboard alone: from the
// NIK to the numbered print. The time of a trained typist's keystrokes and of the
// portal's answers is far below the promised ninety seconds.
func TestTheCounterByKeyboard(t *testing.T) {
	t.Parallel()
	o := newOffice(newCity(t))
	tab := e2e.Open(t, o.URL).Go("/uji/masuk/" + idText(o.accounts["operator"])).Go("/meja/surat/baru")
	strokes := 0
	focus := func(id string) {
		t.Helper()
		deadline := time.Now().Add(10 * time.Second)
		for {
			at := e2e.Eval[string](tab, `document.activeElement?.id ?? ""`)
			if at == id {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("after %d keystrokes the focus is on %q, want %q: %s", strokes, at, id, tab.Text("main"))
			}
			tab.Wait("main")
		}
	}
	press := func(keys string) {
		strokes += len([]rune(keys))
		tab.Press(keys)
	}
	began := time.Now()
	focus("cari")
	press(o.niks[0] + "\r")
	focus("kode-ketik")
	press("skc\r") // a code; a word of the title does as well
	tab.Wait("#isian")
	focus("f.keperluan")
	press("Melamar pekerjaan\t")
	fields := 0
	for e2e.Eval[string](tab, `document.activeElement.id`) != "semua" {
		if fields++; fields > 12 {
			t.Fatalf("Enter does not lead to the papers: %s", e2e.Eval[string](tab, `document.activeElement.outerHTML`))
		}
		switch e2e.Eval[string](tab, `document.activeElement.tagName`) {
		case "SELECT":
			press("polre\r") // letters choose, Enter goes on
		case "TEXTAREA":
			press("\t")
		default:
			press("\r")
		}
	}
	press(" \r") // all papers were seen; on to the button
	focus("cetak")
	press("\r")
	tab.WaitText("#cetak-sekarang", "sudah diberikan")
	took := time.Since(began)
	if !tab.Has(`a[href$="/berkas/cetak"]`) || !strings.Contains(tab.Path(), "/meja/surat/") {
		t.Fatalf("at %s", tab.Path())
	}
	var status letter.Status
	o.must(o.Pool.QueryRow(context.Background(), `SELECT status FROM epemerintahan_letter`).Scan(&status))
	if status != letter.Printed {
		t.Errorf("the letter is %s", status)
	}
	// 280 strokes a minute is an ordinary typist's pace.
	pace := time.Duration(strokes) * time.Minute / 280
	t.Logf("%d keystrokes: %v of typing; the portal answered in %v", strokes, pace.Round(time.Second), took.Round(time.Millisecond))
	if pace > 60*time.Second {
		t.Errorf("%d keystrokes take %v", strokes, pace)
	}
}
