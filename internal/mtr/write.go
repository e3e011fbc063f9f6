package mtr

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/live"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

// LiveQueues is the topic that changes whenever any desk queue may have changed.
const LiveQueues = "mtr.queues"

// LiveReport is the topic of one report.
func LiveReport(id int64) string { return "mtr.report." + strconv.FormatInt(id, 10) }

// caller is who asks for an act on which report.
type caller struct {
	actor    authz.Actor
	reporter bool // proved to be the reporter
	reportID int64
	version  int // 0 = whatever it is now
}

func staff(a authz.Actor, act Act) caller {
	return caller{actor: a, reportID: act.ReportID, version: act.Version}
}

// act is the frame of every use case on a report: one transaction in which the row
// is locked, the decision made, and row, event, audit entry, ledger entry,
// messages and announcement written. prepare says what the action brings; it runs
// after the right to act is established, so its errors tell outsiders nothing. after
// runs with the event written. The intent may name another action when things stand so.
func (m *Module) act(ctx context.Context, who caller, action Action,
	prepare func(tx pgx.Tx, c *Case, mo Moment) (Intent, error),
	after func(tx pgx.Tx, c *Case, e Event) error,
) (err error) {
	defer errs.In(&err, "mtr.%s(%d)", action, who.reportID)
	defer m.changed()
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		c, err := lockCase(ctx, tx, who.reportID)
		if err != nil {
			return err
		}
		mo, err := m.moment(ctx, tx, who, &c)
		if err != nil {
			return err
		}
		if c.RolesOf(mo) == 0 {
			return errs.New(errs.NotFound, "")
		}
		if who.version != 0 && who.version != c.Seq {
			return errs.New(errs.Conflict, "Laporan ini baru saja diubah orang lain. Muat ulang halaman, lalu putuskan lagi.")
		}
		if err := Allowed(&c, mo, action); err != nil {
			return err
		}
		in := Intent{}
		if prepare != nil {
			if in, err = prepare(tx, &c, mo); err != nil {
				return err
			}
		}
		if in.Action == "" {
			in.Action = action
		}
		next, err := m.nextMoment(ctx, tx, mo, &c, in)
		if err != nil {
			return err
		}
		e, err := Decide(&c, next, in)
		if err != nil {
			return err
		}
		if err := fillWords(ctx, tx, &c, &e); err != nil {
			return err
		}
		return m.record(ctx, tx, &c, mo, e, after)
	})
}

// moment of an act: the calendar is that of the unit in charge, or of the place.
func (m *Module) moment(ctx context.Context, q pg.Querier, who caller, c *Case) (Moment, error) {
	unit := c.UnitID
	if unit == 0 {
		unit = c.DispatchUnitID
	}
	cal, err := calendar.Load(ctx, q, unit)
	return Moment{Now: m.now(), Actor: who.actor, Reporter: who.reporter, Cal: cal}, err
}

// nextMoment is mo with the calendar of those who get the report by the act: what is
// due next is theirs.
func (m *Module) nextMoment(ctx context.Context, q pg.Querier, mo Moment, c *Case, in Intent) (Moment, error) {
	unit := int64(0)
	switch {
	case in.Action == ActForward, in.Action == ActRecategorize && in.Change.UnitID != nil:
		unit = *in.Change.UnitID
	case in.Action == ActBounce, in.Action == ActUnmark:
		unit = c.DispatchUnitID
	default:
		return mo, nil
	}
	cal, err := calendar.Load(ctx, q, unit)
	mo.Cal = cal
	return mo, err
}

// record writes everything that follows from a decided event.
func (m *Module) record(ctx context.Context, tx pgx.Tx, c *Case, mo Moment, e Event, after func(pgx.Tx, *Case, Event) error) error {
	next := Apply(c.State, e)
	if err := saveState(ctx, tx, c.ID, c.State, next); err != nil {
		return err
	}
	return m.follow(ctx, tx, c, next, mo, e, after)
}

// follow writes what goes along with the row's change from c to next.
func (m *Module) follow(ctx context.Context, tx pgx.Tx, c *Case, next State, mo Moment, e Event, after func(pgx.Tx, *Case, Event) error) error {
	if err := insertEvent(ctx, tx, c.ID, e); err != nil {
		return err
	}
	if e.Action == ActAnonymize {
		c.Anonymous = true // for the trail of this very act too
	}
	if err := m.trace(ctx, tx, c, mo, e); err != nil {
		return err
	}
	was := *c
	c.State = next
	if after != nil {
		if err := after(tx, c, e); err != nil {
			return err
		}
	}
	if err := m.tell(ctx, tx, &was, c, e); err != nil {
		return err
	}
	if err := live.Notify(ctx, tx, LiveReport(c.ID)); err != nil {
		return err
	}
	return live.Notify(ctx, tx, LiveQueues)
}

// inTrail is a as the audit trail may name them: without the account when they are the
// reporter of an anonymous or rahasia report, for the trail is read without the right to
// open identities. The event keeps who it was.
func inTrail(a authz.Actor, c *Case, reporter bool) authz.Actor {
	if reporter && (c.Anonymous || c.Confidential) {
		a.AccountID = 0
	}
	return a
}

// trace writes the audit entry and, for work, the ledger entry.
func (m *Module) trace(ctx context.Context, tx pgx.Tx, c *Case, mo Moment, e Event) error {
	unit := e.UnitID
	if unit == 0 {
		unit = c.UnitID
	}
	detail := map[string]any{"nomor": c.Number, "dari": e.From, "ke": e.To}
	switch e.Action {
	case ActReveal, ActOpenOriginal, ActReleaseOriginal, ActReleasePhoto:
		detail["alasan"] = e.Reason
	}
	err := audit.Write(ctx, tx, inTrail(mo.Actor, c, e.Role == AsReporter.String()), mo.Now, audit.Entry{
		Action: "mtr.report." + string(e.Action), Object: "mtr_report", ObjectID: c.ID, UnitID: unit, Detail: detail,
	})
	if err != nil {
		return err
	}
	work, ok := ledgerEntry(c, mo, e)
	if !ok {
		return nil
	}
	return workledger.Record(ctx, tx, mo.Now, work)
}
