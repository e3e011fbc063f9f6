package mtr

import (
	"context"

	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// LEAD: delete this file as soon as the real functions land; it only lets the tree compile.

func (m *Module) receipt(ctx context.Context, q pg.Querier, reportID int64, token string) (Receipt, error) {
	return Receipt{}, errLater
}

func (m *Module) dropDraft(ctx context.Context, id int64) error { return errLater }

var _ = org.Locate
