package pglocal

import (
	"os"
	"os/exec"
	"syscall"
)

// hasDeathSignal tells whether the kernel itself ends the server with us.
const hasDeathSignal = true

// prepare sets how a server program runs. The returned path is how the program
// itself has to name dir.
//
// When root hands the program to another user, that user often cannot reach the
// folder by its name (a checkout under /root), so the open folder is passed
// along and named through /proc.
func (s *Server) prepare(cmd *exec.Cmd, dir string, death syscall.Signal) (named string, done func(), err error) {
	// Its own process group: Ctrl-C in a terminal is for the portal, which still
	// needs the database while it drains.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: s.user}
	if !s.noDeathSignal {
		cmd.SysProcAttr.Pdeathsig = death
	}
	cmd.Dir = "/"
	if s.user == nil {
		return dir, func() {}, nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return "", nil, err
	}
	cmd.ExtraFiles = []*os.File{f}
	return "/proc/self/fd/3", func() { f.Close() }, nil
}
