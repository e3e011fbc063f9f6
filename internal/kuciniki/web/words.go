package kucinikiweb

import (
	"strconv"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	work "makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
)

func idText(id int64) string { return strconv.FormatInt(id, 10) }

func planHref(id int64) string { return planPath + "/" + idText(id) }

func rhkHref(skp, rhk int64) string { return planHref(skp) + "/rhk/" + rhkPart(rhk) }

// newRHK stands in the address for an RHK that is not there yet.
const newRHK = "baru"

func rhkPart(id int64) string {
	if id == 0 {
		return newRHK
	}
	return idText(id)
}

// tone is the colour of a status.
func tone(s kuciniki.Status) string {
	switch s {
	case kuciniki.Agreed, kuciniki.Accepted, kuciniki.Decided:
		return "success"
	case kuciniki.Proposed, kuciniki.Dialogue, kuciniki.Reported, kuciniki.Given:
		return "info"
	case kuciniki.Objected, kuciniki.AwaitSecond:
		return "warning"
	}
	return "neutral"
}

func statusText(s kuciniki.Status) string {
	if s == "" {
		return "belum ada"
	}
	return s.Label()
}

// seatTitle is a title as its holder bears it.
func seatTitle(title, seat string) string {
	if seat == "plt" {
		return "Plt. " + title
	}
	return title
}

// modelLabel names a model of SKP.
func modelLabel(model string) string {
	if model == kuciniki.Qualitative {
		return "Kualitatif"
	}
	return "Kuantitatif"
}

// metricLabel names what the work itself can tell.
func metricLabel(metric string) string {
	if r, ok := work.RuleOf(work.Metric(metric)); ok {
		return r.Name
	}
	return "Sampel yang diperiksa"
}

// happened says what an event of an SKP was, in the past.
var happened = map[kuciniki.Action]string{
	kuciniki.ActBegin: "SKP dibuat", kuciniki.ActPropose: "SKP diajukan", kuciniki.ActAgree: "SKP disepakati", kuciniki.ActReturn: "SKP dikembalikan",
	kuciniki.ActChange: "Dialog kinerja dibuka untuk mengubah SKP",
	kuciniki.ActReport: "Realisasi dilaporkan", kuciniki.ActOpine: "Ketua tim memberi pendapat", kuciniki.ActJudge: "Dinilai", kuciniki.ActConfirm: "Disahkan atasan penilai",
	kuciniki.ActReject: "Dikembalikan kepada penilai", kuciniki.ActAccept: "Penilaian diterima", kuciniki.ActObject: "Disanggah", kuciniki.ActDecide: "Sanggah diputus",
}

// moments are events for a timeline, the newest first.
func moments(events []kuciniki.Event) (out []ui.Moment) {
	for i := len(events) - 1; i >= 0; i-- {
		e := events[i]
		m := ui.Moment{Title: happened[e.Action], Who: e.Who, At: e.At, Text: e.Reason}
		if e.Title != "" {
			m.Who += ", " + e.Title
		}
		out = append(out, m)
	}
	return out
}

// years are those that one may look at.
func years(now int) (out []ui.Option) {
	for y := now + 1; y >= now-2; y-- {
		out = append(out, ui.Option{Value: strconv.Itoa(y), Label: strconv.Itoa(y)})
	}
	return out
}

// yearOf is the year that an address asks for, else the current one.
func (k *desk) yearOf(f *form.Form) int {
	if f.Value(kuciniki.ControlYear) == "" {
		return k.Kuciniki.Year()
	}
	return f.Int(kuciniki.ControlYear, 2020, 2999, "Pilih tahun dari daftar.")
}

func withYear(path string, year int) string {
	return path + "?" + kuciniki.ControlYear + "=" + strconv.Itoa(year)
}

// number is a figure for an input: without thousands, with a comma.
func number(v *float64) string {
	if v == nil {
		return ""
	}
	s := strconv.FormatFloat(*v, 'f', -1, 64)
	for i := range s {
		if s[i] == '.' {
			return s[:i] + "," + s[i+1:]
		}
	}
	return s
}

func span(s kuciniki.SKP) string { return indo.DateRange(s.From, s.Until) }

func errorsOf(f *form.Form) form.Errors {
	if f == nil {
		return nil
	}
	return f.Errors()
}
