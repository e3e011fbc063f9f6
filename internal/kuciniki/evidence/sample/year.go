// Package sample makes up a year of a work ledger: offices that write letters, give orders
// and answer reports, and, when asked, a few people who play with the figures. The demo
// shows it, and tests look for what is hidden in it. Nobody in it exists.
package sample

import (
	"math/rand/v2"
	"time"

	"makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/platform/clock"
)

// Person is somebody at a desk of an office.
type Person struct{ PersonID, PositionID, OccupancyID, UnitID int64 }

// Hidden is a pattern with who plays it.
type Hidden struct {
	Pattern  evidence.Pattern
	PersonID int64
}

// year is a ledger under way.
type year struct {
	*rand.Rand
	offices [][]Person
	events  []evidence.Event
	object  int64
}

// kinds of letters, each as often as it stands there.
var kinds = []string{"SD", "SD", "ND", "ND", "UND", "ST"}

// Year is the ledger of the offices from begin until before end, in no order, with objects
// numbered from first. Each office has at least eight people, its head first, then three who
// head sections. Where planted, the patterns are in it that hidden names.
func Year(seed uint64, offices [][]Person, begin, end time.Time, first int64, planted bool) (events []evidence.Event, hidden []Hidden) {
	y := &year{Rand: rand.New(rand.NewPCG(seed, 2022)), offices: offices, object: first}
	for day := begin; day.Before(end); day = day.AddDate(0, 0, 1) {
		local := day.In(clock.Makassar)
		if wd := local.Weekday(); wd == time.Saturday || wd == time.Sunday {
			continue
		}
		morning := time.Date(local.Year(), local.Month(), local.Day(), 8, 0, 0, 0, clock.Makassar)
		for i, office := range offices {
			drafter := office[4+y.IntN(len(office)-4)]
			y.letter(morning.Add(y.minutes(0, 90)), drafter, office[1+y.IntN(3)], office[0], y.pick(kinds), offices[(i+1+y.IntN(len(offices)-1))%len(offices)][0].UnitID)
			doer := office[4+y.IntN(len(office)-4)]
			at := morning.Add(y.minutes(0, 120))
			y.order(at, office[1+y.IntN(3)], doer, 0.2+0.6*y.Float64(), end.Sub(at) < 28*24*time.Hour && y.Float64() < 0.7)
			if y.Float64() < 0.5 {
				y.report(morning.Add(y.minutes(0, 60)), office[4+y.IntN(len(office)-4)], office[1], y.Float64() < 0.06)
			}
		}
	}
	if planted {
		hidden = y.plant(begin, end)
	}
	kept := y.events[:0]
	for _, e := range y.events {
		if e.At.Before(end) {
			kept = append(kept, e)
		}
	}
	return kept, hidden
}

func (y *year) minutes(from, to int) time.Duration {
	return time.Duration(from+y.IntN(to-from+1)) * time.Minute
}

func (y *year) pick(of []string) string { return of[y.IntN(len(of))] }

// step adds an entry: what somebody did after minutes of working time, with days of time.
func (y *year) step(by Person, at time.Time, kind, object, outcome string, thread, holder int64, since time.Time, minutes, days int, strata map[string]string) {
	module := "eoffice"
	if object == "mtr_report" {
		module = "mtr"
	}
	e := evidence.Event{
		ID: int64(len(y.events) + 1), At: at, Module: module, Kind: kind, Object: object, ObjectID: y.object, Outcome: outcome, PersonID: by.PersonID,
		PositionID: by.PositionID, UnitID: by.UnitID, ThreadID: thread, HolderID: holder, StartedAt: &since, WorkingMinutes: minutes, Strata: strata,
	}
	if days > 0 {
		due := since.AddDate(0, 0, days)
		e.DueAt = &due
		// It was due while it lay there, too.
		if i := len(y.events) - 1; i >= 0 && y.events[i].ObjectID == e.ObjectID && y.events[i].HolderID != 0 {
			y.events[i].NextDueAt = &due
		}
	}
	y.events = append(y.events, e)
}

// letter goes from its drafter past a section to the head, and to another office.
func (y *year) letter(at time.Time, drafter, section, head Person, kind string, to int64) {
	y.object++
	id, strata := y.object, map[string]string{"jenis": kind, "urgensi": "biasa"}
	y.step(drafter, at, "naskah_ajukan", "eoffice_letter", "verifikasi", id, section.PositionID, at, 0, 0, strata)
	read := y.late(at, 15, 240)
	if y.Float64() < 0.12 {
		y.step(section, read, "naskah_kembalikan", "eoffice_letter", "perbaikan", id, drafter.PositionID, at, int(read.Sub(at).Minutes()), 2, strata)
		at = read.Add(y.minutes(20, 60))
		y.step(drafter, at, "naskah_ajukan", "eoffice_letter", "verifikasi", id, section.PositionID, read, int(at.Sub(read).Minutes()), 0, strata)
		read = at.Add(y.minutes(10, 60))
	}
	y.step(section, read, "naskah_paraf", "eoffice_letter", "menunggu_ttd", id, head.PositionID, at, min(900, int(read.Sub(at).Minutes())), 2, strata)
	signed := y.late(read, 10, 200)
	y.step(head, signed, "naskah_ditandatangani", "eoffice_letter", "ditandatangani", id, 0, read, min(900, int(signed.Sub(read).Minutes())), 2, strata)
	sent := signed.Add(y.minutes(5, 40))
	y.step(Person{UnitID: drafter.UnitID}, sent, "naskah_kirim", "eoffice_letter", "terkirim", id, 0, signed, 0, 0, strata)
	y.object++
	y.step(Person{UnitID: to}, sent, "kiriman_sampai", "eoffice_recipient", "diterima", id, 0, sent, 0, 0, map[string]string{"peran": "kepada"})
	head.UnitID = to
	y.step(head, sent.Add(y.minutes(30, 300)), "kiriman_tindak", "eoffice_recipient", "ditindaklanjuti", id, 0, sent, 60+y.IntN(300), 0, map[string]string{"peran": "kepada"})
}

