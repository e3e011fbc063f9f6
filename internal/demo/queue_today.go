package demo

import (
	"container/heap"
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// morning is today's queue of Puskesmas Kassi-Kassi, played on the module's own use
// cases up to the moment at which the demo starts.
type morning struct {
	ctx    context.Context
	m      *epuskesmas.Module
	watch  *clock.Fake
	r      *rand.Rand
	site   epuskesmas.Site
	polis  []epuskesmas.Poli
	rooms  map[int64][]int64 // counters by poli
	clerk  authz.Actor
	doctor authz.Actor
	boss   authz.Actor
	kiosk  string
	door   []epuskesmas.Registration // who drew a number of the desk, in this order
	todo   moments
	count  int
}

// moment is something that happens in the morning.
type moment struct {
	at time.Time
	n  int // in the order of planning
	do func() error
}

type moments []moment

func (h moments) Len() int { return len(h) }
func (h moments) Less(i, j int) bool {
	return h[i].at.Before(h[j].at) || h[i].at.Equal(h[j].at) && h[i].n < h[j].n
}
func (h moments) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *moments) Push(x any)   { *h = append(*h, x.(moment)) }
func (h *moments) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}

// playMorning has some dozens of patients in Puskesmas Kassi-Kassi at a moment, in all
// states. Where no session is open then, it opens one for this day alone.
func playMorning(ctx context.Context, m *epuskesmas.Module, watch *clock.Fake, cast players, at time.Time, scale float64) (err error) {
	defer errs.In(&err, "demo.playMorning")
	at = at.In(clock.Makassar).Truncate(time.Second)
	p := &morning{ctx: ctx, m: m, watch: watch, r: rand.New(rand.NewPCG(uint64(midnight(at).Unix()), 31)), rooms: map[int64][]int64{},
		clerk: cast["loket"], doctor: cast["dokter"], boss: cast["kapus"]}
	if p.site, p.polis, err = m.StaffSite(ctx, p.boss, "kassi-kassi", epuskesmas.PermManage); err != nil {
		return err
	}
	counters, err := m.Counters(ctx, p.boss, p.site.UnitID)
	if err != nil {
		return err
	}
	for _, c := range counters {
		p.rooms[c.PoliID] = append(p.rooms[c.PoliID], c.ID)
	}
	if _, err := m.RenewBoard(ctx, p.boss, p.site.UnitID); err != nil {
		return err
	}
	if p.kiosk, err = m.RenewKiosk(ctx, p.boss, p.site.UnitID); err != nil {
		return err
	}
	for i, poli := range p.polis {
		if poli.Kind != epuskesmas.KindClinic {
			continue
		}
		s, err := p.opens(poli, at)
		if err != nil {
			return err
		}
		if s.PoliID != 0 {
			if err := p.plan(poli, s, at, max(3, int(scale*[]float64{44, 10, 18, 14}[i%4]))); err != nil {
				return err
			}
		}
	}
	for _, poli := range p.polis {
		if poli.Kind != epuskesmas.KindClinic {
			mean := 3
			if poli.Kind == epuskesmas.KindDesk {
				mean = 1
			}
			for _, c := range p.rooms[poli.ID] {
				p.later(maxTime(at.Add(-115*time.Minute), midnight(at)), func() error { return p.serve(c, poli, 0, mean) })
			}
		}
	}
	return p.until(at)
}

func (p *morning) later(at time.Time, do func() error) {
	p.count++
	heap.Push(&p.todo, moment{at, p.count, do})
}

func (p *morning) until(at time.Time) error {
	for len(p.todo) > 0 && !p.todo[0].at.After(at) {
		next := heap.Pop(&p.todo).(moment)
		p.watch.Set(next.at)
		if err := next.do(); err != nil {
			return err
		}
	}
	p.watch.Set(at)
	return nil
}

