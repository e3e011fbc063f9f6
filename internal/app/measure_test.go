package app_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/config"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/obs"
	"makassartidakrantasa.com/portal/internal/platform/pg"

	"github.com/jackc/pgx/v5"
)

var metricName = regexp.MustCompile(`\b(portal_|go_|process_|node_[a-z]+_)[a-z_]+`)

// toldByNode are node_exporter's: units, files and disks are the machine's, of which the portal knows nothing.
var toldByNode = []string{"node_filesystem_avail_bytes", "node_filesystem_size_bytes", "node_systemd_unit_state", "node_textfile_mtime_seconds"}

// TestDashboardsNameMetricsThatExist compares what docs/monitoring asks for with what the
// portal says at /metrics.
func TestDashboardsNameMetricsThatExist(t *testing.T) {
	t.Parallel()
	s := apptest.New(t, apptest.WithConfig(func(c *config.Config) { c.DatabaseReplicaURL = c.DatabaseURL }))
	// Of everything there is one.
	s.Client(t).Get("/").Want(200)
	obs.JobFailed("uji", true)
	obs.ConnectionRefused("told")
	ctx := obs.WithRoute(t.Context(), "/uji")
	slow := obs.SlowQueries(0)
	slow.TraceQueryEnd(slow.TraceQueryStart(ctx, nil, pgx.TraceQueryStartData{SQL: "SELECT 1"}), nil, pgx.TraceQueryEndData{})
	many := slow.TraceBatchStart(obs.WithRoute(t.Context(), "/uji-banyak"), nil, pgx.TraceBatchStartData{})
	slow.TraceBatchQuery(many, nil, pgx.TraceBatchQueryData{SQL: "SELECT 1"})
	if err := pg.InTx(t.Context(), s.Pool, func(tx pgx.Tx) error {
		if err := audit.Write(t.Context(), tx, authz.System("uji"), s.Clock.Now(), audit.Entry{Action: "uji.coba"}); err != nil {
			return err
		}
		return notify.Queue(context.Background(), tx, notify.Message{Topic: notify.Account, Email: notify.SealEmail(s.App.Box, "a@contoh.id"), Subject: "Uji", Text: "Uji", At: s.Clock.Now()})
	}); err != nil {
		t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	s.App.AdminHandler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	body, err := io.ReadAll(rec.Body)
	if err != nil || rec.Code != http.StatusOK {
		t.Fatalf("/metrics: %d, %v", rec.Code, err)
	}
	said := string(body)
	if !strings.Contains(said, "portal_db_up 1") || !strings.Contains(said, `portal_slow_queries_total{route="/uji"}`) || !strings.Contains(said, `portal_slow_queries_total{route="/uji-banyak"} 1`) {
		t.Errorf("/metrics:\n%s", said)
	}
	for _, file := range []string{"grafana.json", "alerts.yml"} {
		text, err := os.ReadFile("../../docs/monitoring/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if file == "grafana.json" && !json.Valid(text) {
			t.Error("the dashboard is no JSON")
		}
		names := metricName.FindAllString(string(text), -1)
		slices.Sort(names)
		names = slices.Compact(names)
		if len(names) < 8 {
			t.Errorf("%s names only %v", file, names)
		}
		for _, name := range names {
			if !slices.Contains(toldByNode, name) && !regexp.MustCompile(`(?m)^`+name+`[ {]`).MatchString(said) {
				t.Errorf("%s asks for %s, which the portal does not say", file, name)
			}
		}
	}
	// What is counted in the open says nothing of anybody.
	if strings.Contains(said, "contoh.id") {
		t.Error("a contact stands in the metrics")
	}
}
