package eoffice

import (
	"slices"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// Who signs in the name of a superior says so on the paper, and the superior gets a copy; two
// levels is the farthest.
func TestSigningInTheNameOfASuperior(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	places, err := c.SignsFor(c.ctx, p.verifier.desk)
	if err != nil || len(places) != 2 || places[0].PositionID != p.second.desk || places[1].PositionID != p.head.desk {
		t.Errorf("the verifier may sign for %+v, %v", places, err)
	}
	d := p.draft()
	d.Chain = []Link{{PositionID: p.verifier.desk, Duty: Sign, ForID: p.third.desk}}
	_, err = c.Submit(c.ctx, p.drafter.Actor, Act{ID: c.begin(p, d)})
	errstest.Field(t, err, ControlSigner)
	d.Chain[0].ForID = p.head.desk
	id := c.submit(p, d)
	c.open(p.verifier, id)
	c.must(c.sign(p.verifier, id).Err)
	title := func(desk int64) string {
		return strings.ToUpper(one[string](c, `SELECT title FROM org_position WHERE id = $1`, desk))
	}
	want := []string{"a.n. " + title(p.head.desk), title(p.second.desk), "u.b. " + title(p.verifier.desk) + ","}
	if s := c.state(id); len(s.Blocks) != 1 || !slices.Equal(s.Blocks[0].Lines, want) {
		t.Errorf("the paper says %+v, want %v", s.Blocks, want)
	}
	if r := c.recipient(id, p.head.desk); !r.Copy() {
		t.Errorf("the superior got %+v", r)
	}
	c.sameAsReplay(t, id)
}
