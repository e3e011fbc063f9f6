package letterweb_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
)

// letterID of a request number.
func (v *village) letterID(number string) (id int64) {
	v.t.Helper()
	v.must(v.Pool.QueryRow(context.Background(), `SELECT id FROM epemerintahan_letter WHERE request_number = $1`, number).Scan(&id))
	return id
}

func TestAReturnedLetterIsMendedAndSentAgain(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	c, _ := v.proved(0)
	number := numberOf(t, v.sent(c))
	act := letter.Act{ID: v.letterID(number), Reason: "Pengantar RT kabur. Potret lagi, dan tulis nama banknya."}
	v.must(v.App.Letters.Do(t.Context(), v.Operator, letter.ActReturn, act))
	p := c.Get("/surat/" + number).Want(http.StatusOK)
	if !strings.Contains(p.Text("#pesan-petugas"), "Pengantar RT kabur") || !strings.Contains(p.Text("#di-mana"), "waktu layanan berhenti") {
		t.Fatalf("what to do: %s", p.Text("main"))
	}
	p = c.Get(p.Doc.Find(`a[href$="/perbaiki"]`).AttrOr("href", "")).Want(http.StatusOK)
	paperPage := p.Doc.Find(".paper-list a").First().AttrOr("href", "")
	p = arrived(t, c.Get(paperPage).Submit("form[data-photos]", nil, paper()), "/perbaiki")
	refusedAt(t, p.Submit("#isian", fields("f.keperluan", "")), "f.keperluan", "Isi")
	p = p.Submit("#isian", fields("f.keperluan", "Membuka rekening Bank Sulselbar")).Want(http.StatusOK)
	for _, want := range []string{"sudah dikirim lagi", "Diperiksa", "Bank Sulselbar", "Dikirim lagi setelah dilengkapi"} {
		if !strings.Contains(p.Text("main"), want) {
			t.Errorf("after mending it does not say %q: %s", want, p.Text("main"))
		}
	}
	c.Get("/surat/" + number + "/perbaiki").Want(http.StatusConflict)
	c.Get(paperPage).Want(http.StatusConflict)
	p = c.Get("/surat/"+number).Submit("#batalkan form", fields("alasan", "Tidak jadi")).Want(http.StatusOK)
	if !strings.Contains(p.Text("#di-mana"), "dibatalkan") || p.Has("#batalkan") {
		t.Errorf("cancelled: %s", p.Text("main"))
	}
	v.holds(number)
}

// holds has the scans of a letter held and let go on the page of those who set up letters.
func (v *village) holds(number string) {
	v.t.Helper()
	const page, hold = "/meja/surat/masa-simpan", `main form[action="/meja/surat/masa-simpan"]`
	may := []authz.Permission{letter.PermConfigure}
	keeper := v.SignedIn(v.t, v.Hire(v.t, apptest.Staff{Email: "penjaga@kota.example", Name: "Mulyani", UnitCode: kassiKassi, Permissions: may}).AccountID)
	other := v.SignedIn(v.t, v.Hire(v.t, apptest.Staff{Email: "penjaga.lain@kota.example", Name: "Syahrir", UnitCode: tidung, Permissions: may}).AccountID)
	asked := values("nomor", strings.ToLower(number), "diminta_oleh", "Pengadilan Negeri Makassar", "alasan", "Perkara 12/2026")
	if p := other.Get(page).Submit(hold, asked).Want(http.StatusUnprocessableEntity); !strings.Contains(p.Text("main"), "Tidak ada permohonan dengan nomor ini") {
		v.t.Errorf("another kelurahan holds it: %s", p.Text("main"))
	}
	p := keeper.Get(page).Submit(hold, values("nomor", number, "diminta_oleh", "Pengadilan Negeri Makassar", "alasan", "ya")).Want(http.StatusUnprocessableEntity)
	if p.Doc.Find("#nomor").AttrOr("value", "") != number || !p.Has("details.act[open]") {
		v.t.Errorf("what was typed is lost: %s", p.Text("main"))
	}
	p = p.Submit(hold, asked).Want(http.StatusOK)
	for _, want := range []string{"Permohonan ditahan", number, "Pengadilan Negeri Makassar", "Perkara 12/2026", "Mulyani"} {
		if !strings.Contains(p.Text("body"), want) {
			v.t.Errorf("the page of holds does not say %q: %s", want, p.Text("main"))
		}
	}
	if p := keeper.Get(page).Submit(hold, asked).Want(http.StatusConflict); !strings.Contains(p.Text("main"), "sudah ditahan") {
		v.t.Errorf("held twice: %s", p.Text("main"))
	}
	lift := `main form[action$="/lepas"]`
	if p := other.Get(page).Want(http.StatusOK); strings.Contains(p.Text("main"), number) {
		v.t.Error("another kelurahan sees the hold")
	}
	path := keeper.Get(page).Doc.Find(lift).AttrOr("action", "")
	other.Post(path, nil).Want(http.StatusNotFound)
	if p := keeper.Get(page).Submit(lift, nil).Want(http.StatusOK); !strings.Contains(p.Text("body"), "Penahanan dilepas") || p.Has(lift) {
		v.t.Errorf("lifted: %s", p.Text("body"))
	}
	keeper.Post(path, nil).Want(http.StatusNotFound)
}

