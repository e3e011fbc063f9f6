package evidence

import (
	"slices"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
)

// Key is what a count is of. OtherID is who gave the order, of a metric of orders.
type Key struct {
	Month    Month
	UnitID   int64
	PersonID int64
	OtherID  int64
	Metric   Metric
	Stratum  string
}

// Count is X good ones of N.
type Count struct{ N, X int }

// Tally is how much each key counts.
type Tally map[Key]Count

func (t Tally) add(items []Item, by int) {
	for _, i := range items {
		c := t[i.Key]
		c.N += by
		if i.Good {
			c.X += by
		}
		t[i.Key] = c
	}
}

// sum adds a change to another.
func (t Tally) sum(d Tally) {
	for k, c := range d {
		t[k] = Count{t[k].N + c.N, t[k].X + c.X}
	}
}

// Item is one thing that counts for somebody: a step that they did, or a limit that passed at
// their desk without one.
type Item struct {
	Key
	Good  bool
	Event Event      // the step; of a missed limit, the entry with which the case came to the desk
	Due   *time.Time // the limit as it was set
	At    time.Time  // by which it belongs to its month: when it was done, or its limit
}

// Tallies sums what was done in one case, from all its entries in whatever order they come.
func Tallies(events []Event, w World) Tally {
	t := Tally{}
	t.add(Done(events, w), 1)
	return t
}

// reopenWithin is how long after it was finished a report must stay so.
const reopenWithin = 14 * 24 * time.Hour

// workingDay is a working day in minutes.
const workingDay = 450

// meeting is the code of the kind of letter that tells what a meeting came to.
const meeting = "NOT"

// dayOf is the date in Makassar.
func dayOf(t time.Time) string { return t.In(clock.Makassar).Format(time.DateOnly) }

// deskSteps leave a desk at which a letter waits for somebody's word.
var deskSteps = []string{"eoffice.naskah_paraf", "eoffice.naskah_kembalikan", "eoffice.naskah_mundur", "eoffice.naskah_ditandatangani"}

// items are what counts in one case.
type items struct {
	World
	out []Item
}

func (c *items) add(e Event, m Metric, good bool, at time.Time) *Item {
	c.out = append(c.out, Item{At: at, Key: Key{Month: MonthOf(at), UnitID: e.UnitID, PersonID: e.PersonID, Metric: m, Stratum: e.Stratum()}, Good: good, Event: e, Due: e.DueAt})
	return &c.out[len(c.out)-1]
}

// timed adds a step that had a limit. In time it counts in the month in which it was done, late
// in that of its limit, where it counted already while it lay there.
func (c *items) timed(e Event, m Metric, since time.Time) *Item {
	if c.onTime(e, since) {
		return c.add(e, m, true, e.At)
	}
	return c.add(e, m, false, *e.DueAt)
}

func (e Event) since() time.Time {
	if e.StartedAt != nil {
		return *e.StartedAt
	}
	return e.At
}

// Done lists what was done in one case, from all its entries in whatever order they come.
func Done(events []Event, w World) []Item {
	c := &items{World: w}
	events = strictest(inOrder(events))
	for _, e := range events {
		switch {
		case e.PersonID == 0:
		case e.is(deskSteps...):
			if e.DueAt != nil {
				c.timed(e, DeskOnTime, e.since())
			}
		case e.is("eoffice.disposisi_teruskan", "eoffice.kiriman_tindak", "eoffice.kiriman_arahkan", "eoffice.naskah_arahkan"):
			c.add(e, ForwardSoon, c.minutes(e) <= workingDay || c.away(e), e.At)
		case e.is("epuskesmas.susulan"):
			if e.StartedAt != nil && e.Outcome != "tidak_hadir" {
				c.add(e, RecordSameDay, dayOf(*e.StartedAt) == dayOf(e.At), e.At)
			}
		case issues(e):
			c.timed(e, InStandard, events[0].At)
		}
	}
	c.patient(events)
	c.draft(events)
	c.order(events)
	c.report(events)
	return c.out
}

// patient counts somebody who was served, once, whatever was taken back in between.
func (c *items) patient(events []Event) {
	for _, e := range slices.Backward(events) {
		if e.is("epuskesmas.selesai", "epuskesmas.rujuk") && e.PersonID != 0 {
			c.add(e, Served, true, e.At)
			c.add(e, RecordSameDay, true, e.At)
			return
		}
	}
}

