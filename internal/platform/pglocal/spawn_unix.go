//go:build unix && !linux

package pglocal

import (
	"os/exec"
	"syscall"
)

// hasDeathSignal tells whether the kernel itself ends the server with us.
const hasDeathSignal = false

// prepare sets how a server program runs. Without PDEATHSIG the guardian alone
// stops it when this process dies.
func (s *Server) prepare(cmd *exec.Cmd, dir string, _ syscall.Signal) (named string, done func(), err error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: s.user}
	cmd.Dir = "/"
	return dir, func() {}, nil
}
