//go:build deep

package app_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/app"
	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/config"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
	"makassartidakrantasa.com/portal/migrations"
)

// portal is one whole portal with its background work, over a database that the
// test may take away.
type portal struct {
	*app.App
	t    *testing.T
	url  string
	dir  string
	mail *apptest.Mailbox
}

func newPortal(t *testing.T, databaseURL, dir string, mail *apptest.Mailbox, more ...func(*app.Options)) *portal {
	t.Helper()
	cfg, err := config.Load([]string{
		"DATABASE_URL=" + databaseURL, "PORTAL_DATA_DIR=" + dir, "PORTAL_RATE_LIMITS=off", "PORTAL_SECRET_FILE=" + filepath.Join(dir, "rahasia"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := crypt.Load(cfg.SecretFile, true); err != nil {
		t.Fatal(err)
	}
	p := &portal{t: t, dir: dir, mail: mail}
	o := app.Options{Mail: mail, Quick: true}
	for _, change := range more {
		change(&o)
	}
	if p.App, err = app.New(context.Background(), cfg, o); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(p.Router)
	p.url = srv.URL
	p.Start()
	t.Cleanup(func() {
		p.CloseStreams()
		srv.Close()
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := p.Stop(ctx); err != nil {
			t.Errorf("stop the portal: %v", err)
		}
	})
	return p
}

// durable runs a server that keeps what was committed, migrated.
func durable(t *testing.T, dir string) *pglocal.Server {
	t.Helper()
	s := restart(t, dir)
	if err := pg.MigrateUp(t.Context(), s.URL("portal", "portal_owner"), migrations.Files); err != nil {
		t.Fatal(err)
	}
	return s
}

func restart(t *testing.T, dir string) *pglocal.Server {
	t.Helper()
	s, err := pglocal.Start(t.Context(), dir, pglocal.Options{Databases: []string{"portal"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(context.Background()); err != nil {
			t.Errorf("stop the database: %v", err)
		}
	})
	return s
}

// visitor never follows: what a page answers is what is asked.
var visitor = &http.Client{
	Timeout:       time.Minute,
	Transport:     &http.Transport{MaxIdleConnsPerHost: 300},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func (p *portal) get(path string, cookie bool) (status int, header http.Header, body string) {
	p.t.Helper()
	req, err := http.NewRequest(http.MethodGet, p.url+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	if cookie {
		req.AddCookie(&http.Cookie{Name: p.Sessions.CookieName(), Value: strings.Repeat("a", 43)})
	}
	resp, err := visitor.Do(req)
	if err != nil {
		p.t.Errorf("%s: %v", path, err)
		return 0, http.Header{}, ""
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, resp.Header, string(b)
}

// send sends a draft off and tells whether the portal said that it has it.
func (p *portal) send(token string) bool {
	ok, err := apptest.Send(p.url, token)
	return ok && err == nil
}

// draft is a report ready to be sent, the nth of its kind.
func (p *portal) draft(n int, photo []byte) string {
	p.t.Helper()
	return apptest.Draft(p.t, p.App, n, photo)
}

func (p *portal) drafts(n int, photo []byte) []string {
	p.t.Helper()
	all := make([]string, n)
	for i := range all {
		all[i] = p.draft(i, photo)
	}
	return all
}

func query[T any](p *portal, sql string, args ...any) (v T) {
	p.t.Helper()
	if err := p.Pool.QueryRow(p.t.Context(), sql, args...).Scan(&v); err != nil {
		p.t.Fatalf("%s: %v", sql, err)
	}
	return v
}

// until waits for something to come true.
func until(t *testing.T, what string, within time.Duration, ok func() bool) {
	t.Helper()
	deadline := time.After(within)
	for !ok() {
		select {
		case <-deadline:
			t.Fatalf("not within %v: %s", within, what)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// TestDatabaseGoneAndBack takes the database away: every page that needs it
// says so in a plain page, soon, and all is well again when it is back.
func TestDatabaseGoneAndBack(t *testing.T) {
	dir := t.TempDir()
	server := durable(t, filepath.Join(dir, "pg"))
	p := newPortal(t, server.URL("portal", "portal_app"), filepath.Join(dir, "data"), &apptest.Mailbox{})
	token := p.draft(1, nil)
	var pages []string
	for _, r := range p.Router.Routes() {
		if r.Method == http.MethodGet && !r.Stream && !r.Machine && !strings.Contains(r.Pattern, "{") {
			pages = append(pages, r.Pattern)
			if status, _, _ := p.get(r.Pattern, false); status >= 500 {
				t.Fatalf("%s answers %d with the database there", r.Pattern, status)
			}
		}
	}
	pages = append(pages, "/mtr/lapor/"+token)
	if err := server.Crash(); err != nil {
		t.Fatal(err)
	}
	for _, path := range pages {
		began := time.Now()
		// A browser with a session needs the database on each page.
		status, header, body := p.get(path, true)
		if status != http.StatusServiceUnavailable || header.Get("Retry-After") == "" || !strings.Contains(body, "<h1") || len(body) > 8<<10 {
			t.Errorf("%s without a database: %d, Retry-After %q, %d bytes", path, status, header.Get("Retry-After"), len(body))
		}
		if status, _, _ := p.get(path, false); status >= 500 && status != http.StatusServiceUnavailable {
			t.Errorf("%s without a database and a session: %d", path, status)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("%s took %v to say so", path, took)
		}
	}
	if p.send(token) {
		t.Error("the portal took a report that it could not keep")
	}
	if status, _, _ := p.get("/healthz", false); status != http.StatusOK {
		t.Errorf("/healthz %d: the process is up", status)
	}
	if status, _, _ := p.get("/readyz", false); status != http.StatusServiceUnavailable {
		t.Errorf("/readyz %d without a database", status)
	}

	restart(t, filepath.Join(dir, "pg"))
	until(t, "the list is back", 20*time.Second, func() bool { status, _, _ := p.get("/mtr", true); return status == http.StatusOK })
	for _, path := range pages {
		if status, _, _ := p.get(path, true); status >= 500 {
			t.Errorf("%s answers %d with the database back", path, status)
		}
	}
	if !p.send(token) {
		t.Error("the draft cannot be sent any more")
	}
	until(t, "jobs go on: the code is mailed", time.Minute, func() bool { return len(p.mail.To("warga1@contoh.id")) > 0 })
}

// TestKilledDatabaseLosesNothingAcknowledged kills the database with SIGKILL
// while reports come in.
func TestKilledDatabaseLosesNothingAcknowledged(t *testing.T) {
	const n = 240
	dir := t.TempDir()
	server := durable(t, filepath.Join(dir, "pg"))
	p := newPortal(t, server.URL("portal", "portal_app"), filepath.Join(dir, "data"), &apptest.Mailbox{})
	senders := apptest.SendAll(p.drafts(n, mediatest.JPEG(320, 240)), p.send)
	senders.Await(t, n/3)
	if err := server.Crash(); err != nil {
		t.Fatal(err)
	}
	told := senders.Done()
	refused := 0
	for _, acknowledged := range told {
		if !acknowledged {
			refused++
		}
	}
	if refused == 0 {
		t.Fatal("all were sent before the database was gone: nothing is shown")
	}
	restart(t, filepath.Join(dir, "pg"))
	until(t, "the portal is back", 20*time.Second, func() bool { status, _, _ := p.get("/mtr", false); return status == http.StatusOK })
	t.Logf("%d of %d reports were refused", refused, n)
	apptest.Reckon(t, p.App, told, p.send)
	if got := query[int](p, `SELECT count(*) FROM mtr_report r WHERE NOT EXISTS (SELECT FROM mtr_photo f WHERE f.report_id = r.id AND f.event_seq = 1)`); got != 0 {
		t.Errorf("%d reports without their photo", got)
	}
}

// TestTwoPortalsOneDatabase sends 200 reports at once to two portals: their
// numbers have no gap, and each message goes out once.
func TestTwoPortalsOneDatabase(t *testing.T) {
	const n = 200
	db := pgtest.New(t)
	dir, mail := t.TempDir(), &apptest.Mailbox{}
	both := []*portal{newPortal(t, db.URL, dir, mail), newPortal(t, db.URL, dir, mail)}
	tokens := both[0].drafts(n, nil)
	var ready, done sync.WaitGroup
	ready.Add(1)
	for i, token := range tokens {
		done.Go(func() {
			ready.Wait()
			if !both[i%2].send(token) {
				t.Errorf("report %d was not taken", i)
			}
		})
	}
	ready.Done()
	done.Wait()
	rows, err := db.Pool.Query(t.Context(), `SELECT right(number, 6)::int FROM mtr_report`)
	if err != nil {
		t.Fatal(err)
	}
	numbers, err := pgx.CollectRows(rows, pgx.RowTo[int])
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(numbers)
	for i, got := range numbers {
		if got != i+1 {
			t.Fatalf("number %d of %d is %d", i+1, len(numbers), got)
		}
	}
	if len(numbers) != n {
		t.Fatalf("%d reports, want %d", len(numbers), n)
	}
	unfinished := func() int {
		return query[int](both[0], `SELECT count(*) FROM river_job WHERE finalized_at IS NULL AND kind LIKE 'notify%' AND scheduled_at <= now() + interval '1 minute'`)
	}
	until(t, "all messages are out", 2*time.Minute, func() bool { return len(mail.All()) >= n && unfinished() == 0 })
	for i := range n {
		if got := len(mail.To(fmt.Sprintf("warga%d@contoh.id", i))); got != 1 {
			t.Errorf("reporter %d got %d messages, want 1", i, got)
		}
	}
}

// TestHalfSentUploadsLeaveNothing cuts uploads off in the middle.
func TestHalfSentUploadsLeaveNothing(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	dir := t.TempDir()
	p := newPortal(t, pgtest.New(t).URL, dir, &apptest.Mailbox{})
	draft, err := p.MTR.CreateDraft(t.Context(), authz.Actor{})
	if err != nil {
		t.Fatal(err)
	}
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for range 2 {
		part, _ := w.CreateFormFile(mtr.ControlPhoto, "foto.jpg")
		_, _ = part.Write(mediatest.JPEG(2048, 1536, mediatest.Quality(97)))
	}
	_ = w.Close()
	if form.Len() < 2<<20 {
		t.Fatalf("%d bytes stay in memory: nothing would be left behind", form.Len())
	}
	addr, err := url.Parse(p.url)
	if err != nil {
		t.Fatal(err)
	}
	begin := func(path string) net.Conn {
		conn, err := net.Dial("tcp", addr.Host)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: uji\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", path, w.FormDataContentType(), form.Len())
		if _, err := conn.Write(form.Bytes()[:form.Len()*3/4]); err != nil {
			t.Fatal(err)
		}
		return conn
	}
	stalled := begin("/mtr/lapor/" + draft + "/foto")
	defer stalled.Close()
	for range 5 {
		begin("/mtr/lapor").Close()
		begin("/mtr/lapor/" + draft + "/foto").Close()
	}
	// One that goes silent is given up on.
	_ = stalled.SetReadDeadline(time.Now().Add(90 * time.Second))
	if _, err := io.Copy(io.Discard, stalled); err != nil {
		t.Errorf("the portal waits for a phone that is gone: %v", err)
	}
	files := func(dir string) (names []string) {
		_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && !strings.Contains(path, "data-terbuka") { // the day's open data lie there too
				names = append(names, path)
			}
			return nil
		})
		return names
	}
	until(t, "temporary files are gone", 10*time.Second, func() bool { return len(files(temporary)) == 0 })
	if left := files(filepath.Join(dir, "berkas")); len(left) > 0 {
		t.Errorf("files stayed: %v", left)
	}
	if got := query[int](p, `SELECT count(*) FROM mtr_draft`); got != 1 {
		t.Errorf("%d drafts, want the one", got)
	}
	if got := query[int](p, `SELECT count(*) FROM mtr_photo`); got != 0 {
		t.Errorf("%d photos of none", got)
	}
}
