package eoffice

import (
	"context"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Team is a work team (tim kerja) that orders go to: a group of an office with its desks.
type Team struct {
	Name  string
	Desks []Place
}

// Teams finds the teams of a desk's own office by words of their names.
func (m *Module) Teams(ctx context.Context, positionID int64, text string) (out []Team, err error) {
	defer errs.In(&err, "eoffice.Teams(%d)", positionID)
	office, err := pg.Scalar[int64](ctx, m.db, sqlOfficeOf, positionID)
	if err != nil {
		return nil, err
	}
	groups, err := m.GroupsFor(ctx, Case{UnitID: office}, text)
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		if g.UnitID != office {
			continue
		}
		t := Team{Name: g.Name}
		if t.Desks, err = pg.Many[Place](ctx, m.db, sqlGroupPlaces, g.ID, m.now()); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}
