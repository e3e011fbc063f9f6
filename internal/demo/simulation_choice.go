package demo

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
)

// What the people of a simulated house do next follows from what they see, the time, and
// luck that depends on nothing but the id of a ticket or a doctor. So a simulation takes
// what it finds: people may press the same buttons at any time.

// deed is what somebody in the house does.
type deed string

const (
	rest           deed = ""
	callNext       deed = "panggil"
	serve          deed = "mulai"
	skip           deed = "lewati"
	register       deed = "daftar" // the desk gives a number at a poli
	finish         deed = "selesai"
	sendToHospital deed = "rujuk"
	sendToLab      deed = "ke lab"
	sendBack       deed = "kembali ke poli"
	sendToPharmacy deed = "ke farmasi"
	assess         deed = "pengkajian"
	letFirst       deed = "prioritas"
	isEmergency    deed = "gawat darurat"
)

const (
	tidyUp    = 30 * time.Second // between two patients of a room
	hearing   = time.Minute      // before who does not answer is skipped
	callAgain = 4 * time.Minute  // when nobody waits but who did not answer
	never     = math.MaxInt
)

// fate is what will become of a ticket at a counter. Nobody in the house knows it.
type fate struct {
	deaf   int           // calls that are not answered
	walks  time.Duration // from the call to the room
	lasts  time.Duration
	onward float64 // of 1
}

// fateOf is the fate of a ticket where a service lasts pace on average.
func fateOf(t epuskesmas.Ticket, pace time.Duration) (f fate) {
	r := rand.New(rand.NewPCG(uint64(t.ID), 1))
	switch luck := r.Float64(); {
	case luck < 0.02:
		f.deaf = never
	case luck < 0.06:
		f.deaf = 1
	}
	f.walks = time.Duration(15+r.IntN(40)) * time.Second
	f.lasts = spread(r, pace, 0.5)
	f.onward = r.Float64()
	return f
}

// spread is a time around a mean: lognormal, with the deviation of its logarithm.
func spread(r *rand.Rand, mean time.Duration, deviation float64) time.Duration {
	return time.Duration(float64(mean) * math.Exp(deviation*r.NormFloat64()-deviation*deviation/2))
}

// pace is how long a service lasts on average: a session's patients fill three quarters of
// its time.
func pace(p epuskesmas.Poli, s epuskesmas.Session) time.Duration {
	switch p.Kind {
	case epuskesmas.KindDesk:
		return 90 * time.Second
	case epuskesmas.KindLab:
		return 6 * time.Minute
	case epuskesmas.KindPharmacy:
		return 3 * time.Minute
	}
	if s.All == 0 {
		return 10 * time.Minute
	}
	each := s.EndsAt.Sub(s.StartsAt) * time.Duration(max(1, len(s.Doctors))) * 3 / 4 / time.Duration(s.All)
	return min(max(each, 4*time.Minute), 20*time.Minute)
}

// room is a counter as whoever works there sees it.
type room struct {
	kind    epuskesmas.PoliKind
	pace    time.Duration
	staffed bool                // somebody is here to call
	now     *epuskesmas.Ticket  // called or served; nil: nobody
	freed   time.Time           // when the one before left; zero: a while ago
	waiting []epuskesmas.Ticket // for any room of the poli
	tested  bool                // now has been to the laboratory
}

// next is what a room does at a moment.
func (r room) next(at time.Time) deed {
	t := r.now
	if t == nil {
		worthIt := func(t epuskesmas.Ticket) bool { return t.Calls == 0 || at.Sub(t.StatusAt) >= callAgain }
		if r.staffed && at.Sub(r.freed) >= tidyUp && slices.ContainsFunc(r.waiting, worthIt) {
			return callNext
		}
		return rest
	}
	f, since := fateOf(*t, r.pace), at.Sub(t.StatusAt)
	switch {
	case t.Status == epuskesmas.Called && t.Calls < f.deaf:
		if since >= hearing {
			return skip
		}
	case t.Status == epuskesmas.Called && since >= f.walks:
		return serve
	case t.Status == epuskesmas.Serving && since >= f.lasts:
		return r.ending(f)
	}
	return rest
}

// ending is where a patient goes from here: most to the pharmacy, some to the laboratory
// and back, some home.
func (r room) ending(f fate) deed {
	switch {
	case r.kind == epuskesmas.KindDesk:
		return register
	case r.kind == epuskesmas.KindLab:
		return sendBack
	case r.kind != epuskesmas.KindClinic || f.onward < 0.15:
		return finish
	case f.onward < 0.18:
		return sendToHospital
	case f.onward < 0.30 && !r.tested:
		return sendToLab
	}
	return sendToPharmacy
}

