package evidence

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Outage is when the portal could not be used in a unit and all below it. While one lasts no
// clock of the evidence runs there.
type Outage struct {
	ID           int64
	UnitID       int64
	UnitName     string
	FromAt, ToAt time.Time
	Reason       string
	AddedBy      string
	AddedAt      time.Time
	WithdrawnBy  string
	WithdrawnAt  *time.Time
}

// Controls of an outage.
const (
	ControlUnit   = "unit"
	ControlFrom   = "mulai"
	ControlTo     = "sampai"
	ControlReason = "alasan"
)

const (
	oldestOutage  = 60 * 24 * time.Hour // until when one may still be declared
	longestOutage = 31 * 24 * time.Hour
	plannedOutage = 7 * 24 * time.Hour // how far ahead one may end

	outageSelect = `
SELECT o.id, o.unit_id, u.name AS unit_name, o.from_at, o.to_at, o.reason, n.name AS added_by, o.added_at, COALESCE(w.name, '') AS withdrawn_by, o.withdrawn_at
FROM kuciniki_outage o JOIN org_unit u ON u.id = o.unit_id JOIN org_person n ON n.id = o.added_by LEFT JOIN org_person w ON w.id = o.withdrawn_by
`
	sqlOutageList = outageSelect + `WHERE u.ancestors && $1::bigint[] ORDER BY o.from_at DESC, o.id DESC LIMIT 200`

	sqlOutagesSince = outageSelect + `WHERE o.withdrawn_at IS NULL AND o.to_at > $1 ORDER BY o.from_at DESC, o.id DESC LIMIT 50`

	// Those that somebody of a unit felt.
	sqlOutagesFelt = outageSelect + `
WHERE o.withdrawn_at IS NULL AND o.unit_id = ANY ((SELECT ancestors FROM org_unit WHERE id = $1)::bigint[]) AND o.to_at > $2 AND o.from_at < $3 ORDER BY o.from_at DESC, o.id DESC LIMIT 50`

	sqlDeclare = `
INSERT INTO kuciniki_outage (unit_id, from_at, to_at, reason, added_by, added_at) SELECT u.id, $3, $4, $5, $6, $7 FROM org_unit u
WHERE u.id = $2 AND u.ancestors && $1::bigint[] RETURNING id`

	sqlWithdraw = `
UPDATE kuciniki_outage o SET withdrawn_by = $3, withdrawn_at = $4 FROM org_unit u
WHERE o.id = $2 AND o.withdrawn_at IS NULL AND u.id = o.unit_id AND u.ancestors && $1::bigint[] RETURNING o.unit_id`

	sqlOutageThere = `SELECT EXISTS (SELECT FROM kuciniki_outage o JOIN org_unit u ON u.id = o.unit_id WHERE o.id = $2 AND u.ancestors && $1::bigint[])`

	sqlNewOutages = `SELECT id, unit_id, from_at, to_at FROM kuciniki_outage WHERE counted = (withdrawn_at IS NOT NULL) ORDER BY id LIMIT 20 FOR UPDATE`

	sqlCountOutages = `UPDATE kuciniki_outage SET counted = NOT counted WHERE id = ANY ($1::bigint[])`

	// Whose clock an outage may have stopped: begun before its end, and not done before it began.
	sqlCasesIn = `
SELECT e.module, e.object, e.object_id
FROM unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[]) AS o (unit_id, from_at, to_at) JOIN org_unit u ON u.ancestors @> ARRAY[o.unit_id]
JOIN work_event e ON e.unit_id = u.id AND e.at >= o.from_at
WHERE EXISTS (SELECT FROM work_event f WHERE f.module = e.module AND f.object = e.object AND f.object_id = e.object_id AND COALESCE(f.started_at, f.at) < o.to_at)
UNION
SELECT k.module, k.object, k.object_id
FROM unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[]) AS o (unit_id, from_at, to_at) JOIN org_unit u ON u.ancestors @> ARRAY[o.unit_id]
JOIN kuciniki_missed k ON k.unit_id = u.id AND k.due_at >= o.from_at - interval '31 days'`

	sqlOutages = `
SELECT u.id, o.from_at, o.to_at FROM org_unit u JOIN kuciniki_outage o ON o.unit_id = ANY (u.ancestors) WHERE u.id = ANY ($1::bigint[]) AND o.counted ORDER BY u.id, o.from_at, o.id`
)

// Outages lists what was declared in the units whose people the actor looks after, the latest
// first, also what was withdrawn. It is errs.NotFound to others.
func (m *Module) Outages(ctx context.Context, a authz.Actor) (out []Outage, err error) {
	defer errs.In(&err, "evidence.Outages")
	over := overseen(a)
	if len(over) == 0 {
		return nil, errNotTheirs
	}
	return pg.Many[Outage](ctx, m.db, sqlOutageList, over)
}

var errNotTheirs = errs.New(errs.NotFound, "Halaman ini milik BKPSDM dan Inspektorat.")

// OutagesSince lists what was declared anywhere and ended after a moment, the latest first, at
// most 50. When and where is for everybody to know; who declared it and why is not.
func (m *Module) OutagesSince(ctx context.Context, t time.Time) (_ []Outage, err error) {
	defer errs.In(&err, "evidence.OutagesSince")
	list, err := pg.Many[Outage](ctx, m.db, sqlOutagesSince, t)
	for i, o := range list {
		list[i] = Outage{UnitName: o.UnitName, FromAt: o.FromAt, ToAt: o.ToAt}
	}
	return list, err
}

// OutageUnits lists where the actor may declare an outage, from above.
func (m *Module) OutageUnits(ctx context.Context, a authz.Actor) (_ []UnitInfo, err error) {
	defer errs.In(&err, "evidence.OutageUnits")
	return pg.Many[UnitInfo](ctx, m.db, sqlLookable, a.Units(kuciniki.PermPersonnel))
}

