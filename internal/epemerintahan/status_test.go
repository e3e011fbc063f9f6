package epemerintahan

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// TestReplay walks through random lives: what may happen replays, undoing goes back
// exactly one step, and everything else is refused.
func TestReplay(t *testing.T) {
	t.Parallel()
	kinds := []EventKind{Registered, Born, MovedIn, Died, MovedOut, Lost}
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 3))
		on := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		events := []Event{{Seq: 1, Kind: Entries[rng.IntN(len(Entries))], HappenedOn: on}}
		stack := []Standing{{Living, on, 1}} // by hand, apart from Replay
		at := []int{1}
		for range 12 {
			on = on.AddDate(0, 0, 1)
			next := Event{Seq: len(events) + 1, Kind: kinds[rng.IntN(len(kinds))], HappenedOn: on}
			if rng.IntN(3) == 0 {
				next.Kind, next.Reverses = Reversal, 1+rng.IntN(len(events))
			}
			now := stack[len(stack)-1]
			got, err := Replay(append(slices.Clone(events), next))
			switch {
			case next.Kind == Reversal && len(stack) > 1 && next.Reverses == at[len(at)-1]:
				stack, at = stack[:len(stack)-1], at[:len(at)-1]
			case now.Status == Living && next.Kind == Died, now.Status == Missing && next.Kind == Died:
				stack, at = append(stack, Standing{Dead, on, 0}), append(at, next.Seq)
			case now.Status == Living && next.Kind == MovedOut:
				stack, at = append(stack, Standing{Moved, on, 0}), append(at, next.Seq)
			case now.Status == Living && next.Kind == Lost:
				stack, at = append(stack, Standing{Missing, on, 0}), append(at, next.Seq)
			case now.Status == Moved && next.Kind == MovedIn:
				stack, at = append(stack, Standing{Living, on, 0}), append(at, next.Seq)
			default:
				if err == nil {
					t.Fatalf("seed %d: %s after %s was let pass", seed, next.Kind, now.Status)
				}
				continue
			}
			events = append(events, next)
			want := stack[len(stack)-1]
			if err != nil || got.Status != want.Status || !got.StatusOn.Equal(want.StatusOn) || got.Seq != len(events) {
				t.Fatalf("seed %d: %+v replays to %+v, %v; want %+v", seed, events, got, err, want)
			}
			if e, ok := Latest(events); !ok || e.Seq != at[len(at)-1] {
				t.Fatalf("seed %d: the latest of %+v is %d, want %d", seed, events, e.Seq, at[len(at)-1])
			}
		}
	}
}
