package eoffice

import "slices"

// Secrecy is how many may know of a letter, after the four levels of official
// correspondence: biasa, terbatas, rahasia, sangat rahasia.
type Secrecy string

// The levels, from the open to the most secret.
const (
	Open         Secrecy = "B"
	Restricted   Secrecy = "T"
	Secret       Secrecy = "R"
	HighlySecret Secrecy = "SR"
)

// Secrecies lists the levels, the open first.
var Secrecies = []Secrecy{Open, Restricted, Secret, HighlySecret}

// Label names the level.
func (s Secrecy) Label() string {
	return map[Secrecy]string{Open: "Biasa", Restricted: "Terbatas", Secret: "Rahasia", HighlySecret: "Sangat rahasia"}[s]
}

// Rank orders levels: 0 for the open.
func (s Secrecy) Rank() int { return slices.Index(Secrecies, s) }

// Confidential tells whether only named desks may know what a letter says.
func (s Secrecy) Confidential() bool { return s == Secret || s == HighlySecret }

// Kept tells whether the portal shows, prints, sends and finds what a letter says. Of the
// most secret it has the envelope; the letter is paper. Where the city keeps what it says all
// the same, that is under seal and to look at only: [Module.OpenBody].
func (s Secrecy) Kept() bool { return s != HighlySecret }

// PassedOn tells whether orders are given about a letter. The most secret ones are for whom they
// name and nobody else.
func (s Secrecy) PassedOn() bool { return s != HighlySecret }

// HiddenSubject stands where the subject of a confidential letter is not shown.
const HiddenSubject = "RAHASIA"

// View is how much somebody may see of a letter.
type View uint8

// From nothing to everything.
const (
	Nothing  View = iota
	Envelope      // from, to, number, date, urgency
	Whole
)

// Closeness is what somebody is to a letter as far as seeing it goes.
type Closeness uint8

// From the farthest to the nearest.
const (
	Stranger  Closeness = iota
	Colleague           // reads what is open in the unit
	Clerk               // tata usaha of the office that sends it or of one that gets it, and their archivist once it is finished
	Named               // their desk had it
)

// Matrix is who sees how much of a letter: Matrix[secrecy][closeness].
var Matrix = map[Secrecy][4]View{
	Open:         {Nothing, Whole, Whole, Whole},
	Restricted:   {Nothing, Nothing, Whole, Whole},
	Secret:       {Nothing, Nothing, Envelope, Whole},
	HighlySecret: {Nothing, Nothing, Envelope, Envelope},
}

// Urgency is how fast a letter goes and is dealt with.
type Urgency string

// The degrees.
const (
	Ordinary   Urgency = "biasa"
	Urgent     Urgency = "segera"
	VeryUrgent Urgency = "sangat_segera"
	Flash      Urgency = "kilat"
)

// Urgencies lists the degrees, the ordinary first.
var Urgencies = []Urgency{Ordinary, Urgent, VeryUrgent, Flash}

// Label names the degree.
func (u Urgency) Label() string {
	return map[Urgency]string{Ordinary: "Biasa", Urgent: "Segera", VeryUrgent: "Sangat segera", Flash: "Kilat"}[u]
}