// opens is the session in which a poli works at a moment: that of the week, or one of
// this day alone around the moment.
func (p *morning) opens(poli epuskesmas.Poli, at time.Time) (epuskesmas.Session, error) {
	p.watch.Set(midnight(at))
	find := func(from, to time.Time) (epuskesmas.Session, bool, error) {
		list, err := p.m.Sessions(p.ctx, poli.ID)
		for _, s := range list {
			if !s.StartsAt.After(from) && s.EndsAt.After(to) {
				return s, true, err
			}
		}
		return epuskesmas.Session{}, false, err
	}
	s, ok, err := find(at.Add(-30*time.Minute), at.Add(20*time.Minute))
	if ok || err != nil {
		return s, err
	}
	minute := at.Hour()*60 + at.Minute()
	starts, ends := max(0, minute-100)/5*5, min(24*60-1, minute+180)
	list, err := p.m.Sessions(p.ctx, poli.ID)
	if err != nil {
		return s, err
	}
	for _, other := range list {
		if midnight(other.StartsAt).Equal(midnight(at)) {
			from, to := minutes(other.StartsAt), minutes(other.EndsAt)
			if from > minute-30 {
				ends = min(ends, from)
			} else if to > starts {
				starts = to
			}
		}
	}
	if ends-starts < 15 || minute < starts {
		return epuskesmas.Session{}, nil // no room for it: a start within minutes of midnight or of another session
	}
	setting, err := p.m.Setting(p.ctx, p.boss, p.site.Slug)
	if err != nil {
		return s, err
	}
	weekday := int(at.Weekday()+6)%7 + 1
	extra := epuskesmas.Plan{PoliID: poli.ID, Weekday: weekday, Starts: starts, Ends: ends, ValidFrom: midnight(at)}
	last := midnight(at)
	extra.ValidTo = &last
	for _, d := range setting.Plans { // as on its fullest day
		if d.PoliID == poli.ID && d.All > extra.All {
			extra.DoctorIDs, extra.Quota = d.DoctorIDs, d.Quota
		}
	}
	if _, err := p.m.SavePlan(p.ctx, p.boss, extra, ""); err != nil {
		return s, err
	}
	s, _, err = find(at, at)
	return s, err
}

func minutes(t time.Time) int {
	t = t.In(clock.Makassar)
	return t.Hour()*60 + t.Minute()
}

// plan writes down who comes to a poli when, and what its rooms do.
func (p *morning) plan(poli epuskesmas.Poli, s epuskesmas.Session, at time.Time, patients int) error {
	begin := s.StartsAt
	if earliest := at.Add(-100 * time.Minute); begin.Before(earliest) {
		begin = earliest
	}
	span := at.Sub(begin) + 20*time.Minute // some come after the story ends
	for i := range patients {
		comes := begin.Add(time.Duration(p.r.Int64N(int64(span))) - 15*time.Minute)
		name := givenNames[p.r.IntN(len(givenNames))] + " " + familyNames[p.r.IntN(len(familyNames))]
		born := bornFor(p.r, poli.Letter, s.StartsAt)
		payer := epuskesmas.JKN
		if p.r.IntN(3) == 0 {
			payer = epuskesmas.General
		}
		if i%5 < 3 {
			p.online(s, i, name, born, payer, comes, p.r.IntN(100))
		} else {
			p.later(maxTime(comes, midnight(at)), func() error { return p.walkIn(poli, i, name, born, payer) })
		}
	}
	for i := range p.rooms[poli.ID] {
		starts := begin.Add(time.Duration(2+p.r.IntN(12)) * time.Minute)
		p.later(starts, func() error { return p.arrive(poli, s, i) })
	}
	return nil
}

func maxTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// online books at night and mostly comes; luck of a hundred says how it goes.
func (p *morning) online(s epuskesmas.Session, i int, name string, born time.Time, payer epuskesmas.Payer, comes time.Time, luck int) {
	p.later(midnight(s.StartsAt).Add(time.Second), func() error {
		b, err := p.m.Book(p.ctx, authz.Actor{}, epuskesmas.Booking{
			Key: fmt.Sprintf("demo-%d-%d-%d", s.PoliID, midnight(s.StartsAt).Unix(), i), PoliID: s.PoliID, StartsAt: s.StartsAt, Name: name, BirthDate: born, Payer: payer,
			Contact: fmt.Sprintf("pasien%d.%d@%s", s.PoliID, i, Domain), Origin: epuskesmas.OriginOnline,
		})
		switch {
		case errs.KindOf(err) == errs.Conflict && err != nil: // full, or a namesake
			return nil
		case err != nil:
			return err
		case luck < 8: // never comes
		case luck < 12:
			p.later(comes, func() error { return ignore(p.m.Cancel(p.ctx, b.Token, "Sudah sembuh")) })
		default:
			p.later(maxTime(comes, s.StartsAt.Add(-time.Hour)), func() error { return ignore(p.m.CheckIn(p.ctx, b.Token)) })
		}
		return nil
	})
}

