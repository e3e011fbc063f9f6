package evidence

import (
	"context"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Session is when a poli was open, and whom the roster names, as far as that is known.
type Session struct {
	PoliID   int64
	From, To time.Time
	People   []int64
}

// Hourly is how many patients somebody served in an hour on duty, beside the middle of
// everybody's days in the same poli on the same day of the week. On duty is whom the roster
// names, also while nobody came; of whom it does not name, the hours of their poli count. It is
// context only. The zero Hourly says that too little is known.
type Hourly struct {
	Days        int
	Rostered    bool // all their days are by the roster
	Own, Middle float64
}

// ServedDay is what somebody served in a poli on a day.
type ServedDay struct {
	PersonID    int64
	PoliID      int64
	N           int
	First, Last time.Time // steps
}

const (
	// leastDays are the days of everybody in a poli that a middle needs, and of somebody to be told.
	leastDays = 5

	sqlServedDays = `
SELECT e.person_id, (e.strata ->> 'poli')::bigint AS poli_id, count(*)::integer AS n, min(e.at) AS first, max(e.at) AS last FROM work_event e
WHERE e.unit_id = $1 AND e.at >= $2 AND e.at < $3 AND e.module = 'epuskesmas' AND e.kind IN ('selesai', 'rujuk') AND e.person_id IS NOT NULL AND e.strata ->> 'poli' ~ '^[0-9]{1,18}$'
GROUP BY 1, 2, (e.at AT TIME ZONE 'Asia/Makassar')::date`
)

func (m *Module) hourly(ctx context.Context, person, unit int64, from, to Month) (h Hourly, err error) {
	if m.sessions == nil {
		return h, nil
	}
	days, err := pg.Many[ServedDay](ctx, m.db, sqlServedDays, unit, from.Start(), to.Start())
	if err != nil {
		return h, err
	}
	polis := []int64{}
	for _, d := range days {
		polis = append(polis, d.PoliID)
	}
	now := m.clock.Now()
	open, err := m.sessions(ctx, distinct(polis), from.Start(), earlier(to.Start(), now))
	for i := range open {
		open[i].To = earlier(open[i].To, now)
	}
	return HourlyOf(person, days, open), err
}

// HourlyOf works it out of the days of everybody and when their polis were open: a pure function.
func HourlyOf(person int64, days []ServedDay, open []Session) (h Hourly) {
	type place struct {
		poli    int64
		weekday time.Weekday
	}
	type shift struct {
		place
		n     int
		hours float64
	}
	type turn struct {
		person, poli int64
		day          string
	}
	duty, weekdays := map[turn]float64{}, map[turn]time.Weekday{}
	for _, s := range open {
		for _, p := range s.People {
			t := turn{p, s.PoliID, dayOf(s.From)}
			duty[t], weekdays[t] = duty[t]+s.To.Sub(s.From).Hours(), s.From.In(clock.Makassar).Weekday()
		}
	}
	h.Rostered = true
	rates, own := map[place][]float64{}, []shift{}
	note := func(who int64, s shift, rostered bool) {
		if s.hours == 0 {
			return
		}
		rates[s.place] = append(rates[s.place], float64(s.n)/s.hours)
		if who == person {
			own, h.Rostered = append(own, s), h.Rostered && rostered
		}
	}
	for _, d := range days {
		t := turn{d.PersonID, d.PoliID, dayOf(d.First)}
		hours, rostered := duty[t]
		if !rostered {
			hours = hoursOf(d, open)
		}
		delete(duty, t)
		note(d.PersonID, shift{place{d.PoliID, d.First.In(clock.Makassar).Weekday()}, d.N, hours}, rostered)
	}
	for t, hours := range duty {
		note(t.person, shift{place{t.poli, weekdays[t]}, 0, hours}, true)
	}
	served, hours, middle := 0, 0.0, 0.0
	for _, s := range own {
		all := rates[s.place]
		if len(all) < leastDays {
			continue
		}
		slices.Sort(all)
		h.Days, served, hours, middle = h.Days+1, served+s.n, hours+s.hours, middle+s.hours*all[(len(all)-1)/2]
	}
	if h.Days < leastDays {
		return Hourly{}
	}
	h.Own, h.Middle = float64(served)/hours, middle/hours
	return h
}

// hoursOf is how long the sessions of a poli were open in which somebody took steps.
func hoursOf(d ServedDay, open []Session) (hours float64) {
	for _, s := range open {
		if s.PoliID == d.PoliID && s.From.Before(d.Last) && s.To.After(d.First) {
			hours += s.To.Sub(s.From).Hours()
		}
	}
	return hours
}
