package letter

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
	"makassartidakrantasa.com/portal/internal/platform/hold"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// nik is a resident's in full.
func (c *city) nik(resident int64) string {
	c.t.Helper()
	r, err := c.residents.ByID(c.ctx, c.db.Pool, resident)
	c.must(err)
	return r.Full.NIK
}

// proved is a citizen whom a kelurahan's operator proved to be a resident.
func (c *city) proved(s staffed, kelurahan string, resident int64) authz.Actor {
	c.t.Helper()
	a := c.citizen()
	c.must(c.ClaimIdentity(c.ctx, a, c.nik(resident), c.unit(kelurahan), nil))
	claims, err := c.Claims(c.ctx, s.operator, 0)
	c.must(err)
	for _, cl := range claims {
		if cl.Resident != nil && cl.Resident.ResidentID == resident {
			c.must(c.ConfirmIdentity(c.ctx, s.operator, cl.ID))
			return a
		}
	}
	c.t.Fatalf("no claim for %d among %+v", resident, claims)
	return a
}

// drafted is a draft of a citizen that could be sent.
func (c *city) drafted(a authz.Actor, kelurahan, code string, resident int64) (ref string) {
	c.t.Helper()
	ref, err := c.StartDraft(c.ctx, a, code, resident)
	c.must(err)
	k, err := c.KindFor(c.ctx, c.unit(kelurahan), code)
	c.must(err)
	c.must(c.SaveDraft(c.ctx, a, ref, k.SampleValues(c.clock.Now())))
	for _, r := range k.Requirements {
		if r.Scan && !r.Optional {
			c.must(c.AddScan(c.ctx, a, ref, r.Name, scanOf(photo)))
		}
	}
	return ref
}

func (c *city) idOf(number string) int64 {
	c.t.Helper()
	return one[int64](c, `SELECT id FROM epemerintahan_letter WHERE request_number = $1`, number)
}

