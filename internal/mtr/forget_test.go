package mtr

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/hold"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// figuresNow are the statistics of the last year, counted anew.
func (c *city) figuresNow(overseer authz.Actor) (out []Statistics) {
	c.t.Helper()
	s, err := SpanOf(c.now().AddDate(-1, 0, 1), c.now())
	if err != nil {
		c.t.Fatal(err)
	}
	for _, years := range []int{0, 1, 2, 3} {
		s := Span{From: s.From.AddDate(-years, 0, 0), To: s.To.AddDate(-years, 0, 0)}
		public, err := c.Module.count(c.ctx, c.counting(Filter{}, s, "r.listed"), s)
		if err != nil {
			c.t.Fatal(err)
		}
		if public.Heat, err = c.heat(c.ctx, c.counting(Filter{}, s, "r.words_public")); err != nil {
			c.t.Fatal(err)
		}
		all, err := c.StaffStatistics(c.ctx, overseer, Filter{}, s)
		if err != nil {
			c.t.Fatal(err)
		}
		out = append(out, public, all)
	}
	return out
}

// forgetAll forgets the reporters of whatever is closed for two months: no figure moves, the
// events still tell where each report stands, and nothing that is open is touched.
func (c *city) forgetAll(overseer authz.Actor) {
	c.t.Helper()
	admin := c.hire(everywhere, PermConfigure)
	rule := Retention{Open: 2, Anonymous: 2, Confidential: 2}
	if err := c.SetRetention(c.ctx, admin, rule, "Uji"); err != nil {
		c.t.Fatal(err)
	}
	if n, err := c.ForgetReporters(c.ctx); n != 0 || err != nil {
		c.t.Fatalf("a rule of today is carried out: %d, %v", n, err)
	}
	c.clock.Advance(retentionGrace)
	before := c.figuresNow(overseer)
	want, err := c.CountRetention(c.ctx, admin, rule)
	if err != nil {
		c.t.Fatal(err)
	}
	n, err := c.ForgetReporters(c.ctx)
	if err != nil || n != want.Total() || n == 0 {
		c.t.Fatalf("%d forgotten, %+v announced, %v", n, want, err)
	}
	if d := cmp.Diff(before, c.figuresNow(overseer), cmp.AllowUnexported(Tally{})); d != "" {
		c.t.Errorf("figures moved: %s", d)
	}
	for _, wrong := range []string{
		`SELECT count(*) FROM mtr_report WHERE forgotten_at IS NOT NULL AND (open OR closed_at > forgotten_at - interval '2 months')`,
		`SELECT count(*) FROM mtr_report r WHERE forgotten_at IS NOT NULL AND EXISTS (SELECT FROM mtr_report p WHERE p.id = r.parent_id AND p.open AND r.status = 'duplikat')`,
		`SELECT count(*) FROM mtr_event e JOIN mtr_report r ON r.id = e.report_id WHERE r.forgotten_at IS NOT NULL AND e.role = 'pelapor' AND e.actor_id IS NOT NULL`,
	} {
		if n := one[int](c, wrong); n != 0 {
			c.t.Errorf("%d: %s", n, wrong)
		}
	}
	ids, err := pg.Scalars[int64](c.ctx, c.db.Owner(), `SELECT id FROM mtr_report WHERE forgotten_at IS NOT NULL`)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, id := range ids {
		history, err := events(c.ctx, c.db.Pool, id)
		if err != nil {
			c.t.Fatal(err)
		}
		replayed, err := Replay(history)
		if d := cmp.Diff(c.state(id), replayed); d != "" || err != nil {
			c.t.Fatalf("the events of %d tell something else: %s, %v", id, d, err)
		}
	}
}

// A hold that comes while a batch is under way wins, or comes too late and is told so.
func TestHoldsAndForgettingAtOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w, admin := c.crew(), c.hire(everywhere, PermConfigure)
	var numbers []string
	for range 6 {
		numbers = append(numbers, c.reportAt(w, Rejected).Number)
	}
	if err := c.SetRetention(c.ctx, admin, Retention{Open: 2}, "Uji"); err != nil {
		t.Fatal(err)
	}
	c.clock.Advance(100 * 24 * time.Hour)
	held := make([]error, len(numbers))
	done := make(chan error, len(numbers)+3)
	for i, number := range numbers {
		go func() {
			held[i] = c.HoldReport(c.ctx, admin, hold.Input{Number: number, AskedBy: "Pengadilan", Reason: "Perkara"})
			done <- nil
		}()
	}
	for range 3 {
		go func() {
			_, err := c.ForgetReporters(c.ctx)
			done <- err
		}()
	}
	for range cap(done) {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	for i, number := range numbers {
		forgotten := one[bool](c, `SELECT forgotten_at IS NOT NULL FROM mtr_report WHERE number = $1`, number)
		if forgotten == (held[i] == nil) {
			t.Errorf("%s: forgotten %t, held %v", number, forgotten, held[i])
		}
	}
	entries := one[int](c, `SELECT COALESCE(sum((detail ->> 'umum')::int), 0) FROM audit_entry WHERE action = 'mtr.retention.forget'`)
	if n := one[int](c, `SELECT count(*) FROM mtr_report WHERE forgotten_at IS NOT NULL`); n != entries {
		t.Errorf("%d forgotten, %d in the trail", n, entries)
	}
}
