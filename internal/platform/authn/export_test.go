package authn

import "sync/atomic"

// What the tests of the password queue need to know.
const (
	Slots       = hashSlots
	QueueLength = hashQueue
)

// WatchHashes lets each hash of h wait in during, and tells how many were under way at
// once at most.
func WatchHashes(h *Hasher, during func()) (most func() int) {
	var now, max atomic.Int32
	hash := h.kdf
	h.kdf = func(password string, salt []byte, c Cost, n int) []byte {
		at := now.Add(1)
		defer now.Add(-1)
		for old := max.Load(); at > old && !max.CompareAndSwap(old, at); old = max.Load() {
		}
		during()
		return hash(password, salt, c, n)
	}
	return func() int { return int(max.Load()) }
}
