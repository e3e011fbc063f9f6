package surveyweb

import (
	"net/http"
	"slices"
	"strconv"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/internal/survey"
)

const paramPeriod = "kurun"

// resultView is what the public reads.
type resultView struct {
	Periods []survey.Period
	Period  survey.Period
	Results []survey.Result
}

func (v resultView) choice() ui.Control {
	c := ui.Control{Name: paramPeriod, Label: "Kurun waktu", Value: v.Period.Code, Width: "medium"}
	for _, p := range v.Periods {
		c.Options = append(c.Options, ui.Option{Value: p.Code, Label: p.Label})
	}
	return c
}

func (d Deps) view(r *http.Request) (v resultView, err error) {
	q, err := form.Query(r)
	if err != nil {
		return v, err
	}
	since, err := d.Survey.Since(r.Context())
	if err != nil {
		return v, err
	}
	v.Periods = survey.Periods(d.Clock.Now(), since)
	v.Period = v.Periods[0]
	if code := q.Value(paramPeriod); code != "" {
		i := slices.IndexFunc(v.Periods, func(p survey.Period) bool { return p.Code == code })
		if i < 0 {
			return v, errs.New(errs.BadRequest, "Kurun waktu ini tidak ada.")
		}
		v.Period = v.Periods[i]
	}
	v.Results, err = d.Survey.Results(r.Context(), v.Period.From, v.Period.To)
	return v, err
}

func (d Deps) results(w http.ResponseWriter, r *http.Request) error {
	v, err := d.view(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, resultPage(v))
}

// file is the table of the results, one row a unit.
func (d Deps) file(w http.ResponseWriter, r *http.Request) error {
	v, err := d.view(r)
	if err != nil {
		return err
	}
	columns := []sheet.Column{{Title: "kurun"}, {Title: "layanan"}, {Title: "kode_unit"}, {Title: "unit"}, {Title: "jawaban"}}
	for i := range survey.Elements {
		columns = append(columns, sheet.Column{Title: "rata_u" + strconv.Itoa(i+1)})
	}
	columns = append(columns, sheet.Column{Title: "ikm"}, sheet.Column{Title: "mutu"})
	out := web.NewDownload(w, sheet.Types[sheet.CSV], "survei-kepuasan-"+v.Period.Code+".csv")
	rows, err := sheet.NewWriter(out, sheet.CSV, "Survei kepuasan", columns)
	if err != nil {
		return err
	}
	for _, s := range v.Results {
		for _, u := range s.Units {
			cells := []any{v.Period.Code, string(s.Service), u.UnitCode, u.UnitName, u.N}
			for i := range survey.Elements {
				cells = append(cells, u.Mean(i))
			}
			if err := rows.Row(append(cells, u.Index(), string(u.Grade()))...); err != nil {
				return err
			}
		}
	}
	return rows.Close()
}

// remarkView is what people wrote.
type remarkView struct {
	Desk    *ui.Desk
	Remarks []survey.Remark
	Next    string
}

const (
	paramBefore = "sebelum"
	remarkRows  = 50
)

func (d Deps) remarks(w http.ResponseWriter, r *http.Request) error {
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	before := int64(0)
	if q.Has(paramBefore) {
		before = q.ID(paramBefore, "Halaman ini tidak ada.")
	}
	if err := q.Err(); err != nil {
		return err
	}
	a := web.ActorOf(r.Context())
	v := remarkView{Desk: (&ui.Desk{Title: "Survei kepuasan", Subtitle: a.Workplace(), Groups: []ui.DeskGroup{
		{Title: "Survei", Items: []ui.DeskItem{{Label: "Saran warga", Href: deskPath}, {Label: "Hasil untuk umum", Href: resultPath}}},
	}}).End(deskPath)}
	if v.Remarks, err = d.Survey.Remarks(r.Context(), a, before, remarkRows+1); err != nil {
		return err
	}
	if len(v.Remarks) > remarkRows {
		v.Remarks = v.Remarks[:remarkRows]
		v.Next = deskPath + "?" + paramBefore + "=" + strconv.FormatInt(v.Remarks[remarkRows-1].ID, 10)
	}
	return web.Render(w, r, http.StatusOK, remarkPage(v))
}
