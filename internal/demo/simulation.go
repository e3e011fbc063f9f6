package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/notify"
)

// SimulatedSite is the puskesmas whose queues move.
const SimulatedSite = "kassi-kassi"

// Simulation moves the queues of one day at Puskesmas Kassi-Kassi: people book, come or
// stay away, draw numbers at the kiosk; the desk registers, rooms call, serve and send on.
// All of it goes through the use cases that the pages use, as the demo's patients and
// staff, at the pace of the module's clock. Whoever presses the same buttons is welcome:
// the simulation goes on with what it finds.
type Simulation struct {
	m        *epuskesmas.Module
	db       *pgxpool.Pool
	clock    clock.Clock
	cast     players
	site     epuskesmas.Site
	polis    []epuskesmas.Poli
	counters map[int64][]epuskesmas.Counter // by poli
	screens  epuskesmas.Screens
	today    string
	coming   []coming        // in the order of time
	tested   map[int64]int64 // by visit: the poli that sent it to the laboratory
	ticket   int64           // one to show
}

// coming is somebody on the way to the puskesmas.
type coming struct {
	at time.Time
	do func(context.Context) error
}

// Opening is the moment at which a simulated day begins, as seen at another: that moment
// itself if a session of Puskesmas Kassi-Kassi still has an hour to go, else half an hour
// before the next session.
func Opening(ctx context.Context, db *pgxpool.Pool, m *epuskesmas.Module, now time.Time) (at time.Time, err error) {
	defer errs.In(&err, "demo.Opening")
	cast, err := actors(ctx, db, now)
	if err != nil {
		return at, err
	}
	_, polis, err := m.StaffSite(ctx, cast["kapus"], SimulatedSite, epuskesmas.PermManage)
	if err != nil {
		return at, err
	}
	sessions, err := m.SessionsOf(ctx, slices.DeleteFunc(polis, func(p epuskesmas.Poli) bool { return p.Kind != epuskesmas.KindClinic }))
	if err != nil {
		return at, err
	}
	at, ok := opening(sessions, now)
	if !ok {
		return at, errors.New("no session of Puskesmas Kassi-Kassi is ahead: give it a schedule at /meja/puskesmas/atur")
	}
	return at, nil
}

// NewSimulation gets a day going that begins now by watch, which is the module's clock:
// its sessions get patients, and it is settled who comes when.
// Nothing is to be sent to them.
func NewSimulation(ctx context.Context, db *pgxpool.Pool, m *epuskesmas.Module, watch clock.Clock) (s *Simulation, err error) {
	defer errs.In(&err, "demo.NewSimulation")
	now := watch.Now()
	s = &Simulation{m: m, db: db, clock: watch, counters: map[int64][]epuskesmas.Counter{}, tested: map[int64]int64{}, today: now.Format(time.DateOnly)}
	if s.cast, err = actors(ctx, db, clock.System{}.Now()); err != nil {
		return nil, err
	}
	boss := s.cast["kapus"]
	if s.site, s.polis, err = m.StaffSite(ctx, boss, SimulatedSite, epuskesmas.PermManage); err != nil {
		return nil, err
	}
	s.polis = slices.DeleteFunc(s.polis, func(p epuskesmas.Poli) bool { return !p.Active })
	counters, err := m.Counters(ctx, boss, s.site.UnitID)
	if err != nil {
		return nil, err
	}
	for _, c := range counters {
		s.counters[c.PoliID] = append(s.counters[c.PoliID], c)
	}
	if s.screens, err = m.Screens(ctx, boss, s.site.UnitID); err != nil {
		return nil, err
	}
	for _, screen := range []struct {
		token *string
		renew func(context.Context, authz.Actor, int64) (string, error)
	}{{&s.screens.Board, m.RenewBoard}, {&s.screens.Kiosk, m.RenewKiosk}} {
		if *screen.token == "" {
			if *screen.token, err = screen.renew(ctx, boss, s.site.UnitID); err != nil {
				return nil, err
			}
		}
	}
	if err := s.fill(ctx); err != nil {
		return nil, err
	}
	return s, s.silence(ctx)
}

