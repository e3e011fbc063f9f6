package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
	"makassartidakrantasa.com/portal/migrations"
)

// A rush: so many ask in the same second for so many places.
const (
	rushPatients  = 1000
	rushPlaces    = 300
	bookingTarget = time.Second // p99
	bookingDB     = "bench_booking"
)

// booking measures how long patients wait for their number, or to hear that there is
// none, when all of them ask at once; and again while a fifth of the commits fail, and
// while connections are cut in the middle.
func (b *run) booking(ctx context.Context) error {
	if err := b.server.Create(ctx, bookingDB); err != nil {
		return err
	}
	if err := pg.MigrateUp(ctx, b.server.URL(bookingDB, "portal_owner"), migrations.Files); err != nil {
		return err
	}
	pool, err := pg.Open(ctx, b.server.URL(bookingDB, "portal_app"), pg.Options{})
	if err != nil {
		return err
	}
	defer pool.Close()
	root, err := pg.Open(ctx, b.server.URL(bookingDB, pglocal.Superuser), pg.Options{})
	if err != nil {
		return err
	}
	defer root.Close()
	box, err := crypt.New(make([]byte, 32))
	if err != nil {
		return err
	}
	at := time.Date(2026, 11, 24, 6, 0, 0, 0, clock.Makassar)
	m := epuskesmas.New(epuskesmas.Deps{DB: pool, Clock: clock.NewFake(at), Box: box, Remember: time.Minute})
	if err := m.EnsureSites(ctx); err != nil {
		return err
	}
	b.heading(fmt.Sprintf("%d patients in the same second for %d places", rushPatients, rushPlaces))
	// A portal that has been running: its connections are open, its statements planned.
	quiet, err := pg.Scalar[int64](ctx, root, sqlRushPoli, "Z", rushPlaces)
	if err == nil {
		_, err = rush(ctx, m, root, quiet, at.AddDate(0, 0, 1), rushPlaces, false, false)
	}
	if err != nil {
		return err
	}
	for i, c := range []struct {
		what    string
		failing bool // a fifth of the commits
		cut     bool
	}{
		{"asking for a number, p50 and p99", false, false}, {"the same while every fifth commit fails", true, false},
		{"the same while connections are cut", false, true},
	} {
		poli, err := pg.Scalar[int64](ctx, root, sqlRushPoli, string(rune('A'+i)), rushPlaces)
		if err != nil {
			return err
		}
		b.say("%d patients ask for %d places: %s", rushPatients, rushPlaces, c.what)
		if c.failing {
			if _, err := root.Exec(ctx, breakEveryFifth); err != nil {
				return err
			}
		}
		took, err := rush(ctx, m, root, poli, at.AddDate(0, 0, 1), rushPatients, c.failing, c.cut)
		if err != nil {
			return err
		}
		if c.failing {
			if _, err := root.Exec(ctx, `DROP TRIGGER bench_break ON epuskesmas_event`); err != nil {
				return err
			}
		}
		var right bool
		if right, err = pg.Scalar[bool](ctx, root, sqlRushRight, poli, rushPlaces); err != nil {
			return err
		}
		slices.Sort(took)
		p50, p99 := took[len(took)/2], took[len(took)*99/100]
		figure := fmt.Sprintf("%s, %s", ms(p50), ms(p99))
		if c.cut {
			b.note(c.what, figure, "")
		} else {
			b.claim(c.what, figure, "", "p99 < "+ms(bookingTarget), p99 < bookingTarget)
		}
		b.claim("numbers given", fmt.Sprintf("1–%d, each once: %t", rushPlaces, right), "", "no gap, no double, quota kept", right)
	}
	return nil
}

const (
	sqlRushPoli = `WITH g AS (UPDATE epuskesmas_site SET open = true WHERE slug = 'kassi-kassi' RETURNING unit_id),
o AS (INSERT INTO epuskesmas_poli (unit_id, kind, letter, name, spoken) SELECT unit_id, 'poli', $1, 'Poli ' || $1, 'Poli ' || $1 FROM g RETURNING id),
p AS (INSERT INTO epuskesmas_plan (poli_id, weekday, starts, ends, quota, quota_online, valid_from)
	SELECT id, 3, '06:00', '12:00', $2, $2, '2026-01-01' FROM o)
SELECT id FROM o`
	sqlRushRight = `SELECT s.last_number = $2 AND s.taken = $2 AND count(t.id) = $2 AND count(DISTINCT t.number) = $2 AND max(t.number) = $2
FROM epuskesmas_session s JOIN epuskesmas_ticket t ON t.session_id = s.id WHERE s.poli_id = $1 GROUP BY s.id`
	// Every fifth commit that has given a number fails: sequences count what is rolled back
	// too.
	breakEveryFifth = `CREATE SEQUENCE bench_given;
GRANT USAGE ON SEQUENCE bench_given TO portal_app;
CREATE FUNCTION bench_break() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
	IF nextval('bench_given') % 5 = 0 THEN RAISE EXCEPTION 'the commit fails' USING ERRCODE = '58030'; END IF;
	RETURN NULL;
END$$;
CREATE CONSTRAINT TRIGGER bench_break AFTER INSERT ON epuskesmas_event DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW WHEN (NEW.action = 'pesan') EXECUTE FUNCTION bench_break()`
	sqlCutOne = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'portal_app'
	AND state <> 'idle' ORDER BY random() LIMIT 1`
)

// rush lets everybody ask at once. With cut, connections break all the while. Those whose
// sending failed, by that or because a commit did, ask again with the same key, as browsers do.
func rush(ctx context.Context, m *epuskesmas.Module, root *pgxpool.Pool, poli int64, startsAt time.Time, patients int, failing, cut bool) (took []time.Duration, err error) {
	took = make([]time.Duration, patients)
	failed := make([]error, patients)
	start, over := make(chan struct{}), make(chan struct{})
	var cutting sync.WaitGroup
	if cut {
		cutting.Go(func() {
			<-start
			tick := time.NewTicker(25 * time.Millisecond)
			defer tick.Stop()
			for {
				select {
				case <-over:
					return
				case <-tick.C:
					_ = pg.Exec(ctx, root, sqlCutOne)
				}
			}
		})
	}
	var wg sync.WaitGroup
	for i := range patients {
		wg.Go(func() {
			<-start
			began := time.Now()
			for {
				_, err := m.Book(ctx, authz.Actor{}, epuskesmas.Booking{
					Key: fmt.Sprint(poli, "-", i), PoliID: poli, StartsAt: startsAt, Name: "Pasien Ramai",
					BirthDate: time.Date(1980, 1, 1+i%300, 0, 0, 0, 0, clock.Makassar), Payer: epuskesmas.General,
					Contact: fmt.Sprintf("pasien%d.%d@contoh.id", poli, i), Origin: epuskesmas.OriginOnline,
				})
				took[i] = time.Since(began)
				if err == nil || errs.KindOf(err) == errs.Conflict {
					return
				}
				if !cut && !failing {
					failed[i] = err
					return
				}
			}
		})
	}
	close(start)
	wg.Wait()
	close(over)
	cutting.Wait()
	return took, errors.Join(failed...)
}
