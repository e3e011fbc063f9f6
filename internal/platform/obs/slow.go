package obs

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

var slowQueries = promauto.NewCounterVec(prometheus.CounterOpts{
	Name: "portal_slow_queries_total", Help: "Statements that took longer than the limit, by route pattern.",
}, []string{"route"})

// SlowQueries is a tracer that logs statements which take longer than its value, with the
// route that asked for them. Statements are constants of the program; their arguments,
// which may be personal data, are not logged.
type SlowQueries time.Duration

type slowKey struct{}

type started struct {
	at  time.Time
	sql string
}

// TraceQueryStart notes when a statement began.
func (SlowQueries) TraceQueryStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceQueryStartData) context.Context {
	return context.WithValue(ctx, slowKey{}, started{time.Now(), d.SQL})
}

// TraceQueryEnd logs the statement if it was slow.
func (s SlowQueries) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryEndData) {
	if q, ok := ctx.Value(slowKey{}).(started); ok {
		s.note(ctx, q)
	}
}

// TraceBatchStart notes when several statements were sent at once.
func (SlowQueries) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return context.WithValue(ctx, slowKey{}, &started{at: time.Now()})
}

// TraceBatchQuery logs the statement of a batch if it was slow after the one before.
func (s SlowQueries) TraceBatchQuery(ctx context.Context, _ *pgx.Conn, d pgx.TraceBatchQueryData) {
	if q, ok := ctx.Value(slowKey{}).(*started); ok {
		s.note(ctx, started{q.at, d.SQL})
		q.at = time.Now()
	}
}

// TraceBatchEnd does nothing.
func (SlowQueries) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

func (s SlowQueries) note(ctx context.Context, q started) {
	took := time.Since(q.at)
	if took < time.Duration(s) {
		return
	}
	route := Route(ctx)
	slowQueries.WithLabelValues(route).Inc()
	slog.LogAttrs(ctx, slog.LevelWarn, "slow query", slog.String("route", route), slog.Duration("took", took),
		slog.String("sql", strings.Join(strings.Fields(q.sql), " ")), slog.String("request_id", RequestID(ctx)))
}
