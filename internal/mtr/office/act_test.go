package office_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// step is one act of staff: how to bring a report before it, and how to do it.
type step struct {
	action mtr.Action
	before func(o *office) int64
	who    func(o *office) authz.Actor
	do     func(o *office, a authz.Actor, act mtr.Act) error
	to     mtr.Status
	work   bool // it is a finished step of work
	public bool // the reporter hears of it
}

type useReason = func(*mtr.Module, *office, authz.Actor, mtr.ReasonInput) error

func says(use useReason) func(*office, authz.Actor, mtr.Act) error {
	return func(o *office, a authz.Actor, act mtr.Act) error {
		return use(o.m, o, a, mtr.ReasonInput{Act: act, Reason: "Alasan yang cukup panjang."})
	}
}

func by(pick func(o *office) staffer) func(*office) authz.Actor {
	return func(o *office) authz.Actor { return pick(o).Actor }
}

var (
	asDispatcher = by(func(o *office) staffer { return o.dispatcher })
	asHead       = by(func(o *office) staffer { return o.head })
	asWorker     = by(func(o *office) staffer { return o.worker })
	asValidator  = by(func(o *office) staffer { return o.validator })
	asModerator  = by(func(o *office) staffer { return o.moderator })
)

func fresh(o *office) int64 {
	id, _ := o.file(filed{email: "siti@contoh.id", verified: true})
	return id
}

func blackedOut(o *office) int64 {
	id := fresh(o)
	o.must(o.m.Redact(o.ctx, o.moderator.Actor, mtr.RedactInput{Act: o.act(id), Passages: "depan pasar", Reason: "Menunjukkan rumah orang."}))
	return id
}

func asked(o *office) int64 {
	id := fresh(o)
	o.must(o.m.AskInfo(o.ctx, o.dispatcher.Actor, mtr.AskInfoInput{Act: o.act(id), Question: "Tiang yang mana?"}))
	return id
}

func referred(o *office) int64 {
	id := fresh(o)
	o.must(o.m.ReferOut(o.ctx, o.dispatcher.Actor, mtr.ReferInput{Act: o.act(id), Agency: "PLN", AgencyRef: "P-1", Reason: "Bukan lampu kota."}))
	return id
}

func merged(o *office) int64 {
	id := fresh(o)
	_, parent := o.file(filed{})
	o.must(o.m.MarkDuplicate(o.ctx, o.dispatcher.Actor, mtr.DuplicateInput{Act: o.act(id), ParentNumber: parent}))
	return id
}

