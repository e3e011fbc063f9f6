//go:build deep

package app_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

// build makes the program once for the tests that kill it.
var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "portal-uji-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "portal")
	out, err := exec.Command("go", "build", "-o", path, "../../cmd/portal").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, err
})

// process is a `portal serve` of its own.
type process struct {
	cmd  *exec.Cmd
	addr string
}

// launch starts one over a database, by the words of before, and waits until it is ready.
func launch(t *testing.T, databaseURL, dir string, extra *os.File, before ...string) *process {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(filepath.Dir(path)) })
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &process{addr: l.Addr().String()}
	_ = l.Close()
	words := append(before, path, "serve")
	p.cmd = exec.Command(words[0], words[1:]...)
	p.cmd.Env = append(os.Environ(), "DATABASE_URL="+databaseURL, "PORTAL_ADDR="+p.addr, "PORTAL_BASE_URL=http://"+p.addr, "PORTAL_DATA_DIR="+dir,
		"PORTAL_SECRET_FILE="+filepath.Join(dir, "rahasia"), "PORTAL_RATE_LIMITS=off")
	var log bytes.Buffer
	p.cmd.Stdout, p.cmd.Stderr = &log, &log
	if extra != nil {
		p.cmd.ExtraFiles = []*os.File{extra}
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan struct{})
	go func() { _ = p.cmd.Wait(); close(exited) }()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		<-exited
		if t.Failed() {
			t.Logf("a portal's log:\n%.4000s", log.String())
		}
	})
	until(t, "a portal is ready", 30*time.Second, func() bool {
		resp, err := visitor.Get("http://" + p.addr + "/readyz")
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	return p
}

// TestKilledPortalLosesNothingAcknowledged kills one of two portals with SIGKILL while
// reports come in by turns. Who is refused goes to the other one.
func TestKilledPortalLosesNothingAcknowledged(t *testing.T) {
	const n = 300
	db, dir := pgtest.New(t), t.TempDir()
	writer := newPortal(t, db.URL, dir, &apptest.Mailbox{})
	drafts := writer.drafts(n, nil)
	both := []*process{launch(t, db.URL, dir, nil), launch(t, db.URL, dir, nil)}
	var turn, refused atomic.Int64
	senders := apptest.SendAll(drafts, func(draft string) bool {
		mine := turn.Add(1) % 2
		ok, err := apptest.Send("http://"+both[mine].addr, draft)
		if err != nil {
			refused.Add(1)
			if ok, err = apptest.Send("http://"+both[1-mine].addr, draft); err != nil {
				t.Errorf("the other portal does not answer either: %v", err)
			}
		}
		return ok
	})
	senders.Await(t, n/3)
	if err := both[0].cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	told := senders.Done()
	if refused.Load() == 0 {
		t.Fatal("nobody met the killed portal: nothing is shown")
	}
	apptest.Reckon(t, writer.App, told, func(draft string) bool {
		ok, err := apptest.Send("http://"+both[1].addr, draft)
		return ok && err == nil
	})
	t.Logf("of %d requests %d were refused by the killed portal (%.1f %%); the other one answered each of them at once", n, refused.Load(), 100*float64(refused.Load())/n)
}

// TestAFullDiskIsSaidAndForgotten fills the disk that the photos lie on. A photo that does
// not fit is refused in words, and leaves nothing; the report goes without it; with room
// again photos are taken again.
func TestAFullDiskIsSaidAndForgotten(t *testing.T) {
	db, dir := pgtest.New(t), t.TempDir()
	writer := newPortal(t, db.URL, dir, &apptest.Mailbox{})
	files := filepath.Join(dir, "berkas")
	if err := os.MkdirAll(files, 0o700); err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	// A small disk of its own in a namespace of its own; the filler goes at a word on the pipe.
	// Root needs no mapping, and with one could not enter the folder of the database's socket.
	space := []string{"unshare", "--mount"}
	if os.Geteuid() != 0 {
		space = append(space, "--map-root-user")
	}
	p := launch(t, db.URL, dir, r, append(space, "sh", "-c",
		`mount -t tmpfs -o size=2m tmpfs "$0" && head -c 2090000 /dev/zero > "$0/isi" && { (head -c 1 <&3 >/dev/null; rm "$0/isi") & } && exec "$@"`, files)...)
	token, err := writer.MTR.CreateDraft(t.Context(), authz.Actor{})
	if err != nil {
		t.Fatal(err)
	}
	upload := func() (int, string) {
		t.Helper()
		var form bytes.Buffer
		m := multipart.NewWriter(&form)
		part, err := m.CreateFormFile(mtr.ControlPhoto, "foto.jpg")
		if err == nil {
			_, err = part.Write(mediatest.JPEG(2048, 1536, mediatest.Quality(90)))
		}
		if err != nil {
			t.Fatal(err)
		}
		_ = m.Close()
		resp, err := visitor.Post("http://"+p.addr+"/mtr/lapor/"+token+"/foto", m.FormDataContentType(), &form)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(b)
	}
	status, body := upload()
	if status < 400 || !strings.Contains(body, "<h1") {
		t.Errorf("a photo without room: %d\n%.500s", status, body)
	}
	if got := query[int](writer, `SELECT count(*) FROM mtr_photo WHERE stored`); got != 0 {
		t.Errorf("%d photos are said to be stored", got)
	}
	if resp, err := visitor.Get("http://" + p.addr + "/mtr"); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("pages without files fail too: %v", err)
	}
	if _, err := w.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	until(t, "photos are taken again", 20*time.Second, func() bool { status, _ := upload(); return status < 400 })
	if got := query[int](writer, `SELECT count(*) FROM mtr_photo WHERE stored`); got < 1 {
		t.Errorf("%d photos are stored", got)
	}
}
