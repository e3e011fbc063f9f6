package evidence_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/kuciniki/evidence/sample"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

var now = time.Date(2026, 11, 2, 9, 0, 0, 0, clock.Makassar)

// city is the module over a database with two offices of ten people.
type city struct {
	*evidence.Module
	t       *testing.T
	clock   *clock.Fake
	db      *pgtest.DB
	sealer  *audit.Sealer
	offices [][]sample.Person
	units   []int64
}

func newCity(t *testing.T) *city {
	t.Helper()
	db := pgtest.New(t)
	box, err := crypt.New(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	c := &city{t: t, clock: clock.NewFake(now), db: db, sealer: &audit.Sealer{Pool: db.Pool, Box: box}}
	c.Module = evidence.New(evidence.Deps{DB: db.Pool, Clock: c.clock, Box: box})
	for _, code := range []string{"DPU", "DISHUB"} {
		unit := c.id(`SELECT id FROM org_unit WHERE code = $1 AND valid_to IS NULL`, code)
		head := c.id(`SELECT id FROM org_position WHERE unit_id = $1 AND kind = 'kepala'`, unit)
		c.units = append(c.units, unit)
		var office []sample.Person
		for i := range 10 {
			post := head
			if i > 0 {
				post = c.id(`INSERT INTO org_position (unit_id, title, kind, superior_id) VALUES ($1, $2, 'pelaksana', $3) RETURNING id`, unit, fmt.Sprint("Meja ", i), head)
			}
			office = append(office, c.seat(post, unit))
		}
		c.offices = append(c.offices, office)
	}
	return c
}

func (c *city) seat(post, unit int64) sample.Person {
	c.t.Helper()
	person := c.id(`INSERT INTO org_person (name, employment) VALUES ('Pegawai Uji', 'pns') RETURNING id`)
	seat := c.id(`INSERT INTO org_occupancy (person_id, position_id, kind, starts_at) VALUES ($1, $2, 'definitif', $3) RETURNING id`, person, post, now.AddDate(-2, 0, 0))
	return sample.Person{PersonID: person, PositionID: post, OccupancyID: seat, UnitID: unit}
}

func (c *city) id(sql string, args ...any) (id int64) {
	c.t.Helper()
	if err := c.db.Owner().QueryRow(c.t.Context(), sql, args...).Scan(&id); err != nil {
		c.t.Fatalf("%s: %v", sql, err)
	}
	return id
}

// write puts entries into the ledger as the portal may.
func (c *city) write(events []evidence.Event) {
	c.t.Helper()
	none := func(id int64) any {
		if id == 0 {
			return nil
		}
		return id
	}
	rows := make([][]any, len(events))
	for i, e := range events {
		rows[i] = []any{e.At, e.Module, e.Kind, e.Object, e.ObjectID, e.Outcome, none(e.PersonID), none(e.PositionID), none(e.UnitID), none(e.ThreadID), none(e.HolderID),
			e.StartedAt, e.DueAt, e.NextDueAt, e.WorkingMinutes, e.Strata}
	}
	_, err := c.db.Pool.CopyFrom(c.t.Context(), pgx.Identifier{"work_event"}, []string{"at", "module", "kind", "object", "object_id", "outcome", "person_id", "position_id",
		"unit_id", "thread_id", "holder_id", "started_at", "due_at", "next_due_at", "working_minutes", "strata"}, pgx.CopyFromRows(rows))
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *city) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

func as(p sample.Person, gs ...authz.Grant) authz.Actor {
	return authz.Actor{AccountID: p.PersonID, Kind: authz.Staff, PersonID: p.PersonID, Grants: gs,
		Positions: []authz.Position{{ID: p.PositionID, OccupancyID: p.OccupancyID, UnitID: p.UnitID, Kind: "definitif"}}}
}

// Folded in many parts, by several at once, the sums are those of the whole ledger; and who
// may see what of it.
func TestTheFoldIsTheWholeLedgerAndWhoSeesIt(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	ctx := t.Context()
	events, _ := sample.Year(1, c.offices, now.AddDate(0, -4, 0), now, 1, false)
	slow, came, due := c.offices[0][2], now.AddDate(0, 0, -35), now.AddDate(0, 0, -33) // late, and lying there when an outage will have been
	events = append(events, evidence.Event{ID: 1 << 40, At: now.AddDate(0, 0, -30), Module: "eoffice", Kind: "naskah_paraf", Object: "eoffice_letter", ObjectID: 1 << 40, Outcome: "dibatalkan",
		PersonID: slow.PersonID, PositionID: slow.PositionID, UnitID: slow.UnitID, StartedAt: &came, DueAt: &due, WorkingMinutes: 1500, Strata: map[string]string{"jenis": "SD"}})
	w := evidence.World{Seats: map[int64][]evidence.Seat{}}
	for _, office := range c.offices {
		for _, p := range office {
			w.Seats[p.PositionID] = []evidence.Seat{{PersonID: p.PersonID, From: now.AddDate(-2, 0, 0)}}
		}
	}
	// While the ledger grows, and after its end, limits pass.
	for part := range 8 {
		c.clock.Set(now.AddDate(0, 0, 2*part-14))
		if part < 6 {
			c.write(events[part*len(events)/6 : (part+1)*len(events)/6])
			c.must(c.sealer.Seal(ctx))
		}
		var at sync.WaitGroup
		for range 3 {
			at.Go(func() {
				if _, err := c.Fold(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		at.Wait()
	}
	by := map[evidence.Case][]evidence.Event{}
	for _, e := range events {
		by[e.Case()] = append(by[e.Case()], e)
	}
	want, n, missed := map[string]evidence.Count{}, 0, 0
	for _, case_ := range by {
		for k, count := range evidence.Tallies(case_, w) {
			key := fmt.Sprint(k.Month.Format(time.DateOnly), k.PersonID, k.UnitID, k.Metric, k.Stratum, k.OtherID)
			want[key] = evidence.Count{N: want[key].N + count.N, X: want[key].X + count.X}
		}
		late, _ := evidence.Missed(case_, w, now)
		for _, i := range late {
			key := fmt.Sprint(i.Month.Format(time.DateOnly), i.PersonID, i.UnitID, i.Metric, i.Stratum, i.OtherID)
			want[key] = evidence.Count{N: want[key].N + 1, X: want[key].X}
			missed++
		}
	}
	if stored := c.id(`SELECT count(*) FROM kuciniki_missed`); missed < 5 || int(stored) != missed {
		t.Errorf("%d limits passed, want %d", stored, missed)
	}
	rows, err := c.db.Pool.Query(ctx, `SELECT month, person_id, unit_id, metric, stratum, other_id, n, x FROM kuciniki_tally WHERE n <> 0`)
	c.must(err)
	for rows.Next() {
		var month time.Time
		var person, unit, other int64
		var metric, stratum string
		var got evidence.Count
		c.must(rows.Scan(&month, &person, &unit, &metric, &stratum, &other, &got.N, &got.X))
		key := fmt.Sprint(month.Format(time.DateOnly), person, unit, metric, stratum, other)
		if n++; got != want[key] {
			t.Errorf("%s: %v, want %v", key, got, want[key])
		}
	}
	if n != len(want) || n < 50 {
		t.Errorf("%d sums, want %d", n, len(want))
	}
	if sums, units := c.id(`SELECT sum(n) FROM kuciniki_tally`), c.id(`SELECT sum(n) FROM kuciniki_unit_tally`); sums != units {
		t.Errorf("people have %d cases, units %d", sums, units)
	}
	if sums, root := c.id(`SELECT sum(n) FROM kuciniki_tally`), c.id(`SELECT sum(n) FROM kuciniki_whole w JOIN org_unit u ON u.id = w.unit_id WHERE u.parent_id IS NULL`); sums != root {
		t.Errorf("people have %d cases, the city %d", sums, root)
	}
	if open := c.id(`SELECT count(*) FROM kuciniki_open WHERE object = 'eoffice_disposition' AND status = 'dikirim'`); int(open) != len(openAt(events)) {
		t.Errorf("%d orders are open, want %d", open, len(openAt(events)))
	}

	staff := c.offices[0][5]
	city := c.id(`SELECT id FROM org_unit WHERE parent_id IS NULL`)
	grant := func(p authz.Permission) authz.Actor {
		return as(c.offices[1][9], authz.Grant{Permission: p, UnitID: city})
	}
	from, to := evidence.MonthOf(now.AddDate(0, -4, 0)), evidence.MonthOf(now.AddDate(0, 1, 0))
	plh := as(c.offices[0][0])
	plh.Positions[0].Kind = "plh"
	for name, v := range map[string]struct {
		actor                    authz.Actor
		person, figures, pattern bool
	}{
		"oneself":         {as(staff), true, false, false},
		"their superior":  {as(c.offices[0][0]), true, false, false},
		"a Plh above":     {plh, false, false, false},
		"a colleague":     {as(c.offices[0][6]), false, false, false},
		"another head":    {as(c.offices[1][0]), false, false, false},
		"BKPSDM":          {grant(kuciniki.PermPersonnel), true, true, true},
		"the Inspektorat": {grant(kuciniki.PermInspect), true, true, true},
		"for figures":     {grant(kuciniki.PermFigures), false, true, false},
		"a citizen":       {authz.Actor{AccountID: 9, Kind: authz.Citizen}, false, false, false},
		"nobody":          {authz.Actor{}, false, false, false},
	} {
		check := func(what string, may bool, err error) {
			t.Helper()
			if may && err != nil || !may && errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s of %s: %v, may %v", what, name, err, may)
			}
		}
		p, err := c.Portrait(ctx, v.actor, staff.PersonID, from, to)
		check("the figures", v.person, err)
		_, steps, all, err := c.Steps(ctx, v.actor, staff.PersonID, evidence.OrderAccepted, from, to)
		check("the steps", v.person, err)
		for _, f := range p.Figures {
			if f.Metric == evidence.OrderAccepted && (f.Count != all || len(steps) != all.N) {
				t.Errorf("behind %v lie %v, of which %d are listed", f.Count, all, len(steps))
			}
		}
		if p.Lies.Total()+p.Lies.Waiting != len(p.Open) || p.Days > p.OnDuty {
			t.Errorf("%+v lie on the desk, %d are listed; of %d days %d left a trace", p.Lies, len(p.Open), p.OnDuty, p.Days)
		}
		if v.person && (len(p.Figures) == 0 || p.Days == 0 || p.Coverage() <= 0 || p.Coverage() > 1 || len(steps) == 0 || len(p.Work) == 0) {
			t.Errorf("%s sees %+v and %d steps", name, p, len(steps))
		}
		_, _, _, err = c.Steps(ctx, v.actor, staff.PersonID, evidence.Served, from, to)
		check("patients", false, err)
		figures, err := c.City(ctx, v.actor, 0, from, to)
		check("the city", v.figures, err)
		if v.figures && (len(figures.Below) != 2 || len(figures.Trend) == 0 || len(figures.Lags) == 0 || figures.Ages.Total() == 0 || len(figures.Oldest) == 0) {
			t.Errorf("%s sees %+v", name, figures)
		}
		_, _, _, err = c.Flags(ctx, v.actor, 0, now.AddDate(0, -3, 0), now)
		check("patterns", v.pattern, err)
		_, err = c.Gaps(ctx, v.actor, 2026, 10)
		check("gaps", v.pattern, err)
	}
	c.everyFigure(grant(kuciniki.PermInspect), from, to)
	// Work on a Sunday is a trace, of no day on duty.
	hasDays := func() int {
		p, err := c.Portrait(ctx, as(staff), staff.PersonID, from, to)
		c.must(err)
		return p.Days
	}
	traced := hasDays()
	c.id(`INSERT INTO kuciniki_day (person_id, day) VALUES ($1, '2026-10-25') ON CONFLICT (person_id, day) DO UPDATE SET own_word = false RETURNING person_id`, staff.PersonID)
	if sunday := hasDays(); sunday != traced {
		t.Errorf("%d days on duty with a trace, with a Sunday %d", traced, sunday)
	}
	beside, err := c.Beside(ctx, c.db.Pool, staff.PersonID, now.AddDate(0, -4, 0), now)
	if c.must(err); len(beside) == 0 || beside[0].Text == "" {
		t.Errorf("beside the rating lies %+v", beside)
	}
	c.behind(grant(kuciniki.PermFigures), as(c.offices[0][0]), as(c.offices[1][6]), from, to)
	// Leave that is noted after the fact moves limits too, and lowers nothing.
	late := c.offices[0][1]
	sums := func() (n, x int64) {
		return c.id(`SELECT sum(n) FROM kuciniki_tally WHERE person_id = $1`, late.PersonID), c.id(`SELECT sum(x) FROM kuciniki_tally WHERE person_id = $1`, late.PersonID)
	}
	n1, x1 := sums()
	c.id(`INSERT INTO kuciniki_leave (person_id, first_day, last_day, kind, number, added_by, added_at) VALUES ($1, $2::date, $3::date, 'cuti', '800/12', $1, now()) RETURNING id`,
		late.PersonID, now.AddDate(0, -4, 0), now)
	_, err = c.Fold(ctx)
	c.must(err)
	gone := evidence.Away{late.PersonID: {{From: now.AddDate(0, -5, 0), To: now.AddDate(0, 1, 0)}}}
	wantN, wantX := int64(0), int64(0)
	for _, case_ := range by {
		w.Away = gone
		for k, count := range evidence.Tallies(case_, w) {
			if k.PersonID == late.PersonID {
				wantN, wantX = wantN+int64(count.N), wantX+int64(count.X)
			}
		}
		lost, _ := evidence.Missed(case_, w, now)
		for _, i := range lost {
			if i.PersonID == late.PersonID {
				wantN++
			}
		}
	}
	if n2, x2 := sums(); n2 > n1 || n2 != wantN || x2 != wantX || x2 <= x1 {
		t.Errorf("with leave %d of %d are good, want %d of %d; without %d of %d", x2, n2, wantX, wantN, x1, n1)
	}
	// Withdrawn, it was never there; noted again, it is.
	c.id(`UPDATE kuciniki_leave SET withdrawn_by = person_id, withdrawn_at = now() WHERE person_id = $1 RETURNING id`, late.PersonID)
	_, err = c.Fold(ctx)
	c.must(err)
	if n3, x3 := sums(); n3 != n1 || x3 != x1 {
		t.Errorf("without the leave again %d of %d are good, want %d of %d", x3, n3, x1, n1)
	}
	c.id(`INSERT INTO kuciniki_leave (person_id, first_day, last_day, kind, number, added_by, added_at) VALUES ($1, $2::date, $3::date, 'cuti', '800/12', $1, now()) RETURNING id`,
		late.PersonID, now.AddDate(0, -4, 0), now)
	_, err = c.Fold(ctx)
	c.must(err)
	if n4, x4 := sums(); n4 != wantN || x4 != wantX {
		t.Errorf("with the leave again %d of %d are good, want %d of %d", x4, n4, wantX, wantN)
	}
	c.stoodIn(w, by)
	c.id(`INSERT INTO kuciniki_attendance (person_id, day, came, imported_at) VALUES ($1, $2::date, '07:31', now()) RETURNING person_id`, late.PersonID, now.AddDate(0, -5, 0))
	p, err := c.Portrait(ctx, as(late), late.PersonID, evidence.MonthOf(now.AddDate(0, -5, 0)), to)
	c.must(err)
	present := p.Figures[slices.IndexFunc(p.Figures, func(f evidence.Figure) bool { return f.Metric == evidence.Attendance })]
	if present.N < 18 || present.X != 1 {
		t.Errorf("present %d of %d days", present.X, present.N)
	}
	_, days, all, err := c.Behind(ctx, as(late), late.PersonID, evidence.Attendance, evidence.MonthOf(now.AddDate(0, -5, 0)), to)
	if c.must(err); all != present.Count || len(days.Days) != present.N {
		t.Errorf("behind %+v lie %d days, %+v", present.Count, len(days.Days), all)
	}
	// Nine of ten on a desk are no older than it says.
	busy := c.id(`SELECT o.person_id FROM kuciniki_open k JOIN org_occupancy o ON o.position_id = k.holder_id LIMIT 1`)
	hr := grant(kuciniki.PermPersonnel)
	p, err = c.Portrait(ctx, hr, busy, from, to)
	c.must(err)
	var ages []int
	for _, open := range p.Open {
		ages = append(ages, int(now.Sub(open.Since)/(24*time.Hour)))
	}
	if b := p.Backlog; b.N != len(ages) || b.N == 0 || b.P90 < evidence.Percentile(ages, 0.9) || b.P90 > evidence.Percentile(ages, 0.9)+1 {
		t.Errorf("the backlog is %+v of %v", b, ages)
	}
	// Who stands in for a time (Plh) has their own desk only.
	c.id(`INSERT INTO org_occupancy (person_id, position_id, kind, starts_at, ends_at) SELECT $1, position_id, 'plh', $3, $4 FROM org_occupancy WHERE person_id = $2 LIMIT 1 RETURNING id`,
		c.offices[1][8].PersonID, busy, now.AddDate(0, 0, -1), now.AddDate(0, 0, 1))
	if stands, err := c.Portrait(ctx, hr, c.offices[1][8].PersonID, from, to); err != nil || slices.ContainsFunc(stands.Open, func(o evidence.OpenCase) bool { return o.Desk == p.Open[0].Desk && o.UnitID == p.Open[0].UnitID }) {
		t.Errorf("a Plh has the desk of another: %v", err)
	}
	// It is kept when its month ends, once, and lies beside the rating of that month.
	live := p.Backlog
	c.clock.Set(time.Date(2026, 11, 1, 1, 0, 0, 0, clock.Makassar))
	c.must(c.KeepBacklog(ctx))
	kept := c.id(`SELECT sum(p90) FROM kuciniki_backlog WHERE month = '2026-10-01'`)
	c.clock.Set(time.Date(2026, 11, 2, 1, 0, 0, 0, clock.Makassar))
	c.must(c.KeepBacklog(ctx))
	c.clock.Set(now)
	if again := c.id(`SELECT sum(p90) FROM kuciniki_backlog`); kept == 0 || again != kept {
		t.Errorf("%d days are kept, then %d", kept, again)
	}
	for end, want := range map[time.Time]int64{evidence.MonthOf(now).Start(): c.id(`SELECT n FROM kuciniki_backlog WHERE person_id = $1`, busy), to.Start(): int64(live.N)} {
		beside, err := c.Beside(ctx, c.db.Pool, busy, end.AddDate(0, -1, 0), end)
		c.must(err)
		if i := slices.IndexFunc(beside, func(f kuciniki.Figure) bool { return f.Metric == "E5" }); i < 0 || int64(beside[i].N) != want {
			t.Errorf("until %s beside the rating lies %+v, want %d cases", end, beside, want)
		}
	}
	c.outage(hr, w, by)
	c.compare(late, staff)
	inspector := as(c.offices[1][8], authz.Grant{Permission: kuciniki.PermInspect, UnitID: city})
	c.flagged(grant(kuciniki.PermPersonnel), inspector, as(c.offices[0][0]), staff)
	c.paired(c.offices[0][7], c.offices[1][7])
	c.samples(grant(kuciniki.PermPersonnel), inspector, as(c.offices[0][0]))
	// What is expected of a month stays as it was when the month began.
	c.must(c.Freeze(ctx))
	// It goes by what the whole city took, step by step, as the lengths of the units do.
	if paces, lags := c.id(`SELECT sum(n * bucket) FROM kuciniki_pace`), c.id(`SELECT sum(l.n * l.bucket) FROM kuciniki_lag l JOIN org_unit u ON u.id = l.unit_id WHERE u.parent_id IS NULL`); paces != lags {
		t.Errorf("the city's lengths are %d by stratum, %d by unit", paces, lags)
	}
	c.clock.Set(now.AddDate(0, -1, 0))
	c.must(c.Freeze(ctx))
	c.clock.Set(now)
	_, steps, _, err := c.Steps(ctx, as(late), late.PersonID, evidence.DeskOnTime, evidence.MonthOf(now.AddDate(0, -1, 0)), evidence.MonthOf(now))
	if c.must(err); !slices.ContainsFunc(steps, func(s evidence.Step) bool { return s.Expected > 0 }) {
		t.Errorf("nothing is expected of %d steps of October", len(steps))
	}
	p, err = c.Portrait(ctx, as(late), late.PersonID, evidence.MonthOf(now.AddDate(0, -1, 0)), evidence.MonthOf(now))
	if c.must(err); !slices.ContainsFunc(p.Work, func(k evidence.WorkKind) bool { return k.Expected > 0 }) {
		t.Errorf("nothing is expected of %+v", p.Work)
	}
	before := c.id(`SELECT sum(minutes) FROM kuciniki_expected`)
	c.must(c.Freeze(context.WithoutCancel(ctx)))
	if after := c.id(`SELECT sum(minutes) FROM kuciniki_expected`); before == 0 || after != before {
		t.Errorf("%d minutes became %d", before, after)
	}
}

// stoodIn gives somebody's desk to a Plh for four months, and takes that back.
func (c *city) stoodIn(w evidence.World, by map[evidence.Case][]evidence.Event) {
	c.t.Helper()
	ctx, who, from := c.t.Context(), c.offices[0][2], now.AddDate(0, -4, 0)
	sums := func() (n, x int64) {
		c.t.Helper()
		_, err := c.Fold(ctx)
		c.must(err)
		return c.id(`SELECT sum(n) FROM kuciniki_tally WHERE person_id = $1`, who.PersonID), c.id(`SELECT sum(x) FROM kuciniki_tally WHERE person_id = $1`, who.PersonID)
	}
	n1, x1 := sums()
	seat := c.id(`INSERT INTO org_occupancy (person_id, position_id, kind, starts_at, ends_at) VALUES ($1, $2, 'plh', $3, $4) RETURNING id`, c.offices[0][4].PersonID, who.PositionID, from, now)
	w.Covered = evidence.Covered{{who.PersonID, who.PositionID}: {{From: from, To: now}}}
	wantN, wantX := int64(0), int64(0)
	for _, events := range by {
		for k, count := range evidence.Tallies(events, w) {
			if k.PersonID == who.PersonID {
				wantN, wantX = wantN+int64(count.N), wantX+int64(count.X)
			}
		}
		lost, _ := evidence.Missed(events, w, now)
		for _, i := range lost {
			if i.PersonID == who.PersonID {
				wantN++
			}
		}
	}
	if n, x := sums(); n != wantN || x != wantX || n-x >= n1-x1 {
		c.t.Errorf("with a Plh %d of %d are good, want %d of %d; without %d of %d", x, n, wantX, wantN, x1, n1)
	}
	c.id(`INSERT INTO kuciniki_attendance (person_id, day, came, imported_at) VALUES ($1, $2::date, '07:31', now()) RETURNING person_id`, who.PersonID, now.AddDate(0, -2, 0))
	month := evidence.MonthOf(now.AddDate(0, -2, 0))
	_, days, all, err := c.Behind(ctx, as(who), who.PersonID, evidence.Attendance, month, evidence.Month{Time: month.AddDate(0, 1, 0)})
	if c.must(err); all.N < 18 || all.X != all.N || len(days.Days) != all.N {
		c.t.Errorf("of days on which a Plh was there %+v count", all)
	}
	c.id(`DELETE FROM org_occupancy WHERE id = $1 RETURNING id`, seat)
	if n, x := sums(); n != n1 || x != x1 {
		c.t.Errorf("without the Plh again %d of %d are good, want %d of %d", x, n, x1, n1)
	}
}

// outage stops the clocks of an office for three weeks, then lets them have run after all.
func (c *city) outage(hr authz.Actor, w evidence.World, by map[evidence.Case][]evidence.Event) {
	c.t.Helper()
	ctx, unit := c.t.Context(), c.units[0]
	sums := func() (s [3]int64) {
		c.t.Helper()
		_, err := c.Fold(ctx)
		c.must(err)
		for i, sql := range []string{`SELECT sum(n) FROM kuciniki_tally WHERE unit_id = $1`, `SELECT sum(x) FROM kuciniki_tally WHERE unit_id = $1`,
			`SELECT sum(bucket * n) FROM kuciniki_lag WHERE unit_id = $1`} {
			s[i] = c.id(sql, unit)
		}
		return s
	}
	before := sums()
	o := evidence.Outage{UnitID: unit, FromAt: now.AddDate(0, 0, -45), ToAt: now.AddDate(0, 0, -24), Reason: "Listrik kantor padam."}
	for name, wrong := range map[string]func(o *evidence.Outage){
		"an end before its beginning": func(o *evidence.Outage) { o.ToAt = o.FromAt },
		"too long":                    func(o *evidence.Outage) { o.ToAt = o.FromAt.AddDate(0, 0, 32) },
		"too long ago":                func(o *evidence.Outage) { o.FromAt, o.ToAt = now.AddDate(0, 0, -61), now.AddDate(0, 0, -60) },
		"too far ahead":               func(o *evidence.Outage) { o.FromAt, o.ToAt = now, now.AddDate(0, 0, 8) },
		"without a reason":            func(o *evidence.Outage) { o.Reason = " padam " },
		"of no unit":                  func(o *evidence.Outage) { o.UnitID = 1 << 40 },
	} {
		bad := o
		wrong(&bad)
		if err := c.DeclareOutage(ctx, hr, bad, 0); len(errs.FieldsOf(err)) != 1 {
			c.t.Errorf("%s: %v", name, err)
		}
	}
	for _, nobody := range []authz.Actor{as(c.offices[0][0]), as(c.offices[1][9], authz.Grant{Permission: kuciniki.PermInspect, UnitID: unit})} {
		if err := c.DeclareOutage(ctx, nobody, o, 0); errs.KindOf(err) != errs.NotFound {
			c.t.Errorf("somebody else may: %v", err)
		}
	}
	c.must(c.DeclareOutage(ctx, hr, o, 0))
	during := sums()
	cal, err := calendar.Load(ctx, c.db.Pool, unit)
	c.must(err)
	w.Outages, w.Hours = map[int64][]evidence.Span{unit: {{From: o.FromAt, To: o.ToAt}}}, map[int64]*calendar.Calendar{unit: cal}
	want := [2]int64{}
	for _, case_ := range by {
		for k, count := range evidence.Tallies(case_, w) {
			if k.UnitID == unit {
				want[0], want[1] = want[0]+int64(count.N), want[1]+int64(count.X)
			}
		}
		lost, _ := evidence.Missed(case_, w, now)
		for _, i := range lost {
			if i.UnitID == unit {
				want[0]++
			}
		}
	}
	if during[0] != want[0] || during[1] != want[1] || during[1] <= before[1] || during[2] >= before[2] {
		c.t.Errorf("with an outage %v, want %v; without %v", during, want, before)
	}
	all, err := c.Outages(ctx, hr)
	if c.must(err); len(all) != 1 || all[0].Reason != o.Reason || all[0].WithdrawnAt != nil {
		c.t.Fatalf("declared was %+v", all)
	}
	// Of many who correct it at once, one does.
	var at sync.WaitGroup
	done, late := make(chan error, 8), o
	late.ToAt = o.ToAt.AddDate(0, 0, 1)
	for range cap(done) {
		at.Go(func() { done <- c.DeclareOutage(ctx, hr, late, all[0].ID) })
	}
	at.Wait()
	close(done)
	corrected := 0
	for err := range done {
		if err == nil {
			corrected++
		} else if errs.KindOf(err) != errs.Conflict {
			c.t.Error(err)
		}
	}
	if all, err = c.Outages(ctx, hr); corrected != 1 || err != nil || len(all) != 2 {
		c.t.Errorf("%d corrected it, %d outages are there: %v", corrected, len(all), err)
	}
	for _, o := range all {
		if o.WithdrawnAt == nil {
			c.must(c.WithdrawOutage(ctx, hr, o.ID))
		}
	}
	if after := sums(); after != before {
		c.t.Errorf("withdrawn it leaves %v, want %v", after, before)
	}
}

// compare has a head call somebody above what was expected, and looks how that lies to the
// evidence.
func (c *city) compare(rater, person sample.Person) {
	c.t.Helper()
	ctx := c.t.Context()
	_, err := c.db.Owner().Exec(ctx, `INSERT INTO kuciniki_period (year, month, opened_at) VALUES (2026, 0, now()), (2026, 10, now())`)
	c.must(err)
	skp := c.id(`INSERT INTO kuciniki_skp (year, person_id, occupancy_id, position_id, status, status_at, seq, version, created_at) VALUES (2026, $1, $2, $3, 'disepakati', now(), 1, 1, now()) RETURNING id`,
		person.PersonID, person.OccupancyID, person.PositionID)
	sheet := c.id(`INSERT INTO kuciniki_evaluation (skp_id, year, month, status, status_at, seq, given_at, given_by) VALUES ($1, 2026, 10, 'disampaikan', now(), 1, now(), $2) RETURNING id`, skp, rater.PersonID)
	for version, result := range []string{"di_atas", "di_bawah"} {
		c.id(`INSERT INTO kuciniki_judgement (evaluation_id, version, result, behaviour, predicate, values_rated, basis, person_id, title, at)
			VALUES ($1, $2, $3, 'sesuai', 'baik', '{}', '[]', $4, 'Kepala', now()) RETURNING evaluation_id`, sheet, version+1, result, rater.PersonID)
	}
	// A month in which everybody else was late and they were not.
	for i, p := range []sample.Person{person, rater} {
		good := 40 * (1 - i)
		_, err := c.db.Owner().Exec(ctx, `INSERT INTO kuciniki_tally (month, person_id, unit_id, metric, stratum, n, x) VALUES ('2026-10-01', $1, $2, 'E1', 'uji/', 40, $3)`, p.PersonID, p.UnitID, good)
		c.must(err)
		_, err = c.db.Owner().Exec(ctx, `INSERT INTO kuciniki_unit_tally (month, unit_id, metric, stratum, n, x) VALUES ('2026-10-01', $1, 'E1', 'uji/', 40, $2)
			ON CONFLICT (unit_id, month, metric, stratum) DO UPDATE SET n = kuciniki_unit_tally.n + 40, x = kuciniki_unit_tally.x + excluded.x`, p.UnitID, good)
		c.must(err)
	}
	root := c.id(`SELECT id FROM org_unit WHERE parent_id IS NULL`)
	g, err := c.Gaps(ctx, as(rater, authz.Grant{Permission: kuciniki.PermPersonnel, UnitID: root}), 2026, 10)
	if c.must(err); g.Judged != 1 || g.Beside != 1 || len(g.ByRater) != 1 || g.ByRater[0].Rating != 1 || g.ByRater[0].Evidence != 1 || g.ByRater[0].Mean() != 0 {
		c.t.Errorf("the first judgement lies to the evidence as %+v", g)
	}
}
