package mtr

import (
	"sync"
	"time"
)

// mostRemembered bounds what a recent keeps.
const mostRemembered = 256

// recent remembers answers that are the same for everybody, so that a report
// the whole city looks at costs a query a second and not one for each reader.
// What this process changes is forgotten at once; what another one changes, or
// the time does, shows within life. Its values are shared: nobody changes them.
type recent[K comparable, V any] struct {
	life time.Duration // 0 = remembers nothing

	mu    sync.Mutex
	epoch int // counts the times everything was forgotten
	items map[K]remembered[V]
}

type remembered[V any] struct {
	value V
	at    time.Time // of the machine: this is about load, not about the city's time
}

// get returns what key stood for a moment ago, or what read says now.
func (r *recent[K, V]) get(key K, read func() (V, error)) (V, error) {
	if r.life == 0 {
		return read()
	}
	r.mu.Lock()
	epoch := r.epoch
	it, ok := r.items[key]
	r.mu.Unlock()
	if ok && time.Since(it.at) < r.life {
		return it.value, nil
	}
	at := time.Now() // before reading: an answer is as old as its question
	v, err := read()
	if err != nil {
		return v, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if epoch == r.epoch {
		if r.items == nil || len(r.items) >= mostRemembered {
			r.items = map[K]remembered[V]{}
		}
		r.items[key] = remembered[V]{v, at}
	}
	return v, nil
}

// forget makes the next get read, and keeps what is being read just now from
// being remembered.
func (r *recent[K, V]) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.epoch++
	r.items = nil
}
