package kuciniki

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// The year of a plan: the superior's first, agreed by both, changed by dialogue, every
// version kept.
func TestAPlanIsAgreedFromAboveAndChangedByDialogue(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	mayor := c.hire("kepala", "73.71", 0)
	early := c.begin(c.kadis)
	errstest.Kind(t, c.act(c.kadis, early, ActPropose), errs.Conflict) // the sekda has none yet
	errstest.Field(t, c.SaveRHK(c.ctx, c.kadis.Actor, early, RHK{Kind: Main, Text: "Jalan kota mantap", Indicators: []Indicator{indicator()}}), ControlParent)
	first := c.agreed(c.sekda, mayor)
	c.must(c.SaveRHK(c.ctx, c.kadis.Actor, early, RHK{Kind: Main, Text: "Jalan kota mantap", ParentID: &c.plan(c.kadis, early).Above[0].ID, Indicators: []Indicator{indicator()}}))
	c.must(c.act(c.kadis, early, ActPropose))
	errstest.Kind(t, c.SaveRHK(c.ctx, c.kadis.Actor, early, RHK{}), errs.Conflict) // it lies with the rater
	errstest.Kind(t, c.act(c.kadis, early, ActAgree), errs.Forbidden)              // nobody agrees with themselves
	c.must(c.act(c.sekda, early, ActReturn))
	c.must(c.act(c.kadis, early, ActPropose))
	c.must(c.act(c.sekda, early, ActAgree))

	// Its RHK carries that of the kabid, so it cannot go; its words can change.
	below := c.agreed(c.kabid, c.kadis)
	c.must(c.act(c.kadis, early, ActChange))
	r := c.plan(c.kadis, early).RHKs[0]
	c.must(c.act(c.kabid, below, ActChange))
	errstest.Kind(t, c.DropRHK(c.ctx, c.kabid.Actor, below, r.ID), errs.NotFound) // another's, and nothing is told of it
	errstest.Kind(t, c.DropRHK(c.ctx, c.kadis.Actor, early, r.ID), errs.Conflict)
	r.Text = "Jalan kota mantap 92 persen"
	c.must(c.SaveRHK(c.ctx, c.kadis.Actor, early, r))
	c.must(c.act(c.kadis, early, ActPropose))
	c.must(c.act(c.sekda, early, ActReturn))
	if p := c.plan(c.kadis, early); p.Status != Dialogue {
		t.Fatalf("given back after it was agreed once it is %q", p.Status)
	}
	c.must(c.act(c.kadis, early, ActPropose))
	c.must(c.act(c.sekda, early, ActAgree))
	p := c.plan(c.kadis, early)
	if len(p.Versions) != 2 || p.Version != 2 {
		t.Fatalf("%d versions", len(p.Versions))
	}
	if d := Diff(p.Versions[0].Content, p.Versions[1].Content); len(d) != 1 || d[0].What != "diubah" || d[0].Parts[0].After != r.Text {
		t.Errorf("the difference is %+v", d)
	}
	for i, e := range p.Events {
		if e.Seq != i+1 || i > 0 && e.FromStatus != p.Events[i-1].ToStatus {
			t.Errorf("event %d: %+v", i, e)
		}
		if e.Action == ActReturn && e.Reason == "" {
			t.Error("the reason is lost")
		}
	}
	if n := one[int](c, `SELECT count(*) FROM work_event WHERE module = 'kuciniki' AND object_id = $1 AND person_id IS NOT NULL`, early); n != len(p.Events) {
		t.Errorf("%d entries in the ledger of %d events", n, len(p.Events))
	}
	if n := one[int](c, `SELECT count(*) FROM work_event WHERE module = 'kuciniki' AND outcome = 'ubah' AND started_at IS NOT NULL`); n != 0 {
		t.Errorf("%d changes lay on a desk as long as the SKP held", n)
	}
	if raw := one[string](c, `SELECT string_agg(encode(reason_sealed, 'escape'), '') FROM kuciniki_event WHERE reason_sealed IS NOT NULL`); strings.Contains(raw, "terukur") {
		t.Error("reasons lie about in the open")
	}

	_, tree, _, err := c.Matrix(c.ctx, c.sekda.Actor, first)
	c.must(err)
	if len(tree) != 1 || len(tree[0].Below) != 1 || len(tree[0].Below[0].Below) != 1 || tree[0].Below[0].Below[0].Person != c.kabid.Name {
		t.Errorf("the matrix is %+v", tree)
	}

	errstest.Kind(t, c.ClosePeriod(c.ctx, c.bkpsdm.Actor, 2026, 12), errs.Conflict) // it has not begun
	c.clock.Set(time.Date(2027, 1, 4, 9, 0, 0, 0, start.Location()))
	c.must(c.ClosePeriod(c.ctx, c.bkpsdm.Actor, 2026, 12))
	errstest.Kind(t, c.ClosePeriod(c.ctx, c.bkpsdm.Actor, 2026, 0), errs.Conflict) // eleven months are open
	for month := 1; month < 12; month++ {
		c.must(c.ClosePeriod(c.ctx, c.bkpsdm.Actor, 2026, month))
	}
	c.must(c.ClosePeriod(c.ctx, c.bkpsdm.Actor, 2026, 0))
	errstest.Kind(t, c.act(c.kadis, early, ActChange), errs.Conflict)
	if p, q := c.plan(c.kadis, early), c.plan(c.kabid, below); len(p.Actions)+len(q.Actions) != 0 || p.Shut == "" || q.Writable() {
		t.Errorf("a closed year offers %v and %v: %q", p.Actions, q.Actions, p.Shut)
	}
	errstest.Kind(t, c.OpenYear(c.ctx, c.stranger.Actor, 2027), errs.NotFound)
	_, err = c.Begin(c.ctx, c.staff.Actor, 2026, c.staff.seat)
	errstest.Kind(t, err, errs.Conflict)
}

