package app

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/config"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
)

// breaker breaks the start off at the first sign of progress.
type breaker struct {
	io.Writer
	stop context.CancelFunc
}

func (b breaker) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("%")) {
		b.stop()
	}
	return len(p), nil
}

func TestTheStoryIsToldOnceAndWhole(t *testing.T) {
	t.Parallel()
	const reports = 6
	dir := t.TempDir()
	server, err := pglocal.Start(t.Context(), filepath.Join(dir, "postgres"), pglocal.Options{Throwaway: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	cfg, err := config.Load([]string{"PORTAL_DATA_DIR=" + dir})
	if err != nil {
		t.Fatal(err)
	}
	password, changed, err := demoPassword(cfg)
	if err != nil || !changed || len(password) < 12 {
		t.Fatalf("made up %q, %v, %v", password, changed, err)
	}

	ctx, stop := context.WithCancel(t.Context())
	if err := ensureStory(ctx, cfg, server, breaker{io.Discard, stop}, password, reports); err == nil {
		t.Fatal("a start that was broken off says nothing")
	}
	if there, err := server.Has(t.Context(), devDatabase); err != nil || there {
		t.Fatalf("half a story was kept: %v, %v", there, err)
	}
	for range 2 { // the second finds it told
		if err := ensureStory(t.Context(), cfg, server, io.Discard, password, reports); err != nil {
			t.Fatal(err)
		}
	}
	conn, err := pgx.Connect(t.Context(), server.URL(devDatabase, "portal_app"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	var n, files int
	if err := conn.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM mtr_report), (SELECT count(*) FROM mtr_photo WHERE stored)`).Scan(&n, &files); err != nil {
		t.Fatal(err)
	}
	if n != reports {
		t.Errorf("%d reports", n)
	}
	kept := 0
	err = filepath.WalkDir(filepath.Join(dir, "berkas"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && strings.HasSuffix(path, ".jpg") {
			kept++
		}
		return err
	})
	if err != nil || kept != 2*files {
		t.Errorf("%d photos and %d files, %v", files, kept, err)
	}
}
