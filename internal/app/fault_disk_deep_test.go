//go:build deep

package app_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
)

// disksEnv names the folder of the small disks to the test that runs over them.
const disksEnv = "PORTAL_TEST_DISKS"

// onSmallDisks runs the test once more in a namespace where disks of their own, by their names
// and sizes, lie under a folder that the server's user may enter. Here it is "", there that folder.
func onSmallDisks(t *testing.T, disks map[string]string) (dir string) {
	t.Helper()
	if dir := os.Getenv(disksEnv); dir != "" {
		return dir
	}
	dir, err := os.MkdirTemp("", "portal-disks-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // PostgreSQL is another user
		t.Fatal(err)
	}
	var script strings.Builder
	for name, size := range disks {
		fmt.Fprintf(&script, "mkdir %[1]s/%[2]s && mount -t tmpfs -o mode=0777,size=%[3]s tmpfs %[1]s/%[2]s && ", dir, name, size)
	}
	words := []string{"--mount"}
	if os.Geteuid() == 0 {
		script.WriteString(`exec "$@"`)
	} else { // a root of its own mounts, and is whom it was afterwards: PostgreSQL refuses to be root
		words = append(words, "--map-root-user")
		fmt.Fprintf(&script, `exec unshare --map-user=%d --map-group=%d "$@"`, os.Geteuid(), os.Getegid())
	}
	words = append(words, "sh", "-euc", script.String(), "sh", os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=10m")
	cmd := exec.Command("unshare", words...)
	cmd.Env = append(os.Environ(), disksEnv+"="+dir)
	out, err := cmd.CombinedOutput()
	t.Logf("over small disks:\n%s", out)
	if err != nil {
		t.Error(err)
	}
	return ""
}

// fill leaves no room on the disk that a folder lies on, until room is asked for.
func fill(t *testing.T, dir string) (room func()) {
	t.Helper()
	path := filepath.Join(dir, "isi")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for block := make([]byte, 4096); err == nil; {
		_, err = f.Write(block)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	return func() {
		if err := os.Remove(path); err != nil {
			t.Error(err)
		}
	}
}

// TestTheDatabasesDiskIsFull fills the disk of PostgreSQL's tables, and then that of its log,
// while reports come in. On the first each statement that needs room fails; on the second
// PostgreSQL ends, and whoever supervises it starts it again. Who is refused is told so in
// words, nothing acknowledged is lost, and with room again all goes on by itself.
func TestTheDatabasesDiskIsFull(t *testing.T) {
	dir := onSmallDisks(t, map[string]string{"tables": "200m", "log": "100m"})
	if dir == "" {
		return
	}
	const n = 240
	pgdir, log := filepath.Join(dir, "pg"), filepath.Join(dir, "log")
	server := durable(t, pgdir)
	super := func(sql string) error {
		conn, err := pgx.Connect(t.Context(), server.URL("postgres", pglocal.Superuser))
		if err != nil {
			return err
		}
		defer conn.Close(context.WithoutCancel(t.Context()))
		_, err = conn.Exec(t.Context(), sql)
		return err
	}
	run := func(name string, words ...string) {
		t.Helper()
		if out, err := exec.Command(name, words...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
	}
	tables := filepath.Join(dir, "tables", "portal")
	run("mkdir", "--mode=700", tables)
	run("chown", "--reference="+server.Socket(), tables)
	for _, sql := range []string{"CREATE TABLESPACE small LOCATION '" + tables + "'", "ALTER DATABASE portal SET TABLESPACE small"} {
		if err := super(sql); err != nil {
			t.Fatal(err)
		}
	}
	if err := server.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	wal := filepath.Join(pgdir, "data", "pg_wal")
	run("mv", wal, log)
	run("ln", "-s", filepath.Join(log, "pg_wal"), wal)

	// A supervisor starts PostgreSQL again as long as it ends.
	options := pglocal.Options{Settings: map[string]string{"wal_recycle": "off", "min_wal_size": "32MB", "max_wal_size": "48MB"}}
	server, err := pglocal.Start(t.Context(), pgdir, options)
	if err != nil {
		t.Fatal(err)
	}
	ended, over := make(chan struct{}), make(chan struct{})
	var starts atomic.Int64
	go func() {
		defer close(over)
		for s := server; ; {
			select {
			case <-ended:
				if err := s.Stop(context.Background()); err != nil {
					t.Errorf("stop the database: %v", err)
				}
				return
			case <-s.Done():
			}
			_ = s.Stop(context.Background())
			<-time.After(500 * time.Millisecond)
			starts.Add(1)
			if again, err := pglocal.Start(context.Background(), pgdir, options); err == nil {
				s = again
			}
		}
	}()
	t.Cleanup(func() { close(ended); <-over })

	p := newPortal(t, server.URL("portal", "portal_app"), filepath.Join(dir, "data"), &apptest.Mailbox{})
	drafts := p.drafts(n, mediatest.JPEG(320, 240))
	told := map[string]bool{}
	refusedOf := func(senders *apptest.Senders) (refused []string) {
		t.Helper()
		for draft, acknowledged := range senders.Done() {
			if told[draft] = acknowledged; !acknowledged {
				refused = append(refused, draft)
			}
		}
		if len(refused) == 0 {
			t.Fatal("all were taken: nothing is shown")
		}
		t.Logf("%d of %d reports were refused", len(refused), n/2)
		return refused
	}
	inWords := func(draft string) {
		t.Helper()
		began := time.Now()
		resp, err := visitor.Post(p.url+"/mtr/lapor/"+draft+"/kirim", "application/x-www-form-urlencoded", nil)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var page [8 << 10]byte
		k, _ := resp.Body.Read(page[:])
		if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" || !strings.Contains(string(page[:k]), "<h1") {
			t.Errorf("a report without room: %d, Retry-After %q\n%s", resp.StatusCode, resp.Header.Get("Retry-After"), page[:k])
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("it took %v to say so", took)
		}
	}
	well := func(refused []string) {
		t.Helper()
		began := time.Now()
		until(t, "reports are taken again", 30*time.Second, func() bool { return p.send(refused[0]) })
		t.Logf("with room again reports are taken after %v", time.Since(began).Round(10*time.Millisecond))
		told[refused[0]] = true
	}

	t.Log("the disk of the tables is full")
	room := fill(t, filepath.Dir(tables))
	refused := refusedOf(apptest.SendAll(drafts[:n/2], p.send))
	inWords(refused[0])
	if status, _, _ := p.get("/mtr", true); status != http.StatusOK {
		t.Errorf("pages that only read answer %d", status)
	}
	room()
	well(refused)
	if starts.Load() != 0 {
		t.Errorf("PostgreSQL ended %d times for want of room for its tables", starts.Load())
	}

	t.Log("the disk of the log is full")
	senders := apptest.SendAll(drafts[n/2:], p.send)
	senders.Await(t, n/8)
	room = fill(t, log)
	until(t, "PostgreSQL needs room", 30*time.Second, func() bool { return super(`SELECT pg_switch_wal()`) != nil })
	refused = refusedOf(senders)
	<-time.After(5 * time.Second) // PostgreSQL tries to come back, in vain
	inWords(refused[0])
	room()
	well(refused)
	t.Logf("the supervisor started PostgreSQL %d times", starts.Load())
	apptest.Reckon(t, p.App, told, p.send)
}
