package mtrweb

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	commandPath = deskPath + "/komando"
	// commandRows is how many rows of a table fit on a screen on the wall.
	commandRows = 8
)

// commandView is the screen on the wall of a command centre. Visitors read it, too: it shows
// figures, categories and places, and no words of reporters.
type commandView struct {
	statisticsView
	Today mtr.Statistics
	Parts []digestPart // what a leader should hear of
	Late  []mtr.DeskItem
}

// command is the screen of those who oversee; it shows their part of the city.
func (k *desk) command(w http.ResponseWriter, r *http.Request) error {
	ctx, a, h := r.Context(), web.ActorOf(r.Context()), k.public()
	list, span, err := h.asking(r)
	if err != nil {
		return err
	}
	v := commandView{statisticsView: statisticsView{listView: list, Path: deskStatisticsPath}}
	if v.Statistics, err = k.MTR.StaffStatistics(ctx, a, v.Filter, span); err != nil {
		return err
	}
	today, err := mtr.SpanOf(h.now(), h.now())
	if err != nil {
		return err
	}
	if v.Today, err = k.MTR.StaffStatistics(ctx, a, v.Filter, today); err != nil {
		return err
	}
	counts, err := k.MTR.Queues(ctx, a)
	if err != nil {
		return err
	}
	if v.Parts, err = k.digestParts(ctx, a, counts); err != nil {
		return err
	}
	for _, p := range v.Parts {
		if p.Key == mtr.QueueLate {
			v.Late = p.Items[:min(len(p.Items), commandRows)]
		}
	}
	return web.Render(w, r, http.StatusOK, commandPage(v))
}

// todayHref is the list behind a figure of today.
func (v commandView) todayHref(m mtr.Measure) string {
	return spanHref(v.listView, v.Today.Span, v.Path+"/daftar", qMeasure, string(m))
}

// busiest are the units with most late reports, then with most that came.
func (v commandView) busiest() dimension {
	for _, d := range v.dimensions() {
		if d.Param == qUnit {
			d.Rows = slices.DeleteFunc(slices.Clone(d.Rows), func(r mtr.StatRow) bool { return r.ID == 0 })
			slices.SortStableFunc(d.Rows, func(a, b mtr.StatRow) int {
				return cmp.Or(b.N(mtr.MeasureLate)-a.N(mtr.MeasureLate), b.N(mtr.MeasureCame)-a.N(mtr.MeasureCame), strings.Compare(a.Name, b.Name))
			})
			d.Rows = d.Rows[:min(len(d.Rows), commandRows)]
			return d
		}
	}
	return dimension{}
}
