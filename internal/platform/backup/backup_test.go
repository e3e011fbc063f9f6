package backup_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/backup"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

// place is a database with a folder for files.
type place struct {
	backup.Portal
	db *pgtest.DB
}

func newPlace(t *testing.T, db *pgtest.DB, box *crypt.Box) place {
	t.Helper()
	files, err := blob.Open("file://" + t.TempDir() + "?sync=off")
	if err != nil {
		t.Fatal(err)
	}
	return place{backup.Portal{DatabaseURL: db.URLFor("portal_owner"), Files: files, Box: box}, db}
}

func newBox(t *testing.T, n byte) *crypt.Box {
	t.Helper()
	box, err := crypt.New(bytes.Repeat([]byte{n}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return box
}

// busy is a portal at work: each of several writers puts a file and then the row that
// names it, and now and then takes a row back and deletes its file, as the modules do.
func busy(ctx context.Context, t *testing.T, p place) (stop func()) {
	t.Helper()
	if _, err := p.db.Owner().Exec(ctx, `CREATE TABLE backup_probe (key text PRIMARY KEY); GRANT SELECT, INSERT, DELETE ON backup_probe TO portal_app`); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(ctx)
	files := backup.Hold(p.Files, p.db.Pool)
	var wg sync.WaitGroup
	for writer := range 3 {
		wg.Go(func() {
			var mine, waiting []string
			for i := 0; ctx.Err() == nil; i++ {
				key := fmt.Sprintf("probe/%d-%d.jpg", writer, i)
				content := content(key)
				err := files.Put(ctx, key, strings.NewReader(content), int64(len(content)), "image/x-probe")
				if err == nil {
					_, err = p.db.Pool.Exec(ctx, `INSERT INTO backup_probe VALUES ($1)`, key)
				}
				mine = append(mine, key)
				if i%3 == 2 && err == nil {
					n := rand.IntN(len(mine))
					if _, err = p.db.Pool.Exec(ctx, `DELETE FROM backup_probe WHERE key = $1`, mine[n]); err == nil {
						waiting = append(waiting, mine[n])
						mine = append(mine[:n], mine[n+1:]...)
					}
				}
				if len(waiting) > 0 && err == nil {
					err = files.Delete(ctx, waiting[0])
					switch {
					case err == nil:
						waiting = waiting[1:]
					case errs.KindOf(err) == errs.Unavailable:
						err = nil // a backup runs: later
					}
				}
				if err != nil && ctx.Err() == nil {
					t.Errorf("writer %d: %v", writer, err)
					return
				}
				select {
				case <-ctx.Done():
				case <-time.After(2 * time.Millisecond): // the other programs need the machine too
				}
			}
		})
	}
	return func() { cancel(); wg.Wait() }
}

func content(key string) string { return strings.Repeat(key, 300) }

// wholeProbe tells how many rows there are; each must have its file.
func wholeProbe(t *testing.T, p place) int {
	t.Helper()
	rows, err := p.db.Owner().Query(t.Context(), `SELECT key FROM backup_probe`)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		r, info, err := p.Files.Get(t.Context(), key)
		if err != nil {
			t.Fatalf("a row of the backup names a file that it does not hold: %v", err)
		}
		b, err := io.ReadAll(r)
		if err != nil || string(b) != content(key) || info.ContentType != "image/x-probe" {
			t.Errorf("%s came back as %d bytes of %s, %v", key, len(b), info.ContentType, err)
		}
		r.Close()
	}
	return len(keys)
}

func TestOnePointWhileThePortalWorks(t *testing.T) {
	t.Parallel()
	ctx, dir, box := t.Context(), t.TempDir(), newBox(t, 1)
	from := newPlace(t, pgtest.New(t), box)
	stop := busy(ctx, t, from)
	at := time.Date(2026, 11, 26, 3, 0, 0, 0, time.UTC)
	first, _, err := backup.Take(ctx, from.Portal, dir, at)
	if err != nil {
		t.Fatal(err)
	}
	second, m, err := backup.Take(ctx, from.Portal, dir, at.Add(time.Hour))
	stop()
	if err != nil {
		t.Fatal(err)
	}
	if m.Copied == 0 || m.Copied >= m.Files {
		t.Errorf("the second backup copied %d of %d files: only the new ones are copied", m.Copied, m.Files)
	}
	to := newPlace(t, pgtest.NewEmpty(t), box)
	got, err := backup.Restore(ctx, to.Portal, second)
	if err != nil {
		t.Fatal(err)
	}
	if n := wholeProbe(t, to); n == 0 || got.Rows() < int64(n) {
		t.Errorf("%d rows with files, %d rows in all", n, got.Rows())
	}
	var may bool
	if err := to.db.Pool.QueryRow(ctx, `SELECT has_table_privilege('audit_entry', 'INSERT') AND NOT has_table_privilege('audit_entry', 'DELETE')`).Scan(&may); err != nil || !may {
		t.Errorf("the portal's rights came not back: %t, %v", may, err)
	}
	if _, err := backup.Restore(ctx, to.Portal, second); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("a second restore over the first says %v", err)
	}

	if n, err := backup.Prune(from.Portal, dir, 1); err != nil || n != 1 {
		t.Errorf("pruned %d, %v", n, err)
	}
	if _, err := os.Stat(first); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the old backup is still there: %v", err)
	}
	again := newPlace(t, pgtest.NewEmpty(t), box)
	if _, err := backup.Restore(ctx, again.Portal, second); err != nil {
		t.Errorf("what was kept no longer restores: %v", err)
	}
}

