package live

import (
	"context"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

func heard(f *Follower) bool {
	select {
	case <-f.C:
		return true
	default:
		return false
	}
}

func TestAFollowerMovesFromTopicToTopic(t *testing.T) {
	t.Parallel()
	h := NewHub("")
	f, slow := h.Follow("a"), h.Follow("a")
	// One who does not read holds nobody up.
	for range 100 {
		h.announce("a")
	}
	if !heard(f) || heard(f) {
		t.Error("a hundred announcements are not one")
	}
	if f.To("a") || !f.To("b") {
		t.Error("To does not tell whether the topic is another one")
	}
	h.announce("a")
	if heard(f) {
		t.Error("the old topic is still heard")
	}
	h.announce("b")
	if !heard(f) {
		t.Error("the new topic is not heard")
	}
	f.Close()
	slow.Close()
	if len(h.subs) != 0 {
		t.Errorf("%d topics are kept for nobody", len(h.subs))
	}
}

// The database ends the connection that listens, as it does when it is restarted: the hub
// makes another one, everybody looks again, and later announcements are heard.
func TestTheHubListensAgainAfterItsConnectionIsLost(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	ctx, stop := context.WithCancel(t.Context())
	h := NewHub(db.URL)
	f := h.Follow("uji.1")
	defer f.Close()
	over := make(chan struct{})
	go func() {
		defer close(over)
		h.Run(ctx)
	}()
	defer func() {
		stop()
		<-over
	}()
	want := func(what string) {
		t.Helper()
		select {
		case <-f.C:
		case <-time.After(time.Minute):
			t.Fatal(what)
		}
	}
	want("the first connection is not announced")
	n, err := pg.Scalar[int](ctx, db.Pool, `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`)
	if err != nil || n != 1 {
		t.Fatalf("%d connections listened, %v", n, err)
	}
	want("nobody is told to look again")
	if err := Notify(ctx, db.Pool, "uji.1"); err != nil {
		t.Fatal(err)
	}
	want("the announcement is not heard")
}
