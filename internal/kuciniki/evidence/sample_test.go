package evidence_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// A seed draws the same of the same, in whatever order it comes; another seed draws others; and
// every unit gives one in twenty, at least one and at most twenty.
func TestADrawIsTheSameAgain(t *testing.T) {
	t.Parallel()
	var all []evidence.Finished
	sizes := map[int64]int{1: 1, 2: 20, 3: 21, 4: 1000}
	for unit, n := range sizes {
		for i := range n {
			all = append(all, evidence.Finished{Kind: "validate", Object: "mtr_report", ObjectID: unit*10_000 + int64(i), UnitID: unit})
		}
	}
	seed := bytes.Repeat([]byte{1}, 32)
	drawn := evidence.Drawn(seed, all)
	got := map[int64]int{}
	for _, f := range drawn {
		got[f.UnitID]++
	}
	if got[1] != 1 || got[2] != 1 || got[3] != 2 || got[4] != 20 {
		t.Errorf("of %v there are drawn %v", sizes, got)
	}
	rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	if again := evidence.Drawn(seed, all); !slices.Equal(again, drawn) {
		t.Error("the same seed draws others of the same")
	}
	if other := evidence.Drawn(bytes.Repeat([]byte{2}, 32), all); slices.Equal(other, drawn) {
		t.Error("another seed draws the same")
	}
	// Over many seeds every case is drawn about as often as any.
	often := make([]int, 100)
	lot := make([]evidence.Finished, len(often))
	for j := range lot {
		lot[j] = evidence.Finished{Kind: "validate", Object: "mtr_report", ObjectID: int64(j), UnitID: 9}
	}
	for i := range 2000 {
		for _, f := range evidence.Drawn([]byte{byte(i), byte(i >> 8)}, lot) {
			often[f.ObjectID]++
		}
	}
	if least, most := slices.Min(often), slices.Max(often); least < 60 || most > 145 { // five of a hundred, 2000 times: 100 each
		t.Errorf("cases are drawn %d to %d times", least, most)
	}
}

