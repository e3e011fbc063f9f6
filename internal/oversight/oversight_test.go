package oversight_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/oversight"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// house is a portal with an Inspektorat, and a report at Dinas PU and one at the
// Dishub.
type house struct {
	*testing.T
	*apptest.Server
	secretary, auditor, other apptest.Hired
	theirs, elsewhere         string // numbers of the reports
}

func newHouse(t *testing.T) *house {
	t.Helper()
	t.Parallel()
	h := &house{T: t, Server: apptest.New(t)}
	reads := []authz.Permission{mtr.PermOverview, mtr.PermReveal}
	h.secretary = h.Hire(t, apptest.Staff{Email: "sekretaris@kota.example", Name: "Nurbaya", UnitCode: "INSP", City: true, Permissions: append(reads, oversight.PermAssign)})
	h.auditor = h.Hire(t, apptest.Staff{Email: "auditor@kota.example", Name: "Jumriati", UnitCode: "INSP", City: true, Permissions: reads})
	h.other = h.Hire(t, apptest.Staff{Email: "rekan@kota.example", Name: "Yunus", UnitCode: "INSP", City: true, Permissions: reads})
	dispatcher := h.Hire(t, apptest.Staff{Email: "dewi@kota.example", Name: "Dewi", UnitCode: "KOMINFO", City: true, Permissions: []authz.Permission{mtr.PermDispatch}})
	for i, unit := range []string{"DPU", "DISHUB"} {
		r, err := h.App.MTR.Submit(t.Context(), authz.Actor{}, apptest.Draft(t, h.App, i+1, mediatest.JPEG(800, 600, mediatest.Seed(uint64(i)))))
		h.must(err)
		d, err := h.App.MTR.DeskView(t.Context(), h.Actor(t, dispatcher.AccountID), r.Number)
		h.must(err)
		h.must(h.App.MTR.Forward(t.Context(), h.Actor(t, dispatcher.AccountID), mtr.ForwardInput{Act: mtr.Act{ReportID: d.ID, Version: d.Version}, UnitID: h.unit(unit)}))
		if i == 0 {
			h.theirs = r.Number
		} else {
			h.elsewhere = r.Number
		}
	}
	return h
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) unit(code string) (id int64) {
	h.Helper()
	h.must(h.Pool.QueryRow(h.Context(), `SELECT id FROM org_unit WHERE code = $1 AND valid_to IS NULL`, code).Scan(&id))
	return id
}

func (h *house) who(p apptest.Hired) authz.Actor { return h.Actor(h.T, p.AccountID) }

// input is an assignment over the reports of Dinas PU from tomorrow for ten days, for the auditor.
func (h *house) input(number string) oversight.Input {
	today := h.Clock.Now().Truncate(time.Hour).Add(-9 * time.Hour) // midnight
	return oversight.Input{Number: number, IssuedOn: today, Subject: "Penanganan laporan jalan", From: today.AddDate(0, 0, 1), Until: today.AddDate(0, 0, 10),
		Modules: []string{"mtr"}, UnitCodes: []string{"DPU"}, Members: []int64{h.auditor.PersonID}}
}

func (h *house) register(in oversight.Input) int64 {
	h.Helper()
	id, err := h.App.Oversight.Register(h.Context(), h.who(h.secretary), in)
	h.must(err)
	return id
}

// page wants the answer to somebody who asks for a report's page.
func (h *house) page(p apptest.Hired, number string, status int) {
	h.Helper()
	h.SignedIn(h.T, p.AccountID).Get("/meja/mtr/" + number).Want(status)
}

func (h *house) count(sql string, args ...any) int {
	h.Helper()
	n, err := pg.Scalar[int](h.Context(), h.Pool, sql, args...)
	h.must(err)
	return n
}