func TestAWetLetterIsDownloadedAndFetched(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	c, a := v.proved(0)
	number := numberOf(t, v.sent(c))
	ctx, m, act := t.Context(), v.App.Letters, letter.Act{ID: v.letterID(number)}
	c.Get("/surat/" + number + "/unduh").Want(http.StatusNotFound)
	d, err := m.MyLetter(ctx, a, number)
	v.must(err)
	in := letter.Checking{Act: act}
	for _, r := range d.Kind.Requirements {
		in.Checked = append(in.Checked, r.Name)
	}
	v.must(m.Check(ctx, v.Operator, in))
	v.must(m.Print(ctx, v.Operator, act))
	if got := c.Get("/surat/" + number).Text("#di-mana"); !strings.Contains(got, "sudah bernomor dan dicetak") {
		t.Errorf("printed: %s", got)
	}
	v.must(m.AttachScan(ctx, v.Operator, act, letter.File{Name: "x.jpg", ReadSeeker: bytes.NewReader(mediatest.JPEG(800, 1100))}))
	p := c.Get("/surat/" + number).Want(http.StatusOK)
	if !strings.Contains(p.Text("#ambil"), "Kelurahan Kassi-Kassi") || !strings.Contains(p.Text("main"), "kode QR") {
		t.Errorf("issued: %s", p.Text("main"))
	}
	file := c.Get(p.Doc.Find(`a[href$="/unduh"]`).AttrOr("href", "")).Want(http.StatusOK)
	name := file.Header.Get("Content-Disposition")
	if !strings.HasPrefix(file.Body, "%PDF") || !strings.Contains(name, number) || strings.Contains(name, "Sitti") {
		t.Errorf("downloaded %q: %.20q", name, file.Body)
	}
	looks := c.Get("/surat/data-saya").Want(http.StatusOK).Text("#pembaca")
	if !strings.Contains(looks, "Pengelola Pelayanan Kelurahan") || strings.Contains(looks, "Hasnah") {
		t.Errorf("who looked: %s", looks)
	}
}

func TestTheHeadOfTheRTAnswersOnce(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	ctx, m := t.Context(), v.App.Letters
	office, err := m.OfficeOf(ctx, v.Kelurahan)
	v.must(err)
	office.AskRT, office.Address = true, "Jl. Toddopuli Raya No. 1"
	v.must(m.SaveOffice(ctx, v.Operator, office))
	v.must(m.SaveContact(ctx, v.Operator, letter.Contact{KelurahanID: v.Kelurahan, RW: "003", RT: "002", Name: "Dg. Sila", Email: "rt@portal.example"}))
	c, _ := v.proved(0)
	number := numberOf(t, v.sent(c))
	token := crypt.Token()
	_, err = v.DB.Owner().Exec(ctx, `UPDATE epemerintahan_neighbour_ask SET token_hash = $2 WHERE letter_id = $1`, v.letterID(number), crypt.HashToken(token))
	v.must(err)
	if got := c.Get("/surat/" + number).Text("#di-mana"); !strings.Contains(got, "Ketua RT/RW") {
		t.Errorf("where it is: %s", got)
	}
	rt := v.Client(t)
	p := rt.Get("/surat/rt/" + token).Want(http.StatusOK)
	if got := p.Text("#permohonan"); !strings.Contains(got, "Sitti Rahmawati") || strings.Contains(p.Body, v.NIK[0]) {
		t.Errorf("asked: %s", got)
	}
	refusedAt(t, p.Submit("#jawab", nil), "jawaban", "benar atau tidak")
	refusedAt(t, p.Submit("#jawab", fields("jawaban", "tidak")), "catatan", "tidak sesuai")
	if got := p.Submit("#jawab", fields("jawaban", "benar", "catatan", "Saya kenal.")).Want(http.StatusOK).Text("main"); !strings.Contains(got, "Terima kasih") {
		t.Errorf("answered: %s", got)
	}
	if got := p.Submit("#jawab", fields("jawaban", "tidak", "catatan", "Ternyata bukan warga saya.")).Want(http.StatusOK).Text("main"); !strings.Contains(got, "Terima kasih") {
		t.Errorf("answered twice: %s", got)
	}
	if p := c.Get("/surat/" + number); !strings.Contains(p.Text("main"), "RT/RW membenarkan") || strings.Contains(p.Text("main"), "bukan warga") {
		t.Errorf("the first answer counts: %s", p.Text("main"))
	}
	v.Clock.Advance(4 * 24 * time.Hour)
	if p := rt.Get("/surat/rt/" + token).Want(http.StatusNotFound); !strings.Contains(p.Text("main"), "tidak berlaku lagi") {
		t.Errorf("lapsed: %s", p.Text("main"))
	}
}

