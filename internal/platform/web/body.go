package web

import (
	"io"
	"net/http"
	"time"
)

// uploadBody gives an upload time as long as bytes keep coming. Without it a
// total limit would cut off exactly the people on the slowest links.
type uploadBody struct {
	io.ReadCloser
	rc       *http.ResponseController
	extended time.Time
}

func (b *uploadBody) Read(p []byte) (int, error) {
	if now := time.Now(); now.Sub(b.extended) > time.Second {
		_ = b.rc.SetReadDeadline(now.Add(uploadStall)) // not every writer in tests has deadlines
		b.extended = now
	}
	return b.ReadCloser.Read(p)
}
