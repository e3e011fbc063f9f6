package epemerintahanweb

import (
	"net/http"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

type figureView struct {
	Desk     *ui.Desk
	Figures  epemerintahan.Figures
	Controls []ui.Control
	Now      time.Time
	Hidden   bool // something is
}

func (k *desk) figures(w http.ResponseWriter, r *http.Request) error {
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	area, err := readArea(q)
	if err != nil {
		return err
	}
	v := figureView{Desk: frame(r), Now: k.Clock.Now()}
	if v.Figures, err = k.Residents.Figures(r.Context(), web.ActorOf(r.Context()), area); err != nil {
		return err
	}
	v.Controls = areaControls(v.Figures.Places, v.Figures.Area, v.Figures.Place.IsKelurahan())
	for _, t := range v.Figures.Tables {
		v.Hidden = v.Hidden || t.Hidden()
	}
	return web.Render(w, r, http.StatusOK, figurePage(v))
}

// bar is the drawn length of a count within a width; nothing of a hidden one.
func bar(c epemerintahan.Count, most, width int) string {
	if most == 0 {
		return "0"
	}
	return strconv.FormatFloat(float64(c.N)*float64(width)/float64(most), 'f', 1, 64)
}

// most is the largest count that a table shows; its rows are drawn to that scale.
func most(t epemerintahan.FigureTable, total bool) (n int) {
	for _, r := range t.Rows {
		if total {
			n = max(n, r.Total.N)
			continue
		}
		for _, c := range r.Counts {
			n = max(n, c.N)
		}
	}
	return n
}

// The pyramid's measures.
const (
	pyramidRow  = 20
	pyramidSide = 150
	pyramidGap  = 84 // for the ages, between the sides
	pyramidTop  = 26
)

func pyramidHeight(t epemerintahan.FigureTable) int {
	return pyramidTop + pyramidRow*len(t.Rows) + 4
}

// pyramidY is where a row's bar begins: the youngest at the bottom.
func pyramidY(t epemerintahan.FigureTable, i int) int {
	return pyramidTop + pyramidRow*(len(t.Rows)-1-i)
}

func px(n int) string { return strconv.Itoa(n) }

// leftX is where a bar of the left side begins that ends at the ages.
func leftX(c epemerintahan.Count, most int) string {
	if most == 0 {
		return px(pyramidSide)
	}
	return strconv.FormatFloat(pyramidSide-float64(c.N)*pyramidSide/float64(most), 'f', 1, 64)
}

// share is a count of the whole in percent; "" where one of them is not shown.
func share(c, of epemerintahan.Count) string {
	if c.Mark != epemerintahan.Shown || of.N == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(c.N)*100/float64(of.N), 'f', 1, 64)
}

// figureLabel names a row: those of code lists shout, names of places are names.
func figureLabel(t epemerintahan.FigureTable, r epemerintahan.FigureRow) string {
	if t.IsPlaces() {
		return r.Label
	}
	return words(r.Label)
}
