//go:build deep

package machines_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

// TestMoreThanOneMachine runs what a city would run on several machines, on one: two portals
// behind HAProxy, over PgBouncer in transaction mode and a PostgreSQL that a replica follows.
// Both serve; sessions, live pages and jobs belong to neither; portals are exchanged one after
// the other and nobody notices; one that is killed is missed for an instant, and so is the
// balancer. What only reads
// comes from the replica, and nobody notices what becomes of that.
func TestMoreThanOneMachine(t *testing.T) {
	dir := t.TempDir()
	db := primary(t, filepath.Join(dir, "primary"))
	t.Setenv(pgtest.SocketEnv, db.Socket()) // what pgtest makes is on the primary
	s := apptest.New(t)
	s.Clock.Set(time.Now())
	follower := replica(t, filepath.Join(dir, "replica"), db)
	limit(t, db)
	middle, poolAddr := pooler(t, dir, db)
	mail, mailAddr := mailServer(t)

	addrs, admins := []string{freeAddr(t), freeAddr(t)}, []string{freeAddr(t), freeAddr(t)}
	gate, gateAddr := balancer(t, dir, addrs...)
	front := "http://" + gateAddr
	program := build(t, dir)
	var portals []*server
	for i, addr := range addrs {
		portals = append(portals, &server{t: t, name: fmt.Sprint("portal", i), words: []string{program, "serve"}, env: []string{
			"DATABASE_URL=postgres://portal_app@" + poolAddr + "/" + s.DB.Name, "DATABASE_DIRECT_URL=" + s.DB.URL,
			"DATABASE_REPLICA_URL=" + follower.URL(s.DB.Name, "portal_app"), "PORTAL_ADMIN_ADDR=" + admins[i],
			"PORTAL_ADDR=" + addr, "PORTAL_BASE_URL=" + front, "PORTAL_DATA_DIR=" + filepath.Join(dir, "data"),
			"PORTAL_SECRET_FILE=" + s.App.Config.SecretFile, "BLOB_URL=file://" + filepath.Join(dir, "berkas"),
			"SMTP_URL=smtp://" + mailAddr + "?tls=none&from=layanan@portal.example",
			"PORTAL_TRUSTED_PROXIES=127.0.0.0/8", "PORTAL_RATE_LIMITS=off", "PORTAL_DRAIN=3s",
		}})
	}
	for i, p := range portals {
		t.Logf("portal%d is ready %v after its start", i, p.launch(addrs[i]).Round(time.Millisecond))
	}
	house := s.Puskesmas(t)

	t.Run("sessions hold on both", func(t *testing.T) {
		const password = "kapal-pinisi-41"
		s.Password(t, s.Citizen(t, "sitti@contoh.id", "Sitti Rahmawati"), password)
		visitor := (&apptest.Server{URL: front}).Client(t)
		visitor.Post("/masuk", url.Values{"nama": {"sitti@contoh.id"}, "sandi": {password}}).Want(http.StatusOK)
		by := map[string]int{}
		for range 12 {
			p := visitor.Get("/akun").Want(http.StatusOK)
			if p.URL.Path != "/akun" {
				t.Fatalf("not signed in at %s: sent to %s", p.Header.Get("X-Portal"), p.URL)
			}
			by[p.Header.Get("X-Portal")]++
		}
		if len(by) != 2 {
			t.Errorf("only %v served", by)
		}
	})

	t.Run("live pages see what happened at the other portal", func(t *testing.T) {
		boards := []*board{watch(t, addrs[0], house.Board), watch(t, addrs[1], house.Board)}
		for i, addr := range addrs {
			was := []int{boards[0].count(), boards[1].count()}
			door := (&apptest.Server{URL: "http://" + addr}).Client(t)
			began := time.Now()
			door.Get("/kios/"+house.Kiosk).Want(http.StatusOK).Submit("form", nil).Want(http.StatusOK)
			for k, b := range boards {
				until(t, fmt.Sprintf("the board of portal%d shows the number taken at portal%d", k, i), 10*time.Second, func() bool { return b.count() > was[k] })
			}
			t.Logf("a number taken at portal%d is on both boards after %v", i, time.Since(began).Round(time.Millisecond))
		}
	})

	drafts := make([]string, 760) // the last 60 for those who look for their own
	for i := range drafts {
		drafts[i] = apptest.Draft(t, s.App, i, nil)
	}
	lag := behind(t, db)
	people := gather(front, drafts[:700])
	until(t, "both portals serve", 20*time.Second, func() bool {
		return people.answered("portal0", time.Time{}) && people.answered("portal1", time.Time{})
	})

	t.Run("a rolling restart loses no request", func(t *testing.T) {
		began := time.Now()
		for i, p := range portals {
			p.end(syscall.SIGTERM)
			p.launch(addrs[i])
			back := time.Now()
			until(t, "the new portal serves", 20*time.Second, func() bool { return people.answered(fmt.Sprint("portal", i), back) })
		}
		f := people.met(t, began)
		t.Logf("rolling restart in %v: %v", time.Since(began).Round(100*time.Millisecond), f)
		if f.failed > 0 {
			t.Errorf("%d requests were lost", f.failed)
		}
	})

	t.Run("a killed portal is missed for an instant", func(t *testing.T) {
		began := time.Now()
		portals[0].end(syscall.SIGKILL)
		<-time.After(6 * time.Second)
		f := people.met(t, began)
		t.Logf("portal killed: %v", f)
		if f.recovered > 3*time.Second {
			t.Errorf("requests fail until %v after it", f.recovered)
		}
		if f.failed != f.failedPosts {
			t.Errorf("%d readers met the dead portal", f.failed-f.failedPosts)
		}
		portals[0].launch(addrs[0])
		back := time.Now()
		until(t, "it serves again", 20*time.Second, func() bool { return people.answered("portal0", back) })
	})

	t.Run("the pooler is restarted", func(t *testing.T) {
		began := time.Now()
		middle.end(syscall.SIGKILL)
		middle.start()
		answers(t, poolAddr)
		<-time.After(4 * time.Second)
		f := people.met(t, began)
		t.Logf("pooler killed and started: %v", f)
		if f.recovered > 5*time.Second {
			t.Errorf("requests fail until %v after it", f.recovered)
		}
	})

	t.Run("the balancer is read in anew", func(t *testing.T) {
		began := time.Now()
		for range 3 {
			must(t, gate.cmd.Process.Signal(syscall.SIGUSR2))
			<-time.After(2 * time.Second)
		}
		f := people.met(t, began)
		t.Logf("balancer read in anew three times: %v", f)
		if f.failed > 0 {
			t.Errorf("%d requests were lost", f.failed)
		}
	})

	t.Run("the balancer is killed", func(t *testing.T) {
		began := time.Now()
		gate.end(syscall.SIGKILL)
		gate.start()
		answers(t, gateAddr)
		<-time.After(4 * time.Second)
		f := people.met(t, began)
		t.Logf("balancer killed and started: %v", f)
		if f.failed == 0 {
			t.Error("nobody met the dead balancer: nothing is shown")
		}
		if f.recovered > 3*time.Second {
			t.Errorf("requests fail until %v after it", f.recovered)
		}
	})

	lag.stop()
	own := &reading{Server: s, front: front, portals: addrs, admins: admins, replica: follower, dir: filepath.Join(dir, "replica"), people: people, drafts: drafts[700:]}
	own.faults(t)
	people.leave()
	sent := len(people.told)
	apptest.Reckon(t, s.App, people.told, people.send)
	count := func(q pg.Querier, sql string) int { t.Helper(); return count(t, q, sql) }

	t.Run("the replica has it all", func(t *testing.T) {
		leader, err := pgx.Connect(t.Context(), db.URL("postgres", pglocal.Superuser))
		must(t, err)
		defer leader.Close(t.Context())
		conn, err := pgx.Connect(t.Context(), own.replica.URL(s.DB.Name, "portal_readonly"))
		must(t, err)
		defer conn.Close(t.Context())
		t.Logf("the replica was at most %v behind under load", lag.worst.Round(time.Millisecond))
		var written string
		began := time.Now()
		must(t, leader.QueryRow(t.Context(), `SELECT pg_current_wal_lsn()::text`).Scan(&written))
		until(t, "the replica has caught up", 20*time.Second, func() bool {
			return count(conn, `SELECT (pg_last_wal_replay_lsn() >= '`+written+`'::pg_lsn)::int`) == 1
		})
		t.Logf("the replica has all that was written after %v", time.Since(began).Round(time.Millisecond))
		if n := count(conn, `SELECT count(*) FROM mtr_report`); n != sent {
			t.Errorf("the replica has %d reports of %d", n, sent)
		}
		if _, err := conn.Exec(t.Context(), `CREATE TABLE uji (id int)`); err == nil {
			t.Error("the replica can be written")
		}
	})

	t.Run("a replica that is promoted is none", own.promoted)

	t.Run("messages go out once, by both portals", func(t *testing.T) {
		unfinished := func() int {
			return count(s.Pool, `SELECT count(*) FROM river_job WHERE finalized_at IS NULL AND kind = 'notify_send' AND scheduled_at <= now() + interval '10 minutes'`)
		}
		// What a killed portal was about to send is taken up after five minutes.
		until(t, "all messages are out", 8*time.Minute, func() bool { return unfinished() == 0 })
		// A portal that is killed between handing a message over and noting it cannot tell.
		const outgoing = 4 // messages that a portal has in hand at once
		twice := 0
		for i, d := range drafts {
			_, sent := people.told[d]
			switch got := mail.to(fmt.Sprintf("warga%d@contoh.id", i)); {
			case !sent || got == 1:
			case got == 2 && twice < outgoing:
				twice++
			default:
				t.Errorf("reporter %d got %d messages, want 1", i, got)
			}
		}
		t.Logf("%d messages went out twice", twice)
		if n := count(s.Pool, `SELECT count(DISTINCT attempted_by[1]) FROM river_job WHERE kind = 'notify_send'`); n < 2 {
			t.Errorf("%d portals worked on messages", n)
		}
	})

	t.Logf("%d reports and %d pages in all", sent, len(people.answers)-sent)
}