// steps are all acts of staff.
var steps = []step{
	{mtr.ActForward, fresh, asDispatcher, func(o *office, a authz.Actor, act mtr.Act) error {
		return o.m.Forward(o.ctx, a, mtr.ForwardInput{Act: act, UnitID: o.dishub})
	}, mtr.Forwarded, true, true},
	{mtr.ActReject, fresh, asDispatcher, func(o *office, a authz.Actor, act mtr.Act) error {
		return o.m.Reject(o.ctx, a, mtr.RejectInput{Act: act, Reason: "Bukan laporan."})
	}, mtr.Rejected, true, true},
	{mtr.ActMarkDuplicate, fresh, asDispatcher, func(o *office, a authz.Actor, act mtr.Act) error {
		_, parent := o.file(filed{})
		return o.m.MarkDuplicate(o.ctx, a, mtr.DuplicateInput{Act: act, ParentNumber: parent})
	}, mtr.Duplicate, true, true},
	{mtr.ActUnmark, merged, asDispatcher, func(o *office, a authz.Actor, act mtr.Act) error {
		return o.m.UnmarkDuplicate(o.ctx, a, mtr.ReasonInput{Act: act, Reason: "Gotnya lain."})
	}, mtr.Received, true, true},
	{mtr.ActReferOut, fresh, asDispatcher, func(o *office, a authz.Actor, act mtr.Act) error {
		return o.m.ReferOut(o.ctx, a, mtr.ReferInput{Act: act, Agency: "PLN", Reason: "Bukan lampu kota."})
	}, mtr.Referred, true, true},
	{mtr.ActAgencyAnswer, referred, asDispatcher, func(o *office, a authz.Actor, act mtr.Act) error {
		return o.m.RecordAgencyAnswer(o.ctx, a, mtr.AgencyAnswerInput{Act: act, Answer: "Sudah kami perbaiki."})
	}, mtr.Referred, true, true},
	{mtr.ActAskInfo, fresh, asDispatcher, func(o *office, a authz.Actor, act mtr.Act) error {
		return o.m.AskInfo(o.ctx, a, mtr.AskInfoInput{Act: act, Question: "Tiang yang mana?"})
	}, mtr.NeedsInfo, true, true},
	{mtr.ActResume, asked, asDispatcher, says(func(m *mtr.Module, o *office, a authz.Actor, in mtr.ReasonInput) error { return m.Resume(o.ctx, a, in) }), mtr.Received, true, true},
	{mtr.ActBounce, func(o *office) int64 { return o.forwarded(filed{email: "siti@contoh.id", verified: true}) }, asHead,
		says(func(m *mtr.Module, o *office, a authz.Actor, in mtr.ReasonInput) error { return m.Bounce(o.ctx, a, in) }), mtr.Received, true, true},
	{mtr.ActRecategorize, fresh, asDispatcher, func(o *office, a authz.Actor, act mtr.Act) error {
		return o.m.Recategorize(o.ctx, a, mtr.RecategorizeInput{Act: act, CategoryID: ask[int64](o, `SELECT id FROM mtr_category WHERE code = 'TAMAN'`), Reason: "Lampu taman."})
	}, mtr.Received, true, true},
	{mtr.ActPrioritize, fresh, asDispatcher, func(o *office, a authz.Actor, act mtr.Act) error {
		return o.m.Prioritize(o.ctx, a, mtr.PriorityInput{Act: act, Priority: mtr.PriorityUrgent, Reason: "Dekat sekolah."})
	}, mtr.Received, false, false},
	{mtr.ActAssign, func(o *office) int64 { return o.forwarded(filed{}) }, asHead, func(o *office, a authz.Actor, act mtr.Act) error {
		return o.m.Assign(o.ctx, a, mtr.AssignInput{Act: act, PositionID: o.worker.position, PersonID: o.worker.PersonID})
	}, mtr.Forwarded, true, false},
	{mtr.ActStart, func(o *office) int64 { return o.forwarded(filed{email: "siti@contoh.id", verified: true}) }, asHead, func(o *office, a authz.Actor, act mtr.Act) error {
		return o.m.Start(o.ctx, a, mtr.StartInput{Act: act})
	}, mtr.InProgress, true, true},
	{mtr.ActSchedule, func(o *office) int64 { return o.started(filed{email: "siti@contoh.id", verified: true}) }, asWorker, func(o *office, a authz.Actor, act mtr.Act) error {
		return o.m.Schedule(o.ctx, a, mtr.ScheduleInput{Act: act, Date: tuesday.AddDate(0, 0, 10), Reason: "Menunggu suku cadang."})
	}, mtr.Scheduled, true, true},
	{mtr.ActSubmitProof, func(o *office) int64 {
		id := o.started(filed{email: "siti@contoh.id", verified: true})
		o.photo(o.worker.Actor, id)
		return id
	}, asWorker, func(o *office, a authz.Actor, act mtr.Act) error {
		return o.m.SubmitProof(o.ctx, a, mtr.ProofInput{Act: act, Answer: "Sudah diganti."})
	}, mtr.ToValidate, true, true},
	{mtr.ActValidate, func(o *office) int64 { return o.proven(filed{email: "siti@contoh.id", verified: true}) }, asValidator, func(o *office, a authz.Actor, act mtr.Act) error {
		return o.m.Validate(o.ctx, a, mtr.ValidateInput{Act: act})
	}, mtr.Done, true, true},
	{mtr.ActRejectProof, func(o *office) int64 { return o.proven(filed{email: "siti@contoh.id", verified: true}) }, asValidator,
		says(func(m *mtr.Module, o *office, a authz.Actor, in mtr.ReasonInput) error {
			return m.RejectProof(o.ctx, a, in)
		}), mtr.InProgress, true, true},
	{mtr.ActRespond, fresh, asDispatcher, says(func(m *mtr.Module, o *office, a authz.Actor, in mtr.ReasonInput) error {
		return m.Respond(o.ctx, a, in)
	}), mtr.Received, true, true},
	{mtr.ActNote, fresh, asDispatcher, says(func(m *mtr.Module, o *office, a authz.Actor, in mtr.ReasonInput) error { return m.Note(o.ctx, a, in) }), mtr.Received, false, false},
	{mtr.ActHide, fresh, asModerator, says(func(m *mtr.Module, o *office, a authz.Actor, in mtr.ReasonInput) error { return m.Hide(o.ctx, a, in) }), mtr.Received, false, true},
	{mtr.ActUnhide, func(o *office) int64 {
		id := fresh(o)
		o.must(o.m.Hide(o.ctx, o.moderator.Actor, o.reason(id, "Ada nama orang.")))
		return id
	}, asModerator, says(func(m *mtr.Module, o *office, a authz.Actor, in mtr.ReasonInput) error { return m.Unhide(o.ctx, a, in) }), mtr.Received, false, true},
	{mtr.ActHidePhoto, func(o *office) int64 { return o.proven(filed{}) }, asModerator, func(o *office, a authz.Actor, act mtr.Act) error {
		ref := ask[string](o, `SELECT ref FROM mtr_photo WHERE report_id = $1`, act.ReportID)
		return o.m.HidePhoto(o.ctx, a, mtr.HidePhotoInput{Act: act, Ref: ref, Reason: "Ada wajah anak."})
	}, mtr.ToValidate, false, false},
	{mtr.ActRedact, fresh, asModerator, func(o *office, a authz.Actor, act mtr.Act) error {
		return o.m.Redact(o.ctx, a, mtr.RedactInput{Act: act, Passages: "DEPAN  pasar\n", Reason: "Menunjukkan rumah orang."})
	}, mtr.Received, false, true},
	{mtr.ActRedactPhoto, func(o *office) int64 { return o.proven(filed{}) }, asModerator, func(o *office, a authz.Actor, act mtr.Act) error {
		ref := ask[string](o, `SELECT COALESCE((SELECT ref FROM mtr_photo WHERE report_id = $1), '')`, act.ReportID)
		return o.m.RedactPhoto(o.ctx, a, mtr.RedactPhotoInput{Act: act, Ref: ref, Boxes: []mtr.Box{{Left: 10, Top: 10, Width: 30, Height: 40}}, Reason: "Ada wajah anak."})
	}, mtr.ToValidate, false, false},
	{mtr.ActRelease, func(o *office) int64 {
		id, _ := o.file(filed{held: true, email: "siti@contoh.id", verified: true})
		return id
	}, asModerator,
		says(func(m *mtr.Module, o *office, a authz.Actor, in mtr.ReasonInput) error {
			return m.Release(o.ctx, a, in)
		}), mtr.Received, true, true},
	{mtr.ActReleasePhoto, func(o *office) int64 { return o.started(filed{anonymous: true}) }, asHead,
		says(func(m *mtr.Module, o *office, a authz.Actor, in mtr.ReasonInput) error {
			return m.ReleasePhotos(o.ctx, a, mtr.ReleaseInput{Act: in.Act, Days: 3, Reason: in.Reason})
		}), mtr.InProgress, false, false},
	{mtr.ActOpenOriginal, blackedOut, asModerator, func(o *office, a authz.Actor, act mtr.Act) error {
		seq := ask[int](o, `SELECT COALESCE(max(event_seq), 0) FROM mtr_redaction WHERE report_id = $1`, act.ReportID)
		_, err := o.m.OpenOriginal(o.ctx, a, mtr.OpenOriginalInput{Act: act, Seq: seq, Reason: "Diminta penyidik."})
		return err
	}, mtr.Received, false, false},
	{mtr.ActReleaseOriginal, blackedOut, by(func(o *office) staffer { return o.mayor }), func(o *office, a authz.Actor, act mtr.Act) error {
		return o.m.ReleaseOriginals(o.ctx, a, mtr.ReleaseInput{Act: act, Days: 1, Reason: "Diminta penyidik."})
	}, mtr.Received, false, false},
	{mtr.ActReveal, fresh, asDispatcher, func(o *office, a authz.Actor, act mtr.Act) error {
		_, err := o.m.RevealIdentity(o.ctx, a, mtr.ReasonInput{Act: act, Reason: "Perlu menelepon pelapor."})
		return err
	}, mtr.Received, false, false},
}

