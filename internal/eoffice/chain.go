package eoffice

import (
	"slices"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Duty is what a desk of the chain does with a letter.
type Duty string

// The duties.
const (
	Paraf Duty = "paraf"
	Sign  Duty = "ttd"
)

// Mode is how a letter is signed.
type Mode string

// The modes.
const (
	Electronic Mode = "tte"
	Wet        Mode = "basah" // in ink, scanned back
)

// Link is one desk of the chain.
type Link struct {
	PositionID int64  `json:"jabatan"`
	Title      string `json:"nama"` // of the position
	Duty       Duty   `json:"tugas"`
	// ForID is the position in whose name it signs (a.n.), 0: its own.
	ForID int64 `json:"atas_nama,omitempty"`
	// Version of the content that it agreed to, 0: none yet. With another version it has not.
	Version int    `json:"versi,omitempty"`
	By      string `json:"oleh,omitempty"` // who did
	Seat    string `json:"sebagai,omitempty"`
}

// maxChain bounds a chain; longer ones nobody reads.
const maxChain = 12

// next is the first desk that has not agreed to the version; len(chain) when all have.
func next(chain []Link, version int) int {
	i := slices.IndexFunc(chain, func(l Link) bool { return l.Version != version })
	if i < 0 {
		return len(chain)
	}
	return i
}

// statusAt is where a letter stands that lies at step i of its chain.
func statusAt(chain []Link, i int) Status {
	switch {
	case i >= len(chain):
		return Signed
	case chain[i].Duty == Sign:
		return AwaitingSign
	}
	return Verifying
}

// checkChain says what is wrong with a chain: it ends with whoever signs, nobody stands in
// it twice, and paraf come before signatures.
func checkChain(chain []Link) error {
	field := func(message string) error { return errs.Invalid(errs.Field{Name: ControlSigner, Message: message}) }
	switch {
	case len(chain) == 0 || chain[len(chain)-1].Duty != Sign:
		return field("Pilih siapa yang menandatangani.")
	case len(chain) > maxChain:
		return field("Paling banyak 12 pemaraf dan penanda tangan.")
	}
	seen, signing := map[int64]bool{}, false
	for _, l := range chain {
		if seen[l.PositionID] {
			return field(l.Title + " tercantum dua kali.")
		}
		seen[l.PositionID] = true
		if signing && l.Duty == Paraf {
			return field("Semua paraf diberikan sebelum tanda tangan.")
		}
		signing = l.Duty == Sign
	}
	return nil
}

// agreed is the chain with the desk at step i in agreement with a version.
func agreed(chain []Link, i, version int, by, seat string) []Link {
	out := slices.Clone(chain)
	out[i].Version, out[i].By, out[i].Seat = version, by, seat
	return out
}

// inked is the chain of a letter that everybody whom its paper names has signed.
func inked(c *Case) []Link {
	out := slices.Clone(c.Chain)
	for i, l := range out {
		for _, b := range c.Blocks {
			if l.Duty == Sign && b.PositionID == l.PositionID {
				out[i].Version, out[i].By, out[i].Seat = c.Version, b.Name, b.Seat
			}
		}
	}
	return out
}

// unsigned is the chain without what was signed; paraf stay.
func unsigned(chain []Link) []Link {
	out := slices.Clone(chain)
	for i := range out {
		if out[i].Duty == Sign {
			out[i].Version, out[i].By, out[i].Seat = 0, "", ""
		}
	}
	return out
}
