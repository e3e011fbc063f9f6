package backup

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Portal is what is backed up, or what a backup is restored to.
type Portal struct {
	// DatabaseURL is past a transaction pooler, as the role that owns the schema.
	DatabaseURL string
	Files       blob.Store
	Box         *crypt.Box
}

// Manifest says what a backup holds.
type Manifest struct {
	Format   int       `json:"format"` // 1
	TakenAt  time.Time `json:"taken_at"`
	Schema   int64     `json:"schema"`
	Tables   []Table   `json:"tables"`
	Database string    `json:"database_sha256"` // of the encrypted file
	List     string    `json:"list_sha256"`     // of the encrypted list of files
	Files    int       `json:"files"`
	Bytes    int64     `json:"bytes"` // of the files
	Copied   int       `json:"-"`     // files that no earlier backup had
}

// Rows is how many rows all tables have together.
func (m Manifest) Rows() (n int64) {
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

const (
	format       = 1
	filesDir     = "files"
	manifestFile = "manifest.age"
	databaseFile = "database.age"
	listFile     = "files.age"
	nameLayout   = "20060102T150405.000Z"
	unfinished   = ".unfinished-"
	copies       = 4 // files on their way at once
)

var errAddress = errors.New("the database address is not a PostgreSQL address")

// entry is one file of a backup.
type entry struct {
	Key  string `json:"key"`
	Size int64  `json:"size"`
	File string `json:"file"` // its name below files/
}

// header is the first line within an encrypted file.
type header struct {
	Key  string `json:"key"`
	Size int64  `json:"size"`
	Type string `json:"type"`
}

// Take makes a backup in dir and returns its path. The portal goes on meanwhile, only
// deletions of files wait. A backup that breaks off leaves nothing that looks like one;
// the files that it copied serve the next.
func Take(ctx context.Context, p Portal, dir string, now time.Time) (path string, m Manifest, err error) {
	defer errs.In(&err, "backup.Take")
	m = Manifest{Format: format, TakenAt: now.UTC()}
	if err := os.MkdirAll(filepath.Join(dir, filesDir), 0o700); err != nil {
		return "", m, err
	}
	if err := clearUnfinished(dir, now); err != nil {
		return "", m, err
	}
	tmp := filepath.Join(dir, unfinished+rand.Text())
	if err := os.Mkdir(tmp, 0o700); err != nil {
		return "", m, err
	}
	defer os.RemoveAll(tmp) // after the rename below there is nothing under this name
	k := keeper{p.Box}
	err = atOnePoint(ctx, p.DatabaseURL, func(tx pgx.Tx, snapshot string) error {
		if err := tx.QueryRow(ctx, `SELECT version FROM schema_migrations WHERE NOT dirty`).Scan(&m.Schema); err != nil {
			return fmt.Errorf("read the schema's version: %w", err)
		}
		if m.Database, err = dump(ctx, p.DatabaseURL, snapshot, k, filepath.Join(tmp, databaseFile)); err != nil {
			return fmt.Errorf("dump the database: %w", err)
		}
		if m.Tables, err = census(ctx, tx); err != nil {
			return err
		}
		return copyFiles(ctx, p, k, dir, filepath.Join(tmp, listFile), &m)
	})
	if err != nil {
		return "", m, err
	}
	if err := k.writeJSON(filepath.Join(tmp, manifestFile), m); err != nil {
		return "", m, err
	}
	path = filepath.Join(dir, m.TakenAt.Format(nameLayout))
	if err := errors.Join(syncDir(tmp), os.Rename(tmp, path), syncDir(dir)); err != nil {
		return "", m, err
	}
	return path, m, nil
}

// atOnePoint holds back deletions of files and runs fn with one snapshot of the database.
func atOnePoint(ctx context.Context, databaseURL string, fn func(tx pgx.Tx, snapshot string) error) error {
	cfg, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return errAddress
	}
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx)) // and with it the lock
	if _, err := conn.Exec(ctx, plainText); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, int64(lock)); err != nil {
		return fmt.Errorf("wait for deletions that are under way: %w", err)
	}
	return pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		var snapshot string
		if err := tx.QueryRow(ctx, `SELECT pg_export_snapshot()`).Scan(&snapshot); err != nil {
			return err
		}
		return fn(tx, snapshot)
	})
}

