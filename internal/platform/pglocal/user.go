package pglocal

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// serverUser returns the user to run the server as, or nil to run it as
// ourselves. PostgreSQL refuses to run as root, so root hands it to the owner
// of the existing data, else to postgres, else to nobody.
func serverUser(data string) (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	if info, err := os.Stat(data); err == nil {
		if st, ok := info.Sys().(*syscall.Stat_t); ok && st.Uid != 0 {
			return &syscall.Credential{Uid: st.Uid, Gid: st.Gid}, nil
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("user %s: %w", name, err)
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, fmt.Errorf("user %s: %w", name, err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root, and this system has neither a user postgres nor nobody: run as an ordinary user")
}

func (s *Server) uid() int {
	if s.user != nil {
		return int(s.user.Uid)
	}
	return os.Geteuid()
}

// ownedDir makes sure that path is a folder that only the server's user may
// enter. It refuses what somebody else prepared there.
func (s *Server) ownedDir(path string) error {
	err := os.Mkdir(path, 0o700)
	switch {
	case err == nil:
		if s.user != nil {
			if err := os.Lchown(path, int(s.user.Uid), int(s.user.Gid)); err != nil {
				return fmt.Errorf("hand %s to the server's user: %w", path, err)
			}
		}
		return nil
	case !errors.Is(err, os.ErrExist):
		return fmt.Errorf("make folder: %w", err)
	}
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || !ok || int(st.Uid) != s.uid() {
		return fmt.Errorf("%s belongs to somebody else: run as the user who made it, or remove it", filepath.Clean(path))
	}
	if info.Mode().Perm() != 0o700 {
		return os.Chmod(path, 0o700)
	}
	return nil
}
