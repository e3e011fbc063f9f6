package eoffice

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

// From draft to the desk of who receives it.
func TestALetterGoesItsWay(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	id := c.submit(p, p.draft())
	if s := c.state(id); s.Status != Verifying || s.DeskID != p.verifier.desk || s.DueAt == nil {
		t.Fatalf("submitted: %+v", s)
	}
	c.paraf(p.verifier, id)
	c.paraf(p.second, id)
	if s := c.state(id); s.Status != AwaitingSign || s.DeskID != p.head.desk {
		t.Fatalf("after both paraf: %+v", s)
	}
	errstest.Kind(t, c.sign(p.head, id).Err, errs.Conflict) // not read yet
	c.open(p.head, id)
	_, err := c.Standing(c.ctx, "600.1/1/DPU/XI/2026")
	errstest.Kind(t, err, errs.NotFound)
	r := c.sign(p.head, id)
	c.must(r.Err)
	if r.Number != "600.1/1/DPU/XI/2026" {
		t.Errorf("number %q", r.Number)
	}
	if st, err := c.Standing(c.ctx, "600.1/1/dpu/xi / 2026"); err != nil || st != (Standing{id, r.Number, true, false}) {
		t.Errorf("by its number it is %+v: %v", st, err)
	}
	s := c.state(id)
	if s.Status != Sent || s.PDFKey == "" || s.PDFHash == nil || s.SentAt == nil {
		t.Fatalf("signed and sent by itself: %+v", s)
	}
	if n, err := c.TakeIn(c.ctx, p.otherClerk.Actor, c.recipient(id, p.other.desk).ID); err != nil || n != 1 {
		t.Fatalf("agenda %d, %v", n, err)
	}
	if d := c.open(p.other, id); d.See != Whole || d.Content.Subject == "" {
		t.Errorf("the addressee sees %d", d.See)
	}
	c.open(p.third, id)
	if got := c.recipient(id, p.other.desk); got.Status != Read || got.ReadAt == nil {
		t.Errorf("addressee: %+v", got)
	}
	if got := c.recipient(id, p.third.desk); got.Status != Read || got.AgendaNo != 0 {
		t.Errorf("copy: %+v", got)
	}
	c.must(c.Finish(c.ctx, p.other.Actor, c.recipient(id, p.other.desk).ID, "Sudah dilaksanakan."))
	c.sameAsReplay(t, id)
}

// A paraf is one to a content: an edit needs all of them again, and who has seen the old
// content is told.
func TestAnEditVoidsEarlierParaf(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	id := c.submit(p, p.draft())
	shown := c.open(p.verifier, id)
	c.paraf(p.verifier, id)
	c.open(p.second, id)
	_, err := c.Edit(c.ctx, p.second.Actor, Act{ID: id}, Content{"Perbaikan drainase", "<p>Isi yang lain.</p>"})
	c.must(err)
	c.paraf(p.second, id)
	if s := c.state(id); s.Status != Verifying || s.DeskID != p.verifier.desk || s.Version != 2 {
		t.Fatalf("after the edit: %+v", s)
	}
	_, err = c.Paraf(c.ctx, p.verifier.Actor, Act{ID: id, Content: shown.Version})
	var changed *ChangedError
	if !errors.As(err, &changed) || changed.Shown != 1 || changed.Now != 2 {
		t.Fatalf("got %v", err)
	}
	_, err = c.Paraf(c.ctx, p.verifier.Actor, Act{ID: id}) // has not opened the new one
	errstest.Kind(t, err, errs.Conflict)
	c.paraf(p.verifier, id)
	if s := c.state(id); s.Status != AwaitingSign {
		t.Fatalf("after the new paraf: %+v", s)
	}
	vs, err := c.Versions(c.ctx, p.head.Actor, id)
	if err != nil || len(vs) != 2 || !strings.Contains(vs[0].Content.Body, "Toddopuli") {
		t.Errorf("versions %+v, %v", vs, err)
	}
	c.sameAsReplay(t, id)
}

