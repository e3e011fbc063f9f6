package demo

import (
	"path/filepath"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
	"makassartidakrantasa.com/portal/internal/portal"
)

// smallHouse is Puskesmas Kassi-Kassi with one poli that works for an hour from eight on
// every day, and the rest of a house.
func smallHouse(t *testing.T) (*pgtest.DB, *crypt.Box, players) {
	t.Helper()
	db := pgtest.New(t)
	box, err := crypt.Load(filepath.Join(t.TempDir(), "rahasia"), true)
	if err != nil {
		t.Fatal(err)
	}
	before := clock.NewFake(eight.AddDate(-1, 0, 0))
	if err := portal.EnsureRoles(t.Context(), db.Pool); err != nil {
		t.Fatal(err)
	}
	accounts := authn.New(authn.Config{Pool: db.Pool, Box: box, Clock: before, BaseURL: "https://portal.test", Hasher: authn.NewHasher(authn.Cost{MemoryKiB: 8, Passes: 1})})
	if err := hire(t.Context(), db.Pool, accounts, before.Now()); err != nil {
		t.Fatal(err)
	}
	cast, err := actors(t.Context(), db.Pool, eight)
	if err != nil {
		t.Fatal(err)
	}
	m := queuesBy(db, box, before)
	if err := m.EnsureSites(t.Context()); err != nil {
		t.Fatal(err)
	}
	site, _, err := m.StaffSite(t.Context(), cast["kapus"], SimulatedSite, epuskesmas.PermManage)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range []clinic{
		{epuskesmas.KindClinic, "A", "Poli Umum", []string{"Ruang 1", "Ruang 2"}, []string{"dr. Satu", "dr. Dua"}, []sitting{{whole, 8 * 60, 9 * 60, 24, 10}}, ""},
		house(epuskesmas.KindDesk, "L", "Loket", "Loket 1"),
		house(epuskesmas.KindLab, "K", "Laboratorium", "Laboratorium"),
		house(epuskesmas.KindPharmacy, "F", "Farmasi", "Farmasi"),
	} {
		if err := openClinic(t.Context(), m, cast["kapus"], site, c, i, before.Now()); err != nil {
			t.Fatal(err)
		}
	}
	site.Open = true
	if err := m.SaveSite(t.Context(), cast["kapus"], site); err != nil {
		t.Fatal(err)
	}
	return db, box, cast
}

func queuesBy(db *pgtest.DB, box *crypt.Box, c clock.Clock) *epuskesmas.Module {
	return epuskesmas.New(epuskesmas.Deps{DB: db.Pool, Clock: c, Box: box, BaseURL: "https://portal.test"})
}