// DeclareOutage stops the clocks of a unit and all below it for a time, at most 31 days, at the
// earliest 60 days ago and until at most a week ahead. Where it replaces another (0: none) that
// one is withdrawn with it. The sums follow within seconds.
func (m *Module) DeclareOutage(ctx context.Context, a authz.Actor, o Outage, replaces int64) (err error) {
	defer errs.In(&err, "evidence.DeclareOutage")
	if !a.Has(kuciniki.PermPersonnel) {
		return errNotTheirs
	}
	now := m.clock.Now()
	o.Reason = strings.TrimSpace(o.Reason)
	var wrong []errs.Field
	say := func(name, message string) { wrong = append(wrong, errs.Field{Name: name, Message: message}) }
	if now.Sub(o.FromAt) > oldestOutage {
		say(ControlFrom, "Mulainya paling lama 60 hari yang lalu, "+indo.LongDate(now.Add(-oldestOutage))+".")
	}
	switch {
	case !o.ToAt.After(o.FromAt):
		say(ControlTo, "Akhirnya harus sesudah mulainya.")
	case o.ToAt.Sub(o.FromAt) > longestOutage:
		say(ControlTo, "Gangguan paling lama 31 hari. Catat sisanya sebagai gangguan lain.")
	case o.ToAt.Sub(now) > plannedOutage:
		say(ControlTo, "Akhirnya paling jauh tujuh hari lagi. Betulkan nanti bila ternyata lebih lama.")
	}
	if n := utf8.RuneCountInString(o.Reason); n < 10 || n > 300 {
		say(ControlReason, "Tulis alasannya dalam 10 sampai 300 huruf.")
	}
	if len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if replaces != 0 {
			if err := m.withdraw(ctx, tx, a, replaces); err != nil {
				return err
			}
		}
		id, err := pg.Scalar[int64](ctx, tx, sqlDeclare, a.Units(kuciniki.PermPersonnel), o.UnitID, o.FromAt, o.ToAt, o.Reason, a.PersonID, now)
		if errs.KindOf(err) == errs.NotFound && err != nil {
			return errs.Invalid(errs.Field{Name: ControlUnit, Message: "Pilih unit dari daftar."})
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, now, audit.Entry{Action: "kuciniki.outage.declare", Object: "kuciniki_outage", ObjectID: id, UnitID: o.UnitID,
			Detail: map[string]any{"dari": o.FromAt.Format(time.RFC3339), "sampai": o.ToAt.Format(time.RFC3339), "alasan": o.Reason, "mengganti": replaces}})
	})
}

// WithdrawOutage lets the clocks have run after all: errs.Conflict where somebody has done so.
func (m *Module) WithdrawOutage(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "evidence.WithdrawOutage(%d)", id)
	if !a.Has(kuciniki.PermPersonnel) {
		return errNotTheirs
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error { return m.withdraw(ctx, tx, a, id) })
}

func (m *Module) withdraw(ctx context.Context, tx pgx.Tx, a authz.Actor, id int64) error {
	over, now := a.Units(kuciniki.PermPersonnel), m.clock.Now()
	unit, err := pg.Scalar[int64](ctx, tx, sqlWithdraw, over, id, a.PersonID, now)
	if errs.KindOf(err) == errs.NotFound && err != nil {
		there, err := pg.Scalar[bool](ctx, tx, sqlOutageThere, over, id)
		if err == nil && there {
			err = errs.New(errs.Conflict, "Gangguan ini sudah ditarik. Muat ulang halaman untuk melihat keadaan terbaru.")
		} else if err == nil {
			err = errs.New(errs.NotFound, "Gangguan ini tidak ada, atau bukan di unit Anda.")
		}
		return err
	}
	if err != nil {
		return err
	}
	return audit.Write(ctx, tx, a, now, audit.Entry{Action: "kuciniki.outage.withdraw", Object: "kuciniki_outage", ObjectID: id, UnitID: unit})
}

// foldOutages adds to the sums what outages change that were declared or withdrawn since.
func (m *Module) foldOutages(ctx context.Context, tx pgx.Tx, position int64) (n int, err error) {
	fresh, err := pg.Many[struct {
		ID, UnitID   int64
		FromAt, ToAt time.Time
	}](ctx, tx, sqlNewOutages)
	if n = len(fresh); err != nil || n == 0 {
		return 0, err
	}
	var ids, units []int64
	var from, to []time.Time
	for _, o := range fresh {
		ids, units, from, to = append(ids, o.ID), append(units, o.UnitID), append(from, o.FromAt), append(to, o.ToAt)
	}
	touched, err := pg.Many[Case](ctx, tx, sqlCasesIn, units, from, to)
	if err != nil {
		return n, err
	}
	return n, m.recount(ctx, tx, touched, position, func() error { return pg.Exec(ctx, tx, sqlCountOutages, ids) })
}

// outages is when units could not work with the portal, as far as the sums know, and when
// those units work.
func outages(ctx context.Context, q pg.Querier, units []int64) (map[int64][]Span, map[int64]*calendar.Calendar, error) {
	rows, err := pg.Many[struct {
		ID           int64
		FromAt, ToAt time.Time
	}](ctx, q, sqlOutages, units)
	if err != nil {
		return nil, nil, err
	}
	spans, hours := map[int64][]Span{}, map[int64]*calendar.Calendar{}
	for _, r := range rows {
		spans[r.ID] = append(spans[r.ID], Span{r.FromAt, r.ToAt})
		if hours[r.ID] == nil {
			if hours[r.ID], err = calendar.Load(ctx, q, r.ID); err != nil {
				return nil, nil, err
			}
		}
	}
	return spans, hours, nil
}
