package bpjs

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

const maxWords = 200 // of a complaint or a reason

// practice is the doctor and the hours that V2 asks for.
type practice struct {
	doctor int
	hours  string
}

// practice reads them. At the bare address a request without both is V1's; v is the
// catalogue that the address names, 0 for none.
func (r TakeRequest) practice(v int) (*practice, error) {
	if v == 1 || v == 0 && r.Doctor == nil && r.Hours == nil {
		return nil, nil
	}
	var doctor, hours Word
	if r.Doctor != nil {
		doctor = *r.Doctor
	}
	if r.Hours != nil {
		hours = *r.Hours
	}
	switch {
	case doctor == "" || doctor == "0":
		return nil, refuse(sayNoDoctor)
	case hours == "":
		return nil, refuse(sayNoHours)
	}
	n, err := strconv.ParseInt(string(doctor), 10, 32)
	if err != nil || n < 0 {
		return nil, refuse(sayDoctorForm)
	}
	from, to, ok := strings.Cut(string(hours), "-")
	starts, err1 := time.Parse("15:04", strings.TrimSpace(from))
	ends, err2 := time.Parse("15:04", strings.TrimSpace(to))
	if !ok || err1 != nil || err2 != nil {
		return nil, refuse(sayHoursForm)
	}
	return &practice{int(n), starts.Format("15:04") + "-" + ends.Format("15:04")}, nil
}

// hoursOf are a session's as BPJS writes them: 08:00-12:00.
func hoursOf(s epuskesmas.DaySession) string {
	return s.StartsAt.In(clock.Makassar).Format("15:04") + "-" + s.EndsAt.In(clock.Makassar).Format("15:04")
}

// doctorOf is the id of the doctor with a code in a session, 0 when not on duty.
func doctorOf(s epuskesmas.DaySession, code int) int64 {
	for _, d := range s.Duty {
		if d.BPJSCode != nil && *d.BPJSCode == code {
			return d.DoctorID
		}
	}
	return 0
}

// Take gives a patient a number. version is the catalogue that the address names, 0 at
// the bare one.
func (s *Service) Take(ctx context.Context, c Caller, version int, r TakeRequest) (_ any, err error) {
	defer errs.In(&err, "bpjs.Take")
	if err := firstOf(checkCard(r.Card), checkNIK(r.NIK)); err != nil {
		return nil, err
	}
	if r.Poli == "" {
		return nil, refuse(sayNoPoli)
	}
	day, err := s.checkDay(r.Day)
	if err != nil {
		return nil, err
	}
	want, err := r.practice(version)
	if err != nil {
		return nil, err
	}
	polis, err := s.clinics(ctx, c, r.Poli)
	if err != nil {
		return nil, err
	}
	open, err := s.open(ctx, polis, day, want)
	if err != nil {
		return nil, err
	}
	patient, err := s.Queue.FindInsured(ctx, c.UnitID, insured(r))
	if err != nil && errs.KindOf(err) == errs.NotFound {
		return nil, &Refusal{CodeNewPatient, sayNew}
	}
	if err != nil {
		return nil, err
	}
	if twice, err := s.Queue.HasNumber(ctx, patient, polis, day); err != nil || twice {
		return nil, firstOf(err, refuse(sayTwice))
	}
	t, err := s.book(ctx, c, r, want, open, patient)
	if err != nil {
		return nil, err
	}
	answer := TakenV2{t.Code, t.Number, t.PoliName, strconv.Itoa(t.Ahead), t.LastCall, s.words(t)}
	if want == nil {
		return TakenV1{answer.Code, strconv.Itoa(t.Number), answer.Poli, answer.Ahead, answer.LastCall, answer.Words}, nil
	}
	return answer, nil
}

func insured(r TakeRequest) epuskesmas.Insured {
	p := epuskesmas.Insured{Card: string(r.Card), NIK: string(r.NIK)}
	if phone, ok := authn.ParseContact(string(r.Phone)); ok {
		p.Phone = phone.Phone
	}
	return p
}

// open lists the sessions of a day that somebody may still take a number of.
func (s *Service) open(ctx context.Context, polis []epuskesmas.Poli, day time.Time, want *practice) ([]epuskesmas.DaySession, error) {
	all, err := s.Queue.SessionsOn(ctx, polis, day)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, refuse(sayClosed)
	}
	if want != nil {
		all = slices.DeleteFunc(all, func(o epuskesmas.DaySession) bool { return hoursOf(o) != want.hours || doctorOf(o, want.doctor) == 0 })
		if len(all) == 0 {
			return nil, refuse(sayNoPractice)
		}
	}
	now, last := s.Clock.Now(), all[len(all)-1]
	for _, o := range all {
		if o.EndsAt.After(last.EndsAt) {
			last = o
		}
	}
	open := slices.DeleteFunc(all, func(o epuskesmas.DaySession) bool { return o.Status == epuskesmas.Over || !now.Before(o.EndsAt) })
	if len(open) == 0 {
		name := strings.TrimPrefix(last.PoliName, "Poli ")
		return nil, refuse("Pendaftaran Ke Poli " + name + " Sudah Tutup Jam " + last.EndsAt.In(clock.Makassar).Format(time.TimeOnly))
	}
	return open, nil
}

