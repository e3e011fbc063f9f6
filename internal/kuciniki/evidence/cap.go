package evidence

import (
	"context"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// LogCap is how much of the days with a trace the manual log may be in a kind of post: 0 to 90
// percent.
type LogCap struct {
	Kind    string // kepala, sekretaris, struktural, fungsional or pelaksana
	Percent int
}

// MostLogCap is the highest cap: something besides the own word must be known.
const MostLogCap = 90

const (
	sqlLogCaps = `SELECT kind, percent FROM kuciniki_log_cap ORDER BY array_position('{kepala,sekretaris,struktural,fungsional,pelaksana}'::text[], kind)`

	sqlLogCap = `SELECT COALESCE((SELECT percent FROM kuciniki_log_cap WHERE kind = $1), 0)`

	sqlSetLogCap = `UPDATE kuciniki_log_cap SET percent = $2 WHERE kind = $1 AND percent <> $2 RETURNING kind`
)

// LogCaps lists the caps of all kinds of posts, for BKPSDM; errs.NotFound to others.
func (m *Module) LogCaps(ctx context.Context, a authz.Actor) (_ []LogCap, err error) {
	defer errs.In(&err, "evidence.LogCaps")
	if !a.Has(kuciniki.PermPersonnel) {
		return nil, errNotTheirs
	}
	return pg.Many[LogCap](ctx, m.db, sqlLogCaps)
}

// SaveLogCaps changes caps; pages follow at once, for all months.
func (m *Module) SaveLogCaps(ctx context.Context, a authz.Actor, caps []LogCap) (err error) {
	defer errs.In(&err, "evidence.SaveLogCaps")
	if !a.Has(kuciniki.PermPersonnel) {
		return errNotTheirs
	}
	var wrong []errs.Field
	for _, c := range caps {
		if c.Percent < 0 || c.Percent > MostLogCap {
			wrong = append(wrong, errs.Field{Name: c.Kind, Message: "Isi 0 sampai 90."})
		}
	}
	if len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		changed := map[string]any{}
		for _, c := range caps {
			kind, err := pg.Scalar[string](ctx, tx, sqlSetLogCap, c.Kind, c.Percent)
			if errs.KindOf(err) == errs.NotFound && err != nil {
				continue // as it was
			}
			if err != nil {
				return err
			}
			changed[kind] = c.Percent
		}
		if len(changed) == 0 {
			return nil
		}
		return audit.Write(ctx, tx, a, m.clock.Now(), audit.Entry{Action: "kuciniki.log.cap", Object: "kuciniki_log_cap", Detail: changed})
	})
}

// countedLog is how many days of the log count beside days with a trace in a module, being at
// most percent of both together.
func countedLog(traced, own, percent int) int {
	return min(own, traced*percent/(100-percent))
}
