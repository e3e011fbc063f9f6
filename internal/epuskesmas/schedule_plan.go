package epuskesmas

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Closure is a run of days on which a puskesmas, or one poli of it, is closed.
type Closure struct {
	ID       int64
	UnitID   int64
	PoliID   int64 // 0: all of it
	PoliName string
	FromDay  time.Time
	ToDay    time.Time
	Reason   string
}

// check says what is wrong with a quota.
func (q Quota) check() (wrong []errs.Field) {
	bad := func(control, message string) { wrong = append(wrong, errs.Field{Name: control, Message: message}) }
	if q.All < 1 || q.All > 2000 {
		bad(ControlQuota, "Isi 1 sampai 2.000.")
	}
	if q.Online < 0 || q.Online > q.All {
		bad(ControlOnline, "Kuota daring tidak boleh lebih dari kuota seluruhnya.")
	}
	for control, n := range map[string]*int{ControlJKN: q.JKN, ControlGeneral: q.General} {
		if n != nil && (*n < 0 || *n > q.All) {
			bad(control, "Tidak boleh lebih dari kuota seluruhnya.")
		}
	}
	return wrong
}

func (q Quota) record() []byte {
	data, err := json.Marshal(map[string]any{"semua": q.All, "daring": q.Online, "jkn": q.JKN, "umum": q.General})
	if err != nil {
		panic(err) // numbers always marshal
	}
	return data
}

func (q Quota) same(o Quota) bool { return string(q.record()) == string(o.record()) }

// day of an optional date for the database.
func dateOrNil(t *time.Time) *string {
	if t == nil {
		return nil
	}
	s := dateOf(*t)
	return &s
}

// SavePlan adds a weekly session, or changes quota, doctors and end of one; to change its
// hours end it and add another. Sessions that have a row follow, but nobody loses a
// place. A change of quota needs a reason and goes on record.
func (m *Module) SavePlan(ctx context.Context, a authz.Actor, p Plan, reason string) (id int64, err error) {
	defer errs.In(&err, "epuskesmas.SavePlan(%d)", p.ID)
	if p.ID != 0 {
		old, err := pg.One[Plan](ctx, m.db, sqlPlan, p.ID)
		if err != nil {
			return 0, err
		}
		p.PoliID, p.Weekday, p.Starts, p.Ends, p.ValidFrom = old.PoliID, old.Weekday, old.Starts, old.Ends, old.ValidFrom
	}
	unitID, err := pg.Scalar[int64](ctx, m.db, sqlPoliUnit, p.PoliID)
	if err != nil {
		if errs.KindOf(err) == errs.NotFound {
			return 0, errs.Invalid(errs.Field{Name: ControlPoli, Message: "Pilih poli."})
		}
		return 0, err
	}
	wrong := p.check()
	bad := func(control, message string) { wrong = append(wrong, errs.Field{Name: control, Message: message}) }
	if p.Weekday < 1 || p.Weekday > 7 {
		bad(ControlWeekday, "Pilih hari.")
	}
	if p.Starts < 0 || p.Ends > 24*60-1 || p.Ends <= p.Starts {
		bad(ControlEnds, "Jam selesai harus sesudah jam mulai.")
	}
	if p.ValidTo != nil && dateOf(*p.ValidTo) < dateOf(p.ValidFrom) {
		bad(ControlTo, "Hari terakhir tidak boleh sebelum hari pertama.")
	}
	if len(wrong) > 0 {
		return 0, errs.Invalid(wrong...)
	}
	detail := map[string]any{"hari": p.Weekday, "mulai": p.Starts, "kuota": p.All, "daring": p.Online}
	err = m.manage(ctx, a, unitID, "plan.save", detail, func(tx pgx.Tx, now time.Time) (err error) {
		if err := pg.Exec(ctx, tx, sqlLockPoli, p.PoliID); err != nil {
			return err
		}
		if n, err := pg.Scalar[int](ctx, tx, sqlDoctorsIn, unitID, p.DoctorIDs); err != nil || n != len(p.DoctorIDs) {
			return orInvalid(err, ControlDoctors, "Pilih dokter dari daftar puskesmas ini.")
		}
		overlaps, err := pg.Scalar[bool](ctx, tx, sqlOverlaps, p.PoliID, p.Weekday, p.ID, p.Starts, p.Ends, dateOf(p.ValidFrom), dateOrNil(p.ValidTo))
		if err != nil || overlaps {
			return orInvalid(err, ControlStarts, "Poli ini sudah punya sesi lain pada hari dan jam itu.")
		}
		if id = p.ID; id == 0 {
			id, err = pg.Scalar[int64](ctx, tx, sqlInsertPlan, p.PoliID, p.Weekday, p.Starts, p.Ends, p.All, p.Online, p.JKN, p.General,
				notNil(p.DoctorIDs), dateOf(p.ValidFrom), dateOrNil(p.ValidTo))
			return err
		}
		return m.changePlan(ctx, tx, a, unitID, p, reason, now)
	})
	return id, err
}

