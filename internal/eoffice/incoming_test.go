package eoffice

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// arrival is a letter from the province to the head of Dinas PU.
func (p people) arrival() Arrival {
	return Arrival{
		Kind: "SD", Sender: "Dinas PUPR Provinsi", Number: "600/123/PUPR", Date: time.Date(2026, 11, 20, 0, 0, 0, 0, clock.Makassar),
		Received: time.Date(2026, 11, 24, 0, 0, 0, 0, clock.Makassar), Subject: "Data jalan rusak", Secrecy: Open, Urgency: Ordinary, Channel: "kertas",
		Place: "Map merah 3", To: p.head.desk,
	}
}

func (c *city) record(w worker, in Arrival) RecordedAs {
	c.t.Helper()
	done, err := c.Record(c.ctx, w.Actor, w.desk, in, fmt.Sprint("masuk-", c.count.Add(1)))
	c.must(err)
	return done
}

func (c *city) scan(w worker, name, content string) int64 {
	c.t.Helper()
	l, err := c.ToTray(c.ctx, w.Actor, one[int64](c, sqlOfficeOf, w.desk), upload(name, content))
	c.must(err)
	return l.ID
}

// Written down, directed, read, given an order: from outside as from inside.
func TestALetterFromOutsideGoesItsWay(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	in := p.arrival()
	in.OtherSystem, in.Other = "SRIKANDI", "SRK-2026/777"
	in.Papers = []int64{c.scan(p.clerk, "IMG 001.txt", "Data ruas jalan Toddopuli yang rusak")}
	done := c.record(p.clerk, in)
	if s := c.state(done.ID); done.Agenda != "1/2026" || s.Status != Recorded || s.DueAt == nil || s.Version != 1 {
		t.Fatalf("recorded: %+v, %+v", done, s)
	}
	_, err := c.Open(c.ctx, p.head.Actor, done.ID)
	errstest.Kind(t, err, errs.NotFound) // not before it is directed
	c.must(c.ReadWords(c.ctx, c.files(done.ID)[0].ID))
	for _, text := range []string{"777", "123", "jalan rusak", "Toddopuli"} {
		if found, _, err := c.Search(c.ctx, p.clerk.Actor, Query{Text: text}, 0); err != nil || len(found) != 1 || found[0].ID != done.ID {
			t.Errorf("%q finds %+v, %v", text, found, err)
		}
	}
	if rows, _, err := c.Desk(c.ctx, p.clerk.Actor, ToDirect, nil); err != nil || len(rows) != 1 {
		t.Errorf("to direct: %+v, %v", rows, err)
	}
	_, err = c.Direct(c.ctx, p.drafter.Actor, Act{ID: done.ID})
	errstest.Kind(t, err, errs.NotFound)
	_, err = c.Direct(c.ctx, p.clerk.Actor, Act{ID: done.ID})
	c.must(err)
	_, err = c.Direct(c.ctx, p.clerk.Actor, Act{ID: done.ID})
	errstest.Kind(t, err, errs.Conflict)
	d := c.open(p.head, done.ID)
	if d.See != Whole || d.Content.Subject != in.Subject || d.Sender.Other != "SRIKANDI SRK-2026/777" || len(d.Files) != 1 {
		t.Errorf("the head sees %+v", d)
	}
	r := c.recipient(done.ID, p.head.desk)
	if r.Status != Read || r.Agenda() != "1/2026" || r.DueAt == nil {
		t.Errorf("at the head: %+v", r)
	}
	_, err = c.Give(c.ctx, p.head.Actor, Giving{RecipientID: r.ID, Orders: []NewOrder{{To: p.second.desk, Instructions: []string{"Tindak lanjuti"}}}})
	c.must(err)
	if got := c.recipient(done.ID, p.head.desk).Status; got != Followed {
		t.Errorf("after an order: %s", got)
	}
	_, _, _, err = c.ArrivalOf(c.ctx, p.clerk.Actor, done.ID)
	errstest.Kind(t, err, errs.Conflict)
	c.must(c.Classify(c.ctx, p.clerk.Actor, Act{ID: done.ID}, "600.1"))
	errstest.Field(t, c.Classify(c.ctx, p.clerk.Actor, Act{ID: done.ID}, "999.9"), ControlKKA)
	c.sameAsReplay(t, done.ID)
}

