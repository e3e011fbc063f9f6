package portalweb

import (
	"math"

	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/portal"
)

// figure is one tile of live numbers.
type figure struct{ Value, Label string }

// figures words the numbers. What rests on too few cases is left out rather
// than shown as a share of three reports.
func figures(f portal.Figures) []figure {
	fs := []figure{{indo.Int(f.Received), "laporan diterima"}}
	if f.AnsweredN >= portal.Enough {
		fs = append(fs, figure{wholePercent(f.AnsweredOnTime), "ditanggapi dalam 2×24 jam"})
	}
	if f.DoneN >= portal.Enough {
		fs = append(fs, figure{indo.Span(f.HalfDoneIn), "separuh laporan selesai dalam"})
	}
	return append(fs, figure{indo.Int(f.OpenNow), "sedang ditangani saat ini"})
}

// wholePercent is for a tile: no more exact than one remembers, and 100% only for all.
func wholePercent(share float64) string {
	return indo.Int(int(math.Floor(share*100+1e-9))) + "%"
}