func dump(ctx context.Context, databaseURL, snapshot string, k keeper, path string) (sum string, err error) {
	out, err := k.create(path)
	if err != nil {
		return "", err
	}
	cmd, err := program(ctx, databaseURL, "pg_dump", "--format=custom", "--compress=1", "--no-owner", "--snapshot="+snapshot)
	if err != nil {
		out.drop()
		return "", err
	}
	cmd.Stdout = out
	if err := run(cmd); err != nil {
		out.drop()
		return "", err
	}
	return out.finish()
}

// copyFiles copies what no earlier backup in dir copied, and lists all.
func copyFiles(ctx context.Context, p Portal, k keeper, dir, listPath string, m *Manifest) error {
	list, err := k.create(listPath)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			list.drop()
		}
	}()
	var (
		mu    sync.Mutex
		lines = json.NewEncoder(list)
	)
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(copies)
	err = p.Files.List(groupCtx, func(key string, info blob.Info) error {
		group.Go(func() error {
			e := entry{Key: key, Size: info.Size, File: fileName(p.Box, key, info)}
			fresh, err := copyFile(groupCtx, p.Files, k, dir, e)
			if errs.KindOf(err) == errs.NotFound {
				return nil // deleted before the snapshot, listed before that
			}
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			m.Files++
			m.Bytes += e.Size
			if fresh {
				m.Copied++
			}
			return lines.Encode(e)
		})
		return groupCtx.Err()
	})
	if err = errors.Join(group.Wait(), err); err != nil {
		return fmt.Errorf("copy the files: %w", err)
	}
	m.List, err = list.finish()
	return err
}

// fileName is the same for the same content: a file that was replaced gets another.
func fileName(box *crypt.Box, key string, info blob.Info) string {
	name := hex.EncodeToString(box.MAC("backup/name", fmt.Appendf(nil, "%s %d %d", key, info.Size, info.ModTime.Unix()))[:16])
	return name[:2] + "/" + name + ".age"
}

// copyFile reports whether the file was not there yet.
func copyFile(ctx context.Context, files blob.Store, k keeper, dir string, e entry) (fresh bool, err error) {
	path := filepath.Join(dir, filesDir, e.File)
	if _, err := os.Stat(path); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return false, err
	}
	r, info, err := files.Get(ctx, e.Key)
	if err != nil {
		return false, err
	}
	defer r.Close()
	out, err := k.create(path + unfinished + rand.Text())
	if err != nil {
		return false, err
	}
	defer func() {
		if err != nil {
			out.drop()
		}
	}()
	if err := json.NewEncoder(out).Encode(header{e.Key, info.Size, info.ContentType}); err != nil {
		return false, err
	}
	if _, err := io.Copy(out, r); err != nil {
		return false, err
	}
	if _, err := out.finish(); err != nil {
		return false, err
	}
	return true, errors.Join(os.Rename(out.file.Name(), path), syncDir(filepath.Dir(path)))
}

func (k keeper) writeJSON(path string, v any) error {
	f, err := k.create(path)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(f).Encode(v); err != nil {
		f.drop()
		return err
	}
	_, err = f.finish()
	return err
}

// Backups are the paths of the backups in dir, oldest first.
func Backups(dir string) (paths []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if _, err := time.Parse(nameLayout, e.Name()); err == nil && e.IsDir() {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	slices.Sort(paths)
	return paths, nil
}

// clearUnfinished removes what backups left that broke off more than a day ago: younger ones may
// still be at work.
func clearUnfinished(dir string, now time.Time) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || !strings.Contains(d.Name(), unfinished) {
			return err
		}
		if info, err := d.Info(); err != nil || now.Sub(info.ModTime()) < 24*time.Hour {
			return nil
		}
		if err := os.RemoveAll(path); err != nil {
			return err
		}
		if d.IsDir() {
			return fs.SkipDir
		}
		return nil
	})
}
