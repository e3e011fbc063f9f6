//go:build deep

package app_test

import (
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

// overTCP carries connections to the socket of a database: toxiproxy knows TCP alone.
func overTCP(t *testing.T, databaseURL string) (addr string) {
	t.Helper()
	cfg, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(cfg.Host, ".s.PGSQL.5432")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("unix", socket)
			if err != nil {
				_ = in.Close()
				continue
			}
			carry := func(to, from net.Conn) {
				_, _ = io.Copy(to, from)
				_ = to.Close()
				_ = from.Close()
			}
			go carry(in, out)
			go carry(out, in)
		}
	}()
	return l.Addr().String()
}

// TestLinkToTheDatabaseIsSlowCutAndSilent has toxiproxy between portal and database while
// reports come in: 20 and 100 ms on the way, every connection cut three times, and at last a network
// that swallows everything without a word. No page hangs, nothing acknowledged is lost, and
// when the link is well again so is the portal.
func TestLinkToTheDatabaseIsSlowCutAndSilent(t *testing.T) {
	const n = 350
	db := pgtest.New(t)
	// A portal beside it prepares, and counts afterwards.
	dir := t.TempDir()
	beside := newPortal(t, db.URL, dir, &apptest.Mailbox{})
	drafts := beside.drafts(n, nil)

	proxy := toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), zerolog.New(io.Discard)),
		"database", "127.0.0.1:0", overTCP(t, db.URL))
	if err := proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Stop)
	toxic := func(json string) (heal func()) {
		t.Helper()
		added, err := proxy.Toxics.AddToxicJson(strings.NewReader(json))
		if err != nil {
			t.Fatal(err)
		}
		return func() {
			t.Helper()
			if err := proxy.Toxics.RemoveToxic(t.Context(), added.Name); err != nil {
				t.Fatal(err)
			}
		}
	}
	p := newPortal(t, "postgres://portal_app@"+proxy.Listen+"/"+db.Name+"?sslmode=disable", dir, &apptest.Mailbox{})
	ask := func(what string, within time.Duration) (status int) {
		t.Helper()
		began := time.Now()
		status, _, _ = p.get("/mtr", true)
		if took := time.Since(began); took > within {
			t.Errorf("%s: the list took %v", what, took)
		}
		if status != 200 && status != 503 {
			t.Errorf("%s: the list answers %d", what, status)
		}
		return status
	}
	well := func(what string) {
		t.Helper()
		began := time.Now()
		until(t, what+": the portal is well again", 30*time.Second, func() bool { return ask(what, 30*time.Second) == 200 })
		t.Logf("%s: well again after %v", what, time.Since(began).Round(10*time.Millisecond))
	}
	well("at first")

	told := map[string]bool{}
	for way, ms := range []int{20, 100} {
		heal := toxic(fmt.Sprintf(`{"name": "slow", "type": "latency", "stream": "downstream", "attributes": {"latency": %d, "jitter": %d}}`, ms, ms/4))
		began, slow := time.Now(), 0
		for draft, acknowledged := range apptest.SendAll(drafts[50*way:][:50], p.send).Done() {
			if told[draft] = acknowledged; !acknowledged {
				slow++ // waited for a number for longer than the limit of locks
			}
		}
		t.Logf("50 reports, eight at once, over a link of %d ms in %v, %d refused", ms, time.Since(began).Round(10*time.Millisecond), slow)
		if slow > 5 {
			t.Error("a slow link is no reason to refuse reports")
		}
		if ask("slow", 15*time.Second) != 200 {
			t.Error("pages fail over a slow link")
		}
		heal()
	}

	senders := apptest.SendAll(drafts[100:], p.send)
	for range 3 {
		senders.Await(t, 30)
		proxy.Stop()
		ask("cut", 10*time.Second)
		if err := proxy.Start(); err != nil {
			t.Fatal(err)
		}
	}
	well("cut")
	senders.Await(t, 30)
	heal := toxic(`{"name": "silent", "type": "timeout", "stream": "downstream", "attributes": {"timeout": 0}}`)
	ask("silent", 20*time.Second)
	ask("silent", 20*time.Second)
	heal()
	well("silent")
	refused := 0
	for draft, acknowledged := range senders.Done() {
		if told[draft] = acknowledged; !acknowledged {
			refused++
		}
	}
	if refused == 0 {
		t.Fatal("nobody met the link as it was cut: nothing is shown")
	}
	t.Logf("%d of %d reports were refused", refused, n)
	apptest.Reckon(t, beside.App, told, p.send)
}
