package estimate

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"
)

// maxLine of a record, in bytes.
const maxLine = 1 << 20

// Answer is one line of what a backtest says.
type Answer struct {
	ID     string    `json:"id"`
	At     time.Time `json:"t"`
	Ticket string    `json:"tiket"`
	P10    time.Time `json:"p10"`
	P50    time.Time `json:"p50"`
	P90    time.Time `json:"p90"`
}

// LineError is a line of a record that cannot be.
type LineError struct {
	Line int
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }
func (e *LineError) Unwrap() error { return e.Err }

// Backtest replays a record of days and answers its questions, each from the lines
// before it alone. It fails with a [*LineError] at the first line that cannot be; the
// answers before it are written.
func Backtest(in io.Reader, out io.Writer) error {
	w := bufio.NewWriter(out)
	defer w.Flush()
	b := NewReplay()
	enc := json.NewEncoder(w)
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	n := 0
	for lines.Scan() {
		n++
		line := bytes.TrimSpace(bytes.TrimPrefix(lines.Bytes(), []byte("\ufeff")))
		if len(line) == 0 {
			continue
		}
		e, err := ParseEvent(line)
		if err != nil {
			return &LineError{n, err}
		}
		a, err := b.Next(e)
		if err != nil {
			return &LineError{n, err}
		}
		if a == nil {
			continue
		}
		if err := enc.Encode(a); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return &LineError{n + 1, err}
	}
	return w.Flush()
}

// Replay follows a record line by line.
type Replay struct {
	models   map[string]*Model
	sessions map[string]*open
	running  []*open
	last     time.Time
}

// open is a session with the answers whose truth is not known yet.
type open struct {
	*Session
	asked map[string][]Estimate // by ticket
	ended bool
}

// NewReplay knows nothing yet.
func NewReplay() *Replay { return &Replay{models: map[string]*Model{}, sessions: map[string]*open{}} }

// Next takes the next event; the answer is nil unless it asks.
func (b *Replay) Next(e Event) (*Answer, error) {
	if e.At.Before(b.last) {
		return nil, fmt.Errorf("t is before the line above")
	}
	b.last = e.At
	if e.Kind == Announced {
		return nil, b.announce(e)
	}
	s, ok := b.sessions[e.Session]
	if !ok {
		return nil, fmt.Errorf("sesi %q is not known", e.Session)
	}
	if e.Kind == Asked {
		return b.answer(s, e)
	}
	if err := s.Apply(e); err != nil {
		return nil, err
	}
	switch e.Kind {
	case Started:
		b.observe(s, e)
	case Closed:
		b.settle(s)
	}
	return nil, nil
}

func (b *Replay) announce(e Event) error {
	if _, known := b.sessions[e.Session]; known {
		return fmt.Errorf("sesi %q was there before", e.Session)
	}
	m := b.models[e.Poli]
	if m == nil {
		m = NewModel()
		b.models[e.Poli] = m
	}
	// A session that nobody closed is over when a later one of the poli begins.
	for _, s := range slices.Clone(b.running) {
		if s.Poli == e.Poli && e.At.After(s.Ends.Add(12*time.Hour)) {
			b.settle(s)
		}
	}
	s := &open{Session: NewSession(e, m.ByArrival()), asked: map[string][]Estimate{}}
	b.sessions[e.Session] = s
	b.running = append(b.running, s)
	return nil
}

func (b *Replay) observe(s *open, e Event) {
	for _, a := range s.asked[e.Ticket] {
		b.models[s.Poli].Observe(a, e.At)
	}
	delete(s.asked, e.Ticket)
}

// settle learns from a session, once.
func (b *Replay) settle(s *open) {
	if s.ended {
		return
	}
	s.ended, s.closed, s.asked = true, true, nil
	b.running = slices.DeleteFunc(b.running, func(o *open) bool { return o == s })
	b.models[s.Poli].Learn(s.Session)
}

func (b *Replay) answer(s *open, e Event) (*Answer, error) {
	i, ok := s.byID[e.Ticket]
	if !ok {
		return nil, fmt.Errorf("ticket %q is not known", e.Ticket)
	}
	a := &Answer{ID: e.ID, At: e.At, Ticket: e.Ticket, P10: e.At, P50: e.At, P90: e.At}
	est, ok := b.models[s.Poli].Ticket(s.Session, e.Ticket, e.At)
	if !ok {
		// Called or served already: the start is now, or was.
		if t := s.tickets[i]; t.place == called {
			a.P90 = e.At.Add(time.Minute)
		}
		return a, nil
	}
	if s.asked != nil {
		s.asked[e.Ticket] = append(s.asked[e.Ticket], est)
	}
	a.P10, a.P50, a.P90 = est.P10.In(e.At.Location()), est.P50.In(e.At.Location()), est.P90.In(e.At.Location())
	return a, nil
}
