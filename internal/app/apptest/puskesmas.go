package apptest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// Puskesmas is a health centre at work: a registration desk, a clinic with a doctor, a
// laboratory and a pharmacy, one counter each, with its people.
type Puskesmas struct {
	*Server
	Unit                          int64
	Slug                          string
	Desk, Clinic, Lab, Pharmacy   int64 // polis
	AtDesk, Room1, AtLab, AtDrugs int64 // counters
	Room2                         int64 // another of the clinic
	Doctor                        int64
	Clerk, Nurse, Doc, Chemist    Hired
	Head                          Hired
	Boss                          authz.Actor
	Board, Kiosk                  string // tokens
}

var patients atomic.Int64

// Puskesmas opens Puskesmas Kassi-Kassi, around the clock: a test.s day may be any.
func (s *Server) Puskesmas(t testing.TB) *Puskesmas {
	t.Helper()
	ctx := context.Background()
	p := &Puskesmas{Server: s, Slug: "kassi-kassi"}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.App.Queues.EnsureSites(ctx))
	hire := func(user, title string, ps ...authz.Permission) Hired {
		return s.Hire(t, Staff{Email: user + "@puskesmas.example", Name: title, Title: title, UnitCode: "PKM-KASSI-KASSI", Permissions: ps})
	}
	p.Clerk = hire("loket", "Petugas Loket", epuskesmas.PermDesk, epuskesmas.PermCall, epuskesmas.PermPatient)
	p.Nurse = hire("perawat", "Perawat", epuskesmas.PermTriage, epuskesmas.PermCall)
	p.Doc = hire("dokter", "Dokter", epuskesmas.PermCall)
	p.Chemist = hire("farmasi", "Apoteker", epuskesmas.PermCall)
	p.Head = hire("kapus", "Kepala Puskesmas", epuskesmas.PermManage, epuskesmas.PermReports)
	p.Unit, p.Boss = p.Head.UnitID, s.Actor(t, p.Head.AccountID)
	m := s.App.Queues
	poli := func(kind epuskesmas.PoliKind, letter, name string) int64 {
		id, err := m.SavePoli(ctx, p.Boss, epuskesmas.Poli{UnitID: p.Unit, Kind: kind, Letter: letter, Name: name, PriorityRatio: 2, Active: true})
		must(err)
		return id
	}
	room := func(poli int64, name string) int64 {
		id, err := m.SaveCounter(ctx, p.Boss, epuskesmas.Counter{PoliID: poli, Name: name, Active: true})
		must(err)
		return id
	}
	p.Desk, p.Clinic = poli(epuskesmas.KindDesk, "L", "Loket Pendaftaran"), poli(epuskesmas.KindClinic, "A", "Poli Umum")
	p.Lab, p.Pharmacy = poli(epuskesmas.KindLab, "K", "Laboratorium"), poli(epuskesmas.KindPharmacy, "F", "Farmasi")
	p.AtDesk, p.Room1, p.Room2 = room(p.Desk, "Loket 1"), room(p.Clinic, "Ruang 1"), room(p.Clinic, "Ruang 2")
	p.AtLab, p.AtDrugs = room(p.Lab, "Laboratorium"), room(p.Pharmacy, "Farmasi 1")
	var err error
	p.Doctor, err = m.SaveDoctor(ctx, p.Boss, epuskesmas.Doctor{UnitID: p.Unit, Name: "dr. Aulia Rahman", Active: true})
	must(err)
	for day := 1; day <= 7; day++ {
		_, err := m.SavePlan(ctx, p.Boss, epuskesmas.Plan{PoliID: p.Clinic, Weekday: day, Starts: 0, Ends: 24*60 - 1,
			Quota: epuskesmas.Quota{All: 200, Online: 80}, DoctorIDs: []int64{p.Doctor}, ValidFrom: s.Clock.Now().AddDate(0, -1, 0)}, "")
		must(err)
	}
	site, _, err := m.StaffSite(ctx, p.Boss, p.Slug, epuskesmas.PermManage)
	must(err)
	site.Open = true
	must(m.SaveSite(ctx, p.Boss, site))
	p.Board, err = m.RenewBoard(ctx, p.Boss, p.Unit)
	must(err)
	p.Kiosk, err = m.RenewKiosk(ctx, p.Boss, p.Unit)
	must(err)
	return p
}

// Walk registers a patient at the desk: their number at the clinic.
func (p *Puskesmas) Walk(t testing.TB, name string) epuskesmas.Ticket {
	t.Helper()
	n := patients.Add(1)
	ticket, err := p.App.Queues.Register(context.Background(), p.Actor(t, p.Clerk.AccountID), p.Unit, epuskesmas.Registration{
		Key: fmt.Sprint("uji-", n), Name: name, BirthDate: time.Date(1980, 1, 1+int(n%300), 0, 0, 0, 0, time.UTC), Payer: epuskesmas.General, PoliID: p.Clinic,
	})
	if err != nil {
		t.Fatal(err)
	}
	return ticket
}