// A resend is the same entry, also at the very same time; two clerks at once get numbers
// that follow each other, and nobody's entry is lost.
func TestClerksWriteDownAtOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	second := c.hire("pelaksana", "DPU", p.second.desk, PermRegister)
	const each = 8
	var wg sync.WaitGroup
	out := make([]RecordedAs, 4*each)
	for i := range out {
		wg.Go(func() { // every entry twice
			w, in := p.clerk, p.arrival()
			if i%2 == 1 {
				w = second
			}
			in.Number = fmt.Sprint("600/", i%(2*each))
			var err error
			if out[i], err = c.Record(c.ctx, w.Actor, w.desk, in, fmt.Sprint("klik-", i%(2*each))); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	numbers := map[string]bool{}
	for i, o := range out[:2*each] {
		if o != out[i+2*each] {
			t.Errorf("a resend became another entry: %+v and %+v", o, out[i+2*each])
		}
		numbers[o.Agenda] = true
	}
	for n := range 2 * each {
		if !numbers[fmt.Sprintf("%d/2026", n+1)] {
			t.Errorf("no entry has the number %d: %v", n+1, numbers)
		}
	}
}

// The same letter twice, by two clerks at once too, is said with where the first one is.
func TestTwinsAreSaid(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	second := c.hire("pelaksana", "DPU", p.second.desk, PermRegister)
	var wg sync.WaitGroup
	errors2 := make([]error, 2)
	for i, w := range []worker{p.clerk, second} {
		wg.Go(func() { _, errors2[i] = c.Record(c.ctx, w.Actor, w.desk, p.arrival(), fmt.Sprint("a", i)) })
	}
	wg.Wait()
	twin := func(err error) *TwinError {
		t.Helper()
		var out *TwinError
		if !errors.As(err, &out) || errs.KindOf(err) != errs.Conflict || len(out.Twins) != 1 {
			t.Fatalf("got %v", err)
		}
		return out
	}
	if (errors2[0] == nil) == (errors2[1] == nil) {
		t.Fatalf("one of two: %v, %v", errors2[0], errors2[1])
	}
	got := twin(errors.Join(errors2...))
	in := p.arrival()
	in.Sender, in.Number = "DINAS PUPR  PROVINSI", "600-123-pupr"
	_, err := c.Record(c.ctx, p.clerk.Actor, p.clerk.desk, in, "b")
	if twin(err).Twins[0].ID != got.Twins[0].ID || got.Twins[0].Agenda != "1/2026" {
		t.Errorf("twins %+v", got)
	}
	in.Twin = true
	if done := c.record(p.clerk, in); done.Agenda != "2/2026" {
		t.Errorf("taken all the same: %+v", done)
	}
	other := p.arrival()
	other.To = p.other.desk
	c.record(p.otherClerk, other) // another office got it too

	first := p.arrival()
	first.Number, first.Papers = "1", []int64{c.scan(p.clerk, "a.txt", "isi yang sama")}
	c.record(p.clerk, first)
	first.Number, first.Papers = "2", []int64{c.scan(p.clerk, "b.txt", "isi yang sama")}
	_, err = c.Record(c.ctx, p.clerk.Actor, p.clerk.desk, first, "c")
	if !twin(err).Twins[0].File {
		t.Error("the same scan is not said")
	}
	if left, err := c.LooseOf(c.ctx, p.clerk.Actor, first.Papers); err != nil || len(left) != 1 {
		t.Errorf("what was refused lost its scan: %+v, %v", left, err)
	}
	c.exec(`UPDATE eoffice_letter SET status = 'dibatalkan' WHERE sender_number = '1'`)
	c.record(p.clerk, first)
}

// Wrong entries are mended with a trail, or withdrawn with their number explained, as long
// as they lie at the tata usaha.
func TestWrongEntriesAreMended(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	in := p.arrival()
	in.Papers = []int64{c.scan(p.clerk, "salah.txt", "surat orang lain")}
	done := c.record(p.clerk, in)
	in = p.arrival()
	in.Number, in.Subject, in.To, in.Urgency, in.Drop = "600/321/PUPR", "Data jembatan rusak", p.second.desk, Urgent, []int64{c.files(done.ID)[0].ID}
	c.must(c.Correct(c.ctx, p.clerk.Actor, Act{ID: done.ID}, in))
	d := c.open(p.clerk, done.ID)
	said := d.Events[len(d.Events)-1].Reason
	for _, w := range []string{"“600/123/PUPR” menjadi “600/321/PUPR”", "Data jalan rusak", "Urgensi", "Yang dituju", "Pindaian dihapus"} {
		if !strings.Contains(said, w) {
			t.Errorf("%q is not in the trail: %s", w, said)
		}
	}
	if raw := one[string](c, `SELECT string_agg(detail::text || reason, '') FROM eoffice_event WHERE letter_id = $1`, done.ID); strings.Contains(raw, "jalan") {
		t.Errorf("what it was lies in the open: %s", raw)
	}
	if len(d.Files) != 0 || d.Content.Subject != in.Subject || d.Urgency != Urgent {
		t.Errorf("corrected: %+v", d)
	}
	if found, _, err := c.Search(c.ctx, p.clerk.Actor, Query{Text: "jembatan"}, 0); err != nil || len(found) != 1 {
		t.Errorf("found %+v, %v", found, err)
	}
	c.sameAsReplay(t, done.ID)
	second := p.arrival()
	second.Number = "lain"
	gone := c.record(p.clerk, second)
	errstest.Field(t, c.Withdraw(c.ctx, p.clerk.Actor, Act{ID: gone.ID}), ControlReason)
	c.must(c.Withdraw(c.ctx, p.clerk.Actor, Act{ID: gone.ID, Reason: "Tercatat dua kali"}))
	lines, err := c.BookOf(c.ctx, p.clerk.Actor, Book{UnitID: c.unit("DPU"), Year: 2026}, 0, BookPage)
	if err != nil || len(lines) != 2 || !strings.Contains(lines[0].Gap, "Tercatat dua kali") || lines[1].Gap != "" {
		t.Errorf("the agenda: %+v, %v", lines, err)
	}
	c.sameAsReplay(t, gone.ID)
	_, err = c.Direct(c.ctx, p.clerk.Actor, Act{ID: done.ID})
	c.must(err)
	errstest.Kind(t, c.Correct(c.ctx, p.clerk.Actor, Act{ID: done.ID}, in), errs.Conflict)

	// Not for this desk: it comes back and goes to another one with its number.
	r := c.recipient(done.ID, p.second.desk)
	c.must(c.GiveBack(c.ctx, p.second.Actor, r.ID, "Bukan tugas sekretariat"))
	errstest.Kind(t, c.Resend(c.ctx, p.clerk.Actor, r.ID), errs.Conflict)
	errstest.Field(t, c.Redirect(c.ctx, p.clerk.Actor, r.ID, p.other.desk), ControlTo)
	errstest.Kind(t, c.Redirect(c.ctx, p.stranger.Actor, r.ID, p.head.desk), errs.NotFound)
	c.must(c.Redirect(c.ctx, p.clerk.Actor, r.ID, p.head.desk))
	if r := c.recipient(done.ID, p.head.desk); r.Status != TakenIn || r.Agenda() != "1/2026" {
		t.Errorf("redirected: %+v", r)
	}
	c.open(p.head, done.ID)
	c.sameAsReplay(t, done.ID)
}

// Every gap is said at its control.
func TestAnArrivalSaysWhatItLacks(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	for control, change := range map[string]func(*Arrival){
		ControlSender:      func(in *Arrival) { in.Sender = " " },
		ControlNumber:      func(in *Arrival) { in.Number = strings.Repeat("9", 121) },
		ControlDate:        func(in *Arrival) { in.Date = c.clock.Now().AddDate(0, 0, 1) },
		ControlReceived:    func(in *Arrival) { in.Received = in.Date.AddDate(0, 0, -1) },
		ControlSubject:     func(in *Arrival) { in.Subject = "" },
		ControlSecrecy:     func(in *Arrival) { in.Secrecy = "X" },
		ControlUrgency:     func(in *Arrival) { in.Urgency = "" },
		ControlChannel:     func(in *Arrival) { in.Channel = "burung" },
		ControlKind:        func(in *Arrival) { in.Kind = "?" },
		ControlPlace:       func(in *Arrival) { in.Place = "" },
		ControlKKA:         func(in *Arrival) { in.KKA = "999.9" },
		ControlTo:          func(in *Arrival) { in.To = p.other.desk },
		ControlOtherSystem: func(in *Arrival) { in.Other = "7" },
		ControlFile:        func(in *Arrival) { in.Papers = []int64{999} },
	} {
		in := p.arrival()
		change(&in)
		_, err := c.Record(c.ctx, p.clerk.Actor, p.clerk.desk, in, "kunci-"+control)
		errstest.Field(t, err, control)
	}
	_, err := c.Record(c.ctx, p.drafter.Actor, p.drafter.desk, p.arrival(), "bukan-tu")
	errstest.Kind(t, err, errs.Forbidden)
	_, err = c.ArrivalForm(c.ctx, p.drafter.Actor, 0)
	errstest.Kind(t, err, errs.Forbidden)
	if n := one[int64](c, `SELECT count(*) FROM eoffice_letter`); n != 0 {
		t.Errorf("%d letters of what was refused", n)
	}
	if done := c.record(p.clerk, p.arrival()); done.Agenda != "1/2026" {
		t.Errorf("what was refused took numbers: %+v", done)
	}
}

// Of a secret letter the tata usaha writes down the envelope, nothing more, and sees nothing
// more. Its addressee sees it, and no scan or name of it lies in the open.
func TestSecretArrivalsAreEnvelopes(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	for _, s := range []Secrecy{Secret, HighlySecret} {
		in := p.arrival()
		in.Secrecy, in.Number = s, "R-"+string(s)
		_, err := c.Record(c.ctx, p.clerk.Actor, p.clerk.desk, in, "hal-"+string(s))
		errstest.Field(t, err, ControlSubject)
		in.Subject, in.Papers = "", []int64{c.scan(p.clerk, "amplop.txt", "isi amplop "+string(s))}
		_, err = c.Record(c.ctx, p.clerk.Actor, p.clerk.desk, in, "pindai-"+string(s))
		errstest.Field(t, err, ControlFile)
		in.Papers = nil
		done := c.record(p.clerk, in)
		if d := c.open(p.clerk, done.ID); d.See != Envelope || d.Sender.Sender == "" || len(d.Events) != 0 {
			t.Errorf("%s: the tata usaha sees %+v", s, d)
		}
		_, err = c.Direct(c.ctx, p.clerk.Actor, Act{ID: done.ID})
		c.must(err)
		if d := c.open(p.head, done.ID); d.See == Nothing {
			t.Errorf("%s: the head sees nothing", s)
		}
		_, err = c.Open(c.ctx, p.second.Actor, done.ID)
		errstest.Kind(t, err, errs.NotFound)
		c.sameAsReplay(t, done.ID)
	}
	// Raised while it lies at the tata usaha: what was open is nowhere any more.
	in := p.arrival()
	in.Subject, in.Papers = "Kasus Daeng Naba", []int64{c.scan(p.clerk, "Daeng Naba.txt", "tentang Daeng Naba")}
	done := c.record(p.clerk, in)
	file := c.files(done.ID)[0]
	c.must(c.ReadWords(c.ctx, file.ID))
	in = p.arrival()
	in.Secrecy, in.Subject, in.Twin = Secret, "", true
	errstest.Field(t, c.Correct(c.ctx, p.clerk.Actor, Act{ID: done.ID}, in), ControlFile)
	in.Drop = []int64{file.ID}
	c.must(c.Correct(c.ctx, p.clerk.Actor, Act{ID: done.ID}, in))
	for _, table := range []string{"eoffice_letter", "eoffice_event", "eoffice_search", "eoffice_file", "eoffice_tray", "audit_entry", "notify_message"} {
		if one[bool](c, `SELECT EXISTS (SELECT FROM `+table+` x WHERE x::text ILIKE '%naba%')`) {
			t.Errorf("%s still knows the name", table)
		}
	}
	if _, _, err := c.OpenFile(c.ctx, p.clerk.Actor, done.ID, file.ID); errs.KindOf(err) != errs.NotFound {
		t.Errorf("the scan is still there: %v", err)
	}
}

// Scans of forms that nobody finished do not stay; nobody else's office sees them.
func TestScansWaitInTheTray(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	id := c.scan(p.clerk, "surat.txt", "isi surat")
	if _, _, err := c.OpenLoose(c.ctx, p.otherClerk.Actor, id); errs.KindOf(err) != errs.NotFound {
		t.Errorf("another office: %v", err)
	}
	body, l, err := c.OpenLoose(c.ctx, p.clerk.Actor, id)
	c.must(err)
	b := new(bytes.Buffer)
	if _, err := b.ReadFrom(body); err != nil || b.String() != "isi surat" || l.Ending() != "txt" {
		t.Errorf("%q, %+v, %v", b, l, err)
	}
	c.must(body.Close())
	in := p.arrival()
	in.To, in.Papers = p.other.desk, []int64{id}
	_, err = c.Record(c.ctx, p.otherClerk.Actor, p.otherClerk.desk, in, "curi")
	errstest.Field(t, err, ControlFile)
	left, err := c.Unfinished(c.ctx, p.clerk.Actor)
	c.must(err)
	if len(left) != 1 || left[0].ID != id || !left[0].GoesAt().Equal(c.clock.Now().AddDate(0, 0, 2)) {
		t.Errorf("left are %+v", left)
	}
	c.clock.Advance(49 * time.Hour)
	if n, err := c.SweepTray(c.ctx); err != nil || n != 1 {
		t.Errorf("swept %d, %v", n, err)
	}
	if _, _, err := c.blobs.Get(c.ctx, l.BlobKey); errs.KindOf(err) != errs.NotFound {
		t.Errorf("the file stayed: %v", err)
	}
}

// A desk at which nobody sits is refused with whom to choose.
func TestNothingIsDirectedToAnEmptyDesk(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	empty := c.hire("struktural", "DPU", p.head.desk)
	c.exec(`UPDATE org_occupancy SET ends_at = $2 WHERE position_id = $1`, empty.desk, c.clock.Now().Add(-time.Hour))
	in := p.arrival()
	in.To = empty.desk
	done := c.record(p.clerk, in)
	_, err := c.Direct(c.ctx, p.clerk.Actor, Act{ID: done.ID})
	errstest.Kind(t, err, errs.Conflict)
	if !strings.Contains(errs.MessageOf(err), p.head.Name) {
		t.Errorf("nobody is offered: %s", errs.MessageOf(err))
	}
	if s := c.state(done.ID); s.Status != Recorded {
		t.Errorf("it went to %s", s.Status)
	}
}

// The form knows earlier senders and the city's offices.
func TestSendersAreCompleted(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	in := p.arrival()
	in.Sender = "PT Aspal Jaya"
	c.record(p.clerk, in)
	f, err := c.ArrivalForm(c.ctx, p.clerk.Actor, 0)
	c.must(err)
	if f.Senders[0] != "PT Aspal Jaya" || !slices.Contains(f.Senders, "Badan Perencanaan Pembangunan Daerah") || len(f.Desks) == 0 || f.Desks[0].PositionID != p.head.desk {
		t.Errorf("%+v, %v", f.Desks, f.Senders[:3])
	}
	other, err := c.ArrivalForm(c.ctx, p.otherClerk.Actor, 0)
	c.must(err)
	if slices.Contains(other.Senders, "PT Aspal Jaya") {
		t.Error("another office's correspondents are shown")
	}
}
