package letter

import (
	"io"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

func TestALetterGoesFromTheCounterToItsSignature(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	c.electronic(kassiKassi, "DOM")
	id := c.enter(s, kassiKassi)
	queue := func(a int) QueueName { return []QueueName{QueueParaf, QueueSign}[a] }
	for i, who := range []struct {
		name QueueName
	}{{queue(0)}, {queue(1)}} {
		actor := s.secretary
		if i == 1 {
			c.must(c.Do(c.ctx, s.secretary, ActParaf, Act{ID: id}))
			actor = s.lurah
		}
		counts, err := c.Queues(c.ctx, actor)
		c.must(err)
		list, err := c.Queue(c.ctx, actor, who.name, 0)
		c.must(err)
		if counts[who.name] != 1 || len(list) != 1 || list[0].ID != id || list[0].DueAt == nil {
			t.Fatalf("%s: %v, %+v", who.name, counts, list)
		}
	}
	wantKind(t, c.sign(s.lurah, id).Err, errs.Conflict) // unread
	d, err := c.View(c.ctx, s.lurah, id)
	c.must(err)
	if d.SubjectIs.NIK == "" || len(d.History) != 2 || d.History[0].Action != ActEnter {
		t.Fatalf("%+v", d)
	}
	c.clock.Advance(7 * time.Minute)
	r := c.sign(s.lurah, id)
	c.must(r.Err)
	if r.Number == "" {
		t.Error("no number")
	}
	st := c.state(id)
	if st.Status != Issued || st.UsedMinutes != 7 || st.DueAt != nil || len(st.Signed) != 1 || st.ValidUntil == nil {
		t.Fatalf("%+v", st)
	}
	f, err := c.OpenFile(c.ctx, s.operator, id, FilePDF)
	c.must(err)
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil || len(b) < 10_000 {
		t.Fatal(len(b), err)
	}
}