// What an SKP may not be, said at the control.
func TestAPlanThatCannotBe(t *testing.T) {
	t.Parallel()
	sent := SKP{Model: Quantitative}
	weighted, elected := SKP{Model: Quantitative, Weighted: true}, SKP{Model: Quantitative, Elected: true}
	up, w60, w50, many := int64(9), 60, 50, 101
	rhk := func(change func(*RHK)) RHK {
		r := RHK{Kind: Main, Text: "Jalan kota mantap", ParentID: &up, Indicators: []Indicator{indicator()}}
		change(&r)
		return r
	}
	for _, x := range []struct {
		name, control string
		s             SKP
		change        func(*RHK)
	}{
		{"as it should be", "", sent, func(*RHK) {}},
		{"without the superior's", ControlParent, sent, func(r *RHK) { r.ParentID = nil }},
		{"with a basis instead of the superior's", ControlParent, sent, func(r *RHK) { r.ParentID, r.Basis = nil, "RPJMD" }},
		{"below who was elected", "", elected, func(r *RHK) { r.ParentID, r.Basis = nil, "RPJMD" }},
		{"below who was elected, of nothing", ControlBasis, elected, func(r *RHK) { r.ParentID = nil }},
		{"extra, by an order", "", sent, func(r *RHK) { r.Kind, r.ParentID, r.Basis = Extra, nil, "ST 12/2026" }},
		{"extra, of nothing", ControlBasis, sent, func(r *RHK) { r.Kind, r.ParentID = Extra, nil }},
		{"of no words", ControlText, sent, func(r *RHK) { r.Text = "ya" }},
		{"without an indicator", "indikator_kuantitas", sent, func(r *RHK) { r.Indicators = nil }},
		{"without a target", "target_kuantitas", sent, func(r *RHK) { r.Indicators[0].Target = nil }},
		{"without a unit", "satuan_kuantitas", sent, func(r *RHK) { r.Indicators[0].Unit = "" }},
		{"of the other model", "indikator_ukuran_1", sent, func(r *RHK) { r.Indicators[0].Slot = "ukuran_1" }},
		{"watched by an unknown metric", "bukti_kuantitas", sent, func(r *RHK) { r.Indicators[0].Metric = "E8" }},
		{"without its weight", ControlWeight, weighted, func(*RHK) {}},
		{"too heavy", ControlWeight, weighted, func(r *RHK) { r.Weight = &many }},
	} {
		wrong := rhk(x.change).check(x.s)
		if x.control == "" && len(wrong) > 0 || x.control != "" && (len(wrong) == 0 || wrong[0].Name != x.control) {
			t.Errorf("%s: %v, want %q", x.name, wrong, x.control)
		}
	}
	heavy := func(w *int) RHK { return rhk(func(r *RHK) { r.Weight = w }) }
	watch := func(m string) RHK { return rhk(func(r *RHK) { r.Indicators[0].Metric = m }) }
	for _, x := range []struct {
		name string
		s    SKP
		all  []RHK
		ok   bool
	}{
		{"nothing", sent, nil, false},
		{"one", sent, []RHK{rhk(func(*RHK) {})}, true},
		{"extra alone", sent, []RHK{rhk(func(r *RHK) { r.Kind = Extra })}, false},
		{"weights of 110", weighted, []RHK{heavy(&w60), heavy(&w50)}, false},
		{"weights of 100", weighted, []RHK{heavy(&w50), heavy(&w50)}, true},
		{"six metrics", sent, []RHK{watch("E1"), watch("E2"), watch("E3"), watch("E4"), watch("E5"), watch("E6")}, false},
		{"five metrics", sent, []RHK{watch("E1"), watch("E2"), watch("E3"), watch("E4"), watch("E5"), watch("E5")}, true},
	} {
		if wrong := Check(x.s, x.all); (len(wrong) == 0) != x.ok {
			t.Errorf("%s: %v", x.name, wrong)
		}
	}
}