// The Inspektorat reads the material of others only by an assignment that runs, names the
// reader and covers the unit, and the trail names it. Its own house needs none.
func TestTheInspektoratReadsByAssignmentAlone(t *testing.T) {
	h := newHouse(t)
	h.page(h.auditor, h.theirs, http.StatusNotFound) // the grant alone opens nothing
	if own := h.who(h.auditor).Units(mtr.PermReveal); !slices.Equal(own, []int64{h.auditor.UnitID}) {
		t.Errorf("without an assignment the grant holds in %v, not in the Inspektorat %d alone", own, h.auditor.UnitID)
	}
	first := h.register(h.input("700.1/001/INSP/2026"))
	h.page(h.auditor, h.theirs, http.StatusNotFound) // it begins tomorrow
	h.Clock.Advance(24 * time.Hour)
	h.page(h.auditor, h.theirs, http.StatusOK)
	h.page(h.auditor, h.elsewhere, http.StatusNotFound) // not covered
	h.page(h.other, h.theirs, http.StatusNotFound)      // no member
	h.page(h.secretary, h.theirs, http.StatusNotFound)  // who registers it is none either
	if n := h.count(`SELECT count(*)::int FROM audit_entry WHERE action = 'mtr.page.open' AND account_id = $1 AND detail -> 'surat_tugas' ? '700.1/001/INSP/2026' AND detail ->> 'nomor' = $2`, h.auditor.AccountID, h.theirs); n != 1 {
		t.Errorf("the page that was opened is %d times in the trail with the assignment", n)
	}
	if n := h.count(`SELECT count(*)::int FROM audit_entry WHERE detail ? 'surat_tugas' AND account_id = $1`, h.other.AccountID); n != 0 {
		t.Errorf("who is no member has %d entries with an assignment", n)
	}
	// What opens an identity names it too.
	second := h.input("700.1/002/INSP/2026")
	second.UnitCodes = []string{"DISHUB"}
	later := h.register(second)
	h.Clock.Advance(24 * time.Hour)
	h.page(h.auditor, h.elsewhere, http.StatusOK)
	d, err := h.App.MTR.DeskView(t.Context(), h.who(h.auditor), h.theirs)
	h.must(err)
	_, err = h.App.MTR.RevealIdentity(t.Context(), h.who(h.auditor), mtr.ReasonInput{Act: mtr.Act{ReportID: d.ID, Version: d.Version}, Reason: "Meminta keterangan pelapor tentang hasilnya."})
	h.must(err)
	if n := h.count(`SELECT count(*)::int FROM audit_entry WHERE account_id = $1 AND action = 'mtr.report.reveal' AND detail -> 'surat_tugas' ? '700.1/001/INSP/2026'`, h.auditor.AccountID); n != 1 {
		t.Errorf("the opened identity names its assignment %d times", n)
	}
	// Where an act says its unit, only what covers it is named.
	h.must(audit.Write(t.Context(), h.Pool, h.who(h.auditor), h.Clock.Now(), audit.Entry{Action: "mtr.report.uji", UnitID: h.unit("DPU")}))
	if n := h.count(`SELECT count(*)::int FROM audit_entry WHERE action = 'mtr.report.uji' AND detail = '{"surat_tugas": ["700.1/001/INSP/2026"]}'`); n != 1 {
		t.Error("an act in a unit does not name the assignment that covers it alone")
	}
	// Revoked in the middle: the next page is gone.
	h.must(h.App.Oversight.Revoke(t.Context(), h.who(h.secretary), first, "Tim diganti dengan yang baru."))
	h.page(h.auditor, h.theirs, http.StatusNotFound)
	h.page(h.auditor, h.elsewhere, http.StatusOK)
	if err := h.App.Oversight.Revoke(t.Context(), h.who(h.secretary), first, "Sekali lagi dicabut."); errs.KindOf(err) != errs.Conflict {
		t.Errorf("a second time it is revoked: %v", err)
	}
	for _, who := range []apptest.Hired{h.auditor, h.other} {
		if err := h.App.Oversight.Revoke(t.Context(), h.who(who), later, "Bukan hak saya."); errs.KindOf(err) != errs.NotFound {
			t.Errorf("somebody else revokes: %v", err)
		}
	}
	// Over: nothing.
	h.Clock.Advance(10 * 24 * time.Hour)
	h.page(h.auditor, h.elsewhere, http.StatusNotFound)
	h.SignedIn(t, h.auditor.AccountID).Get("/meja/mtr").Want(http.StatusOK) // their own desk
}

