package evidence

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
)

// Event is one entry of the work ledger; see workledger.Event for what its parts mean. No
// PersonID: a citizen or the portal did it.
type Event struct {
	ID             int64
	At             time.Time
	Module         string
	Kind           string
	Object         string
	ObjectID       int64
	Outcome        string
	PersonID       int64
	PositionID     int64
	UnitID         int64
	ThreadID       int64
	HolderID       int64
	HolderUnitID   int64 // 0: UnitID
	StartedAt      *time.Time
	DueAt          *time.Time
	NextDueAt      *time.Time
	WorkingMinutes int
	Strata         map[string]string
}

// Case is what an entry is about.
type Case struct {
	Module, Object string
	ObjectID       int64
}

// Case is what the entry is about.
func (e Event) Case() Case { return Case{e.Module, e.Object, e.ObjectID} }

// is tells whether the entry is of one of the kinds, which name the module.
func (e Event) is(kinds ...string) bool { return slices.Contains(kinds, e.Module+"."+e.Kind) }

func (e Event) category() string {
	return cmp.Or(e.Strata["jenis"], e.Strata["kategori"], e.Strata["poli"])
}

func (e Event) urgency() string { return cmp.Or(e.Strata["urgensi"], e.Strata["kelas"]) }

// Stratum is what entries of a kind are compared within: the category and the urgency.
func (e Event) Stratum() string { return e.category() + "/" + e.urgency() }

// inOrder is the entries as they happened; the order in which they come does not matter.
func inOrder(events []Event) []Event {
	out := slices.Clone(events)
	slices.SortFunc(out, func(a, b Event) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return slices.CompactFunc(out, func(a, b Event) bool { return a.ID == b.ID })
}

// moves are the entries that say where a case stands: a look at it does not.
func moves(events []Event) []Event {
	return slices.DeleteFunc(events, func(e Event) bool { return e.is("mtr." + kindLook) })
}

// Month is the first day of a month in Makassar.
type Month struct{ time.Time }

// MonthOf is the month in which t lies.
func MonthOf(t time.Time) Month {
	t = t.In(clock.Makassar)
	return Month{time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)}
}

// Span is a stretch of time, its end not in it.
type Span struct{ From, To time.Time }

// Away is when people were not on duty: leave, duty elsewhere, training, illness. Spans of one
// person may overlap.
type Away map[int64][]Span

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// urgencies from the least; see the letters of e-Office.
var urgencies = []string{"biasa", "segera", "sangat_segera", "kilat"}

// strictest gives each entry of a case, in order, the highest urgency that the case had until
// then: lowering it does not change what a step is compared with.
func strictest(events []Event) []Event {
	most := -1
	for i, e := range events {
		switch at := slices.Index(urgencies, e.Strata["urgensi"]); {
		case at > most:
			most = at
		case at >= 0 && at < most:
			events[i].Strata = maps.Clone(e.Strata)
			events[i].Strata["urgensi"] = urgencies[most]
		}
	}
	return events
}
