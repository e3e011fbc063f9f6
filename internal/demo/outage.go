package demo

import (
	"bytes"
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/eoffice/text"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
	"makassartidakrantasa.com/portal/internal/platform/org"
)

// outage plans the day on which Dinas PU had no electricity: numbers are kept for letters on
// paper, one letter takes its number afterwards, one number is let go and one ends by itself;
// at the end of the story others are kept again. Its groups of recipients are made before.
func outage(m *eoffice.Module, cast players, cal *calendar.Calendar, end time.Time) (out []happening) {
	clerk, drafter := cast["tu"], cast["konseptor"]
	unit := clerk.MainPosition().UnitID
	at := cal.AddWorkingTime(end.AddDate(0, 0, -28), time.Hour)
	then := func(minutes int, does string, do func(ctx context.Context) error) {
		at = cal.AddWorkingTime(at, time.Duration(minutes)*time.Minute)
		out = append(out, happening{at, does, do})
	}
	book := func(ctx context.Context, count int, reason string, expires time.Time) ([]eoffice.Booking, error) {
		return m.BookNumbers(ctx, clerk, eoffice.NewBooking{UnitID: unit, Series: "surat", Count: count, Holder: "Sekretariat Dinas PU", Reason: reason, Expires: expires})
	}
	then(0, "make groups of recipients", func(ctx context.Context) error {
		offices, err := m.GroupUnits(ctx, cast["admin"])
		if err != nil {
			return err
		}
		for _, g := range []struct {
			of   authz.Actor
			unit int64
			name string
			kind string
		}{
			{cast["admin"], offices[0].ID, "Para Camat se-Kota Makassar", org.KindKecamatan}, {cast["admin"], offices[0].ID, "Para Lurah se-Kota Makassar", org.KindKelurahan},
			{clerk, unit, "Para Kepala Badan", org.KindAgency},
		} {
			id, err := m.MakeGroup(ctx, g.of, g.unit, g.name)
			if err != nil {
				return err
			}
			if err := m.AddHeads(ctx, g.of, id, g.kind, true); err != nil {
				return err
			}
		}
		return nil
	})
	var kept []eoffice.Booking
	day := cal.AddWorkingTime(at, 30*time.Minute).In(clock.Makassar)
	over := day.AddDate(0, 0, 20)
	then(30, "keep numbers", func(ctx context.Context) (err error) {
		kept, err = book(ctx, 3, "Listrik padam sejak pagi, naskah ditulis di kertas", over)
		return err
	})
	var id int64
	then(450, "write down what was written on paper", func(ctx context.Context) (err error) {
		if id, err = m.Begin(ctx, drafter, "SD", drafter.MainPosition().ID, "kisah-padam"); err != nil {
			return err
		}
		_, d, err := m.DraftOf(ctx, drafter, id)
		if err != nil {
			return err
		}
		d.Subject, d.Body = "Permintaan genset untuk pompa Kanal Panampu", text.FromPlain("Karena listrik padam, mohon dipinjami satu unit genset untuk menjalankan pompa Kanal Panampu.")
		d.KKA, d.Mode, d.To = "600.1", eoffice.Wet, []eoffice.Addressee{{PositionID: cast["kepala.bpbd"].MainPosition().ID}}
		if _, err = m.SaveDraft(ctx, drafter, id, 0, d); err != nil {
			return err
		}
		_, err = m.Submit(ctx, drafter, eoffice.Act{ID: id})
		return err
	})
	then(30, "paraf on paper", func(ctx context.Context) error {
		if _, err := m.Open(ctx, cast["kabid"], id); err != nil {
			return err
		}
		_, err := m.Paraf(ctx, cast["kabid"], eoffice.Act{ID: id})
		return err
	})
	then(20, "take a kept number", func(ctx context.Context) error {
		_, err := m.PrintBooked(ctx, clerk, eoffice.Act{ID: id}, eoffice.Booked{ID: kept[0].ID, Day: day})
		return err
	})
	then(30, "scan the paper", func(ctx context.Context) error {
		scan, err := naskah.Render(naskah.Document{
			Head: naskah.Head{Lines: []string{"PEMERINTAH KOTA MAKASSAR", "DINAS PEKERJAAN UMUM"}}, Title: "PERMINTAAN GENSET", Unnumbered: true, Place: eoffice.City, Date: day, Created: day,
			Subject: "Permintaan genset", Blocks: []naskah.Block{naskah.Paragraph{Text: "Mohon dipinjami satu unit genset untuk menjalankan pompa Kanal Panampu."}},
		})
		if err != nil {
			return err
		}
		_, err = m.Scan(ctx, clerk, eoffice.Act{ID: id}, []eoffice.Upload{{Name: "Pindaian.pdf", Upload: bytes.NewReader(scan)}})
		return err
	})
	then(10, "let a number go", func(ctx context.Context) error {
		return m.EndBooking(ctx, clerk, kept[1].ID, "Suratnya batal ditulis")
	})
	at = over
	then(0, "end what was kept too long", func(ctx context.Context) error {
		_, err := m.ExpireBookings(ctx)
		return err
	})
	at = end.Add(-3 * time.Hour)
	then(0, "keep numbers again", func(ctx context.Context) error {
		_, err := book(ctx, 2, "Jaringan kantor diperbaiki besok pagi", end.AddDate(0, 0, 2))
		return err
	})
	return out
}