// A day passes, half a minute at a time, while somebody presses the same buttons in one of the
// rooms at the same moments. Everybody who came goes through the house.
func TestASimulatedDayPasses(t *testing.T) {
	t.Parallel()
	db, box, cast := smallHouse(t)
	watch := clock.NewFake(eight.Add(-30 * time.Minute))
	m := queuesBy(db, box, watch)
	s, err := NewSimulation(t.Context(), db.Pool, m, watch)
	if err != nil {
		t.Fatal(err)
	}
	sights, err := s.Sights(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if mine, err := m.Mine(t.Context(), sights.Ticket); err != nil || mine.Code != sights.Code || mine.Code == "" {
		t.Errorf("the ticket to show is %+v, %v", mine.Code, err)
	}
	if b, err := m.Board(t.Context(), sights.Board); err != nil || b.Site.Slug != SimulatedSite {
		t.Errorf("the board is %+v, %v", b, err)
	}
	if n, err := pg.Scalar[int](t.Context(), db.Pool, `SELECT count(*) FROM notify_message WHERE status = 'queued'`); err != nil || n != 0 {
		t.Errorf("%d messages go to people who do not exist, %v", n, err)
	}

	steps := 0
	for over := false; !over; watch.Advance(30 * time.Second) {
		if watch.Now().After(eight.Add(6 * time.Hour)) {
			t.Fatal("the day does not end")
		}
		human := make(chan int)
		go func() { human <- press(t, m, cast["dokter"], s.counters[s.clinics()[0].ID][0].ID) }()
		done, err := s.step(t.Context())
		if err != nil {
			t.Error(err)
		}
		steps += <-human
		over = done && err == nil
	}
	if steps == 0 {
		t.Error("the human got no step in")
	}
	served, over := s.Run(t.Context(), time.Millisecond)
	if !over {
		t.Error("the day has ended, and Run goes on")
	}
	t.Logf("the human took %d steps; %d patients served, over at %s", steps, served, watch.Now().Format("15.04"))
	rows, err := pg.Many[struct {
		Kind, Status string
		N            int
	}](t.Context(), db.Pool, `SELECT o.kind, t.status, count(*)::int AS n FROM epuskesmas_ticket t JOIN epuskesmas_poli o ON o.id = t.poli_id GROUP BY 1, 2`)
	if err != nil {
		t.Fatal(err)
	}
	done := map[string]int{}
	for _, r := range rows {
		if epuskesmas.Status(r.Status).Active() {
			t.Errorf("%d in the %s are still %s", r.N, r.Kind, r.Status)
		}
		if s := epuskesmas.Status(r.Status); s == epuskesmas.Done || s == epuskesmas.Referred {
			done[r.Kind] += r.N
		}
	}
	if done["poli"] != served || served < 6 || done["loket"] == 0 || done["farmasi"] < 3 {
		t.Errorf("served %v, told of %d", done, served)
	}
	// Every number was called before it was served, and by use cases: each step is an event.
	broken, err := pg.Scalars[string](t.Context(), db.Pool, `SELECT t.code FROM epuskesmas_ticket t WHERE t.status = 'selesai'
		AND 3 > (SELECT count(DISTINCT v.action) FROM epuskesmas_event v WHERE v.ticket_id = t.id AND v.action IN ('pesan', 'panggil', 'selesai') AND v.at <= t.ended_at)`)
	if err != nil || len(broken) > 0 {
		t.Errorf("without their events: %v, %v", broken, err)
	}
	open, err := pg.Scalar[int](t.Context(), db.Pool, `SELECT count(*) FROM epuskesmas_session WHERE status <> 'selesai'`)
	if err != nil || open > 0 {
		t.Errorf("%d sessions are open at the end, %v", open, err)
	}
}

// press takes the next step in a room without caring for who else does, and returns how
// many steps were taken.
func press(t *testing.T, m *epuskesmas.Module, doctor authz.Actor, counter int64) int {
	now, _, err := m.AtCounter(t.Context(), doctor, counter)
	switch {
	case err != nil:
	case now == nil:
		_, err = m.Next(t.Context(), doctor, counter, 0)
	case now.Status == epuskesmas.Called:
		err = m.Act(t.Context(), doctor, now.ID, now.Seq, epuskesmas.ActServe, "")
	}
	if err == nil {
		return 1
	}
	if ignore(err) != nil {
		t.Error(err)
	}
	return 0
}

// What somebody else did since the simulation looked stands, whatever it was about to do.
func TestSomebodyElseWasFaster(t *testing.T) {
	t.Parallel()
	db, box, cast := smallHouse(t)
	watch := clock.NewFake(eight.Add(-30 * time.Minute))
	m := queuesBy(db, box, watch)
	s, err := NewSimulation(t.Context(), db.Pool, m, watch)
	if err != nil {
		t.Fatal(err)
	}
	poli := s.clinics()[0]
	counter, doctor := s.counters[poli.ID][0], cast["dokter"]
	look := func() place {
		now, _, err := m.AtCounter(t.Context(), doctor, counter.ID)
		if err != nil || now == nil {
			t.Fatalf("nobody is at the counter: %v", err)
		}
		return place{poli: poli, counter: counter, now: now, day: &houseDay{places: map[int64]int{}}}
	}
	status := func(id int64) epuskesmas.Status {
		v, err := pg.Scalar[epuskesmas.Status](t.Context(), db.Pool, `SELECT status FROM epuskesmas_ticket WHERE id = $1`, id)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for i, d := range []deed{serve, skip, finish, sendToHospital, sendToLab, sendToPharmacy, sendBack, register} {
		_, err := m.Register(t.Context(), cast["loket"], s.site.UnitID, epuskesmas.Registration{
			Key: "daftar-" + string(d), Name: "Pasien " + string(d), BirthDate: eight.AddDate(-30, 0, i), Payer: epuskesmas.General, PoliID: poli.ID})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Next(t.Context(), doctor, counter.ID, 0); err != nil {
			t.Fatal(err)
		}
		at := look()
		if err := m.Act(t.Context(), doctor, at.now.ID, at.now.Seq, epuskesmas.ActServe, ""); err != nil {
			t.Fatal(err)
		}
		if err := s.do(t.Context(), d, at); errs.KindOf(err) != errs.Conflict || ignore(err) != nil {
			t.Errorf("%s after somebody served: %v", d, err)
		}
		if got := status(at.now.ID); got != epuskesmas.Serving {
			t.Errorf("%s has made a patient who is served %s", d, got)
		}
	}
}

// Whenever somebody starts, there is a day to see.
func TestOpeningIsAheadOfNow(t *testing.T) {
	t.Parallel()
	db, box, _ := smallHouse(t)
	for _, now := range []time.Time{
		eight.Add(-8 * time.Hour), eight.Add(-time.Minute), eight.Add(5 * time.Hour), eight.Add(15 * time.Hour), eight.AddDate(0, 0, 5).Add(time.Hour),
	} {
		at, err := Opening(t.Context(), db.Pool, queuesBy(db, box, clock.NewFake(now)), now)
		if err != nil || at.Before(now) || at.Sub(now) > 2*24*time.Hour {
			t.Errorf("at %s the day begins at %s, %v", now.Format(time.DateTime), at.Format(time.DateTime), err)
		}
	}
}
