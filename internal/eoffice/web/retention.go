package eofficeweb

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	proposalPath = archivePath + "/usul"
	duePath      = archivePath + "/jatuh-tempo"
)

// proposalsView is what the daily job proposes for the folders of an office.
type proposalsView struct {
	archiveHead
	Rows  []eoffice.Folder
	Cases []eoffice.Disposal
}

func (v proposalsView) of(p eoffice.Proposal) (out []eoffice.Folder) {
	for _, f := range v.Rows {
		if f.Proposed == p {
			out = append(out, f)
		}
	}
	return out
}

func (k *desk) proposals(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v, err := k.loadProposals(r, f)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, proposalsPage(v))
}

func (k *desk) loadProposals(r *http.Request, f *form.Form) (v proposalsView, err error) {
	if v.archiveHead, err = k.archiveOf(r, f, proposalPath); err != nil || v.UnitID == 0 {
		return v, err
	}
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if !f.Has(paramUnit) { // where there is something to decide
		unit, err := k.Office.ProposingOffice(ctx, a, v.UnitID)
		if err != nil {
			return v, err
		}
		v.at(unit)
	}
	if v.Rows, err = k.Office.Proposed(ctx, a, v.UnitID); err != nil {
		return v, err
	}
	v.Cases, err = k.Office.Disposals(ctx, a, v.UnitID)
	return v, err
}

// why says what a proposal rests on.
func why(f eoffice.Folder) string {
	switch f.Proposed {
	case eoffice.ToInactive:
		return strconv.Itoa(f.ActiveYears) + " tahun aktif habis " + indo.Date(*f.InactiveOn)
	case eoffice.NoProposal:
		return ""
	}
	return "Masa simpan habis " + indo.Date(*f.EndsOn)
}

// dueView is what falls due in a year.
type dueView struct {
	archiveHead
	Year    int
	Totals  []eoffice.DueOffice
	Folders []eoffice.Folder
}

func (k *desk) due(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	var v dueView
	if v.archiveHead, err = k.archiveOf(r, f, duePath); err != nil {
		return err
	}
	v.Year = v.Now.In(indo.WITA).Year()
	if f.Value(paramYear) != "" {
		v.Year = f.Int(paramYear, v.Year-10, v.Year+30, "Tahun ini tidak ada.")
	}
	if !f.OK() {
		return errs.New(errs.BadRequest, "Halaman ini tidak ada. Mulai lagi dari tahun ini.")
	}
	if v.Totals, err = k.Office.DueIn(ctx, a, v.Year); err != nil {
		return err
	}
	if v.UnitID != 0 {
		if v.Folders, err = k.Office.DueFolders(ctx, a, v.UnitID, v.Year); err != nil {
			return err
		}
	}
	if len(v.Folders) == 0 && len(v.Totals) > 0 && !f.Has(paramUnit) { // begins where something is due
		v.at(v.Totals[0].UnitID)
		if v.Folders, err = k.Office.DueFolders(ctx, a, v.UnitID, v.Year); err != nil {
			return err
		}
	}
	return web.Render(w, r, http.StatusOK, duePage(v))
}

// now tells whether the year shown is this one.
func (v dueView) now() bool { return v.Year == v.Now.In(indo.WITA).Year() }

func (v dueView) href(unit int64, year int) string {
	return duePath + "?" + url.Values{paramUnit: {itoa(unit)}, paramYear: {strconv.Itoa(year)}}.Encode()
}

func (v dueView) yearControl() ui.Control {
	c := ui.Control{Name: paramYear, Label: "Tahun", Value: strconv.Itoa(v.Year)}
	for this, y := v.Now.In(indo.WITA).Year(), -5; y <= 10; y++ {
		c.Options = append(c.Options, ui.Option{Value: strconv.Itoa(this + y), Label: strconv.Itoa(this + y)})
	}
	return c
}

// falls says what falls due for a folder in the year.
func (v dueView) falls(f eoffice.Folder) string {
	if f.EndsOn.Year() > v.Year {
		return "Pindah ke inaktif " + indo.Date(*f.InactiveOn)
	}
	return "Masa simpan habis " + indo.Date(*f.EndsOn) + ", lalu " + strings.ToLower(eoffice.FateLabel(f.Fate))
}