// What an account was granted as an auditor's ends with the post at the Inspektorat; what it was
// granted before or afterwards counts where it is.
func TestAnAuditorsGrantsEndWithThePost(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	exec := func(sql string, args ...any) {
		t.Helper()
		_, err := h.DB.Owner().Exec(ctx, sql, args...)
		h.must(err)
	}
	give := func(to apptest.Hired, p authz.Permission, created, from time.Time) {
		t.Helper()
		exec(`WITH r AS (INSERT INTO authz_role (code, name) VALUES ('uji-akun-' || (SELECT count(*) FROM authz_role), 'Uji') RETURNING id),
			p AS (INSERT INTO authz_role_permission (role_id, permission) SELECT id, $2 FROM r)
			INSERT INTO authz_grant (role_id, account_id, unit_id, valid_from, created_at) SELECT r.id, $1, u.id, $3, $4 FROM r, org_unit u WHERE u.parent_id IS NULL`,
			to.AccountID, string(p), from, created)
	}
	h.register(h.input("700.1/001/INSP/2026"))                    // from tomorrow on
	now, before := h.Clock.Now(), h.Clock.Now().AddDate(-2, 0, 0) // the post is a year old
	city := h.who(h.Hire(t, apptest.Staff{Email: "kota@kota.example", Name: "Kota", UnitCode: "DPU", City: true, Permissions: []authz.Permission{mtr.PermHandle}})).Units(mtr.PermHandle)
	give(h.auditor, mtr.PermWork, before, before)  // from another life
	give(h.auditor, mtr.PermValidate, now, now)    // as an auditor
	give(h.auditor, mtr.PermModerate, before, now) // before, for the post
	give(h.auditor, "kalender.kelola", now, now)   // administration is by grants alone
	h.Clock.Advance(time.Hour)
	for _, p := range []authz.Permission{mtr.PermWork, mtr.PermValidate, mtr.PermModerate} {
		if got := h.who(h.auditor).Units(p); !slices.Equal(got, []int64{h.auditor.UnitID}) {
			t.Errorf("%s holds in %v while the post is held", p, got)
		}
	}
	exec(`UPDATE org_occupancy SET ends_at = $2 WHERE id = $1`, h.auditor.OccupancyID, h.Clock.Now())
	h.Clock.Advance(time.Hour)
	give(h.auditor, mtr.PermDispatch, h.Clock.Now(), h.Clock.Now()) // afterwards
	h.Clock.Advance(time.Hour)
	for p, want := range map[authz.Permission][]int64{mtr.PermWork: city, mtr.PermValidate: {}, mtr.PermModerate: {}, mtr.PermDispatch: city, mtr.PermReveal: {}, "kalender.kelola": city} {
		if got := h.who(h.auditor).Units(p); !slices.Equal(got, want) && len(got)+len(want) > 0 {
			t.Errorf("after the post %s holds in %v, want %v", p, got, want)
		}
	}
	// An assignment that names them opens nothing either.
	h.Clock.Advance(24 * time.Hour)
	if got := h.who(h.auditor).Units(mtr.PermValidate); len(got) > 0 {
		t.Errorf("an assignment opens %v to who left", got)
	}
	exec(`INSERT INTO org_occupancy (position_id, person_id, kind, starts_at) VALUES ($1, $2, 'definitif', $3)`, h.auditor.PositionID, h.auditor.PersonID, h.Clock.Now())
	if got := h.who(h.auditor).Units(mtr.PermValidate); !slices.Equal(got, []int64{h.auditor.UnitID, h.unit("DPU")}) && !slices.Equal(got, []int64{h.unit("DPU"), h.auditor.UnitID}) {
		t.Errorf("back at the post it holds in %v", got)
	}
}