func TestWhoSomebodyIsIsProvedOnce(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	account := v.Citizen(t, "sitti@portal.example", "Sitti")
	c := v.SignedIn(t, account)
	if p := c.Get("/surat/ajukan/DOM").Want(http.StatusOK); p.Has("#untuk-siapa") || !p.Has(`a[href="/surat/identitas"]`) {
		t.Fatalf("unproved: %s", p.Text("main"))
	}
	p := c.Get("/surat/identitas").Want(http.StatusOK)
	const form = "form[data-photos]"
	refusedAt(t, p.Submit(form, fields("nik", "7371", "kelurahan", id(v.Kelurahan))), "nik", "16 angka")
	refusedAt(t, p.Submit(form, fields("nik", v.NIK[0])), "kelurahan", "Pilih kelurahan")
	photo := paper()
	photo.Control, photo.Data = "ktp", []byte("bukan foto")
	refusedAt(t, p.Submit(form, fields("nik", v.NIK[0], "kelurahan", id(v.Kelurahan)), photo), "ktp", "bukan PDF atau foto")
	// Whether the number is anybody's the answer does not tell.
	answers := map[string]string{}
	for _, nik := range []string{"7371130101809999", v.NIK[0]} {
		photo.Data = mediatest.JPEG(640, 400)
		sent := p.Submit(form, fields("nik", nik, "kelurahan", id(v.Kelurahan)), photo).Want(http.StatusOK)
		if strings.Contains(sent.Body, nik) {
			t.Error("the NIK stands on the page in full")
		}
		answers[strings.ReplaceAll(sent.Text("main"), nik[12:], "")] = nik
	}
	if len(answers) != 1 {
		t.Errorf("the answers differ: %v", answers)
	}
	p = c.Get("/surat/identitas").Want(http.StatusOK)
	code := strings.ReplaceAll(p.Submit("#di-loket form", nil).Want(http.StatusOK).Text("#kode"), " ", "")
	claim, err := v.App.Letters.ClaimByCode(t.Context(), v.Operator, code)
	v.must(err)
	v.must(v.App.Letters.ConfirmIdentity(t.Context(), v.Operator, claim.ID))
	if p := c.Get("/surat/identitas").Want(http.StatusOK); !strings.Contains(p.Text("h1"), "sudah dipastikan") || !strings.Contains(p.Text("#keadaan"), v.NIK[0][12:]) {
		t.Errorf("proved: %s", p.Text("main"))
	}
	if p := c.Get("/surat/ajukan/DOM"); !p.Has("#untuk-siapa") {
		t.Errorf("proved, and still: %s", p.Text("main"))
	}
}

func TestAnExpiredLoginKeepsTheDraft(t *testing.T) {
	t.Parallel()
	v := newVillage(t)
	c, a := v.proved(0)
	p := v.draft(c, "DOM", 0)
	p = p.Submit("#isian", fields("f.keperluan", "Membuka rekening", "f.alamat_domisili", "Kos Mutiara")) // kept
	draft := strings.TrimSuffix(p.URL.Path, "/berkas")
	form := c.Get(draft + "/isian/1").Want(http.StatusOK)
	_, err := v.DB.Owner().Exec(t.Context(), `DELETE FROM authn_session WHERE account_id = $1`, a.AccountID)
	v.must(err)
	if p := form.Submit("#isian", fields("f.keperluan", "Melamar pekerjaan di pelabuhan")); p.URL.Path != "/masuk" {
		t.Fatalf("without a session at %s", p.URL.Path)
	}
	c.Get("/uji/masuk/" + id(a.AccountID))
	p = c.Get("/lanjutkan").Want(http.StatusOK)
	arrived(t, p.Submit("main form", nil), "/berkas") // the answer goes where it belonged
	if got := c.Get(draft + "/isian/1").Doc.Find(`[name="f.keperluan"]`).Text(); !strings.Contains(got, "pelabuhan") {
		t.Errorf("the draft has %q", got)
	}
	if p := c.Get("/surat/saya"); !p.Has(`a[href="` + draft + `"]`) {
		t.Errorf("the draft is not among the own letters: %s", p.Text("main"))
	}
	if p := c.Get(draft+"/periksa").Submit(`form[action$="/hapus"]`, nil).Want(http.StatusOK); p.URL.Path != "/surat" {
		t.Errorf("thrown away to %s", p.URL.Path)
	}
	c.Get(draft).Want(http.StatusNotFound)
}
