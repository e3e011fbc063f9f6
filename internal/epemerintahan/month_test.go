package epemerintahan

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// told is a made-up life, apart from the database.
type told struct {
	id      int64
	sex     int
	home    int64
	rt      string
	events  []Event
	deleted time.Time
}

// counting are the events that are not undone.
func (p told) counting() (out []Event) {
	undone := map[int]bool{}
	for _, e := range p.events {
		undone[e.Reverses] = true
	}
	for _, e := range p.events {
		if e.Kind != Reversal && !undone[e.Seq] {
			out = append(out, e)
		}
	}
	return out
}

// hereAt tells whether the person lives in the kelurahan at the end of a day, by Replay.
func (p told) hereAt(day time.Time, basis Basis, kelurahan int64) bool {
	var known []Event
	if basis == ByRecord {
		if !p.deleted.IsZero() && !p.deleted.After(day) {
			return false
		}
		for _, e := range p.events {
			if !dayOf(e.RecordedAt).After(day) {
				known = append(known, e)
			}
		}
	} else {
		if !p.deleted.IsZero() {
			return false
		}
		first := p.counting()
		if first[0].Kind == Registered {
			for _, e := range first {
				if e.HappenedOn.Before(first[0].HappenedOn) {
					first[0].HappenedOn = e.HappenedOn
				}
			}
		}
		for _, e := range first {
			if !e.HappenedOn.After(day) {
				e.Seq = len(known) + 1
				known = append(known, e)
			}
		}
	}
	if len(known) == 0 {
		return false
	}
	s, err := Replay(known)
	if err != nil {
		panic(err)
	}
	last, _ := Latest(known)
	return s.Status == Living && last.KelurahanID == kelurahan
}

// TestMonthsAddUp makes random lives, with late recording, undoing, deletions and moves
// between two kelurahan, and holds every month's report against a count of them by hand.
func TestMonthsAddUp(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	operator := c.hire(everywhere, PermView, PermEdit)
	places := []int64{c.unit(kassiKassi), c.unit(tidung)}
	rng := rand.New(rand.NewPCG(7, 11))
	first := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	var people []told
	for i := range 60 {
		code := []string{kassiKassi, tidung}[i%2]
		f := c.household(code, 1)
		f.RW, f.RT = "001", fmt.Sprintf("00%d", 1+i%3)
		f.Members[0].Sex = Male
		id := c.add(operator, f)[0].Residents[0]
		p := told{id: id, sex: 1 + i/2%2, home: places[i%2], rt: f.RT}
		day := func(after time.Time) time.Time { return after.AddDate(0, 0, rng.IntN(40)) }
		on := day(first)
		p.events = []Event{{Seq: 1, Kind: Entries[rng.IntN(3)], HappenedOn: on, RecordedAt: on.AddDate(0, 0, rng.IntN(30)), KelurahanID: places[i%2]}}
		for range rng.IntN(6) {
			last := p.events[len(p.events)-1]
			s, err := Replay(p.events)
			if err != nil {
				t.Fatal(err)
			}
			latest, _ := Latest(p.events)
			e := Event{Seq: len(p.events) + 1, RecordedAt: last.RecordedAt.AddDate(0, 0, rng.IntN(25)), KelurahanID: latest.KelurahanID}
			e.HappenedOn = latest.HappenedOn.AddDate(0, 0, rng.IntN(20))
			if latest.Kind == Registered && rng.IntN(3) == 0 {
				e.HappenedOn = latest.HappenedOn.AddDate(0, 0, -rng.IntN(20))
			}
			next := follows[s.Status]
			switch {
			case latest.Seq > 1 && (rng.IntN(3) == 0 || len(next) == 0):
				e.Kind, e.Reverses, e.Reason = Reversal, latest.Seq, "Salah catat"
			case len(next) == 0:
				continue
			default:
				e.Kind = next[rng.IntN(len(next))]
				if e.Kind == MovedIn {
					e.KelurahanID = places[rng.IntN(2)]
				}
			}
			p.events = append(p.events, e)
		}
		if rng.IntN(8) == 0 {
			p.deleted = dayOf(p.events[len(p.events)-1].RecordedAt.AddDate(0, 0, rng.IntN(20)))
		}
		people = append(people, p)
		c.write(p)
	}
	reports := map[string]Month{}
	for _, basis := range []Basis{ByEvent, ByRecord} {
		for _, place := range places {
			var last *Month
			for n := range 7 {
				from := first.AddDate(0, n-1, 0)
				r, err := c.MonthlyReport(t.Context(), operator, Area{UnitID: place}, from, basis)
				if err != nil {
					t.Fatal(err)
				}
				reports[fmt.Sprint(basis, place, n)] = r
				for _, rt := range []string{"", "001", "002", "003"} {
					row := r.Sum
					if rt != "" {
						i := slices.IndexFunc(r.Parts, func(p MonthRow) bool { return p.Place == "RT "+rt+" / RW 001" })
						if i < 0 {
							continue
						}
						row = r.Parts[i]
					}
					for when, got := range map[time.Time]Balance{from.AddDate(0, 0, -1): row.Opening, from.AddDate(0, 1, -1): row.Closing} {
						want := Balance{}
						for _, p := range people {
							if p.hereAt(when, basis, place) && (rt == "" || rt == p.rt && p.home == place) {
								want = want.plus(balance(p.sex, 1))
							}
						}
						if got != want {
							t.Errorf("%s, kelurahan %d, RT %q, end of %s: %+v, by hand %+v", basis, place, rt, when.Format(time.DateOnly), got, want)
						}
					}
				}
				sum := row(r.Parts)
				if !maps.Equal(trim(sum.Flows), trim(r.Sum.Flows)) || sum.Opening != r.Sum.Opening || sum.Closing != r.Sum.Closing {
					t.Errorf("the parts are %+v, the whole %+v", sum, r.Sum)
				}
				if last != nil && last.Sum.Closing != r.Sum.Opening {
					t.Errorf("%s closes with %+v, the next month opens with %+v", last.From.Format(time.DateOnly), last.Sum.Closing, r.Sum.Opening)
				}
				last = &r
			}
		}
	}
	// The kecamatan is the sum of its kelurahan, whoever moved between them.
	kecamatan, err := c.MonthlyReport(t.Context(), operator, Area{UnitID: c.unit(rappocini)}, first.AddDate(0, 2, 0), ByEvent)
	if err != nil {
		t.Fatal(err)
	}
	both := reports[fmt.Sprint(ByEvent, places[0], 3)].Sum.Closing.plus(reports[fmt.Sprint(ByEvent, places[1], 3)].Sum.Closing)
	if kecamatan.Sum.Closing != both || len(kecamatan.Parts) != 2 {
		t.Errorf("the kecamatan has %+v, its kelurahan %+v", kecamatan.Sum, both)
	}
	// By day of recording, what is recorded today changes no month that is over.
	before := reports[fmt.Sprint(ByRecord, places[0], 2)]
	i := slices.IndexFunc(people, func(p told) bool { s, _ := Replay(p.events); return s.Status == Living && p.deleted.IsZero() })
	p := people[i]
	p.events = append(p.events, Event{Seq: len(p.events) + 1, Kind: Died, HappenedOn: p.counting()[len(p.counting())-1].HappenedOn, RecordedAt: start, KelurahanID: p.events[0].KelurahanID})
	c.write(p)
	after, err := c.MonthlyReport(t.Context(), operator, Area{UnitID: places[0]}, before.From, ByRecord)
	if err != nil || after.Sum.Closing != before.Sum.Closing || after.Sum.Opening != before.Sum.Opening {
		t.Errorf("%v: the month was %+v and became %+v", err, before.Sum, after.Sum)
	}
}

