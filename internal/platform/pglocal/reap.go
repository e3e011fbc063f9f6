package pglocal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// reap deals with the server of an earlier owner. We hold the folder's lock, so
// that owner is dead and its server is either stopping or an orphan.
func (s *Server) reap(ctx context.Context) error {
	pidFile := filepath.Join(s.data, "postmaster.pid")
	for n := 0; ; n++ {
		content, err := os.ReadFile(pidFile)
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the old server's pid: %w", err)
		}
		first, _, _ := bytes.Cut(content, []byte("\n"))
		pid, err := strconv.Atoi(string(bytes.TrimSpace(first)))
		if err != nil || !isPostgres(pid) {
			// The number belongs to nobody or to somebody else; PostgreSQL itself
			// cannot tell the latter and would refuse to start.
			if err := os.Remove(pidFile); err != nil && !errors.Is(err, os.ErrNotExist) {
				return fmt.Errorf("remove the old server's pid file: %w", err)
			}
			return nil
		}
		signal := syscall.Signal(0)
		switch n {
		case 0:
			signal = syscall.SIGINT
		case 100:
			signal = syscall.SIGQUIT
		case 200:
			return fmt.Errorf("an old database server (process %d) does not stop: end it and try again", pid)
		}
		if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("stop the old database server (process %d): %w", pid, err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// isPostgres reports whether a living process is a PostgreSQL server.
func isPostgres(pid int) bool {
	if pid <= 1 || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return false
	}
	if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil {
		// "123 (postgres) S …"; a zombie (Z) has let go of everything.
		return bytes.Contains(stat, []byte("(postgres) ")) && !bytes.Contains(stat, []byte("(postgres) Z"))
	}
	out, err := exec.Command("ps", "-o", "comm=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && strings.Contains(string(out), "postgres")
}

// Sweep removes the folders matching pattern that throw-away servers left when
// both their owner and their guardian were killed. Folders in use stay.
func Sweep(ctx context.Context, pattern string) error {
	dirs, err := filepath.Glob(pattern)
	if err != nil {
		return err
	}
	var all error
	for _, dir := range dirs {
		info, err := os.Stat(filepath.Join(dir, "lock"))
		if err != nil || time.Since(info.ModTime()) < time.Minute {
			continue // just being made, or being removed
		}
		lock, err := lockDir(ctx, dir)
		if err != nil {
			continue // held, or somebody else's
		}
		all = errors.Join(all, os.RemoveAll(dir), lock.Close())
	}
	return all
}
