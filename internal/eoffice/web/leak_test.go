package eofficeweb_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// logged is everything that the portal wrote to its log while this package was tested.
var logged logBook

type logBook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBook) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBook) tells(word string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return bytes.Contains(bytes.ToLower(b.text.Bytes()), []byte(strings.ToLower(word)))
}

func init() {
	slog.SetDefault(slog.New(slog.NewMultiHandler(
		slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}),
		slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}),
	)))
}

// channels is everything through which a letter may get to somebody, and what comes out of
// it: pages, PDFs and files of those who may see no more than the envelope; lists, searches
// and messages of everybody; the books; e-mail; the log; every row of every table, the index
// of the search among them.
func (o *office) channels(id int64, marker string, outsiders, insiders map[string]somebody) (telling []string) {
	o.t.Helper()
	tells := func(channel, text string) {
		if strings.Contains(strings.ToLower(text), strings.ToLower(marker)) {
			telling = append(telling, channel)
		}
	}
	for name, who := range outsiders {
		telling = append(telling, o.pages(name, id, marker, who)...)
		tells(name+": /buka", who.Get(path(id)+"/buka").Body)
		for _, book := range []string{"masuk", "surat", "surat-rahasia"} {
			for _, whole := range []string{"", "&semua=1"} {
				tells(name+": the book "+book, who.Get("/meja/eoffice/buku?buku="+book+whole).Body)
			}
		}
		if n := one[int](o, `SELECT count(*) FROM eoffice_reader r JOIN org_occupancy s ON s.position_id = r.position_id JOIN org_person p ON p.id = s.person_id
			WHERE r.letter_id = $1 AND p.account_id = $2`, id, who.id.AccountID); n > 0 {
			telling = append(telling, name+": is a reader")
		}
	}
	everybody := map[string]somebody{}
	for name, who := range insiders {
		everybody[name] = who
	}
	for name, who := range outsiders {
		everybody[name] = who
	}
	for name, who := range everybody {
		for _, q := range eoffice.Queues {
			tells(name+": the list "+string(q), who.Get("/meja/eoffice?antrean="+string(q)).Body)
		}
		found := who.Get("/meja/eoffice/cari").Want(http.StatusOK).Submit(searchForm, url.Values{"q": {marker}}).Want(http.StatusOK)
		tells(name+": what a search shows", found.Text("main table"))
		if found.Has(`main a[href="` + path(id) + `"]`) {
			telling = append(telling, name+": found by its words")
		}
		for _, at := range []string{"/akun/kotak-masuk", "/meja", "/meja/eoffice/waktu-meja"} {
			tells(name+": "+at, who.Get(at).Body)
		}
	}
	o.s.Deliver(o.t)
	for _, mail := range o.s.Mail.All() {
		tells("an e-mail to "+mail.To, fmt.Sprintf("%+v", mail))
	}
	if logged.tells(marker) {
		telling = append(telling, "the log")
	}
	rows, err := o.s.DB.Owner().Query(o.t.Context(), `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1`)
	if err != nil {
		o.t.Fatal(err)
	}
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			o.t.Fatal(err)
		}
		tables = append(tables, name)
	}
	for _, table := range tables {
		if one[bool](o, `SELECT EXISTS (SELECT FROM `+table+` x WHERE x::text ILIKE '%'||$1||'%')`, marker) {
			telling = append(telling, "the table "+table)
		}
	}
	if one[bool](o, `SELECT EXISTS (SELECT FROM eoffice_search WHERE words @@ websearch_to_tsquery('indonesian', $1))`, marker) {
		telling = append(telling, "the index")
	}
	return telling
}

// pages are those of a letter, its PDFs and files, that tell somebody of it.
func (o *office) pages(name string, id int64, marker string, who somebody) (telling []string) {
	o.t.Helper()
	tells := func(channel string, p *apptest.Page) {
		if strings.Contains(strings.ToLower(words(o.t, p)), strings.ToLower(marker)) {
			telling = append(telling, name+": "+channel)
		}
	}
	file := one[int64](o, `SELECT COALESCE(min(id), 0) FROM eoffice_file WHERE letter_id = $1`, id)
	order := one[int64](o, `SELECT COALESCE(min(id), 0) FROM eoffice_disposition WHERE letter_id = $1`, id)
	for _, at := range []string{"", "/versi", "/lampiran", "/isi", "/ubah", "/rujukan", "/disposisi", "/lampiran/" + strconv.FormatInt(file, 10)} {
		tells(at, who.Get(path(id)+at))
	}
	for _, paper := range []string{"naskah", "pindaian", "konsep", "cetak"} {
		tells(paper, who.Get(path(id)+"/berkas/"+paper))
	}
	tells("the sheet", who.Get(fmt.Sprintf("/meja/eoffice/disposisi/%d/lembar", order)))
	return telling
}

