package pglocal

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Superuser is the role that may do everything in the private cluster.
const Superuser = "postgres"

//go:embed roles.sql
var rolesSQL string

// Options vary the server. The zero value is right for `portal dev`.
type Options struct {
	// Throwaway gives up durability for speed, stops at once instead of tidily,
	// and removes the whole folder at the end, however that comes.
	Throwaway bool
	// MaxConnections is 100 unless set.
	MaxConnections int
	// Databases to create, owned by portal_owner.
	Databases []string
	// Settings of postgresql.conf, stronger than the defaults here.
	Settings map[string]string
}

// Server is a running private cluster. Its methods may be called from any goroutine.
type Server struct {
	dir, data, socket string
	opts              Options
	bin               binaries
	user              *syscall.Credential
	lock              *os.File

	noDeathSignal, noGuardian bool // the tests try each way of dying alone

	guardian *guardian
	pid      int
	exited   chan struct{} // closed when the server process has ended
	stopOnce sync.Once
	stopErr  error
}

// Start runs the cluster kept in dir, making it first if need be, and returns
// when it accepts connections and the roles and databases of Options exist.
//
// It returns a *HeldError when another process owns dir and an error wrapping
// ErrNoServer when PostgreSQL is not installed. After an unclean end it waits
// for the old server to be gone and for recovery. ctx bounds the start only.
func Start(ctx context.Context, dir string, opts Options) (*Server, error) {
	return start(ctx, &Server{dir: dir, opts: opts})
}

func start(ctx context.Context, s *Server) (_ *Server, err error) {
	if s.dir, err = filepath.Abs(s.dir); err != nil {
		return nil, err
	}
	s.data = filepath.Join(s.dir, "data")
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the database folder: %w", err)
	}
	if s.socket, err = socketFor(s.dir); err != nil {
		return nil, err
	}
	if s.lock, err = lockDir(ctx, s.dir); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			s.lock.Close()
		}
	}()
	if s.user, err = serverUser(s.data); err != nil {
		return nil, err
	}
	made, err := dataVersion(s.data)
	if err != nil && !errors.Is(err, os.ErrPermission) {
		return nil, fmt.Errorf("read the data's version: %w", err)
	}
	if s.bin, err = find(candidates(), made); err != nil {
		return nil, err
	}
	if err := s.reap(ctx); err != nil {
		return nil, err
	}
	if err := s.initialise(ctx); err != nil {
		return nil, err
	}
	if err := s.ownedDir(s.socket); err != nil {
		return nil, err
	}
	if err := s.launch(ctx); err != nil {
		return nil, err
	}
	if err := s.createRolesAndDatabases(ctx); err != nil {
		return nil, errors.Join(err, s.Stop(context.WithoutCancel(ctx)))
	}
	return s, nil
}

// URL returns the address of database db for role, for pgx.
func (s *Server) URL(db, role string) string { return URL(s.socket, db, role) }

// Socket is the folder of the server's socket. The same dir has the same one
// after every start.
func (s *Server) Socket() string { return s.socket }

// LogFile is where the server writes what it has to say.
func (s *Server) LogFile() string { return filepath.Join(s.dir, "postgres.log") }

// Done is closed when the server has ended, whether asked to or not.
func (s *Server) Done() <-chan struct{} { return s.exited }

// URL returns the address of a database behind the socket in a folder.
func URL(socket, db, role string) string {
	u := url.URL{Scheme: "postgres", User: url.User(role), Path: "/" + db, RawQuery: url.Values{"host": {socket}}.Encode()}
	return u.String()
}

// Stop ends the server tidily (at once when throw-away), waits until it is
// gone, and gives the folder back. When ctx ends first the server is made to
// stop at once. Further calls return what the first did.
func (s *Server) Stop(ctx context.Context) error {
	s.stopOnce.Do(func() { s.stopErr = s.stop(ctx) })
	return s.stopErr
}

func (s *Server) stop(ctx context.Context) error {
	defer s.lock.Close()
	defer s.guardian.dismiss()
	select {
	case <-s.exited:
		return nil
	default:
	}
	if err := syscall.Kill(s.pid, s.stopSignal()); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("stop the database: %w", err)
	}
	select {
	case <-s.exited:
		return nil
	case <-ctx.Done():
	case <-time.After(20 * time.Second):
	}
	// An immediate shutdown loses nothing that was committed.
	if err := syscall.Kill(s.pid, syscall.SIGQUIT); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("stop the database: %w", err)
	}
	<-s.exited
	return nil
}

