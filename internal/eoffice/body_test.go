package eoffice

import (
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// Where the city keeps what its most secret letters say, that lies under seal and in one place
// to look at: who is named in it by right opens it, and agrees to nothing that they have not
// opened. Turned off again, nobody does.
func TestTheMostSecretIsKeptUnderSeal(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p, boss := c.people(), c.boss()
	errstest.Kind(t, c.SetKeepBodies(c.ctx, p.head.Actor, true), errs.NotFound)
	c.must(c.SetKeepBodies(c.ctx, boss.Actor, true))
	d := p.draft()
	d.Secrecy, d.CC, d.Subject, d.Body = HighlySecret, nil, "Perkara "+told, "<p>Tentang "+told+".</p>"
	id := c.begin(p, d)
	if _, got, err := c.DraftOf(c.ctx, p.drafter.Actor, id); err != nil || got.Content != (Content{}) || got.Mode != Wet {
		t.Errorf("the form of the draft says %+v, %v", got, err)
	}
	reads := func(w worker) {
		t.Helper()
		b, err := c.OpenBody(c.ctx, w.Actor, id)
		if err != nil || b.Content.Subject != d.Subject || b.Content.Body != d.Body {
			t.Errorf("%s reads %+v, %v", w.Name, b.Content, err)
		}
	}
	reads(p.drafter)
	_, err := c.Submit(c.ctx, p.drafter.Actor, Act{ID: id})
	c.must(err)
	until := c.clock.Now().Add(time.Hour)
	acting := c.seat(p.verifier.desk, "plh", c.clock.Now().Add(-time.Hour), &until)
	errstest.Kind(t, errOf(c.OpenBody(c.ctx, acting.Actor, id)), errs.NotFound)
	for _, w := range []worker{p.verifier, p.second} {
		if got := c.open(w, id); got.See != Envelope || got.Content != (Content{}) || len(got.Files)+len(got.Papers()) > 0 {
			t.Errorf("the page says %+v", got.Content)
		}
		_, err := c.Paraf(c.ctx, w.Actor, Act{ID: id})
		errstest.Kind(t, err, errs.Conflict) // unread
		_, err = c.Edit(c.ctx, w.Actor, Act{ID: id}, Content{"Lain", "<p>Lain</p>"})
		errstest.Kind(t, err, errs.Conflict)
		reads(w)
		_, err = c.Paraf(c.ctx, w.Actor, Act{ID: id})
		c.must(err)
	}
	reads(p.head)
	_, err = c.Print(c.ctx, p.drafter.Actor, Act{ID: id})
	c.must(err)
	if words := pdfWords(t, c.paperOf(p.drafter, id, PaperPrint)); strings.Contains(words, told) || !strings.Contains(words, "LEMBAR NOMOR") {
		t.Errorf("its sheet says %s", words)
	}
	_, err = c.Scan(c.ctx, p.drafter.Actor, Act{ID: id}, nil)
	c.must(err)
	_, err = c.Send(c.ctx, p.clerk.Actor, Act{ID: id})
	c.must(err)
	reads(p.other)
	for w, kind := range map[*worker]errs.Kind{&p.clerk: errs.Forbidden, &p.otherClerk: errs.Forbidden, &p.stranger: errs.NotFound, &boss: errs.NotFound} {
		errstest.Kind(t, errOf(c.OpenBody(c.ctx, w.Actor, id)), kind)
	}
	if tables := c.telling(told); len(tables) > 0 || c.finds(p.other, told, id) {
		t.Errorf("told by %v", tables)
	}
	if n := one[int](c, `SELECT count(*) FROM audit_entry WHERE action = 'eoffice.letter.body' AND object_id = $1`, id); n != 5 {
		t.Errorf("%d entries of opening it on the audit trail", n)
	}
	c.sameAsReplay(t, id)

	c.must(c.SetKeepBodies(c.ctx, boss.Actor, false))
	errstest.Kind(t, errOf(c.OpenBody(c.ctx, p.other.Actor, id)), errs.Forbidden)
	paper := c.begin(p, d)
	if n := one[int](c, `SELECT count(*) FROM eoffice_letter WHERE content_sealed IS NOT NULL AND id = $1`, paper); n != 0 {
		t.Error("a letter on paper is kept")
	}
	c.must(c.SetKeepBodies(c.ctx, boss.Actor, true))
	reads(p.other)
}

func errOf[T any](_ T, err error) error { return err }