// samples draws a month that is over, once, has somebody outside the line look at what was
// drawn, and follows one that was not in order until it was decided.
func (c *city) samples(personnel, inspector, head authz.Actor) {
	c.t.Helper()
	ctx, month := c.t.Context(), evidence.MonthOf(now.AddDate(0, -1, 0))
	if _, err := c.Draw(ctx, evidence.MonthOf(c.clock.Now())); errs.KindOf(err) != errs.Conflict {
		c.t.Errorf("a month that is not over is drawn: %v", err)
	}
	n, drawn := make(chan int, 4), 0
	var at sync.WaitGroup
	for range cap(n) {
		at.Go(func() {
			one, err := c.Draw(ctx, month)
			if err != nil {
				c.t.Error(err)
			}
			n <- one
		})
	}
	at.Wait()
	for range cap(n) {
		drawn += <-n
	}
	if kept := c.id(`SELECT count(*) FROM kuciniki_sample`); int(kept) != drawn || drawn < 2 {
		c.t.Fatalf("%d were drawn, %d are kept", drawn, kept)
	}
	draws, err := c.SampleDraws(ctx, personnel)
	if c.must(err); len(draws) != 1 || !draws[0].Month.Equal(month.Time) {
		c.t.Fatalf("the draws are %+v", draws)
	}
	var list []evidence.Sample
	for after := int64(0); ; {
		some, _, next, err := c.Samples(ctx, personnel, month, false, after)
		c.must(err)
		if list = append(list, some...); next == 0 {
			break
		}
		after = next
	}
	// Whoever has the seed and the ledger draws the same.
	var finished []evidence.Finished
	rows, err := c.db.Pool.Query(ctx, `SELECT DISTINCT e.kind, e.object, e.object_id, (SELECT w.unit_id FROM work_event w
			WHERE w.object = e.object AND w.object_id = e.object_id AND w.kind = CASE e.kind WHEN 'validate' THEN 'submit_proof' WHEN 'disposisi_terima_laporan' THEN 'disposisi_lapor' ELSE e.kind END
			AND w.at <= e.at ORDER BY w.at DESC LIMIT 1) FROM work_event e
		WHERE e.kind IN ('validate', 'disposisi_terima_laporan', 'naskah_ditandatangani') AND e.at >= $1 AND e.at < $2`, month.Start(), evidence.Month{Time: month.AddDate(0, 1, 0)}.Start())
	c.must(err)
	for rows.Next() {
		var f evidence.Finished
		c.must(rows.Scan(&f.Kind, &f.Object, &f.ObjectID, &f.UnitID))
		finished = append(finished, f)
	}
	again := evidence.Drawn(draws[0].Seed, finished)
	if len(again) != len(list) || len(finished) != draws[0].Finished || slices.ContainsFunc(list, func(s evidence.Sample) bool {
		return !slices.ContainsFunc(again, func(f evidence.Finished) bool { return f.Kind == s.Kind && f.ObjectID == s.ObjectID })
	}) {
		c.t.Errorf("of %d the seed draws %d, of %d there are %d", len(finished), len(again), draws[0].Finished, len(list))
	}
	more, err := c.Draw(ctx, evidence.MonthOf(now.AddDate(0, -2, 0)))
	c.must(err)
	earlier, all, _, err := c.Samples(ctx, inspector, evidence.MonthOf(now.AddDate(0, -2, 0)), true, 0)
	if c.must(err); len(earlier) != more || all.Drawn != more || all.Done != 0 {
		c.t.Errorf("%d more are drawn, %d listed, %+v", more, len(earlier), all)
	}
	list = append(list, earlier...)
	lasted := func(s evidence.Sample) bool {
		return s.Object == "mtr_report" && c.id(`SELECT count(*) FROM kuciniki_service WHERE object = $1 AND object_id = $2 AND x = 1`, s.Object, s.ObjectID) == 1
	}
	sampleOf := func(unit int64, which func(evidence.Sample) bool) evidence.Sample {
		c.t.Helper()
		i := slices.IndexFunc(list, func(s evidence.Sample) bool { return s.UnitID == unit && s.Ok == nil && which(s) })
		s := list[i]
		list = slices.Delete(list, i, i+1)
		return s
	}
	const words = "Fotonya dari tempat lain; lubangnya masih ada."
	say := func(a authz.Actor, id int64, shown string, want errs.Kind) {
		c.t.Helper()
		if err := c.AnswerSample(ctx, a, id, shown, words); err != nil && errs.KindOf(err) != want || err == nil && want != 0 {
			c.t.Errorf("%s: %v, want %v", shown, err, want)
		}
	}
	// What the seeds draw of the unit need not have lasted: one that did comes along.
	lucky := c.id(`INSERT INTO kuciniki_sample (month, module, kind, object, object_id, thread_id, unit_id, person_id, done_at)
		SELECT $1::date, e.module, e.kind, e.object, e.object_id, COALESCE(e.thread_id, 0), w.unit_id, w.person_id, e.at
		FROM work_event e JOIN kuciniki_service s ON s.object = e.object AND s.object_id = e.object_id AND s.x = 1
		CROSS JOIN LATERAL (SELECT w.unit_id, w.person_id FROM work_event w WHERE w.object = e.object AND w.object_id = e.object_id AND w.kind = 'submit_proof'
			AND w.person_id IS NOT NULL AND w.at <= e.at ORDER BY w.at DESC, w.id DESC LIMIT 1) w
		WHERE e.kind = 'validate' AND e.object = 'mtr_report' AND e.person_id IS NOT NULL AND NOT e.strata ? 'tertutup' AND w.unit_id = $2
			AND NOT EXISTS (SELECT FROM kuciniki_sample k WHERE k.object = e.object AND k.object_id = e.object_id)
		ORDER BY e.id LIMIT 1 RETURNING id`, evidence.MonthOf(now.AddDate(0, -2, 0)).Time, c.units[0])
	one, err := c.Sample(ctx, inspector, lucky)
	c.must(err)
	list = append(list, one.Sample)
	any := func(evidence.Sample) bool { return true }
	bad, good, own := sampleOf(c.units[0], lasted), sampleOf(c.units[0], any), sampleOf(c.units[1], any)
	doer := c.id(`SELECT person_id FROM kuciniki_sample WHERE id = $1`, bad.ID)
	above := head
	above.Grants = append(slices.Clone(head.Grants), inspector.Grants...)
	say(head, bad.ID, evidence.LookedOk, errs.NotFound)
	say(personnel, bad.ID, evidence.LookedOk, errs.Forbidden)
	say(above, bad.ID, evidence.LookedOk, errs.Forbidden)
	say(inspector, own.ID, evidence.LookedOk, errs.Forbidden) // of their own unit
	say(inspector, bad.ID, "wajar", errs.Unprocessable)
	won, wins := make(chan bool, 6), 0
	for range cap(won) {
		at.Go(func() {
			err := c.AnswerSample(ctx, inspector, bad.ID, string(evidence.Coached), words)
			if err != nil && errs.KindOf(err) != errs.Conflict {
				c.t.Error(err)
			}
			won <- err == nil
		})
	}
	at.Wait()
	for range cap(won) {
		if <-won {
			wins++
		}
	}
	say(inspector, good.ID, evidence.LookedOk, 0)
	say(inspector, good.ID, string(evidence.Coached), errs.Conflict)
	if flags := c.id(`SELECT count(*) FROM kuciniki_flag WHERE pattern = 'sampel'`); wins != 1 || flags != 1 {
		c.t.Fatalf("%d answered at once, and %d flags came of it", wins, flags)
	}
	looked := func() evidence.Looked {
		c.t.Helper()
		city, err := c.City(ctx, personnel, c.units[0], evidence.MonthOf(now.AddDate(-1, 0, 0)), evidence.Month{Time: month.AddDate(0, 1, 0)})
		c.must(err)
		return city.Looked
	}
	if l := looked(); l.Done != 2 || l.Ok != 1 {
		c.t.Errorf("beside the figures of the unit lies %+v", l)
	}
	stays := func(want bool) {
		c.t.Helper()
		c.must(c.sealer.Seal(ctx))
		_, err := c.Fold(ctx)
		if c.must(err); lasted(bad) != want {
			c.t.Errorf("that it lasted counts as %v", !want)
		}
	}
	stays(false)
	// Whose work it is sees it beside their own figures, and objects; somebody else decides.
	them := authz.Actor{AccountID: doer, Kind: authz.Staff, PersonID: doer}
	before := evidence.MonthOf(now.AddDate(-1, 0, 0))
	p, err := c.Portrait(ctx, them, doer, before, evidence.Month{Time: month.AddDate(0, 1, 0)})
	c.must(err)
	i := slices.IndexFunc(p.Samples, func(s evidence.Sample) bool { return s.ID == bad.ID })
	if i < 0 || *p.Samples[i].Ok || p.Samples[i].FlagID == 0 || p.Looked.Done < 1 {
		c.t.Fatalf("beside their figures lies %+v", p.Samples)
	}
	flag := p.Samples[i].FlagID
	beside, err := c.Beside(ctx, c.db.Pool, doer, before.Start(), c.clock.Now())
	if c.must(err); !slices.ContainsFunc(beside, func(f kuciniki.Figure) bool { return f.Metric == "sampel" && f.N == p.Looked.Done }) {
		c.t.Errorf("beside their rating lies %+v", beside)
	}
	file, err := c.Flag(ctx, them, flag)
	if c.must(err); file.Words[0].Text != words || len(file.Steps) == 0 {
		c.t.Errorf("they read %+v", file)
	}
	c.must(c.SayFlag(ctx, them, flag, 1, evidence.ObjectFlag, "", "Lubangnya sudah ditambal; yang di foto lubang baru."))
	if err := c.SayFlag(ctx, inspector, flag, 2, evidence.DecideFlag, evidence.Innocent, words); errs.KindOf(err) != errs.Forbidden {
		c.t.Errorf("who looked decides about it: %v", err)
	}
	c.must(c.SayFlag(ctx, personnel, flag, 2, evidence.DecideFlag, evidence.Innocent, "Foto pembanding menunjukkan lubang yang lain."))
	if l := looked(); l.Done != 2 || l.Ok != 2 {
		c.t.Errorf("after it was decided for them there is %+v", l)
	}
	stays(true)
	for what, err := range map[string]error{
		"the draws":  fails(c.SampleDraws(ctx, head)),
		"the list":   third(c.Samples(ctx, head, month, false, 0)),
		"one":        fails(c.Sample(ctx, head, good.ID)),
		"theirs":     fails(c.Sample(ctx, them, bad.ID)),
		"what is no": fails(c.Sample(ctx, personnel, 1<<40)),
	} {
		if errs.KindOf(err) != errs.NotFound {
			c.t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := c.db.Pool.Exec(ctx, `UPDATE kuciniki_draw SET seed = $1`, bytes.Repeat([]byte{1}, 32)); err == nil {
		c.t.Error("the portal may change a seed")
	}
	if _, err := c.db.Pool.Exec(ctx, `INSERT INTO kuciniki_draw (month, seed, finished, drawn_at) VALUES ('2027-01-01', $1, 0, $2)`, bytes.Repeat([]byte{1}, 32), time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)); err == nil {
		c.t.Error("a month that lasts may be drawn")
	}
}

func fails[T any](_ T, err error) error { return err }

func third[L, A any](_ L, _ A, _ int64, err error) error { return err }
