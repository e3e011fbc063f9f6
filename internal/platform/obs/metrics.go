// Package obs is what operators see: logs, metrics and traces. None of them
// ever holds personal data or a token; requests appear by route pattern.
package obs

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

var requests = promauto.NewHistogramVec(prometheus.HistogramOpts{
	Name: "portal_request_seconds", Help: "Time to answer a request, by route pattern.",
	Buckets: []float64{.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
}, []string{"method", "route", "status"})

var jobFailures = promauto.NewCounterVec(prometheus.CounterOpts{
	Name: "portal_job_failures_total", Help: "Failed attempts of background jobs; final ones are not tried again.",
}, []string{"kind", "final"})

var replicaAsked = promauto.NewCounterVec(prometheus.CounterOpts{
	Name: "portal_replica_requests_total", Help: "Requests that the replica of the database might answer, by whether it was asked.",
}, []string{"asked"})

// ReplicaAsked counts a request that the replica might answer: yes; no, and why; in vain.
func ReplicaAsked(how string) { replicaAsked.WithLabelValues(how).Inc() }

var streams = promauto.NewGauge(prometheus.GaugeOpts{
	Name: "portal_streams_open", Help: "Answers under way that have no end of their own: followed queues, exports.",
})

// StreamOpened counts an open stream until closed is called.
func StreamOpened() (closed func()) {
	streams.Inc()
	return streams.Dec
}

var (
	connectionsOpen = promauto.NewGauge(prometheus.GaugeOpts{
		Name: "portal_connections_open", Help: "Connections of visitors and proxies that are open.",
	})
	connectionsMax = promauto.NewGauge(prometheus.GaugeOpts{
		Name: "portal_connections_max", Help: "Connections that may be open, PORTAL_CONNECTIONS.",
	})
	connectionsRefused = promauto.NewCounterVec(prometheus.CounterOpts{
		Name: "portal_connections_refused_total",
		Help: "Connections for which there was no room: told with a 503, closed unanswered, closed because their network has enough, or quiet ones that were displaced by a new one.",
	}, []string{"how"})
)

// ConnectionsOpen says how many connections are open.
func ConnectionsOpen(n int) { connectionsOpen.Set(float64(n)) }

// ConnectionsMax says how many may be.
func ConnectionsMax(n int) { connectionsMax.Set(float64(n)) }

// ConnectionRefused counts a connection that was told, closed, displaced, or whose network has enough.
func ConnectionRefused(how string) { connectionsRefused.WithLabelValues(how).Inc() }

// ObserveRequest counts one answered request.
func ObserveRequest(method, route string, status int, took time.Duration) {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS":
	default:
		method = "other" // a stranger chooses methods; they must not grow our memory
	}
	requests.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

// JobFailed counts a failed attempt of a background job.
func JobFailed(kind string, final bool) {
	jobFailures.WithLabelValues(kind, strconv.FormatBool(final)).Inc()
}
