//go:build deep

package machines_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"makassartidakrantasa.com/portal/internal/platform/pglocal"
)

// until waits for something to come true.
func until(t *testing.T, what string, within time.Duration, ok func() bool) {
	t.Helper()
	deadline := time.After(within)
	for !ok() {
		select {
		case <-deadline:
			t.Fatalf("not within %v: %s", within, what)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// freeAddr is an address on loopback that nobody listens on.
func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return l.Addr().String()
}

// program finds what Debian puts where ordinary users do not look.
func program(t *testing.T, name string) string {
	t.Helper()
	for _, path := range []string{name, "/usr/sbin/" + name} {
		if found, err := exec.LookPath(path); err == nil {
			return found
		}
	}
	t.Fatalf("%s is missing: scripts/need.sh deep installs it", name)
	return ""
}

// server is a process of the test: it ends with it, and says what it had to say when the
// test fails.
type server struct {
	t      *testing.T
	name   string
	words  []string
	env    []string
	group  bool // its children are killed with it
	cmd    *exec.Cmd
	exited chan struct{}
}

func (s *server) start() {
	s.t.Helper()
	s.cmd = exec.Command(s.words[0], s.words[1:]...)
	s.cmd.Env = append(os.Environ(), s.env...)
	s.cmd.Dir = "/"
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: s.group}
	var log bytes.Buffer
	s.cmd.Stdout, s.cmd.Stderr = &log, &log
	must(s.t, s.cmd.Start())
	cmd, exited := s.cmd, make(chan struct{})
	s.exited = exited
	go func() { _ = cmd.Wait(); close(exited) }()
	s.t.Cleanup(func() {
		_ = s.signal(cmd, syscall.SIGKILL)
		<-exited
		if s.t.Failed() {
			b := log.Bytes()
			s.t.Logf("%s said:\n%s", s.name, b[max(0, len(b)-3000):])
		}
	})
}

func (s *server) signal(cmd *exec.Cmd, signal syscall.Signal) error {
	if s.group {
		return syscall.Kill(-cmd.Process.Pid, signal)
	}
	return cmd.Process.Signal(signal)
}

// end sends a signal and waits until the process is gone.
func (s *server) end(signal syscall.Signal) {
	s.t.Helper()
	must(s.t, s.signal(s.cmd, signal))
	select {
	case <-s.exited:
	case <-time.After(time.Minute):
		s.t.Fatalf("%s does not end at %v", s.name, signal)
	}
}

// primary runs a PostgreSQL that keeps what was committed and can be followed.
func primary(t *testing.T, dir string) *pglocal.Server {
	t.Helper()
	return postgres(t, dir, map[string]string{"wal_level": "replica", "max_wal_senders": "4"})
}

func postgres(t *testing.T, dir string, settings map[string]string) *pglocal.Server {
	t.Helper()
	s, err := pglocal.Start(t.Context(), dir, pglocal.Options{MaxConnections: 150, Settings: settings})
	must(t, err)
	t.Cleanup(func() {
		if err := s.Stop(context.Background()); err != nil {
			t.Errorf("stop a database: %v", err)
		}
	})
	return s
}

// replica copies a running primary and follows it.
func replica(t *testing.T, dir string, of *pglocal.Server) *pglocal.Server {
	t.Helper()
	copier, err := pglocal.Program("pg_basebackup")
	must(t, err)
	data := filepath.Join(dir, "data")
	must(t, os.MkdirAll(dir, 0o755))
	out, err := exec.Command(copier, "--pgdata="+data, "--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast",
		"--dbname=user="+pglocal.Superuser+" host="+of.Socket()).CombinedOutput()
	if err != nil {
		t.Fatalf("copy the primary: %v\n%s", err, out)
	}
	info, err := os.Stat(of.Socket())
	must(t, err)
	owner := info.Sys().(*syscall.Stat_t)
	must(t, filepath.WalkDir(data, func(path string, _ fs.DirEntry, err error) error {
		if err == nil && os.Geteuid() == 0 {
			err = os.Lchown(path, int(owner.Uid), int(owner.Gid))
		}
		return err
	}))
	return postgres(t, dir, map[string]string{"hot_standby": "on"})
}

// pooler runs PgBouncer in front of a database, a transaction at a time.
func pooler(t *testing.T, dir string, of *pglocal.Server) (s *server, addr string) {
	t.Helper()
	addr = freeAddr(t)
	_, port, _ := net.SplitHostPort(addr)
	file := filepath.Join(dir, "pgbouncer.ini")
	must(t, os.WriteFile(file, []byte(fmt.Sprintf(`[databases]
* = host=%s user=portal_app
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %s
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 10
max_client_conn = 500
query_wait_timeout = 5
`, of.Socket(), port)), 0o644))
	s = &server{t: t, name: "pgbouncer", words: []string{program(t, "pgbouncer"), file}}
	if os.Geteuid() == 0 { // it refuses to be root
		s.words = []string{s.words[0], "-u", pglocal.Superuser, file}
	}
	s.start()
	answers(t, addr)
	return s, addr
}

// balancer runs HAProxy in front of the portals. It names in X-Portal who answered.
func balancer(t *testing.T, dir string, portals ...string) (s *server, addr string) {
	t.Helper()
	addr = freeAddr(t)
	socket, err := os.MkdirTemp("", "haproxy-") // a socket's path has little room
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(socket) })
	var servers strings.Builder
	for i, p := range portals {
		fmt.Fprintf(&servers, "    server portal%d %s check inter 500ms fall 3 rise 1\n", i, p)
	}
	file := filepath.Join(dir, "haproxy.cfg")
	must(t, os.WriteFile(file, []byte(fmt.Sprintf(`global
    log stdout format raw daemon notice
    # Whoever is read in anew takes over the open door from its predecessor.
    stats socket %s mode 600 level admin expose-fd listeners
defaults
    log global
    mode http
    timeout connect 2s
    timeout client 60s
    timeout server 60s
    timeout check 5s
    option forwardfor
    option redispatch 1
    option idle-close-on-response # when read in anew, or who sends just then finds the line closed
    retries 3
frontend city
    bind %s
    default_backend portals
backend portals
    balance roundrobin
    option httpchk GET /readyz
    # What only reads is asked of the other portal when one breaks off. What writes is not:
    # nobody knows how far it came.
    retry-on conn-failure empty-response
    http-request disable-l7-retry unless METH_GET
    http-response set-header X-Portal %%s
%s`, filepath.Join(socket, "admin"), addr, servers.String())), 0o644))
	s = &server{t: t, name: "haproxy", words: []string{program(t, "haproxy"), "-W", "-db", "-f", file}, group: true}
	s.start()
	answers(t, addr)
	return s, addr
}

