package mtr

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest/walks"
)

const sqlTransitions = `SELECT from_status AS "from", action, to_status AS "to" FROM mtr_transition`

func (c *city) transitions() []Transition {
	c.t.Helper()
	all, err := pg.Many[Transition](c.ctx, c.db.Pool, sqlTransitions)
	if err != nil {
		c.t.Fatal(err)
	}
	return all
}

func TestTheDatabaseKnowsTheSameTransitions(t *testing.T) {
	t.Parallel()
	byName := cmpopts.SortSlices(func(a, b Transition) bool { return fmt.Sprint(a) < fmt.Sprint(b) })
	if d := cmp.Diff(newCity(t).transitions(), Transitions(), byName); d != "" {
		t.Error(d)
	}
}

// TestEveryPair asks for every action in every status, by somebody who has every
// role, by the system, and by somebody who has none.
func TestEveryPair(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	cal, err := calendar.Load(c.ctx, c.db.Pool, c.unit("DLH"))
	if err != nil {
		t.Fatal(err)
	}
	possible := map[Status]map[Action][]Status{}
	for _, e := range c.transitions() {
		if possible[e.From] == nil {
			possible[e.From] = map[Action][]Status{}
		}
		possible[e.From][e.Action] = append(possible[e.From][e.Action], e.To)
	}
	everything := authz.Actor{AccountID: 1, Kind: authz.Staff}
	for _, p := range []authz.Permission{PermDispatch, PermHandle, PermWork, PermValidate, PermReveal, PermModerate, PermOverview} {
		everything.Grants = append(everything.Grants, authz.Grant{Permission: p, UnitID: 1})
	}
	past, future, long := start.Add(-time.Minute), start.Add(time.Minute), start.Add(-72*time.Hour)
	for _, from := range append([]Status{""}, Statuses...) {
		for _, action := range Actions {
			r := Case{
				State:             State{Status: from, UnitID: 2, ReceivedAt: &long, DueAt: &future, WarnAt: &past, ProofBy: 9, Seq: 3},
				DispatchAncestors: []int64{1}, UnitAncestors: []int64{1, 2}, Anonymous: true,
			}
			if from == NeedsInfo {
				r.Resume, r.PausedAt = Received, &past
			}
			in := Intent{Action: action}
			switch action {
			case ActLapse, ActAutoClose:
				r.DueAt, r.DueKind = &past, DueConfirm
			case ActAppeal:
				r.Blocked = true
			case ActUnhide:
				r.HiddenAt = &past
			case ActAnonymize:
				r.Anonymous = false
			case ActSchedule:
				in.Change.ExpectedAt = &future
			}
			by := everything
			if slices.Contains([]Action{ActLapse, ActAutoClose, ActEscalateUnit, ActEscalateMayor}, action) {
				by = authz.System("uji")
			}
			name := fmt.Sprintf("%s in %q", action, from)
			e, err := Decide(&r, Moment{Now: start, Actor: by, Reporter: true, Cal: cal}, in)
			_, stranger := Decide(&r, Moment{Now: start, Cal: cal}, in)
			to := possible[from][action]
			if len(to) == 0 {
				if errs.KindOf(err) != errs.Conflict || errs.KindOf(stranger) != errs.Conflict {
					t.Errorf("%s: got %v and %v for a stranger, want a conflict", name, err, stranger)
				}
				continue
			}
			if err != nil || !slices.Contains(to, e.To) || e.From != from || e.Seq != 4 {
				t.Errorf("%s: got %+v, %v, want one of %v", name, e, err, to)
			}
			if errs.KindOf(stranger) != errs.Forbidden {
				t.Errorf("%s by a stranger: %v", name, stranger)
			}
		}
	}
}

