//go:build deep

package machines_test

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/app"
	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/platform/config"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/pglocal"
)

// TestAReplicaTakesOver kills the primary under load and promotes its synchronous replica, as
// Patroni would or a person. The portal, which knows both addresses, finds the new one by
// itself; nothing that was acknowledged is lost.
func TestAReplicaTakesOver(t *testing.T) {
	dir := t.TempDir()
	first := primary(t, filepath.Join(dir, "primary"))
	must(t, first.Create(t.Context(), "portal"))
	program := build(t, dir)
	migrate := exec.Command(program, "migrate", "up")
	migrate.Env = append(os.Environ(), "DATABASE_MIGRATE_URL="+first.URL("portal", "portal_owner"), "PORTAL_DATA_DIR="+dir)
	if out, err := migrate.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	second := replica(t, filepath.Join(dir, "replica"), first)
	as := func(s *pglocal.Server, sql string) {
		t.Helper()
		conn, err := pgx.Connect(t.Context(), s.URL("postgres", pglocal.Superuser))
		must(t, err)
		defer conn.Close(t.Context())
		_, err = conn.Exec(t.Context(), sql)
		must(t, err)
	}
	as(first, `ALTER SYSTEM SET synchronous_standby_names = '*'`)
	as(first, `SELECT pg_reload_conf()`)

	either := "postgres://portal_app@/portal?" + url.Values{
		"host": {first.Socket() + "," + second.Socket()}, "target_session_attrs": {"read-write"},
	}.Encode()
	addr := freeAddr(t)
	settings := []string{
		"DATABASE_URL=" + either, "PORTAL_ADDR=" + addr, "PORTAL_BASE_URL=http://" + addr, "PORTAL_DATA_DIR=" + filepath.Join(dir, "data"),
		"PORTAL_SECRET_FILE=" + filepath.Join(dir, "rahasia"), "PORTAL_RATE_LIMITS=off",
	}
	cfg, err := config.Load(settings)
	must(t, err)
	_, err = crypt.Load(cfg.SecretFile, true)
	must(t, err)
	writer, err := app.New(t.Context(), cfg, app.Options{Mail: &apptest.Mailbox{}, Quick: true})
	must(t, err)
	t.Cleanup(func() {
		if err := writer.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	drafts := make([]string, 300)
	for i := range drafts {
		drafts[i] = apptest.Draft(t, writer, i, nil)
	}
	(&server{t: t, name: "portal", words: []string{program, "serve"}, env: settings}).launch(addr)
	people := gather("http://"+addr, drafts)
	<-time.After(3 * time.Second)

	killed := time.Now()
	must(t, first.Crash())
	<-time.After(2 * time.Second) // who notices, and decides
	as(second, `SELECT pg_promote()`)
	promoted := time.Now()
	good := func(post bool) bool {
		for _, a := range people.since(promoted) {
			if a.bad == "" && a.post == post {
				return true
			}
		}
		return false
	}
	until(t, "reports are taken again", 30*time.Second, func() bool { return good(true) && good(false) })
	back := time.Now()
	<-time.After(5 * time.Second)
	people.leave()
	t.Logf("the primary killed: %v", people.met(t, killed))
	f := people.met(t, back)
	t.Logf("%v after the promotion pages and reports are there again, from then on: %v", back.Sub(promoted).Round(time.Millisecond), f)
	if f.recovered > 3*time.Second {
		t.Errorf("requests fail until %v after the portal was back", f.recovered)
	}
	apptest.Reckon(t, writer, people.told, people.send)
	t.Logf("%d reports in all", len(people.told))
}
