package demo

import (
	"context"
	"encoding/csv"
	"fmt"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/kuciniki/evidence/sample"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
	"makassartidakrantasa.com/portal/internal/portal"
)

// The offices in which people work whose year is in the work ledger alone: nobody signs in as
// one of them, and no letter lies behind their steps.
var bystanderUnits = []string{"DPU", "DISHUB", "DLH", "SATPOL", "BPBD", "PDAM", "DINSOS", "DINKES", "DISDIK", "DUKCAPIL", "DTR", "BAPPEDA"}

// bystanderTitles are the desks of such an office: who leads, the three sections, the others.
var bystanderTitles = []string{
	"Sekretaris", "Kepala Subbagian Umum dan Kepegawaian", "Kepala Subbagian Keuangan", "Kepala Subbagian Perencanaan dan Pelaporan",
	"Analis Kebijakan", "Analis Kepegawaian", "Analis Anggaran", "Perencana Ahli Muda", "Pengelola Keuangan", "Bendahara Pengeluaran", "Pengelola Barang Milik Daerah", "Arsiparis Pelaksana",
	"Pranata Komputer", "Pengelola Data", "Pengelola Kepegawaian", "Pengelola Pengadaan", "Penyusun Laporan", "Penyusun Program", "Verifikator Keuangan", "Pengadministrasi Umum",
	"Pengadministrasi Persuratan", "Pengelola Sarana dan Prasarana", "Pengelola Kehumasan", "Pengawas Lapangan", "Penelaah Teknis",
}

// firstBygone is above the number of any letter, order or report of the story.
const firstBygone = 10_000_000

// bygoneYear hires 300 people in twelve offices and puts a share of their year until end into
// the work ledger, with a few in it who play with the figures; then it seals the ledger and
// makes the sums, and looks for patterns. Chronicles of the same share are the same.
func bygoneYear(ctx context.Context, d Deps, by authz.Actor, since, end time.Time, share float64) (err error) {
	defer errs.In(&err, "demo.bygoneYear")
	offices, err := hireBystanders(ctx, d, by, since)
	if err != nil {
		return err
	}
	days := max(20, int(365*share))
	events, _ := sample.Year(2022, offices, end.AddDate(0, 0, -days), end, firstBygone, true)
	seats := map[int64]int64{}
	for _, office := range offices {
		for _, p := range office {
			seats[p.PersonID] = p.OccupancyID
		}
	}
	steps := make([]workledger.Past, len(events))
	for i, e := range events {
		steps[i] = pastOf(e, seats[e.PersonID])
	}
	if err := workledger.Tell(ctx, d.DB, steps); err != nil {
		return err
	}
	if err := (&audit.Sealer{Pool: d.DB, Box: d.Box}).Seal(ctx); err != nil {
		return err
	}
	m := evidence.New(evidence.Deps{DB: d.DB, Clock: clock.NewFake(end)})
	if _, err := m.Fold(ctx); err != nil {
		return err
	}
	if err := m.Freeze(ctx); err != nil {
		return err
	}
	// Found a while ago, so that whom they are about has had time to see them.
	_, err = evidence.New(evidence.Deps{DB: d.DB, Clock: clock.NewFake(end.AddDate(0, 0, -8))}).Look(ctx)
	return err
}

func pastOf(e evidence.Event, seat int64) workledger.Past {
	return workledger.Past{At: e.At, Event: workledger.Event{
		Actor: authz.Actor{PersonID: e.PersonID}, Position: authz.Position{ID: e.PositionID, OccupancyID: seat}, UnitID: e.UnitID, Module: e.Module, Kind: e.Kind,
		Object: e.Object, ObjectID: e.ObjectID, ThreadID: e.ThreadID, HolderID: e.HolderID, Outcome: e.Outcome, StartedAt: e.StartedAt, DueAt: e.DueAt, NextDueAt: e.NextDueAt,
		WorkingMinutes: e.WorkingMinutes, Strata: e.Strata,
	}}
}

// hireBystanders brings in the staff of the offices as BKPSDM would, from a file; each office
// comes back in the order of [bystanderTitles].
func hireBystanders(ctx context.Context, d Deps, by authz.Actor, since time.Time) ([][]sample.Person, error) {
	var file strings.Builder
	w := csv.NewWriter(&file)
	write := func(cells ...string) { _ = w.Write(cells) } // into memory; Error tells
	write("nip", "nama", "status", "jabatan", "unit", "tmt", "atasan", "jenis jabatan")
	for i, code := range bystanderUnits {
		unit, err := org.UnitByCode(ctx, d.DB, code)
		if err != nil {
			return nil, err
		}
		posts, err := org.PositionsIn(ctx, d.DB, unit.ID, since)
		if err != nil {
			return nil, err
		}
		desk := func(j int) string { return bystanderTitles[j] + " " + unit.ShortName }
		for j := range bystanderTitles {
			n := i*len(bystanderTitles) + j
			name := givenNames[(n*5+i)%len(givenNames)] + " " + familyNames[(n*7+j)%len(familyNames)]
			above, kind := desk(1+j%3), org.PositionClerk
			switch {
			case j == 0:
				above, kind = posts[0].Title, org.PositionSecretary // the head comes first
			case j < 4:
				above, kind = desk(0), org.PositionStructural
			}
			write(bystanderNumber(n), name, org.EmploymentPNS, desk(j), code, since.Format("02-01-2006"), above, kind)
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return nil, err
	}
	rep, err := org.ImportStaff(ctx, d.DB, by, since, strings.NewReader(file.String()), portal.Leaving(by, since), true)
	if err != nil {
		return nil, err
	}
	if !rep.Applied {
		return nil, fmt.Errorf("the staff were not taken in: %+v", rep.Problems)
	}
	numbers := make([]string, len(bystanderUnits)*len(bystanderTitles))
	for n := range numbers {
		numbers[n] = bystanderNumber(n)
	}
	people, err := pg.Many[sample.Person](ctx, d.DB, sqlBystanders, numbers, since)
	if err != nil || len(people) != len(numbers) {
		return nil, fmt.Errorf("%d of %d people are there: %w", len(people), len(numbers), err)
	}
	var offices [][]sample.Person
	for len(people) > 0 {
		offices = append(offices, people[:len(bystanderTitles)])
		people = people[len(bystanderTitles):]
	}
	return offices, nil
}

// bystanderNumber is a NIP: born, hired, sex, and a number that no account of the demo has.
func bystanderNumber(n int) string {
	return fmt.Sprintf("19%02d%02d%02d2012%02d%d%03d", 70+n%25, 1+n%12, 1+n%28, 1+n%12, 1+n%2, 1+n)
}

const sqlBystanders = `
SELECT n.id AS person_id, o.position_id, o.id AS occupancy_id, p.unit_id
FROM unnest($1::text[]) WITH ORDINALITY AS w (number, at) JOIN org_person n ON n.staff_number = w.number
JOIN org_occupancy o ON o.person_id = n.id AND o.during @> $2::timestamptz JOIN org_position p ON p.id = o.position_id
ORDER BY w.at`