func answers(t *testing.T, addr string) {
	t.Helper()
	until(t, addr+" answers", 20*time.Second, func() bool {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
}

// build makes the program of the portals.
func build(t *testing.T, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "portal")
	out, err := exec.Command("go", "build", "-o", path, "../../../cmd/portal").CombinedOutput()
	if err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

// launch starts a portal, the first time or again, and waits until it is ready.
func (s *server) launch(addr string) (took time.Duration) {
	s.t.Helper()
	began := time.Now()
	s.start()
	until(s.t, s.name+" is ready", time.Minute, func() bool {
		resp, err := http.Get("http://" + addr + "/readyz")
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	return time.Since(began)
}

// post is a mail server that counts what each address got.
type post struct {
	mu  sync.Mutex
	got map[string]int
}

func (p *post) Mail(string, *smtp.MailOptions) error { return nil }
func (p *post) Reset()                               {}
func (p *post) Logout() error                        { return nil }
func (p *post) Data(r io.Reader) error               { _, err := io.Copy(io.Discard, r); return err }

func (p *post) Rcpt(to string, _ *smtp.RcptOptions) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.got[to]++
	return nil
}

func (p *post) to(address string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.got[address]
}

func mailServer(t *testing.T) (p *post, addr string) {
	t.Helper()
	p = &post{got: map[string]int{}}
	srv := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return p, nil }))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close() })
	return p, l.Addr().String()
}
