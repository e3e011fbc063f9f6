package evidence_test

import (
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/kuciniki/evidence/sample"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Every state with every action, by who may do it; everything else is refused.
func TestWhoDoesWhatWithAFlag(t *testing.T) {
	t.Parallel()
	about, over := evidence.FlagRole{About: true, Silent: true}, evidence.FlagRole{Over: true, Silent: true}
	heard, late, judged := evidence.FlagRole{Over: true}, evidence.FlagRole{Over: true, Silent: true, Late: true}, evidence.FlagRole{Over: true, Judged: true}
	tooLate, both := evidence.FlagRole{About: true, Late: true}, evidence.FlagRole{About: true, Over: true}
	roles := []evidence.FlagRole{{}, about, over, heard, late, judged, tooLate, both}
	type way struct {
		from   evidence.FlagStatus
		action evidence.FlagAction
	}
	may := map[way]struct {
		to  evidence.FlagStatus
		who []evidence.FlagRole
	}{
		{evidence.FlagFound, evidence.AnswerFlag}:    {evidence.FlagAnswered, []evidence.FlagRole{about, tooLate, both}},
		{evidence.FlagAnswered, evidence.AnswerFlag}: {evidence.FlagAnswered, []evidence.FlagRole{about, tooLate, both}},
		{evidence.FlagFound, evidence.JudgeFlag}:     {evidence.FlagJudged, []evidence.FlagRole{heard, late, judged}},
		{evidence.FlagAnswered, evidence.JudgeFlag}:  {evidence.FlagJudged, []evidence.FlagRole{heard, late, judged}},
		{evidence.FlagJudged, evidence.ObjectFlag}:   {evidence.FlagObjected, []evidence.FlagRole{about, both}},
		{evidence.FlagObjected, evidence.DecideFlag}: {evidence.FlagDecided, []evidence.FlagRole{over, heard, late}},
	}
	for _, from := range evidence.FlagStatuses {
		for _, action := range evidence.FlagActions {
			want := may[way{from, action}]
			for _, role := range roles {
				allowed := false
				for _, w := range want.who {
					allowed = allowed || w == role
				}
				if to, ok := from.After(action, role); ok != allowed || ok && to != want.to {
					t.Errorf("%s in %s by %+v: %s, %v", action, from, role, to, ok)
				}
			}
		}
	}
}

// flagged has somebody put parafs faster than anybody reads, and follows what comes of it:
// they see it first and answer; it is judged once, objected to, and decided by somebody else.
func (c *city) flagged(personnel, inspector, head authz.Actor, who sample.Person) {
	c.t.Helper()
	ctx, from, to := c.t.Context(), now.AddDate(0, -1, 0), now.AddDate(0, 1, 0)
	at := now.Add(-time.Hour)
	for i := range 15 {
		since := at.Add(-time.Hour)
		c.write([]evidence.Event{{At: at.Add(time.Duration(i) * time.Second), Module: "eoffice", Kind: "naskah_paraf", Object: "eoffice_letter", ObjectID: int64(900_000 + i), Outcome: "dibatalkan",
			PersonID: who.PersonID, PositionID: who.PositionID, UnitID: who.UnitID, StartedAt: &since, WorkingMinutes: 60, Strata: map[string]string{}}})
	}
	for range 2 { // twice is once
		if n, err := c.Look(ctx); err != nil || n == 0 {
			c.t.Fatalf("%d patterns are found: %v", n, err)
		}
	}
	flags := func() (ours []evidence.Found, unseen int) {
		_, list, unseen, err := c.Flags(ctx, personnel, 0, from, to)
		c.must(err)
		for _, f := range list {
			if f.PersonID == who.PersonID && f.Pattern == evidence.Burst {
				ours = append(ours, f)
			}
		}
		return ours, unseen
	}
	own, err := c.OwnFlags(ctx, as(who))
	c.must(err)
	if ours, unseen := flags(); len(ours) != 0 || unseen == 0 || len(own) != 1 || own[0].N != 15 {
		c.t.Fatalf("before they saw it %+v is shown and %d are not; they see %+v", ours, unseen, own)
	}
	id := own[0].ID
	const words = "Naskah undangan yang sudah dibaca bersama sebelum rapat."
	say := func(a authz.Actor, seq int, action evidence.FlagAction, want errs.Kind) {
		c.t.Helper()
		if err := c.SayFlag(ctx, a, id, seq, action, evidence.Coached, words); err != nil && errs.KindOf(err) != want || err == nil && want != 0 {
			c.t.Errorf("%s: %v, want %v", action, err, want)
		}
	}
	say(personnel, 0, evidence.JudgeFlag, errs.NotFound)
	say(head, 0, evidence.AnswerFlag, errs.NotFound)
	file, err := c.Flag(ctx, as(who), id)
	c.must(err)
	if ours, _ := flags(); len(ours) != 1 || len(file.Steps) != 15 {
		c.t.Errorf("once they saw it %+v is shown, with %d steps", ours, len(file.Steps))
	}
	say(personnel, 0, evidence.JudgeFlag, errs.Forbidden) // they may answer first
	say(as(who), 0, evidence.AnswerFlag, 0)
	say(as(who), 0, evidence.AnswerFlag, errs.Conflict)
	var all sync.WaitGroup
	won := make(chan bool, 6)
	for i := range cap(won) {
		all.Go(func() {
			judge := []authz.Actor{personnel, inspector}[i%2]
			err := c.SayFlag(ctx, judge, id, 1, evidence.JudgeFlag, evidence.Coached, words)
			if err != nil && errs.KindOf(err) != errs.Conflict {
				c.t.Error(err)
			}
			won <- err == nil
		})
	}
	all.Wait()
	n := 0
	for range cap(won) {
		if <-won {
			n++
		}
	}
	if n != 1 {
		c.t.Fatalf("%d judged at once", n)
	}
	judge, other := personnel, inspector
	if file, err = c.Flag(ctx, personnel, id); err != nil || len(file.Words) != 2 {
		c.t.Fatalf("%+v: %v", file, err)
	}
	if file.Words[1].PersonID == inspector.PersonID {
		judge, other = inspector, personnel
	}
	say(as(who), 2, evidence.ObjectFlag, 0)
	say(judge, 3, evidence.DecideFlag, errs.Forbidden)
	say(other, 3, evidence.DecideFlag, 0)
	file, err = c.Flag(ctx, as(who), id)
	if c.must(err); file.Status != evidence.FlagDecided || len(file.Words) != 4 || file.Words[1].Text != words || file.Words[3].Who == "" || len(file.Actions) != 0 {
		c.t.Errorf("in the end it is %+v", file)
	}
	_, err = c.Look(ctx)
	c.must(err)
	if own, err = c.OwnFlags(ctx, as(who)); err != nil || len(own) != 1 {
		c.t.Errorf("what was judged is found again: %+v, %v", own, err)
	}
}

// paired has two people of different offices give each other orders, and finds them.
func (c *city) paired(one, other sample.Person) {
	c.t.Helper()
	ctx, id := c.t.Context(), int64(800_000)
	for i := range 30 {
		giver, doer := one, other
		if i%2 == 1 {
			giver, doer = other, one
		}
		id++
		at := now.AddDate(0, 0, -40+i)
		order := func(by sample.Person, at time.Time, kind, outcome string, holder sample.Person) evidence.Event {
			return evidence.Event{At: at, Module: "eoffice", Kind: kind, Object: "eoffice_disposition", ObjectID: id, Outcome: outcome, PersonID: by.PersonID, PositionID: by.PositionID, UnitID: by.UnitID,
				HolderID: holder.PositionID, Strata: map[string]string{"urgensi": "biasa"}}
		}
		c.write([]evidence.Event{order(giver, at, "disposisi_disposisi", "dikirim", doer), order(doer, at.Add(time.Hour), "disposisi_lapor", "dilaporkan", giver),
			order(giver, at.Add(2*time.Hour), "disposisi_terima_laporan", "selesai", giver)})
	}
	c.must(c.sealer.Seal(ctx))
	_, err := c.Fold(ctx)
	c.must(err)
	_, err = c.Look(ctx)
	c.must(err)
	own, err := c.OwnFlags(ctx, as(one))
	if c.must(err); len(own) != 1 || own[0].Pattern != evidence.Pair || own[0].N != 30 || own[0].OtherID != other.PersonID && own[0].PersonID != other.PersonID {
		c.t.Errorf("of a pair of two offices is found %+v", own)
	}
}
