package letter

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// EnsureKinds brings the shipped definitions into the database as city versions; one
// that an administrator changed stays. Safe to call at every start and by several
// portals at once.
func (m *Module) EnsureKinds(ctx context.Context) (err error) {
	defer errs.In(&err, "letter.EnsureKinds")
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		for _, sql := range []string{sqlKindsPatience, sqlKindsLock} {
			if err := pg.Exec(ctx, tx, sql); err != nil {
				return err
			}
		}
		for _, k := range shipped {
			if err := ship(ctx, tx, k, m.now()); err != nil {
				return err
			}
		}
		return nil
	})
}

// Kinds lists what a unit (kelurahan) offers now, by No.
func (m *Module) Kinds(ctx context.Context, kelurahanID int64) (ks []Kind, err error) {
	defer errs.In(&err, "letter.Kinds(%d)", kelurahanID)
	ks, err = kinds(ctx, m.db, sqlKinds, kelurahanID, "")
	return slices.DeleteFunc(ks, func(k Kind) bool { return k.Closed }), err
}

var errNoKind = errs.New(errs.NotFound, "Jenis surat ini tidak dilayani di kelurahan ini.")

// KindFor is one kind as it holds in a kelurahan; errs.NotFound when not offered.
func (m *Module) KindFor(ctx context.Context, kelurahanID int64, code string) (_ Kind, err error) {
	defer errs.In(&err, "letter.KindFor(%d, %q)", kelurahanID, code)
	return kindFor(ctx, m.db, kelurahanID, code)
}

func kindFor(ctx context.Context, q pg.Querier, kelurahanID int64, code string) (Kind, error) {
	if code == "" {
		return Kind{}, errNoKind
	}
	ks, err := kinds(ctx, q, sqlKinds, kelurahanID, code)
	switch {
	case err != nil:
		return Kind{}, err
	case len(ks) == 0 || ks[0].Closed:
		return Kind{}, errNoKind
	}
	return ks[0], nil
}
