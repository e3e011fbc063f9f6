package eoffice

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// What comes for the head goes by the desk that screens, with its note; what is confidential,
// copies, and what comes while nobody sits there goes straight.
func TestLettersForTheHeadAreScreened(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	screener := c.hire("sekretaris", "BAPPEDA", b.other.desk)
	setter := c.hire("pelaksana", "BAPPEDA", screener.desk, PermConfigure)
	office, err := c.OfficeOf(c.ctx, c.unit("BAPPEDA"))
	c.must(err)
	office.ScreenerID = b.head.desk
	errstest.Field(t, c.SaveOffice(c.ctx, setter.Actor, office), ControlScreener)
	office.ScreenerID = screener.desk
	c.must(c.SaveOffice(c.ctx, setter.Actor, office))

	lies := func(w worker, k Queue, want int) {
		t.Helper()
		rows, _, err := c.Desk(c.ctx, w.Actor, k, nil)
		c.must(err)
		counts, err := c.Counts(c.ctx, w.Actor)
		c.must(err)
		if len(rows) != want || counts[k].N != want {
			t.Errorf("%s of %s: %d rows, %d counted, want %d", k, w.Name, len(rows), counts[k].N, want)
		}
	}
	told := func(w worker) int {
		return one[int](c, `SELECT count(*) FROM notify_message WHERE account_id = $1`, w.AccountID)
	}
	letter := c.sent(b.people, b.draft())
	r := c.recipient(letter, b.other.desk).ID
	lies(b.other, ToRead, 0)
	lies(screener, ToScreen, 1)
	lies(b.third, CopiesIn, 1)
	if told(b.other) != 0 || told(screener) != 1 {
		t.Errorf("told: the head %d times, who screens %d times", told(b.other), told(screener))
	}
	_, err = c.TakeIn(c.ctx, b.otherClerk.Actor, r)
	c.must(err)
	if c.open(screener, letter); c.recipient(letter, b.other.desk).Status != TakenIn {
		t.Error("who screens reads in the head's name")
	}
	errstest.Kind(t, c.Screen(c.ctx, b.second2.Actor, r, ""), errs.NotFound)
	errstest.Kind(t, c.Screen(c.ctx, b.otherClerk.Actor, r, ""), errs.Forbidden)
	var done atomic.Int32
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if err := c.Screen(c.ctx, screener.Actor, r, "Mohon diputuskan hari ini."); err == nil {
				done.Add(1)
			} else if k := errs.KindOf(err); k != errs.Conflict && k != errs.Forbidden && k != errs.NotFound {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if done.Load() != 1 || told(b.other) != 1 {
		t.Errorf("passed on %d times, the head told %d times", done.Load(), told(b.other))
	}
	lies(b.other, ToRead, 1)
	lies(screener, ToScreen, 0)
	d := c.open(b.other, letter)
	noted := false
	for _, e := range d.Events {
		noted = noted || e.Action == ActScreen && e.Reason == "Mohon diputuskan hari ini." && e.Name == screener.Name
	}
	if !noted {
		t.Errorf("the note is not in %+v", d.Events)
	}
	c.sameAsReplay(t, letter)

	// It may be given back, and comes by the same way again; the head may be first.
	second := c.sent(b.people, b.draft())
	r = c.recipient(second, b.other.desk).ID
	c.must(c.GiveBack(c.ctx, screener.Actor, r, "Bukan untuk kami"))
	c.must(c.Resend(c.ctx, b.clerk.Actor, r))
	lies(screener, ToScreen, 1)
	c.open(b.other, second)
	lies(screener, ToScreen, 0)
	c.sameAsReplay(t, second)

	dr := b.draft()
	dr.Secrecy = Secret
	hidden := c.sent(b.people, dr)
	if _, err := c.Open(c.ctx, screener.Actor, hidden); errs.KindOf(err) != errs.NotFound {
		t.Errorf("who screens opens a secret letter: %v", err)
	}
	lies(b.other, ToRead, 1)
	waits := c.sent(b.people, b.draft())
	lies(screener, ToScreen, 1)
	if n, err := c.PassUnattended(c.ctx); err != nil || n != 0 {
		t.Errorf("passed %d on while somebody screens, %v", n, err)
	}
	c.exec(`UPDATE org_occupancy SET ends_at = $2 WHERE position_id = $1`, screener.desk, c.clock.Now().Add(time.Minute))
	c.clock.Advance(time.Hour)
	c.sent(b.people, b.draft())
	lies(b.other, ToRead, 2)

	// What waits at a desk that nobody holds any more goes on to the head, with a word, once.
	before := told(b.other)
	var passed atomic.Int32
	for range 3 {
		wait.Go(func() {
			n, err := c.PassUnattended(c.ctx)
			passed.Add(int32(n))
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	lies(b.other, ToRead, 3)
	if passed.Load() != 1 || told(b.other) != before+1 {
		t.Errorf("passed on %d times, the head told %d times", passed.Load(), told(b.other)-before)
	}
	d = c.open(b.other, waits)
	if !slices.ContainsFunc(d.Events, func(e Happening) bool {
		return e.Action == ActScreen && e.Reason == unattended && e.Role == AsSystem.String()
	}) {
		t.Errorf("no word of it in %+v", d.Events)
	}
	c.sameAsReplay(t, waits)
}
