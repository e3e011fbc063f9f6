package portal

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Admin is the use cases of administration. Each asks whether the actor may:
// what lies outside the actor's units is errs.NotFound. Safe for concurrent use.
type Admin struct {
	DB       *pgxpool.Pool
	Clock    clock.Clock
	Accounts *authn.Service
}

// realm is the roots of the units in which the actor holds one of ps.
func realm(a authz.Actor, ps ...authz.Permission) []int64 {
	units := []int64{}
	for _, p := range ps {
		for _, id := range a.Units(p) {
			if !slices.Contains(units, id) {
				units = append(units, id)
			}
		}
	}
	return units
}

func hasIn(a authz.Actor, ancestors []int64, ps ...authz.Permission) bool {
	return slices.ContainsFunc(ps, func(p authz.Permission) bool { return a.HasIn(p, ancestors) })
}

// unit returns a unit in which the actor holds one of ps.
func (ad *Admin) unit(ctx context.Context, q pg.Querier, a authz.Actor, id int64, ps ...authz.Permission) (org.Unit, error) {
	u, err := org.UnitByID(ctx, q, id)
	if err == nil && !hasIn(a, u.Ancestors, ps...) {
		err = errs.New(errs.NotFound, "")
	}
	return u, err
}

// position returns a position in whose unit the actor holds one of ps.
func (ad *Admin) position(ctx context.Context, q pg.Querier, a authz.Actor, id int64, ps ...authz.Permission) (org.Position, error) {
	p, err := org.PositionByID(ctx, q, id)
	if err == nil && !hasIn(a, p.Ancestors, ps...) {
		err = errs.New(errs.NotFound, "")
	}
	return p, err
}

// InCity tells whether the actor holds p in the whole city.
func (ad *Admin) InCity(ctx context.Context, a authz.Actor, p authz.Permission) (bool, error) {
	if !a.Has(p) {
		return false, nil
	}
	root, err := org.Root(ctx, ad.DB)
	return err == nil && a.HasIn(p, root.Ancestors), err
}

// HoldsInCity returns a function that tells whether the actor holds a
// permission in the whole city.
func (ad *Admin) HoldsInCity(ctx context.Context, a authz.Actor) (func(authz.Permission) bool, error) {
	root, err := org.Root(ctx, ad.DB)
	return func(p authz.Permission) bool { return a.HasIn(p, root.Ancestors) }, err
}

// needCity is errs.NotFound for those who do not hold p in the whole city.
func (ad *Admin) needCity(ctx context.Context, a authz.Actor, p authz.Permission) error {
	ok, err := ad.InCity(ctx, a, p)
	if err == nil && !ok {
		err = errs.New(errs.NotFound, "")
	}
	return err
}

// errStale is a form that was opened before somebody else's change.
var errStale = errs.New(errs.Conflict,
	"Data ini baru saja diubah orang lain. Isian Anda masih ada di bawah; periksa, lalu simpan sekali lagi bila tetap ingin memakainya.")

// fresh compares the version a form was opened with; 0 compares nothing.
func fresh(version int64, updated time.Time) error {
	if version != 0 && version != Version(updated) {
		return errStale
	}
	return nil
}

// Version is what a form carries to notice that somebody was faster.
func Version(updated time.Time) int64 { return updated.UnixMicro() }

var errFormUsed = errors.New("form used")

// once runs do in one transaction for the first of several submissions of the
// form with that key, however close together they come. The others get the id
// that do returned.
func (ad *Admin) once(ctx context.Context, a authz.Actor, key string, do func(tx pgx.Tx) (int64, error)) (id int64, err error) {
	err = pg.InTx(ctx, ad.DB, func(tx pgx.Tx) error {
		now := ad.Clock.Now()
		tag, err := tx.Exec(ctx, sqlFormUse, key, a.AccountID, now)
		if pg.Violates(err, "portal_form_key_check") {
			return errs.Wrap(errs.BadRequest, err, "")
		}
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return errFormUsed
		}
		if err := pg.Exec(ctx, tx, sqlFormsForget, now.AddDate(0, 0, -2)); err != nil {
			return err
		}
		if id, err = do(tx); err != nil {
			return err
		}
		return pg.Exec(ctx, tx, sqlFormResult, key, id)
	})
	if errors.Is(err, errFormUsed) {
		id, err = pg.Scalar[int64](ctx, ad.DB, sqlFormOf, key, a.AccountID)
	}
	return id, err
}

const sqlFormUse = `INSERT INTO portal_form (key, account_id, used_at) VALUES ($1, $2, $3)
ON CONFLICT ON CONSTRAINT portal_form_pkey DO NOTHING`

const sqlFormResult = `UPDATE portal_form SET result = $2 WHERE key = $1`

const sqlFormOf = `SELECT result FROM portal_form WHERE key = $1 AND account_id = $2`

const sqlFormsForget = `DELETE FROM portal_form WHERE used_at < $1`