func notNil(ids []int64) []int64 {
	if ids == nil {
		return []int64{}
	}
	return ids
}

func orInvalid(err error, control, message string) error {
	if err != nil {
		return err
	}
	return errs.Invalid(errs.Field{Name: control, Message: message})
}

func (m *Module) changePlan(ctx context.Context, tx pgx.Tx, a authz.Actor, unitID int64, p Plan, reason string, now time.Time) error {
	old, err := pg.One[Plan](ctx, tx, sqlPlan, p.ID)
	if err != nil {
		return err
	}
	if err := pg.Exec(ctx, tx, sqlUpdatePlan, p.ID, p.All, p.Online, p.JKN, p.General, notNil(p.DoctorIDs), dateOrNil(p.ValidTo)); err != nil {
		return err
	}
	if p.ValidTo != nil {
		n, err := pg.Scalar[int](ctx, tx, sqlFutureTickets, p.PoliID, p.Weekday, p.Starts, now, dateOf(*p.ValidTo))
		if err != nil || n > 0 {
			return orInvalid(err, ControlTo, fmt.Sprintf("Sesudah hari itu masih ada %s nomor. Alihkan atau batalkan dulu nomor-nomor itu.", indo.Int(n)))
		}
		if err := pg.Exec(ctx, tx, sqlDropEmpty, p.PoliID, p.Weekday, p.Starts, now, dateOf(*p.ValidTo)); err != nil {
			return err
		}
	}
	if p.same(old.Quota) {
		return nil
	}
	if err := recordQuota(ctx, tx, a, unitID, 0, p.ID, old.Quota, p.Quota, reason, now); err != nil {
		return err
	}
	return pg.Exec(ctx, tx, sqlAdjustSessions, p.PoliID, p.Weekday, p.Starts, now, p.All, p.Online, p.JKN, p.General)
}

// recordQuota puts a change of quota on record, with its reason.
func recordQuota(ctx context.Context, tx pgx.Tx, a authz.Actor, unitID, sessionID, planID int64, before, after Quota, reason string, now time.Time) error {
	reason, err := needReason(reason)
	if err != nil {
		return err
	}
	return pg.Exec(ctx, tx, sqlInsertQuotaChange, unitID, sessionID, planID, now, a.AccountID, before.record(), after.record(), reason)
}

// CheckReason says what is wrong with a reason that must be told.
func CheckReason(reason string) error {
	_, err := needReason(reason)
	return err
}

func needReason(reason string) (string, error) {
	reason = strings.Join(strings.Fields(reason), " ")
	if n := utf8.RuneCountInString(reason); n < 3 || n > 200 {
		return "", errs.Invalid(errs.Field{Name: ControlReason, Message: "Tulis alasannya dalam 3 sampai 200 huruf."})
	}
	return reason, nil
}