// silence drops what would be sent to the patients who have just booked.
func (s *Simulation) silence(ctx context.Context) error {
	if err := s.m.Remind(ctx); err != nil {
		return err
	}
	_, err := notify.Drop(ctx, s.db, s.clock.Now().Add(time.Second))
	return err
}

// fill has people book what is free in today's sessions, and settles who comes when.
func (s *Simulation) fill(ctx context.Context) error {
	for _, p := range s.clinics() {
		sessions, err := s.m.Sessions(ctx, p.ID)
		if err != nil {
			return err
		}
		for _, session := range sessions {
			if session.StartsAt.In(clock.Makassar).Format(time.DateOnly) != s.today || session.Status == epuskesmas.Over {
				continue
			}
			if err := s.expectAll(ctx, session); err != nil {
				return err
			}
			if err := s.book(ctx, session); err != nil {
				return err
			}
			for i, at := range walkIns(session) {
				if at.Before(s.clock.Now()) {
					continue
				}
				key := fmt.Sprintf("simulasi-%d-%d-%d", session.PoliID, session.StartsAt.Unix(), i)
				s.coming = append(s.coming, coming{at, func(ctx context.Context) error {
					_, err := s.m.TakeKiosk(ctx, s.screens.Kiosk, key)
					return err
				}})
			}
		}
	}
	slices.SortStableFunc(s.coming, func(a, b coming) int { return a.at.Compare(b.at) })
	return nil
}

// book has people take the places online, but for a tenth.
func (s *Simulation) book(ctx context.Context, session epuskesmas.Session) error {
	r := rand.New(rand.NewPCG(uint64(session.StartsAt.Unix()), uint64(session.PoliID)))
	for i := range session.Online*9/10 - session.TakenOnline {
		name, born, payer := stranger(r, session.Letter, session.StartsAt)
		b, err := s.m.Book(ctx, authz.Actor{}, epuskesmas.Booking{
			Key: fmt.Sprintf("simulasi-%d-%d-%d", session.PoliID, session.StartsAt.Unix(), i), PoliID: session.PoliID, StartsAt: session.StartsAt,
			Name: name, BirthDate: born, Payer: payer, Contact: fmt.Sprintf("pasien%d.%d@%s", session.PoliID, i, Domain), Origin: epuskesmas.OriginOnline,
		})
		if err == nil {
			s.expect(b.Ticket, session)
		} else if ignore(err) != nil {
			return err
		}
	}
	return nil
}

// stranger is somebody new for the poli of a letter.
func stranger(r *rand.Rand, letter string, today time.Time) (name string, born time.Time, payer epuskesmas.Payer) {
	name = givenNames[r.IntN(len(givenNames))] + " " + familyNames[r.IntN(len(familyNames))]
	born = bornFor(r, letter, today)
	if payer = epuskesmas.JKN; r.IntN(3) == 0 {
		payer = epuskesmas.General
	}
	return name, born, payer
}

// bornFor is when a patient of the poli of a letter was born: D is for the old, C for small
// children.
func bornFor(r *rand.Rand, letter string, today time.Time) time.Time {
	from, years := 1, 74
	switch letter {
	case "D":
		from, years = 61, 20
	case "C":
		from, years = 1, 4
	}
	return time.Date(today.Year()-from-r.IntN(years), time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, clock.Makassar)
}

func letterOf(polis []epuskesmas.Poli, id int64) string {
	for _, p := range polis {
		if p.ID == id {
			return p.Letter
		}
	}
	return ""
}

// expectAll settles when those come who had booked a session before.
func (s *Simulation) expectAll(ctx context.Context, session epuskesmas.Session) error {
	calling, queue, err := s.m.Queue(ctx, s.cast["loket"], session.PoliID)
	if err != nil || calling.ID != session.ID {
		return err
	}
	for _, t := range queue {
		if t.Status == epuskesmas.Booked {
			s.expect(t, session)
		}
	}
	return nil
}

