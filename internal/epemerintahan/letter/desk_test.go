package letter

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

func TestALetterGoesFromTheCounterToItsSignature(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	c.electronic(kassiKassi, "DOM")
	id := c.enter(s, kassiKassi)
	waits := func(a authz.Actor, name QueueName) {
		t.Helper()
		counts, err := c.Queues(c.ctx, a)
		c.must(err)
		list, err := c.Queue(c.ctx, a, name, 0)
		c.must(err)
		if counts[name] != 1 || len(list) != 1 || list[0].ID != id || list[0].DueAt == nil {
			t.Fatalf("%s: %v, %+v", name, counts, list)
		}
		if rest, err := c.Queue(c.ctx, a, name, id); err != nil || len(rest) != 0 {
			t.Fatalf("%s goes on with %+v, %v", name, rest, err)
		}
	}
	waits(s.secretary, QueueParaf)
	waits(s.operator, QueueWait)
	c.must(c.Do(c.ctx, s.secretary, ActParaf, Act{ID: id}))
	waits(s.lurah, QueueSign)
	errstest.Kind(t, c.sign(s.lurah, id).Err, errs.Conflict) // unread
	d, err := c.View(c.ctx, s.lurah, id)
	c.must(err)
	if d.SubjectIs.NIK == "" || len(d.History) != 2 || d.History[0].Action != ActEnter || d.History[0].By != s.operator.Name {
		t.Fatalf("%+v", d)
	}
	c.clock.Advance(7 * time.Minute)
	r := c.sign(s.lurah, id)
	c.must(r.Err)
	st := c.state(id)
	if r.Number == "" || st.Status != Issued || st.UsedMinutes != 7 || st.DueAt != nil || len(st.Signed) != 1 || st.ValidUntil == nil {
		t.Fatalf("%q, %+v", r.Number, st)
	}
	pdf := c.bytes(s.operator, id, FilePDF)
	if !bytes.Equal(sign.Hash(pdf), st.PDFHash) {
		t.Error("the hash is another file's")
	}
	c.must(c.Do(c.ctx, s.operator, ActHandOver, Act{ID: id}))
	c.sameAsReplay(t, id)
	// Work, not looks, is in the ledger.
	if n := one[int](c, `SELECT count(*) FROM work_event WHERE object = 'epemerintahan_letter' AND object_id = $1`, id); n != 4 {
		t.Errorf("%d steps of work", n)
	}
	if n := one[int](c, `SELECT working_minutes FROM work_event WHERE object_id = $1 AND kind = 'surat_ditandatangani'`, id); n != 7 {
		t.Errorf("the lurah took %d minutes", n)
	}
}

func TestAWetLetterIsPrintedSignedAndScanned(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	id := c.enter(s, kassiKassi)
	errstest.Kind(t, c.Print(c.ctx, s.lurah, Act{ID: id}), errs.Forbidden) // at the counter the operator prints
	c.must(c.Print(c.ctx, s.operator, Act{ID: id}))
	st := c.state(id)
	if st.Status != Printed || st.LetterNo != 1 || len(st.Blocks) != 1 || st.Blocks[0].PersonID != s.lurah.PersonID || len(st.Signed) != 0 {
		t.Fatalf("%+v", st)
	}
	print := c.bytes(s.operator, id, FilePrint)
	c.clock.Advance(48 * time.Hour)
	if again := c.bytes(s.operator, id, FilePrint); !bytes.Equal(print, again) {
		t.Error("the print is not the same two days later")
	}
	errstest.Field(t, c.AttachScan(c.ctx, s.operator, Act{ID: id}, scanOf([]byte("bukan pindaian"))), ControlFile)
	errstest.Kind(t, c.AttachScan(c.ctx, s.lurah, Act{ID: id}, scanOf(photo)), errs.Forbidden)
	c.must(c.AttachScan(c.ctx, s.operator, Act{ID: id}, scanOf(photo)))
	st = c.state(id)
	scan := c.bytes(s.operator, id, FileScan)
	if st.Status != Issued || !bytes.HasPrefix(scan, []byte("%PDF-")) || !bytes.Equal(sign.Hash(scan), st.PDFHash) || len(st.Signed) != 1 {
		t.Fatalf("%+v", st)
	}
	// The letter is dated as the paper is.
	if got := st.IssuedOn.Format(time.DateOnly); got != "2026-11-24" {
		t.Errorf("issued on %s", got)
	}
	c.sameAsReplay(t, id)
	errstest.Kind(t, c.AttachScan(c.ctx, s.operator, Act{ID: id}, scanOf(photo)), errs.Conflict)
	if n := c.store.kept.Load(); n != 1 {
		t.Errorf("%d files are kept", n)
	}
}