// SetQuota changes the quota of one session. It is never less than what is taken.
func (m *Module) SetQuota(ctx context.Context, a authz.Actor, sessionID int64, q Quota, reason string) (err error) {
	defer errs.In(&err, "epuskesmas.SetQuota(%d)", sessionID)
	s, err := m.managedSession(ctx, a, sessionID)
	if err != nil {
		return err
	}
	if wrong := q.check(); len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return m.manage(ctx, a, s.UnitID, "session.quota", map[string]any{"sesi": s.ID, "kuota": q.All}, func(tx pgx.Tx, now time.Time) error {
		if err := recordQuota(ctx, tx, a, s.UnitID, s.ID, 0, s.Quota, q, reason, now); err != nil {
			return err
		}
		err := pg.Changed(tx.Exec(ctx, sqlSetQuota, s.ID, q.All, q.Online, q.JKN, q.General))
		if errs.KindOf(err) == errs.Conflict {
			return errs.Invalid(errs.Field{Name: ControlQuota, Message: "Lebih banyak nomor sudah diberikan. Batalkan atau alihkan nomor dulu."})
		}
		return err
	})
}

// QuotaChange is one change on record.
type QuotaChange struct {
	ID       int64
	At       time.Time
	Actor    string
	Before   map[string]*int
	After    map[string]*int
	Reason   string
	Poli     string
	StartsAt *time.Time // of one session
	Weekday  int        // of the weekly plan
}

// QuotaPage is how many changes a page shows.
const QuotaPage = 50

// QuotaChanges lists the changes of quota of a puskesmas before an id (0: the newest),
// for whoever manages it or looks after it.
func (m *Module) QuotaChanges(ctx context.Context, a authz.Actor, slug string, before int64) (s Site, _ []QuotaChange, err error) {
	defer errs.In(&err, "epuskesmas.QuotaChanges")
	if s, _, err = m.StaffSite(ctx, a, slug, PermManage, PermReports); err != nil {
		return s, nil, err
	}
	list, err := pg.Many[QuotaChange](ctx, m.db, sqlQuotaChanges, s.UnitID, before, QuotaPage+1)
	return s, list, err
}

// SaveClosure closes a puskesmas, or a poli of it, on days to come. Numbers already given
// for these days stay until they are moved or cancelled.
func (m *Module) SaveClosure(ctx context.Context, a authz.Actor, c Closure) (err error) {
	defer errs.In(&err, "epuskesmas.SaveClosure")
	var wrong []errs.Field
	if c.FromDay.IsZero() || dateOf(c.FromDay) < m.today() {
		wrong = append(wrong, errs.Field{Name: ControlFrom, Message: "Pilih hari ini atau sesudahnya."})
	}
	if c.ToDay.IsZero() {
		c.ToDay = c.FromDay
	}
	if c.ToDay.Before(c.FromDay) || c.ToDay.Sub(c.FromDay) > 366*24*time.Hour {
		wrong = append(wrong, errs.Field{Name: ControlTo, Message: "Hari terakhir harus sesudah hari pertama, paling lama setahun."})
	}
	if c.Reason, err = needReason(c.Reason); err != nil {
		wrong = append(wrong, errs.FieldsOf(err)...)
	}
	if len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	if c.PoliID != 0 {
		unitID, err := pg.Scalar[int64](ctx, m.db, sqlPoliUnit, c.PoliID)
		if unlessNotFound(err) != nil || unitID != c.UnitID {
			return orInvalid(unlessNotFound(err), ControlPoli, "Pilih poli dari daftar.")
		}
	}
	return m.manage(ctx, a, c.UnitID, "closure.save", map[string]any{"dari": dateOf(c.FromDay), "sampai": dateOf(c.ToDay)}, func(tx pgx.Tx, _ time.Time) error {
		_, err := pg.Scalar[int64](ctx, tx, sqlInsertClosure, c.UnitID, c.PoliID, dateOf(c.FromDay), dateOf(c.ToDay), c.Reason)
		return err
	})
}

// RemoveClosure opens the days again.
func (m *Module) RemoveClosure(ctx context.Context, a authz.Actor, unitID, id int64) (err error) {
	defer errs.In(&err, "epuskesmas.RemoveClosure(%d)", id)
	return m.manage(ctx, a, unitID, "closure.remove", nil, func(tx pgx.Tx, _ time.Time) error {
		return pg.Changed(tx.Exec(ctx, sqlDeleteClosure, id, unitID))
	})
}
