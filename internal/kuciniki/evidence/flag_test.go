package evidence_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/kuciniki/evidence/sample"
	"makassartidakrantasa.com/portal/internal/platform/clock"
)

// offices are 12 of 25 people each.
func offices() (out [][]sample.Person) {
	id := int64(0)
	for u := range int64(12) {
		var office []sample.Person
		for range 25 {
			id++
			office = append(office, sample.Person{PersonID: id, PositionID: 1000 + id, OccupancyID: 2000 + id, UnitID: u + 1})
		}
		out = append(out, office)
	}
	return out
}

// openAt is what of the ledger is open at its end.
func openAt(events []evidence.Event) (out []evidence.Open) {
	last := map[evidence.Case]evidence.Event{}
	for _, e := range events {
		if l, ok := last[e.Case()]; !ok || e.At.After(l.At) || e.At.Equal(l.At) && e.ID > l.ID {
			last[e.Case()] = e
		}
	}
	for c, e := range last {
		if c.Object == "eoffice_disposition" && e.Outcome == "dikirim" {
			out = append(out, evidence.Open{Case: c, UnitID: e.UnitID, HolderID: e.HolderID, Since: e.At, DueAt: e.NextDueAt})
		}
	}
	return out
}

// Over five years of 300 people each, with and without what is hidden: everything hidden is
// found, and nothing is found with anybody else. The document says the same figures.
func TestHiddenPatternsAreFoundAndNothingElse(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 11, 1, 0, 0, 0, 0, clock.Makassar)
	begin := end.AddDate(-1, 0, 0)
	var planted, found, wrong, clean int
	for seed := range uint64(5) {
		events, hidden := sample.Year(seed, offices(), begin, end, 1, true)
		planted += len(hidden)
		flags := evidence.FlagsIn(events, openAt(events), end, nil)
		for _, f := range flags {
			if slices.Contains(hidden, sample.Hidden{Pattern: f.Pattern, PersonID: f.PersonID}) {
				found++
			} else {
				wrong++
				t.Logf("year %d: %+v", seed, f)
			}
			if f.Text == "" || f.N == 0 || f.Pattern != evidence.Parked && len(f.Events) == 0 {
				t.Errorf("nothing to judge by: %+v", f)
			}
		}
		known := evidence.Known{}
		for _, f := range flags {
			if known[f.Pattern] == nil {
				known[f.Pattern] = map[int64]time.Time{}
			}
			known[f.Pattern][f.PersonID], known[f.Pattern][f.OtherID] = f.To, f.To
		}
		if again := evidence.FlagsIn(events, openAt(events), end, known); len(again) != 0 {
			t.Errorf("year %d: what was judged is found again: %+v", seed, again)
		}
		for _, h := range hidden {
			if !slices.ContainsFunc(flags, func(f evidence.Flag) bool { return f.Pattern == h.Pattern && f.PersonID == h.PersonID }) {
				t.Logf("year %d: missed %+v", seed, h)
			}
		}
		events, _ = sample.Year(seed+100, offices(), begin, end, 1, false)
		for _, f := range evidence.FlagsIn(events, openAt(events), end, nil) {
			clean++
			t.Logf("year %d: in the control group %+v", seed+100, f)
		}
	}
	recall, precision := float64(found)/float64(planted), float64(found)/float64(found+wrong)
	if recall < 1 || precision < 1 || clean != 0 {
		t.Errorf("precision %.2f, recall %.2f, %d flags in the control group", precision, recall, clean)
	}
	doc, err := os.ReadFile("../../../docs/kuciniki.md")
	if err != nil {
		t.Fatal(err)
	}
	if said := fmt.Sprintf("%d planted patterns: precision %.2f, recall %.2f; %d flags", planted, precision, recall, clean); !strings.Contains(string(doc), said) {
		t.Errorf("docs/kuciniki.md does not say %q", said)
	}
}
