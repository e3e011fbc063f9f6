package pglocal

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// guardianScript waits until its standard input ends, which happens when the
// portal closes it or dies. Then it stops the server, unless told that this is
// done, and removes the folders given. The pid is checked against the server's
// own pid file, because by then the number may belong to somebody else.
const guardianScript = `
pid=$1 data=$2 signal=$3; shift 3
read -r word
alive() { [ "$(head -n 1 "$data/postmaster.pid" 2>/dev/null)" = "$pid" ] && kill -0 "$pid" 2>/dev/null; }
if [ "$word" != stopped ]; then
	alive && kill -"$signal" "$pid"
	n=0
	while alive && [ $n -lt 200 ]; do
		[ $n -eq 100 ] && kill -QUIT "$pid"
		n=$((n+1)); sleep 0.1
	done
	alive && kill -KILL "$pid"
fi
for dir in "$@"; do rm -rf "$dir"; done
`

type guardian struct {
	cmd  *exec.Cmd
	pipe io.WriteCloser
}

// startGuardian watches over the server pid and removes the folders in remove
// after it has ended. It shares the folder's lock, so that nobody starts a
// server there while it still tidies up.
func startGuardian(pid int, data string, signal syscall.Signal, lock *os.File, remove []string) (*guardian, error) {
	name := "INT"
	if signal == syscall.SIGQUIT {
		name = "QUIT"
	}
	cmd := exec.Command("/bin/sh", append([]string{"-c", guardianScript, "pglocal-guardian", strconv.Itoa(pid), data, name}, remove...)...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
	cmd.ExtraFiles = []*os.File{lock}
	// Its own session, so that neither Ctrl-C nor a closed terminal takes it along.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the server's guardian: %w", err)
	}
	return &guardian{cmd, pipe}, nil
}

// dismiss tells the guardian that the server has stopped and waits until it has
// tidied up.
func (g *guardian) dismiss() {
	if g == nil {
		return
	}
	_, _ = io.WriteString(g.pipe, "stopped\n") // if the guardian was killed there is nobody to tell
	_ = g.pipe.Close()
	_ = g.cmd.Wait()
}

// leave ends the guardian without letting it remove anything.
func (g *guardian) leave() {
	if g == nil {
		return
	}
	_ = g.cmd.Process.Kill()
	_ = g.pipe.Close()
	_ = g.cmd.Wait()
}
