package demo

import (
	"path/filepath"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
	"makassartidakrantasa.com/portal/internal/portal"
)

// A whole story's letters are of every kind and in every state that lasts.
func TestLettersAreOfEveryKind(t *testing.T) {
	t.Parallel()
	db := lettersOf(t, day, 130)
	if n, err := pg.Scalar[int](t.Context(), db.Pool, `SELECT count(*)::int FROM epemerintahan_letter`); err != nil || n < 130 {
		t.Errorf("%d letters, %v", n, err)
	}
	kinds, err := pg.Scalars[string](t.Context(), db.Pool, `SELECT DISTINCT kind_code FROM epemerintahan_letter WHERE status = 'terbit'`)
	if err != nil || len(kinds) < 24 {
		t.Errorf("issued are of %d kinds, %v", len(kinds), err)
	}
	states, err := pg.Scalars[string](t.Context(), db.Pool, `SELECT DISTINCT status FROM epemerintahan_letter`)
	if err != nil || len(states) < 8 {
		t.Errorf("states: %v, %v", states, err)
	}
	late, err := pg.Scalar[float64](t.Context(), db.Pool, `SELECT avg((used_minutes > 60)::int) FROM epemerintahan_letter WHERE status = 'terbit'`)
	if err != nil || late > 0.25 {
		t.Errorf("%.2f took over an hour, %v", late, err)
	}
}

// lettersOf tells the letters' part of the story alone.
func lettersOf(t *testing.T, at time.Time, n int) *pgtest.DB {
	t.Helper()
	db := pgtest.New(t)
	box, err := crypt.Load(filepath.Join(t.TempDir(), "rahasia"), true)
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.Open("file://" + t.TempDir() + "?sync=off")
	if err != nil {
		t.Fatal(err)
	}
	end := midnight(at)
	begin := end.AddDate(0, 0, -storyDays-1)
	watch := clock.NewFake(begin.AddDate(-1, 0, 0))
	d := Deps{DB: db.Pool, Box: box, Blobs: blobs, BaseURL: "https://portal.test"}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(portal.EnsureRoles(t.Context(), db.Pool))
	must(letter.New(letter.Deps{DB: db.Pool, Clock: watch}).EnsureKinds(t.Context()))
	must(hire(t.Context(), db.Pool, authn.New(authn.Config{Pool: db.Pool, Box: box, Clock: watch, BaseURL: d.BaseURL, Hasher: authn.NewHasher(authn.DefaultCost)}), watch.Now()))
	cast, err := actors(t.Context(), db.Pool, begin)
	must(err)
	areas, err := org.Areas(t.Context(), db.Pool)
	must(err)
	watch.Set(begin)
	m := epemerintahan.New(epemerintahan.Deps{DB: db.Pool, Clock: watch, Box: box})
	lives, homes, err := settle(t.Context(), db.Pool, m, watch, cast, unitsOf(areas), end, 600)
	must(err)
	cal, err := calendar.Load(t.Context(), db.Pool, unitsOf(areas)[kassiKassi])
	must(err)
	plans, err := askForLetters(t.Context(), d, watch, m, cast, unitsOf(areas), homes, cal, end, n)
	must(err)
	began := time.Now()
	if _, err = happen(t.Context(), watch, inTime(append(lives, plans...)), end); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d letters in %v", n, time.Since(began))
	return db
}
