package clock

import (
	"testing"
	"time"
)

func TestRunningGoesOnAtItsOwnPace(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	began := time.Now()
	c := NewRunning(from, 1000)
	last := c.Now()
	if last.Before(from) || last.Location() != Makassar || last.Hour() != 8 {
		t.Errorf("it begins at %s", last)
	}
	for range 20 {
		<-time.After(time.Millisecond)
		now := c.Now()
		if most := from.Add(1000 * time.Since(began)); now.Sub(last) < time.Second || now.After(most) {
			t.Errorf("a millisecond after %s it shows %s, at most %s", last, now, most)
		}
		if !now.Equal(now.Truncate(time.Microsecond)) {
			t.Errorf("%s is finer than the database keeps", now)
		}
		last = now
	}
}
