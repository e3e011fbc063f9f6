package kuciniki

import (
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// all rates every value the same.
func all(r Rating) map[Value]Rating {
	out := map[Value]Rating{}
	for _, v := range Values {
		out[v] = r
	}
	return out
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (c *city) sheet(w worker, skp int64, month int) Sheet {
	c.t.Helper()
	v, err := c.Sheet(c.ctx, w.Actor, skp, month)
	c.must(err)
	return v
}

// begins moves the clock into a month, where it is not there yet.
func (c *city) begins(month int) {
	if at := time.Date(2026, time.Month(max(month, 1)), 10, 9, 0, 0, 0, start.Location()); c.clock.Now().Before(at) {
		c.clock.Set(at)
	}
}

// next is a turn at an evaluation as it is now.
func (c *city) next(skp int64, month int) Turn {
	c.t.Helper()
	return Turn{SKP: skp, Month: month, Seq: one[int](c, `SELECT COALESCE((SELECT seq FROM kuciniki_evaluation WHERE skp_id = $1 AND month = $2), 0)`, skp, month)}
}

// reports says that w reached so much of the only indicator.
func (c *city) reports(w worker, skp int64, month int, reached float64) {
	c.t.Helper()
	c.begins(month)
	in := c.plan(w, skp).RHKs[0].Indicators[0].ID
	c.must(c.Report(c.ctx, w.Actor, c.next(skp, month), []Realisation{{IndicatorID: in, Value: &reached, Note: "Lihat lampiran"}}, "Bulan ini banyak rapat."))
}

// A month with an objection: reported, judged, objected in time, decided by somebody else;
// both judgements stay.
func TestAMonthWithAnObjection(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	skp := c.line()
	c.reports(c.staff, skp, 3, 12)
	if v := c.sheet(c.kabid, skp, 3); v.Proposed != AsDue || *v.Score != 100 || v.Reflection == "" {
		t.Fatalf("proposed %q of %v, reflection %q", v.Proposed, v.Score, v.Reflection)
	}
	errstest.Kind(t, c.Judge(c.ctx, c.staff.Actor, c.next(skp, 3), Verdict{Result: Over, Behaviour: Over, Values: all(Over)}), errs.Forbidden)
	errstest.Field(t, c.Judge(c.ctx, c.kabid.Actor, c.next(skp, 3), Verdict{Result: Below, Behaviour: AsDue, Values: all(AsDue)}), ControlReason)
	errstest.Field(t, c.Judge(c.ctx, c.kabid.Actor, c.next(skp, 3), Verdict{Result: AsDue, Behaviour: AsDue}), ValueControl(Values[0]))
	if v := c.sheet(c.staff, skp, 3); v.Status != Reported || len(v.Judgements) != 0 {
		t.Fatalf("a refused judgement left %q with %d judgements", v.Status, len(v.Judgements))
	}
	c.must(c.Judge(c.ctx, c.kabid.Actor, c.next(skp, 3), Verdict{Result: Below, Behaviour: AsDue, Values: all(AsDue), Reason: "Laporannya terlambat dua minggu."}))
	c.clock.Set(time.Date(2026, 4, 1, 9, 0, 0, 0, start.Location()))
	c.must(c.ClosePeriod(c.ctx, c.bkpsdm.Actor, 2026, 3))
	errstest.Kind(t, c.Report(c.ctx, c.staff.Actor, c.next(skp, 3), nil, ""), errs.Conflict)
	// Nobody keeps an objection away, or changes what it is decided by, by changing the SKP.
	c.must(c.act(c.kabid, skp, ActChange))
	r, more := c.plan(c.staff, skp).RHKs[0], 24.0
	r.Indicators[0].Target = &more
	c.must(c.SaveRHK(c.ctx, c.staff.Actor, skp, r))
	v := c.sheet(c.staff, skp, 3)
	if v.Deadline == nil || v.Deadline.Format("2006-01-02") != "2026-04-09" || v.Final(c.clock.Now()) { // Friday the 3rd is a holiday
		t.Fatalf("the time to object ends %v", v.Deadline)
	}
	errstest.Field(t, c.Object(c.ctx, c.staff.Actor, c.next(skp, 3), "Tidak adil"), ControlObjection)
	errstest.Kind(t, c.Object(c.ctx, c.kabid.Actor, c.next(skp, 3), strings.Repeat("Bukan saya. ", 3)), errs.Forbidden)
	c.must(c.Object(c.ctx, c.staff.Actor, c.next(skp, 3), "Dua belas laporan selesai; yang terlambat menunggu data dinas lain."))
	errstest.Kind(t, c.Decide(c.ctx, c.kabid.Actor, c.next(skp, 3), Verdict{Result: Below, Behaviour: AsDue, Values: all(AsDue), Reason: "Tetap seperti semula."}), errs.Forbidden)
	errstest.Field(t, c.Decide(c.ctx, c.kadis.Actor, c.next(skp, 3), Verdict{Result: AsDue, Behaviour: AsDue, Values: all(AsDue)}), ControlReason)
	c.must(c.Decide(c.ctx, c.kadis.Actor, c.next(skp, 3), Verdict{Result: AsDue, Behaviour: AsDue, Values: all(AsDue), Reason: "Keterlambatan karena menunggu pihak lain."}))
	v = c.sheet(c.staff, skp, 3)
	if len(v.Judgements) != 2 || v.Judgements[0].Predicate != ToMend || v.Judgements[1].Predicate != Good || !v.Final(c.clock.Now()) {
		t.Errorf("judged %+v", v.Judgements)
	}
	for _, j := range v.Judgements {
		if j.ProposedResult != AsDue || *j.Score != 100 || j.Basis[0].Target != "12 laporan" {
			t.Errorf("judged by something else: %+v", j)
		}
	}
	if v.Judgements[0].Reason == "" || v.Judgements[0].Basis[0].Reached != "12 laporan" || v.Objection == "" {
		t.Errorf("what it was judged by is lost: %+v", v.Judgements[0])
	}
	for i, e := range v.Events {
		if e.Seq != i+1 || i > 0 && e.FromStatus != v.Events[i-1].ToStatus {
			t.Errorf("event %d: %+v", i, e)
		}
	}
	for _, e := range c.plan(c.bkpsdm, skp).Events {
		if e.Reason != "" {
			t.Errorf("BKPSDM reads why a plan was changed: %+v", e)
		}
	}
	if v := c.sheet(c.bkpsdm, skp, 3); v.Objection != "" || v.Reflection != "" || v.Judgements[0].Reason != "" {
		t.Error("BKPSDM reads what is between the person and who judges")
	}
	if n := one[int](c, `SELECT count(*) FROM work_event WHERE kind = 'penilaian' AND object_id = $1`, v.ID); n != len(v.Events) {
		t.Errorf("%d entries in the ledger of %d events", n, len(v.Events))
	}

	// Without a word in five working days it stands.
	c.must(c.act(c.staff, skp, ActPropose))
	c.must(c.act(c.kabid, skp, ActAgree))
	c.begins(4)
	c.must(c.Judge(c.ctx, c.kabid.Actor, c.next(skp, 4), Verdict{Result: AsDue, Behaviour: AsDue, Values: all(AsDue)}))
	c.clock.Set(time.Date(2026, 5, 4, 9, 0, 0, 0, start.Location()))
	c.must(c.ClosePeriod(c.ctx, c.bkpsdm.Actor, 2026, 4))
	for _, days := range []int{0, 9} {
		c.clock.Advance(time.Duration(days) * 24 * time.Hour)
		waits, err := c.Waits(c.ctx, c.staff.Actor)
		if v := c.sheet(c.staff, skp, 4); err != nil || v.Final(c.clock.Now()) != (days > 0) || len(waits) != btoi(days == 0) {
			t.Errorf("%d days after the period was closed it stands: %v, and waits: %+v, %v", days, v.Final(c.clock.Now()), waits, err)
		}
	}
	errstest.Kind(t, c.Object(c.ctx, c.staff.Actor, c.next(skp, 4), strings.Repeat("Terlambat. ", 3)), errs.Conflict)

	// What nobody judged before the month was closed waits for nobody, and BKPSDM knew of it.
	c.reports(c.staff, skp, 5, 6)
	c.clock.Set(time.Date(2026, 7, 1, 9, 0, 0, 0, start.Location()))
	for _, want := range []int{1, 0} {
		waits, err := c.Waits(c.ctx, c.kabid.Actor)
		if err != nil || len(waits) != want {
			t.Errorf("the rater has %+v, want %d: %v", waits, want, err)
		}
		if all, err := c.Periods(c.ctx); err != nil || all[5].Month != 5 || all[5].Reported != 1 {
			t.Errorf("of May %+v: %v", all[5], err)
		}
		if want > 0 {
			c.must(c.ClosePeriod(c.ctx, c.bkpsdm.Actor, 2026, 5))
		}
	}
	c.must(c.ClosePeriod(c.ctx, c.bkpsdm.Actor, 2026, 6))
	for month, want := range map[int]int{5: 0, 6: 0, 7: 1, 8: 0} {
		if v := c.sheet(c.staff, skp, month); len(v.Actions) != want || (v.Shut == "") != (want == 1) {
			t.Errorf("in month %d may %v: %q", month, v.Actions, v.Shut)
		}
	}
}

// Two classes from what is proposed: nobody gets it before the rater's superior signed.
func TestFarFromTheProposalNeedsASecondSignature(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	skp := c.line()
	c.reports(c.staff, skp, 0, 6)
	far := Verdict{Result: Over, Behaviour: Over, Values: all(Over), Reason: "Gagasan barunya menghemat anggaran."}
	c.reports(c.staff, skp, 1, 14.4) // over what was expected, and of no new idea
	errstest.Field(t, c.Judge(c.ctx, c.kabid.Actor, c.next(skp, 1), Verdict{Result: Over, Behaviour: Over, Values: all(Over)}), ControlReason)
	c.must(c.Judge(c.ctx, c.kabid.Actor, c.next(skp, 0), far))
	if v := c.sheet(c.staff, skp, 0); v.Status != AwaitSecond || len(v.Judgements) != 0 {
		t.Fatalf("%q, and the person sees %d judgements", v.Status, len(v.Judgements))
	}
	errstest.Kind(t, c.Confirm(c.ctx, c.kabid.Actor, c.next(skp, 0), true, ""), errs.Forbidden)
	errstest.Kind(t, c.Confirm(c.ctx, c.bkpsdm.Actor, c.next(skp, 0), true, ""), errs.Forbidden) // there is a superior
	c.must(c.Confirm(c.ctx, c.kadis.Actor, c.next(skp, 0), false, "Buktinya belum ada."))
	told := func(w worker) bool {
		v := c.sheet(w, skp, 0)
		for _, j := range v.Judgements {
			if v.Returned(j) != (j.Version == 1) {
				t.Errorf("%s reads judgement %d of %d as returned: %v", w.Name, j.Version, len(v.Judgements), v.Returned(j))
			}
		}
		return slices.ContainsFunc(v.Events, func(e Event) bool { return e.Reason != "" })
	}
	if told(c.staff) || !told(c.kabid) || told(c.bkpsdm) {
		t.Error("why it was returned is for the rater alone, until the person has it")
	}
	c.must(c.Judge(c.ctx, c.kabid.Actor, c.next(skp, 0), far))
	c.must(c.Confirm(c.ctx, c.kadis.Actor, c.next(skp, 0), true, ""))
	// Who signed with the rater does not decide an objection to it.
	c.must(c.Object(c.ctx, c.staff.Actor, c.next(skp, 0), "Hasil sebesar itu bukan dari pekerjaan saya."))
	errstest.Kind(t, c.Decide(c.ctx, c.kadis.Actor, c.next(skp, 0), far), errs.Forbidden)
	if told := one[int64](c, `SELECT account_id FROM notify_message WHERE subject = 'Sanggah menunggu putusan Anda' AND link_url LIKE '%/penilaian/0'`); told != c.bkpsdm.AccountID {
		t.Errorf("account %d is told that the objection waits, not BKPSDM", told)
	}
	for w, want := range map[*worker]int{&c.kadis: 0, &c.bkpsdm: 1} {
		if got, err := c.Waits(c.ctx, w.Actor); err != nil || len(got) != want {
			t.Errorf("%s decides %+v: %v", w.Name, got, err)
		}
	}
	c.must(c.Decide(c.ctx, c.bkpsdm.Actor, c.next(skp, 0), far))
	v := c.sheet(c.staff, skp, 0)
	if !told(c.staff) || told(c.inspektur) {
		t.Error("why it was returned is not for the person")
	}
	if j, _ := v.Last(); j.Predicate != VeryGood || j.ProposedResult != Below || !v.Final(c.clock.Now()) {
		t.Errorf("%+v", j)
	}

	// Who was judged by the head of everybody has BKPSDM for that; nobody decides their own.
	top := one[int64](c, `SELECT id FROM kuciniki_skp WHERE person_id = $1`, c.sekda.PersonID)
	c.reports(c.sekda, top, 0, 6)
	c.must(c.Judge(c.ctx, c.mayor.Actor, c.next(top, 0), far))
	errstest.Kind(t, c.Confirm(c.ctx, c.kadis.Actor, c.next(top, 0), true, ""), errs.NotFound)
	if w, err := c.Waits(c.ctx, c.bkpsdm.Actor); err != nil || len(w) != 1 || w[0].SKPID != top {
		t.Errorf("waits for BKPSDM: %+v, %v", w, err)
	}
	c.must(c.Confirm(c.ctx, c.bkpsdm.Actor, c.next(top, 0), true, ""))

	// Where the rater alone sits above the rater too, BKPSDM signs.
	one[int64](c, `UPDATE org_occupancy SET ends_at = $2 WHERE id = $1 RETURNING id`, c.kadis.seat, c.clock.Now())
	both := c.seatOf(c.kabid.AccountID, c.kabid.PersonID, c.kadis.post, "plt", c.clock.Now(), nil)
	c.reports(c.staff, skp, 2, 0)
	c.must(c.Judge(c.ctx, both.Actor, c.next(skp, 2), far))
	if w, err := c.Waits(c.ctx, both.Actor); err != nil || len(w) != 1 || w[0].What != Reported { // January's
		t.Errorf("waits for who judged: %+v, %v", w, err)
	}
	if w, err := c.Waits(c.ctx, c.bkpsdm.Actor); err != nil || len(w) != 1 || w[0].Month != 2 {
		t.Errorf("waits for BKPSDM: %+v, %v", w, err)
	}
	errstest.Kind(t, c.Confirm(c.ctx, both.Actor, c.next(skp, 2), true, ""), errs.Forbidden)
	c.must(c.Confirm(c.ctx, c.bkpsdm.Actor, c.next(skp, 2), true, ""))
}

// Who moved is scored by each post once, however often it is reckoned, and by none after they
// left it.
func TestWhoMovedIsScoredByEachPostOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	first := c.line()
	moved := time.Date(2026, 7, 1, 0, 0, 0, 0, start.Location())
	one[int64](c, `UPDATE org_occupancy SET ends_at = $2 WHERE id = $1 RETURNING id`, c.staff.seat, moved)
	c.begins(9)
	post := one[int64](c, `INSERT INTO org_position (unit_id, title, kind, superior_id) SELECT unit_id, 'Bendahara', 'pelaksana', id FROM org_position WHERE id = $1 RETURNING id`, c.kabid.post)
	later := c.seatOf(c.staff.AccountID, c.staff.PersonID, post, "definitif", moved, nil)
	second := c.agreed(later, c.kabid)
	errstest.Kind(t, c.Report(c.ctx, later.Actor, c.next(first, 9), nil, ""), errs.Conflict)
	errstest.Kind(t, c.Report(c.ctx, later.Actor, c.next(second, 6), nil, ""), errs.Conflict)
	both := (181*100.0 + 184*50.0) / 365
	for _, x := range []struct {
		skp            int64
		reached, score float64
		result         Rating
	}{{first, 12, 100, AsDue}, {second, 6, both, Below}} {
		c.reports(later, x.skp, 0, x.reached)
		c.must(c.Judge(c.ctx, c.kabid.Actor, c.next(x.skp, 0), Verdict{Result: x.result, Behaviour: AsDue, Values: all(AsDue)}))
		if j, _ := c.sheet(later, x.skp, 0).Last(); math.Abs(*j.Score-x.score) > 1e-9 {
			t.Errorf("judged by %v, want %v", *j.Score, x.score)
		}
	}
	for _, skp := range []int64{first, second} {
		if v := c.sheet(c.kabid, skp, 0); math.Abs(*v.Score-both) > 1e-9 || len(v.Stays) != 2 {
			t.Errorf("the year is %v of %+v, want %v", *v.Score, v.Stays, both)
		}
	}
}

// What nobody measured is judged as expected, or by two.
func TestWithoutAProposalNobodyJudgesAlone(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	skp := c.line()
	for month, x := range []struct {
		result Rating
		want   Status
	}{{AsDue, Given}, {Over, AwaitSecond}, {Below, AwaitSecond}} {
		month++
		d := Verdict{Result: x.result, Behaviour: AsDue, Values: all(AsDue)}
		errstest.Kind(t, c.Judge(c.ctx, c.kabid.Actor, c.next(skp, month+1), d), errs.Conflict) // has not begun
		c.begins(month)
		if x.want == AwaitSecond {
			errstest.Field(t, c.Judge(c.ctx, c.kabid.Actor, c.next(skp, month), d), ControlReason)
			d.Reason = "Angkanya baru ada bulan depan."
		}
		c.must(c.Judge(c.ctx, c.kabid.Actor, c.next(skp, month), d))
		if v := c.sheet(c.kabid, skp, month); v.Status != x.want || v.Proposed != "" {
			t.Errorf("%s of nothing measured is %s, proposed %q", x.result, v.Status, v.Proposed)
		}
	}
}

// The head's result is the unit's, and who leads a team of another unit is heard.
func TestHeadsAndTeams(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	skp := c.line()
	head := one[int64](c, `SELECT id FROM kuciniki_skp WHERE person_id = $1`, c.kadis.PersonID)
	c.reports(c.kadis, head, 0, 12)
	unit := c.kadis.MainPosition().UnitID
	errstest.Kind(t, c.SetUnit(c.ctx, c.kadis.Actor, 2026, unit, "istimewa"), errs.NotFound)
	c.must(c.SetUnit(c.ctx, c.bkpsdm.Actor, 2026, unit, "istimewa"))
	if v := c.sheet(c.sekda, head, 0); v.Proposed != Over {
		t.Errorf("the head of an outstanding unit is proposed %q", v.Proposed)
	}
	units, err := c.UnitYears(c.ctx, c.bkpsdm.Actor, 2026)
	c.must(err)
	if len(units) < 50 {
		t.Errorf("%d units", len(units))
	}

	c.must(c.act(c.staff, skp, ActChange))
	leader := c.hire("fungsional", "BAPPEDA", 0)
	errstest.Field(t, c.SetUp(c.ctx, c.staff.Actor, skp, Setup{Model: Quantitative, CoRater: c.kabid.post}), ControlCoRater)
	c.must(c.SetUp(c.ctx, c.staff.Actor, skp, Setup{Model: Quantitative, CoRater: leader.post}))
	c.begins(5)
	errstest.Kind(t, c.Report(c.ctx, c.staff.Actor, c.next(skp, 5), nil, ""), errs.Conflict) // being changed
	c.must(c.act(c.staff, skp, ActPropose))
	c.must(c.act(c.kabid, skp, ActAgree))
	c.reports(c.staff, skp, 5, 12)
	due := Verdict{Result: AsDue, Behaviour: AsDue, Values: all(AsDue)}
	errstest.Field(t, c.Judge(c.ctx, c.kabid.Actor, c.next(skp, 5), due), ControlReason)
	c.must(c.Opine(c.ctx, leader.Actor, c.next(skp, 5), "Ia tulang punggung tim penataan drainase."))
	c.must(c.Judge(c.ctx, c.kabid.Actor, c.next(skp, 5), due))
	if v := c.sheet(c.staff, skp, 5); v.CoOpinion == "" {
		t.Error("the person does not see what the team's leader said")
	}
}

// Feedback is between who gives it, who gets it and the rater; that it was given is work.
func TestFeedback(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	skp := c.line()
	n := Note{Kind: Feedback, Text: "Warga di loket dilayani dengan sabar.", Value: Values[0], Rating: Over}
	for range 2 {
		c.must(c.Remark(c.ctx, c.colleague.Actor, skp, n, "satu"))
	}
	c.must(c.Remark(c.ctx, c.kabid.Actor, skp, Note{Kind: Talk, Text: "Sepakat membagi tugas laporan mingguan."}, "dua"))
	errstest.Kind(t, c.Remark(c.ctx, c.colleague.Actor, skp, Note{Kind: Talk, Text: "Sepakat membagi tugas."}, "tiga"), errs.Unprocessable)
	errstest.Kind(t, c.Remark(c.ctx, c.stranger.Actor, skp, n, "empat"), errs.NotFound)
	errstest.Kind(t, c.Remark(c.ctx, c.staff.Actor, skp, n, "lima"), errs.NotFound) // of oneself
	errstest.Field(t, c.Remark(c.ctx, c.colleague.Actor, skp, Note{Text: "Bagus"}, "enam"), ControlNote)
	errstest.Field(t, c.Remark(c.ctx, c.colleague.Actor, skp, Note{Text: n.Text, Value: Values[0]}, "tujuh"), ControlRating)
	mine, err := c.Received(c.ctx, c.staff.Actor, 2026)
	c.must(err)
	if len(mine) != 2 || mine[1].Text != n.Text {
		t.Errorf("received %+v", mine)
	}
	for _, x := range []struct {
		who   worker
		reads int
	}{{c.staff, 2}, {c.kabid, 2}, {c.bkpsdm, 0}, {c.inspektur, 0}} {
		if v := c.sheet(x.who, skp, 1); len(v.Notes) != x.reads || v.NoteCount != 2 {
			t.Errorf("%s reads %d of %d", x.who.Name, len(v.Notes), v.NoteCount)
		}
	}
	if got := one[int](c, `SELECT count(*) FROM work_event WHERE module = 'kuciniki' AND kind IN ('umpan_balik', 'dialog') AND object_id = $1`, skp); got != 2 {
		t.Errorf("%d entries in the ledger", got)
	}
	if raw := one[string](c, `SELECT string_agg(encode(text_sealed, 'escape'), '') FROM kuciniki_note`); strings.Contains(raw, "loket") {
		t.Error("notes lie about in the open")
	}
}

// Twenty clicks at once judge once.
func TestManyClicksAreOneJudgement(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	skp := c.line()
	c.begins(2)
	var wg sync.WaitGroup
	var done atomic.Int32
	for range 20 {
		wg.Go(func() {
			switch err := c.Judge(c.ctx, c.kabid.Actor, Turn{SKP: skp, Month: 2}, Verdict{Result: AsDue, Behaviour: AsDue, Values: all(AsDue)}); {
			case err == nil:
				done.Add(1)
			case errs.KindOf(err) != errs.Conflict:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := one[int](c, `SELECT count(*) FROM kuciniki_judgement`); done.Load() != 1 || n != 1 {
		t.Errorf("%d done, %d judgements", done.Load(), n)
	}
}
