package eoffice

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

const upTo = "Menyangkut penertiban yang belum diumumkan"

// finds tells whether a search by words finds a letter.
func (c *city) finds(w worker, text string, id int64) bool {
	c.t.Helper()
	list, _, err := c.Search(c.ctx, w.Actor, Query{Text: text}, 0)
	c.must(err)
	for _, f := range list {
		if f.ID == id {
			return true
		}
	}
	return false
}

// An addressee makes an open letter restricted: from then on nothing tells what it is about
// to who merely reads what is open in the unit.
func TestAnAddresseeRaisesTheSecrecy(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	colleague := c.hire("pelaksana", "BAPPEDA", p.other.desk, PermUnitView)
	id := c.sent(p, p.draft())
	c.open(p.other, id)
	c.open(colleague, id)
	if !c.finds(colleague, "drainase", id) {
		t.Fatal("the colleague does not find what is open")
	}
	act := Act{ID: id, Reason: upTo}
	for _, w := range []worker{p.drafter, p.head, p.clerk, p.otherClerk, p.third} { // a copy gives no say
		errstest.Kind(t, c.Raise(c.ctx, w.Actor, act, Restricted), errs.Forbidden)
	}
	errstest.Kind(t, c.Raise(c.ctx, p.stranger.Actor, act, Restricted), errs.NotFound)
	errstest.Field(t, c.Raise(c.ctx, p.other.Actor, Act{ID: id}, Restricted), ControlReason)
	var done atomic.Int32
	var wg sync.WaitGroup
	for range 4 { // pressed more than once
		wg.Go(func() {
			if err := c.Raise(c.ctx, p.other.Actor, act, Restricted); err == nil {
				done.Add(1)
			} else if errs.KindOf(err) != errs.Conflict {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if done.Load() != 1 || c.state(id).Secrecy != Restricted {
		t.Fatalf("raised %d times: %+v", done.Load(), c.state(id))
	}
	_, err := c.Open(c.ctx, colleague.Actor, id)
	errstest.Kind(t, err, errs.NotFound)
	for _, w := range []worker{colleague, p.stranger} {
		if c.finds(w, "drainase", id) || c.finds(w, "600.1/1/DPU", id) {
			t.Errorf("desk %d finds it", w.desk)
		}
	}
	for _, w := range []worker{p.other, p.third, p.drafter, p.otherClerk} {
		if c.open(w, id).See != Whole || !c.finds(w, "drainase", id) {
			t.Errorf("desk %d lost it", w.desk)
		}
	}
	for _, table := range []string{"notify_message m", "notify_inbox m"} {
		if n := one[int](c, `SELECT count(*) FROM `+table+` WHERE m::text ILIKE '%drainase%'`); n != 0 {
			t.Errorf("%d rows of %s say what it is about", n, table)
		}
		if one[int](c, `SELECT count(*) FROM `+table) == 0 {
			t.Errorf("%s has nothing to look at", table)
		}
	}
	c.sameAsReplay(t, id)
}

// Only who signed it makes a letter less secret; then it is found by what it says.
func TestTheSignerLowersTheSecrecy(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	colleague := c.hire("pelaksana", "BAPPEDA", p.other.desk, PermUnitView)
	d := p.draft()
	d.Secrecy = Secret
	id := c.sent(p, d)
	act := Act{ID: id, Reason: "Sudah diumumkan kepada warga"}
	for _, w := range []worker{p.drafter, p.second, p.clerk, p.other} {
		errstest.Kind(t, c.Lower(c.ctx, w.Actor, act, Open), errs.Forbidden)
	}
	errstest.Kind(t, c.Lower(c.ctx, colleague.Actor, act, Open), errs.NotFound)
	for _, to := range []Secrecy{Secret, HighlySecret, "X"} {
		errstest.Field(t, c.Lower(c.ctx, p.head.Actor, act, to), ControlSecrecy)
	}
	c.must(c.Lower(c.ctx, p.head.Actor, act, Restricted))
	if c.open(p.clerk, id).See != Whole || c.finds(colleague, "drainase", id) || !c.finds(p.otherClerk, "drainase", id) {
		t.Error("a restricted letter is for its people and the tata usaha")
	}
	c.must(c.Lower(c.ctx, p.head.Actor, act, Open))
	if got := c.open(colleague, id).Content; got.Subject != d.Subject || !strings.Contains(got.Body, "Toddopuli") {
		t.Errorf("the colleague reads %+v", got)
	}
	if !c.finds(colleague, "toddopuli", id) {
		t.Error("the colleague does not find it")
	}
	if vs, err := c.Versions(c.ctx, p.head.Actor, id); err != nil || len(vs) != 1 || vs[0].Content.Subject != d.Subject {
		t.Errorf("versions: %+v, %v", vs, err)
	}
	errstest.Kind(t, c.Lower(c.ctx, p.head.Actor, act, Open), errs.Conflict)
	c.sameAsReplay(t, id)
}
