package epemerintahan

import (
	"fmt"
	"slices"
	"time"
)

// Status says whether a resident lives here.
type Status string

// The statuses.
const (
	Living  Status = "hidup"
	Dead    Status = "mati"
	Moved   Status = "pindah"
	Missing Status = "hilang"
)

// EventKind is what happened.
type EventKind string

// The kinds of events. The first three begin a record.
const (
	Registered EventKind = "pendataan" // was living here when the register began
	Born       EventKind = "lahir"
	MovedIn    EventKind = "pindah_datang"
	Died       EventKind = "mati"
	MovedOut   EventKind = "pindah_keluar"
	Lost       EventKind = "hilang"
	Reversal   EventKind = "batal"
)

// Entries are the kinds with which a record may begin.
var Entries = []EventKind{Registered, Born, MovedIn}

// becomes is the status that an event brings about.
func (k EventKind) becomes() Status {
	switch k {
	case Died:
		return Dead
	case MovedOut:
		return Moved
	case Lost:
		return Missing
	}
	return Living
}

// follows are the events that may come next, by status.
var follows = map[Status][]EventKind{
	Living:  {Died, MovedOut, Lost},
	Moved:   {MovedIn},
	Missing: {Died},
}

// Event is one entry of a resident's history.
type Event struct {
	Seq         int
	Kind        EventKind
	HappenedOn  time.Time
	RecordedAt  time.Time
	KelurahanID int64
	Reverses    int // seq of the event undone; 0 = none
	Reason      string
	Detail      Detail
}

// Detail is what is known of an event besides its date.
type Detail struct {
	Place       string `json:"tempat,omitempty"`
	Destination string `json:"tujuan,omitempty"`
	Origin      string `json:"asal,omitempty"`
	Letter      string `json:"surat,omitempty"`
	// FamilyBefore is where somebody was recorded before they arrived elsewhere, and
	// RelationBefore what they were there, so that undoing brings both back.
	FamilyBefore   int64 `json:"keluarga_lama,omitempty"`
	RelationBefore int   `json:"hubungan_lama,omitempty"`
	// Head took the place of a head who died or left, and was HeadRelation before.
	Head         int64 `json:"kepala_baru,omitempty"`
	HeadRelation int   `json:"hubungan_kepala_baru,omitempty"`
}

// Standing is where a resident stands after their events.
type Standing struct {
	Status   Status
	StatusOn time.Time
	Seq      int
}

// Replay works out where a resident stands. It fails for a history that cannot be.
func Replay(events []Event) (Standing, error) {
	var counts []Event // those not undone
	s := Standing{}
	for i, e := range events {
		s.Seq = i + 1
		if e.Seq != s.Seq {
			return s, fmt.Errorf("event %d stands at %d", e.Seq, s.Seq)
		}
		switch {
		case e.Kind == Reversal:
			last := len(counts) - 1
			if last < 1 || counts[last].Seq != e.Reverses {
				return s, fmt.Errorf("event %d undoes %d, which is not the latest that counts", e.Seq, e.Reverses)
			}
			counts = counts[:last]
		case len(counts) == 0 && !slices.Contains(Entries, e.Kind),
			len(counts) > 0 && !slices.Contains(follows[s.Status], e.Kind):
			return s, fmt.Errorf("event %d: %s cannot follow %q", e.Seq, e.Kind, s.Status)
		default:
			counts = append(counts, e)
		}
		now := counts[len(counts)-1]
		s.Status, s.StatusOn = now.Kind.becomes(), now.HappenedOn
	}
	if len(counts) == 0 {
		return s, fmt.Errorf("no event counts")
	}
	return s, nil
}

// Latest is the event that made a resident's status: the last one not undone.
func Latest(events []Event) (e Event, ok bool) {
	undone := map[int]bool{}
	for _, e := range events {
		undone[e.Reverses] = true
	}
	for _, e := range slices.Backward(events) {
		if e.Kind != Reversal && !undone[e.Seq] {
			return e, true
		}
	}
	return Event{}, false
}