// TestRandomWalks lets random people do random things. Whatever happens is in the
// table, and the events tell the whole story of the row.
func TestRandomWalks(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w := c.crew()
	people := []authz.Actor{
		{}, w.dispatcher, w.handler, w.worker, w.validator, w.moderator, w.supervisor, authz.System("uji"), c.citizen(),
		c.hire("DISHUB", PermHandle, PermValidate), c.hire(everywhere, PermDispatch, PermHandle, PermWork, PermValidate, PermModerate, PermReveal),
	}
	parent, dlh, table := c.submit(authz.Actor{}, nil), c.unit("DLH"), c.transitions()
	categories := []int64{c.category("SAMPAH"), c.category("TAMAN")}
	kelurahan := one[[]int64](c, `SELECT array_agg(id) FROM (SELECT id FROM org_unit WHERE kind = 'kelurahan' AND NOT by_name_only ORDER BY code LIMIT 3) k`)
	steps, reached := 0, map[Status]bool{}
	walks.Check(t, func(rt *rapid.T) {
		r := c.submit(authz.Actor{}, func(a *Answers) {
			if rapid.IntRange(0, 3).Draw(rt, "held") == 0 {
				a.Body = "https://a.id https://b.id https://c.id"
			}
			a.Anonymous = rapid.Bool().Draw(rt, "anonim")
			a.Confidential = rapid.IntRange(0, 7).Draw(rt, "rahasia") == 0
			a.CategoryID = rapid.SampledFrom(categories).Draw(rt, "kategori")
			a.KelurahanID = rapid.SampledFrom(kelurahan).Draw(rt, "kelurahan")
		})
		was := c.state(r.ReportID)
		for range rapid.IntRange(4, 14).Draw(rt, "steps") {
			c.clock.Advance(time.Duration(rapid.IntRange(0, 100).Draw(rt, "hours")) * time.Hour)
			// Mostly what is possible, now and then anything.
			who, actions := rapid.SampledFrom(people).Draw(rt, "who"), Actions
			if rapid.IntRange(0, 4).Draw(rt, "wild") > 0 {
				who, actions = c.somebody(rt, people, r.ReportID)
			}
			soon := c.clock.Now().AddDate(0, 0, 3).Truncate(time.Microsecond)
			in := Intent{Action: rapid.SampledFrom(actions).Draw(rt, "action"), Reason: "alasan"}
			switch in.Action {
			case ActForward:
				in.Change.UnitID = &dlh
			case ActRecategorize:
				if was.Status == Forwarded && rapid.Bool().Draw(rt, "elsewhere") {
					in.Change.UnitID = &dlh
				}
			case ActPrioritize:
				p := rapid.SampledFrom(Priorities).Draw(rt, "priority")
				in.Change.Priority = &p
			case ActAssign:
				p := w.worker.Positions[0].ID
				in.Change.AssigneeID, in.Change.Assignee = &p, &w.worker.PersonID
			case ActSchedule:
				in.Change.ExpectedAt = &soon
			case ActMarkDuplicate:
				in.Change.ParentID = parent.ReportID
			case ActReferOut:
				in.Change.Agency, in.Change.AgencyRef = "PLN", "7"
			case ActAgencyAnswer:
				in.Change.Answer = "Sudah."
			case ActRate:
				in.Change.Rating = rapid.IntRange(1, 5).Draw(rt, "rating")
			}
			err := c.try(who, r.ReportID, in)
			is := c.state(r.ReportID)
			if err != nil {
				if k := errs.KindOf(err); k != errs.Conflict && k != errs.Forbidden && k != errs.NotFound && k != errs.Gone {
					rt.Fatalf("%s in %s: %v", in.Action, was.Status, err)
				}
				if d := cmp.Diff(was, is); d != "" {
					rt.Fatalf("refused %s changed the row: %s", in.Action, d)
				}
				continue
			}
			if !slices.Contains(table, Transition{was.Status, in.Action, is.Status}) || is.Seq != was.Seq+1 {
				rt.Fatalf("%s led from %s (%d) to %s (%d)", in.Action, was.Status, was.Seq, is.Status, is.Seq)
			}
			steps, reached[is.Status], was = steps+1, true, is
		}
		history, err := events(c.ctx, c.db.Pool, r.ReportID)
		if err != nil {
			rt.Fatal(err)
		}
		replayed, err := Replay(history)
		if err != nil {
			rt.Fatal(err)
		}
		if d := cmp.Diff(c.state(r.ReportID), replayed); d != "" {
			rt.Fatalf("replay differs from the row: %s", d)
		}
	})
	// Usually some 180 steps through 8 to 12 states; TestEveryPair covers each.
	if steps < 50 || len(reached) < 5 {
		t.Errorf("%d steps through %v: these walks prove little", steps, reached)
	}
	// Histories like these are what statistics must count right.
	c.lives(w, categories, kelurahan)
	c.recount(w.supervisor, categories, kelurahan)
	c.forgetAll(w.supervisor)
}

// somebody who may do something now, and what, moves before remarks.
func (c *city) somebody(rt *rapid.T, people []authz.Actor, reportID int64) (authz.Actor, []Action) {
	r, err := pg.One[Case](c.ctx, c.db.Pool, sqlCase, reportID)
	if err != nil {
		rt.Fatal(err)
	}
	for _, who := range rapid.Permutation(people).Draw(rt, "people") {
		reporter := who.Kind == "" || who.Kind == authz.Citizen
		var moves, stays []Action
		for _, a := range ActionsFor(&r, Moment{Now: c.now(), Actor: who, Reporter: reporter}) {
			if Steps[r.Status][a].To == r.Status {
				stays = append(stays, a)
			} else {
				moves = append(moves, a)
			}
		}
		if rapid.IntRange(0, 7).Draw(rt, "end") > 0 {
			moves = slices.DeleteFunc(moves, func(a Action) bool { return Steps[r.Status][a].To.Terminal() })
		}
		if len(moves) > 0 && (len(stays) == 0 || rapid.IntRange(0, 3).Draw(rt, "move") > 0) {
			return who, moves
		}
		if len(stays) > 0 && rapid.IntRange(0, 3).Draw(rt, "stay") == 0 {
			return who, stays
		}
	}
	return people[0], Actions
}
