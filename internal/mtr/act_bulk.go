package mtr

import (
	"context"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// MaxBulk is how many reports one act may be for.
const MaxBulk = 100

// ForwardAsRouted forwards a report to the unit that its route names. Without such a unit
// it is errs.Conflict: somebody has to look.
func (m *Module) ForwardAsRouted(ctx context.Context, a authz.Actor, in Act) error {
	var unit org.Unit
	return m.act(ctx, staff(a, in), ActForward, func(tx pgx.Tx, c *Case, mo Moment) (Intent, error) {
		r, err := pg.One[routing](ctx, tx, sqlRouting, c.ID)
		if err != nil {
			return Intent{}, err
		}
		to, err := Suggest(ctx, tx, mo.Now, r.CategoryID, r.KelurahanID, r.KecamatanID, r.Extra)
		switch {
		case err != nil:
			return Intent{}, err
		case to.Agency != "":
			return Intent{}, errs.New(errs.Conflict, "Rutenya ke instansi lain: "+to.Agency+". Buka laporannya untuk merujuk.")
		case to.UnitID == 0:
			return Intent{}, errs.New(errs.Conflict, "Tidak ada rute untuk laporan ini. Buka laporannya untuk memilih unit.")
		}
		if unit, err = org.UnitByID(ctx, tx, to.UnitID); err != nil {
			return Intent{}, err
		}
		return Intent{Change: Change{UnitID: &unit.ID}}, nil
	}, func(_ pgx.Tx, c *Case, _ Event) error {
		c.UnitName, c.UnitAncestors = unit.Name, unit.Ancestors
		return nil
	})
}