func one[T any](o *office, sql string, args ...any) (v T) {
	o.t.Helper()
	if err := o.s.DB.Owner().QueryRow(o.t.Context(), sql, args...).Scan(&v); err != nil {
		o.t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// words are those of a page or a PDF.
func words(t *testing.T, p *apptest.Page) string {
	t.Helper()
	if !strings.HasPrefix(p.Body, "%PDF") {
		return p.Body
	}
	at := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(at, []byte(p.Body), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", at, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

func wantNone(t *testing.T, telling []string) {
	t.Helper()
	if len(telling) > 0 {
		t.Errorf("told by:\n%s", strings.Join(telling, "\n"))
	}
}

// What is secret is seen by those named in it and nobody else; its clerks see the envelope.
func TestWhatIsSecretStaysSecret(t *testing.T) {
	o := newOffice(t)
	const marker = "Kerbau Putih"
	bidang := o.below(o.other, "Darwis")
	id, p := o.arrived(eoffice.Secret, "Tentang "+marker)
	if !strings.Contains(p.Text("main"), marker) {
		t.Error("the addressee does not see it")
	}
	link(t, o.other.Client, p, "Beri disposisi").Submit(giveForm, url.Values{part(bidang): {"laksana"}, eoffice.ControlNote: {"Urus " + marker}, eoffice.ControlAdmit: {"1"}, "@tombol": {"aksi=kirim"}}).Want(http.StatusOK)
	page := o.clerk.Get(path(id)).Want(http.StatusOK)
	if !strings.Contains(page.Text("main"), "RAHASIA") {
		t.Error("the clerk does not see the envelope")
	}
	o.spy.Get(path(id)).Want(http.StatusNotFound)
	wantNone(t, o.channels(id, marker, map[string]somebody{"clerk": o.clerk, "their clerk": o.otherClerk, "spy": o.spy},
		map[string]somebody{"head": o.head, "drafter": o.drafter, "addressee": o.other, "bidang": bidang}))
}

// What becomes secret on its way is seen by nobody else from then on: every channel that told
// of it before is silent.
func TestWhatBecomesSecretIsSilencedEverywhere(t *testing.T) {
	o := newOffice(t)
	const marker = "Kuda Hitam"
	bidang := o.below(o.other, "Darwis")
	colleague := o.below(o.other, "Nirwana")
	o.s.Grant(t, colleague.id.PositionID, one[int64](o, `SELECT unit_id FROM org_position WHERE id = $1`, colleague.id.PositionID), eoffice.PermUnitView)
	id, p := o.arrived(eoffice.Open, "Tentang "+marker)
	link(t, o.other.Client, p, "Beri disposisi").Submit(giveForm, url.Values{part(bidang): {"laksana"}, eoffice.ControlNote: {"Urus " + marker}, "@tombol": {"aksi=kirim"}}).Want(http.StatusOK)
	outsiders := map[string]somebody{"clerk": o.clerk, "their clerk": o.otherClerk, "colleague": colleague, "spy": o.spy}
	insiders := map[string]somebody{"head": o.head, "drafter": o.drafter, "addressee": o.other, "bidang": bidang}
	before := o.channels(id, marker, outsiders, insiders)
	for _, want := range []string{"clerk: ", "clerk: naskah", "clerk: the book surat", "their clerk: the book masuk", "their clerk: the sheet", "colleague: found by its words", "bidang: the list disposisi-baru",
		"bidang: /akun/kotak-masuk", "the index", "the table eoffice_letter", "the table eoffice_version", "the table eoffice_disposition", "the table eoffice_search", "the table notify_message"} {
		if !strings.Contains("\n"+strings.Join(before, "\n")+"\n", "\n"+want+"\n") {
			t.Errorf("before, %q does not tell: %v", want, before)
		}
	}
	o.s.Mail.Forget()
	o.other.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/naikkan-sifat"]`, url.Values{"sifat": {"R"}, "alasan": {"Menyangkut " + marker}}).Want(http.StatusOK)
	wantNone(t, o.channels(id, marker, outsiders, insiders))
	if len(o.s.Mail.All()) == 0 {
		t.Error("nobody was told that it was raised")
	}
	for name, who := range insiders {
		page := who.Get(path(id)).Want(http.StatusOK)
		if !strings.Contains(page.Text("main"), marker) || !strings.Contains(page.Text("main"), "Sifatnya dinaikkan menjadi rahasia") {
			t.Errorf("%s lost it", name)
		}
		mark := "Salinan 2 dari 2"
		if name == "addressee" || name == "bidang" {
			mark = "Salinan 1 dari 2"
		}
		pdf := words(t, who.Get(path(id)+"/berkas/naskah").Want(http.StatusOK))
		for where, said := range map[string]string{"page": page.Text(".copy-mark"), "PDF": pdf} {
			if !strings.Contains(said, "Salinan untuk") || !strings.Contains(said, mark) {
				t.Errorf("the %s that %s reads does not say whose it is: %s", where, name, page.Text(".copy-mark"))
			}
		}
	}
}

// What is most secret, where the city keeps it, is on one page, to look at after the password
// and for ten minutes; no other channel tells of it, those of the named ones included.
func TestTheMostSecretIsOnlyLookedAt(t *testing.T) {
	o := newOffice(t)
	const marker = "Rusa Perak"
	h := o.s.Hire(t, apptest.Staff{Email: "pengatur@kantor.example", Name: "Pengatur", Title: "Pengatur", UnitCode: one[string](o, `SELECT code FROM org_unit WHERE parent_id IS NULL`),
		Kind: "pelaksana", Permissions: []authz.Permission{eoffice.PermConfigure}})
	boss := somebody{o.s.SignedIn(t, h.AccountID), h}
	for _, who := range []somebody{boss, o.drafter, o.verifier, o.other} {
		o.s.Password(t, who.id.AccountID, password)
	}
	const setting = `form[action$="/kerahasiaan"]`
	p := boss.Get("/meja/eoffice/atur/kerahasiaan").Want(http.StatusOK)
	p.Submit(setting, url.Values{eoffice.ControlKeepBodies: {"1"}}).Want(http.StatusUnprocessableEntity)
	p.Submit(setting, url.Values{eoffice.ControlKeepBodies: {"1"}, "sandi": {password}}).Want(http.StatusOK)
	o.head.Get("/meja/eoffice/atur/kerahasiaan").Want(http.StatusNotFound)

	id, _ := o.write(eoffice.HighlySecret, "Perkara "+marker, "Isi "+marker+".")
	reads := func(who somebody) {
		t.Helper()
		at := path(id) + "/buka"
		p := who.Get(at).Want(http.StatusOK)
		if strings.Contains(p.Body, marker) {
			t.Error("told before the password")
		}
		const ask = `form[action$="/buka"]`
		p.Submit(ask, url.Values{"sandi": {"salah"}}).Want(http.StatusUnprocessableEntity)
		p = p.Submit(ask, url.Values{"sandi": {password}}).Want(http.StatusOK)
		if !strings.Contains(p.Text("article"), marker) || !strings.Contains(p.Text(".copy-mark"), "Salinan untuk") || p.Header.Get("Refresh") == "" {
			t.Errorf("after it: %s", p.Text("main"))
		}
	}
	reads(o.verifier)
	o.verifier.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/paraf"]`, nil).Want(http.StatusOK)
	reads(o.head)
	o.clerk.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/beri-nomor"]`, nil).Want(http.StatusOK)
	o.clerk.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/pindai"]`, nil).Want(http.StatusOK)
	o.clerk.Get(path(id)).Want(http.StatusOK).Submit(`form[action$="/kirim"]`, nil).Want(http.StatusOK)
	reads(o.other)
	if o.other.Get(path(id)).Want(http.StatusOK).Has(`a[href*="/disposisi?"]`) {
		t.Error("offers orders about the most secret")
	}
	for name, who := range map[string]somebody{"clerk": o.clerk, "their clerk": o.otherClerk} {
		if got := who.Get(path(id) + "/buka"); got.Status != http.StatusForbidden {
			t.Errorf("%s gets %d", name, got.Status)
		}
	}
	named := map[string]somebody{"head": o.head, "drafter": o.drafter, "addressee": o.other, "verifier": o.verifier}
	wantNone(t, o.channels(id, marker, map[string]somebody{"clerk": o.clerk, "their clerk": o.otherClerk, "spy": o.spy}, named))
	for name, who := range named {
		wantNone(t, o.pages(name, id, marker, who))
	}
	o.s.Clock.Advance(eoffice.BodyOpenFor)
	if p := o.other.Get(path(id) + "/buka").Want(http.StatusOK); strings.Contains(p.Body, marker) || !p.Has(`input[type="password"]`) {
		t.Error("open after ten minutes")
	}
}