// triage is what the nurse does with somebody who waits for a doctor.
func triage(t epuskesmas.Ticket, at time.Time) deed {
	if t.Status != epuskesmas.Waiting || t.AssessedAt != nil || t.HereAt == nil || at.Sub(*t.HereAt) < 3*time.Minute {
		return rest
	}
	if t.Class == estimate.Regular {
		switch luck := rand.New(rand.NewPCG(uint64(t.ID), 2)).Float64(); {
		case luck < 0.01 && fateOf(t, 0).deaf == 0: // they are looked after, and there when called
			return isEmergency
		case luck < 0.06:
			return letFirst
		}
	}
	return assess
}

// ownPause is the reason that the simulation gives; it ends no other pause.
const ownPause = "Istirahat sebentar"

// attend is what a doctor of a session reports at a moment; "" for nothing. Who serves
// somebody does not pause.
func attend(d epuskesmas.Duty, s epuskesmas.Session, busy bool, at time.Time) (action epuskesmas.DutyAction, reason string) {
	r := rand.New(rand.NewPCG(uint64(s.ID), uint64(d.DoctorID)))
	comes := s.StartsAt.Add(spread(r, 8*time.Minute, 0.6))
	pauses := s.StartsAt.Add(time.Duration(60+r.IntN(120)) * time.Minute)
	if r.IntN(3) > 0 {
		pauses = s.EndsAt
	}
	goesOn := pauses.Add(time.Duration(8+r.IntN(8)) * time.Minute)
	switch {
	case d.Status == "terjadwal" && !at.Before(comes):
		return epuskesmas.DutyHere, ""
	case d.Status == "hadir" && !busy && !at.Before(pauses) && at.Before(goesOn) && goesOn.Before(s.EndsAt):
		return epuskesmas.DutyPause, ownPause
	case d.Status == "jeda" && d.Reason == ownPause && !at.Before(goesOn):
		return epuskesmas.DutyResume, ""
	}
	return "", ""
}

// arrival is what the owner of a booked ticket does, and when.
type arrival struct {
	at      time.Time
	cancels bool
}

// arrives says when somebody with a booked ticket comes, as seen at a moment: around their
// turn. ok is false for who never does.
func arrives(t epuskesmas.Ticket, s epuskesmas.Session, now time.Time) (a arrival, ok bool) {
	r := rand.New(rand.NewPCG(uint64(t.ID), 3))
	luck := r.IntN(100)
	turn := s.StartsAt.Add(s.EndsAt.Sub(s.StartsAt) * time.Duration(t.Number) / time.Duration(max(s.All, t.Number)))
	a.at = turn.Add(time.Duration((r.NormFloat64()*15 - 25) * float64(time.Minute)))
	for _, earliest := range []time.Time{s.StartsAt.Add(-time.Hour), now} {
		if a.at.Before(earliest) {
			a.at = earliest.Add(time.Duration(r.IntN(15*60)) * time.Second)
		}
	}
	a.cancels = luck < 4
	return a, luck < 4 || luck >= 12
}

// walkIns are the moments at which people without a booking come to a session, early ones
// more than late ones.
func walkIns(s epuskesmas.Session) (at []time.Time) {
	r := rand.New(rand.NewPCG(uint64(s.PoliID), uint64(s.StartsAt.Unix())))
	begins := s.StartsAt.Add(-45 * time.Minute)
	span := float64(s.EndsAt.Add(-30 * time.Minute).Sub(begins))
	for range (s.All - s.Online) * 9 / 10 {
		at = append(at, begins.Add(time.Duration(math.Pow(r.Float64(), 1.5)*span)))
	}
	return at
}

// destination is the poli that somebody at the desk wants, the likelier the more places
// are left there. ok is false when none is.
func destination(ticketID int64, places map[int64]int, polis []epuskesmas.Poli) (poliID int64, ok bool) {
	all := 0
	for _, n := range places {
		all += n
	}
	if all == 0 {
		return 0, false
	}
	at := rand.New(rand.NewPCG(uint64(ticketID), 4)).IntN(all)
	for _, p := range polis {
		if at -= places[p.ID]; at < 0 {
			return p.ID, true
		}
	}
	return 0, false
}

// opening is the moment at which a simulated day begins: now, if a session still has an
// hour to go, else half an hour before the next one.
func opening(sessions []epuskesmas.Session, now time.Time) (begins time.Time, ok bool) {
	const atLeast, before = time.Hour, 30 * time.Minute
	for _, s := range sessions {
		at := s.StartsAt.Add(-before)
		switch {
		case s.Status == epuskesmas.Over || s.EndsAt.Sub(now) < atLeast:
			continue
		case at.Before(now):
			at = now
		}
		if !ok || at.Before(begins) {
			begins, ok = at, true
		}
	}
	return begins, ok
}
