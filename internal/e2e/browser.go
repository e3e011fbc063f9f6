package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

var browser struct {
	sync.Mutex
	ctx    context.Context
	cancel context.CancelFunc
}

// Main runs the tests and ends the browser afterwards.
func Main(m *testing.M) int {
	code := m.Run()
	browser.Lock()
	defer browser.Unlock()
	if browser.ctx != nil {
		// Cancel waits for the process, so that its profile can be removed.
		if err := chromedp.Cancel(browser.ctx); err != nil {
			fmt.Fprintln(os.Stderr, "end the browser:", err)
		}
		browser.cancel()
	}
	return code
}

// shared returns the context of the running browser, starting it on first use.
func shared(t testing.TB) context.Context {
	t.Helper()
	browser.Lock()
	defer browser.Unlock()
	if browser.ctx != nil {
		return browser.ctx
	}
	ctx, cancel, err := launch(t)
	if err != nil {
		t.Fatal(err)
	}
	browser.ctx, browser.cancel = ctx, cancel
	return ctx
}

// launch starts a browser; cancel ends what chromedp.Cancel leaves of it.
func launch(t testing.TB, more ...chromedp.ExecAllocatorOption) (_ context.Context, cancel func(), err error) {
	t.Helper()
	path := Executable()
	if path == "" {
		t.Fatal("no Chromium found in PATH: `make test` installs it, or apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:len(chromedp.DefaultExecAllocatorOptions):len(chromedp.DefaultExecAllocatorOptions)],
		chromedp.ExecPath(path),
		chromedp.NoSandbox,                       // tests run as root in containers
		chromedp.WSURLReadTimeout(2*time.Minute), // a busy machine takes its time to start it
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("lang", "id"),
	)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), append(options, more...)...)
	ctx, end := chromedp.NewContext(allocator)
	cancel = func() { end(); stop() }
	if err := chromedp.Do(ctx); err != nil {
		cancel()
		return nil, nil, fmt.Errorf("start %s: %w", path, err)
	}
	return ctx, cancel, nil
}

// Reopen opens a browser of its own on the profile in a folder, which keeps what pages keep
// of themselves, and a tab in it. Close ends the browser.
func Reopen(t testing.TB, base, profile string, options ...Option) (tab *Tab, closeIt func()) {
	t.Helper()
	ctx, cancel, err := launch(t, chromedp.UserDataDir(profile))
	if err != nil {
		t.Fatal(err)
	}
	closed := false
	closeIt = func() {
		if closed {
			return
		}
		closed = true
		if err := chromedp.Cancel(ctx); err != nil {
			t.Errorf("end the browser: %v", err)
		}
		cancel()
	}
	t.Cleanup(closeIt)
	return openIn(t, base, ctx, append(options, func(tab *Tab) { tab.caches = true }), nil), closeIt
}

// Executable is the Chromium that the tests use, "" if there is none: rather the one without
// windows, which makes the same of pages with two thirds of the work.
func Executable() string {
	for _, name := range []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}
