package mtr

import (
	"sync"
	"time"
)

// statisticsLife is how old the public statistics may be.
const statisticsLife = time.Minute

type statisticsKey struct {
	Filter
	from, to int64
}

// statisticsCache keeps what was counted of late. Whoever asks while the same is being
// counted waits for it; other periods and filters do not wait.
type statisticsCache struct {
	mu    sync.Mutex
	items map[statisticsKey]*keptStatistics
}

type keptStatistics struct {
	mu   sync.Mutex
	last Statistics
}

func (c *statisticsCache) get(key statisticsKey, now time.Time, count func() (Statistics, error)) (Statistics, error) {
	c.mu.Lock()
	it := c.items[key]
	if it == nil {
		if c.items == nil || len(c.items) >= mostRemembered {
			c.items = map[statisticsKey]*keptStatistics{}
		}
		it = &keptStatistics{}
		c.items[key] = it
	}
	c.mu.Unlock()
	it.mu.Lock()
	defer it.mu.Unlock()
	if age := now.Sub(it.last.AsOf); age >= 0 && age < statisticsLife {
		return it.last, nil
	}
	s, err := count()
	if err == nil {
		it.last = s
	}
	return s, err
}