// issues tells whether a step gave a citizen the letter.
func issues(e Event) bool {
	return e.is("epemerintahan.surat_ditandatangani", "epemerintahan.surat_pindai") && e.Outcome == "terbit" && e.PersonID != 0
}

// faultless are causes of a return that say nothing of the draft: its time, or that the leader
// wants something else now.
var faultless = map[string]bool{"waktu": true, "arahan": true}

// draft counts a letter for who wrote it, once it is signed.
func (c *items) draft(events []Event) {
	var drafted *Event
	returned := false
	for i, e := range events {
		switch {
		case e.is("eoffice.naskah_ajukan") && drafted == nil && e.PersonID != 0:
			drafted = &events[i]
		case e.is("eoffice.naskah_kembalikan", "eoffice.naskah_mundur"):
			returned = returned || !faultless[e.Strata["sebab"]]
		case e.is("eoffice.naskah_ditandatangani", "eoffice.naskah_pindai") && e.Outcome == "ditandatangani" && drafted != nil:
			d := e
			d.PersonID, d.UnitID = drafted.PersonID, drafted.UnitID
			c.add(d, DraftOnce, !returned, d.At)
			return
		}
	}
}

// heard finds the report on an order that its giver accepted, and who that was; nil while
// nobody did. The giver's silence says nothing of the work, nor does one's own word.
func heard(events []Event) (report *Event, giver int64) {
	for i, e := range events {
		switch {
		case e.is("eoffice.disposisi_lapor") && e.PersonID != 0:
			report = &events[i]
		case e.is("eoffice.disposisi_terima_laporan") && report != nil && e.PersonID != 0 && e.PersonID != report.PersonID:
			return report, e.PersonID
		}
	}
	return nil, 0
}

// orderMetrics are the metrics for which an order counts.
func orderMetrics(e Event) []Metric {
	if e.Strata["jenis"] == meeting {
		return []Metric{OrderAccepted, MeetingAction}
	}
	return []Metric{OrderAccepted}
}

// order counts an order for who reported on it, once its giver has accepted that.
func (c *items) order(events []Event) {
	report, giver := heard(events)
	if report == nil {
		return
	}
	for _, m := range orderMetrics(*report) {
		c.timed(*report, m, earlier(report.since(), events[0].At)).OtherID = giver
	}
}

// worked finds the proof of a citizen's report that somebody validated, when that was, and
// whether it lasted: nobody disputed it, and it was in order where somebody outside the line
// looked; nil while nobody did.
func worked(events []Event) (proof *Event, valid time.Time, lasts bool) {
	var work *Event
	disputed, bad := false, false
	for i, e := range events {
		switch {
		case e.is("mtr.submit_proof") && e.PersonID != 0:
			work = &events[i]
		case e.is("mtr.validate") && work != nil:
			proof, valid = work, e.At
		case e.is("mtr.dispute") && proof != nil && e.At.Sub(valid) <= reopenWithin:
			disputed = true
		case e.is("mtr."+kindLook) && proof != nil:
			bad = e.Outcome == lookedBad
		}
	}
	return proof, valid, !disputed && !bad
}

// report counts a citizen's report for who did the work, once somebody has validated it:
// good when it was in time and stays done. The reporter's vote, the latest, goes with it.
func (c *items) report(events []Event) {
	proof, valid, lasts := worked(events)
	if proof == nil {
		return
	}
	switch {
	case !lasts:
		c.add(*proof, ReportLasts, false, valid)
	case c.onTime(*proof, proof.since()):
		c.add(*proof, ReportLasts, true, valid)
	default:
		c.add(*proof, ReportLasts, false, *proof.DueAt)
	}
	var vote *Event
	for i, e := range events {
		// Whoever works for the city may report, but does not rate its work.
		if e.is("mtr.rate") && e.Strata["pelapor"] != "pegawai" {
			vote = &events[i]
		}
	}
	if vote != nil {
		v := *vote
		v.PersonID, v.UnitID = proof.PersonID, proof.UnitID
		stars, _ := strconv.Atoi(v.Strata["nilai"])
		c.add(v, CitizenVoice, stars >= 4, v.At)
	}
}