// late is some minutes later, rarely three days.
func (y *year) late(at time.Time, from, to int) time.Time {
	if y.Float64() < 0.05 {
		return at.AddDate(0, 0, 3)
	}
	return at.Add(y.minutes(from, to))
}

// order is given, reported on at a part of its five days, and accepted; or stays open.
func (y *year) order(at time.Time, giver, doer Person, part float64, open bool) {
	y.object++
	strata := map[string]string{"urgensi": "biasa"}
	y.step(giver, at, "disposisi_disposisi", "eoffice_disposition", "dikirim", y.object, doer.PositionID, at, 0, 5, strata)
	y.events[len(y.events)-1].NextDueAt = y.events[len(y.events)-1].DueAt
	if open {
		return
	}
	done := at.Add(time.Duration(part * 5 * 24 * float64(time.Hour)))
	y.step(doer, done, "disposisi_lapor", "eoffice_disposition", "dilaporkan", y.object, giver.PositionID, at, int(part*5*450), 5, strata)
	heard := done.Add(y.minutes(20, 400))
	y.step(giver, heard, "disposisi_terima_laporan", "eoffice_disposition", "selesai", y.object, 0, done, int(heard.Sub(done).Minutes()), 3, strata)
}

// report is worked on, validated, rated and closed, or disputed first.
func (y *year) report(at time.Time, worker, validator Person, disputed bool) {
	y.object++
	strata := map[string]string{"kategori": y.pick([]string{"jalan", "lampu", "sampah"}), "kelas": "lapangan"}
	y.step(Person{UnitID: worker.UnitID}, at, "submit", "mtr_report", "diterima", 0, 0, at, 0, 0, strata)
	start := at.Add(y.minutes(30, 200))
	y.step(worker, start, "start", "mtr_report", "dikerjakan", 0, worker.PositionID, at, int(start.Sub(at).Minutes()), 3, strata)
	days := 7
	for {
		done := start.AddDate(0, 0, 1+y.IntN(5)).Add(y.minutes(0, 120))
		y.step(worker, done, "submit_proof", "mtr_report", "menunggu_validasi", 0, worker.PositionID, start, 450*(1+y.IntN(4)), days, strata)
		valid := done.Add(y.minutes(30, 300))
		y.step(validator, valid, "validate", "mtr_report", "selesai", 0, 0, done, int(valid.Sub(done).Minutes()), 3, strata)
		if !disputed {
			stars := map[string]string{"kategori": strata["kategori"], "kelas": "lapangan", "nilai": []string{"3", "4", "5", "5"}[y.IntN(4)]}
			y.step(Person{UnitID: worker.UnitID}, valid.Add(y.minutes(60, 2000)), "rate", "mtr_report", "selesai", 0, 0, valid, 0, 0, stars)
			y.step(Person{UnitID: worker.UnitID}, valid.AddDate(0, 0, 14), "auto_close", "mtr_report", "ditutup", 0, 0, valid, 0, 0, strata)
			return
		}
		start, disputed = valid.AddDate(0, 0, 2), false
		y.step(Person{UnitID: worker.UnitID}, start, "dispute", "mtr_report", "dikerjakan", 0, worker.PositionID, valid, 0, 0, strata)
	}
}

// plant hides one of each pattern, each in another office.
func (y *year) plant(begin, end time.Time) (hidden []Hidden) {
	office := func(i int) []Person { return y.offices[i%len(y.offices)] }
	hide := func(p evidence.Pattern, who ...Person) {
		for _, w := range who {
			hidden = append(hidden, Hidden{p, w.PersonID})
		}
	}
	middle := begin.Add(end.Sub(begin) / 2)

	o := office(0)
	at := time.Date(middle.Year(), middle.Month(), middle.Day(), 15, 55, 0, 0, clock.Makassar)
	for i := range 24 {
		y.object++
		since := at.Add(-3 * time.Hour)
		y.step(o[2], at.Add(time.Duration(i)*time.Second), "naskah_paraf", "eoffice_letter", "dibatalkan", y.object, 0, since, 180, 2, map[string]string{"jenis": "SD", "urgensi": "biasa"})
	}
	hide(evidence.Burst, o[2])

	o = office(3)
	for i := range 40 {
		day := begin.AddDate(0, 0, 5+8*i).Add(9 * time.Hour)
		if day.AddDate(0, 0, 6).After(end) {
			break
		}
		a, b := o[5], o[6]
		if i%2 == 1 {
			a, b = b, a
		}
		y.order(day, a, b, 0.3, false)
	}
	hide(evidence.Pair, o[5])

	o = office(6)
	for i := range 9 {
		y.order(end.AddDate(0, 0, -100-7*i), o[1], o[7], 0, true)
	}
	y.order(end.AddDate(0, 0, -10), o[1], o[7], 0.2, false)
	hide(evidence.Parked, o[7])

	o = office(8)
	for range 8 {
		y.letter(at, o[4], o[1], o[0], "UND", office(9)[0].UnitID)
	}
	hide(evidence.Split, o[4])

	o = office(10)
	for i := range 12 {
		y.report(begin.AddDate(0, 0, 20+15*i), o[5], o[1], true)
	}
	hide(evidence.Reopened, o[5])

	o = office(11)
	for i := range 30 {
		y.order(begin.AddDate(0, 0, 10+9*i), o[1], o[6], 0.95, false)
	}
	hide(evidence.Hugging, o[6])
	return hidden
}
