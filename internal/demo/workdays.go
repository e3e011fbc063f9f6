package demo

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// logged is who writes down what leaves no trace, who saw it, and what it was.
var logged = []struct {
	who, witness string
	every        int // so many working days
	minutes      int
	what         []string
}{
	{"petugas.dpu", "kadis", 1, 180, []string{"Mengangkat sedimen saluran bersama tim di lapangan.", "Memeriksa alat berat sebelum dipakai dan mencatat kerusakannya.", "Memasang rambu pengaman di lokasi galian."}},
	{"konseptor", "teknik", 3, 90, []string{"Mendampingi rapat teknis dan menyiapkan bahannya.", "Menata arsip gambar rencana drainase.", "Melatih rekan menyusun surat di e-Office."}},
	{"operator", "sekretaris", 3, 60, []string{"Menjelaskan syarat surat kepada warga di loket.", "Merapikan ruang tunggu dan papan informasi.", "Mengantar surat undangan kepada para ketua RT."}},
}

// attended is how many months people have a file of attendance and a log.
const attended = 6

// workdays tells when people came to work, and what they wrote in their logs.
type workdays struct {
	m       *kuciniki.Module
	watch   *clock.Fake
	cast    players
	cal     *calendar.Calendar
	numbers map[int64]string // NIP by person
}

const sqlNumbers = `SELECT id, staff_number FROM org_person WHERE id = ANY ($1::bigint[]) AND employment <> 'non_asn' AND staff_number <> ''`

func newWorkdays(ctx context.Context, d Deps, m *kuciniki.Module, watch *clock.Fake, cast players, cal *calendar.Calendar) (w *workdays, err error) {
	w = &workdays{m: m, watch: watch, cast: cast, cal: cal}
	var ids []int64
	for _, a := range cast {
		ids = append(ids, a.PersonID)
	}
	w.numbers, err = pg.Map[int64, string](ctx, d.DB, sqlNumbers, ids)
	return w, err
}

// tell tells a month, or the part of it that is before end.
func (w *workdays) tell(ctx context.Context, month, end time.Time) error {
	var days []time.Time
	for d := month; d.Month() == month.Month() && d.Before(midnight(end)); d = d.AddDate(0, 0, 1) {
		if w.cal.IsWorkingDay(d.Add(12 * time.Hour)) {
			days = append(days, d)
		}
	}
	if len(days) == 0 {
		return nil
	}
	for i, day := range days {
		w.watch.Set(day.Add(16 * time.Hour))
		for _, l := range logged {
			if i%l.every > 0 {
				continue
			}
			if err := w.m.Log(ctx, w.cast[l.who], day, l.minutes+15*(i%4), l.what[i/l.every%len(l.what)], w.cast[l.witness].PersonID, "kisah-"+day.Format(time.DateOnly)); err != nil {
				return fmt.Errorf("%s logs %s: %w", l.who, day.Format(time.DateOnly), err)
			}
		}
	}
	w.watch.Set(days[len(days)-1].Add(17 * time.Hour))
	for _, l := range logged {
		_, asked, err := w.m.Logs(ctx, w.cast[l.witness])
		if err != nil {
			return err
		}
		for _, e := range asked {
			if err := w.m.Witness(ctx, w.cast[l.witness], e.ID, e.ID%9 > 0); err != nil {
				return err
			}
		}
	}
	return w.load(ctx, days)
}

// load gives BKPSDM the file of the machines.
func (w *workdays) load(ctx context.Context, days []time.Time) error {
	var file strings.Builder
	file.WriteString(strings.Join(kuciniki.AttendanceColumns, ",") + "\n")
	for _, person := range slices.Sorted(maps.Keys(w.numbers)) {
		for _, day := range days {
			came, went := "", ""
			if n := int(person)*7 + day.YearDay()*5; !stayedAway(person, day) {
				came, went = fmt.Sprintf("07:%02d", 5+n%40), fmt.Sprintf("16:%02d", n%35)
			}
			fmt.Fprintf(&file, "%s,%s,%s,%s\n", w.numbers[person], day.Format(time.DateOnly), came, went)
		}
	}
	im, err := w.m.ImportAttendance(ctx, w.cast["bkpsdm"], strings.NewReader(file.String()), int64(file.Len()), true)
	if err == nil && im.Wrong > 0 {
		err = fmt.Errorf("the attendance was not taken in: %+v", im.Problems)
	}
	return err
}

// stayedAway tells whether somebody did not come on a working day.
func stayedAway(person int64, day time.Time) bool { return (int(person)*11+day.YearDay()*3)%31 == 0 }

// officeLetters are the letters that justify absence.
type officeLetters struct{ *eoffice.Module }

func (o officeLetters) Letter(ctx context.Context, number string) (kuciniki.Letter, error) {
	s, err := o.Standing(ctx, number)
	return kuciniki.Letter(s), err
}

func (o officeLetters) Revoked(ctx context.Context, ids []int64) (map[int64]time.Time, error) {
	return o.RevokedOf(ctx, ids)
}

const sqlInvitation = `SELECT letter_number FROM eoffice_letter WHERE kind_code = 'UND' AND status = 'terkirim' AND secrecy = 'B' AND signed_at < $1 ORDER BY signed_at DESC LIMIT 1`

// excuse has BKPSDM note letters of the story for days on which some were elsewhere.
func excuse(ctx context.Context, d Deps, cast players, cal *calendar.Calendar, end time.Time) error {
	watch := clock.NewFake(end)
	m := kuciniki.New(kuciniki.Deps{DB: d.DB, Clock: watch, Box: d.Box, Letters: officeLetters{eoffice.New(eoffice.Deps{DB: d.DB, Clock: watch, Box: d.Box})}})
	absent := []authz.Actor{cast["kabid"], cast["petugas.dpu"], cast["operator"]}
	w, err := newWorkdays(ctx, d, m, watch, cast, cal)
	if err != nil {
		return err
	}
	for _, who := range absent {
		for day := midnight(end).AddDate(0, 0, -1); day.After(end.AddDate(0, -2, 0)); day = day.AddDate(0, 0, -1) {
			if !stayedAway(who.PersonID, day) || !cal.IsWorkingDay(day.Add(12*time.Hour)) {
				continue
			}
			number, err := pg.Scalar[string](ctx, d.DB, sqlInvitation, day)
			if errs.KindOf(err) == errs.NotFound && err != nil {
				break // none was sent as early as that
			}
			if err == nil {
				err = m.AddLeave(ctx, cast["bkpsdm"], kuciniki.Leave{StaffNumber: w.numbers[who.PersonID], First: day, Last: day, Kind: "tugas", Number: number})
			}
			if err != nil {
				return fmt.Errorf("%s is excused: %w", who.Name, err)
			}
		}
	}
	return nil
}
