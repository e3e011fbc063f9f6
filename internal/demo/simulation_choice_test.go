package demo

import (
	"slices"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/clock"
)

var eight = time.Date(2026, 11, 24, 8, 0, 0, 0, clock.Makassar)

// whoIs finds a ticket with the fate that is looked for.
func whoIs(t *testing.T, fits func(fate) bool) epuskesmas.Ticket {
	t.Helper()
	for id := range int64(10_000) {
		if k := (epuskesmas.Ticket{ID: id + 1, StatusAt: eight}); fits(fateOf(k, 10*time.Minute)) {
			return k
		}
	}
	t.Fatal("nobody has this fate")
	return epuskesmas.Ticket{}
}

func TestARoomDoesWhatIsDueNext(t *testing.T) {
	t.Parallel()
	is := func(k epuskesmas.Ticket, s epuskesmas.Status, calls int) *epuskesmas.Ticket {
		k.Status, k.Calls = s, calls
		return &k
	}
	answers := whoIs(t, func(f fate) bool { return f.deaf == 0 && f.onward > 0.5 })
	once := whoIs(t, func(f fate) bool { return f.deaf == 1 })
	gone := whoIs(t, func(f fate) bool { return f.deaf == never })
	sick := whoIs(t, func(f fate) bool { return f.onward >= 0.18 && f.onward < 0.30 })
	well := whoIs(t, func(f fate) bool { return f.onward < 0.15 })
	referred := whoIs(t, func(f fate) bool { return f.onward >= 0.15 && f.onward < 0.18 })
	waits := []epuskesmas.Ticket{*is(answers, epuskesmas.Waiting, 0)}
	missed := []epuskesmas.Ticket{*is(once, epuskesmas.Waiting, 1)}
	lasts := func(k epuskesmas.Ticket) time.Duration { return fateOf(k, 10*time.Minute).lasts }
	clinic, desk, lab, pharmacy := epuskesmas.KindClinic, epuskesmas.KindDesk, epuskesmas.KindLab, epuskesmas.KindPharmacy
	for _, c := range []struct {
		name  string
		room  room
		after time.Duration // eight o'clock
		want  deed
	}{
		{"nobody waits", room{staffed: true}, 0, rest},
		{"the doctor is not here", room{waiting: waits}, 0, rest},
		{"somebody waits", room{staffed: true, waiting: waits}, 0, callNext},
		{"the last one has just left", room{staffed: true, waiting: waits, freed: eight}, 29 * time.Second, rest},
		{"tidied up", room{staffed: true, waiting: waits, freed: eight}, 30 * time.Second, callNext},
		{"somebody else waits besides who did not answer", room{staffed: true, waiting: append(missed, waits...)}, time.Minute, callNext},
		{"only who did not answer waits", room{staffed: true, waiting: missed}, time.Minute, rest},
		{"after a while they are called again", room{staffed: true, waiting: missed}, 4 * time.Minute, callNext},
		{"on the way", room{now: is(answers, epuskesmas.Called, 0)}, time.Second, rest},
		{"in the room, even of a doctor who pauses", room{now: is(answers, epuskesmas.Called, 0)}, time.Minute, serve},
		{"no answer yet", room{now: is(once, epuskesmas.Called, 0)}, 59 * time.Second, rest},
		{"no answer", room{now: is(once, epuskesmas.Called, 0)}, time.Minute, skip},
		{"the second call is answered", room{now: is(once, epuskesmas.Called, 1)}, time.Minute, serve},
		{"nobody there, however often", room{now: is(gone, epuskesmas.Called, 7)}, time.Minute, skip},
		{"being served", room{kind: clinic, now: is(answers, epuskesmas.Serving, 0)}, lasts(answers) - 1, rest},
		{"to the pharmacy", room{kind: clinic, now: is(answers, epuskesmas.Serving, 0)}, lasts(answers), sendToPharmacy},
		{"home", room{kind: clinic, now: is(well, epuskesmas.Serving, 0)}, lasts(well), finish},
		{"to the hospital", room{kind: clinic, now: is(referred, epuskesmas.Serving, 0)}, lasts(referred), sendToHospital},
		{"to the laboratory", room{kind: clinic, now: is(sick, epuskesmas.Serving, 0)}, lasts(sick), sendToLab},
		{"not twice", room{kind: clinic, now: is(sick, epuskesmas.Serving, 0), tested: true}, lasts(sick), sendToPharmacy},
		{"back from the laboratory", room{kind: lab, now: is(sick, epuskesmas.Serving, 0)}, lasts(sick), sendBack},
		{"from the desk", room{kind: desk, now: is(well, epuskesmas.Serving, 0)}, lasts(well), register},
		{"from the pharmacy", room{kind: pharmacy, now: is(sick, epuskesmas.Serving, 0)}, lasts(sick), finish},
	} {
		c.room.pace = 10 * time.Minute
		if got := c.room.next(eight.Add(c.after)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestFatesAreAsUsualInAHouse(t *testing.T) {
	t.Parallel()
	const n = 20_000
	var all time.Duration
	var deaf, lab int
	for id := range int64(n) {
		f := fateOf(epuskesmas.Ticket{ID: id}, 10*time.Minute)
		all += f.lasts
		if f.deaf > 0 {
			deaf++
		}
		if (room{kind: epuskesmas.KindClinic}).ending(f) == sendToLab {
			lab++
		}
	}
	if mean := all / n; mean < 9*time.Minute+30*time.Second || mean > 10*time.Minute+30*time.Second {
		t.Errorf("a service of ten minutes lasts %v on average", mean)
	}
	if deaf < n/20 || deaf > n*7/100 || lab < n/10 || lab > n*14/100 {
		t.Errorf("of %d, %d do not answer at first and %d go to the laboratory", n, deaf, lab)
	}
}

func TestTheNurseLooksAtWhoWaits(t *testing.T) {
	t.Parallel()
	seen := map[deed]int{}
	for id := range int64(2000) {
		seen[triage(epuskesmas.Ticket{ID: id, Status: epuskesmas.Waiting, Class: estimate.Regular, HereAt: &eight}, eight.Add(3*time.Minute))]++
	}
	if seen[rest] > 0 || seen[isEmergency] == 0 || seen[letFirst] < 50 || seen[assess] < 1800 {
		t.Errorf("of 2000: %v", seen)
	}
	for _, k := range []epuskesmas.Ticket{
		{Status: epuskesmas.Booked}, {Status: epuskesmas.Waiting, HereAt: &eight, AssessedAt: &eight}, {Status: epuskesmas.Serving, HereAt: &eight},
	} {
		if d := triage(k, eight.Add(time.Hour)); d != rest {
			t.Errorf("%+v: %s", k, d)
		}
	}
	if d := triage(epuskesmas.Ticket{Status: epuskesmas.Waiting, HereAt: &eight}, eight.Add(time.Minute)); d != rest {
		t.Errorf("at once: %s", d)
	}
}

// A doctor comes, mostly late, and may pause once; the pause of somebody else is theirs.
func TestDoctorsComeAndPause(t *testing.T) {
	t.Parallel()
	s := epuskesmas.Session{ID: 7, StartsAt: eight, EndsAt: eight.Add(4 * time.Hour)}
	paused := 0
	for id := range int64(60) {
		d := epuskesmas.Duty{DoctorID: id, Status: "terjadwal"}
		var did []epuskesmas.DutyAction
		for at := eight.Add(-30 * time.Minute); at.Before(s.EndsAt); at = at.Add(time.Minute) {
			if action, reason := attend(d, s, true, at); action == epuskesmas.DutyPause {
				t.Fatalf("doctor %d pauses (%s) while serving somebody", id, reason)
			}
			action, reason := attend(d, s, false, at)
			if action == "" {
				continue
			}
			if at.Before(eight) {
				t.Fatalf("doctor %d does %s at %s", id, action, at.Format("15.04"))
			}
			did = append(did, action)
			d.Status, d.Reason = map[epuskesmas.DutyAction]string{epuskesmas.DutyHere: "hadir", epuskesmas.DutyPause: "jeda", epuskesmas.DutyResume: "hadir"}[action], reason
		}
		switch {
		case slices.Equal(did, []epuskesmas.DutyAction{epuskesmas.DutyHere}):
		case slices.Equal(did, []epuskesmas.DutyAction{epuskesmas.DutyHere, epuskesmas.DutyPause, epuskesmas.DutyResume}):
			paused++
		default:
			t.Errorf("doctor %d: %v", id, did)
		}
	}
	if paused < 5 || paused > 40 {
		t.Errorf("%d of 60 doctors pause", paused)
	}
	for at := eight; at.Before(s.EndsAt); at = at.Add(time.Minute) {
		if action, _ := attend(epuskesmas.Duty{Status: "jeda", Reason: "Salat"}, s, false, at); action != "" {
			t.Fatalf("%s ends the pause of somebody else", action)
		}
		if action, _ := attend(epuskesmas.Duty{Status: "absen"}, s, false, at); action != "" {
			t.Fatalf("%s by a doctor who is away", action)
		}
	}
}

func TestWhoBookedComesAroundTheirTurn(t *testing.T) {
	t.Parallel()
	s := epuskesmas.Session{StartsAt: eight, EndsAt: eight.Add(4 * time.Hour), Quota: epuskesmas.Quota{All: 1000}}
	missing, cancelled := 0, 0
	for n := range 1000 {
		k := epuskesmas.Ticket{ID: int64(n), Number: n + 1}
		a, ok := arrives(k, s, eight.Add(-time.Hour))
		turn := eight.Add(time.Duration(n) * 4 * time.Hour / 1000)
		switch {
		case !ok:
			missing++
		case a.cancels:
			cancelled++
		case a.at.Before(eight.Add(-time.Hour)) || a.at.Before(turn.Add(-90*time.Minute)) || a.at.After(turn.Add(40*time.Minute)):
			t.Errorf("number %d comes at %s, their turn is at %s", n+1, a.at.Format("15.04"), turn.Format("15.04"))
		}
		if late, _ := arrives(k, s, eight.Add(3*time.Hour)); late.at.Before(eight.Add(3 * time.Hour)) {
			t.Errorf("number %d has come at %s before the simulation began", n+1, late.at.Format("15.04"))
		}
	}
	if missing < 50 || missing > 110 || cancelled < 20 || cancelled > 65 {
		t.Errorf("of 1000, %d do not come and %d cancel", missing, cancelled)
	}
}

func TestTheDeskSendsWhereThereArePlaces(t *testing.T) {
	t.Parallel()
	polis := []epuskesmas.Poli{{ID: 1}, {ID: 2}, {ID: 3}}
	got := map[int64]int{}
	for id := range int64(1000) {
		p, ok := destination(id, map[int64]int{1: 30, 2: 0, 3: 10}, polis)
		if !ok {
			t.Fatal("nowhere")
		}
		got[p]++
	}
	if got[2] > 0 || got[1] < 700 || got[3] < 200 {
		t.Errorf("sent to %v", got)
	}
	if p, ok := destination(1, map[int64]int{1: 0}, polis); ok {
		t.Errorf("sent to the full poli %d", p)
	}
}

func TestADayBeginsWhereThereIsSomethingToSee(t *testing.T) {
	t.Parallel()
	today := epuskesmas.Session{StartsAt: eight, EndsAt: eight.Add(4 * time.Hour)}
	tomorrow := epuskesmas.Session{StartsAt: eight.AddDate(0, 0, 1), EndsAt: eight.AddDate(0, 0, 1).Add(4 * time.Hour)}
	at := func(hour, minute int) time.Time {
		return midnight(eight).Add(time.Duration(hour*60+minute) * time.Minute)
	}
	for _, c := range []struct{ now, want time.Time }{
		{at(2, 0), at(7, 30)}, {at(7, 45), at(7, 45)}, {at(10, 0), at(10, 0)}, {at(11, 0), at(11, 0)},
		{at(11, 1), at(24+7, 30)}, {at(23, 59), at(24+7, 30)}, {at(24+9, 0), at(24+9, 0)},
	} {
		if got, ok := opening([]epuskesmas.Session{today, tomorrow}, c.now); !ok || !got.Equal(c.want) {
			t.Errorf("at %s the day begins at %s, %v", c.now.Format(time.DateTime), got.Format(time.DateTime), ok)
		}
	}
	closed := today
	closed.Status = epuskesmas.Over
	if got, ok := opening([]epuskesmas.Session{closed}, at(9, 0)); ok {
		t.Errorf("a closed session begins at %s", got)
	}
}