// expect settles when the owner of a booked ticket comes.
func (s *Simulation) expect(t epuskesmas.Ticket, session epuskesmas.Session) {
	a, ok := arrives(t, session, s.clock.Now())
	if !ok {
		return
	}
	if !a.cancels && t.Class == estimate.Regular && (s.ticket == 0 || session.PoliID == s.clinics()[0].ID && t.Number <= session.Online/2) {
		s.ticket = t.ID // not too early, so that there is something to see
	}
	s.coming = append(s.coming, coming{a.at, func(ctx context.Context) error {
		slip, err := s.m.Slip(ctx, s.cast["loket"], t.ID)
		switch {
		case err != nil:
			return err
		case a.cancels:
			return s.m.Cancel(ctx, slip.Token, "Sudah sembuh")
		}
		return s.m.CheckIn(ctx, slip.Token)
	}})
}

func (s *Simulation) clinics() []epuskesmas.Poli {
	return slices.DeleteFunc(slices.Clone(s.polis), func(p epuskesmas.Poli) bool { return p.Kind != epuskesmas.KindClinic })
}

// Sights are where a simulation can be watched without signing in.
type Sights struct {
	Board, Kiosk string // tokens of their addresses
	Ticket, Code string // the token of a patient's ticket and its number; "" when nobody has one
}

// Sights of the simulated day.
func (s *Simulation) Sights(ctx context.Context) (v Sights, err error) {
	v = Sights{Board: s.screens.Board, Kiosk: s.screens.Kiosk}
	if s.ticket == 0 {
		return v, nil
	}
	slip, err := s.m.Slip(ctx, s.cast["loket"], s.ticket)
	v.Ticket, v.Code = slip.Token, slip.Ticket.Code
	return v, err
}

// Run moves the queues until the day's sessions are over or ctx ends, looking around every
// so often. What goes wrong is logged and tried again. It returns how many patients the
// polis have served once the day is over; over is false when ctx ended before.
func (s *Simulation) Run(ctx context.Context, every time.Duration) (served int, over bool) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		done, err := s.step(ctx)
		if done && err == nil {
			if served, err = s.served(ctx); err == nil {
				return served, true
			}
		}
		if ctx.Err() == nil && err != nil {
			slog.WarnContext(ctx, "the simulation could not do something", "err", err)
		}
		select {
		case <-ctx.Done():
			return 0, false
		case <-tick.C:
		}
	}
}

func (s *Simulation) served(ctx context.Context) (n int, err error) {
	loads, err := s.m.Loads(ctx, s.cast["kapus"], s.site.UnitID)
	for _, p := range s.clinics() {
		n += loads[p.ID].Done
	}
	return n, err
}

// step has everybody in the house do what they do next.
func (s *Simulation) step(ctx context.Context) (over bool, err error) {
	var failed error
	try := func(err error) { failed = errors.Join(failed, ignore(err)) }
	for len(s.coming) > 0 && !s.coming[0].at.After(s.clock.Now()) {
		try(s.coming[0].do(ctx))
		s.coming = s.coming[1:]
	}
	over = len(s.coming) == 0
	places := map[int64]int{}
	for _, p := range s.clinics() { // the desk, too, looks what is left
		session, open, err := s.work(ctx, p, nil)
		try(err)
		places[p.ID] = session.Left(false, epuskesmas.General, s.clock.Now())
		over = over && err == nil && !open
	}
	// The rest of the house is open as long as the clinics are.
	closing := over
	for _, p := range s.polis {
		if p.Kind == epuskesmas.KindClinic {
			continue
		}
		_, open, err := s.work(ctx, p, &houseDay{places, closing})
		try(err)
		over = over && err == nil && !open
	}
	return over, failed
}

// houseDay is what those who are no clinic know of the clinics.
type houseDay struct {
	places  map[int64]int
	closing bool
}

