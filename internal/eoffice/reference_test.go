package eoffice

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// A draft refers to letters its drafter may open; both pages say so, to who may open both.
func TestLettersReferToEachOther(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	first := c.sent(p, p.draft())
	reply, err := c.Reply(c.ctx, p.other.Actor, first, "SD", p.other.desk, "balas-1")
	c.must(err)
	again, err := c.Reply(c.ctx, p.other.Actor, first, "SD", p.other.desk, "balas-1")
	if err != nil || again != reply {
		t.Fatalf("the same form again: %d, %v", again, err)
	}
	_, d, err := c.DraftOf(c.ctx, p.other.Actor, reply)
	c.must(err)
	if d.Subject != "Balasan: Perbaikan drainase" || len(d.To) != 1 || d.To[0].PositionID != p.head.desk {
		t.Fatalf("begun: %+v", d)
	}
	if l := c.open(p.other, first).Links; len(l) != 1 || l[0].ID != reply || !l[0].From || l[0].Kind != TieReply {
		t.Errorf("who answers sees %+v", l)
	}
	for _, w := range []worker{p.head, p.drafter, p.third} { // nobody else may open the draft
		if got := c.open(w, first); len(got.Links)+len(got.Thread) != 0 {
			t.Errorf("desk %d sees %+v", w.desk, got.Links)
		}
	}
	// A third letter, to which the second leads.
	follow := c.begin(p, p.draft())
	c.must(c.Refer(c.ctx, p.drafter.Actor, follow, first, TieFollow))
	c.must(c.Refer(c.ctx, p.drafter.Actor, follow, first, TieAmend)) // one tie to each
	if got := c.open(p.drafter, follow); len(got.Links) != 1 || got.Links[0].Kind != TieAmend || got.Links[0].From {
		t.Errorf("the draft refers to %+v", got.Links)
	}
	c.must(c.Unrefer(c.ctx, p.drafter.Actor, follow, first))
	if got, err := c.ReferencesOf(c.ctx, p.drafter.Actor, follow); err != nil || len(got) != 0 {
		t.Errorf("taken out: %+v, %v", got, err)
	}
	// Neither itself nor what is not finished nor what one may not open.
	errstest.Field(t, c.Refer(c.ctx, p.drafter.Actor, follow, follow, TieReply), ControlReference)
	errstest.Field(t, c.Refer(c.ctx, p.drafter.Actor, follow, c.begin(p, p.draft()), TieReply), ControlReference)
	errstest.Kind(t, c.Refer(c.ctx, p.drafter.Actor, follow, reply, TieReply), errs.NotFound)
	errstest.Field(t, c.Refer(c.ctx, p.drafter.Actor, follow, first, "merujuk"), ControlTie)
	errstest.Kind(t, c.Refer(c.ctx, p.stranger.Actor, follow, first, TieReply), errs.NotFound)
	// What was sent refers to nothing new: so there are no circles.
	errstest.Kind(t, c.Refer(c.ctx, p.drafter.Actor, first, first+1, TieReply), errs.Conflict)
}

// The letters of a thread stand in the order of time, without those the reader may not
// open, and of an R letter nobody reads what it is about.
func TestAThreadShowsOnlyWhatOneMayOpen(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	first := c.sent(p, p.draft())
	d := p.draft()
	d.Secrecy, d.Subject, d.CC = Secret, "Hal yang rahasia", nil
	next := func(d Draft, other int64) int64 {
		id := c.begin(p, d)
		c.must(c.Refer(c.ctx, p.drafter.Actor, id, other, TieFollow))
		_, err := c.Submit(c.ctx, p.drafter.Actor, Act{ID: id})
		c.must(err)
		c.toSign(p, id)
		c.must(c.sign(p.head, id).Err)
		if c.state(id).Status == Signed {
			_, err := c.Send(c.ctx, p.clerk.Actor, Act{ID: id})
			c.must(err)
		}
		return id
	}
	secret := next(d, first)
	last := next(p.draft(), secret)
	ids := func(w worker, id int64) (out []int64) {
		for _, l := range c.open(w, id).Thread {
			if strings.Contains(l.Subject, "rahasia") {
				t.Errorf("desk %d reads %q", w.desk, l.Subject)
			}
			out = append(out, l.ID)
		}
		return out
	}
	if got := ids(p.head, first); !slices.Equal(got, []int64{first, secret, last}) {
		t.Errorf("the signer sees %v", got)
	}
	for _, w := range []worker{p.third, p.clerk} { // have the open ones, and not what ties them
		if got := ids(w, first); len(got) != 0 {
			t.Errorf("desk %d sees %v", w.desk, got)
		}
	}
}