// Sent back and sent on unchanged, it goes to who sent it back; changed, to all.
func TestWhatComesBackGoesOnlyToWhoMustSeeItAgain(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	id := c.submit(p, p.draft())
	c.paraf(p.verifier, id)
	errstest.Field(t, c.Return(c.ctx, p.second.Actor, Act{ID: id, Reason: "no"}), ControlReason)
	c.must(c.Return(c.ctx, p.second.Actor, Act{ID: id, Reason: "Lampiran kurang jelas"}))
	if s := c.state(id); s.Status != Mending || s.DeskID != p.drafter.desk {
		t.Fatalf("returned: %+v", s)
	}
	_, err := c.Submit(c.ctx, p.drafter.Actor, Act{ID: id})
	c.must(err)
	if s := c.state(id); s.DeskID != p.second.desk {
		t.Fatalf("unchanged: %+v", s)
	}
	errstest.Field(t, c.BackOne(c.ctx, p.second.Actor, Act{ID: id, Reason: "Baca sekali lagi", Cause: "malas"}), ControlCause)
	c.must(c.BackOne(c.ctx, p.second.Actor, Act{ID: id, Reason: "Tunggu sampai Senin", Cause: BadTime}))
	causes := `SELECT string_agg(strata ->> 'sebab', ' ' ORDER BY id) FROM work_event WHERE module = 'eoffice' AND object_id = $1 AND kind IN ('naskah_kembalikan', 'naskah_mundur')`
	if got := one[string](c, causes, id); got != "isi waktu" {
		t.Errorf("the ledger has %q", got)
	}
	if s := c.state(id); s.DeskID != p.verifier.desk {
		t.Fatalf("one back: %+v", s)
	}
	c.must(c.Return(c.ctx, p.verifier.Actor, Act{ID: id, Reason: "Ubah isinya"}))
	_, d, err := c.DraftOf(c.ctx, p.drafter.Actor, id)
	c.must(err)
	d.Body = "<p>Isi yang baru.</p>"
	saved := one[int](c, `SELECT saved FROM eoffice_letter WHERE id = $1`, id)
	_, err = c.SaveDraft(c.ctx, p.drafter.Actor, id, saved, d)
	c.must(err)
	_, err = c.Submit(c.ctx, p.drafter.Actor, Act{ID: id})
	c.must(err)
	if s := c.state(id); s.DeskID != p.verifier.desk || s.Version != 2 {
		t.Fatalf("changed: %+v", s)
	}
	c.sameAsReplay(t, id)
}

func TestADraftSaysWhatItLacks(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	empty := c.hire("struktural", "DPU", p.head.desk)
	c.exec(`UPDATE org_occupancy SET ends_at = $2 WHERE position_id = $1`, empty.desk, c.clock.Now().Add(-time.Hour))
	for control, change := range map[string]func(*Draft){
		ControlSubject: func(d *Draft) { d.Subject = "  " },
		ControlBody:    func(d *Draft) { d.Body = "<p>Masih […] kosong</p>" },
		ControlTo:      func(d *Draft) { d.To = nil },
		ControlKKA:     func(d *Draft) { d.KKA = "999.9" },
		ControlSigner:  func(d *Draft) { d.Chain = d.Chain[:2] },
	} {
		d := p.draft()
		change(&d)
		_, err := c.Submit(c.ctx, p.drafter.Actor, Act{ID: c.begin(p, d)})
		errstest.Field(t, err, control)
	}
	d := p.draft()
	d.Chain[0].PositionID = empty.desk
	_, err := c.Submit(c.ctx, p.drafter.Actor, Act{ID: c.begin(p, d)})
	errstest.Field(t, err, ControlSigner)
	if got := errs.FieldsOf(err)[0].Message; !strings.Contains(got, "tidak ada pemangkunya") || !strings.Contains(got, p.head.Name) {
		t.Errorf("offered: %s", got)
	}
	d = p.draft()
	d.To = []Addressee{{PositionID: empty.desk}}
	_, err = c.Submit(c.ctx, p.drafter.Actor, Act{ID: c.begin(p, d)})
	errstest.Field(t, err, ControlTo)
	d.To[0].ToUnit = true
	c.submit(p, d)
}

