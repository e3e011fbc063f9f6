package app

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/config"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
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
	cfg, err := config.Load([]string{"PORTAL_DATA_DIR=" + dir, "PORTAL_ADDR=127.0.0.1:0"})
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
	if n < reports {
		t.Errorf("%d reports", n)
	}
	if err := workledger.Record(t.Context(), conn, time.Now().AddDate(0, -1, 0), workledger.Event{Module: "uji", Kind: "uji", Object: "uji", ObjectID: 1, Outcome: "uji"}); err != nil {
		t.Fatal(err)
	}
	var today bool
	if err := conn.QueryRow(t.Context(), `SELECT at > now() - interval '1 hour' FROM work_event ORDER BY id DESC LIMIT 1`).Scan(&today); err != nil || !today {
		t.Errorf("after the story a step can be dated back: %v, %v", today, err)
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
	if err := conn.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Run("simulate", func(t *testing.T) { checkSimulation(t, cfg, server) })
}

// checkSimulation starts and ends a simulation of a story: its queues move, and nothing
// of it is left.
func checkSimulation(t *testing.T, cfg *config.Config, server *pglocal.Server) {
	events := func(database string) (n int) {
		conn, err := pgx.Connect(t.Context(), server.URL(database, "portal_app"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(context.Background())
		if err := conn.QueryRow(t.Context(), `SELECT count(*) FROM epuskesmas_event`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := events(devDatabase)
	cfg.Dev, cfg.DatabaseURL, cfg.BPJSAntreanURL = true, server.URL(devDatabase, "portal_app"), "https://bpjs.test"
	story, err := New(t.Context(), cfg, Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	out, said := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := simulate(ctx, &call{cfg: cfg, out: said}, server, story, topSpeed, func(address, database string) {
			if !strings.Contains(database, simulationDatabase) {
				t.Errorf("commands in another terminal reach %s", database)
			}
		})
		said.Close()
		ended <- err
	}()
	boards := make(chan string, 1)
	go func() {
		defer close(boards)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if _, board, found := strings.Cut(lines.Text(), "http://"); found && strings.Contains(board, "/layar/") {
				boards <- "http://" + board
			}
		}
	}()
	board, shown := <-boards
	if !shown {
		t.Fatal(<-ended)
	}
	answer, err := http.Get(board)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("the board answers %d", answer.StatusCode)
	}
	begun := events(simulationDatabase)
	for events(simulationDatabase) == begun && ctx.Err() == nil {
		<-time.After(50 * time.Millisecond)
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if !errors.Is(ctx.Err(), context.Canceled) {
		t.Errorf("within a minute nothing moved: %v", ctx.Err())
	}
	if there, err := server.Has(t.Context(), simulationDatabase); err != nil || there {
		t.Errorf("the copy is still there: %v, %v", there, err)
	}
	if _, err := os.Stat(filepath.Join(cfg.DataDir, simulationFolder)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the files of the copy: %v", err)
	}
	if after := events(devDatabase); after != before || begun < before {
		t.Errorf("the demo had %d events, its copy %d, and now it has %d", before, begun, after)
	}
}

func TestASimulationHasItsOwnFiles(t *testing.T) {
	t.Parallel()
	cfg, err := config.Load([]string{"PORTAL_DATA_DIR=" + t.TempDir(), "BPJS_ANTREAN_URL=https://bpjs.test", "BPJS_SATUSEHAT_URL=https://satusehat.test"})
	if err != nil {
		t.Fatal(err)
	}
	theirs := filepath.Join(cfg.DataDir, "berkas", "ab", "foto.jpg")
	if err := os.MkdirAll(filepath.Dir(theirs), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(theirs, []byte("foto"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second after one that was killed
		copied, err := simulationConfig(cfg)
		if err != nil {
			t.Fatal(err)
		}
		if copied.BPJSAntreanURL != "" || copied.BPJSSatusehatURL != "" || copied.SecretFile != cfg.SecretFile {
			t.Errorf("the copy is set to %+v", copied)
		}
		blobs, ours := strings.CutPrefix(copied.BlobURL, "file://")
		if !ours || blobs == filepath.Join(cfg.DataDir, "berkas") {
			t.Fatalf("its files are at %s", copied.BlobURL)
		}
		mine := filepath.Join(blobs, "ab", "foto.jpg")
		if b, err := os.ReadFile(mine); err != nil || string(b) != "foto" {
			t.Errorf("its photo is %q, %v", b, err)
		}
		if err := os.Remove(mine); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(theirs); err != nil {
		t.Errorf("the demo has lost a photo: %v", err)
	}
}
