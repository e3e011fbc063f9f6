package letter

import (
	"context"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/numbering"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Tracked is what anybody who has a request number may know: nothing about the person.
type Tracked struct {
	RequestNumber string
	Title         string
	KelurahanName string
	Status        Status
}

const sqlTrack = `
SELECT l.request_number, l.title, u.short_name AS kelurahan_name, l.status
FROM epemerintahan_letter l JOIN org_unit u ON u.id = l.kelurahan_id WHERE l.request_number = $1`

// Track finds a letter by its request number, as people type it; unknown is errs.NotFound.
func (m *Module) Track(ctx context.Context, number string) (_ Tracked, err error) {
	defer errs.In(&err, "letter.Track")
	prefix, year, n, ok := numbering.Parse(number)
	if !ok || prefix != series {
		return Tracked{}, errs.New(errs.NotFound, "")
	}
	return pg.One[Tracked](ctx, m.db, sqlTrack, numbering.Format(prefix, year, n))
}