// Two tabs save one draft: the slower one is told and nothing is lost.
func TestTwoTabsSaveOneDraft(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	id := c.begin(p, p.draft())
	var wait sync.WaitGroup
	results := make([]error, 8)
	for i := range results {
		wait.Go(func() {
			d := p.draft()
			d.Subject = fmt.Sprint("Perbaikan ke-", i)
			_, results[i] = c.SaveDraft(c.ctx, p.drafter.Actor, id, 1, d)
		})
	}
	wait.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
		} else {
			errstest.Kind(t, err, errs.Conflict)
		}
	}
	if won != 1 {
		t.Errorf("%d tabs saved", won)
	}
}

// Eight tabs sign one letter: it is signed once, with one number.
func TestManyTabsSignOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	id := c.submit(p, p.draft())
	c.toSign(p, id)
	var wait sync.WaitGroup
	results := make([]SignResult, 8)
	for i := range results {
		wait.Go(func() { results[i] = c.sign(p.head, id) })
	}
	wait.Wait()
	won := 0
	for _, r := range results {
		if r.Err == nil {
			won++
		} else {
			errstest.Kind(t, r.Err, errs.Conflict)
		}
	}
	if won != 1 || c.signer.signed.Load() != 1 {
		t.Errorf("%d tabs signed, %d signatures", won, c.signer.signed.Load())
	}
	if n := one[int](c, `SELECT last FROM numbering_counter WHERE series LIKE 'naskah:%'`); n != 1 {
		t.Errorf("%d numbers taken", n)
	}
	c.sameAsReplay(t, id)
}

// Forty letters at once, some of which fail at first: numbers follow each other without a
// twin or a gap, and what failed keeps its number.
func TestNumbersAtOnceHaveNoGaps(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	const n = 40
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = c.submit(p, p.draft())
		c.toSign(p, ids[i])
	}
	var mu sync.Mutex
	count := 0
	fail := func(sign.Request) error {
		mu.Lock()
		defer mu.Unlock()
		if count++; count%5 == 0 {
			return errors.New("the signer broke")
		}
		return nil
	}
	c.signer.before.Store(&fail)
	var wait sync.WaitGroup
	for _, id := range ids {
		wait.Go(func() { c.sign(p.head, id) })
	}
	wait.Wait()
	c.signer.before.Store(nil)
	for _, id := range ids {
		if c.state(id).Status == AwaitingSign {
			no := c.state(id).LetterNo
			c.must(c.sign(p.head, id).Err)
			if got := c.state(id).LetterNo; no == 0 || got != no {
				t.Errorf("number %d became %d", no, got)
			}
		}
	}
	var numbers []int64
	for _, id := range ids {
		s := c.state(id)
		if s.Status != Sent {
			t.Errorf("letter %d is %s", id, s.Status)
		}
		numbers = append(numbers, s.LetterNo)
	}
	slices.Sort(numbers)
	for i, got := range numbers {
		if got != int64(i+1) {
			t.Fatalf("numbers %v", numbers)
		}
	}
}

// A portal that dies while it signs leaves a letter that goes back by itself.
func TestALostSigningGoesBack(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	id := c.submit(p, p.draft())
	c.toSign(p, id)
	_, err := c.act(c.ctx, p.head.Actor, Act{ID: id}, ActSign, nil, nil)
	c.must(err)
	c.clock.Advance(2 * time.Minute)
	if n, err := c.RecoverSignings(c.ctx); n != 0 || err != nil {
		t.Fatalf("%d recovered too early, %v", n, err)
	}
	c.clock.Advance(2 * time.Minute)
	if n, err := c.RecoverSignings(c.ctx); n != 1 || err != nil {
		t.Fatalf("%d recovered, %v", n, err)
	}
	c.must(c.sign(p.head, id).Err)
	c.sameAsReplay(t, id)
}

