// Package turn lets a few requests at a time do what takes memory and processors; in a crowd the
// others wait with nothing in hand.
package turn

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// Turns are places that requests take in the order in which they came.
type Turns struct {
	places   *semaphore.Weighted
	patience time.Duration
}

// New has so many places. Who has waited for longer than patience goes ahead without one.
func New(places int64, patience time.Duration) *Turns {
	return &Turns{places: semaphore.NewWeighted(places), patience: patience}
}

type key struct{}

// Wait returns when it is the request's turn, or its patience or ctx ends, with a context for
// [Leave]. leave makes room for the next one; only its first call counts.
func (t *Turns) Wait(ctx context.Context) (turn context.Context, leave func()) {
	waiting, cancel := context.WithTimeout(ctx, t.patience)
	defer cancel()
	if t.places.Acquire(waiting, 1) != nil {
		return ctx, func() {}
	}
	leave = sync.OnceFunc(func() { t.places.Release(1) })
	return context.WithValue(ctx, key{}, leave), leave
}

// Leave ends the turn of a request that is about to wait for somebody else, such as a store of
// files on the network. Without a turn it does nothing.
func Leave(ctx context.Context) {
	if leave, ok := ctx.Value(key{}).(func()); ok {
		leave()
	}
}