func TestDamageAndStrangersAreRefused(t *testing.T) {
	t.Parallel()
	ctx, dir, box := t.Context(), t.TempDir(), newBox(t, 1)
	from := newPlace(t, pgtest.New(t), box)
	if err := from.Files.Put(ctx, "a.jpg", strings.NewReader("photo"), 5, "image/jpeg"); err != nil {
		t.Fatal(err)
	}
	path, _, err := backup.Take(ctx, from.Portal, dir, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	to := newPlace(t, pgtest.NewEmpty(t), box)
	stranger := to.Portal
	stranger.Box = newBox(t, 2)
	if _, err := backup.Restore(ctx, stranger, path); err == nil || !strings.Contains(err.Error(), "another secret file") {
		t.Errorf("with another secret file: %v", err)
	}
	copied, err := filepath.Glob(filepath.Join(dir, "files", "*", "*.age"))
	if err != nil || len(copied) != 1 {
		t.Fatalf("%d files, %v", len(copied), err)
	}
	for _, file := range []string{filepath.Join(path, "database.age"), filepath.Join(path, "files.age"), filepath.Join(path, "manifest.age"), copied[0]} {
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for what, damaged := range map[string][]byte{"a changed byte": changed(whole), "a missing end": whole[:len(whole)-7]} {
			if err := os.WriteFile(file, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := backup.Restore(ctx, to.Portal, path); err == nil {
				t.Errorf("%s in %s went unnoticed", what, filepath.Base(file))
			}
		}
		if err := os.WriteFile(file, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := backup.Restore(ctx, to.Portal, path); err != nil {
		t.Errorf("after all that, the whole backup: %v", err)
	}
}

func changed(whole []byte) []byte {
	b := bytes.Clone(whole)
	b[len(b)-20] ^= 1
	return b
}

func TestNoFileIsDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	p := newPlace(t, pgtest.NewEmpty(t), newBox(t, 1))
	files := backup.Hold(p.Files, p.db.Pool)
	if err := files.Put(ctx, "a.jpg", strings.NewReader("photo"), 5, "image/jpeg"); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(ctx, p.DatabaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, int64(backup.Lock)); err != nil {
		t.Fatal(err)
	}
	if err := files.Delete(ctx, "a.jpg"); errs.KindOf(err) != errs.Unavailable {
		t.Errorf("a deletion during a backup says %v", err)
	}
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_unlock($1)`, int64(backup.Lock)); err != nil {
		t.Fatal(err)
	}
	if err := files.Delete(ctx, "a.jpg"); err != nil {
		t.Error(err)
	}
}
