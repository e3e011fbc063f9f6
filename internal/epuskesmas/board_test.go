package epuskesmas

import (
	"testing"
	"time"
)

// TestTimesOnTheBoardRise: what was worked out at different moments is announced in the order
// of the calls, and nothing in the past.
func TestTimesOnTheBoardRise(t *testing.T) {
	t.Parallel()
	now := start
	at := func(minutes int) *time.Time { v := now.Add(time.Duration(minutes) * time.Minute); return &v }
	next := []BoardNext{{"A-001", at(-7)}, {"A-002", at(20)}, {"A-003", nil}, {"A-004", at(12)}, {"A-005", at(31)}}
	given := *next[3].About
	old := next[3].About
	rising(now, next)
	for i, want := range []*time.Time{at(0), at(20), nil, at(20), at(31)} {
		got := next[i].About
		if (got == nil) != (want == nil) || got != nil && !got.Equal(*want) {
			t.Errorf("%s is announced for %v, want %v", next[i].Code, got, want)
		}
	}
	if !old.Equal(given) {
		t.Error("what was told to the ticket's owner was changed too")
	}
}

// TestBoardAndTicketCountAlike: people before the last of a line are the people on the board.
func TestBoardAndTicketCountAlike(t *testing.T) {
	t.Parallel()
	w := newWorks(t)
	today := func(b *Booking) { b.StartsAt = time.Date(2026, 11, 24, 8, 0, 0, 0, b.StartsAt.Location()) }
	w.book(today)
	w.book(today)
	w.register(nil)
	w.register(nil)
	w.call(w.atClinic)
	mine := w.book(today)
	ticket, err := w.Mine(w.ctx, mine.Token)
	w.must(err)
	if want := (Line{Served: 1, Here: 1, Away: 2}); ticket.Ahead != want {
		t.Errorf("before the ticket are %+v, want %+v", ticket.Ahead, want)
	}
	board, err := w.Board(w.ctx, w.board)
	w.must(err)
	for _, p := range board.Polis {
		if want := (Line{Served: 1, Here: 1, Away: 3}); p.ID == w.poli && p.Line != want {
			t.Errorf("on the board are %+v, want %+v with the ticket's owner", p.Line, want)
		}
	}
	w.must(w.CheckIn(w.ctx, mine.Token))
	board, err = w.Board(w.ctx, w.board)
	w.must(err)
	for _, p := range board.Polis {
		if want := (Line{Served: 1, Here: 2, Away: 2}); p.ID == w.poli && (p.Line != want || len(p.Next) != 2) {
			t.Errorf("once they are here there are %+v, %d next", p.Line, len(p.Next))
		}
	}
}
