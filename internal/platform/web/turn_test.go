package web_test

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/session"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// In a crowd so many pages are made at once and no more; who has a first byte makes room, who sends
// something does not wait, and nobody waits for ever.
func TestPagesAreMadeInTurn(t *testing.T) {
	t.Parallel()
	box, err := crypt.New(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	rt := web.New(web.Options{Clock: clock.NewFake(start), Sessions: session.New(nil, box, clock.NewFake(start), session.Options{OnError: web.SessionError})})
	synctest.Test(t, func(t *testing.T) {
		const crowd = 200
		var begun atomic.Int64
		begin, end := make(chan struct{}), make(chan struct{})
		rt.Mount([]web.Route{
			{Method: http.MethodGet, Pattern: "/lambat", Access: web.Public, Timeout: time.Minute, Handle: func(w http.ResponseWriter, r *http.Request) error {
				begun.Add(1)
				<-begin
				w.WriteHeader(http.StatusOK)
				<-end
				return nil
			}},
			{Method: http.MethodPost, Pattern: "/kirim", Access: web.Public, Handle: ok},
		})
		ask := func(method, path string) int {
			w := httptest.NewRecorder()
			rt.ServeHTTP(w, httptest.NewRequest(method, path, nil))
			return w.Code
		}
		for range crowd {
			go ask(http.MethodGet, "/lambat")
		}
		synctest.Wait()
		first := begun.Load()
		if first < 2 || first >= crowd {
			t.Errorf("%d of %d pages are made at once", first, crowd)
		}
		if status := ask(http.MethodPost, "/kirim"); status != http.StatusOK {
			t.Errorf("who sends something: %d", status)
		}
		for range 5 {
			begin <- struct{}{}
		}
		synctest.Wait()
		if now := begun.Load(); now != first+5 {
			t.Errorf("%d more pages are made after 5 first bytes", now-first)
		}
		<-time.After(11 * time.Second)
		synctest.Wait()
		if now := begun.Load(); now != crowd {
			t.Errorf("%d of %d are still waiting for their turn", crowd-now, crowd)
		}
		close(begin)
		close(end)
	})
}
