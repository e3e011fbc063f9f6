package eoffice

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// Booking and signing at once take from one counter: no number twice, none left out.
func TestBookedAndSignedNumbersAreApart(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	const letters, blocks, each = 6, 6, 4
	ids := make([]int64, letters)
	for i := range ids {
		ids[i] = c.submit(p, p.draft())
		c.toSign(p, ids[i])
	}
	n := NewBooking{UnitID: c.unit("DPU"), Series: "surat", Count: each, Holder: "Sekretariat", Reason: "Portal padam hari ini", Expires: c.clock.Now().Add(48 * time.Hour)}
	var wait sync.WaitGroup
	var mu sync.Mutex
	var got []int64
	for _, id := range ids {
		wait.Go(func() {
			if err := c.sign(p.head, id).Err; err != nil {
				t.Error(err)
			}
		})
	}
	for range blocks {
		wait.Go(func() {
			list, err := c.BookNumbers(c.ctx, p.clerk.Actor, n)
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			for i, b := range list {
				if i > 0 && b.No != list[i-1].No+1 {
					t.Errorf("a block is not of one piece: %d after %d", b.No, list[i-1].No)
				}
				got = append(got, b.No)
			}
		})
	}
	wait.Wait()
	for _, id := range ids {
		got = append(got, c.state(id).LetterNo)
	}
	slices.Sort(got)
	for i, no := range got {
		if no != int64(i+1) {
			t.Fatalf("the numbers are %v", got)
		}
	}
	if len(got) != letters+blocks*each {
		t.Errorf("%d numbers, want %d", len(got), letters+blocks*each)
	}
}

