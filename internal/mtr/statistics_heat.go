package mtr

import (
	"context"
	"fmt"

	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// CellDegrees is the side of a cell of the heat map in degrees: about 550 m.
const CellDegrees = 0.005

// mostCells bounds the heat map; the city has some 600.
const mostCells = 2000

// Cell is a square of the heat map, counted from the equator and Greenwich in CellDegrees.
type Cell struct{ Row, Column int }

// HeatCell is how many published reports came from a square.
type HeatCell struct {
	Cell
	N int
}

var (
	cellRow    = fmt.Sprintf("floor(r.public_lat / %g)::int", CellDegrees)
	cellColumn = fmt.Sprintf("floor(r.public_lng / %g)::int", CellDegrees)
)

// heat counts the published reports among those that w counts, and that came in the period,
// by the square they lie in. Those of anonymous reporters lie where the map shows them, about
// 100 m off.
func (m *Module) heat(ctx context.Context, w *where) ([]HeatCell, error) {
	w.and("r.words_public AND r.public_lat IS NOT NULL AND $1::timestamptz IS NOT NULL")
	w.and(measures[MeasureCame])
	return pg.Many[HeatCell](ctx, m.db, fmt.Sprintf(`SELECT %s AS "row", %s AS "column", count(*) AS n FROM mtr_report r
		WHERE %s GROUP BY 1, 2 ORDER BY 1, 2 LIMIT %d`, cellRow, cellColumn, w, mostCells), w.fresh(true)...)
}
