package bench

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
)

// process is a server under measurement.
type process struct {
	URL     string
	Startup time.Duration
	cmd     *exec.Cmd
	done    chan error
}

// startPortal runs the binary in production's way on a database and waits
// until it is ready. Startup is from the first instruction to /readyz.
func startPortal(ctx context.Context, binary, dir, databaseURL string) (*process, error) {
	secret := filepath.Join(dir, "rahasia")
	if _, err := crypt.Load(secret, true); err != nil {
		return nil, err
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	return start(ctx, addr, "/readyz", filepath.Join(dir, "portal.log"), []string{
		"DATABASE_URL=" + databaseURL, "PORTAL_ADDR=" + addr, "PORTAL_DATA_DIR=" + dir, "PORTAL_SECRET_FILE=" + secret,
		"PORTAL_RATE_LIMITS=off",
	}, binary, "serve")
}

// startBare runs Bare as a process of its own, as the portal is one.
func startBare(ctx context.Context, dir, databaseURL string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	return start(ctx, addr, "/1", filepath.Join(dir, "bare.log"), nil, self, "bare", addr, databaseURL)
}

func start(ctx context.Context, addr, ready, logFile string, env []string, name string, args ...string) (*process, error) {
	log, err := os.Create(logFile)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p := &process{URL: "http://" + addr, cmd: exec.CommandContext(ctx, name, args...), done: make(chan error, 1)}
	p.cmd.Env = append(env, "PATH="+os.Getenv("PATH"), "HOME="+os.Getenv("HOME"), "TMPDIR="+os.TempDir())
	p.cmd.Stdout, p.cmd.Stderr = log, log
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	p.cmd.WaitDelay = 30 * time.Second
	began := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { p.done <- p.cmd.Wait() }()
	for {
		if resp, err := http.Get(p.URL + ready); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				p.Startup = time.Since(began)
				return p, nil
			}
		}
		select {
		case err := <-p.done:
			text, _ := os.ReadFile(logFile)
			return nil, fmt.Errorf("%s ended at once: %w\n%s", filepath.Base(name), err, text)
		case <-time.After(5 * time.Millisecond):
		}
		if time.Since(began) > 30*time.Second {
			_ = p.stop()
			return nil, fmt.Errorf("%s is not ready after 30 s; see %s", filepath.Base(name), logFile)
		}
	}
}

// stop ends the process and waits for it.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	<-p.done // it was told to end: how it says goodbye is not what is measured
	return nil
}

// memory is the resident memory in MB, now and at its highest so far.
func (p *process) memory() (now, highest float64, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, 0, err
	}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(line, ":")
		kb, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
		switch name {
		case "VmRSS":
			now = kb / 1024
		case "VmHWM":
			highest = kb / 1024
		}
	}
	return now, highest, nil
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
