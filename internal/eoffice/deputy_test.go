package eoffice

import (
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// deputize lets somebody work at somebody's desk for a time from now.
func (c *city) deputize(holder, deputy worker, kind string, long time.Duration) int64 {
	c.t.Helper()
	id, err := c.Deputize(c.ctx, holder.Actor, Mandate{DeskID: holder.desk, DeputyID: deputy.desk, Kind: kind, StartsAt: c.clock.Now(), EndsAt: c.clock.Now().Add(long), Reason: "Dinas luar kota"})
	c.must(err)
	return id
}

// A secretary takes receipt, gives orders and takes in reports in the leader's name, which
// shows; they report nothing, sign nothing, put no paraf, and never see what is confidential.
func TestASecretaryPreparesInTheLeadersName(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	d := b.draft()
	letter := c.sent(b.people, d)
	r := c.recipient(letter, b.other.desk).ID
	give := Giving{RecipientID: r, Orders: []NewOrder{follow(b.bidang)}}
	secretary := b.stranger
	_, err := c.Give(c.ctx, secretary.Actor, give)
	errstest.Kind(t, err, errs.NotFound)
	errstest.Kind(t, c.Receive(c.ctx, secretary.Actor, letter), errs.NotFound)
	c.deputize(b.other, secretary, Secretary, 240*time.Hour)

	if rows, err := desk(c, secretary, b.other, ToRead); err != nil || len(rows) != 1 || rows[0].ID != letter {
		t.Fatalf("on the leader's desk lie %+v, %v", rows, err)
	}
	if c.open(secretary, letter); c.recipient(letter, b.other.desk).Status != Arrived {
		t.Error("who only opens it reads in somebody's name")
	}
	c.must(c.Receive(c.ctx, secretary.Actor, letter))
	id := c.give(secretary, give)[0]
	o := c.open(b.other, letter).Orders[0]
	if o.ID != id || o.FromID != b.other.desk || o.PreparedBy != secretary.Name {
		t.Errorf("given: %+v", o)
	}
	if got := one[string](c, `SELECT occupancy || ':' || actor_id FROM eoffice_event WHERE object = 'disposisi' AND object_id = $1`, id); got != Secretary+":"+itoa(secretary.AccountID) {
		t.Errorf("on record as %s", got)
	}
	if n := one[int](c, `SELECT count(*) FROM notify_message WHERE account_id = $1 AND subject LIKE 'Atas nama Anda%'`, b.other.AccountID); n != 1 {
		t.Errorf("the leader was told %d times", n)
	}
	c.open(b.bidang, letter)
	c.must(c.ReportOrder(c.ctx, b.bidang.Actor, Act{ID: id}, Report{Text: "Sudah diukur."}))
	errstest.Kind(t, c.onOrder(secretary, id, ActRework, "Fotonya belum ada."), errs.Forbidden)
	c.must(c.onOrder(secretary, id, ActAccept, ""))
	errstest.Kind(t, c.Finish(c.ctx, secretary.Actor, r, ""), errs.NotFound)
	errstest.Kind(t, c.Raise(c.ctx, secretary.Actor, Act{ID: letter, Reason: upTo}, Restricted), errs.Forbidden)
	c.sameAsReplay(t, letter)
	c.ordersHold(t)

	// What is confidential is not on the desk for a secretary, not even once it becomes so.
	d.Secrecy = Secret
	hidden := c.sent(b.people, d)
	c.must(c.Raise(c.ctx, b.other.Actor, Act{ID: letter, Reason: upTo}, Secret))
	for _, id := range []int64{hidden, letter} {
		_, err := c.Open(c.ctx, secretary.Actor, id)
		errstest.Kind(t, err, errs.NotFound)
		errstest.Kind(t, c.Receive(c.ctx, secretary.Actor, id), errs.NotFound)
		_, err = c.Give(c.ctx, secretary.Actor, Giving{RecipientID: c.recipient(id, b.other.desk).ID, Admit: true, Orders: []NewOrder{follow(b.second2)}})
		errstest.Kind(t, err, errs.NotFound)
		if c.finds(secretary, "drainase", id) || c.finds(secretary, "600", id) {
			t.Error("they find it")
		}
	}
	_, queues, err := c.DeputyDesk(c.ctx, secretary.Actor, b.other.desk)
	c.must(err)
	for k, rows := range queues {
		if len(rows) > 0 {
			t.Errorf("in %s lie %+v", k, rows)
		}
	}
	for _, account := range []int64{secretary.AccountID} {
		if n := one[int](c, `SELECT count(*) FROM notify_message WHERE account_id = $1 AND object_id = $2`, account, itoa(hidden)); n != 0 {
			t.Errorf("a secretary was told of a secret letter %d times", n)
		}
	}
}

func desk(c *city, who, whose worker, k Queue) ([]Row, error) {
	_, all, err := c.DeputyDesk(c.ctx, who.Actor, whose.desk)
	return all[k], err
}

// No deputy signs or puts a paraf, whatever lies on the desk.
func TestNoDeputySigns(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	for _, kind := range DeputyKinds {
		for _, holder := range []worker{p.verifier, p.second, p.head} {
			c.deputize(holder, p.clerk, kind, 240*time.Hour)
		}
	}
	id := c.submit(p, p.draft())
	act := Act{ID: id, Reason: "Bukan saya yang berwenang"}
	for _, w := range []worker{p.verifier, p.second} {
		c.open(p.clerk, id)
		_, err := c.Paraf(c.ctx, p.clerk.Actor, act)
		errstest.Kind(t, err, errs.Forbidden)
		_, err = c.Edit(c.ctx, p.clerk.Actor, act, Content{"Hal", "<p>Isi yang lain sama sekali.</p>"})
		errstest.Kind(t, err, errs.Forbidden)
		errstest.Kind(t, c.Return(c.ctx, p.clerk.Actor, act), errs.Forbidden)
		c.paraf(w, id)
	}
	c.open(p.clerk, id)
	errstest.Kind(t, c.sign(p.clerk, id).Err, errs.Forbidden)
	if _, err := c.Begin(c.ctx, p.clerk.Actor, "SD", p.head.desk, "kunci"); err == nil {
		t.Error("a deputy begins a letter at the desk")
	}
	c.open(p.head, id)
	c.must(c.sign(p.head, id).Err)
	c.sameAsReplay(t, id)
}

// Who stands in does everything with what arrives, from the moment on and until the very
// second at which it ends.
func TestAMandateEndsAtTheSecond(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	letter, r := c.arrived(b, Open)
	id := c.give(b.other, Giving{RecipientID: r, Orders: []NewOrder{follow(b.bidang)}})[0]
	from, until := c.clock.Now().Add(time.Hour), c.clock.Now().Add(2*time.Hour)
	mandate, err := c.Deputize(c.ctx, b.bidang.Actor, Mandate{DeskID: b.bidang.desk, DeputyID: b.second2.desk, Kind: StandIn, StartsAt: from, EndsAt: until, Reason: "Cuti"})
	c.must(err)
	nothing := func(when string) {
		t.Helper()
		if _, err := c.Open(c.ctx, b.second2.Actor, letter); errs.KindOf(err) != errs.NotFound {
			t.Errorf("%s: opened: %v", when, err)
		}
		for _, err := range []error{c.Receive(c.ctx, b.second2.Actor, letter), c.onOrder(b.second2, id, ActStart, "")} {
			errstest.Kind(t, err, errs.NotFound)
		}
		if _, _, err := c.DeputyDesk(c.ctx, b.second2.Actor, b.bidang.desk); errs.KindOf(err) != errs.NotFound {
			t.Errorf("%s: the desk: %v", when, err)
		}
	}
	nothing("before")
	c.clock.Advance(time.Hour)
	c.must(c.Receive(c.ctx, b.second2.Actor, letter))
	c.must(c.onOrder(b.second2, id, ActStart, ""))
	c.clock.Advance(time.Hour)
	nothing("at the end")
	c.clock.Advance(-time.Microsecond)
	c.must(c.ReportOrder(c.ctx, b.second2.Actor, Act{ID: id}, Report{Text: "Sudah dikerjakan."}))
	c.must(c.EndMandate(c.ctx, b.bidang.Actor, mandate))
	nothing("ended early")
	errstest.Kind(t, c.EndMandate(c.ctx, b.bidang.Actor, mandate), errs.Conflict)
	errstest.Kind(t, c.EndMandate(c.ctx, b.second2.Actor, mandate), errs.NotFound)
	c.ordersHold(t)
}

// A desk is passed on by who sits there, within bounds, and to one at a time.
func TestMandatesHaveBounds(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	now := c.clock.Now()
	good := Mandate{DeskID: b.other.desk, DeputyID: b.stranger.desk, Kind: StandIn, StartsAt: now, EndsAt: now.Add(48 * time.Hour), Reason: "Dinas luar"}
	for control, change := range map[string]func(*Mandate){
		ControlWhat:   func(d *Mandate) { d.Kind = "plh" },
		ControlDeputy: func(d *Mandate) { d.DeputyID = b.head.desk }, // of another office
		ControlFrom:   func(d *Mandate) { d.StartsAt = time.Time{} },
		ControlUntil:  func(d *Mandate) { d.EndsAt = d.StartsAt },
		ControlReason: func(d *Mandate) { d.Reason = strings.Repeat("x", 301) },
	} {
		d := good
		change(&d)
		_, err := c.Deputize(c.ctx, b.other.Actor, d)
		errstest.Field(t, err, control)
	}
	for _, long := range []int{31, -1} {
		d := good
		d.EndsAt = now.AddDate(0, 0, long)
		_, err := c.Deputize(c.ctx, b.other.Actor, d)
		errstest.Field(t, err, ControlUntil)
	}
	self := good
	self.DeputyID = b.other.desk
	_, err := c.Deputize(c.ctx, b.other.Actor, self)
	errstest.Field(t, err, ControlDeputy)
	_, err = c.Deputize(c.ctx, b.stranger.Actor, good)
	errstest.Kind(t, err, errs.NotFound)
	var made atomic.Int32
	var wait sync.WaitGroup
	for _, to := range []worker{b.stranger, b.stranger, b.otherClerk, b.bidang, b.second2, b.sub} {
		wait.Go(func() {
			d := good
			d.DeputyID = to.desk
			switch _, err := c.Deputize(c.ctx, b.other.Actor, d); {
			case err == nil:
				made.Add(1)
			case errs.KindOf(err) != errs.Conflict:
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if made.Load() != 1 {
		t.Errorf("%d stand in at once", made.Load())
	}
	list, err := c.Mandates(c.ctx, b.other.Actor)
	if err != nil || len(list) != 1 || !list[0].Mine || !list[0].Runs(now) || list[0].Runs(list[0].EndsAt) || list[0].Holder == "" {
		t.Errorf("listed: %+v, %v", list, err)
	}
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
