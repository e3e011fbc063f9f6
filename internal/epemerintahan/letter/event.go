package letter

import (
	"fmt"
	"time"
)

// Event is one thing that happened to a letter; it is never changed.
type Event struct {
	Seq      int // 1, 2, 3 … within the letter
	Action   Action
	From, To Status
	At       time.Time
	ActorID  int64 // account; 0 = without one
	Role     string
	Title    string // of the position
	Reason   string
	Change   Change
}

// Change is what an event changes besides the status. Absent parts change nothing.
type Change struct {
	Clock      *Clock     `json:"jam,omitempty"`
	WithCamat  *bool      `json:"camat,omitempty"`
	Checked    *[]string  `json:"berkas,omitempty"`
	Year       int        `json:"tahun,omitempty"`
	No         int64      `json:"urut,omitempty"`
	Number     string     `json:"nomor,omitempty"`
	Blocks     []Signed   `json:"blok,omitempty"`
	Signatures []Signed   `json:"tanda_tangan,omitempty"`
	PDF        string     `json:"pdf,omitempty"`
	Scan       string     `json:"pindaian,omitempty"`
	Hash       []byte     `json:"hash,omitempty"`
	IssuedOn   *time.Time `json:"terbit,omitempty"`
	ValidUntil *time.Time `json:"berlaku,omitempty"`
	Offered    *Offered   `json:"peristiwa,omitempty"`
}

// Clock is the service clock as it was set. It stands when Due is nil.
type Clock struct {
	Used int        `json:"terpakai"`
	Due  *time.Time `json:"batas,omitempty"`
}

// Offered is the resident event that was recorded for a letter.
type Offered struct {
	ResidentID int64 `json:"penduduk"`
}

// Apply is the state after e. It checks nothing: [Decide] makes events.
func Apply(s State, e Event) State {
	at, c := e.At, e.Change
	s.Seq = e.Seq
	if e.From != e.To {
		s.StatusAt = at
	}
	s.Status, s.SigningFrom = e.To, ""
	if s.SubmittedAt == nil {
		s.SubmittedAt = &at // no draft has events
	}
	if c.Clock != nil {
		s.UsedMinutes, s.DueAt, s.RunningSince = c.Clock.Used, c.Clock.Due, nil
		if c.Clock.Due != nil {
			s.RunningSince = &at
		}
	}
	if c.WithCamat != nil {
		s.WithCamat = *c.WithCamat
	}
	if c.Checked != nil {
		s.Checked = *c.Checked
	}
	if c.No != 0 {
		s.LetterYear, s.LetterNo, s.LetterNumber = c.Year, c.No, c.Number
	}
	if c.Blocks != nil {
		s.Blocks, s.DatedAt = c.Blocks, &at
	}
	s.Signed = append(s.Signed[:len(s.Signed):len(s.Signed)], c.Signatures...)
	if c.PDF != "" {
		s.PDFKey = c.PDF
	}
	if c.Scan != "" {
		s.ScanKey = c.Scan
	}
	if c.Hash != nil {
		s.PDFHash = c.Hash
	}
	switch {
	case e.To == Issued && e.From != Issued:
		s.IssuedAt, s.IssuedOn, s.ValidUntil = &at, c.IssuedOn, c.ValidUntil
	case e.To == Submitted, e.Action == ActSignFail && e.To == AwaitingSign:
		// What the officials had before them is made anew; the number stays.
		s.Blocks, s.DatedAt, s.Signed, s.PDFKey, s.PDFHash = nil, nil, nil, "", nil
	}
	switch e.Action {
	case ActSign:
		s.SigningFrom = e.From
	case ActVoid:
		s.VoidReason = e.Reason
	case ActOffer:
		s.EffectDone = true
	}
	return s
}

// Replay folds events, oldest first, into the state of the letter. An event out of
// order, or one that does not leave from where the last one led, is an error.
func Replay(events []Event) (State, error) {
	var s State
	for i, e := range events {
		if e.Seq != i+1 {
			return s, fmt.Errorf("event %d has number %d", i+1, e.Seq)
		}
		if e.From != s.Status && (i > 0 || e.From != Draft) {
			return s, fmt.Errorf("event %d leaves from %q, the letter is at %q", e.Seq, e.From, s.Status)
		}
		s = Apply(s, e)
	}
	return s, nil
}
