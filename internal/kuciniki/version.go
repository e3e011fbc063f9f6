package kuciniki

import (
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// Version is an SKP as both agreed to it.
type Version struct {
	Version int
	Content Content
	At      time.Time
	Rater   string // name and title
}

// Content is what an SKP says.
type Content struct {
	Model string `json:"model"`
	Rows  []Row  `json:"rhk"`
}

// Row is an RHK of a version.
type Row struct {
	ID         int64    `json:"id"`
	Kind       string   `json:"jenis"`
	Text       string   `json:"rhk"`
	Serves     string   `json:"mendukung"`
	Weight     int      `json:"bobot,omitempty"`
	Indicators []string `json:"indikator"` // each with aspect and target
}

func contentOf(s SKP, all []RHK) Content {
	c := Content{Model: s.Model}
	for _, r := range all {
		row := Row{ID: r.ID, Kind: r.Kind, Text: r.Text, Serves: r.Serves()}
		if r.Weight != nil {
			row.Weight = *r.Weight
		}
		for _, in := range r.Indicators {
			row.Indicators = append(row.Indicators, in.String())
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}

// SlotLabel names an aspect or a measure.
func SlotLabel(slot string) string {
	return map[string]string{"kuantitas": "Kuantitas", "kualitas": "Kualitas", "waktu": "Waktu", "biaya": "Biaya",
		"ukuran_1": "Ukuran 1", "ukuran_2": "Ukuran 2", "ukuran_3": "Ukuran 3"}[slot]
}

// String is an indicator in one line: "Kuantitas: jumlah dokumen (12 dokumen)".
func (in Indicator) String() string {
	target := in.TargetText()
	if in.Spread {
		target += ", dibagi rata per bulan"
	}
	return SlotLabel(in.Slot) + ": " + in.Text + " (" + target + ")"
}

// TargetText is the target with its unit.
func (in Indicator) TargetText() string { return Amount(in.Target, in.Unit) }

// Amount is a figure with its unit; without one the unit alone.
func Amount(v *float64, unit string) string {
	if v == nil {
		return unit
	}
	digits := 0
	if *v != float64(int64(*v)) {
		digits = 2
	}
	return indo.Decimal(*v, digits) + " " + unit
}

// Change is what became of one RHK between two versions.
type Change struct {
	What   string // baru, dihapus or diubah
	Before Row
	After  Row
	Parts  []Part // of diubah
}

// Part is one thing of an RHK that changed.
type Part struct{ Name, Before, After string }

// Diff lists what changed from one version to the next, in the order of the later one, what
// is gone at the end. Order by itself is no change.
func Diff(a, b Content) (out []Change) {
	old := map[int64]Row{}
	for _, r := range a.Rows {
		old[r.ID] = r
	}
	for _, r := range b.Rows {
		was, ok := old[r.ID]
		if delete(old, r.ID); !ok {
			out = append(out, Change{What: "baru", After: r})
		} else if parts := partsOf(was, r); len(parts) > 0 {
			out = append(out, Change{What: "diubah", Before: was, After: r, Parts: parts})
		}
	}
	for _, r := range a.Rows {
		if _, gone := old[r.ID]; gone {
			out = append(out, Change{What: "dihapus", Before: r})
		}
	}
	return out
}

func partsOf(a, b Row) (out []Part) {
	add := func(name, before, after string) {
		if before != after {
			out = append(out, Part{name, before, after})
		}
	}
	add("Jenis", a.Kind, b.Kind)
	add("Rencana hasil kerja", a.Text, b.Text)
	add("Mendukung", a.Serves, b.Serves)
	add("Bobot", weightText(a.Weight), weightText(b.Weight))
	for i := range max(len(a.Indicators), len(b.Indicators)) {
		var x, y string
		if i < len(a.Indicators) {
			x = a.Indicators[i]
		}
		if i < len(b.Indicators) {
			y = b.Indicators[i]
		}
		add("Indikator "+strconv.Itoa(i+1), x, y)
	}
	return out
}

func weightText(w int) string {
	if w == 0 {
		return ""
	}
	return strconv.Itoa(w)
}
