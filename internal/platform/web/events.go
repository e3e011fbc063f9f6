package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/session"
)

// Events streams server-sent events on a Stream route: data's answer at once
// and after every change, until the reader leaves, the portal shuts down or
// the session ends (looked at each minute). data returns "" to say nothing.
func Events(w http.ResponseWriter, r *http.Request, changed <-chan struct{}, data func(ctx context.Context) (string, error)) error {
	rc := http.NewResponseController(w)
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	signedIn := session.AccountID(r.Context()) != 0
	alive := time.NewTicker(25 * time.Second)
	defer alive.Stop()
	recheck := time.NewTicker(time.Minute)
	defer recheck.Stop()
	send := func(text string) error {
		_ = rc.SetWriteDeadline(time.Now().Add(20 * time.Second))
		if _, err := w.Write([]byte(text)); err != nil {
			return context.Canceled // the reader left
		}
		return rc.Flush()
	}
	show := func() error {
		ctx, cancel := context.WithTimeout(r.Context(), DefaultTimeout)
		defer cancel()
		text, err := data(ctx)
		if err != nil || text == "" {
			return err
		}
		return send(fmt.Sprintf("data: %s\n\n", strings.ReplaceAll(text, "\n", "\ndata: ")))
	}
	if err := send("retry: 5000\n\n"); err != nil {
		return nil
	}
	if err := show(); err != nil {
		return streamEnd(r.Context(), err)
	}
	for {
		var err error
		select {
		case <-r.Context().Done():
			return nil
		case <-changed:
			err = show()
		case <-alive.C:
			err = send(": \n\n")
		case <-recheck.C:
			if signedIn {
				valid, checkErr := session.StillValid(r.Context())
				if checkErr != nil || !valid {
					return nil
				}
			}
		}
		if err != nil {
			return streamEnd(r.Context(), err)
		}
	}
}

// streamEnd logs why a stream ends: its headers are out, no page can follow.
func streamEnd(ctx context.Context, err error) error {
	logFailure(ctx, err)
	return nil
}