// Crash kills the server with SIGKILL, as a failing machine would, and waits
// until it is gone. The folder can be started again; committed data are there.
// It is for tests of what happens when the database goes away.
func (s *Server) Crash() error {
	if err := syscall.Kill(s.pid, syscall.SIGKILL); err != nil {
		return fmt.Errorf("kill the database: %w", err)
	}
	<-s.exited
	s.stopOnce.Do(func() {
		if s.opts.Throwaway {
			s.guardian.leave() // a crash keeps the data
		} else {
			s.guardian.dismiss()
		}
		s.lock.Close()
	})
	return nil
}

// stopSignal asks for a fast shutdown, or for none at all when there is nothing to keep.
func (s *Server) stopSignal() syscall.Signal {
	if s.opts.Throwaway {
		return syscall.SIGQUIT
	}
	return syscall.SIGINT
}

// initialise makes the data folder. It is made under another name and renamed,
// so that an interrupted start leaves nothing that looks complete.
func (s *Server) initialise(ctx context.Context) error {
	if _, err := os.Lstat(s.data); err == nil {
		return s.ownedDir(s.data)
	}
	raw := s.data + ".new"
	if err := os.RemoveAll(raw); err != nil {
		return fmt.Errorf("make the database: %w", err)
	}
	if err := s.ownedDir(raw); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, s.bin.path("initdb"), "--username="+Superuser, "--encoding=UTF8", "--locale="+initLocale(),
		"--auth=trust", "--no-instructions")
	if s.opts.Throwaway {
		cmd.Args = append(cmd.Args, "--no-sync")
	}
	named, done, err := s.prepare(cmd, raw, syscall.SIGKILL)
	if err != nil {
		return err
	}
	defer done()
	cmd.Args = append(cmd.Args, "--pgdata="+named)
	cmd.Env = append(os.Environ(), "LC_ALL="+initLocale(), "TZ=UTC")
	// PDEATHSIG follows the thread that started the program, not the process.
	runtime.LockOSThread()
	out, err := cmd.CombinedOutput()
	runtime.UnlockOSThread()
	if err != nil {
		return fmt.Errorf("make the database (initdb): %w: %s", err, lastLines(out, 3))
	}
	return os.Rename(raw, s.data)
}

// initLocale sorts by code point with Unicode case rules where the system has
// such a locale, so that the order is the same on every machine.
func initLocale() string {
	if runtime.GOOS == "linux" {
		return "C.UTF-8"
	}
	return "C"
}

// settings of postgresql.conf, given on the command line so that the folder
// carries no state of its own.
func (s *Server) settings() []string {
	all := map[string]string{
		"listen_addresses":           "",
		"unix_socket_directories":    s.socket,
		"max_connections":            "100",
		"timezone":                   "UTC",
		"log_timezone":               "UTC",
		"log_checkpoints":            "off",
		"shared_buffers":             "64MB",
		"log_min_duration_statement": "1000",
	}
	if s.opts.MaxConnections > 0 {
		all["max_connections"] = strconv.Itoa(s.opts.MaxConnections)
	}
	if s.opts.Throwaway {
		for k, v := range map[string]string{
			"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
			"shared_buffers": "32MB", "wal_level": "minimal", "max_wal_senders": "0",
			"autovacuum_naptime": "1h", "max_wal_size": "128MB", "min_wal_size": "32MB",
			"checkpoint_timeout": "1h", "dynamic_shared_memory_type": "mmap", "log_min_messages": "error", "log_min_error_statement": "panic",
			"log_min_duration_statement": "-1",
		} {
			all[k] = v
		}
	}
	for k, v := range s.opts.Settings {
		all[k] = v
	}
	var args []string
	for k, v := range all {
		args = append(args, "-c", k+"="+v)
	}
	return args
}