// work has the rooms of a poli do what they do next, and closes its session once
// nobody is to come any more. open: there is more to do.
func (s *Simulation) work(ctx context.Context, p epuskesmas.Poli, day *houseDay) (session epuskesmas.Session, open bool, err error) {
	actor := s.caller(p.Kind)
	session, queue, err := s.m.Queue(ctx, actor, p.ID)
	if err != nil || session.ID == 0 || session.Status == epuskesmas.Over {
		return session, false, err
	}
	now := s.clock.Now()
	var failed error
	try := func(err error) { failed = errors.Join(failed, ignore(err)) }
	doctors := map[int64]int64{} // by counter
	if p.Kind == epuskesmas.KindClinic {
		if doctors, err = s.attend(ctx, p, session); err != nil {
			return session, true, err
		}
		for _, t := range queue {
			try(s.triage(ctx, t, triage(t, now)))
		}
	}
	waiting := slices.DeleteFunc(queue, func(t epuskesmas.Ticket) bool { return t.Status != epuskesmas.Waiting })
	busy := len(waiting) > 0
	for _, c := range s.counters[p.ID] {
		r := room{kind: p.Kind, pace: pace(p, session), staffed: p.Kind != epuskesmas.KindClinic || doctors[c.ID] != 0, waiting: waiting}
		var ended []epuskesmas.Ticket
		if r.now, ended, err = s.m.AtCounter(ctx, actor, c.ID); err != nil {
			return session, true, errors.Join(failed, err)
		}
		if len(ended) > 0 {
			r.freed = ended[0].StatusAt
		}
		if r.now != nil {
			busy = true
			_, r.tested = s.tested[r.now.VisitID]
		}
		try(s.do(ctx, r.next(now), place{p, c, doctors[c.ID], r.now, day}))
	}
	ended := day == nil && !now.Before(session.EndsAt) || day != nil && day.closing
	if !ended || busy || failed != nil {
		return session, true, failed
	}
	return session, true, ignore(s.m.Close(ctx, s.cast["kapus"], session.ID))
}

// caller is who calls where.
func (s *Simulation) caller(kind epuskesmas.PoliKind) authz.Actor {
	return s.cast[map[epuskesmas.PoliKind]string{
		epuskesmas.KindDesk: "loket", epuskesmas.KindClinic: "dokter", epuskesmas.KindLab: "perawat", epuskesmas.KindPharmacy: "farmasi",
	}[kind]]
}

// attend has the doctors of a session report, and tells who calls at which counter.
func (s *Simulation) attend(ctx context.Context, p epuskesmas.Poli, session epuskesmas.Session) (at map[int64]int64, err error) {
	doctor := s.caller(p.Kind)
	duties, err := s.m.Duties(ctx, doctor, session.ID)
	if err != nil {
		return nil, err
	}
	at = map[int64]int64{}
	taken := map[int64]bool{}
	for _, d := range duties {
		taken[d.CounterID] = true
		if d.Status == "hadir" && d.CounterID != 0 {
			at[d.CounterID] = d.DoctorID
		}
	}
	for _, d := range duties {
		busy := false
		if d.CounterID != 0 {
			now, _, err := s.m.AtCounter(ctx, doctor, d.CounterID)
			if err != nil {
				return nil, err
			}
			busy = now != nil
		}
		action, reason := attend(d, session, busy, s.clock.Now())
		counter := d.CounterID
		switch action {
		case "":
			continue
		case epuskesmas.DutyHere:
			i := slices.IndexFunc(s.counters[p.ID], func(c epuskesmas.Counter) bool { return !taken[c.ID] })
			if i < 0 {
				continue // no room is free
			}
			counter = s.counters[p.ID][i].ID
			taken[counter] = true
		case epuskesmas.DutyPause:
			delete(at, counter)
		}
		if err := ignore(s.m.Report(ctx, doctor, session.ID, d.DoctorID, counter, action, reason)); err != nil {
			return nil, err
		}
	}
	return at, nil
}

// place is where something is done, and with whom.
type place struct {
	poli    epuskesmas.Poli
	counter epuskesmas.Counter
	doctor  int64
	now     *epuskesmas.Ticket
	day     *houseDay
}