// Every act leaves its event, its audit entry and, when it is work, its entry in the
// ledger; the reporter with a verified contact hears of what is for them.
func TestActsLeaveTheirTraces(t *testing.T) {
	t.Parallel()
	for _, s := range steps {
		t.Run(string(s.action), func(t *testing.T) {
			o := newOffice(t)
			id := s.before(o)
			act := o.act(id)
			a := s.who(o)
			o.must(s.do(o, a, act))
			o.at(id, s.to)
			seq := o.state(id).Seq
			if seq != act.Version+1 {
				t.Errorf("event %d after %d", seq, act.Version)
			}
			if n := ask[int](o, `SELECT count(*) FROM mtr_event WHERE report_id = $1 AND seq = $2 AND action = $3 AND actor_id = $4 AND position_id = $5 AND role <> ''`,
				id, seq, s.action, a.AccountID, a.MainPosition().ID); n != 1 {
				t.Errorf("%d events", n)
			}
			if n := ask[int](o, `SELECT count(*) FROM audit_entry WHERE object = 'mtr_report' AND object_id = $1 AND action = 'mtr.report.' || $2 AND account_id = $3`, id, string(s.action), a.AccountID); n != 1 {
				t.Errorf("%d audit entries", n)
			}
			work := 0
			if s.work {
				work = 1
			}
			if n := ask[int](o, `SELECT count(*) FROM work_event WHERE module = 'mtr' AND kind = $2 AND object_id = $1 AND person_id = $3 AND outcome = $4`, id, string(s.action), a.PersonID, s.to); n != work {
				t.Errorf("%d entries in the work ledger, want %d", n, work)
			}
			heard := 0
			for _, m := range o.messages(id, seq) {
				if m.Email == "siti@contoh.id" {
					heard++
				}
			}
			if want := 0; s.public {
				want = 1
				if heard != want {
					t.Errorf("the reporter got %d messages, want %d", heard, want)
				}
			} else if heard != 0 {
				t.Errorf("the reporter heard of it")
			}
			o.replays(id)
		})
	}
}