// Self, the line above, BKPSDM and Inspektorat see a plan; to others it does not exist.
func TestWhoSeesAPlan(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	id := c.line()
	soon := c.clock.Now().AddDate(0, 0, 9)
	deputy := c.seatNew(c.kabid.post, "plh", c.clock.Now().Add(-time.Hour), &soon)
	for _, x := range []struct {
		name string
		who  worker
		role Role
	}{
		{"the person", c.staff, AsOwner}, {"the rater", c.kabid, AsRater}, {"the head", c.kadis, AsAbove}, {"the sekda", c.sekda, AsAbove},
		{"BKPSDM", c.bkpsdm, AsPersonnel}, {"Inspektorat", c.inspektur, AsInspector},
		{"a colleague", c.colleague, 0}, {"a stranger", c.stranger, 0}, {"who stands in for a day", deputy, 0},
	} {
		p, err := c.Plan(c.ctx, x.who.Actor, id)
		if x.role == 0 {
			if errs.KindOf(err) != errs.NotFound || err == nil {
				t.Errorf("%s sees it: %v", x.name, err)
			}
			errstest.Kind(t, c.act(x.who, id, ActChange), errs.NotFound)
			errstest.Kind(t, c.SaveRHK(c.ctx, x.who.Actor, id, RHK{}), errs.NotFound)
			_, _, _, err = c.Matrix(c.ctx, x.who.Actor, id)
			errstest.Kind(t, err, errs.NotFound)
			continue
		}
		c.must(err)
		if p.Role != x.role {
			t.Errorf("%s is %b, want %b", x.name, p.Role, x.role)
		}
	}
	_, err := c.Missing(c.ctx, c.kadis.Actor, 2026, 0)
	errstest.Kind(t, err, errs.NotFound)
	n, err := c.Missing(c.ctx, c.bkpsdm.Actor, 2026, 0)
	c.must(err)
	list, _, err := c.MissingList(c.ctx, c.inspektur.Actor, 2026, 0, NoSKP, nil)
	c.must(err)
	if n.NoSKP != len(list) || n.Staff != n.NoSKP+4 {
		t.Errorf("%+v and %d names", n, len(list))
	}
	alone, _, err := c.MissingList(c.ctx, c.bkpsdm.Actor, 2026, 0, NoSuperior, nil)
	c.must(err)
	if len(alone) != n.NoSuperior || len(alone) != 3 { // BKPSDM's, Inspektorat's and the stranger's posts
		t.Errorf("without a superior: %+v", alone)
	}
}

// Who moves has an SKP for each post, each for its days; who stands in for a vacant post too.
func TestAYearInTwoPosts(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	moved := time.Date(2026, 7, 1, 0, 0, 0, 0, start.Location())
	one[int64](c, `UPDATE org_occupancy SET ends_at = $2 WHERE id = $1 RETURNING id`, c.staff.seat, moved)
	later := c.seatOf(c.staff.AccountID, c.staff.PersonID, one[int64](c, `INSERT INTO org_position (unit_id, title, kind, superior_id)
		SELECT unit_id, 'Bendahara', 'pelaksana', $1 FROM org_position WHERE id = $1 RETURNING id`, c.kadis.post), "definitif", moved, nil)
	a, err := c.Begin(c.ctx, c.staff.Actor, 2026, c.staff.seat)
	c.must(err)
	b, err := c.Begin(c.ctx, c.staff.Actor, 2026, later.seat)
	c.must(err)
	if x, y := c.plan(c.staff, a).Days(), c.plan(c.staff, b).Days(); x != 181 || y != 184 {
		t.Errorf("%d and %d days", x, y)
	}
	again, err := c.Begin(c.ctx, c.staff.Actor, 2026, later.seat)
	if err != nil || again != b {
		t.Errorf("begun twice: %d, %v", again, err)
	}
	_, err = c.Begin(c.ctx, c.staff.Actor, 2026, c.colleague.seat)
	errstest.Kind(t, err, errs.NotFound)
}

// Twenty clicks at once take one step.
func TestManyClicksAreOneStep(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	id := c.line()
	c.must(c.act(c.kabid, id, ActChange))
	seq := c.plan(c.staff, id).Seq
	var wg sync.WaitGroup
	var done atomic.Int32
	for range 20 {
		wg.Go(func() {
			switch err := c.Act(c.ctx, c.staff.Actor, id, seq, ActPropose, ""); {
			case err == nil:
				done.Add(1)
			case errs.KindOf(err) != errs.Conflict:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if done.Load() != 1 {
		t.Errorf("%d steps", done.Load())
	}
}
