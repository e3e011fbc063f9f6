package demo

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
	"makassartidakrantasa.com/portal/internal/portal"
)

// Whenever the demo starts, Puskesmas Kassi-Kassi is at work; the same moment shows the
// same queue everywhere.
func TestTodaysQueueRuns(t *testing.T) {
	t.Parallel()
	for _, at := range []time.Time{
		time.Date(2026, 11, 24, 10, 0, 0, 0, clock.Makassar), time.Date(2026, 11, 24, 7, 15, 0, 0, clock.Makassar),
		time.Date(2026, 11, 24, 15, 30, 0, 0, clock.Makassar), time.Date(2026, 11, 29, 23, 40, 0, 0, clock.Makassar),
	} {
		t.Run(at.Format("Mon 15.04"), func(t *testing.T) {
			t.Parallel()
			first := todaysQueue(t, at)
			for _, status := range []epuskesmas.Status{epuskesmas.Booked, epuskesmas.Waiting, epuskesmas.Done} {
				if !strings.Contains(first, string(status)) {
					t.Errorf("nobody is %s in %s", status, first)
				}
			}
			if !strings.Contains(first, string(epuskesmas.Serving)) && !strings.Contains(first, string(epuskesmas.Called)) {
				t.Errorf("nobody is called or served in %s", first)
			}
			if !strings.Contains(first, "L-010") { // who walks in passes the desk
				t.Errorf("the desk has no queue in %s", first)
			}
			if at.Hour() == 10 {
				if again := todaysQueue(t, at); again != first {
					t.Errorf("told again it is another one:\n%s\n%s", first, again)
				}
			}
		})
	}
}

// clinicHouse is Puskesmas Kassi-Kassi with its people, set up and empty, sixty days before a moment.
type clinicHouse struct {
	db    *pgtest.DB
	m     *epuskesmas.Module
	watch *clock.Fake
	cast  players
}

func newHouse(t *testing.T, at time.Time) clinicHouse {
	t.Helper()
	db := pgtest.New(t)
	box, err := crypt.Load(filepath.Join(t.TempDir(), "rahasia"), true)
	if err != nil {
		t.Fatal(err)
	}
	watch := clock.NewFake(midnight(at).AddDate(-1, 0, 0))
	if err := portal.EnsureRoles(t.Context(), db.Pool); err != nil {
		t.Fatal(err)
	}
	accounts := authn.New(authn.Config{Pool: db.Pool, Box: box, Clock: watch, BaseURL: "https://portal.test", Hasher: authn.NewHasher(authn.DefaultCost)})
	if err := hire(t.Context(), db.Pool, accounts, watch.Now()); err != nil {
		t.Fatal(err)
	}
	cast, err := actors(t.Context(), db.Pool, midnight(at))
	if err != nil {
		t.Fatal(err)
	}
	m := epuskesmas.New(epuskesmas.Deps{DB: db.Pool, Clock: watch, Box: box, BaseURL: "https://portal.test"})
	if err := openPuskesmas(t.Context(), m, cast["dinkes"], midnight(at).AddDate(0, 0, -60)); err != nil {
		t.Fatal(err)
	}
	return clinicHouse{db, m, watch, cast}
}

func todaysQueue(t *testing.T, at time.Time) string {
	t.Helper()
	h := newHouse(t, at)
	began := time.Now()
	if err := playMorning(t.Context(), h.m, h.watch, h.cast, at, 1); err != nil {
		t.Fatal(err)
	}
	states, err := pg.Scalars[string](t.Context(), h.db.Pool, `SELECT status || ' ' || count(*) || ' ' || string_agg(code, ',' ORDER BY day, poli_id, code) FROM epuskesmas_ticket GROUP BY status ORDER BY status`)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("told in %v", time.Since(began))
	return fmt.Sprint(states)
}
