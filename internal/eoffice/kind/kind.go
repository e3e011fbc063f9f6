// Package kind is what kinds of letters there are and how each looks on paper, after the
// groups of Permenpan-RB 80/2012 and the kinds in use in cities.
package kind

import "slices"

// Group is what a kind of letter is for.
type Group string

// The groups.
const (
	Regulating Group = "arahan-pengaturan"
	Deciding   Group = "arahan-penetapan"
	Assigning  Group = "arahan-penugasan"
	Internal   Group = "korespondensi-internal"
	External   Group = "korespondensi-eksternal"
	Special    Group = "khusus"
)

// Groups lists the groups in the order of forms.
var Groups = []Group{Internal, External, Assigning, Regulating, Deciding, Special}

// Label names the group.
func (g Group) Label() string {
	return map[Group]string{
		Regulating: "Naskah pengaturan", Deciding: "Naskah penetapan", Assigning: "Naskah penugasan", Internal: "Korespondensi internal",
		External: "Korespondensi eksternal", Special: "Naskah khusus",
	}[g]
}

// Layout is how the paper is laid out.
type Layout uint8

// The layouts.
const (
	AsLetter Layout = iota // date, Nomor, Sifat, Lampiran, Hal, Yth.
	AsNote                 // title, a table of Yth., Dari, Tanggal, Nomor …
	AsDecree               // title, NOMOR … TAHUN …, TENTANG
	AsTitled               // title and number
)

// Kind is what a letter is, as data.
type Kind struct {
	Code, Name string
	Group      Group
	Layout     Layout
	// Pattern of its numbers, as package numbering reads it. Of a confidential letter the
	// degree stands before {no}.
	Pattern string
	// Series: kinds of one series are counted together in an office.
	Series string
	KKA    string // classification to begin with; "": the drafter chooses
	// Addressed: it goes to somebody. Outside: it may go to people outside the city's offices.
	Addressed, Outside bool
	// Strategic: it changes somebody's standing, so who only stands in does not sign it (UU
	// 30/2014 art. 14).
	Strategic bool
	// Event: it invites to something at a time. Leave: it explains an absence of those named.
	Event, Leave bool
	Template     string // to begin with; gaps to fill are [ … ] with dots
}

// Patterns of numbers: of letters after Permendagri 83/2022, of notes, of decrees.
const (
	letterPattern = "{kka}/{no}/{unit}/{bulan_romawi}/{tahun}"
	plainPattern  = "{no}/{unit}/{bulan_romawi}/{tahun}"
	decreePattern = "{no} TAHUN {tahun}"
)

// ByCode finds a kind.
func ByCode(code string) (Kind, bool) {
	i := slices.IndexFunc(all, func(k Kind) bool { return k.Code == code })
	if i < 0 {
		return Kind{}, false
	}
	return all[i], true
}

// All lists the kinds, group by group.
func All() []Kind {
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b Kind) int { return slices.Index(Groups, a.Group) - slices.Index(Groups, b.Group) })
	return out
}
