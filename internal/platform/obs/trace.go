package obs

import (
	"context"
	"fmt"

	"github.com/exaring/otelpgx"
	"github.com/jackc/pgx/v5"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.37.0"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// StartTracing sends traces to the OTLP endpoint and returns what flushes them
// at the end. Without an endpoint nothing is traced and nothing is sent.
func StartTracing(ctx context.Context, endpoint string) (stop func(context.Context) error, err error) {
	if endpoint == "" {
		return func(context.Context) error { return nil }, nil
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(endpoint))
	if err != nil {
		return nil, fmt.Errorf("OTEL_EXPORTER_OTLP_ENDPOINT: %w", err)
	}
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithBatcher(exporter),
		sdktrace.WithResource(resource.NewSchemaless(semconv.ServiceName("portal"))),
	)
	otel.SetTracerProvider(provider)
	return provider.Shutdown, nil
}

// Statements returns a tracer of SQL. Neither arguments nor what an error quotes of them
// leave with a trace.
func Statements() pgx.QueryTracer { return statements{otelpgx.NewTracer()} }

type statements struct{ *otelpgx.Tracer }

func (s statements) TraceQueryEnd(ctx context.Context, c *pgx.Conn, d pgx.TraceQueryEndData) {
	d.Err = errs.Quiet(d.Err)
	s.Tracer.TraceQueryEnd(ctx, c, d)
}

func (s statements) TraceBatchQuery(ctx context.Context, c *pgx.Conn, d pgx.TraceBatchQueryData) {
	d.Err, d.Args = errs.Quiet(d.Err), nil
	s.Tracer.TraceBatchQuery(ctx, c, d)
}

func (s statements) TraceBatchEnd(ctx context.Context, c *pgx.Conn, d pgx.TraceBatchEndData) {
	d.Err = errs.Quiet(d.Err)
	s.Tracer.TraceBatchEnd(ctx, c, d)
}

func (s statements) TraceCopyFromEnd(ctx context.Context, c *pgx.Conn, d pgx.TraceCopyFromEndData) {
	d.Err = errs.Quiet(d.Err)
	s.Tracer.TraceCopyFromEnd(ctx, c, d)
}
