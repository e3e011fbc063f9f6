package portal

import (
	"math"

	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// Figure is one of the live numbers, in words.
type Figure struct{ Value, Label string }

// Words are the numbers in words. What rests on too few cases is left out rather
// than shown as a share of three reports.
func (f Figures) Words() []Figure {
	fs := []Figure{{indo.Int(f.Received), "laporan diterima"}}
	if f.AnsweredN >= Enough {
		fs = append(fs, Figure{wholePercent(f.AnsweredOnTime), "ditanggapi dalam 2×24 jam"})
	}
	if f.DoneN >= Enough {
		fs = append(fs, Figure{indo.Span(f.HalfDoneIn), "separuh laporan selesai dalam"})
	}
	return append(fs, Figure{indo.Int(f.OpenNow), "sedang ditangani saat ini"})
}

// wholePercent is for a tile: no more exact than one remembers, and 100% only for all.
func wholePercent(share float64) string {
	return indo.Int(int(math.Floor(share*100+1e-9))) + "%"
}