// The rights of who stands in end at the second.
func TestActingRightsEndAtTheSecond(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	until := c.clock.Now().Add(time.Hour)
	acting := c.seat(p.head.desk, "plh", c.clock.Now(), &until)
	id := c.submit(p, p.draft())
	c.paraf(p.verifier, id)
	c.paraf(p.second, id)
	c.open(acting, id)
	c.clock.Advance(time.Hour)
	errstest.Kind(t, c.sign(acting, id).Err, errs.NotFound)
	c.clock.Advance(-time.Second)
	c.must(c.sign(acting, id).Err)
	s := c.state(id)
	if got := s.Blocks[0].Lines[0]; !strings.HasPrefix(got, "Plh. KEPALA") {
		t.Errorf("signed as %s", got)
	}
	c.sameAsReplay(t, id)
}

// Who gets a letter by mistake gives it back, and it may be sent again.
func TestALetterMayBeGivenBack(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	id := c.sent(p, p.draft())
	r := c.recipient(id, p.other.desk).ID
	errstest.Kind(t, c.GiveBack(c.ctx, p.stranger.Actor, r, "Bukan untuk kami"), errs.NotFound)
	errstest.Field(t, c.GiveBack(c.ctx, p.other.Actor, r, ""), ControlReason)
	c.must(c.GiveBack(c.ctx, p.other.Actor, r, "Bukan tugas Bappeda"))
	back, _, err := c.Desk(c.ctx, p.clerk.Actor, CameBack, nil)
	if err != nil || len(back) != 1 || back[0].ID != id {
		t.Errorf("came back: %+v, %v", back, err)
	}
	c.must(c.Resend(c.ctx, p.clerk.Actor, r))
	if got := c.recipient(id, p.other.desk); got.Status != Arrived {
		t.Errorf("sent again: %+v", got)
	}
	c.sameAsReplay(t, id)
}

// What lies on a desk is what its counts say.
func TestDesksShowWhatLiesThere(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	for range 3 {
		c.submit(p, p.draft())
	}
	c.begin(p, p.draft())
	id := c.submit(p, p.draft())
	c.toSign(p, id)
	c.sent(p, p.draft())
	d := p.draft()
	d.Secrecy = Secret
	c.must(c.sign(p.head, func() int64 { id := c.submit(p, d); c.toSign(p, id); return id }()).Err)
	for name, v := range map[string]struct {
		who  worker
		want map[Queue]int
	}{
		"verifier": {p.verifier, map[Queue]int{ToVerify: 3}}, "head": {p.head, map[Queue]int{ToSign: 1}}, "drafter": {p.drafter, map[Queue]int{MyDrafts: 1, WithOthers: 5}},
		"clerk": {p.clerk, map[Queue]int{ToSend: 1}}, "other": {p.other, map[Queue]int{ToRead: 1}}, "third": {p.third, map[Queue]int{CopiesIn: 1}},
		"their clerk": {p.otherClerk, map[Queue]int{ToTakeIn: 1}}, "stranger": {p.stranger, map[Queue]int{}},
	} {
		counts, err := c.Counts(c.ctx, v.who.Actor)
		c.must(err)
		for _, k := range Queues {
			rows, next, err := c.Desk(c.ctx, v.who.Actor, k, nil)
			c.must(err)
			if len(rows) != v.want[k] || counts[k].N != len(rows) || next != nil {
				t.Errorf("%s: %s has %d rows and %d counted, want %d", name, k, len(rows), counts[k].N, v.want[k])
			}
			for _, r := range rows {
				if r.Secrecy == Secret && r.Subject != "" {
					t.Errorf("%s: a list tells the subject of a secret letter", name)
				}
			}
		}
	}
}
