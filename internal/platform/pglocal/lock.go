package pglocal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// HeldError is returned by Start when another living process owns the folder.
type HeldError struct {
	Dir    string
	Holder string // "portal dev (process 123, since 10:02:03)", as the holder described itself
}

func (e *HeldError) Error() string {
	return fmt.Sprintf("the database folder %s is in use by %s: stop that one first, or set PORTAL_DATA_DIR to another folder", e.Dir, e.Holder)
}

// lockDir takes the folder for this process. The kernel gives the lock back
// when the process and its guardian have ended, in whatever way. While the
// guardian of a dead owner still tidies up, lockDir waits for it.
func lockDir(ctx context.Context, dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock of the database folder: %w", err)
	}
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			break
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			f.Close()
			return nil, fmt.Errorf("lock the database folder: %w", err)
		}
		pid, name := readHolder(f.Name())
		if pid == 0 || !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			f.Close()
			return nil, &HeldError{Dir: dir, Holder: name}
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, &HeldError{Dir: dir, Holder: "the remains of " + name}
		case <-time.After(50 * time.Millisecond):
		}
	}
	self := fmt.Sprintf("%d\n%s\n", os.Getpid(), describeSelf())
	if err := errors.Join(f.Truncate(0), writeAt(f, self)); err != nil {
		f.Close()
		return nil, fmt.Errorf("write the lock of the database folder: %w", err)
	}
	return f, nil
}

func writeAt(f *os.File, s string) error {
	_, err := f.WriteAt([]byte(s), 0)
	return err
}

// readHolder returns who wrote the lock file; pid is 0 when that cannot be told,
// which is so for the instant between taking the lock and writing it.
func readHolder(path string) (pid int, name string) {
	content, err := os.ReadFile(path)
	if err != nil {
		return 0, "another process"
	}
	first, rest, _ := strings.Cut(string(content), "\n")
	if pid, err = strconv.Atoi(first); err != nil {
		return 0, "another process"
	}
	return pid, strings.TrimSpace(rest)
}

func describeSelf() string {
	name := filepath.Base(os.Args[0])
	if len(os.Args) > 1 && !strings.HasPrefix(os.Args[1], "-") {
		name += " " + os.Args[1]
	}
	return fmt.Sprintf("%s (process %d, since %s)", name, os.Getpid(), time.Now().Format("2006-01-02 15:04:05"))
}
