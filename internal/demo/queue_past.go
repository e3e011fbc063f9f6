package demo

import (
	"container/heap"
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// habits of a poli of Puskesmas Kassi-Kassi, by its letter.
type habits struct {
	patients float64 // who want to come on an ordinary day
	minutes  float64 // of a service
}

var kassiHabits = map[string]habits{"A": {56, 7.5}, "B": {11, 15}, "C": {22, 10}, "D": {16, 9}, "L": {0, 1.3}, "K": {0, 6}, "F": {0, 3}}

// The crowd from which patients come again and again.
const crowdSize = 2600

// bygones are the queues of Puskesmas Kassi-Kassi in the days before the story ends, lived
// through in memory and told to the module's chronicle.
type bygones struct {
	r       *rand.Rand
	c       *epuskesmas.Chronicle
	polis   []epuskesmas.Poli
	plans   []epuskesmas.Plan
	rooms   map[int64][]int64 // counters by poli
	speed   map[int64]float64 // of doctors: log minutes more or less
	crowd   []*epuskesmas.PastPatient
	loket   *ward
	lab     *ward
	pharma  *ward
	busy    map[*epuskesmas.PastPatient]bool // today
	wants   map[*epuskesmas.PastTicket]*ward // whither who drew a number of the desk
	todo    moments
	count   int
	now     time.Time
	tickers []*ward
}

// ward is a poli on one day.
type ward struct {
	*epuskesmas.PastSession
	poli    epuskesmas.Poli
	starts  time.Time
	ends    time.Time
	minutes float64
	coming  int // who have a number and may still come
	at      map[int64]*desk
	closed  bool
}

// desk is a counter at work, with its doctor.
type desk struct {
	counter, doctor int64
	idle            bool
	pauseAt         time.Time
}

// tellPast lives through the working days from one midnight to another. share of the days
// is told, the newest of them.
func tellPast(ctx context.Context, m *epuskesmas.Module, boss authz.Actor, cal *calendar.Calendar, from, to time.Time, share float64) (err error) {
	defer errs.In(&err, "demo.tellPast")
	setting, err := m.Setting(ctx, boss, "kassi-kassi")
	if err != nil {
		return err
	}
	b := &bygones{r: rand.New(rand.NewPCG(uint64(from.Unix()), 97)), polis: setting.Polis, plans: setting.Plans, rooms: map[int64][]int64{}, speed: map[int64]float64{}}
	for _, c := range setting.Counters {
		b.rooms[c.PoliID] = append(b.rooms[c.PoliID], c.ID)
	}
	for _, d := range setting.Doctors {
		b.speed[d.ID] = 0.2 * b.r.NormFloat64()
	}
	for range crowdSize {
		b.crowd = append(b.crowd, &epuskesmas.PastPatient{
			Name:      givenNames[b.r.IntN(len(givenNames))] + " " + familyNames[b.r.IntN(len(familyNames))],
			BirthDate: time.Date(from.Year()-b.r.IntN(80), time.Month(1+b.r.IntN(12)), 1+b.r.IntN(28), 0, 0, 0, 0, time.UTC),
		})
	}
	if b.c, err = m.NewChronicle(ctx, setting.Site.UnitID); err != nil {
		return err
	}
	days := int(math.Ceil(share * to.Sub(from).Hours() / 24))
	for day := to.AddDate(0, 0, -days); day.Before(to); day = day.AddDate(0, 0, 1) {
		if day.Weekday() == time.Sunday || cal.Holiday(day) != "" {
			continue
		}
		if err := b.live(day); err != nil {
			return err
		}
		if err := b.c.Keep(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (b *bygones) later(at time.Time, do func() error) {
	b.count++
	heap.Push(&b.todo, moment{at.Truncate(time.Second), b.count, do})
}

// lognormal draws minutes of a mean and a coefficient of variation.
func (b *bygones) lognormal(mean, cv float64) time.Duration {
	v := math.Log(1 + cv*cv)
	return time.Duration(math.Exp(math.Log(mean)-v/2+math.Sqrt(v)*b.r.NormFloat64()) * float64(time.Minute))
}

// live lets one day pass.
func (b *bygones) live(day time.Time) error {
	b.busy, b.wants, b.todo, b.tickers = map[*epuskesmas.PastPatient]bool{}, map[*epuskesmas.PastTicket]*ward{}, nil, nil
	b.loket, b.lab, b.pharma = nil, nil, nil
	weekday := int(day.Weekday()+6)%7 + 1
	for _, poli := range b.polis {
		i := slices.IndexFunc(b.plans, func(p epuskesmas.Plan) bool { return p.PoliID == poli.ID && p.Weekday == weekday })
		if i < 0 {
			continue
		}
		p := b.plans[i]
		h := kassiHabits[poli.Letter]
		at := func(minute int) time.Time { return day.Add(time.Duration(minute) * time.Minute) }
		o := &ward{poli: poli, starts: at(p.Starts), ends: at(p.Ends), minutes: h.minutes, at: map[int64]*desk{},
			PastSession: b.c.Open(poli.ID, at(p.Starts), at(p.Ends), p.Quota, p.DoctorIDs)}
		b.tickers = append(b.tickers, o)
		switch poli.Kind {
		case epuskesmas.KindClinic:
			b.people(o, h.patients*float64(p.All)/60*(60/float64(largest(b.plans, poli.ID))))
		case epuskesmas.KindDesk:
			b.loket = o
		case epuskesmas.KindLab:
			b.lab = o
		case epuskesmas.KindPharmacy:
			b.pharma = o
		}
		b.staff(o, p.DoctorIDs)
		for tick := o.starts.Add(-time.Hour); tick.Before(o.ends.Add(time.Hour)); tick = tick.Add(30 * time.Minute) {
			b.later(tick, func() error {
				if !o.closed {
					o.Tell(b.now)
				}
				return nil
			})
		}
	}
	for b.todo.Len() > 0 {
		next := heap.Pop(&b.todo).(moment)
		b.now = next.at
		if err := next.do(); err != nil {
			return err
		}
	}
	for _, o := range b.tickers {
		if err := o.Close(maxTime(b.now, o.ends).Add(5 * time.Minute)); err != nil {
			return err
		}
	}
	return nil
}

// largest is the quota of a poli's fullest day.
func largest(plans []epuskesmas.Plan, poli int64) (most int) {
	for _, p := range plans {
		if p.PoliID == poli {
			most = max(most, p.All)
		}
	}
	return most
}

// somebody who has no number today yet.
func (b *bygones) somebody(poli epuskesmas.Poli, day time.Time) *epuskesmas.PastPatient {
	for {
		p := b.crowd[b.r.IntN(len(b.crowd))]
		age := day.Year() - p.BirthDate.Year()
		if !b.busy[p] && (poli.Letter != "D" || age >= 58) && (poli.Letter != "C" || age < 6 || age >= 18 && age < 45) {
			b.busy[p] = true
			return p
		}
	}
}

func (b *bygones) class(p *epuskesmas.PastPatient, poli epuskesmas.Poli, day time.Time) (estimate.Class, string) {
	age := day.Year() - p.BirthDate.Year()
	switch {
	case poli.Letter == "D" || poli.Letter == "C":
	case age >= 60:
		return estimate.Priority, epuskesmas.PriorityReasons[0]
	case age < 5:
		return estimate.Priority, epuskesmas.PriorityReasons[2]
	case b.r.IntN(40) == 0:
		return estimate.Priority, epuskesmas.PriorityReasons[1+2*b.r.IntN(2)]
	}
	return estimate.Regular, ""
}

func (b *bygones) payer() epuskesmas.Payer {
	if b.r.IntN(4) == 0 {
		return epuskesmas.General
	}
	return epuskesmas.JKN
}

// people book in the days before, mostly come, or walk in.
func (b *bygones) people(o *ward, mean float64) {
	switch o.starts.In(clock.Makassar).Weekday() {
	case time.Monday:
		mean *= 1.15
	case time.Friday:
		mean *= 0.95
	}
	n := int(math.Round(mean * (1 + 0.12*b.r.NormFloat64())))
	online := n * 55 / 100
	booked := make([]time.Time, online)
	for i := range booked {
		back := time.Duration(10+b.r.IntN(300)) * time.Minute
		if b.r.IntN(3) == 0 {
			back += time.Duration(1+b.r.IntN(4)) * 24 * time.Hour
		}
		booked[i] = o.starts.Add(-9*time.Hour - back).Truncate(time.Second)
	}
	slices.SortFunc(booked, time.Time.Compare)
	pace := time.Duration(o.minutes * 1.15 * float64(time.Minute) / float64(max(1, len(b.rooms[o.poli.ID]))))
	for i, at := range booked {
		slot := o.starts.Add(time.Duration(i) * pace)
		b.later(at, func() error { b.books(o, slot); return nil })
	}
	for range n - online {
		comes := o.starts.Add(-45*time.Minute + time.Duration(b.r.Float64()*b.r.Float64()*200*float64(time.Minute)))
		b.later(comes, func() error {
			t := b.loket.Take(b.c.Draw(o.starts, b.now), estimate.Regular, "", true, true, b.now)
			b.wants[t] = o
			b.wake(b.loket)
			return nil
		})
	}
}

// registers gives who drew a number of the desk one of the poli that they want, if there is
// a place.
func (b *bygones) registers(t *epuskesmas.PastTicket) {
	o := b.wants[t]
	if !o.Free(b.now) {
		return
	}
	p := b.somebody(o.poli, o.starts)
	b.c.Register(t.Visit(), p, b.payer(), b.now)
	class, reason := b.class(p, o.poli, o.starts)
	o.Take(t.Visit(), class, reason, true, false, b.now)
	b.wake(o)
}

func (b *bygones) books(o *ward, slot time.Time) {
	p := b.somebody(o.poli, o.starts)
	t := o.Take(b.c.Visit(p, o.starts, b.payer(), epuskesmas.OriginOnline, b.now), estimate.Regular, "", false, false, b.now)
	if t == nil {
		return
	}
	comes := slot.Add(time.Duration((-25 + 25*b.r.NormFloat64()) * float64(time.Minute)))
	switch luck := b.r.IntN(100); {
	case luck < 8: // never comes
		return
	case luck < 12:
		comes = b.now.Add(time.Duration(b.r.Float64() * float64(comes.Sub(b.now))))
		b.later(comes, func() error { return o.Act(t, epuskesmas.ActCancel, "Sudah sembuh", b.now) })
		return
	}
	o.coming++
	b.later(maxTime(comes, o.starts.Add(-80*time.Minute)), func() error {
		o.coming--
		defer b.wake(o)
		return o.Act(t, epuskesmas.ActCheckIn, "", b.now)
	})
}

// staff has doctors come, late as they do, or counters open where none works.
func (b *bygones) staff(o *ward, doctors []int64) {
	counters := b.rooms[o.poli.ID]
	if len(doctors) == 0 {
		for _, c := range counters {
			o.at[c] = &desk{counter: c, idle: true}
		}
		return
	}
	ids := slices.Sorted(slices.Values(doctors))
	absent := -1
	if len(ids) > 1 && b.r.IntN(14) == 0 {
		absent = b.r.IntN(len(ids))
	}
	for i, doctor := range ids[:min(len(ids), len(counters))] {
		counter := counters[i]
		if i == absent {
			b.later(o.starts.Add(time.Duration(5+b.r.IntN(30))*time.Minute), func() error {
				o.Duty(doctor, 0, epuskesmas.DutyAway, "Tugas luar", b.now)
				return nil
			})
			continue
		}
		comes := o.starts.Add(b.lognormal(10, 0.8))
		b.later(comes, func() error {
			d := &desk{counter: counter, doctor: doctor, idle: true}
			if b.r.IntN(3) == 0 {
				d.pauseAt = b.now.Add(time.Duration(b.r.Float64() * float64(o.ends.Sub(b.now)) * 0.7))
			}
			o.Duty(doctor, counter, epuskesmas.DutyHere, "", b.now)
			o.at[counter] = d
			b.wake(o)
			return nil
		})
	}
}

// wake has an idle desk call, if somebody waits.
func (b *bygones) wake(o *ward) {
	for _, c := range b.rooms[o.poli.ID] {
		if d := o.at[c]; d != nil && d.idle {
			b.calls(o, d)
		}
	}
}

// calls is a desk that calls who is next.
func (b *bygones) calls(o *ward, d *desk) {
	d.idle = false
	if !d.pauseAt.IsZero() && b.now.After(d.pauseAt) {
		d.pauseAt = time.Time{}
		o.Duty(d.doctor, d.counter, epuskesmas.DutyPause, "Istirahat", b.now)
		b.later(b.now.Add(b.lognormal(12, 0.6)), func() error {
			o.Duty(d.doctor, d.counter, epuskesmas.DutyResume, "", b.now)
			b.calls(o, d)
			return nil
		})
		return
	}
	t := o.Next(d.counter, d.doctor, b.now)
	if t == nil {
		d.idle = true
		return
	}
	if t.Calls == 0 && b.r.IntN(33) == 0 { // nobody answers
		b.later(b.now.Add(90*time.Second), func() error {
			defer b.calls(o, d)
			return o.Act(t, epuskesmas.ActSkip, "", b.now)
		})
		return
	}
	begins := b.now.Add(10*time.Second + b.lognormal(0.8, 0.8))
	ends := begins.Add(30*time.Second + b.lognormal(o.minutes*math.Exp(b.speed[d.doctor]), 0.6))
	b.later(begins, func() error { return o.Act(t, epuskesmas.ActServe, "", b.now) })
	b.later(ends, func() error {
		if err := o.Act(t, epuskesmas.ActFinish, "", b.now); err != nil {
			return err
		}
		b.onward(o, t)
		b.calls(o, d)
		return nil
	})
}

// onward sends a patient on: mostly to the pharmacy, sometimes to the laboratory first.
func (b *bygones) onward(o *ward, t *epuskesmas.PastTicket) {
	if o == b.loket {
		b.registers(t)
		return
	}
	to := b.pharma
	switch luck := b.r.IntN(10); {
	case o.poli.Kind == epuskesmas.KindPharmacy, luck == 0:
		return
	case luck == 1 && o.poli.Kind == epuskesmas.KindClinic:
		to = b.lab
	}
	if to == nil || b.now.After(to.ends.Add(time.Hour)) {
		return
	}
	class, reason := t.Step()
	to.Take(t.Visit(), class, reason, true, true, b.now)
	b.wake(to)
}