// write puts a made-up life in place of what is recorded.
func (c *city) write(p told) {
	c.t.Helper()
	s, err := Replay(p.events)
	if err != nil {
		c.t.Fatal(err)
	}
	c.exec(`DELETE FROM epemerintahan_event WHERE resident_id = $1`, p.id)
	for _, e := range p.events {
		c.exec(`INSERT INTO epemerintahan_event (resident_id, seq, kind, happened_on, recorded_at, kelurahan_id, reverses, reason)
			VALUES ($1, $2, $3, $4::date, $5::date + interval '9 hours', $6, NULLIF($7::integer, 0), $8)`,
			p.id, e.Seq, string(e.Kind), e.HappenedOn, e.RecordedAt, e.KelurahanID, e.Reverses, e.Reason)
	}
	c.exec(`UPDATE epemerintahan_resident SET sex = $2, status = $3, status_on = $4::date, seq = $5 WHERE id = $1`, p.id, p.sex, string(s.Status), s.StatusOn, s.Seq)
	if !p.deleted.IsZero() {
		c.exec(`UPDATE epemerintahan_resident SET deleted_at = $2::date + interval '9 hours', delete_reason = 'uji' WHERE id = $1`, p.id, p.deleted)
	}
}

func (c *city) exec(sql string, args ...any) {
	c.t.Helper()
	if _, err := c.db.Owner().Exec(c.ctx, sql, args...); err != nil {
		c.t.Fatal(err)
	}
}

// row adds the parts of a report up.
func row(parts []MonthRow) MonthRow {
	sum := MonthRow{Flows: map[EventKind]Balance{}}
	for _, p := range parts {
		sum.Opening, sum.Closing = sum.Opening.plus(p.Opening), sum.Closing.plus(p.Closing)
		for kind, b := range p.Flows {
			sum.Flows[kind] = sum.Flows[kind].plus(b)
		}
	}
	return sum
}

func trim(flows map[EventKind]Balance) map[EventKind]Balance {
	maps.DeleteFunc(flows, func(_ EventKind, b Balance) bool { return b == Balance{} })
	return flows
}
