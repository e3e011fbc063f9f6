package kuciniki

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// UnitYear is a unit in a year: its predicate, and how those of its people are spread.
type UnitYear struct {
	UnitID    int64
	Unit      string
	Predicate UnitPredicate
	VeryGood  int
	Good      int
	ToMend    int
	Poor      int
	VeryPoor  int
}

// Spread is how many have which predicate.
func (u UnitYear) Spread() map[Predicate]int {
	return map[Predicate]int{VeryGood: u.VeryGood, Good: u.Good, ToMend: u.ToMend, Poor: u.Poor, VeryPoor: u.VeryPoor}
}

// Says is what to think about in the spread of the unit.
func (u UnitYear) Says() []string { return Guidance(u.Predicate, u.Spread()) }

const sqlUnitYears = `
SELECT u.id AS unit_id, u.name AS unit, COALESCE(up.predicate, '') AS predicate,
	count(*) FILTER (WHERE j.predicate = 'sangat_baik') AS very_good, count(*) FILTER (WHERE j.predicate = 'baik') AS good,
	count(*) FILTER (WHERE j.predicate = 'butuh_perbaikan') AS to_mend, count(*) FILTER (WHERE j.predicate = 'kurang') AS poor,
	count(*) FILTER (WHERE j.predicate = 'sangat_kurang') AS very_poor
FROM org_unit u LEFT JOIN kuciniki_unit_predicate up ON up.unit_id = u.id AND up.year = $2
LEFT JOIN (kuciniki_evaluation e JOIN kuciniki_skp s ON s.id = e.skp_id AND e.year = $2 AND e.month = 0 AND e.given_at IS NOT NULL
	JOIN org_position p ON p.id = s.position_id JOIN org_unit pu ON pu.id = p.unit_id
	JOIN LATERAL (SELECT predicate FROM kuciniki_judgement j WHERE j.evaluation_id = e.id ORDER BY version DESC LIMIT 1) j ON true) ON pu.ancestors @> ARRAY[u.id]
WHERE u.ancestors && $1::bigint[] AND u.valid_to IS NULL AND u.kind IN ('sekretariat', 'inspektorat', 'dinas', 'badan', 'rsud', 'kecamatan', 'puskesmas', 'kelurahan')
GROUP BY u.id, up.predicate ORDER BY array_length(u.ancestors, 1), u.name LIMIT 400`

// UnitYears lists the units where the actor looks after staff or inspects, by name, with how
// their year was judged.
func (m *Module) UnitYears(ctx context.Context, a authz.Actor, year int) (_ []UnitYear, err error) {
	defer errs.In(&err, "kuciniki.UnitYears(%d)", year)
	if !a.HasAny(PermPersonnel, PermInspect) {
		return nil, errs.New(errs.NotFound, "Halaman ini milik BKPSDM dan Inspektorat.")
	}
	return pg.Many[UnitYear](ctx, m.db, sqlUnitYears, realm(a), year)
}

const sqlSetUnit = `
INSERT INTO kuciniki_unit_predicate (year, unit_id, predicate, set_at) SELECT $1, u.id, $3, $4 FROM org_unit u WHERE u.id = $2 AND u.parent_id IS NOT NULL
ON CONFLICT (year, unit_id) DO UPDATE SET predicate = excluded.predicate, set_at = excluded.set_at`

// SetUnit notes how well the city found a unit to have done in an open year.
func (m *Module) SetUnit(ctx context.Context, a authz.Actor, year int, unit int64, p UnitPredicate) (err error) {
	defer errs.In(&err, "kuciniki.SetUnit(%d, %d)", year, unit)
	if err := m.cityWide(ctx, a, PermPersonnel); err != nil {
		return err
	}
	if !slices.Contains(UnitPredicates, p) {
		return errs.Invalid(errs.Field{Name: ControlRating, Message: "Pilih predikat unit."})
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if err := holdOpen(ctx, tx, year, 0); err != nil {
			return err
		}
		if err := pg.Changed(tx.Exec(ctx, sqlSetUnit, year, unit, p, m.now())); err != nil {
			return errs.New(errs.NotFound, "Unit ini tidak ada.")
		}
		return audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: "kuciniki.unit.predicate", Object: "org_unit", ObjectID: unit, UnitID: unit, Detail: map[string]any{"tahun": year, "predikat": p}})
	})
}
