package workledger_test

import (
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

// Whatever time the portal claims, as the role that it has, an entry bears the server's, also
// one of many at once, and also behind a table that pretends to be the clock.
func TestTheTimeOfAStepIsTheServers(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(workledger.FreeClock(ctx, db.Owner(), false))
	if err := workledger.FreeClock(ctx, db.Pool, true); err == nil {
		t.Fatal("the portal freed the clock")
	}
	step := workledger.Event{Module: "uji", Kind: "langkah", Object: "benda", ObjectID: 1, Outcome: "selesai"}
	before, err := pg.Scalar[time.Time](ctx, db.Pool, `SELECT clock_timestamp()`)
	must(err)
	for _, claim := range []time.Duration{0, -time.Minute, -48 * time.Hour, 48 * time.Hour} {
		must(workledger.Record(ctx, db.Pool, before.Add(claim), step))
	}
	must(workledger.Tell(ctx, db.Pool, []workledger.Past{{At: before.AddDate(-1, 0, 0), Event: step}, {At: before.AddDate(1, 0, 0), Event: step}}))
	tx, err := db.Pool.Begin(ctx)
	must(err)
	_, err = tx.Exec(ctx, `CREATE TEMPORARY TABLE work_clock AS SELECT true AS one, true AS free`)
	must(err)
	must(workledger.Record(ctx, tx, before.Add(-time.Hour), step))
	must(tx.Commit(ctx))
	for _, e := range read(t, db) {
		if e.At.Before(before) || e.At.After(e.Now) || !e.At.Equal(e.RecordedAt) {
			t.Errorf("at %v, written at %v, read at %v; all began at %v", e.At, e.RecordedAt, e.Now, before)
		}
	}

	must(workledger.FreeClock(ctx, db.Owner(), true))
	past := before.AddDate(-1, 0, 0)
	step.ObjectID = 2
	must(workledger.Tell(ctx, db.Pool, []workledger.Past{{At: past, Event: step}}))
	if all := read(t, db); !all[len(all)-1].At.Equal(past) {
		t.Errorf("a story's step is at %v, want %v", all[len(all)-1].At, past)
	}
}

type entry struct{ At, RecordedAt, Now time.Time }

func read(t *testing.T, db *pgtest.DB) []entry {
	t.Helper()
	all, err := pg.Many[entry](t.Context(), db.Pool, `SELECT at, recorded_at, clock_timestamp() AS now FROM work_event ORDER BY id`)
	if err != nil || len(all) < 7 {
		t.Fatal(len(all), err)
	}
	return all
}
