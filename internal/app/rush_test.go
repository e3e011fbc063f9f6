package app_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/app"
	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
	"makassartidakrantasa.com/portal/internal/platform/session"
)

const urlencoded = "application/x-www-form-urlencoded"

// asPortal makes this test program the portal, so that a test can kill one.
const asPortal = "UJI_PORTAL"

func TestMain(m *testing.M) {
	if os.Getenv(asPortal) == "" {
		os.Exit(m.Run())
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	code := app.Main(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// serve runs a portal in a process of its own on a database until it is ready.
func serve(t *testing.T, dir, addr, databaseURL string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd := exec.Command(self, "serve")
	cmd.Env = []string{
		asPortal + "=1", "DATABASE_URL=" + databaseURL, "PORTAL_ADDR=" + addr, "PORTAL_DATA_DIR=" + dir,
		"PORTAL_SECRET_FILE=" + filepath.Join(dir, "rahasia"), "PORTAL_RATE_LIMITS=off", "TMPDIR=" + os.TempDir(), "HOME=" + dir,
	}
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if cmd.ProcessState == nil {
			kill(t, cmd)
		}
	})
	awaited(t, "the portal is ready", func() bool {
		resp, err := http.Get("http://" + addr + "/readyz")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	return cmd
}

// kill ends a portal as kill -9 does.
func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait() // it was killed
}

// awaited waits for something to come true.
func awaited(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(time.Minute)
	for !ok() {
		select {
		case <-deadline:
			t.Fatalf("not within a minute: %s", what)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// freeAddr returns an address for a server that starts, ends and starts again. It is on a
// loopback address of its own where the system has them: there no connection of another
// test can take the port meanwhile.
func freeAddr(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.151.1:0")
	if err != nil {
		if listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
	}
	defer listener.Close()
	return listener.Addr().String()
}

// One stands still in the middle of taking number 151, with the session's row locked,
// until the test lets go of the lock.
const stopAt151 = `
CREATE FUNCTION uji_stop() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM pg_advisory_xact_lock(151); RETURN NEW; END$$;
CREATE TRIGGER uji_stop BEFORE INSERT ON epuskesmas_ticket FOR EACH ROW WHEN (NEW.number = 151) EXECUTE FUNCTION uji_stop()`

const rushPoli = `WITH g AS (UPDATE epuskesmas_site SET open = true, horizon_days = 60 WHERE slug = 'kassi-kassi' RETURNING unit_id),
o AS (INSERT INTO epuskesmas_poli (unit_id, kind, letter, name, spoken) SELECT unit_id, 'poli', 'A', 'Poli Umum', 'Poli Umum' FROM g RETURNING id),
p AS (INSERT INTO epuskesmas_plan (poli_id, weekday, starts, ends, quota, quota_online, valid_from)
	SELECT id, d, '06:00', '12:00', $1, $1, '2026-01-01' FROM o, generate_series(1, 6) d)
SELECT id FROM o`

// A thousand patients send their bookings to a portal that is killed while it writes one
// of them. They send again with the same keys until they have an answer. Numbers are 1 to
// 300, whatever was acknowledged stands, and of nothing there is only half.
func TestAPortalKilledInARush(t *testing.T) {
	t.Parallel()
	const patients, places, accounts = 1000, 300, 200
	db, dir := pgtest.New(t), t.TempDir()
	box, err := crypt.Load(filepath.Join(dir, "rahasia"), true)
	if err != nil {
		t.Fatal(err)
	}
	ctx, owner := t.Context(), db.Owner()
	queues := epuskesmas.New(epuskesmas.Deps{DB: db.Pool, Clock: clock.System{}, Box: box})
	if err := queues.EnsureSites(ctx); err != nil {
		t.Fatal(err)
	}
	var poli int64
	if err := owner.QueryRow(ctx, rushPoli, places).Scan(&poli); err != nil {
		t.Fatal(err)
	}
	if _, err := owner.Exec(ctx, stopAt151); err != nil {
		t.Fatal(err)
	}
	sessions, err := queues.Sessions(ctx, poli)
	if err != nil || len(sessions) == 0 {
		t.Fatalf("%d sessions, %v", len(sessions), err)
	}
	at := sessions[len(sessions)-1].StartsAt

	rows, err := owner.Query(ctx, `INSERT INTO authn_account (kind, name, email, email_verified_at, created_at)
		SELECT 'warga', 'Warga ' || i, 'warga' || i || '@contoh.id', now(), now() FROM generate_series(0, $1 - 1) i RETURNING id`, accounts)
	if err != nil {
		t.Fatal(err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		t.Fatal(err)
	}
	manager := session.New(db.Pool, box, clock.System{}, session.Options{})
	cookies := make([]*http.Cookie, accounts)
	for i, id := range ids {
		answer := httptest.NewRecorder()
		manager.LoadAndSave(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			err = session.SignIn(r.Context(), id, session.Citizen)
		})).ServeHTTP(answer, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil))
		if err != nil {
			t.Fatal(err)
		}
		cookies[i] = answer.Result().Cookies()[0]
	}

	addr := freeAddr(t)
	lock, err := owner.Acquire(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	if _, err := lock.Exec(ctx, `SELECT pg_advisory_lock(151)`); err != nil {
		t.Fatal(err)
	}
	portal := serve(t, dir, addr, db.URL)

	client := &http.Client{
		Timeout: 5 * time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 250, MaxConnsPerHost: 250},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	// send gives the ticket's address, "" when it is full; an error when there was no answer,
	// or one that asks for patience.
	send := func(i int) (string, error) {
		form := url.Values{
			"kunci": {fmt.Sprint("kunci-", i)}, epuskesmas.ControlPoli: {fmt.Sprint(poli)}, epuskesmas.ControlSession: {at.In(clock.Makassar).Format("2006-01-02T15:04")},
			epuskesmas.ControlName: {"Pasien " + string(rune('A'+i/accounts))}, epuskesmas.ControlBirth: {"1980-08-17"}, epuskesmas.ControlPayer: {string(epuskesmas.General)},
			epuskesmas.ControlContact: {fmt.Sprintf("warga%d@contoh.id", i%accounts)},
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+addr+"/puskesmas/kassi-kassi/kirim", strings.NewReader(form.Encode()))
		if err != nil {
			return "", err
		}
		req.Header.Set("Content-Type", urlencoded)
		req.AddCookie(cookies[i%accounts])
		resp, err := client.Do(req)
		if err != nil {
			return "", err
		}
		defer resp.Body.Close()
		page, err := io.ReadAll(resp.Body)
		switch {
		case err != nil:
			return "", err
		case resp.StatusCode == http.StatusSeeOther:
			return resp.Header.Get("Location"), nil
		case resp.StatusCode == http.StatusConflict && bytes.Contains(page, []byte("sudah habis")):
			return "", nil
		case resp.StatusCode == http.StatusServiceUnavailable:
			return "", fmt.Errorf("booking %d waited too long", i)
		}
		t.Errorf("booking %d: status %d", i, resp.StatusCode)
		return "", nil
	}
	given := make([]string, patients)
	var rush, again sync.WaitGroup
	back := make(chan struct{})
	for i := range patients {
		rush.Add(1)
		again.Go(func() {
			var err error
			given[i], err = send(i)
			rush.Done()
			if err == nil {
				return
			}
			<-back
			for range 20 {
				if given[i], err = send(i); err == nil {
					return
				}
			}
			t.Errorf("booking %d of the portal that is back: %v", i, err)
		})
	}
	var standing int
	awaited(t, "one is in the middle of number 151", func() bool {
		if err := owner.QueryRow(ctx, `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 151 AND NOT granted
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`).Scan(&standing); err != nil {
			t.Fatal(err)
		}
		return standing == 1
	})
	kill(t, portal)
	rush.Wait()
	acknowledged := slices.Clone(given)
	if n := len(slices.DeleteFunc(slices.Clone(given), func(s string) bool { return s == "" })); n > 150 {
		t.Errorf("%d have a number, and 150 were given", n)
	}
	if _, err := lock.Exec(ctx, `SELECT pg_advisory_unlock(151)`); err != nil {
		t.Fatal(err)
	}
	serve(t, dir, addr, db.URL)
	close(back)
	again.Wait()

	tickets := map[string]int{}
	for i, address := range given {
		if acknowledged[i] != "" && acknowledged[i] != address {
			t.Errorf("booking %d has another ticket than it was told", i)
		}
		if address != "" {
			mine, err := queues.Mine(ctx, strings.TrimPrefix(address, "/antrean/"))
			if err != nil {
				t.Fatalf("booking %d was acknowledged and its ticket is not there: %v", i, err)
			}
			tickets[mine.Code] = i
		}
	}
	for n := range places {
		if _, ok := tickets[fmt.Sprintf("A-%03d", n+1)]; !ok {
			t.Errorf("nobody has number %d", n+1)
		}
	}
	for what, sql := range map[string]string{
		"tickets more or fewer than places": `SELECT count(*) - 300 FROM epuskesmas_ticket`,
		"visits without a ticket":           `SELECT count(*) FROM epuskesmas_visit v WHERE NOT EXISTS (SELECT FROM epuskesmas_ticket t WHERE t.visit_id = v.id)`,
		"tickets without their event":       `SELECT count(*) FROM epuskesmas_ticket t WHERE NOT EXISTS (SELECT FROM epuskesmas_event e WHERE e.ticket_id = t.id)`,
		"patients without a visit":          `SELECT count(*) FROM epuskesmas_patient p WHERE NOT EXISTS (SELECT FROM epuskesmas_visit v WHERE v.patient_id = p.id)`,
		"places counted wrongly":            `SELECT count(*) FROM epuskesmas_session WHERE last_number <> 300 OR taken <> 300 OR taken_online <> 300 OR seq <> 300`,
	} {
		var n int
		if err := owner.QueryRow(ctx, sql).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
}
