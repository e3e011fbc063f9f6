//go:build deep

package machines_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
)

// reading is what the tests of the replica need of the machines.
type reading struct {
	*apptest.Server // over the primary
	front           string
	portals, admins []string // addresses
	replica         *pglocal.Server
	dir             string // of the replica
	people          *crowd // reads meanwhile
	drafts          []string
}

// body is what an address answers, "" for anything but 200.
func body(t *testing.T, url string) string {
	t.Helper()
	resp, err := visitor.Get(url)
	if err != nil {
		return ""
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return ""
	}
	return string(b)
}

// asked waits until both portals ask the replica, or do not.
func (r *reading) asked(t *testing.T, want bool, within time.Duration) (took time.Duration) {
	t.Helper()
	began := time.Now()
	for _, addr := range r.portals {
		until(t, fmt.Sprintf("the replica is asked: %v", want), within, func() bool {
			said := body(t, "http://"+addr+"/readyz")
			return said != "" && strings.Contains(said, "replica") == !want
		})
	}
	return time.Since(began)
}

// send sends a report from a browser of its own and returns it with the report's number.
func (r *reading) send(t *testing.T) (browser *apptest.Client, number string) {
	t.Helper()
	draft := r.drafts[0]
	r.drafts = r.drafts[1:]
	browser = (&apptest.Server{URL: r.front}).Client(t)
	browser.NoRedirects()
	req, err := http.NewRequest(http.MethodPost, r.front+"/mtr/lapor/"+draft+"/kirim", nil)
	must(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("User-Agent", draft) // each report from a browser of its own: who sends many has to wait
	browser.Do(req).Want(http.StatusSeeOther)
	r.people.mu.Lock()
	r.people.told[draft] = true
	r.people.mu.Unlock()
	d, err := r.App.MTR.Draft(t.Context(), draft)
	must(t, err)
	if d.Receipt == nil {
		t.Fatal("a report was acknowledged and is not there")
	}
	return browser, d.Receipt.Number
}

// own has n people send a report and look for it, at once and at both portals.
func (r *reading) own(t *testing.T, n int) {
	t.Helper()
	strangers := 0
	for range n {
		browser, number := r.send(t)
		if strings.Contains(body(t, r.front+"/mtr"), number) {
			strangers++
		}
		by := map[string]bool{}
		for n := 0; n < 4 || len(by) < 2 && n < 40; n++ {
			p := browser.Get("/mtr").Want(http.StatusOK)
			by[p.Header.Get("X-Portal")] = true
			if !strings.Contains(p.Body, number) {
				t.Errorf("who sent a report does not find it in the list of %s", p.Header.Get("X-Portal"))
			}
		}
		if len(by) != 2 {
			t.Errorf("only %v served", by)
		}
	}
	t.Logf("%d of %d people found their report at once; of strangers %d", n, n, strangers)
}

// unnoticed tells what the crowd met since; nobody met a failure or waited for long.
func (r *reading) unnoticed(t *testing.T, what string, since time.Time) {
	t.Helper()
	f := r.people.met(t, since)
	t.Logf("%s: %v", what, f)
	if f.failed > 0 {
		t.Errorf("%d requests failed", f.failed)
	}
	if f.slowest > 8*time.Second {
		t.Errorf("somebody waited for %v", f.slowest)
	}
}

func (r *reading) as(t *testing.T, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), r.replica.URL(r.DB.Name, pglocal.Superuser))
	must(t, err)
	defer conn.Close(t.Context())
	_, err = conn.Exec(t.Context(), sql)
	must(t, err)
}