// What is registered is checked, nobody registers for themselves or from outside, and of two
// with one number at once one is there.
func TestAssignmentsAreRegistered(t *testing.T) {
	h := newHouse(t)
	for control, change := range map[string]func(*oversight.Input){
		oversight.ControlNumber:  func(in *oversight.Input) { in.Number = "7" },
		oversight.ControlIssued:  func(in *oversight.Input) { in.IssuedOn = in.From },
		oversight.ControlSubject: func(in *oversight.Input) { in.Subject = "apa" },
		oversight.ControlUntil:   func(in *oversight.Input) { in.Until = in.From.AddDate(1, 0, 1) },
		oversight.ControlModules: func(in *oversight.Input) { in.Modules = []string{"akun"} },
		oversight.ControlUnits:   func(in *oversight.Input) { in.UnitCodes = []string{"DPU", "TIDAKADA"} },
		oversight.ControlMembers: func(in *oversight.Input) { in.Members = []int64{h.secretary.PersonID} },
	} {
		in := h.input("700.1/009/INSP/2026")
		change(&in)
		_, err := h.App.Oversight.Register(t.Context(), h.who(h.secretary), in)
		if wrong := errs.FieldsOf(err); len(wrong) != 1 || wrong[0].Name != control {
			t.Errorf("%s is answered %v", control, err)
		}
	}
	outside := h.Hire(t, apptest.Staff{Email: "jauh@kota.example", Name: "Jauh", UnitCode: "DPU", City: true, Permissions: []authz.Permission{oversight.PermAssign}})
	if _, err := h.App.Oversight.Register(t.Context(), h.who(outside), h.input("700.1/010/INSP/2026")); errs.KindOf(err) != errs.NotFound {
		t.Errorf("somebody without a post there registers: %v", err)
	}
	h.SignedIn(t, outside.AccountID).Get("/meja/pengawasan").Want(http.StatusNotFound)

	var all sync.WaitGroup
	failures := make([]error, 4)
	for i := range failures {
		in := h.input("700.1/011/INSP/2026")
		if i%2 == 1 {
			in.Number = "700.1/011/insp/2026"
		}
		all.Go(func() { _, failures[i] = h.App.Oversight.Register(t.Context(), h.who(h.secretary), in) })
	}
	all.Wait()
	done := 0
	for _, err := range failures {
		if wrong := errs.FieldsOf(err); err == nil {
			done++
		} else if len(wrong) != 1 || wrong[0].Name != oversight.ControlNumber {
			t.Errorf("a number that is taken is answered %v", err)
		}
	}
	if n := h.count(`SELECT count(*)::int FROM authz_assignment`); done != 1 || n != 1 || h.count(`SELECT count(*)::int FROM audit_entry WHERE action = 'oversight.assignment.register'`) != 1 {
		t.Errorf("%d were registered, %d are there", done, n)
	}
	// The page does it too, and keeps what was typed.
	page := h.SignedIn(t, h.secretary.AccountID).Get("/meja/pengawasan/baru").Want(http.StatusOK)
	typed := url.Values{"nomor": {"700.1/012/INSP/2026"}, "tanggal": {"2026-11-24"}, "perihal": {"Penanganan laporan jalan"}, "mulai": {"2026-11-24"}, "sampai": {"2026-11-20"},
		"modul": {"mtr"}, "unit": {"DPU\nDISHUB"}, "anggota": {fmt.Sprint(h.auditor.PersonID)}}
	if page = page.Submit("main form", typed).Want(http.StatusUnprocessableEntity); page.Doc.Find("#nomor").AttrOr("value", "") != "700.1/012/INSP/2026" || !page.Has(`input[name=anggota][checked]`) {
		t.Errorf("what was typed is lost: %s", page.Text("main"))
	}
	if text := page.Submit("main form", url.Values{"sampai": {"2026-11-30"}}).Want(http.StatusOK).Text("main"); !strings.Contains(text, "Berjalan") || !strings.Contains(text, "Dinas Perhubungan") {
		t.Errorf("what was registered is %q", text)
	}
	if text := h.SignedIn(t, h.auditor.AccountID).Get("/meja").Want(http.StatusOK).Text("body"); !strings.Contains(text, "Surat tugas") {
		t.Error("the member finds no way to it")
	}
}

