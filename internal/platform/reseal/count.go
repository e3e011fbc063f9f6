package reseal

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Use is how many values of a column a key has sealed.
type Use struct {
	Column crypt.Column
	Key    byte
	Values int
}

// Count tells which keys have sealed what, column by column.
func Count(ctx context.Context, db pg.Querier, columns []crypt.Column) (uses []Use, err error) {
	for _, c := range columns {
		rows, err := db.Query(ctx, "SELECT get_byte(v, 0), count(*) FROM (SELECT "+value(c)+" AS v FROM "+table(c)+
			" t) s WHERE v IS NOT NULL GROUP BY 1 ORDER BY 1")
		if err != nil {
			return nil, err
		}
		var key, n int
		_, err = pgx.ForEachRow(rows, []any{&key, &n}, func() error {
			uses = append(uses, Use{c, byte(key), n})
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", c.Table, c.Name, err)
		}
	}
	return uses, nil
}