// A letter on paper takes the number that was kept for it, once; what is not used ends with
// a reason; the archivist puts one between two others. The book explains each number.
func TestBookedNumbersAndTheirBook(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	p := c.people()
	archivist := c.hire("pelaksana", "DPU", p.second.desk, PermArchive)
	unit := c.unit("DPU")
	n := NewBooking{UnitID: unit, Series: "surat", Count: 3, Holder: "Bidang Bina Marga", Reason: "Listrik padam", Expires: c.clock.Now().Add(72 * time.Hour)}
	_, err := c.BookNumbers(c.ctx, p.otherClerk.Actor, n)
	errstest.Kind(t, err, errs.NotFound)
	_, err = c.BookNumbers(c.ctx, archivist.Actor, n)
	errstest.Kind(t, err, errs.Forbidden)
	for control, spoil := range map[string]func(*NewBooking){
		ControlSeries:  func(n *NewBooking) { n.Series = "lain" },
		ControlCount:   func(n *NewBooking) { n.Count = MaxBooked + 1 },
		ControlHolder:  func(n *NewBooking) { n.Holder = " " },
		ControlWhy:     func(n *NewBooking) { n.Reason = "ya" },
		ControlExpires: func(n *NewBooking) { n.Expires = c.clock.Now() },
	} {
		bad := n
		spoil(&bad)
		_, err := c.BookNumbers(c.ctx, p.clerk.Actor, bad)
		errstest.Field(t, err, control)
	}
	kept, err := c.BookNumbers(c.ctx, p.clerk.Actor, n)
	c.must(err)
	if len(kept) != 3 || kept[0].No != 1 || kept[2].No != 3 {
		t.Fatalf("kept %+v", kept)
	}
	c.clock.Set(start.Add(26 * time.Hour)) // the portal is back a day later
	wet := p.draft()
	wet.Mode = Wet
	ready := func() int64 {
		id := c.submit(p, wet)
		c.toSign(p, id)
		return id
	}
	one, two := ready(), ready()
	print := func(id int64, b Booking, day time.Time) error {
		_, err := c.PrintBooked(c.ctx, p.clerk.Actor, Act{ID: id}, Booked{ID: b.ID, Day: day})
		return err
	}
	errstest.Field(t, print(one, kept[0], time.Time{}), ControlPaperDay)
	errstest.Field(t, print(one, kept[0], start.AddDate(0, 0, -1)), ControlPaperDay)
	errstest.Field(t, print(one, kept[0], c.clock.Now().AddDate(0, 0, 1)), ControlPaperDay)
	errstest.Field(t, print(one, Booking{ID: 999}, start), ControlBooking)
	var wait sync.WaitGroup
	refused := make([]error, 2)
	for i, id := range []int64{one, two} {
		wait.Go(func() { refused[i] = print(id, kept[0], start) })
	}
	wait.Wait()
	if (refused[0] == nil) == (refused[1] == nil) {
		t.Fatalf("two letters took one number: %v", refused)
	}
	if refused[0] != nil {
		one, two = two, one
	}
	s := c.state(one)
	if s.LetterNo != 1 || s.LetterYear != 2026 || s.DatedAt == nil || !dayOf(*s.DatedAt).Equal(dayOf(start)) || s.LetterNumber == "" {
		t.Errorf("the letter is %+v", s)
	}
	c.sameAsReplay(t, one)

	c.must(c.EndBooking(c.ctx, p.clerk.Actor, kept[1].ID, "Naskahnya batal dibuat"))
	errstest.Kind(t, c.EndBooking(c.ctx, p.clerk.Actor, kept[1].ID, "Sekali lagi"), errs.Conflict)
	errstest.Kind(t, print(two, kept[1], start), errs.Conflict)

	between := NewBooking{UnitID: unit, Series: "surat", After: 1, Day: start, Holder: "Sekretariat", Reason: "Terlewat saat padam", Expires: c.clock.Now().Add(24 * time.Hour)}
	_, err = c.BookNumbers(c.ctx, p.clerk.Actor, between)
	errstest.Kind(t, err, errs.Forbidden)
	late := between
	late.After = 99
	_, err = c.BookNumbers(c.ctx, archivist.Actor, late)
	errstest.Field(t, err, ControlAfter)
	suffixes := make([]string, 4)
	for i := range suffixes {
		wait.Go(func() {
			b, err := c.BookNumbers(c.ctx, archivist.Actor, between)
			if err != nil {
				t.Error(err)
				return
			}
			suffixes[i] = b[0].Label()
		})
	}
	wait.Wait()
	slices.Sort(suffixes)
	if got := strings.Join(suffixes, " "); got != "1.a 1.b 1.c 1.d" {
		t.Errorf("four archivists at once got %s", got)
	}
	open, err := c.Bookings(c.ctx, archivist.Actor, unit)
	c.must(err)
	at := slices.IndexFunc(open, func(b Booking) bool { return b.Suffix == "a" })
	c.must(print(two, open[at], time.Time{}))
	if s := c.state(two); s.LetterNo != 1 || !strings.Contains(s.LetterNumber, "1.a") {
		t.Errorf("the number put between is %q", s.LetterNumber)
	}

	c.clock.Set(start.Add(96 * time.Hour))
	counts := make([]int, 3)
	for i := range counts {
		wait.Go(func() {
			n, err := c.ExpireBookings(c.ctx)
			if err != nil {
				t.Error(err)
			}
			counts[i] = n
		})
	}
	wait.Wait()
	if counts[0]+counts[1]+counts[2] != 4 { // 3, 1.b, 1.c, 1.d
		t.Errorf("%v ended, want 4 in all", counts)
	}
	lines, err := c.BookOf(c.ctx, p.clerk.Actor, Book{UnitID: unit, Year: 2026, Series: "surat"}, 0, BookPage)
	c.must(err)
	var said []string
	for _, l := range lines {
		text := Booking{No: l.No, Suffix: l.Suffix}.Label()
		if l.LetterID == 0 {
			text += ": " + l.Gap
		}
		said = append(said, text)
	}
	if len(lines) != 7 || lines[6].LetterID != one || lines[5].LetterID != two || !strings.Contains(lines[0].Gap, "Listrik padam") ||
		!strings.Contains(lines[1].Gap, "batal dibuat") || !strings.Contains(lines[2].Gap, "Terlewat") {
		t.Errorf("the book says\n%s", strings.Join(said, "\n"))
	}
}