// book takes a number in the first session with a place.
func (s *Service) book(ctx context.Context, c Caller, r TakeRequest, want *practice, open []epuskesmas.DaySession, patient int64) (t epuskesmas.Standing, err error) {
	complaint := []rune(string(r.Complaint))
	for _, o := range open {
		b := epuskesmas.Booking{
			PoliID: o.PoliID, StartsAt: o.StartsAt, PatientID: patient, BPJS: string(r.Card), Payer: epuskesmas.JKN, Origin: epuskesmas.OriginBPJS,
			Complaint: string(complaint[:min(len(complaint), maxWords)]),
		}
		if want != nil {
			b.DoctorID = doctorOf(o, want.doctor)
		}
		booked, err := s.Queue.Book(ctx, machine(), b)
		switch {
		case err == nil:
			return s.Queue.Standing(ctx, c.UnitID, booked.Ticket.ID)
		case epuskesmas.IsSecond(err):
			return t, refuse(sayTwice)
		case errs.KindOf(err) == errs.Unprocessable: // closed just now
			return t, refuse(sayClosed)
		case !epuskesmas.IsFull(err):
			return t, err
		}
	}
	return t, refuse(sayFull)
}

// Remaining says where the number of a card stands.
func (s *Service) Remaining(ctx context.Context, c Caller, card, poli, on Word) (_ any, err error) {
	defer errs.In(&err, "bpjs.Remaining")
	polis, day, err := s.place(ctx, c, card, poli, on)
	if err != nil {
		return nil, err
	}
	t, err := s.ticket(ctx, c, card, polis, day)
	if err != nil {
		return nil, err
	}
	if t.Status == epuskesmas.Cancelled {
		return nil, refuse(sayCancelled)
	}
	return Standing{t.Code, t.PoliName, strconv.Itoa(t.Ahead), t.LastCall, s.words(t)}, nil
}

// place is where and when a card is said to have a number.
func (s *Service) place(ctx context.Context, c Caller, card, poli, on Word) (polis []epuskesmas.Poli, day time.Time, err error) {
	if err := checkCard(card); err != nil {
		return nil, day, err
	}
	if poli == "" {
		return nil, day, refuse(sayNoPoli)
	}
	if day, err = s.checkDay(on); err != nil {
		return nil, day, err
	}
	polis, err = s.clinics(ctx, c, poli)
	return polis, day, err
}

func (s *Service) ticket(ctx context.Context, c Caller, card Word, polis []epuskesmas.Poli, day time.Time) (epuskesmas.Standing, error) {
	t, err := s.Queue.InsuredTicket(ctx, c.UnitID, string(card), polis, day)
	if err != nil && errs.KindOf(err) == errs.NotFound {
		err = refuse(sayNoTicket)
	}
	return t, err
}

// Cancel gives a number up. A request without the reason is V1's, unless the address
// names V2.
func (s *Service) Cancel(ctx context.Context, c Caller, version int, r CancelRequest) (err error) {
	defer errs.In(&err, "bpjs.Cancel")
	polis, day, err := s.place(ctx, c, r.Card, r.Poli, r.Day)
	if err != nil {
		return err
	}
	reason := Word("Dibatalkan lewat Mobile JKN")
	switch {
	case version == 1 || version == 0 && r.Reason == nil:
	case r.Reason == nil || *r.Reason == "":
		return refuse(sayNoReason)
	default:
		reason = *r.Reason
	}
	t, err := s.ticket(ctx, c, r.Card, polis, day)
	if err != nil {
		return err
	}
	words := []rune(string(reason))
	for range 3 { // the queue may move meanwhile
		switch t.Status {
		case epuskesmas.Cancelled:
			return refuse(sayCancelled)
		case epuskesmas.NoShow:
			return refuse(sayMissed)
		case epuskesmas.Booked, epuskesmas.Waiting:
		default:
			return refuse(sayServed)
		}
		if err = s.Queue.CancelFor(ctx, machine(), t, string(words[:min(len(words), maxWords)])); err == nil || errs.KindOf(err) != errs.Conflict {
			return err
		}
		again, failed := s.Queue.Standing(ctx, c.UnitID, t.ID)
		if failed != nil {
			return failed
		}
		t = again
	}
	return err
}

// Enter makes a new patient.
func (s *Service) Enter(ctx context.Context, c Caller, r PatientRequest) (err error) {
	defer errs.In(&err, "bpjs.Enter")
	if err := firstOf(checkCard(r.Card), checkNIK(r.NIK)); err != nil {
		return err
	}
	switch {
	case r.Name == "":
		return refuse(sayNoName)
	case r.Sex == "":
		return refuse(sayNoSex)
	case r.Sex != "L" && r.Sex != "P":
		return refuse(saySexForm)
	case r.Born == "":
		return refuse(sayNoBirth)
	}
	born, err := time.ParseInLocation(time.DateOnly, string(r.Born), clock.Makassar)
	if err != nil {
		return refuse(sayBirthForm)
	}
	err = s.Queue.EnterInsured(ctx, machine(), c.UnitID, epuskesmas.Insured{
		Card: string(r.Card), NIK: string(r.NIK), Name: string(r.Name), BirthDate: born, Female: r.Sex == "P",
	})
	if wrong := errs.FieldsOf(err); len(wrong) > 0 {
		return refuse(wrong[0].Message)
	}
	if err != nil && errs.KindOf(err) == errs.Conflict {
		return refuse(sayKnown)
	}
	return err
}
