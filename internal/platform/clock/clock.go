// Package clock injects time, so that tests can stand anywhere in it.
package clock

import (
	"sync"
	"time"
	_ "time/tzdata" // a bare machine may have no zone files
)

// Makassar is the city's zone, WITA (UTC+8, no summer time).
var Makassar = mustLoad("Asia/Makassar")

func mustLoad(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // the zone is embedded by time/tzdata
	}
	return loc
}

// Clock tells the time.
type Clock interface{ Now() time.Time }

// System is the machine's clock.
type System struct{}

// Now returns the machine's time in WITA, cut to PostgreSQL's microseconds so
// that a value read back equals the value written.
func (System) Now() time.Time { return time.Now().In(Makassar).Truncate(time.Microsecond) }

// Fake stands still until it is moved. Safe for concurrent use.
type Fake struct {
	mu  sync.Mutex
	now time.Time
}

// NewFake returns a clock that stands at t.
func NewFake(t time.Time) *Fake { return &Fake{now: t.In(Makassar).Truncate(time.Microsecond)} }

// Now returns where the clock stands.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Set moves the clock to t, backwards too.
func (f *Fake) Set(t time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = t.In(Makassar).Truncate(time.Microsecond)
}

// Advance moves the clock by d.
func (f *Fake) Advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
}