// do does it, unless somebody else has done something with the ticket meanwhile.
func (s *Simulation) do(ctx context.Context, d deed, at place) error {
	actor := s.caller(at.poli.Kind)
	act := func(a epuskesmas.Action, reason string) error {
		return s.m.Act(ctx, actor, at.now.ID, at.now.Seq, a, reason)
	}
	switch d {
	case callNext:
		_, err := s.m.Next(ctx, actor, at.counter.ID, at.doctor)
		return err
	case serve:
		return act(epuskesmas.ActServe, "")
	case skip:
		return act(epuskesmas.ActSkip, "")
	case finish:
		return act(epuskesmas.ActFinish, "")
	case sendToHospital:
		return act(epuskesmas.ActRefer, "Perlu diperiksa dokter spesialis")
	case register:
		return s.register(ctx, at)
	case sendToLab:
		err := s.forward(ctx, at, s.first(epuskesmas.KindLab))
		if err == nil {
			s.tested[at.now.VisitID] = at.poli.ID
		}
		return err
	case sendBack:
		return s.forward(ctx, at, cmp.Or(s.tested[at.now.VisitID], s.first(epuskesmas.KindPharmacy)))
	case sendToPharmacy:
		return s.forward(ctx, at, s.first(epuskesmas.KindPharmacy))
	}
	return nil
}

// first is the first poli of a kind; 0 where there is none.
func (s *Simulation) first(kind epuskesmas.PoliKind) int64 {
	for _, p := range s.polis {
		if p.Kind == kind {
			return p.ID
		}
	}
	return 0
}

// forward sends a patient on.
func (s *Simulation) forward(ctx context.Context, at place, poliID int64) error {
	if poliID == 0 {
		return s.sendHome(ctx, at, errNowhere)
	}
	_, err := s.m.Forward(ctx, s.caller(at.poli.Kind), at.now.ID, at.now.Seq, poliID)
	return s.sendHome(ctx, at, err)
}

// register gives who stands at the desk a number at a poli.
func (s *Simulation) register(ctx context.Context, at place) error {
	poli, ok := destination(at.now.ID, at.day.places, s.polis)
	if !ok {
		return s.sendHome(ctx, at, errNowhere)
	}
	name, born, payer := stranger(rand.New(rand.NewPCG(uint64(at.now.ID), 5)), letterOf(s.polis, poli), s.clock.Now())
	_, err := s.m.Register(ctx, s.cast["loket"], s.site.UnitID, epuskesmas.Registration{
		Key: fmt.Sprintf("simulasi-loket-%d", at.now.ID), DeskID: at.now.ID, DeskSeq: at.now.Seq, Name: name, BirthDate: born, Payer: payer,
		PoliID: poli, Faskes: s.site.Name,
	})
	if err == nil {
		at.day.places[poli]--
	}
	return s.sendHome(ctx, at, err)
}

var errNowhere = errs.New(errs.Conflict, "")

// sendHome ends the visit of somebody whom err, a Conflict, keeps from going on: no place
// is left there, or nobody works any more. A ticket that somebody else has moved on
// meanwhile stays as it is.
func (s *Simulation) sendHome(ctx context.Context, at place, err error) error {
	if err == nil || errs.KindOf(err) != errs.Conflict {
		return err
	}
	return s.m.Act(ctx, s.caller(at.poli.Kind), at.now.ID, at.now.Seq, epuskesmas.ActFinish, "")
}

// triage does what the nurse has decided.
func (s *Simulation) triage(ctx context.Context, t epuskesmas.Ticket, d deed) error {
	nurse := s.cast["perawat"]
	switch d {
	case assess:
		return s.m.Act(ctx, nurse, t.ID, t.Seq, epuskesmas.ActAssess, "")
	case letFirst, isEmergency:
		class, reason := estimate.Priority, epuskesmas.PriorityReasons[3]
		if d == isEmergency {
			class, reason = estimate.Emergency, "Sesak napas"
		}
		return s.m.Classify(ctx, nurse, t.ID, t.Seq, class, reason)
	}
	return nil
}
