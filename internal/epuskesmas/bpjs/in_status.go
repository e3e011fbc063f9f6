package bpjs

import (
	"context"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// Status says how the queues of a poli stand on a day: of the poli as a whole in V1, by
// doctor and practice in V2. version is the catalogue that the address names, 0 at the
// bare one.
func (s *Service) Status(ctx context.Context, c Caller, version int, poli, on Word) (_ any, err error) {
	defer errs.In(&err, "bpjs.Status")
	if poli == "" {
		return nil, refuse(sayNoPoli)
	}
	day, err := s.checkDay(on)
	if err != nil {
		return nil, err
	}
	polis, err := s.clinics(ctx, c, poli)
	if err != nil {
		return nil, err
	}
	list, err := s.Queue.SessionsOn(ctx, polis, day)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, refuse(sayClosed)
	}
	if version == 0 {
		version = c.Version
	}
	if version == 1 {
		return s.statusV1(ctx, list)
	}
	return s.statusV2(ctx, list)
}

func (s *Service) statusV1(ctx context.Context, list []epuskesmas.DaySession) (any, error) {
	var given, waiting int
	var called time.Time
	out := StatusV1{Poli: list[0].PoliName}
	for _, o := range list {
		given, waiting = given+o.Given, waiting+o.Waiting
		if o.CalledAt != nil && !o.CalledAt.Before(called) {
			called, out.LastCall = *o.CalledAt, o.LastCall
		}
		if out.Words == "" {
			words, err := s.newcomer(ctx, o)
			if err != nil {
				return nil, err
			}
			out.Words = words
		}
	}
	out.Given, out.Waiting = strconv.Itoa(given), strconv.Itoa(waiting)
	return out, nil
}

// statusV2 leaves out doctors whom BPJS has no code of: nobody could ask for them.
func (s *Service) statusV2(ctx context.Context, list []epuskesmas.DaySession) (any, error) {
	var out []StatusV2
	for _, o := range list {
		words, err := s.newcomer(ctx, o)
		if err != nil {
			return nil, err
		}
		for _, d := range o.Duty {
			if d.BPJSCode != nil {
				out = append(out, StatusV2{o.PoliName, strconv.Itoa(o.Given), o.Waiting, o.LastCall, words, *d.BPJSCode, d.Name, hoursOf(o)})
			}
		}
	}
	if len(out) == 0 {
		return nil, refuse(sayNoPractice)
	}
	return out, nil
}

// newcomer is when somebody who takes a number now would be served, "" when none is left.
func (s *Service) newcomer(ctx context.Context, o epuskesmas.DaySession) (string, error) {
	if o.Left(true, epuskesmas.JKN, s.Clock.Now()) == 0 {
		return "", nil
	}
	p, err := s.Queue.Expect(ctx, o.Session)
	if err != nil {
		return "", err
	}
	return "Bila mengambil antrean sekarang, perkiraan dilayani " + turn(p) + ".", nil
}

// turn is a promise's time with its range: "09.40 WITA (09.20–10.05)".
func turn(p epuskesmas.Promise) string {
	from, likely, to := p.Rounded()
	return indo.Clock(likely) + " WITA (" + indo.Clock(from) + "–" + indo.Clock(to) + ")"
}

// words tell a patient when to come.
func (s *Service) words(t epuskesmas.Standing) string {
	switch {
	case t.Promise != nil:
		by := t.Promise.ComeBy()
		if !by.After(s.Clock.Now()) {
			return "Perkiraan dilayani " + turn(*t.Promise) + ". Harap segera hadir."
		}
		return "Perkiraan dilayani " + turn(*t.Promise) + ". Hadir paling lambat " + indo.Clock(by) + "."
	case t.Status == epuskesmas.Called:
		return "Nomor ini sedang dipanggil."
	case t.Status == epuskesmas.Serving:
		return "Nomor ini sedang dilayani."
	case t.Status == epuskesmas.NoShow:
		return "Nomor ini terlewat. Hubungi loket, atau ambil antrean kembali."
	case !t.Status.Active():
		return "Nomor ini sudah selesai dilayani."
	}
	return "Apabila antrean terlewat harap mengambil antrean kembali."
}
