package mtr

import (
	"context"
	"math"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// MaxStops of a round: the most urgent tasks.
const MaxStops = 50

// Stop is a task of a field officer's round.
type Stop struct {
	DeskItem
	Place    *Point // nil: only the kelurahan is known, or nothing
	Landmark string
	Metres   int // as the crow flies from the stop before; 0 for the first and without a place
}

const sqlStopPlaces = `SELECT id, lat, lng, landmark FROM mtr_report WHERE id = ANY ($1)`

// Round is the actor's [QueueMine] as a way through the city: it begins with the most urgent
// task and goes on to the nearest each time; tasks without a point come last. more says that
// there are tasks beyond [MaxStops]. Whoever has no such queue gets errs.NotFound.
func (m *Module) Round(ctx context.Context, a authz.Actor) (stops []Stop, more bool, err error) {
	defer errs.In(&err, "mtr.Round")
	page, err := m.Queue(ctx, a, QueueMine, DeskFilter{}, nil, MaxStops)
	if err != nil {
		return nil, false, err
	}
	ids := make([]int64, len(page.Items))
	for i, it := range page.Items {
		ids[i] = it.ID
	}
	type place struct {
		ID       int64
		Lat, Lng *float64
		Landmark string
	}
	places, err := pg.Many[place](ctx, m.db, sqlStopPlaces, ids)
	if err != nil {
		return nil, false, err
	}
	byID := map[int64]place{}
	for _, p := range places {
		byID[p.ID] = p
	}
	for _, it := range page.Items {
		s, p := Stop{DeskItem: it}, byID[it.ID]
		if s.Landmark = p.Landmark; p.Lat != nil && p.Lng != nil {
			s.Place = &Point{Lat: *p.Lat, Lng: *p.Lng}
		}
		stops = append(stops, s)
	}
	return nearestNext(stops), page.Next != nil, nil
}

// nearestNext keeps the first stop that has a place and goes on to the nearest each time.
// What has no place follows in the order given.
func nearestNext(stops []Stop) []Stop {
	var out, left, nowhere []Stop
	for _, s := range stops {
		if s.Place == nil {
			nowhere = append(nowhere, s)
		} else {
			left = append(left, s)
		}
	}
	for len(left) > 0 {
		next := 0
		if len(out) > 0 {
			here, least := *out[len(out)-1].Place, math.Inf(1)
			for i, s := range left {
				if d := here.metresTo(*s.Place); d < least {
					next, least = i, d
				}
			}
			left[next].Metres = int(math.Round(least))
		}
		out = append(out, left[next])
		left = append(left[:next:next], left[next+1:]...)
	}
	return append(out, nowhere...)
}

// metresTo is the distance within a city, where the earth is flat.
func (p Point) metresTo(q Point) float64 {
	const metresPerDegree = 111_195
	return metresPerDegree * math.Hypot(q.Lat-p.Lat, (q.Lng-p.Lng)*math.Cos(p.Lat*math.Pi/180))
}
