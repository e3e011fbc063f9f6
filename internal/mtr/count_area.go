package mtr

import (
	"context"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// AreaCount is how many public reports a kelurahan has.
type AreaCount struct {
	KelurahanID int64
	Total       int
	Open        int // of Total
}

const sqlCountByArea = `
SELECT kelurahan_id, count(*)::int AS total,
	count(*) FILTER (WHERE status_group IN ('baru', 'proses'))::int AS open
FROM mtr_report
WHERE listed AND kelurahan_id IS NOT NULL
	AND ($1::bigint = 0 OR category_id = $1) AND ($2::bigint = 0 OR kelurahan_id = $2)
	AND ($3::bigint = 0 OR kecamatan_id = $3) AND ($4::bigint = 0 OR unit_id = $4)
	AND ($5::text = '' OR status_group = $5) AND ($6::text = '' OR class = $6)
GROUP BY kelurahan_id`

// CountByArea counts public reports by kelurahan, for those who have no map.
// Filter.Text does not narrow it.
func (m *Module) CountByArea(ctx context.Context, f Filter) (out []AreaCount, err error) {
	defer errs.In(&err, "mtr.CountByArea")
	return pg.Many[AreaCount](ctx, m.db, sqlCountByArea, f.CategoryID, f.KelurahanID, f.KecamatanID, f.UnitID, f.Group, f.Class)
}
