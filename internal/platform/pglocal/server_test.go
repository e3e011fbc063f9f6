package pglocal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// The test binary starts itself again as the owner of a server, to be killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("PGLOCAL_TEST_OWN"); dir != "" {
		own(dir, os.Getenv("PGLOCAL_TEST_MODE"))
	}
	os.Exit(m.Run())
}

// own starts a server, commits a row, prints the server's pid and waits to be killed.
func own(dir, mode string) {
	s := &Server{dir: dir, noDeathSignal: mode == "guardian", noGuardian: mode == "deathsignal"}
	s.opts = Options{Throwaway: mode == "throwaway", Databases: []string{"portal"}}
	s, err := start(context.Background(), s)
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	conn, err := pgx.Connect(context.Background(), s.URL("portal", "portal_owner"))
	if err == nil {
		_, err = conn.Exec(context.Background(), `CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)`)
	}
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	fmt.Println(s.pid)
	select {}
}

func killOwner(t *testing.T, dir, mode string) (serverPID int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PGLOCAL_TEST_OWN="+dir, "PGLOCAL_TEST_MODE="+mode)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscan(line, &serverPID); err != nil {
		t.Fatalf("owner said %q", line)
	}
	if !isPostgres(serverPID) {
		t.Fatalf("process %d is no server", serverPID)
	}
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // "signal: killed"
	return serverPID
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !ok(); {
		if time.Now().After(deadline) {
			t.Fatalf("a minute passed and %s", what)
		}
		<-time.After(20 * time.Millisecond)
	}
}

func one[T any](t *testing.T, url, sql string) T {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var v T
	if err := conn.QueryRow(t.Context(), sql).Scan(&v); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return v
}

func mustStart(t *testing.T, dir string, o Options) *Server {
	t.Helper()
	s, err := Start(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestServerDiesWithItsOwner(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"deathsignal", "guardian"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			if mode == "deathsignal" && !hasDeathSignal {
				return // this system has the guardian only
			}
			dir := t.TempDir()
			pid := killOwner(t, dir, mode)
			eventually(t, "the server still runs", func() bool { return !isPostgres(pid) })
			s := mustStart(t, dir, Options{})
			if got := one[int](t, s.URL("portal", "portal_readonly"), `SELECT 42`); got != 42 {
				t.Fatalf("got %d", got)
			}
			if got := one[int](t, s.URL("portal", "portal_owner"), `SELECT n FROM kept`); got != 42 {
				t.Fatalf("the committed row reads %d", got)
			}
		})
	}
}

// A start right after the owner's death must wait for the old server, not fail.
func TestStartRightAfterOwnerWasKilled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	killOwner(t, dir, "")
	s := mustStart(t, dir, Options{})
	if got := one[int](t, s.URL("portal", "portal_owner"), `SELECT n FROM kept`); got != 42 {
		t.Fatalf("the committed row reads %d", got)
	}
}

func TestThrowawayLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "cluster")
	pid := killOwner(t, dir, "throwaway")
	eventually(t, "the server still runs", func() bool { return !isPostgres(pid) })
	eventually(t, "its folder is still there", func() bool {
		_, err := os.Stat(dir)
		return errors.Is(err, os.ErrNotExist)
	})
}

func TestOneOwnerAndRestartAndCrash(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := mustStart(t, dir, Options{Databases: []string{"portal"}})

	_, err := Start(t.Context(), dir, Options{})
	var held *HeldError
	if !errors.As(err, &held) || !strings.Contains(err.Error(), fmt.Sprintf("process %d", os.Getpid())) {
		t.Fatalf("a second start must name the holder, got: %v", err)
	}

	url := s.URL("portal", "portal_owner")
	if socket, ok := Running(dir); !ok || socket != s.Socket() {
		t.Errorf("Running: got %q, %v", socket, ok)
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	_, err = conn.Exec(t.Context(), `CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent; CREATE EXTENSION btree_gist;
		CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)`)
	if err != nil {
		t.Fatalf("the owner role must be able to set the schema up: %v", err)
	}
	if one[bool](t, url, `SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = 'portal_owner'`) {
		t.Error("portal_owner has more rights than it needs")
	}
	_ = conn.Close(t.Context())

	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.Socket()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket's folder outlived the server: %v", err)
	}
	if _, ok := Running(dir); ok {
		t.Error("Running says yes after Stop")
	}
	s = mustStart(t, dir, Options{})
	if s.URL("portal", "portal_owner") != url {
		t.Error("the address changed over a restart")
	}
	if err := s.Crash(); err != nil {
		t.Fatal(err)
	}
	s = mustStart(t, dir, Options{})
	if got := one[int](t, url, `SELECT n FROM kept`); got != 7 {
		t.Fatalf("after a crash the committed row reads %d", got)
	}
	for range 2 { // the second time in place of the first
		if err := s.Copy(t.Context(), "portal", "salinan"); err != nil {
			t.Fatal(err)
		}
		if got := one[int](t, s.URL("salinan", "portal_owner"), `UPDATE kept SET n = n + 1 RETURNING n`); got != 8 {
			t.Errorf("the copy's row becomes %d", got)
		}
	}
	if got := one[int](t, url, `SELECT n FROM kept`); got != 7 {
		t.Errorf("changing the copy changed the row to %d", got)
	}
	for range 2 { // the second time nothing is there
		if err := s.Drop(t.Context(), "salinan"); err != nil {
			t.Fatal(err)
		}
	}
	if there, err := s.Has(t.Context(), "salinan"); err != nil || there {
		t.Errorf("the copy is still there: %v, %v", there, err)
	}
	if info, err := os.Stat(s.Socket()); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("others may enter the socket's folder: %v %v", info, err)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	install := func(version string) string {
		dir := t.TempDir()
		for _, name := range []string{"postgres", "initdb"} {
			script := "#!/bin/sh\necho '" + name + " (PostgreSQL) " + version + " (Test)'\n"
			if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	old, v15, v17 := install("14.9"), install("15.4"), install("17beta1")
	for _, c := range []struct {
		name string
		dirs []string
		want int
		get  string
		err  string
	}{
		{"none", nil, 0, "", "apt-get install postgresql"},
		{"too old", []string{old, "/nowhere"}, 0, "", "apt-get install postgresql"},
		{"newest", []string{old, v15, v17}, 0, v17, ""},
		{"that of the data", []string{v17, v15}, 15, v15, ""},
		{"data of an absent version", []string{v15}, 16, "", "install postgresql-16"},
	} {
		got, err := find(c.dirs, c.want)
		if c.err == "" && (err != nil || got.dir != c.get) {
			t.Errorf("%s: got %v, %v", c.name, got, err)
		}
		if c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%s: got error %v", c.name, err)
		}
	}
}

func TestSweepKeepsWhatIsHeld(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	long := time.Now().Add(-time.Hour)
	for _, name := range []string{"pg-left", "pg-held", "pg-young"} {
		dir := filepath.Join(base, name)
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		f, err := lockDir(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		if name != "pg-young" {
			if err := os.Chtimes(f.Name(), long, long); err != nil {
				t.Fatal(err)
			}
		}
		if name == "pg-held" {
			t.Cleanup(func() { f.Close() })
		} else {
			f.Close()
		}
	}
	if err := Sweep(t.Context(), filepath.Join(base, "pg-*")); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(base)
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, e := range entries {
		left = append(left, e.Name())
	}
	if strings.Join(left, " ") != "pg-held pg-young" {
		t.Errorf("left: %v", left)
	}
}
