package pg

import (
	"context"
	"sync"
)

type onceKey struct{}

// onceOf is what was asked once under a context.
type onceOf struct {
	mu  sync.Mutex
	got map[any]any
}

// WithOnce lets Once remember until ctx ends: for an answer that only reads.
func WithOnce(ctx context.Context) context.Context {
	return context.WithValue(ctx, onceKey{}, &onceOf{got: map[any]any{}})
}

// Once asks only once what many steps on the way to an answer ask, and gives all of them the same
// value, which none may change. The key has a type of its own and holds all that the question
// depends on, of a moment its minute. Outside WithOnce it asks each time.
func Once[T any](ctx context.Context, key any, ask func() (T, error)) (T, error) {
	o, _ := ctx.Value(onceKey{}).(*onceOf)
	if o == nil {
		return ask()
	}
	o.mu.Lock()
	v, ok := o.got[key].(T)
	o.mu.Unlock()
	if ok {
		return v, nil
	}
	v, err := ask()
	if err == nil {
		o.mu.Lock()
		o.got[key] = v
		o.mu.Unlock()
	}
	return v, err
}
