package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"github.com/klauspost/compress/gzhttp"
	"github.com/klauspost/compress/gzip"
	"golang.org/x/sync/semaphore"
)

const packLevel = 5

// compress packs answers for weak networks. Small ones and pictures go as
// they are; static files come packed from the build, pages from Render. A packer takes most of a
// megabyte: who waits, for the database or for news in a stream, holds none.
//
// The length of a packed answer may give away a secret in it to whoever can
// make the victim's browser ask for it again and again with guesses in it
// (BREACH). Nothing here can be guessed so: forms carry no token against
// cross-site requests, since the browser's own headers do that work; a page
// with a secret in its address is asked for only by who has the secret;
// sessions travel in a cookie that other sites' requests do not carry
// (SameSite); and no page repeats its query beside something secret.
var compress = func() func(http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.EnableZstd(false), gzhttp.CompressionLevel(packLevel), gzhttp.ContentTypes([]string{
		"text/html", "text/csv", "text/xml", "application/json", "application/rss+xml", "application/geo+json", "image/svg+xml",
	}))
	if err != nil {
		panic(err) // these options are right
	}
	return func(next http.Handler) http.Handler { return wrap(next) }
}()

var packers = sync.Pool{New: func() any {
	w, err := gzip.NewWriterLevel(nil, packLevel)
	if err != nil {
		panic(err) // it is a level
	}
	return w
}}

// drawing bounds how many pages are drawn and packed at once, which is work for processors alone:
// in a crowd more would only each hold a large buffer and a packer while they wait for one.
var drawing = semaphore.NewWeighted(int64(2 * runtime.GOMAXPROCS(0)))

// draw renders a page, packed where the reader can unpack it. Nothing is returned of one that
// the reader has already. The buffer goes back to buffers.
func draw(ctx context.Context, h http.Header, r *http.Request, status int, c templ.Component) (*bytes.Buffer, error) {
	if err := drawing.Acquire(context.WithoutCancel(ctx), 1); err != nil {
		return nil, err
	}
	defer drawing.Release(1)
	page := buffers.Get().(*bytes.Buffer)
	page.Reset()
	if err := c.Render(ctx, page); err != nil {
		buffers.Put(page)
		return nil, fmt.Errorf("render: %w", err)
	}
	if status == http.StatusOK && unchanged(h, r, page.Bytes()) {
		buffers.Put(page)
		return nil, nil
	}
	if page.Len() < gzhttp.DefaultMinSize || !unpacks(r) {
		return page, nil
	}
	packed, w := buffers.Get().(*bytes.Buffer), packers.Get().(*gzip.Writer)
	packed.Reset()
	w.Reset(packed)
	_, _ = w.Write(page.Bytes()) // a buffer takes everything
	_ = w.Close()
	packers.Put(w)
	buffers.Put(page)
	h.Set("Content-Encoding", "gzip")
	return packed, nil
}

// unpacks tells whether the reader can unpack what is packed.
func unpacks(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") }
