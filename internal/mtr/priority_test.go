package mtr

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// A report under another category goes to that category's unit; after being handed on three
// times the city's dispatchers decide.
func TestAnotherCategoryLeadsElsewhere(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w := c.crew()
	units := map[string]authz.Actor{"SAMPAH": w.handler, "LAMPU": c.hire("DISHUB", PermHandle), "DRAINASE": c.hire("DPU", PermHandle)}
	local := c.hire(one[string](c, `SELECT code FROM org_unit WHERE id = $1`, c.kelurahan()), PermDispatch)
	r := c.submit(authz.Actor{}, nil)
	act := func() Act { return Act{ReportID: r.ReportID, Version: c.state(r.ReportID).Seq} }
	move := func(a authz.Actor, code string) error {
		return c.Recategorize(c.ctx, a, RecategorizeInput{Act: act(), CategoryID: c.category(code), Reason: "Bukan itu masalahnya."})
	}
	errstest.Field(t, move(w.dispatcher, "SAMPAH"), ControlCategory)
	errstest.Field(t, c.Recategorize(c.ctx, w.dispatcher, RecategorizeInput{Act: act(), CategoryID: c.category("TAMAN")}), ControlReason)
	errstest.Field(t, c.Recategorize(c.ctx, w.dispatcher, RecategorizeInput{Act: act(), CategoryID: 999999, Reason: "Lain."}), ControlCategory)
	errstest.Kind(t, move(w.handler, "TAMAN"), errs.NotFound)
	if err := move(w.dispatcher, "DRAINASE"); err != nil {
		t.Fatal(err)
	}
	if s := c.state(r.ReportID); s.Status != Received || s.Hops != 0 || s.RespondedAt != nil {
		t.Errorf("at the dispatchers: %+v", s)
	}
	if view, err := c.DeskView(c.ctx, w.dispatcher, r.Number); err != nil || view.CategoryCode != "DRAINASE" || view.Suggestion == nil || !strings.Contains(view.Suggestion.UnitName, "Pekerjaan Umum") {
		t.Errorf("the suggestion: %+v, %v", view.Suggestion, err)
	}
	if err := c.ForwardAsRouted(c.ctx, w.dispatcher, act()); err != nil {
		t.Fatal(err)
	}
	last := "DRAINASE"
	for hops, code := range []string{"LAMPU", "SAMPAH", "LAMPU"} {
		from := units[last]
		if err := move(from, code); err != nil {
			t.Fatalf("to %s: %v", code, err)
		}
		s := c.state(r.ReportID)
		if s.Status != Forwarded || s.Hops != hops+1 || s.DueKind != DueFollowUp || !s.StatusChangedAt.Equal(c.now()) {
			t.Fatalf("at %s: %+v", code, s)
		}
		if _, err := c.DeskView(c.ctx, from, r.Number); errs.KindOf(err) != errs.NotFound {
			t.Errorf("%s still sees it: %v", last, err)
		}
		if view, err := c.DeskView(c.ctx, units[code], r.Number); err != nil || view.CategoryCode != code || view.Hops != hops+1 {
			t.Errorf("%s does not see it: %v", code, err)
		}
		last = code
	}
	if err := move(units[last], "SAMPAH"); err != nil {
		t.Fatal(err)
	}
	if s := c.state(r.ReportID); s.Status != Received || s.Bounces != 1 || s.UnitID != 0 {
		t.Errorf("handed on too often: %+v", s)
	}
	dlh := c.unit("DLH")
	errstest.Kind(t, c.Forward(c.ctx, local, ForwardInput{Act: act(), UnitID: dlh}), errs.Forbidden)
	for name, v := range map[string]struct {
		a    authz.Actor
		want int
	}{"the kelurahan": {local, 0}, "the city": {w.dispatcher, 1}} {
		if page, err := c.Queue(c.ctx, v.a, QueueVerify, DeskFilter{}, nil, 0); err != nil || len(page.Items) != v.want {
			t.Errorf("the queue of %s: %d, %v", name, len(page.Items), err)
		}
	}
	if err := c.Forward(c.ctx, w.dispatcher, ForwardInput{Act: act(), UnitID: dlh}); err != nil {
		t.Fatal(err)
	}
	history, err := events(c.ctx, c.db.Pool, r.ReportID)
	if err != nil {
		t.Fatal(err)
	}
	replayed, err := Replay(history)
	if err != nil || replayed.Hops != 4 {
		t.Errorf("%d hops, %v", replayed.Hops, err)
	}
	if d := cmp.Diff(c.state(r.ReportID), replayed); d != "" {
		t.Error(d)
	}
	// Out of the city: the dispatchers refer it.
	again := c.submit(authz.Actor{}, func(a *Answers) { a.Extra = map[string]string{} })
	c.bring(w, again.ReportID, Forwarded)
	one[int64](c, `UPDATE mtr_report SET extra = '{"kelas_jalan": "nasional"}' WHERE id = $1 RETURNING id`, again.ReportID)
	if err := c.Recategorize(c.ctx, w.handler, RecategorizeInput{Act: Act{ReportID: again.ReportID}, CategoryID: c.category("JALAN"), Reason: "Jalannya yang rusak."}); err != nil {
		t.Fatal(err)
	}
	if s := c.state(again.ReportID); s.Status != Received || s.Bounces != 1 {
		t.Errorf("out of the city: %+v", s)
	}
}

