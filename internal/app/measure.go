package app

import (
	"context"
	"log/slog"
	"math"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"

	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// measures is what is looked up when somebody asks for the metrics: the pool, the jobs,
// and how much of the city's work waits.
func (a *App) measures() prometheus.Gatherer {
	r := prometheus.NewRegistry()
	r.MustRegister(poolMeasures{a.Pool}, &workMeasures{pool: a.Pool})
	if a.replica != nil {
		r.MustRegister(replicaMeasures{a.replica})
	}
	return r
}

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

// poolMeasures reads the pool's own figures.
type poolMeasures struct{ pool *pgxpool.Pool }

var (
	descConnections = desc("portal_db_connections", "Connections to the database, by state.", "state")
	descMost        = desc("portal_db_connections_max", "Connections that the pool may open.")
	descWaits       = desc("portal_db_acquire_waits_total", "Times that a request waited for a connection.")
	descWaited      = desc("portal_db_acquire_wait_seconds_total", "Time that requests spent to get a connection.")
)

func (m poolMeasures) Describe(ch chan<- *prometheus.Desc) { prometheus.DescribeByCollect(m, ch) }

func (m poolMeasures) Collect(ch chan<- prometheus.Metric) {
	s := m.pool.Stat()
	ch <- prometheus.MustNewConstMetric(descConnections, prometheus.GaugeValue, float64(s.AcquiredConns()), "busy")
	ch <- prometheus.MustNewConstMetric(descConnections, prometheus.GaugeValue, float64(s.IdleConns()), "idle")
	ch <- prometheus.MustNewConstMetric(descMost, prometheus.GaugeValue, float64(s.MaxConns()))
	ch <- prometheus.MustNewConstMetric(descWaits, prometheus.CounterValue, float64(s.EmptyAcquireCount()))
	ch <- prometheus.MustNewConstMetric(descWaited, prometheus.CounterValue, s.AcquireDuration().Seconds())
}

// replicaMeasures tells whether the replica is asked, and how far it is behind as far as is known.
type replicaMeasures struct{ *pg.Replica }

var (
	descFresh  = desc("portal_replica_fresh", "1 while pages that only read may be answered from the replica.")
	descBehind = desc("portal_replica_behind_seconds", "How old what the replica says may be; +Inf while nobody knows.")
)

func (m replicaMeasures) Describe(ch chan<- *prometheus.Desc) {
	ch <- descFresh
	ch <- descBehind
}

func (m replicaMeasures) Collect(ch chan<- prometheus.Metric) {
	fresh := 0.0
	if m.Fresh() {
		fresh = 1
	}
	ch <- prometheus.MustNewConstMetric(descFresh, prometheus.GaugeValue, fresh)
	behind := math.Inf(1)
	if age, known := m.Behind(); known {
		behind = age.Seconds()
	}
	ch <- prometheus.MustNewConstMetric(descBehind, prometheus.GaugeValue, behind)
}

// workMeasures counts in the database, at most once a minute. Without a database
// it says that there is none, and nothing else.
type workMeasures struct {
	pool *pgxpool.Pool
	mu   sync.Mutex
	at   time.Time
	last []measured
	up   bool
}

type measured struct {
	Name, Label string
	Value       float64
}

var (
	descUp    = desc("portal_db_up", "1 while the database answers.")
	descsWork = map[string]*prometheus.Desc{
		"case": desc("portal_cases_open", "Cases that somebody has to act on, by module.", "module"),
		"late": desc("portal_cases_late", "Those of them whose time is over.", "module"),
		"job":  desc("portal_jobs", "Background jobs that are not done, by state.", "state"),
		"mail": desc("portal_messages_waiting", "Messages to people that are not sent, by status.", "status"),
		"seal": desc("portal_trail_unsealed_seconds", "Age of the oldest entry of a trail that is not chained yet.", "trail"),
	}
)

const sqlMeasures = `
SELECT 'case' AS name, 'mtr' AS label, count(*)::float8 AS value FROM mtr_report WHERE status NOT IN ('ditutup', 'ditolak', 'duplikat', 'dirujuk_keluar', 'dibatalkan')
UNION ALL SELECT 'late', 'mtr', count(*) FROM mtr_report WHERE status NOT IN ('ditutup', 'ditolak', 'duplikat', 'dirujuk_keluar', 'dibatalkan') AND due_at < now() AND paused_at IS NULL
UNION ALL SELECT 'case', 'surat', count(*) FROM epemerintahan_letter WHERE open AND status <> 'draf'
UNION ALL SELECT 'late', 'surat', count(*) FROM epemerintahan_letter WHERE open AND status <> 'draf' AND due_at < now()
UNION ALL SELECT 'case', 'puskesmas', count(*) FROM epuskesmas_ticket WHERE status IN ('menunggu', 'dipanggil', 'dilayani') AND day = current_date
UNION ALL SELECT 'case', 'eoffice', count(*) FROM eoffice_letter WHERE desk_id IS NOT NULL AND status IN ('menunggu_ttd', 'verifikasi', 'perbaikan')
UNION ALL SELECT 'late', 'eoffice', count(*) FROM eoffice_letter WHERE desk_id IS NOT NULL AND status IN ('menunggu_ttd', 'verifikasi', 'perbaikan') AND due_at < now()
UNION ALL SELECT 'job', state::text, count(*) FROM river_job WHERE finalized_at IS NULL OR state = 'discarded' GROUP BY state
UNION ALL SELECT 'mail', status, count(*) FROM notify_message WHERE finished_at IS NULL GROUP BY status
UNION ALL SELECT 'seal', 'audit', COALESCE(extract(epoch FROM now() - (SELECT at FROM audit_entry e
	WHERE e.id > COALESCE((SELECT max(entry_id) FROM audit_seal WHERE trail = 'audit'), 0) ORDER BY e.id LIMIT 1)), 0)
UNION ALL SELECT 'seal', 'work', COALESCE(extract(epoch FROM now() - (SELECT recorded_at FROM work_event e
	WHERE e.id > COALESCE((SELECT max(entry_id) FROM audit_seal WHERE trail = 'work'), 0) ORDER BY e.id LIMIT 1)), 0)`

func (m *workMeasures) Describe(ch chan<- *prometheus.Desc) {
	ch <- descUp
	for _, d := range descsWork {
		ch <- d
	}
}

func (m *workMeasures) Collect(ch chan<- prometheus.Metric) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if time.Since(m.at) > time.Minute {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		rows, err := m.pool.Query(ctx, sqlMeasures)
		if err == nil {
			m.last, err = pgx.CollectRows(rows, pgx.RowToStructByName[measured])
		}
		if err != nil {
			slog.Warn("the metrics' figures cannot be counted", "err", err)
			m.last = nil
		}
		m.at, m.up = time.Now(), err == nil
	}
	up := 0.0
	if m.up {
		up = 1
	}
	ch <- prometheus.MustNewConstMetric(descUp, prometheus.GaugeValue, up)
	for _, v := range m.last {
		ch <- prometheus.MustNewConstMetric(descsWork[v.Name], prometheus.GaugeValue, v.Value, v.Label)
	}
}
