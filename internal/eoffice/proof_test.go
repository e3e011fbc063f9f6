package eoffice

import (
	"io"
	"sync"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// A letter to somebody outside goes by post; its tata usaha keeps one proof that it came.
func TestProofOfALetterByPost(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	d := p.draft()
	d.To = append(d.To, Addressee{Name: "Balai Besar Jalan", Address: "Jalan Batua Raya 12"})
	id := c.sent(p, d)
	if c.state(id).Status != Sent { // with somebody outside it waits for the tata usaha
		t.Fatalf("the letter is %s", c.state(id).Status)
	}
	r := c.recipient(id, 0)
	if r.Status != Posted {
		t.Fatalf("the recipient is %s", r.Status)
	}
	errstest.Kind(t, c.Prove(c.ctx, p.stranger.Actor, r.ID, []Upload{photo()}), errs.NotFound)
	errstest.Kind(t, c.Prove(c.ctx, p.drafter.Actor, r.ID, []Upload{photo()}), errs.NotFound) // the tata usaha's
	errstest.Field(t, c.Prove(c.ctx, p.clerk.Actor, r.ID, nil), ControlFile)
	_, err := c.OpenProof(c.ctx, p.clerk.Actor, r.ID)
	errstest.Kind(t, err, errs.NotFound)
	var wait sync.WaitGroup
	tried := make([]error, 3)
	for i := range tried {
		wait.Go(func() { tried[i] = c.Prove(c.ctx, p.clerk.Actor, r.ID, []Upload{photo()}) })
	}
	wait.Wait()
	kept := 0
	for _, err := range tried {
		if err == nil {
			kept++
		} else {
			errstest.Kind(t, err, errs.Conflict)
		}
	}
	if kept != 1 {
		t.Errorf("%d proofs were kept: %v", kept, tried)
	}
	if r := c.recipient(id, 0); r.Status != Proved || r.ProofKey == "" {
		t.Errorf("the recipient is %+v", r.RecipientState)
	}
	body, err := c.OpenProof(c.ctx, p.drafter.Actor, r.ID)
	c.must(err)
	defer body.Close()
	if b, err := io.ReadAll(body); err != nil || len(b) < 100 || string(b[:4]) != "%PDF" {
		t.Errorf("the proof is no PDF: %v", err)
	}
	_, err = c.OpenProof(c.ctx, p.stranger.Actor, r.ID)
	errstest.Kind(t, err, errs.NotFound)
	own := c.recipient(id, p.other.desk)
	errstest.Kind(t, c.Prove(c.ctx, p.clerk.Actor, own.ID, []Upload{photo()}), errs.Conflict)
}
