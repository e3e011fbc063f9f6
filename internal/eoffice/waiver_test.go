package eoffice

import (
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// Who only stands in signs a decree with the mandate that is attached to it, once: sent back,
// it needs another. The mandate is no attachment of the letter,
// and those who get that do not see it.
func TestAMandateLetsWhoStandsInSign(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	for _, mode := range []Mode{Electronic, Wet} {
		id, err := c.Begin(c.ctx, p.drafter.Actor, "SK", p.drafter.desk, "sk-"+string(mode))
		c.must(err)
		d := p.draft()
		d.Mode, d.To = mode, nil
		_, err = c.SaveDraft(c.ctx, p.drafter.Actor, id, 0, d)
		c.must(err)
		_, err = c.Submit(c.ctx, p.drafter.Actor, Act{ID: id})
		c.must(err)
		mandate := func(w worker) error {
			return c.Waive(c.ctx, w.Actor, Act{ID: id, Reason: "Nomor 821/12/2026 dari Wali Kota"}, []Upload{photo()})
		}
		errstest.Kind(t, mandate(p.drafter), errs.Conflict) // nobody signs yet
		c.paraf(p.verifier, id)
		c.paraf(p.second, id)
		until := c.clock.Now().Add(48 * time.Hour)
		plh := c.seat(p.head.desk, "plh", c.clock.Now(), &until)
		c.open(plh, id)
		signs := func() error {
			if mode == Wet {
				_, err := c.Print(c.ctx, plh.Actor, Act{ID: id})
				return err
			}
			return c.sign(plh, id).Err
		}
		errstest.Kind(t, signs(), errs.Forbidden)
		errstest.Kind(t, mandate(p.stranger), errs.NotFound)
		errstest.Field(t, c.Waive(c.ctx, p.drafter.Actor, Act{ID: id, Reason: "Nomor 821"}, []Upload{upload("a.txt", "teks")}), ControlFile)
		errstest.Field(t, c.Waive(c.ctx, p.drafter.Actor, Act{ID: id, Reason: "x"}, []Upload{photo()}), ControlReason)
		c.must(mandate(p.drafter))
		c.must(c.Return(c.ctx, plh.Actor, Act{ID: id, Reason: "Perbaiki dahulu"}))
		c.clock.Advance(time.Minute)
		_, err = c.Submit(c.ctx, p.drafter.Actor, Act{ID: id})
		c.must(err)
		if s := c.state(id); s.Status == AwaitingSign { // both paraf stand: nothing was changed
			errstest.Kind(t, signs(), errs.Forbidden)
			c.must(mandate(plh))
			c.must(signs())
		} else {
			t.Errorf("it went to %s", s.Status)
		}
		if got := c.open(p.drafter, id); len(got.Files) != 0 || len(got.Waivers) != 2 || got.Blocks[0].Seat != "plh" {
			t.Errorf("%d attachments, %d mandates, %+v", len(got.Files), len(got.Waivers), got.Blocks)
		}
		if mode == Electronic { // sent by itself
			paper := c.open(p.head, id).Waivers[0].ID
			_, _, err := c.OpenFile(c.ctx, p.third.Actor, id, paper)
			errstest.Kind(t, err, errs.NotFound)
			_, _, err = c.OpenFile(c.ctx, p.verifier.Actor, id, paper)
			c.must(err)
			if got := c.open(p.third, id); got.See != Whole || len(got.Waivers) > 0 {
				t.Errorf("who got the letter sees %d, %d mandates", got.See, len(got.Waivers))
			}
		}
		c.sameAsReplay(t, id)
		c.clock.Advance(72 * time.Hour) // the next one stands in anew
	}
	id := c.submit(p, p.draft())
	c.toSign(p, id)
	errstest.Kind(t, c.Waive(c.ctx, p.head.Actor, Act{ID: id, Reason: "Nomor 821"}, []Upload{photo()}), errs.Conflict)
}
