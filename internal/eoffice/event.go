package eoffice

import (
	"fmt"
	"time"
)

// Event is one thing that happened to a letter; it is never changed.
type Event struct {
	Seq        int // 1, 2, 3 … within the letter
	Action     Action
	From, To   Status
	At         time.Time
	ActorID    int64  // account; 0 = the portal itself
	PositionID int64  // in which they acted
	Seat       string // definitif, plt, plh
	Title      string // of the position
	Role       string
	Minutes    int // of working time that it lay there before
	Reason     string
	Change     Change
}

// Change is what an event changes besides the status. Absent parts change nothing.
type Change struct {
	Secrecy Secrecy    `json:"sifat,omitempty"`
	Urgency Urgency    `json:"urgensi,omitempty"`
	Mode    Mode       `json:"cara,omitempty"`
	Version int        `json:"versi,omitempty"`
	Content []byte     `json:"isi,omitempty"` // its hash
	Chain   []Link     `json:"rantai,omitempty"`
	Step    *int       `json:"langkah,omitempty"`
	Due     *time.Time `json:"batas,omitempty"`
	Year    int        `json:"tahun,omitempty"`
	No      int64      `json:"urut,omitempty"`
	Number  string     `json:"nomor,omitempty"`
	Blocks  []Block    `json:"blok,omitempty"`
	Dated   *time.Time `json:"tertanggal,omitempty"` // where the paper is older than the event
	PDF     string     `json:"pdf,omitempty"`
	Scan    string     `json:"pindaian,omitempty"`
	Hash    []byte     `json:"hash,omitempty"` // of the file

	Cause Cause `json:"sebab,omitempty"` // of a return

	Screen int64 `json:"penyaring,omitempty"` // who screens what arrived

	Words *Words `json:"kata,omitempty"` // what is confidential: a reason, the report of an order, what a correction changed

	// Of an opinion.
	Stance Stance `json:"pendapat,omitempty"`
	By     string `json:"nama,omitempty"` // who gave it

	// Of an order.
	Reply  int64      `json:"balasan,omitempty"`     // the letter that answers
	Asked  *time.Time `json:"dimohon,omitempty"`     // until when it asks to have
	Answer *time.Time `json:"jawab_batas,omitempty"` // until when the giver should answer
}

// Apply is the state after e, of a letter whose drafter sits at a position. It checks
// nothing: [Decide] makes events.
func Apply(s State, drafterID int64, e Event) State {
	at, c := e.At, e.Change
	s.Seq, s.Status, s.DueAt = e.Seq, e.To, c.Due
	if e.From != e.To || c.Step != nil && *c.Step != s.Step {
		s.StatusAt = at
	}
	if c.Secrecy != "" {
		s.Secrecy = c.Secrecy
	}
	if c.Urgency != "" {
		s.Urgency = c.Urgency
	}
	if c.Mode != "" {
		s.Mode = c.Mode
	}
	if c.Version != 0 {
		s.Version, s.ContentHash = c.Version, c.Content
	}
	if c.Chain != nil {
		s.Chain = c.Chain
	}
	if c.Step != nil {
		s.Step = *c.Step
	}
	if c.No != 0 {
		s.LetterYear, s.LetterNo, s.LetterNumber = c.Year, c.No, c.Number
	}
	if c.Blocks != nil {
		s.Blocks, s.DatedAt = c.Blocks, &at
	}
	if c.Dated != nil {
		s.DatedAt = c.Dated
	}
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
	case e.To == Mending, e.Action == ActSignFail && s.PDFKey == "":
		// What the signers had before them is made anew; the number stays.
		s.Blocks, s.DatedAt, s.PDFKey, s.ScanKey, s.PDFHash = nil, nil, "", "", nil
	case e.To == Signed:
		s.SignedAt = &at
	case e.To == Sent && e.From != Sent:
		s.SentAt = &at
	case e.To == Revoked:
		s.RevokeReason = e.Reason
	case e.To == Destroyed:
		s.PDFKey, s.ScanKey, s.RevokeReason = "", "", ""
	}
	s.DeskID = deskOf(s, drafterID)
	return s
}

// deskOf is the position that has to do something with a letter.
func deskOf(s State, drafterID int64) int64 {
	switch s.Status {
	case Drafting, Mending:
		return drafterID
	case Verifying, AwaitingSign, Signing, Printed:
		return s.Chain[min(s.Step, len(s.Chain)-1)].PositionID
	}
	return 0
}

// Replay folds events, oldest first, into the state of the letter. An event out of order,
// or one that does not leave from where the last one led, is an error.
func Replay(drafterID int64, events []Event) (State, error) {
	var s State
	for i, e := range events {
		if e.Seq != i+1 {
			return s, fmt.Errorf("event %d has number %d", i+1, e.Seq)
		}
		if e.From != s.Status && (i > 0 || e.From != Drafting) {
			return s, fmt.Errorf("event %d leaves from %q, the letter is at %q", e.Seq, e.From, s.Status)
		}
		s = Apply(s, drafterID, e)
	}
	return s, nil
}

// replay folds the events of an order or an opinion, oldest first.
func replay[S any](events []Event, status func(S) Status, apply func(S, Event) S) (s S, err error) {
	for i, e := range events {
		if e.Seq != i+1 || e.From != status(s) {
			return s, fmt.Errorf("event %d leaves from %q, it is at %q after %d", e.Seq, e.From, status(s), i)
		}
		s = apply(s, e)
	}
	return s, nil
}
