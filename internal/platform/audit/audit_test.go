package audit_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

func setUp(t *testing.T) (*pgtest.DB, *audit.Sealer) {
	t.Helper()
	db := pgtest.New(t)
	box, err := crypt.New(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	return db, &audit.Sealer{Pool: db.Pool, Box: box}
}

func write(t *testing.T, db *pgtest.DB, n int) {
	t.Helper()
	for i := range n {
		err := audit.Write(t.Context(), db.Pool, authz.System("uji"), time.Now(), audit.Entry{Action: "uji.tulis", Object: "benda", ObjectID: int64(i + 1), Detail: map[string]any{"ke": i}})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestEveryKindOfTamperingIsFound(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"changed":  `UPDATE audit_entry SET detail = '{"ke": 99}' WHERE id = 3`,
		"removed":  `DELETE FROM audit_entry WHERE id = 3`,
		"reseated": `UPDATE audit_seal SET entry_id = 100 WHERE position = 3`,
		"cut out":  `DELETE FROM audit_seal WHERE position = 3`,
		"cut off":  `WITH s AS (DELETE FROM audit_seal WHERE position >= 3) DELETE FROM audit_entry WHERE id >= 3`,
		"unsealed": `INSERT INTO audit_entry (at, actor, action) VALUES (now() - interval '2 minutes', 'x', 'uji.sisip')`,
		"work":     `UPDATE work_event SET outcome = 'lain'`,
		"thread":   `UPDATE work_event SET thread_id = 7`,
		"holder":   `UPDATE work_event SET holder_id = NULL`,
		"gone":     `DELETE FROM work_event`,
		"dated":    `UPDATE work_event SET recorded_at = recorded_at - interval '1 day'`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, sealer := setUp(t)
			write(t, db, 5)
			err := workledger.Record(t.Context(), db.Pool, time.Now(), workledger.Event{Module: "uji", Kind: "langkah", Object: "benda", ObjectID: 1, HolderID: 4, Outcome: "selesai"})
			if err != nil {
				t.Fatal(err)
			}
			if err := sealer.Seal(t.Context()); err != nil {
				t.Fatal(err)
			}
			heads, err := audit.Verify(t.Context(), db.Pool, sealer.Box, nil)
			if err != nil || heads[0].Position != 5 || heads[1].Position != 1 {
				t.Fatalf("untouched trail: %v, %v", heads, err)
			}
			if _, err := db.Owner().Exec(t.Context(), `ALTER TABLE audit_entry DISABLE TRIGGER USER; ALTER TABLE audit_seal DISABLE TRIGGER USER; ALTER TABLE work_event DISABLE TRIGGER USER; `+sql); err != nil {
				t.Fatal(err)
			}
			var broken *audit.Broken
			if _, err := audit.Verify(t.Context(), db.Pool, sealer.Box, heads); !errors.As(err, &broken) {
				t.Errorf("tampering went unseen: %v", err)
			}
		})
	}
}

func TestTrailIsAppendOnlyForThePortal(t *testing.T) {
	t.Parallel()
	db, sealer := setUp(t)
	write(t, db, 1)
	if err := sealer.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"audit_entry", "audit_seal", "work_event"} {
		for _, sql := range []string{"DELETE FROM " + table, "TRUNCATE " + table, fmt.Sprintf("UPDATE %s SET %s = NULL", table, map[string]string{"audit_entry": "actor", "audit_seal": "mac", "work_event": "kind"}[table])} {
			if _, err := db.Pool.Exec(t.Context(), sql); err == nil || !strings.Contains(err.Error(), "permission denied") {
				t.Errorf("%s: %v", sql, err)
			}
		}
	}
	if _, err := db.Owner().Exec(t.Context(), "DELETE FROM audit_entry"); err == nil {
		t.Error("the owner must have to drop the trigger first")
	}
}

// Several portals seal while many requests write: no entry is sealed twice or
// left out, and the chain holds.
func TestSealersAndWritersInParallel(t *testing.T) {
	t.Parallel()
	db, sealer := setUp(t)
	var writers, sealers sync.WaitGroup
	stop, cancel := context.WithCancel(t.Context())
	for range 3 {
		sealers.Go(func() {
			for stop.Err() == nil {
				if err := sealer.Seal(t.Context()); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for range 8 {
		writers.Go(func() { write(t, db, 25) })
	}
	writers.Wait()
	cancel()
	sealers.Wait()
	if err := sealer.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	heads, err := audit.Verify(t.Context(), db.Pool, sealer.Box, nil)
	if err != nil || heads[0].Position != 200 {
		t.Fatalf("heads %v, %v", heads, err)
	}
}

// An entry that commits long after it took its id is found, though not by every look.
func TestALateEntryIsSealed(t *testing.T) {
	t.Parallel()
	db, sealer := setUp(t)
	for i, c := range []struct {
		id   string
		seal func(context.Context) error
		want int64
	}{{"5000", sealer.SealNew, 1}, {"4500", sealer.SealNew, 2}, {"10", sealer.SealNew, 2}, {"20", sealer.Seal, 4}} {
		if _, err := db.Owner().Exec(t.Context(), `ALTER TABLE audit_entry ALTER COLUMN id RESTART WITH `+c.id); err != nil {
			t.Fatal(err)
		}
		write(t, db, 1)
		if err := c.seal(t.Context()); err != nil {
			t.Fatal(err)
		}
		if heads, err := audit.Heads(t.Context(), db.Pool); err != nil || heads[0].Position != c.want {
			t.Fatalf("%d: heads %v, %v, want %d", i, heads, err, c.want)
		}
	}
}

func TestExportedHeadsRoundTrip(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	want := []audit.Head{{Trail: "audit", Position: 7, MAC: "ab"}}
	if err := audit.ExportHeads(dir, time.Now().AddDate(0, 0, -1), []audit.Head{{Trail: "audit", Position: 1}}); err != nil {
		t.Fatal(err)
	}
	if err := audit.ExportHeads(dir, time.Now(), want); err != nil {
		t.Fatal(err)
	}
	got, err := audit.ExportedHeads(dir)
	if err != nil || len(got) != 1 || got[0] != want[0] {
		t.Errorf("got %v, %v", got, err)
	}
}
