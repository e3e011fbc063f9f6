package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"

	"makassartidakrantasa.com/portal/internal/app"
	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/platform/config"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
)

// asked is how often the replica was asked, and why not, of all portals in this program.
func asked(t *testing.T) map[string]int {
	t.Helper()
	families, err := prometheus.DefaultGatherer.Gather()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, f := range families {
		if f.GetName() == "portal_replica_requests_total" {
			for _, m := range f.GetMetric() {
				out[m.GetLabel()[0].GetValue()] = int(m.GetCounter().GetValue())
			}
		}
	}
	return out
}

// TestWhatReadsFromTheReplica has another database stand for the replica: what a page shows
// tells which of the two it is from. Alone: it counts.
func TestWhatReadsFromTheReplica(t *testing.T) {
	replica := apptest.New(t)
	var fresh atomic.Bool
	fresh.Store(true)
	s := apptest.New(t, func(c *config.Config, o *app.Options) {
		c.DatabaseReplicaURL, o.ReplicaFresh = replica.DB.URL, fresh.Load
	})
	report := func(s *apptest.Server, n int) {
		t.Helper()
		if ok, err := apptest.Send(s.URL, apptest.Draft(t, s.App, n, nil)); !ok || err != nil {
			t.Fatal("a report is not taken", err)
		}
	}
	report(replica, 1)
	for n := range 2 {
		report(s, n)
	}
	// How many reports the list shows tells where it is from.
	from := func(who string, c *apptest.Client, want int) {
		t.Helper()
		if got := c.Get("/mtr").Want(http.StatusOK).Doc.Find(".media-list a").Length(); got != want {
			t.Errorf("%s: the list has %d reports, want %d", who, got, want)
		}
	}
	const copied, primary = 1, 2
	const both, newest = "/mtr/laporan/MTR-26-000001", "/mtr/laporan/MTR-26-000002"
	stranger := s.Client(t)
	from("a stranger", stranger, copied)

	before, pages := asked(t), 0
	for _, r := range s.App.Router.Routes() {
		if r.Reads {
			pages++
			path := strings.NewReplacer("{nomor}", "MTR-26-000001", "{id}", "MTR-26-000001", "{format}", "json", "{code}", "LAMPU").Replace(r.Pattern) +
				map[string]string{"/mtr/peta.json": "?bbox=119.3,-5.3,119.6,-5.0&zoom=19", "/mtr/statistik/daftar": "?angka=masuk"}[r.Pattern]
			if p := stranger.Get(path); p.Status >= 400 && !strings.Contains(path, "/services/") {
				t.Errorf("%s: %d", path, p.Status)
			}
		}
		if r.Reads != (r.Replica != nil) || r.Reads && (r.Method != http.MethodGet || r.Access.String() != "umum" || r.Stream) {
			t.Errorf("%s %s reads from the replica: %v", r.Method, r.Pattern, r.Replica != nil)
		}
	}
	if after := asked(t); pages < 10 || after["yes"]-before["yes"] != pages || after["in vain"] != before["in vain"] {
		t.Errorf("of %d pages: %v, then %v", pages, before, after)
	}

	// Who has written reads their own writing, and who is signed in.
	writer := s.Client(t)
	if writer.Cookie("menulis") != "" {
		t.Error("who only reads got a cookie")
	}
	writer.Post("/keluar", url.Values{})
	from("who has written", writer, primary)
	from("another one", stranger, copied)
	from("who is signed in", s.SignedIn(t, s.Citizen(t, "sitti@contoh.id", "Sitti")), primary)
	// What is there already for those who know of it is there for all.
	stranger.Get(newest).Want(http.StatusOK)
	stranger.Get(both).Want(http.StatusOK)
	stranger.Get("/mtr/laporan/MTR-26-000009").Want(http.StatusNotFound)

	fresh.Store(false)
	from("with a replica that is behind", stranger, primary)
	if p := stranger.Get("/readyz").Want(http.StatusOK); !strings.Contains(p.Body, "replica") {
		t.Errorf("/readyz says %q", p.Body)
	}

	// One that is gone is nobody's error page.
	fresh.Store(true)
	super, err := pgx.Connect(t.Context(), s.DB.URLFor(pglocal.Superuser))
	if err != nil {
		t.Fatal(err)
	}
	defer super.Close(t.Context())
	for _, sql := range []string{
		`ALTER DATABASE ` + replica.DB.Name + ` ALLOW_CONNECTIONS false`,
		`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '` + replica.DB.Name + `'`,
	} {
		if _, err := super.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	from("with a replica that is gone", stranger, primary)
	if after := asked(t); after["in vain"] == before["in vain"] {
		t.Error("nobody asked the replica that is gone: nothing is shown")
	}
}