// TestACitizensWay is the whole journey: identity, draft, submission, return, mending,
// signature and download.
func TestACitizensWay(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	c.electronic(kassiKassi, "USH")
	family := c.resident(s.operator, kassiKassi, nil)
	a := c.proved(s, kassiKassi, family[0])
	kelurahan, people, err := c.Household(c.ctx, a)
	c.must(err)
	if kelurahan != c.unit(kassiKassi) || len(people) != 2 || people[0].ResidentID != family[0] {
		t.Fatalf("%d, %+v", kelurahan, people)
	}
	ref := c.drafted(a, kassiKassi, "USH", family[0])
	d, err := c.Draft(c.ctx, a, ref)
	c.must(err)
	if len(d.MissingScans) != 0 && !slices.Contains(d.Actions, ActSubmit) {
		t.Fatalf("%+v", d)
	}
	// Sent by ten at once, it is one letter.
	numbers := make([]string, 10)
	var wait sync.WaitGroup
	for i := range numbers {
		wait.Go(func() {
			var err error
			if numbers[i], err = c.Submit(c.ctx, a, ref); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if len(slices.Compact(numbers)) != 1 {
		t.Fatal(numbers)
	}
	number := numbers[0]
	id := c.idOf(number)
	if st := c.state(id); st.Status != Submitted || st.DueAt == nil {
		t.Fatalf("%+v", st)
	}
	c.must(c.Do(c.ctx, s.operator, ActReturn, Act{ID: id, Reason: "Foto tempat usaha buram"}))
	d, err = c.MyLetter(c.ctx, a, number)
	c.must(err)
	if d.ReturnReason != "Foto tempat usaha buram" || d.History[0].By != "Anda" || d.History[1].By != "Petugas kelurahan" {
		t.Fatalf("%+v", d.History)
	}
	for _, h := range d.History {
		if strings.Contains(h.By+h.Title, "Pegawai") {
			t.Errorf("a citizen reads %q, %q", h.By, h.Title)
		}
	}
	old := d.Scans[0]
	c.must(c.RemoveScan(c.ctx, a, number, old.Ref))
	c.must(c.AddScan(c.ctx, a, number, old.Requirement, scanOf(mediatest.PDF(""))))
	c.must(c.Resubmit(c.ctx, a, number, d.Values))
	errstest.Kind(t, c.Resubmit(c.ctx, a, number, d.Values), errs.Conflict)
	errstest.Kind(t, c.AddScan(c.ctx, a, number, old.Requirement, scanOf(photo)), errs.Conflict) // it is being checked
	d, err = c.View(c.ctx, s.operator, id)
	c.must(err)
	f, scan, err := c.OpenScan(c.ctx, s.operator, d.Scans[len(d.Scans)-1].Ref)
	c.must(err)
	b, _ := io.ReadAll(f)
	f.Close()
	if scan.ContentType != "application/pdf" || !bytes.HasPrefix(b, []byte("%PDF")) {
		t.Error(scan)
	}
	var checked []string
	for _, r := range d.Kind.Requirements {
		checked = append(checked, r.Name)
	}
	c.must(c.Check(c.ctx, s.operator, Checking{Act: Act{ID: id, Version: d.Version}, Checked: checked}))
	if _, err := c.OpenMine(c.ctx, a, number); errs.KindOf(err) != errs.NotFound {
		t.Errorf("downloaded before it was signed: %v", err)
	}
	c.toSign(s, id)
	c.must(c.sign(s.lurah, id).Err)
	f, err = c.OpenMine(c.ctx, a, number)
	c.must(err)
	b, _ = io.ReadAll(f)
	f.Close()
	if !bytes.HasPrefix(b, []byte("%PDF")) {
		t.Error("no PDF")
	}
	c.sameAsReplay(t, id)
	// What the citizen was told names the request, nobody and no number of anybody.
	told, err := pg.Scalars[string](c.ctx, c.db.Owner(), `SELECT subject || ' ' || body FROM notify_message WHERE account_id = $1 AND topic = 'surat' ORDER BY id`, a.AccountID)
	c.must(err)
	if len(told) != 3 {
		t.Errorf("%d messages: %q", len(told), told)
	}
	for _, text := range told {
		if !strings.Contains(text, number) || strings.Contains(text, people[0].Name) || strings.Contains(text, people[0].NIK) {
			t.Errorf("%q", text)
		}
	}
	// Who looked at it, the lurah among them.
	looks, err := c.MyReaders(c.ctx, a, 0)
	c.must(err)
	if !slices.ContainsFunc(looks, func(r epemerintahan.Reading) bool {
		return r.Action == "epemerintahan.letter.view" && r.Name == s.lurah.Name
	}) ||
		slices.ContainsFunc(looks, func(r epemerintahan.Reading) bool { return r.Name == a.Name }) {
		t.Errorf("%+v", looks)
	}
}

func TestOthersLettersAreNotMine(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	family := c.resident(s.operator, kassiKassi, nil)
	a, other := c.proved(s, kassiKassi, family[0]), c.proved(s, kassiKassi, c.resident(s.operator, kassiKassi, nil)[0])
	ref := c.drafted(a, kassiKassi, "DOM", family[1])
	stranger := c.resident(s.operator, kassiKassi, nil)[0]
	_, err := c.StartDraft(c.ctx, a, "DOM", stranger)
	errstest.Kind(t, err, errs.NotFound)
	for _, who := range []authz.Actor{other, s.operator} {
		_, err := c.Draft(c.ctx, who, ref)
		errstest.Kind(t, err, errs.NotFound)
		errstest.Kind(t, c.SaveDraft(c.ctx, who, ref, nil), errs.NotFound)
		errstest.Kind(t, c.DiscardDraft(c.ctx, who, ref), errs.NotFound)
		_, err = c.Submit(c.ctx, who, ref)
		errstest.Kind(t, err, errs.NotFound)
		errstest.Kind(t, c.AddScan(c.ctx, who, ref, "x", scanOf(photo)), errs.NotFound)
	}
	_, err = c.View(c.ctx, s.operator, one[int64](c, `SELECT id FROM epemerintahan_letter WHERE ref = $1`, ref))
	errstest.Kind(t, err, errs.NotFound) // a draft is its writer's alone
	number, err := c.Submit(c.ctx, a, ref)
	c.must(err)
	_, err = c.MyLetter(c.ctx, other, number)
	errstest.Kind(t, err, errs.NotFound)
	errstest.Kind(t, c.CancelMine(c.ctx, other, number, ""), errs.NotFound)
	_, err = c.OpenMine(c.ctx, other, number)
	errstest.Kind(t, err, errs.NotFound)
	d, err := c.MyLetter(c.ctx, a, number)
	c.must(err)
	if len(d.Scans) > 0 {
		_, _, err = c.OpenScan(c.ctx, other, d.Scans[0].Ref)
		errstest.Kind(t, err, errs.NotFound)
	}
	c.must(c.CancelMine(c.ctx, a, number, ""))
	c.sameAsReplay(t, c.idOf(number))
	if tr, err := c.Track(c.ctx, strings.ToLower(number)); err != nil || tr.Status != Cancelled || tr.Title == "" {
		t.Errorf("%+v, %v", tr, err)
	}
	// Once the identity is revoked, nobody of the family can be named any more.
	rival := c.citizen()
	c.must(c.ClaimIdentity(c.ctx, rival, c.nik(family[0]), c.unit(kassiKassi), nil))
	claims, err := c.Claims(c.ctx, s.operator, 0)
	c.must(err)
	claim := claims[0]
	if !claim.Taken {
		t.Fatalf("%+v", claim)
	}
	errstest.Field(t, c.RevokeIdentity(c.ctx, s.operator, claim.ID, "salah"), ControlReason)
	errstest.Kind(t, c.RevokeIdentity(c.ctx, c.office(tidung).operator, claim.ID, "Akun dipakai orang lain"), errs.NotFound)
	c.must(c.RevokeIdentity(c.ctx, s.operator, claim.ID, "Akun dipakai orang lain"))
	errstest.Kind(t, c.RevokeIdentity(c.ctx, s.operator, claim.ID, "Akun dipakai orang lain"), errs.Conflict)
	c.must(c.ConfirmIdentity(c.ctx, s.operator, claim.ID))
	if me, err := c.MyIdentity(c.ctx, a); err != nil || me.Status != IdentityRevoked || me.Reason == "" {
		t.Errorf("%+v, %v", me, err)
	}
	_, err = c.StartDraft(c.ctx, a, "DOM", family[0])
	errstest.Kind(t, err, errs.NotFound)
}

func TestDraftsAreFewAndNotForEver(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	family := c.resident(s.operator, kassiKassi, nil)
	a := c.proved(s, kassiKassi, family[0])
	var wait sync.WaitGroup
	for range 2 * MaxDrafts {
		wait.Go(func() {
			if _, err := c.StartDraft(c.ctx, a, "DOM", family[0]); err != nil && errs.KindOf(err) != errs.TooMany {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	list, err := c.Mine(c.ctx, a, 0)
	c.must(err)
	if len(list) != MaxDrafts || list[0].Ref == "" || list[0].Status != Draft {
		t.Fatalf("%d drafts: %+v", len(list), list[0])
	}
	k, err := c.KindFor(c.ctx, c.unit(kassiKassi), "DOM")
	c.must(err)
	for range MaxScans {
		c.must(c.AddScan(c.ctx, a, list[0].Ref, k.Requirements[0].Name, scanOf(photo)))
	}
	errstest.Field(t, c.AddScan(c.ctx, a, list[0].Ref, k.Requirements[0].Name, scanOf(photo)), ControlFile)
	if n := c.store.kept.Load(); n != MaxScans {
		t.Errorf("%d files are kept", n)
	}
	c.must(c.DiscardDraft(c.ctx, a, list[1].Ref))
	c.clock.Advance(31 * 24 * time.Hour)
	if n, err := c.PurgeDrafts(c.ctx); err != nil || n != MaxDrafts-1 || c.store.kept.Load() != 0 {
		t.Errorf("%d drafts went, %d files stayed, %v", n, c.store.kept.Load(), err)
	}
	// What was sent cannot be deleted, whatever asks.
	id := c.enter(s, kassiKassi)
	if _, err := c.db.Pool.Exec(c.ctx, `DELETE FROM epemerintahan_letter WHERE id = $1`, id); err == nil {
		t.Error("a letter was deleted")
	}
}

func TestIdentitiesAreProvedByTheKelurahan(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s, o := c.office(kassiKassi), c.office(tidung)
	resident := c.resident(s.operator, kassiKassi, nil)[0]
	a, b := c.citizen(), c.citizen()
	errstest.Field(t, c.ClaimIdentity(c.ctx, a, "123", 0, nil), ControlNIK)
	errstest.Field(t, c.ClaimIdentity(c.ctx, a, "123", 0, nil), ControlKelurahan)
	bad := scanOf([]byte("x"))
	errstest.Field(t, c.ClaimIdentity(c.ctx, a, c.nik(resident), c.unit(kassiKassi), &bad), ControlKTP)
	// A number that nobody has there waits like any other; nothing tells the difference.
	c.must(c.ClaimIdentity(c.ctx, a, c.nik(resident), c.unit(tidung), nil))
	claims, err := c.Claims(c.ctx, o.operator, 0)
	c.must(err)
	if len(claims) != 1 || claims[0].Resident != nil {
		t.Fatalf("%+v", claims)
	}
	errstest.Kind(t, c.ConfirmIdentity(c.ctx, o.operator, claims[0].ID), errs.Unprocessable)
	errstest.Kind(t, c.ConfirmIdentity(c.ctx, s.operator, claims[0].ID), errs.NotFound)
	good := scanOf(photo)
	c.must(c.ClaimIdentity(c.ctx, a, c.nik(resident), c.unit(kassiKassi), &good))
	_, err = c.ClaimOf(c.ctx, o.operator, claims[0].ID)
	errstest.Kind(t, err, errs.Conflict) // it was replaced
	code, _, err := c.IdentityCode(c.ctx, a)
	c.must(err)
	_, err = c.ClaimByCode(c.ctx, o.operator, code)
	errstest.Kind(t, err, errs.NotFound)
	claim, err := c.ClaimByCode(c.ctx, s.operator, code[:3]+" "+code[3:])
	c.must(err)
	if claim.Resident == nil || !claim.HasPhoto || claim.Taken {
		t.Fatalf("%+v", claim)
	}
	f, _, err := c.OpenClaimPhoto(c.ctx, s.operator, claim.ID)
	c.must(err)
	f.Close()
	_, _, err = c.OpenClaimPhoto(c.ctx, o.operator, claim.ID)
	errstest.Kind(t, err, errs.NotFound)
	// Two operators at once: one decides, the other hears who.
	second := c.hire("pelaksana", kassiKassi, PermView, PermIdentity, epemerintahan.PermView)
	results := make([]error, 2)
	var wait sync.WaitGroup
	for i, who := range []authz.Actor{s.operator, second} {
		wait.Go(func() { results[i] = c.ConfirmIdentity(c.ctx, who, claim.ID) })
	}
	wait.Wait()
	if (results[0] == nil) == (results[1] == nil) {
		t.Fatalf("%v", results)
	}
	for _, err := range results {
		if err != nil && (errs.KindOf(err) != errs.Conflict || !strings.Contains(errs.MessageOf(err), "Pegawai")) {
			t.Errorf("got %v", err)
		}
	}
	if me, err := c.MyIdentity(c.ctx, a); err != nil || me.Status != IdentityProved || me.ResidentID != resident || strings.Contains(me.NIK, c.nik(resident)[:12]) {
		t.Errorf("%+v, %v", me, err)
	}
	errstest.Kind(t, c.ClaimIdentity(c.ctx, a, c.nik(resident), c.unit(kassiKassi), nil), errs.Conflict)
	// One account per resident.
	c.must(c.ClaimIdentity(c.ctx, b, c.nik(resident), c.unit(kassiKassi), nil))
	claims, err = c.Claims(c.ctx, s.operator, 0)
	c.must(err)
	if len(claims) != 1 || !claims[0].Taken {
		t.Fatalf("%+v", claims)
	}
	errstest.Kind(t, c.ConfirmIdentity(c.ctx, s.operator, claims[0].ID), errs.Conflict)
	c.must(c.RefuseIdentity(c.ctx, s.operator, claims[0].ID, "KTP-nya milik orang lain"))
	errstest.Kind(t, c.RefuseIdentity(c.ctx, s.operator, claims[0].ID, "KTP-nya milik orang lain"), errs.Conflict)
	if me, err := c.MyIdentity(c.ctx, b); err != nil || me.Status != IdentityRefused || me.Reason == "" {
		t.Errorf("%+v, %v", me, err)
	}
	c.must(c.WithdrawIdentity(c.ctx, a))
	if n := c.store.kept.Load(); n != 0 {
		t.Errorf("%d files are left", n)
	}
}

func TestGuessingCodesIsSlowedDown(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	a := c.citizen()
	c.must(c.ClaimIdentity(c.ctx, a, c.nik(c.resident(s.operator, kassiKassi, nil)[0]), c.unit(kassiKassi), nil))
	code, until, err := c.IdentityCode(c.ctx, a)
	c.must(err)
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	for range guessesAllowed {
		_, err := c.ClaimByCode(c.ctx, s.operator, wrong)
		errstest.Kind(t, err, errs.NotFound)
	}
	_, err = c.ClaimByCode(c.ctx, s.operator, code)
	errstest.Kind(t, err, errs.TooMany)
	c.clock.Set(until.Add(time.Hour))
	_, err = c.ClaimByCode(c.ctx, s.operator, code)
	errstest.Kind(t, err, errs.NotFound) // too old
}

// asked makes an RT head whom the office asks, and a letter that waits for them. It
// returns the secret of the link.
func (c *city) asked(s staffed) (number, token string) {
	c.t.Helper()
	c.exec(`INSERT INTO epemerintahan_office (kelurahan_id, code, ask_rt, updated_at) VALUES ($1, 'KSK', true, now())`, c.unit(kassiKassi))
	admin := c.hire("struktural", kassiKassi, PermView, PermConfigure)
	c.must(c.SaveContact(c.ctx, admin, Contact{KelurahanID: c.unit(kassiKassi), RW: "3", RT: "2", Name: "Dg. Rate", Email: "rt@contoh.id"}))
	resident := c.resident(s.operator, kassiKassi, nil)[0]
	a := c.proved(s, kassiKassi, resident)
	number, err := c.Submit(c.ctx, a, c.drafted(a, kassiKassi, "DOM", resident))
	c.must(err)
	sealed := one[[]byte](c, `SELECT body_sealed FROM notify_message WHERE topic = 'surat_rt' AND email_sealed IS NOT NULL`)
	text, err := c.box.Open(sealed, "notify.text")
	c.must(err)
	_, token, _ = strings.Cut(text, "/surat/rt/")
	return number, token
}

func TestTheRTAnswersOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	number, token := c.asked(s)
	id := c.idOf(number)
	if st := c.state(id); st.Status != AwaitingRT || st.DueAt != nil {
		t.Fatalf("%+v", st)
	}
	_, err := c.Ask(c.ctx, "salah")
	errstest.Kind(t, err, errs.NotFound)
	q, err := c.Ask(c.ctx, token)
	c.must(err)
	if q.Answered || q.RequestNumber != number || q.Subject == "" || !strings.Contains(q.Address, "RT 002") {
		t.Errorf("%+v", q)
	}
	errstest.Field(t, c.Answer(c.ctx, token, false, ""), ControlNote)
	results := make([]error, 6)
	var wait sync.WaitGroup
	for i := range results {
		wait.Go(func() { results[i] = c.Answer(c.ctx, token, i%2 == 0, "Benar warga kami") })
	}
	wait.Wait()
	done := 0
	for _, err := range results {
		if err == nil {
			done++
		} else if errs.KindOf(err) != errs.Conflict {
			t.Error(err)
		}
	}
	if st := c.state(id); done != 1 || st.Status != Submitted || st.DueAt == nil {
		t.Errorf("%d answers, %+v", done, st)
	}
	d, err := c.View(c.ctx, s.operator, id)
	c.must(err)
	if !strings.Contains(d.RTAnswer, "Benar warga kami") || d.History[1].By != "Ketua RT/RW" {
		t.Errorf("%q, %+v", d.RTAnswer, d.History)
	}
	if q, err := c.Ask(c.ctx, token); err != nil || !q.Answered {
		t.Errorf("%+v, %v", q, err)
	}
	c.sameAsReplay(t, id)
}

func TestSilenceOfTheRTHoldsNothingUp(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	number, token := c.asked(s)
	if n, err := c.SkipLapsed(c.ctx); err != nil || n != 0 {
		t.Fatal(n, err)
	}
	c.clock.Advance(3*24*time.Hour + time.Minute)
	c.must(c.Sweep(c.ctx))
	if st := c.state(c.idOf(number)); st.Status != Submitted {
		t.Errorf("%+v", st)
	}
	errstest.Kind(t, c.Answer(c.ctx, token, true, ""), errs.NotFound)
	c.sameAsReplay(t, c.idOf(number))
}

// Scans go when their time is over, the mark stays.
func TestScansAreKeptAsLongAsTheirKindSays(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	c.exec(`UPDATE epemerintahan_kind_version SET definition = jsonb_set(definition, '{keep_days}', '60') WHERE code = 'USH'`)
	resident := c.resident(s.operator, kassiKassi, nil)[0]
	a := c.proved(s, kassiKassi, resident)
	var numbers []string
	for _, code := range []string{"USH", "PHS"} {
		n, err := c.Submit(c.ctx, a, c.drafted(a, kassiKassi, code, resident))
		c.must(err)
		c.must(c.CancelMine(c.ctx, a, n, ""))
		numbers = append(numbers, n)
	}
	files := func(number string) (kept, purged int) {
		d, err := c.MyLetter(c.ctx, a, number)
		c.must(err)
		for _, s := range d.Scans {
			if s.Purged {
				purged++
			} else {
				kept++
			}
		}
		return kept, purged
	}
	ush, _ := files(numbers[0])
	phs, _ := files(numbers[1])
	if ush == 0 || phs == 0 {
		t.Fatal("no scans")
	}
	keeper := c.hire("pelaksana", kassiKassi, PermConfigure)
	// What goes is seen a week ahead, and stays while somebody needs it.
	due := func(who authz.Actor, want ...bool) {
		t.Helper()
		list, err := c.FilesDue(c.ctx, who)
		c.must(err)
		if len(list) != len(want) || len(want) > 0 && (list[0].Number != numbers[0] || list[0].Held != want[0] || list[0].Files != ush) {
			t.Errorf("soon go %+v", list)
		}
	}
	due(keeper)
	c.clock.Advance(54 * 24 * time.Hour)
	due(keeper, false)
	due(s.operator) // who does not set it up
	if err := c.HoldFiles(c.ctx, s.operator, hold.Input{Number: numbers[0], AskedBy: "Pengadilan Negeri", Reason: "Perkara 12/2026"}); len(errs.FieldsOf(err)) != 1 {
		t.Errorf("somebody else holds it: %v", err)
	}
	c.must(c.HoldFiles(c.ctx, keeper, hold.Input{Number: numbers[0], AskedBy: "Pengadilan Negeri", Reason: "Perkara 12/2026"}))
	errstest.Kind(t, c.HoldFiles(c.ctx, keeper, hold.Input{Number: numbers[0], AskedBy: "Pengadilan Negeri", Reason: "Perkara 12/2026"}), errs.Conflict)
	due(keeper, true)
	c.clock.Advance(8 * 24 * time.Hour)
	_, err := c.PurgeScans(c.ctx)
	c.must(err)
	if k, _ := files(numbers[0]); k != ush {
		t.Errorf("of what is held %d of %d are kept", k, ush)
	}
	holds, err := c.Holds(c.ctx, keeper)
	if c.must(err); len(holds) != 1 || holds[0].Number != numbers[0] || holds[0].AskedBy != "Pengadilan Negeri" {
		t.Fatalf("the holds are %+v", holds)
	}
	errstest.Kind(t, c.LiftHold(c.ctx, s.operator, holds[0].ID), errs.NotFound)
	c.must(c.LiftHold(c.ctx, keeper, holds[0].ID))
	errstest.Kind(t, c.LiftHold(c.ctx, keeper, holds[0].ID), errs.NotFound)
	// A hold that is set while the purge is at the letter is not too late.
	c.clock.Advance(24 * time.Hour)
	tx, err := c.db.Pool.Begin(c.ctx)
	c.must(err)
	defer func() { _ = tx.Rollback(c.ctx) }()
	_, err = pg.Scalar[int64](c.ctx, tx, `SELECT id FROM epemerintahan_letter WHERE request_number = $1 FOR UPDATE`, numbers[0])
	c.must(err)
	done := make(chan error, 1)
	go func() {
		_, err := c.PurgeScans(c.ctx)
		done <- err
	}()
	for waits := 0; waits == 0; {
		waits, err = pg.Scalar[int](c.ctx, c.db.Owner(), `SELECT count(*)::int FROM pg_locks k JOIN pg_stat_activity a USING (pid) WHERE a.datname = current_database() AND NOT k.granted`)
		c.must(err)
		select {
		case err := <-done:
			t.Fatalf("it did not wait for who has the letter: %v", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
	c.must(pg.Exec(c.ctx, tx, `INSERT INTO epemerintahan_letter_hold (letter_id, asked_by, reason, set_by, set_at)
		SELECT id, 'Polrestabes', 'Penyidikan', $2, $3 FROM epemerintahan_letter WHERE request_number = $1`, numbers[0], keeper.AccountID, c.clock.Now()))
	c.must(tx.Commit(c.ctx))
	c.must(<-done)
	if k, _ := files(numbers[0]); k != ush {
		t.Errorf("of what was held just then %d of %d are kept", k, ush)
	}
	holds, err = c.Holds(c.ctx, keeper)
	if c.must(err); len(holds) != 1 {
		t.Fatalf("the holds are %+v", holds)
	}
	c.must(c.LiftHold(c.ctx, keeper, holds[0].ID))
	for _, day := range []struct{ after, ush, phs int }{{0, ush, phs}, {1, 0, phs}, {302, 0, 0}} {
		c.clock.Advance(time.Duration(day.after) * 24 * time.Hour)
		if _, err := c.PurgeScans(c.ctx); err != nil {
			t.Fatal(err)
		}
		k1, p1 := files(numbers[0])
		k2, p2 := files(numbers[1])
		if k1 != day.ush || k2 != day.phs || k1+p1 != ush || k2+p2 != phs {
			t.Errorf("after %d more days: %d and %d kept, %d and %d gone", day.after, k1, k2, p1, p2)
		}
	}
	if n := c.store.kept.Load(); n != 0 {
		t.Errorf("%d files are left", n)
	}
	d, err := c.MyLetter(c.ctx, a, numbers[0])
	c.must(err)
	_, _, err = c.OpenScan(c.ctx, a, d.Scans[0].Ref)
	errstest.Kind(t, err, errs.Gone)
	errstest.Kind(t, c.HoldFiles(c.ctx, keeper, hold.Input{Number: numbers[0], AskedBy: "Pengadilan Negeri", Reason: "Perkara 12/2026"}), errs.Conflict) // nothing is left to hold
}
