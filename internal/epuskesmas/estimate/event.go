package estimate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// EventKind is what was clicked or asked; the names are those of the record's format.
type EventKind string

// The kinds of lines of a record.
const (
	Announced    EventKind = "sesi"
	Booked       EventKind = "pesan"
	CheckedIn    EventKind = "hadir"
	DoctorHere   EventKind = "dokter_hadir"
	DoctorAbsent EventKind = "dokter_absen"
	Called       EventKind = "panggil"
	Started      EventKind = "mulai"
	Finished     EventKind = "selesai"
	Unanswered   EventKind = "lewati"
	NoShow       EventKind = "tidak_hadir"
	Withdrawn    EventKind = "batal"
	Paused       EventKind = "jeda"
	Resumed      EventKind = "lanjut"
	Closed       EventKind = "tutup"
	Asked        EventKind = "tanya"
)

// Class is how urgent a patient is.
type Class string

// The classes.
const (
	Regular   Class = "biasa"
	Priority  Class = "prioritas"
	Emergency Class = "darurat"
)

// Origin is how a number was taken.
type Origin string

// The origins.
const (
	Online Origin = "daring"
	WalkIn Origin = "loket"
)

// Event is one line of a record. Which fields count depends on Kind.
type Event struct {
	At      time.Time `json:"t"`
	Kind    EventKind `json:"e"`
	Session string    `json:"sesi"`

	Poli    string       `json:"poli,omitempty"`
	Begins  *time.Time   `json:"mulai,omitempty"`
	Ends    *time.Time   `json:"selesai,omitempty"`
	Doctors oneOrMore    `json:"dokter,omitempty"`
	Ticket  string       `json:"tiket,omitempty"`
	Number  TicketNumber `json:"nomor,omitempty"`
	Origin  Origin       `json:"asal,omitempty"`
	Class   Class        `json:"prioritas,omitempty"`
	Advised *time.Time   `json:"disarankan,omitempty"`
	Reason  string       `json:"alasan,omitempty"`
	ID      string       `json:"id,omitempty"`
}

// Doctor of an event that is about one.
func (e Event) Doctor() string {
	if len(e.Doctors) == 0 {
		return ""
	}
	return e.Doctors[0]
}

// oneOrMore is a doctor or a list of them.
type oneOrMore []string

func (o *oneOrMore) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(b, []byte("[")) {
		return json.Unmarshal(b, (*[]string)(o))
	}
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	*o = oneOrMore{s}
	return nil
}

func (o oneOrMore) MarshalJSON() ([]byte, error) {
	if len(o) == 1 {
		return json.Marshal(o[0])
	}
	return json.Marshal([]string(o))
}

// TicketNumber orders the tickets: the digits of "A-017" or 17; 0 when there are none.
type TicketNumber int

var lastDigits = regexp.MustCompile(`([0-9]{1,9})[^0-9]*$`)

func (n *TicketNumber) UnmarshalJSON(b []byte) error {
	if m := lastDigits.FindSubmatch(b); m != nil {
		v, err := strconv.Atoi(string(m[1]))
		*n = TicketNumber(v)
		return err
	}
	return nil
}

// ParseEvent reads a line of a record and says what is wrong with it.
func ParseEvent(line []byte) (e Event, err error) {
	if err := json.Unmarshal(line, &e); err != nil {
		return e, fmt.Errorf("not a line of a record: %w", err)
	}
	switch {
	case e.At.IsZero():
		return e, fmt.Errorf("no time t")
	case e.Session == "":
		return e, fmt.Errorf("no sesi")
	}
	need := func(ok bool, field string) {
		if !ok && err == nil {
			err = fmt.Errorf("%s without %s", e.Kind, field)
		}
	}
	switch e.Kind {
	case Announced:
		need(e.Poli != "", "poli")
		need(e.Begins != nil, "mulai")
		need(e.Ends != nil, "selesai")
		need(len(e.Doctors) > 0, "dokter")
		if err == nil && !e.Ends.After(*e.Begins) {
			err = fmt.Errorf("sesi ends before it begins")
		}
	case Booked:
		need(e.Ticket != "", "tiket")
		need(e.Origin == Online || e.Origin == WalkIn, "asal daring or loket")
		if e.Class == "" {
			e.Class = Regular
		}
		need(e.Class == Regular || e.Class == Priority || e.Class == Emergency, "prioritas biasa, prioritas or darurat")
	case CheckedIn, NoShow, Withdrawn:
		need(e.Ticket != "", "tiket")
	case Called, Started, Finished, Unanswered:
		need(e.Ticket != "", "tiket")
		need(e.Kind == Unanswered || e.Doctor() != "", "dokter")
	case DoctorHere, DoctorAbsent, Paused, Resumed:
		need(e.Doctor() != "", "dokter")
	case Closed:
	case Asked:
		need(e.ID != "", "id")
		need(e.Ticket != "", "tiket")
	default:
		err = fmt.Errorf("unknown event %q", e.Kind)
	}
	return e, err
}
