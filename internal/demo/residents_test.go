package demo

import (
	"path/filepath"
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

// census60 tells the residents' part of the story alone.
func census60(t *testing.T, at time.Time, n int) (db *pgtest.DB, m *epemerintahan.Module, cast players) {
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
	return db, m, cast
}

// There is something of everything in the residents' lives and nobody's number under doubt.
func TestResidentsLive(t *testing.T) {
	t.Parallel()
	db, m, cast := census60(t, day, 400)
	if n, err := pg.Scalar[int](t.Context(), db.Pool, `SELECT count(*)::int FROM epemerintahan_resident`); err != nil || n < 800 {
		t.Errorf("%d residents, %v", n, err)
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