// Evidence is what the assignment opens; packed, every file is as the manifest says, and the
// signature covers the manifest.
func TestEvidenceIsPackedAndSigned(t *testing.T) {
	h := newHouse(t)
	in := h.input("700.1/001/INSP/2026")
	in.From = in.IssuedOn
	id := h.register(in)
	auditor := h.SignedIn(t, h.auditor.AccountID)
	at := "/meja/pengawasan/" + fmt.Sprint(id)
	mark := `main form[action$="/bukti"]`
	for _, ref := range []string{h.elsewhere, "MTR-26-999999", "bukan nomor"} {
		auditor.Get(at).Want(http.StatusOK).Submit(mark, url.Values{"rujukan": {ref}}).Want(http.StatusUnprocessableEntity)
	}
	auditor.Get(at).Submit(mark, url.Values{"rujukan": {h.URL + "/meja/mtr/" + strings.ToLower(h.theirs) + "?antrean=semua"}, "catatan": {"Fotonya kembar."}}).Want(http.StatusOK)
	if p := auditor.Get(at).Submit(mark, url.Values{"rujukan": {h.theirs}}).Want(http.StatusConflict); !strings.Contains(p.Text("main"), "sudah ditandai") {
		t.Errorf("twice it is answered %q", p.Text("main"))
	}
	h.SignedIn(t, h.other.AccountID).Get(at).Want(http.StatusNotFound)
	if p := h.SignedIn(t, h.secretary.AccountID).Get(at).Want(http.StatusOK); strings.Contains(p.Text("main"), h.theirs) {
		t.Error("who is no member sees what is kept")
	}

	packed := auditor.Get(at).Submit(`main form[action$="/paket"]`, nil).Want(http.StatusOK)
	if name := packed.Header.Get("Content-Disposition"); !strings.Contains(name, "bukti-surat-tugas-"+fmt.Sprint(id)+".zip") {
		t.Errorf("it is called %q", name)
	}
	files := unzip(t, []byte(packed.Body))
	if problems := h.verify(files); len(problems) != 0 {
		t.Errorf("what was packed is not whole: %v", problems)
	}
	names := []string{}
	for name, b := range files {
		names = append(names, name)
		for _, secret := range []string{"Jumriati", "warga1@contoh.id", h.elsewhere} {
			if strings.Contains(name, secret) || secret != "Jumriati" && bytes.Contains(b, []byte(secret)) {
				t.Errorf("%s tells %s", name, secret)
			}
		}
	}
	for _, part := range []string{"/perkara.json", "/jejak.csv", "/kerja.csv", "/foto-01.jpg", "data/daftar-bukti.csv", "data/jejak-surat-tugas.csv", "tanda-tangan.pdf"} {
		if !slices.ContainsFunc(names, func(n string) bool { return strings.HasSuffix(n, part) }) {
			t.Errorf("no %s in %v", part, names)
		}
	}
	if list := string(files["data/daftar-bukti.csv"]); !strings.Contains(list, h.theirs) || !strings.Contains(list, "Fotonya kembar.") {
		t.Errorf("the list is %q", list)
	}
	if n := h.count(`SELECT count(*)::int FROM audit_entry WHERE action = 'oversight.evidence.pack' AND object_id = $1 AND detail ->> 'manifest' = $2`, id, hash(files["manifest-sha256.txt"])); n != 1 {
		t.Errorf("the packing is %d times in the trail", n)
	}
	// Tampering is found: another file, another manifest, another list, one file less.
	for what, change := range map[string]func(map[string][]byte){
		"a file":     func(f map[string][]byte) { f["data/daftar-bukti.csv"] = append(f["data/daftar-bukti.csv"], ' ') },
		"a new file": func(f map[string][]byte) { f["data/baru.txt"] = []byte("baru") },
		"a lost one": func(f map[string][]byte) { delete(f, "data/daftar-bukti.csv") },
		"a file and the manifest": func(f map[string][]byte) {
			old := hash(f["data/daftar-bukti.csv"])
			f["data/daftar-bukti.csv"] = append(f["data/daftar-bukti.csv"], ' ')
			f["manifest-sha256.txt"] = bytes.Replace(f["manifest-sha256.txt"], []byte(old), []byte(hash(f["data/daftar-bukti.csv"])), 1)
		},
		"the signed list": func(f map[string][]byte) {
			b := f["tanda-tangan.pdf"]
			b[len(b)/4] ^= 1
		},
	} {
		other := map[string][]byte{}
		for name, b := range files {
			other[name] = bytes.Clone(b)
		}
		if change(other); len(h.verify(other)) == 0 {
			t.Errorf("%s was changed and nobody finds it", what)
		}
	}
	// Revoked while it is packed, it is not handed out, and from then on nothing leaves.
	revoking := oversight.Source{Object: "mtr_report", Read: func(context.Context, authz.Actor, int64, oversight.Put) (oversight.Record, error) {
		return oversight.Record{Title: "Laporan"}, h.App.Oversight.Revoke(t.Context(), h.who(h.secretary), id, "Pemeriksaan dihentikan.")
	}}
	m := oversight.New(oversight.Deps{DB: h.Pool, Clock: h.Clock, Signer: h.App.Signer, Sources: []oversight.Source{revoking}})
	if err := m.Pack(t.Context(), h.who(h.auditor), id, oversight.Secret{}, io.Discard); errs.KindOf(err) != errs.NotFound {
		t.Errorf("revoked meanwhile it is packed: %v", err)
	}
	if p := auditor.Get(at).Want(http.StatusOK); p.Has(`main form[action$="/paket"]`) || !strings.Contains(p.Text("main"), h.theirs) {
		t.Errorf("after it was revoked the page is %q", p.Text("main"))
	}
	auditor.Post(at+"/paket", nil).Want(http.StatusNotFound)
	auditor.Post(at+"/bukti", url.Values{"rujukan": {h.theirs}}).Want(http.StatusNotFound)
	// Who has no post in the Inspektorat any more does not see what they kept there.
	_, err := h.DB.Owner().Exec(t.Context(), `UPDATE org_occupancy SET ends_at = $2 WHERE id = $1`, h.auditor.OccupancyID, h.Clock.Now())
	h.must(err)
	auditor.Get(at).Want(http.StatusNotFound)
	auditor.Get("/meja/pengawasan").Want(http.StatusNotFound)
}