func TestAnOfficeMayKeepPrintingForTheLurah(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	c.exec(`INSERT INTO epemerintahan_office (kelurahan_id, code, counter_print, updated_at) VALUES ($1, 'KSK', false, now())`, c.unit(kassiKassi))
	id := c.enter(s, kassiKassi)
	errstest.Kind(t, c.Print(c.ctx, s.operator, Act{ID: id}), errs.Forbidden)
	c.toSign(s, id)
	errstest.Kind(t, c.Print(c.ctx, s.operator, Act{ID: id}), errs.Forbidden)
	errstest.Kind(t, c.sign(s.lurah, id).Err, errs.Conflict) // it is signed in ink
	c.must(c.Print(c.ctx, s.lurah, Act{ID: id}))
	// A misprint is made anew under the same number.
	number := c.state(id).LetterNumber
	c.must(c.Do(c.ctx, s.operator, ActSendBack, Act{ID: id, Reason: "Nama pada cetakan salah"}))
	c.must(c.Check(c.ctx, s.operator, Checking{Act: Act{ID: id}, Checked: c.entry("DOM", kassiKassi, 0).Checked}))
	c.toSign(s, id)
	c.must(c.Print(c.ctx, s.lurah, Act{ID: id}))
	if st := c.state(id); st.LetterNumber != number || st.LetterNo != 1 {
		t.Errorf("%+v", st)
	}
	c.must(c.Do(c.ctx, s.lurah, ActReject, Act{ID: id, Reason: "Keterangannya tidak benar"}))
	lines, err := c.Numbers(c.ctx, s.operator, c.unit(kassiKassi), 2026, 0)
	c.must(err)
	if len(lines) != 1 || !strings.Contains(lines[0].Gap, "Keterangannya tidak benar") {
		t.Errorf("%+v", lines)
	}
	c.sameAsReplay(t, id)
}

