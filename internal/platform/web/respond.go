package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/session"
	"makassartidakrantasa.com/portal/internal/platform/ui"
)

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Render writes the page c with a status. It is rendered whole before the
// first byte goes out, so that a failing template gives an error page.
func Render(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	ctx := r.Context()
	if !inBackground(r) {
		ctx = withFlash(ctx)
	}
	h := w.Header()
	b, err := draw(ctx, h, r, status, c)
	if err != nil {
		return err
	}
	if b == nil {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	defer buffers.Put(b)
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", "text/html; charset=utf-8")
	}
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b.Bytes()) // the reader may be gone; nobody is left to tell
	}
	return nil
}

// Redirect answers a POST that succeeded: 303 to a local path.
func Redirect(w http.ResponseWriter, r *http.Request, to string) error {
	w.Header().Set("Location", Local(to))
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// Local returns to if it is a path of this portal, else "/": redirects never
// leave the portal at a stranger's wish.
func Local(to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t\x00") {
		return "/"
	}
	return to
}

const flashKey = "_flash"

// Flash leaves a message for the next page. Kind is success, info, warning or
// danger.
func Flash(r *http.Request, kind, message string) {
	flashes := append(peekFlash(r.Context()), ui.Flash{Kind: kind, Message: message})
	data, err := json.Marshal(flashes)
	if err != nil {
		return // two strings always marshal
	}
	session.Put(r.Context(), flashKey, string(data))
}

func peekFlash(ctx context.Context) (flashes []ui.Flash) {
	if s := session.GetString(ctx, flashKey); s != "" {
		_ = json.Unmarshal([]byte(s), &flashes)
	}
	return flashes
}

// inBackground tells that a script fetches the page: a part of it replaces a
// part of the page shown, or the address is opened for good right after. A
// flash would be lost there.
func inBackground(r *http.Request) bool { return r.Header.Get("Sec-Fetch-Dest") == "empty" }

func withFlash(ctx context.Context) context.Context {
	flashes := peekFlash(ctx)
	if len(flashes) == 0 {
		return ctx
	}
	session.Remove(ctx, flashKey)
	c := ui.From(ctx)
	c.Flash = append(c.Flash, flashes...)
	return ui.WithContext(ctx, c)
}

// redirect lets admission end in another page.
type redirect struct{ to string }

func (e *redirect) Error() string { return "see " + e.to }

var statuses = map[errs.Kind]int{
	errs.Internal: 500, errs.Unprocessable: 422, errs.BadRequest: 400, errs.Unauthenticated: 401, errs.Forbidden: 403,
	errs.NotFound: 404, errs.Conflict: 409, errs.Gone: 410, errs.TooLarge: 413, errs.Unsupported: 415,
	errs.TooMany: 429, errs.Unavailable: 503,
}

// Status is the HTTP status of an error's kind.
func Status(err error) int { return statuses[errs.KindOf(err)] }

// SetRetryAfter tells the client when to come back, where err says so.
func SetRetryAfter(w http.ResponseWriter, err error) {
	after := errs.RetryAfterOf(err)
	if after == 0 && errs.KindOf(err) == errs.Unavailable {
		after = 10e9
	}
	if after > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(after.Seconds()))))
	}
}

func writeError(w http.ResponseWriter, r *http.Request, err error) {
	var re *redirect
	if errors.As(err, &re) {
		_ = Redirect(w, r, re.to)
		return
	}
	logFailure(r.Context(), err)
	status := Status(err)
	SetRetryAfter(w, err)
	w.Header().Del("Content-Type")
	w.Header().Set("Cache-Control", "no-store")
	var own *errs.Error
	message := "" // the page has a sentence for each status
	if errors.As(err, &own) {
		message = own.Message
		if message == "" && len(own.Fields) > 0 {
			message = own.Fields[0].Message
		}
	}
	if status == http.StatusServiceUnavailable {
		writeFallback(w, status) // must not touch the database, a flash neither
		return
	}
	if err := Render(w, r, status, ui.ErrorPage(status, message)); err != nil {
		logFailure(r.Context(), err)
		writeFallback(w, http.StatusInternalServerError)
	}
}

// logFailure logs what is not the reader's doing. Never a token: errors carry
// route patterns and ids only.
func logFailure(ctx context.Context, err error) {
	switch errs.KindOf(err) {
	case errs.Internal:
		if errors.Is(err, context.Canceled) {
			return
		}
		slog.ErrorContext(ctx, "request failed", "route", of(ctx).pattern, "request_id", RequestID(ctx), "err", err)
	case errs.Unavailable:
		slog.WarnContext(ctx, "request unavailable", "route", of(ctx).pattern, "request_id", RequestID(ctx), "err", err)
	}
}

func writeFallback(w http.ResponseWriter, status int) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	if status == http.StatusServiceUnavailable && h.Get("Retry-After") == "" {
		h.Set("Retry-After", "10")
	}
	w.WriteHeader(status)
	_, _ = w.Write(ui.Fallback(status))
}

// SessionError answers when the session could not be read or saved; it is
// session.Options.OnError.
func SessionError(w http.ResponseWriter, r *http.Request, err error) {
	if errs.KindOf(err) == errs.Internal {
		err = errs.Wrap(errs.Unavailable, err, "")
	}
	logFailure(r.Context(), err)
	protect(w.Header(), r) // the answer that could not be sent may have done without
	writeFallback(w, http.StatusServiceUnavailable)
}

func stack() string { return string(debug.Stack()) }