// faults does to the replica what may happen to one, while the crowd reads.
func (r *reading) faults(t *testing.T) {
	whole := t
	t.Run("pages that only read come from the replica", func(t *testing.T) {
		r.asked(t, true, 20*time.Second)
		r.own(t, 20)
		for _, addr := range r.admins {
			for line := range strings.Lines(body(t, "http://"+addr+"/metrics")) {
				if strings.HasPrefix(line, "portal_replica") {
					t.Logf("%s: %s", addr, strings.TrimSpace(line))
				}
				if strings.HasPrefix(line, `portal_replica_requests_total{asked="yes"} 0`) {
					t.Error("nothing was read from the replica")
				}
			}
		}
	})

	t.Run("a replica that stands still is left", func(t *testing.T) {
		r.as(t, `SELECT pg_wal_replay_pause()`)
		defer r.as(t, `SELECT pg_wal_replay_resume()`)
		began := time.Now()
		_, number := r.send(t)
		r.own(t, 2)
		until(t, "strangers see a report that the replica does not have", 20*time.Second, func() bool {
			return strings.Contains(body(t, r.front+"/mtr?jumlah=100"), number)
		})
		seen := time.Since(began)
		// The memory of a portal, a look, and what a busy machine takes.
		if most := pg.MaxBehind + 4*time.Second; seen > most {
			t.Errorf("strangers read what was %v old", seen)
		}
		r.asked(t, false, 5*time.Second)
		r.own(t, 5)
		r.unnoticed(t, fmt.Sprintf("replay paused; strangers read at most %v behind", seen.Round(10*time.Millisecond)), began)
	})

	t.Run("a replica that does not answer keeps nobody waiting", func(t *testing.T) {
		t.Logf("asked again %v after it went on", r.asked(t, true, 20*time.Second).Round(10*time.Millisecond))
		conn, err := pgx.Connect(t.Context(), r.replica.URL("postgres", pglocal.Superuser))
		must(t, err)
		rows, err := conn.Query(t.Context(), `SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
			UNION ALL SELECT split_part(pg_read_file('postmaster.pid'), E'\n', 1)::int`)
		must(t, err)
		pids, err := pgx.CollectRows(rows, pgx.RowTo[int])
		must(t, err)
		defer conn.Close(t.Context())
		began := time.Now()
		for _, pid := range pids {
			must(t, syscall.Kill(pid, syscall.SIGSTOP))
		}
		goOn := func() {
			for _, pid := range pids {
				_ = syscall.Kill(pid, syscall.SIGCONT)
			}
		}
		t.Cleanup(goOn)
		left := r.asked(t, false, 20*time.Second)
		<-time.After(3 * time.Second)
		r.unnoticed(t, fmt.Sprintf("replica frozen, left after %v", left.Round(10*time.Millisecond)), began)
		goOn()
		t.Logf("asked again %v after it went on", r.asked(t, true, 30*time.Second).Round(10*time.Millisecond))
	})

	t.Run("a replica that is killed is missed by nobody", func(t *testing.T) {
		began := time.Now()
		must(t, r.replica.Crash())
		left := r.asked(t, false, 10*time.Second)
		<-time.After(2 * time.Second)
		r.own(t, 5)
		r.unnoticed(t, fmt.Sprintf("replica killed, left after %v", left.Round(10*time.Millisecond)), began)
		r.replica = postgres(whole, r.dir, map[string]string{"hot_standby": "on"})
		t.Logf("asked again %v after its start", r.asked(t, true, 30*time.Second).Round(10*time.Millisecond))
	})
}

// promoted makes a primary of the replica, beside the one that goes on: it goes ways of its own.
func (r *reading) promoted(t *testing.T) {
	r.asked(t, true, 20*time.Second)
	began := time.Now()
	r.as(t, `SELECT pg_promote()`)
	left := r.asked(t, false, 10*time.Second)
	t.Logf("a replica that was promoted is left after %v", left.Round(10*time.Millisecond))
	_, number := r.send(t)
	for time.Since(began) < pg.MaxBehind+3*time.Second {
		until(t, "strangers see what is new", 2*time.Second, func() bool { return strings.Contains(body(t, r.front+"/mtr"), number) })
	}
}