// The counter's form sent twice, and by fifty at once, is one letter.
func TestEnteringTwiceGivesOneLetter(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	e := c.entry("DOM", kassiKassi, c.resident(s.operator, kassiKassi, nil)[0])
	e.Key = "satu"
	ids := make([]int64, 12)
	var wait sync.WaitGroup
	for i := range ids {
		wait.Go(func() {
			var err error
			if ids[i], err = c.Enter(c.ctx, s.operator, e); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if slices.Sort(ids); ids[0] == 0 || ids[0] != ids[11] || one[int](c, `SELECT count(*) FROM epemerintahan_letter`) != 1 {
		t.Errorf("%v", ids)
	}
	if last := one[int64](c, `SELECT last FROM numbering_counter WHERE series = 'SRT'`); last != 1 {
		t.Errorf("%d request numbers were taken", last)
	}
}

func TestTheSecondOfTwoOperatorsHearsWhoWasFaster(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	second := c.hire("pelaksana", kassiKassi, PermView, PermCheck)
	id := c.enter(s, kassiKassi)
	c.must(c.Do(c.ctx, s.secretary, ActSendBack, Act{ID: id, Reason: "Lengkapi keperluannya"}))
	d, err := c.View(c.ctx, second, id)
	c.must(err)
	checking := Checking{Act: Act{ID: id, Version: d.Version}, Checked: d.Checked}
	results := make([]error, 2)
	var wait sync.WaitGroup
	for i, a := range []authz.Actor{s.operator, second} {
		wait.Go(func() { results[i] = c.Check(c.ctx, a, checking) })
	}
	wait.Wait()
	faster, slower := s.operator, results[1]
	if results[0] != nil {
		faster, slower = second, results[0]
	}
	if slower == nil || errs.KindOf(slower) != errs.Conflict || !strings.Contains(errs.MessageOf(slower), faster.Name) {
		t.Errorf("got %v, want who was faster: %s", results, faster.Name)
	}
	// Without a version too: what they decide on is not there any more.
	err = c.Check(c.ctx, second, Checking{Act: Act{ID: id}, Checked: d.Checked})
	errstest.Kind(t, err, errs.Conflict)
}

func TestPapersHoldALetterUp(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	e := c.entry("USH", kassiKassi, c.resident(s.operator, kassiKassi, nil)[0])
	e.Checked = nil
	_, err := c.Enter(c.ctx, s.operator, e)
	errstest.Field(t, err, ControlChecked)
	if n := one[int](c, `SELECT count(*) FROM epemerintahan_letter`); n != 0 {
		t.Error("entered all the same")
	}
}

// What is another kelurahan's does not exist, for whatever one asks.
func TestAnotherKelurahansLettersDoNotExist(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s, o := c.office(kassiKassi), c.office(tidung)
	id := c.enter(s, kassiKassi)
	there := c.resident(o.operator, tidung, nil)[0]
	act := Act{ID: id, Reason: "Alasan yang cukup panjang"}
	for name, try := range map[string]func(a authz.Actor) error{
		"View":       func(a authz.Actor) error { _, err := c.View(c.ctx, a, id); return err },
		"Preview":    func(a authz.Actor) error { _, err := c.Preview(c.ctx, a, id); return err },
		"OpenFile":   func(a authz.Actor) error { _, err := c.OpenFile(c.ctx, a, id, FilePreview); return err },
		"Reveal":     func(a authz.Actor) error { return c.Reveal(c.ctx, a, id) },
		"Check":      func(a authz.Actor) error { return c.Check(c.ctx, a, Checking{Act: act}) },
		"Edit":       func(a authz.Actor) error { return c.Edit(c.ctx, a, act, nil) },
		"Print":      func(a authz.Actor) error { return c.Print(c.ctx, a, act) },
		"AttachScan": func(a authz.Actor) error { return c.AttachScan(c.ctx, a, act, File{ReadSeeker: bytes.NewReader(nil)}) },
		"Sign":       func(a authz.Actor) error { return c.sign(a, id).Err },
		"Reissue":    func(a authz.Actor) error { _, err := c.Reissue(c.ctx, a, id); return err },
		"Offered":    func(a authz.Actor) error { return c.Offered(c.ctx, a, act, 1) },
		"MyLetter":   func(a authz.Actor) error { _, err := c.MyLetter(c.ctx, a, "SRT-26-000001"); return err },
		"Numbers":    func(a authz.Actor) error { _, err := c.Numbers(c.ctx, a, c.unit(kassiKassi), 2026, 0); return err },
		"Register": func(a authz.Actor) error {
			_, _, err := c.Register(c.ctx, a, Filter{KelurahanID: c.unit(kassiKassi)}, 0)
			return err
		},
		"Enter": func(a authz.Actor) error { _, err := c.Enter(c.ctx, a, c.entry("DOM", kassiKassi, there)); return err },
	} {
		for _, a := range []authz.Actor{o.operator, o.secretary, o.lurah, c.citizen()} {
			if err := try(a); errs.KindOf(err) != errs.NotFound || err == nil {
				t.Errorf("%s by %s: %v", name, a.Name, err)
			}
		}
	}
	for _, action := range byReason {
		errstest.Kind(t, c.Do(c.ctx, o.operator, action, act), errs.NotFound)
	}
	// Nor does somebody of another kelurahan get a letter here.
	_, err := c.Enter(c.ctx, s.operator, c.entry("DOM", kassiKassi, there))
	errstest.Kind(t, err, errs.NotFound)
	list, _, err := c.Register(c.ctx, o.operator, Filter{}, 0)
	if err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
	// The camat sees both and signs neither of what is the lurah's.
	if _, err := c.View(c.ctx, s.camat, id); err != nil {
		t.Error(err)
	}
}

// Who may do what, by role, in the status where it could be done.
func TestRolesAtTheDesk(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	reader := c.hire("pelaksana", kassiKassi, PermView)
	id := c.enter(s, kassiKassi)
	for name, who := range map[string]authz.Actor{"reader": reader, "lurah": s.lurah, "camat": s.camat} {
		if err := c.Do(c.ctx, who, ActParaf, Act{ID: id}); errs.KindOf(err) != errs.Forbidden || err == nil {
			t.Errorf("paraf by the %s: %v", name, err)
		}
	}
	d, err := c.View(c.ctx, reader, id)
	c.must(err)
	if len(d.Actions) != 0 {
		t.Errorf("a reader may %v", d.Actions)
	}
	d, err = c.View(c.ctx, s.secretary, id)
	c.must(err)
	if !slices.Contains(d.Actions, ActParaf) || slices.Contains(d.Actions, ActSign) {
		t.Errorf("a secretary may %v", d.Actions)
	}
}

func TestEditingKeepsWhatIsWrongOut(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	id := c.enter(s, kassiKassi)
	c.must(c.Do(c.ctx, s.secretary, ActSendBack, Act{ID: id, Reason: "Lengkapi keperluannya"}))
	v := Values{"keperluan": {Text: "Membuka rekening bank"}}
	errstest.Field(t, c.Edit(c.ctx, s.operator, Act{ID: id}, Values{}), FieldControl("keperluan"))
	c.must(c.Edit(c.ctx, s.operator, Act{ID: id}, v))
	d, err := c.View(c.ctx, s.operator, id)
	c.must(err)
	if d.Values["keperluan"].Text != v["keperluan"].Text {
		t.Errorf("%+v", d.Values)
	}
	if n := one[int](c, `SELECT count(*) FROM epemerintahan_letter WHERE values_sealed::text LIKE '%' || encode('rekening', 'hex') || '%'`); n != 0 {
		t.Error("answers lie open")
	}
	c.sameAsReplay(t, id)
}

// The clock stands while the applicant has the letter, and nights do not count.
func TestTheServiceClockStandsWhileTheApplicantMends(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	id := c.enter(s, kassiKassi)
	due := c.state(id).DueAt
	c.must(c.Do(c.ctx, s.secretary, ActSendBack, Act{ID: id, Reason: "Lengkapi keperluannya"}))
	if again := c.state(id).DueAt; due == nil || again == nil || !again.Equal(*due) {
		t.Fatalf("due at %v, then %v", due, again)
	}
	c.clock.Advance(10 * time.Minute)
	c.must(c.Do(c.ctx, s.operator, ActReturn, Act{ID: id, Reason: "Tanda tangan RT belum ada"}))
	if st := c.state(id); st.DueAt != nil || st.UsedMinutes != 10 {
		t.Fatalf("%+v", st)
	}
	c.clock.Advance(26 * time.Hour)
	c.must(c.Do(c.ctx, s.operator, ActResubmit, Act{ID: id}))
	if st := c.state(id); st.UsedMinutes != 10 || !st.DueAt.After(c.clock.Now()) {
		t.Fatalf("%+v", st)
	}
	c.clock.Set(time.Date(2026, 11, 25, 15, 55, 0, 0, start.Location()))
	c.clock.Advance(24*time.Hour - 8*time.Hour - 5*time.Minute) // to 07.50 the next morning
	d, err := c.View(c.ctx, s.operator, id)
	c.must(err)
	want := 10 + int(time.Date(2026, 11, 25, 12, 0, 0, 0, start.Location()).Sub(time.Date(2026, 11, 25, 11, 10, 0, 0, start.Location())).Minutes()) + 180 + 20
	if d.Times.Used != want {
		t.Errorf("%d minutes, want %d", d.Times.Used, want)
	}
	c.sameAsReplay(t, id)
}

func TestADeathLetterOffersItsEventOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	c.electronic(kassiKassi, "MTI")
	resident := c.resident(s.operator, kassiKassi, nil)[0]
	id, err := c.Enter(c.ctx, s.operator, c.entry("MTI", kassiKassi, resident))
	c.must(err)
	c.toSign(s, id)
	c.must(c.sign(s.lurah, id).Err)
	d, err := c.View(c.ctx, s.operator, id)
	c.must(err)
	if d.Offer != OfferDeath || !slices.Contains(d.Actions, ActOffer) {
		t.Fatalf("%+v", d.Actions)
	}
	c.must(c.Offered(c.ctx, s.operator, Act{ID: id}, resident))
	errstest.Kind(t, c.Offered(c.ctx, s.operator, Act{ID: id}, resident), errs.Conflict)
	if d, err = c.View(c.ctx, s.operator, id); err != nil || d.Offer != NoEffect {
		t.Errorf("%v, %v", d.Offer, err)
	}
	c.sameAsReplay(t, id)
}

func TestAnOutsiderIsWrittenOut(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	e := c.entry("KHL", kassiKassi, 0)
	e.Subject = Person{Name: "Tamu"}
	_, err := c.Enter(c.ctx, s.operator, e)
	errstest.Field(t, err, SubjectControl("nik"))
	e.Subject = samplePeople[0]
	id, err := c.Enter(c.ctx, s.operator, e)
	c.must(err)
	if d, err := c.View(c.ctx, s.operator, id); err != nil || d.SubjectIs.Name != samplePeople[0].Name || d.SubjectIs.ResidentID != 0 {
		t.Errorf("%+v, %v", d.SubjectIs, err)
	}
}

func scanOf(b []byte) File { return File{Name: "pindaian", ReadSeeker: bytes.NewReader(b)} }

var photo = mediatest.JPEG(600, 800)