// ignore lets pass what the rules refuse: people come too late, or twice.
func ignore(err error) error {
	switch errs.KindOf(err) {
	case errs.Conflict, errs.NotFound, errs.TooMany:
		return nil
	}
	return err
}

// walkIn draws a number of the desk at the kiosk.
func (p *morning) walkIn(poli epuskesmas.Poli, i int, name string, born time.Time, payer epuskesmas.Payer) error {
	r := epuskesmas.Registration{Key: fmt.Sprintf("demo-loket-%d-%d-%d", poli.ID, midnight(p.watch.Now()).Unix(), i), Name: name, BirthDate: born, Payer: payer, PoliID: poli.ID,
		Faskes: p.site.Name}
	if i%9 == 4 {
		r.Class, r.Reason = estimate.Priority, epuskesmas.PriorityReasons[1+2*(i%2)]
	}
	if _, err := p.m.TakeKiosk(p.ctx, p.kiosk, r.Key); err != nil {
		return ignore(err)
	}
	p.door = append(p.door, r)
	return nil
}

// register gives whoever stands at the desk a number at the poli that they want.
func (p *morning) register(id int64) error {
	if len(p.door) == 0 {
		return ignore(p.m.Act(p.ctx, p.clerk, id, 0, epuskesmas.ActFinish, ""))
	}
	r := p.door[0]
	p.door = p.door[1:]
	r.DeskID = id
	_, err := p.m.Register(p.ctx, p.clerk, p.site.UnitID, r)
	return ignore(err)
}

// arrive puts the i-th doctor of a session into the i-th room.
func (p *morning) arrive(poli epuskesmas.Poli, s epuskesmas.Session, i int) error {
	session, _, err := p.m.Queue(p.ctx, p.doctor, poli.ID)
	if err != nil {
		return err
	}
	duties, err := p.m.Duties(p.ctx, p.doctor, session.ID)
	if err != nil || i >= len(duties) {
		return err
	}
	room := p.rooms[poli.ID][i]
	if err := p.m.Report(p.ctx, p.doctor, session.ID, duties[i].DoctorID, room, epuskesmas.DutyHere, ""); err != nil {
		return ignore(err)
	}
	return p.serve(room, poli, duties[i].DoctorID, 8)
}

// serve calls whoever is next to a room and plans how it goes on; mean is in minutes.
func (p *morning) serve(room int64, poli epuskesmas.Poli, doctor int64, mean int) error {
	again := func(after time.Duration) {
		p.later(p.watch.Now().Add(after), func() error { return p.serve(room, poli, doctor, mean) })
	}
	id, err := p.m.Next(p.ctx, p.doctor, room, doctor)
	if errs.KindOf(err) == errs.NotFound && err != nil {
		again(2 * time.Minute)
		return nil
	}
	if err != nil {
		return ignore(err)
	}
	if p.r.IntN(20) == 0 { // nobody answers
		p.later(p.watch.Now().Add(time.Minute), func() error {
			again(20 * time.Second)
			return ignore(p.m.Act(p.ctx, p.doctor, id, 0, epuskesmas.ActSkip, ""))
		})
		return nil
	}
	lasts := time.Duration(40+p.r.IntN(120)) * time.Duration(mean) * time.Minute / 100
	p.later(p.watch.Now().Add(40*time.Second), func() error { return ignore(p.m.Act(p.ctx, p.doctor, id, 0, epuskesmas.ActServe, "")) })
	p.later(p.watch.Now().Add(40*time.Second+lasts), func() error {
		again(30 * time.Second)
		return p.ends(poli, id)
	})
	return nil
}

// ends finishes a patient, who mostly goes on to the pharmacy, sometimes to the laboratory.
func (p *morning) ends(poli epuskesmas.Poli, id int64) error {
	to := epuskesmas.KindPharmacy
	switch luck := p.r.IntN(10); {
	case poli.Kind == epuskesmas.KindDesk:
		return p.register(id)
	case poli.Kind == epuskesmas.KindPharmacy, luck == 0:
		return ignore(p.m.Act(p.ctx, p.doctor, id, 0, epuskesmas.ActFinish, ""))
	case luck == 1 && poli.Kind == epuskesmas.KindClinic:
		to = epuskesmas.KindLab
	}
	for _, next := range p.polis {
		if next.Kind == to {
			_, err := p.m.Forward(p.ctx, p.doctor, id, 0, next.ID)
			return ignore(err)
		}
	}
	return nil
}