// What staff do is in the table above: an act that is added to the state machine and
// not here fails.
func TestEveryStaffActIsWalked(t *testing.T) {
	t.Parallel()
	walked := map[mtr.Action]bool{}
	for _, s := range steps {
		walked[s.action] = true
	}
	for from, actions := range mtr.Steps {
		for a, s := range actions {
			if s.Who != mtr.AsReporter && s.Who != mtr.AsSystem && !walked[a] {
				t.Errorf("%s from %q is not tested", a, from)
			}
		}
	}
}

// Of many who do the same with the same page before them one wins; the others are
// told, and nothing is written twice.
func TestOneOfManyWins(t *testing.T) {
	t.Parallel()
	for _, s := range steps {
		t.Run(string(s.action), func(t *testing.T) {
			o := newOffice(t)
			id := s.before(o)
			act := o.act(id)
			a := s.who(o)
			won := 0
			for _, err := range race(6, func(int) error { return s.do(o, a, act) }) {
				switch kind := errs.KindOf(err); {
				case err == nil:
					won++
				case s.action == mtr.ActBounce && kind == errs.NotFound: // it has left the unit's sight
				case kind != errs.Conflict:
					t.Errorf("refused with %v", err)
				}
			}
			if won != 1 || o.state(id).Seq != act.Version+1 {
				t.Errorf("%d won, event %d after %d", won, o.state(id).Seq, act.Version)
			}
		})
	}
}

// Whoever has no part in a report does not learn that it exists; whoever has another
// part is told so; whoever looked too long ago is told so. Nothing changes.
func TestActsAreRefused(t *testing.T) {
	t.Parallel()
	for _, s := range steps {
		t.Run(string(s.action), func(t *testing.T) {
			o := newOffice(t)
			id := s.before(o)
			act := o.act(id)
			o.refused(s.do(o, o.stranger.Actor, act), errs.NotFound)
			o.refused(s.do(o, authz.Actor{}, act), errs.NotFound)
			overseers := []mtr.Action{mtr.ActNote, mtr.ActReleasePhoto, mtr.ActOpenOriginal, mtr.ActReleaseOriginal, mtr.ActPrioritize}
			if !slices.Contains(overseers, s.action) {
				o.refused(s.do(o, o.mayor.Actor, act), errs.Forbidden)
			}
			stale := act
			stale.Version += 7
			o.refused(s.do(o, s.who(o), stale), errs.Conflict)
			gone := act
			gone.ReportID += 1000
			if s.action != mtr.ActHidePhoto {
				o.refused(s.do(o, s.who(o), gone), errs.NotFound)
			}
			if got := o.state(id).Seq; got != act.Version {
				t.Errorf("a refused act left event %d", got)
			}
		})
	}
}

