package bench

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// bareLive is what the portal's live pages are held against: a plain handler of
// net/http for each reader; one query for each event, its answer sent to all of them.
type bareLive struct {
	pool *pgxpool.Pool
	mu   sync.Mutex
	subs map[string]map[chan string]struct{} // by session
}

func (l *bareLive) routes(mux chi.Router) {
	mux.Get("/antrean/{session}", func(w http.ResponseWriter, r *http.Request) {
		code, err := l.call(r.Context(), chi.URLParam(r, "session"))
		if err == nil {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			err = barePage([]bareRow{{Title: "Terakhir dipanggil: " + code}}, 0).Render(r.Context(), w)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	mux.Get("/antrean/{session}/perubahan", l.stream)
}

func (l *bareLive) call(ctx context.Context, session string) (code string, err error) {
	id, err := strconv.ParseInt(session, 10, 64)
	if err != nil {
		return "", err
	}
	return code, l.pool.QueryRow(ctx, sqlBareCall, id).Scan(&code)
}

func (l *bareLive) stream(w http.ResponseWriter, r *http.Request) {
	session, ch := chi.URLParam(r, "session"), make(chan string, 16)
	l.mu.Lock()
	if l.subs[session] == nil {
		l.subs[session] = map[chan string]struct{}{}
	}
	l.subs[session][ch] = struct{}{}
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.subs[session], ch)
	}()
	w.Header().Set("Content-Type", "text/event-stream")
	rc := http.NewResponseController(w)
	if rc.Flush() != nil {
		return
	}
	for {
		select {
		case <-r.Context().Done():
			return
		case code := <-ch:
			if _, err := fmt.Fprintf(w, "data: %s\n\n", code); err != nil || rc.Flush() != nil {
				return
			}
		}
	}
}

// listen spreads what is notified until ctx ends.
func (l *bareLive) listen(ctx context.Context, databaseURL string) error {
	conn, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "LISTEN portal_live"); err != nil {
		return err
	}
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		session, ok := strings.CutPrefix(n.Payload, "epuskesmas.session.")
		if !ok {
			continue
		}
		code, err := l.call(ctx, session)
		if err != nil {
			return err
		}
		l.mu.Lock()
		for ch := range l.subs[session] {
			select {
			case ch <- code:
			default: // a reader so slow misses one
			}
		}
		l.mu.Unlock()
	}
}
