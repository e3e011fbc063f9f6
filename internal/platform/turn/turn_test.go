package turn_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/turn"
)

// However many come at once, no more than there are places are at it, and each gets its turn.
func TestNoMoreThanPlaces(t *testing.T) {
	t.Parallel()
	turns := turn.New(3, time.Minute)
	var at, most, served atomic.Int64
	var crowd sync.WaitGroup
	for range 200 {
		crowd.Go(func() {
			ctx, leave := turns.Wait(t.Context())
			defer leave()
			now := at.Add(1)
			for m := most.Load(); now > m && !most.CompareAndSwap(m, now); m = most.Load() {
			}
			served.Add(1)
			at.Add(-1)
			turn.Leave(ctx) // and leave once more: one place is given back once
		})
	}
	crowd.Wait()
	if most.Load() > 3 || served.Load() != 200 {
		t.Errorf("%d at once, %d of 200 served", most.Load(), served.Load())
	}
	turn.Leave(t.Context()) // without a turn
}

// Who waits for others makes room, who has lost patience goes ahead, who is gone waits for nobody.
func TestNobodyWaitsForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		turns := turn.New(1, time.Second)
		first, leave := turns.Wait(t.Context())
		second := make(chan context.Context)
		go func() {
			ctx, _ := turns.Wait(t.Context())
			second <- ctx
		}()
		synctest.Wait()
		select {
		case <-second:
			t.Fatal("two at one place")
		default:
		}
		turn.Leave(first)
		<-second
		leave() // again: the place is the second's

		began := time.Now()
		_, hurry := turns.Wait(t.Context())
		if waited := time.Since(began); waited != time.Second {
			t.Errorf("patience ended after %v", waited)
		}
		hurry()
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		began = time.Now()
		turns.Wait(gone)
		if waited := time.Since(began); waited != 0 {
			t.Errorf("who is gone waited for %v", waited)
		}
	})
}