// Words that are missing or too long are refused at their control.
func TestWordsAreChecked(t *testing.T) {
	o := newOffice(t)
	long := strings.Repeat("é", mtr.MaxReason+1)
	id := fresh(o)
	d := o.dispatcher.Actor
	for _, words := range []string{"", " \r\n\t ", long} {
		o.refused(o.m.Reject(o.ctx, d, mtr.RejectInput{Act: o.act(id), Reason: words}), errs.Unprocessable, mtr.ControlReason)
		o.refused(o.m.AskInfo(o.ctx, d, mtr.AskInfoInput{Act: o.act(id), Question: words}), errs.Unprocessable, mtr.ControlReason)
		o.refused(o.m.Note(o.ctx, d, o.reason(id, words)), errs.Unprocessable, mtr.ControlReason)
		o.refused(o.m.Respond(o.ctx, d, o.reason(id, words)), errs.Unprocessable, mtr.ControlReason)
		o.refused(o.m.Hide(o.ctx, d, o.reason(id, words)), errs.Unprocessable, mtr.ControlReason)
		_, err := o.m.RevealIdentity(o.ctx, d, o.reason(id, words))
		o.refused(err, errs.Unprocessable, mtr.ControlReason)
	}
	_, err := o.m.RevealIdentity(o.ctx, d, o.reason(id, "ingin tahu"[:9]))
	o.refused(err, errs.Unprocessable, mtr.ControlReason)
	o.refused(o.m.ReferOut(o.ctx, d, mtr.ReferInput{Act: o.act(id), Agency: " ", Reason: ""}), errs.Unprocessable, mtr.ControlAgency, mtr.ControlReason)
	o.refused(o.m.RecordAgencyAnswer(o.ctx, d, mtr.AgencyAnswerInput{Act: o.act(referred(o))}), errs.Unprocessable, mtr.ControlAnswer)
	o.must(o.m.Note(o.ctx, d, o.reason(id, strings.TrimSuffix(long, "é"))))
}

func TestForwardGoesToUnitsThatTakeReports(t *testing.T) {
	o := newOffice(t)
	id := fresh(o)
	to := func(unit int64) error {
		return o.m.Forward(o.ctx, o.dispatcher.Actor, mtr.ForwardInput{Act: o.act(id), UnitID: unit})
	}
	o.refused(to(0), errs.Unprocessable, mtr.ControlUnit)
	o.refused(to(1<<40), errs.Unprocessable, mtr.ControlUnit)
	o.refused(to(o.city), errs.Unprocessable, mtr.ControlUnit)
	o.run(`UPDATE org_unit SET valid_to = $2 WHERE id = $1`, o.dlh, tuesday.AddDate(0, 0, -1))
	o.refused(to(o.dlh), errs.Unprocessable, mtr.ControlUnit)
	o.must(to(o.kelurahan))
	s := o.state(id)
	if s.PublishedAt == nil || s.RespondedAt == nil || *s.UnitID != o.kelurahan || s.DueKind != mtr.DueFollowUp {
		t.Errorf("after forwarding: %+v", s)
	}
	// Five working days after Tuesday is the next Tuesday.
	if got := s.DueAt.In(tuesday.Location()); got.Format(time.DateOnly) != "2026-12-01" {
		t.Errorf("follow-up due %v", got)
	}
}

func TestAssignStaysInTheUnit(t *testing.T) {
	o := newOffice(t)
	id := o.forwarded(filed{})
	to := func(position, person int64) error {
		return o.m.Assign(o.ctx, o.head.Actor, mtr.AssignInput{Act: o.act(id), PositionID: position, PersonID: person})
	}
	o.refused(to(0, 0), errs.Conflict)
	o.refused(to(o.stranger.position, 0), errs.Unprocessable, mtr.ControlPosition)
	o.refused(to(1<<40, 0), errs.Unprocessable, mtr.ControlPosition)
	o.refused(to(o.worker.position, o.colleague.PersonID), errs.Unprocessable, mtr.ControlPosition)
	o.must(to(o.worker.position, 0))
	o.must(to(o.colleague.position, o.colleague.PersonID))
	o.refused(o.m.Start(o.ctx, o.worker.Actor, mtr.StartInput{Act: o.act(id)}), errs.NotFound)
	o.must(to(0, 0))
	if o.state(id).AssigneeID != nil {
		t.Error("the assignment was not taken back")
	}
	o.run(`UPDATE org_position SET valid_to = $2 WHERE id = $1`, o.worker.position, tuesday.AddDate(0, 0, -1))
	o.refused(to(o.worker.position, 0), errs.Unprocessable, mtr.ControlPosition)
}

