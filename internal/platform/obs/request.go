package obs

import "context"

type requestIDKey struct{}

// WithRequestID marks everything done under ctx as part of one request.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestID returns the id of the request that ctx belongs to, "" for none.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

type routeKey struct{}

// WithRoute marks everything done under ctx as part of answering a route.
func WithRoute(ctx context.Context, pattern string) context.Context {
	return context.WithValue(ctx, routeKey{}, pattern)
}

// Route returns the pattern of the route that ctx belongs to, "-" for work in the background.
func Route(ctx context.Context) string {
	if pattern, ok := ctx.Value(routeKey{}).(string); ok {
		return pattern
	}
	return "-"
}
