package demo

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
	"makassartidakrantasa.com/portal/internal/portal"
)

// census60 tells the residents' part of the story alone and returns their names.
func census60(t *testing.T, at time.Time, n int) (db *pgtest.DB, m *epemerintahan.Module, cast players, names []string) {
	t.Helper()
	db = pgtest.New(t)
	box, err := crypt.Load(filepath.Join(t.TempDir(), "rahasia"), true)
	if err != nil {
		t.Fatal(err)
	}
	end := midnight(at)
	begin := end.AddDate(0, 0, -storyDays-1)
	watch := clock.NewFake(begin.AddDate(-1, 0, 0))
	if err := portal.EnsureRoles(t.Context(), db.Pool); err != nil {
		t.Fatal(err)
	}
	if err := hire(t.Context(), db.Pool, authn.New(authn.Config{Pool: db.Pool, Box: box, Clock: watch, BaseURL: "https://portal.test", Hasher: authn.NewHasher(authn.DefaultCost)}), watch.Now()); err != nil {
		t.Fatal(err)
	}
	if cast, err = actors(t.Context(), db.Pool, begin); err != nil {
		t.Fatal(err)
	}
	areas, err := org.Areas(t.Context(), db.Pool)
	if err != nil {
		t.Fatal(err)
	}
	watch.Set(begin)
	m = epemerintahan.New(epemerintahan.Deps{DB: db.Pool, Clock: watch, Box: box})
	began := time.Now()
	lives, _, err := settle(t.Context(), db.Pool, m, watch, cast, unitsOf(areas), end, n)
	if err != nil {
		t.Fatal(err)
	}
	settled := time.Since(began)
	if _, err := happen(t.Context(), watch, lives, end); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d residents in %v, %d events in %v", 2*n, settled, len(lives), time.Since(began)-settled)
	names, err = pg.Scalars[string](t.Context(), db.Pool, `SELECT name || status || to_char(birth_date, 'YYYYMMDD') || to_char(status_on, 'YYYYMMDD') FROM epemerintahan_resident ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	return db, m, cast, names
}

// Two machines make the same people up on one day, with something of everything in
// their lives and nobody's number under doubt.
func TestResidentsAreTheSameEverywhere(t *testing.T) {
	t.Parallel()
	db, m, cast, first := census60(t, day, 400)
	_, _, _, second := census60(t, day.Add(7*time.Hour), 400)
	if !slices.Equal(first, second) || len(first) < 800 {
		t.Errorf("%d and %d residents, not the same", len(first), len(second))
	}
	kinds, err := pg.Scalars[string](t.Context(), db.Pool, `SELECT DISTINCT kind FROM epemerintahan_event`)
	if err != nil || len(kinds) != 7 {
		t.Errorf("only %v happens, %v", kinds, err)
	}
	doubtful, err := pg.Scalar[int](t.Context(), db.Pool, `SELECT count(*)::int FROM epemerintahan_resident WHERE nik_reason <> ''`)
	if err != nil || doubtful != 0 {
		t.Errorf("%d numbers are doubted, %v", doubtful, err)
	}
	for user, nik := range map[string]string{"Nurhayati Basri": NIKOfWarga, "Ical Ramadhan": NIKOfWarga2} {
		if r, err := m.ByNIK(t.Context(), cast["operator"], nik); err != nil || r.Name != user || r.Status != epemerintahan.Living {
			t.Errorf("%s: %+v, %v", user, r, err)
		}
	}
}