// meter tells how far the replica was behind at its worst, once it is stopped.
type meter struct {
	worst time.Duration
	stop  func()
}

// behind asks the primary every 100 ms.
func behind(t *testing.T, db *pglocal.Server) *meter {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), db.URL("postgres", pglocal.Superuser))
	must(t, err)
	m, ask, over := &meter{}, make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		defer conn.Close(context.WithoutCancel(t.Context()))
		for {
			select {
			case <-ask:
				return
			case <-time.After(100 * time.Millisecond):
			}
			var seconds float64
			if err := conn.QueryRow(t.Context(), `SELECT coalesce(extract(epoch FROM max(replay_lag)), 0)::float8 FROM pg_stat_replication`).Scan(&seconds); err != nil {
				return
			}
			m.worst = max(m.worst, time.Duration(seconds*float64(time.Second)))
		}
	}()
	m.stop = func() { close(ask); <-over }
	return m
}

// limit gives the role of the portals what a pooler cannot carry.
func limit(t *testing.T, db *pglocal.Server) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), db.URL("postgres", pglocal.Superuser))
	must(t, err)
	defer conn.Close(t.Context())
	for _, set := range []string{"statement_timeout = '10s'", "lock_timeout = '5s'", "idle_in_transaction_session_timeout = '15s'", "jit = off"} {
		_, err := conn.Exec(t.Context(), "ALTER ROLE portal_app SET "+set)
		must(t, err)
	}
}

// board is the screen of a waiting room.
type board struct {
	changes chan string
	seen    int
}

// watch opens the board at one portal.
func watch(t *testing.T, addr, token string) *board {
	t.Helper()
	resp, err := http.Get("http://" + addr + "/layar/" + token + "/perubahan")
	must(t, err)
	t.Cleanup(func() { _ = resp.Body.Close() })
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("the board answers %s", resp.Status)
	}
	b := &board{changes: make(chan string, 100)}
	go func() {
		lines := bufio.NewScanner(resp.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				b.changes <- data
			}
		}
	}()
	until(t, "the board shows something", 10*time.Second, func() bool { return b.count() > 0 })
	return b
}

// count is how often the board was told something.
func (b *board) count() int {
	for {
		select {
		case <-b.changes:
			b.seen++
		default:
			return b.seen
		}
	}
}