func unzip(t *testing.T, b []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// verify is what docs/security.md says: each file has the hash of the manifest, none is
// missing or too many, and the PDF is signed by the portal, whole, over the manifest's hash.
func (h *house) verify(files map[string][]byte) (problems []string) {
	named := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(string(files["manifest-sha256.txt"])), "\n") {
		sum, name, _ := strings.Cut(line, "  ")
		if named[name] = true; hash(files[name]) != sum {
			problems = append(problems, name+" is not what the manifest says")
		}
	}
	for name := range files {
		if strings.HasPrefix(name, "data/") && !named[name] {
			problems = append(problems, name+" is not in the manifest")
		}
	}
	pdf := files["tanda-tangan.pdf"]
	signatures, err := h.App.Signatures.Inspect(h.Context(), pdf)
	if err != nil || len(signatures) != 1 || !signatures[0].Intact || !signatures[0].Ours || !signatures[0].Whole {
		problems = append(problems, fmt.Sprintf("the signatures are %+v: %v", signatures, err))
	}
	reason := "" // as the signature has it: hexadecimal UTF-16
	for _, u := range utf16.Encode([]rune("manifest-sha256.txt SHA-256 " + hash(files["manifest-sha256.txt"]))) {
		reason += fmt.Sprintf("%04X", u)
	}
	if !bytes.Contains(pdf, []byte(reason)) {
		problems = append(problems, "the signature is of another manifest")
	}
	return problems
}