// Only the signer or the head of the office revokes, once; who got the letter is told.
func TestALetterRevokesAnother(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	first := c.sent(p, p.draft())
	foreign, err := c.Reply(c.ctx, p.other.Actor, first, "SD", p.other.desk, "cabut")
	c.must(err)
	errstest.Field(t, c.Refer(c.ctx, p.other.Actor, foreign, first, TieRevoke), ControlTie)
	revoking := func() int64 {
		id := c.begin(p, p.draft())
		c.must(c.Refer(c.ctx, p.drafter.Actor, id, first, TieRevoke))
		return id
	}
	wrong := p.draft()
	wrong.Chain = []Link{{PositionID: p.verifier.desk, Duty: Paraf}, {PositionID: p.second.desk, Duty: Sign}}
	id := c.begin(p, wrong)
	c.must(c.Refer(c.ctx, p.drafter.Actor, id, first, TieRevoke))
	_, err = c.Submit(c.ctx, p.drafter.Actor, Act{ID: id})
	errstest.Field(t, err, ControlSigner)
	both := []int64{revoking(), revoking()}
	for _, id := range both {
		_, err := c.Submit(c.ctx, p.drafter.Actor, Act{ID: id})
		c.must(err)
		c.toSign(p, id)
	}
	var wg sync.WaitGroup
	for _, id := range both { // signed at once: one revokes, both go out
		wg.Go(func() {
			if r := c.Sign(c.ctx, p.head.Actor, []Act{{ID: id}}, Passphrase{})[0]; r.Err != nil {
				t.Error(r.Err)
			}
		})
	}
	wg.Wait()
	s := c.state(first)
	if s.Status != Revoked || !strings.HasPrefix(s.RevokeReason, "Dicabut dengan naskah nomor 600.1/") {
		t.Fatalf("revoked: %+v", s)
	}
	if st, err := c.Standing(c.ctx, one[string](c, `SELECT letter_number FROM eoffice_letter WHERE id = $1`, first)); err != nil || !st.Revoked {
		t.Errorf("by its number it is %+v: %v", st, err)
	}
	if ids, err := c.RevokedOf(c.ctx, []int64{first, both[0]}); err != nil || len(ids) != 1 || !ids[first].Equal(s.StatusAt) {
		t.Errorf("revoked are %v: %v", ids, err)
	}
	for _, id := range both {
		if s := c.state(id); s.Status != Sent {
			t.Errorf("letter %d is %s", id, s.Status)
		}
	}
	for _, w := range []worker{p.other, p.third} {
		n := one[int](c, `SELECT count(*) FROM notify_message WHERE account_id = $1 AND subject LIKE 'Naskah dicabut%'`, w.AccountID)
		if n != 1 {
			t.Errorf("desk %d was told %d times", w.desk, n)
		}
		if d := c.open(w, first); d.See != Whole {
			t.Errorf("it stays readable: %d", d.See)
		}
	}
	late := c.begin(p, p.draft())
	errstest.Field(t, c.Refer(c.ctx, p.drafter.Actor, late, first, TieRevoke), ControlTie)
	c.sameAsReplay(t, first)
}

// A paraf stands for the references too, so a new one needs new paraf.
func TestANewReferenceIsANewVersion(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	first := c.sent(p, p.draft())
	id := c.submit(p, p.draft())
	c.paraf(p.verifier, id)
	c.must(c.Return(c.ctx, p.second.Actor, Act{ID: id, Reason: "Sebutkan rujukannya"}))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := c.Refer(c.ctx, p.drafter.Actor, id, first, TieFollow); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	_, err := c.Submit(c.ctx, p.drafter.Actor, Act{ID: id})
	c.must(err)
	if s := c.state(id); s.Version != 2 || s.DeskID != p.verifier.desk {
		t.Errorf("submitted again: %+v", s)
	}
}

// What one may refer to is found by number and subject; an R letter by its number only.
func TestReferencesAreFound(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	open := c.sent(p, p.draft())
	d := p.draft()
	d.Secrecy, d.Subject, d.CC = Secret, "Rencana tertutup", nil
	secret := c.sent(p, d)
	draft := c.begin(p, p.draft())
	for _, q := range []struct {
		who  worker
		text string
		want []int64
	}{
		{p.drafter, "drainase", []int64{open}}, {p.drafter, c.state(secret).LetterNumber, []int64{secret}},
		{p.drafter, "tertutup", nil}, {p.clerk, c.state(secret).LetterNumber, nil}, {p.stranger, "drainase", nil}, {p.drafter, " ", nil},
	} {
		got, err := c.FindReferences(c.ctx, q.who.Actor, draft, q.text)
		c.must(err)
		var ids []int64
		for _, l := range got {
			ids = append(ids, l.ID)
		}
		if !slices.Equal(ids, q.want) {
			t.Errorf("%q by desk %d: %v, want %v", q.text, q.who.desk, ids, q.want)
		}
	}
	if n := fmt.Sprint(c.open(p.drafter, secret).MayReply(), c.open(p.other, secret).MayReply()); n != "false true" {
		t.Errorf("may reply: %s", n)
	}
}