func TestScheduleWithinTheYear(t *testing.T) {
	o := newOffice(t)
	id := o.started(filed{})
	on := func(at time.Time) error {
		return o.m.Schedule(o.ctx, o.worker.Actor, mtr.ScheduleInput{Act: o.act(id), Date: at, Reason: "Menunggu suku cadang."})
	}
	o.refused(on(time.Time{}), errs.Unprocessable, mtr.ControlDate)
	o.refused(on(tuesday.Add(-time.Hour)), errs.Unprocessable, mtr.ControlDate)
	o.refused(on(tuesday.AddDate(2, 0, 0)), errs.Unprocessable, mtr.ControlDate)
	sunday := time.Date(2026, 12, 6, 16, 0, 0, 0, tuesday.Location())
	o.must(on(sunday))
	s := o.state(id)
	if s.Status != mtr.Scheduled || s.DueAt.In(tuesday.Location()).Format(time.DateOnly) != "2026-12-07" {
		t.Errorf("scheduled for Sunday is due %v", s.DueAt)
	}
	o.must(on(sunday.AddDate(0, 0, 2)))
	o.must(o.m.Start(o.ctx, o.worker.Actor, mtr.StartInput{Act: o.act(id)}))
	if after := o.state(id); !after.DueAt.Equal(*after.WorkDueAt) {
		t.Errorf("work is due %v, the outer limit is %v", after.DueAt, after.WorkDueAt)
	}
}

// perlu_info stops the clock: what is due moves by the working time that the pause took.
func TestPauseMovesDueTimes(t *testing.T) {
	o := newOffice(t)
	id := o.started(filed{email: "siti@contoh.id", verified: true})
	before := o.state(id)
	o.clock.Advance(2 * time.Hour)
	o.must(o.m.AskInfo(o.ctx, o.worker.Actor, mtr.AskInfoInput{Act: o.act(id), Question: "Tiang yang mana?"}))
	paused := o.state(id)
	if paused.PausedAt == nil || !paused.DueAt.Equal(*before.DueAt) {
		t.Fatalf("paused: %+v", paused)
	}
	o.clock.Advance(72 * time.Hour) // Tuesday 11.00 to Friday 11.00: three working days
	o.refused(o.m.Resume(o.ctx, o.dispatcher.Actor, o.reason(id, "Sudah jelas.")), errs.Forbidden)
	o.must(o.m.Resume(o.ctx, o.worker.Actor, o.reason(id, "Sudah jelas.")))
	after := o.state(id)
	o.at(id, mtr.InProgress)
	if after.PausedAt != nil {
		t.Error("still paused")
	}
	for what, pair := range map[string][2]*time.Time{"due": {before.DueAt, after.DueAt}, "work": {before.WorkDueAt, after.WorkDueAt}} {
		moved := workingDays(o, *pair[0], *pair[1])
		if moved != 3 {
			t.Errorf("%s moved by %d working days, from %v to %v", what, moved, pair[0], pair[1])
		}
	}
	o.replays(id)
}

// workingDays between two closes of business.
func workingDays(o *office, a, b time.Time) (n int) {
	o.t.Helper()
	for d := a; d.Before(b); d = d.AddDate(0, 0, 1) {
		if wd := d.AddDate(0, 0, 1).In(tuesday.Location()).Weekday(); wd != time.Saturday && wd != time.Sunday {
			n++
		}
	}
	return n
}

func TestOnlyWhoAskedGoesOnWithoutAnswer(t *testing.T) {
	o := newOffice(t)
	id := asked(o)
	o.refused(o.m.Forward(o.ctx, o.dispatcher.Actor, mtr.ForwardInput{Act: o.act(id), UnitID: o.dishub}), errs.Conflict)
	o.must(o.m.Resume(o.ctx, o.dispatcher.Actor, o.reason(id, "Sudah jelas.")))
	o.at(id, mtr.Received)
}