// launch starts the server process and waits until it answers. Right after a
// crash the old server's last children may hold its shared memory for a moment,
// and then another attempt is due.
func (s *Server) launch(ctx context.Context) error {
	for attempt := 1; ; attempt++ {
		err := s.launchOnce(ctx)
		if err == nil || attempt == 20 || !strings.Contains(err.Error(), "shared memory block") {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(250 * time.Millisecond):
		}
	}
}

func (s *Server) launchOnce(ctx context.Context) error {
	_ = os.Rename(s.LogFile(), s.LogFile()+".1") // the last run's, if there was one
	log, err := os.OpenFile(s.LogFile(), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("open the database's log: %w", err)
	}
	defer log.Close()
	cmd := exec.Command(s.bin.path("postgres"), s.settings()...)
	cmd.Stdout, cmd.Stderr = log, log
	named, done, err := s.prepare(cmd, s.data, s.stopSignal())
	if err != nil {
		return err
	}
	defer done()
	cmd.Args = append(cmd.Args, "-D", named)
	cmd.Env = append(os.Environ(), "LC_ALL="+initLocale(), "TZ=UTC")

	s.exited = make(chan struct{})
	started := make(chan error, 1)
	go func() {
		// PDEATHSIG follows the thread that started the server, not the process:
		// this goroutine keeps its thread until the server is gone.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		started <- nil
		_ = cmd.Wait() // how it ended is in its log; that it ended is what matters
		close(s.exited)
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("start the database: %w", err)
	}
	s.pid = cmd.Process.Pid
	remove := []string{s.socket}
	if s.opts.Throwaway {
		remove = append(remove, s.dir)
	}
	if !s.noGuardian {
		s.guardian, err = startGuardian(s.pid, s.data, s.stopSignal(), s.lock, remove)
	}
	if err == nil {
		err = s.awaitReady(ctx)
	}
	if err != nil {
		_ = syscall.Kill(s.pid, syscall.SIGQUIT) // it may be gone already
		<-s.exited
		s.guardian.leave()
		return err
	}
	return nil
}

func (s *Server) awaitReady(ctx context.Context) error {
	for {
		conn, err := pgx.Connect(ctx, s.URL("postgres", Superuser))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-s.exited:
			log, _ := os.ReadFile(s.LogFile())
			return fmt.Errorf("the database ended while starting: %s", lastLines(log, 4))
		case <-ctx.Done():
			return fmt.Errorf("the database did not answer in time (its log: %s): %w", s.LogFile(), ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (s *Server) createRolesAndDatabases(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.URL("postgres", Superuser))
	if err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, rolesSQL); err != nil {
		return fmt.Errorf("create the roles: %w", err)
	}
	rows, err := conn.Query(ctx, `SELECT datname FROM pg_database`)
	if err != nil {
		return fmt.Errorf("list databases: %w", err)
	}
	have, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("list databases: %w", err)
	}
	for _, db := range s.opts.Databases {
		if slices.Contains(have, db) {
			continue
		}
		if _, err := conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{db}.Sanitize()+" OWNER portal_owner"); err != nil {
			return fmt.Errorf("create database %s: %w", db, err)
		}
	}
	return nil
}

// socketFor picks a folder whose socket keeps below the kernel's 107 bytes. The
// same dir always gets the same one, so that clients outlive a restart.
func socketFor(dir string) (string, error) {
	sum := sha256.Sum256([]byte(dir))
	name := "portal-pg-" + hex.EncodeToString(sum[:6])
	for _, base := range []string{os.TempDir(), "/tmp"} {
		dir := filepath.Join(base, name)
		if len(dir)+len("/.s.PGSQL.5432.lock") <= 107 {
			return dir, nil
		}
	}
	return "", errors.New("no folder for temporary files has a name short enough for a socket")
}

func lastLines(b []byte, n int) string {
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "; ")
}

// Running returns the socket folder of the server whose data are in dir, if
// some process runs one there now. It lets a command join a portal that runs in
// another terminal.
func Running(dir string) (socket string, ok bool) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", false
	}
	if socket, err = socketFor(dir); err != nil {
		return "", false
	}
	conn, err := net.DialTimeout("unix", filepath.Join(socket, ".s.PGSQL.5432"), time.Second)
	if err != nil {
		return "", false
	}
	return socket, conn.Close() == nil
}
