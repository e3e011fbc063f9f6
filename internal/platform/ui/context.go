package ui

import (
	"context"
	"time"
)

// Flash is a message that the next page shows once.
type Flash struct {
	Kind    string // success, info, warning or danger
	Message string
}

// Link is a labelled address; in a menu Icon names one of the icons and
// Current marks the page that is shown.
type Link struct {
	Label, Href, Icon string
	Current           bool
}

// Context is what the page frame needs to know of the request.
type Context struct {
	ActorName  string
	SignedIn   bool
	Staff      bool // may enter /meja
	Flash      []Flash
	Path       string // of the request, marks the current menu entry
	RequestID  string
	PortalName string
	Now        time.Time
	Nav        []Link // the public menu, one entry per working module page
	Footer     []Link // additional entries in the footer, such as the open API
}

type contextKey struct{}

// WithContext returns a context from which the components take c.
func WithContext(ctx context.Context, c Context) context.Context {
	return context.WithValue(ctx, contextKey{}, c)
}

// From returns the Context put in by WithContext. Without one it returns
// usable defaults, so that an error page renders anywhere.
func From(ctx context.Context) Context {
	c, _ := ctx.Value(contextKey{}).(Context)
	if c.PortalName == "" {
		c.PortalName = "Makassar Tidak Rantasa"
	}
	return c
}
