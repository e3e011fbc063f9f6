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

// Running goes on from a moment at a multiple of the machine's pace. Safe for
// concurrent use.
type Running struct {
	from  time.Time
	since time.Time
	speed int
}

// NewRunning returns a clock that shows from now and runs speed times as fast as the
// machine's.
func NewRunning(from time.Time, speed int) *Running {
	return &Running{from: from.In(Makassar), since: time.Now(), speed: speed}
}

// Now returns what the clock shows, cut like the machine's. It never goes back.
func (r *Running) Now() time.Time {
	return r.from.Add(time.Duration(r.speed) * time.Since(r.since)).Truncate(time.Microsecond)
}

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
