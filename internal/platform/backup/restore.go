package backup

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Restore brings the backup at path into p, whose database must be empty and whose roles
// must be there, and holds the result against the backup's counts and hashes. Files come first,
// the database last and as a whole: a restore that breaks off can be run again.
func Restore(ctx context.Context, p Portal, path string) (m Manifest, err error) {
	defer errs.In(&err, "backup.Restore")
	k := keeper{p.Box}
	if m, err = k.manifest(path); err != nil {
		return m, err
	}
	for name, sum := range map[string]string{databaseFile: m.Database, listFile: m.List} {
		if err := checkSum(filepath.Join(path, name), sum); err != nil {
			return m, err
		}
	}
	conn, err := pgx.Connect(ctx, p.DatabaseURL)
	if err != nil {
		return m, errors.New("the database cannot be reached")
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, plainText); err != nil {
		return m, err
	}
	if empty, err := isEmpty(ctx, conn); err != nil || !empty {
		return m, errors.Join(err, refuse(!empty && err == nil, "the database is not empty: restore into a new one"))
	}
	if err := restoreFiles(ctx, p, k, path); err != nil {
		return m, err
	}
	if err := restoreDatabase(ctx, p.DatabaseURL, k, filepath.Join(path, databaseFile)); err != nil {
		return m, fmt.Errorf("restore the database: %w", err)
	}
	err = pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		got, err := census(ctx, tx)
		if err != nil {
			return err
		}
		different := differences(m.Tables, got)
		return refuse(len(different) > 0, "restored, but not equal to what was backed up: "+strings.Join(different, ", "))
	})
	if err != nil {
		return m, err
	}
	_, err = conn.Exec(ctx, `ANALYZE`)
	return m, err
}

func refuse(when bool, why string) error {
	if when {
		return errors.New(why)
	}
	return nil
}

func (k keeper) manifest(path string) (m Manifest, err error) {
	r, c, err := k.open(filepath.Join(path, manifestFile))
	if err != nil {
		return m, err
	}
	defer c.Close()
	if err := json.NewDecoder(r).Decode(&m); err != nil {
		return m, fmt.Errorf("read %s: %w", manifestFile, err)
	}
	return m, refuse(m.Format != format, "this backup was made by a newer portal: restore it with that one")
}

func isEmpty(ctx context.Context, conn *pgx.Conn) (empty bool, err error) {
	err = conn.QueryRow(ctx, `SELECT NOT EXISTS (SELECT FROM pg_class c
		WHERE c.relnamespace = 'public'::regnamespace
		  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e'))`).Scan(&empty)
	return empty, err
}

func restoreDatabase(ctx context.Context, databaseURL string, k keeper, path string) error {
	r, c, err := k.open(path)
	if err != nil {
		return err
	}
	defer c.Close()
	cmd, err := program(ctx, databaseURL, "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", "--dbname=") // the one that the environment names
	if err != nil {
		return err
	}
	cmd.Stdin = r
	return run(cmd)
}

func restoreFiles(ctx context.Context, p Portal, k keeper, path string) error {
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(copies)
	err := k.eachFile(path, func(e entry) error {
		group.Go(func() error { return restoreFile(groupCtx, p, k, filepath.Dir(path), e) })
		return groupCtx.Err()
	})
	if err := errors.Join(group.Wait(), err); err != nil {
		return fmt.Errorf("restore the files: %w", err)
	}
	return nil
}

func restoreFile(ctx context.Context, p Portal, k keeper, dir string, e entry) error {
	r, c, err := k.open(filepath.Join(dir, filesDir, e.File))
	if err != nil {
		return err
	}
	defer c.Close()
	content := bufio.NewReaderSize(r, 1<<16)
	line, err := content.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("%s is damaged: %w", e.File, err)
	}
	var h header
	if err := json.Unmarshal(line, &h); err != nil || h.Key != e.Key || h.Size != e.Size {
		return errors.Join(err, fmt.Errorf("%s holds another file than the backup says", e.File))
	}
	return p.Files.Put(ctx, h.Key, content, h.Size, h.Type)
}

// eachFile calls each for every file that the backup at path lists.
func (k keeper) eachFile(path string, each func(entry) error) error {
	r, c, err := k.open(filepath.Join(path, listFile))
	if err != nil {
		return err
	}
	defer c.Close()
	for lines := json.NewDecoder(r); ; {
		var e entry
		switch err := lines.Decode(&e); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read %s: %w", listFile, err)
		}
		if err := each(e); err != nil {
			return err
		}
	}
}

// Prune removes all backups in dir but the newest keep, and the files that none of those
// lists. It must not run beside a backup.
func Prune(p Portal, dir string, keep int) (removed int, err error) {
	defer errs.In(&err, "backup.Prune")
	k := keeper{p.Box}
	paths, err := Backups(dir)
	if err != nil || keep < 1 || len(paths) <= keep {
		return 0, err
	}
	old, kept := paths[:len(paths)-keep], paths[len(paths)-keep:]
	needed := map[string]bool{}
	for _, path := range kept {
		if err := k.eachFile(path, func(e entry) error { needed[e.File] = true; return nil }); err != nil {
			return 0, err
		}
	}
	for _, path := range old {
		if err := os.RemoveAll(path); err != nil {
			return removed, err
		}
		removed++
	}
	root := filepath.Join(dir, filesDir)
	return removed, filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err == nil && !needed[filepath.ToSlash(name)] && !strings.Contains(name, unfinished) {
			err = os.Remove(path)
		}
		return err
	})
}