// Danger goes first, then what the category or somebody puts first, then what is due.
func TestPriorities(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w := c.crew()
	plain := c.submit(authz.Actor{}, nil)
	flood := c.submit(authz.Actor{}, func(a *Answers) {
		a.CategoryID, a.Extra = c.category("BANJIR"), map[string]string{"tinggi": "lutut"}
	})
	answered := c.submit(authz.Actor{}, func(a *Answers) {
		a.CategoryID, a.Extra = c.category("BANJIR"), map[string]string{"tinggi": "pinggang"}
	})
	spoken := c.submit(authz.Actor{}, func(a *Answers) { a.Body = "Ada orang tertimpa tumpukan ini." })
	order := func() (out []string) {
		// One by one, there and back.
		var back []string
		for cursor := (*DeskCursor)(nil); ; {
			page, err := c.Queue(c.ctx, w.dispatcher, QueueVerify, DeskFilter{}, cursor, 1)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, page.Items[0].Number)
			if cursor = page.Next; cursor != nil {
				continue
			}
			for cursor = page.Prev; cursor != nil; cursor = page.Prev {
				if page, err = c.Queue(c.ctx, w.dispatcher, QueueVerify, DeskFilter{}, cursor, 1); err != nil {
					t.Fatal(err)
				}
				back = append([]string{page.Items[0].Number}, back...)
			}
			break
		}
		if d := cmp.Diff(out[:len(out)-1], back); d != "" {
			t.Errorf("there and back: %s", d)
		}
		return out
	}
	if d := cmp.Diff([]string{answered.Number, spoken.Number, flood.Number, plain.Number}, order()); d != "" {
		t.Error(d)
	}
	set := func(a authz.Actor, r Receipt, p Priority, reason string) error {
		return c.Prioritize(c.ctx, a, PriorityInput{Act: Act{ReportID: r.ReportID}, Priority: p, Reason: reason})
	}
	errstest.Field(t, set(w.dispatcher, plain, PriorityUrgent, " "), ControlReason)
	errstest.Field(t, set(w.dispatcher, plain, PriorityNormal, "Sama."), ControlPriority)
	errstest.Field(t, set(w.dispatcher, plain, 7, "Tinggi sekali."), ControlPriority)
	errstest.Kind(t, set(w.handler, plain, PriorityUrgent, "Bukan laporan saya."), errs.NotFound)
	for _, s := range []struct {
		r Receipt
		p Priority
	}{{plain, PriorityUrgent}, {spoken, PriorityNormal}} {
		if err := set(w.dispatcher, s.r, s.p, "Sudah kami telepon."); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff([]string{plain.Number, answered.Number, flood.Number, spoken.Number}, order()); d != "" {
		t.Error(d)
	}
	// What was set by hand stays; what the rules set follows the category.
	for _, r := range []Receipt{spoken, flood} {
		if err := c.Recategorize(c.ctx, w.dispatcher, RecategorizeInput{Act: Act{ReportID: r.ReportID}, CategoryID: c.category("TAMAN"), Reason: "Di taman."}); err != nil {
			t.Fatal(err)
		}
		if p := c.state(r.ReportID).Priority; p != PriorityNormal {
			t.Errorf("%s is %s", r.Number, p.Label())
		}
	}
}
