package web

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// timedBody is read under a deadline, which ends with its last byte: one that passed later, while
// the answer is made, would have the server take the reader for gone, and cancel with this
// request all that follow on the same connection.
type timedBody struct {
	io.ReadCloser
	rc *http.ResponseController
	// stall gives an upload time as long as bytes keep coming. A total limit would cut off
	// exactly the people on the slowest links.
	stall    time.Duration
	extended time.Time
}

func (b *timedBody) Read(p []byte) (int, error) {
	if now := time.Now(); b.stall > 0 && now.Sub(b.extended) > time.Second {
		_ = b.rc.SetReadDeadline(now.Add(b.stall)) // not every writer in tests has deadlines
		b.extended = now
	}
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		_ = b.rc.SetReadDeadline(time.Time{})
	}
	return n, err
}
