package evidence

import (
	"context"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Session is when a poli was open.
type Session struct {
	PoliID   int64
	From, To time.Time
}

// Hourly is how many patients somebody served in an hour in which their poli was open, beside
// the middle of everybody's days in the same poli on the same day of the week. It is context
// only. The zero Hourly says that too little is known.
type Hourly struct {
	Days        int
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
	open, err := m.sessions(ctx, distinct(polis), from.Start(), to.Start())
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
	rates, own := map[place][]float64{}, []shift{}
	for _, d := range days {
		s := shift{place{d.PoliID, d.First.In(clock.Makassar).Weekday()}, d.N, hoursOf(d, open)}
		if s.hours == 0 {
			continue
		}
		rates[s.place] = append(rates[s.place], float64(s.n)/s.hours)
		if d.PersonID == person {
			own = append(own, s)
		}
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
