package demo

import (
	"path/filepath"
	"testing"

	"makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
	"makassartidakrantasa.com/portal/internal/portal"
)

// Twelve offices with 300 people, each below somebody and none of whom can sign in, have a
// sealed ledger in which the Inspektorat finds a burst, and the mayor the offices' figures.
func TestTheYearOfTwelveOffices(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	box, err := crypt.Load(filepath.Join(t.TempDir(), "rahasia"), true)
	must(err)
	end := midnight(day)
	since := end.AddDate(-1, -2, 0)
	accounts := authn.New(authn.Config{Pool: db.Pool, Box: box, Clock: clock.NewFake(since), Hasher: authn.NewHasher(authn.DefaultCost)})
	must(portal.EnsureRoles(ctx, db.Pool))
	must(hire(ctx, db.Pool, accounts, since))
	cast, err := actors(ctx, db.Pool, end)
	must(err)
	must(inspect(ctx, Deps{DB: db.Pool, Box: box}, nil, cast, end))
	cast, err = actors(ctx, db.Pool, end)
	must(err)
	must(bygoneYear(ctx, Deps{DB: db.Pool, Box: box}, cast["bkpsdm"], since, end, 0.15))

	people, err := pg.Scalar[int](ctx, db.Pool, `SELECT count(*) FROM org_person n JOIN org_occupancy o ON o.person_id = n.id JOIN org_position p ON p.id = o.position_id
		WHERE n.account_id IS NULL AND p.superior_id IS NOT NULL AND n.staff_number LIKE '________2012%'`)
	if must(err); people != 300 {
		t.Errorf("%d people in a line", people)
	}
	_, err = audit.Verify(ctx, db.Pool, box, nil)
	must(err)
	m := evidence.New(evidence.Deps{DB: db.Pool, Clock: clock.NewFake(end)})
	from, to := evidence.MonthOf(end.AddDate(-1, 0, 0)), evidence.MonthOf(end.AddDate(0, 1, 0))
	city, err := m.City(ctx, cast["walikota"], 0, from, to)
	if must(err); len(city.Below) == 0 || city.Ages.Total() == 0 {
		t.Errorf("the mayor sees %+v", city)
	}
	unit, err := org.UnitByCode(ctx, db.Pool, bystanderUnits[0])
	must(err)
	_, found, _, err := m.Flags(ctx, cast["inspektorat"], unit.ID, from.Start(), to.Start())
	if must(err); len(found) == 0 || found[0].Pattern != evidence.Burst {
		t.Errorf("in %s the Inspektorat finds %+v", unit.Name, found)
	}
	if _, err := m.Portrait(ctx, cast["kadis"], found[0].PersonID, from, to); err != nil {
		t.Errorf("the head does not see the evidence of their own staff: %v", err)
	}
}
