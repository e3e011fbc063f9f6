package kucinikiweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const unitPath = deskPath + "/predikat"

// unitsView is how units did in a year, and how predicates are spread in them.
type unitsView struct {
	Desk  *ui.Desk
	Year  int
	Now   int
	Units []kuciniki.UnitYear
	Sets  bool
	Form  *form.Form
}

func (v unitsView) unitControl() ui.Control {
	c := ui.Control{Name: paramUnit, Label: "Unit", Options: []ui.Option{{Value: "", Label: "Pilih unit"}}, Required: true}
	for _, u := range v.Units {
		c.Options = append(c.Options, ui.Option{Value: idText(u.UnitID), Label: u.Unit})
	}
	return c.Kept(v.Form)
}

func (v unitsView) predicateControl() ui.Control {
	c := ui.Control{Name: kuciniki.ControlRating, Label: "Predikat unit", Options: []ui.Option{{Value: "", Label: "Pilih predikat"}}, Required: true}
	for _, p := range kuciniki.UnitPredicates {
		c.Options = append(c.Options, ui.Option{Value: string(p), Label: p.Label()})
	}
	return c.Kept(v.Form)
}

// known are the units of which something is known.
func (v unitsView) known() (out []kuciniki.UnitYear) {
	for _, u := range v.Units {
		if u.Predicate != "" || u.VeryGood+u.Good+u.ToMend+u.Poor+u.VeryPoor > 0 {
			out = append(out, u)
		}
	}
	return out
}

func (k *desk) units(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	return k.showUnits(w, r, status(f), k.yearOf(f), f)
}

func (k *desk) showUnits(w http.ResponseWriter, r *http.Request, status, year int, f *form.Form) (err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v := unitsView{Year: year, Now: k.Kuciniki.Year(), Sets: a.Has(kuciniki.PermPersonnel), Form: f}
	if v.Units, err = k.Kuciniki.UnitYears(ctx, a, year); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, unitPath); err != nil {
		return err
	}
	return web.Render(w, r, status, unitsPage(v))
}

func (k *desk) setUnit(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	year, unit := k.yearOf(f), f.ID(paramUnit, "Pilih unit.")
	if err = f.Err(); err == nil {
		err = k.Kuciniki.SetUnit(r.Context(), web.ActorOf(r.Context()), year, unit, kuciniki.UnitPredicate(f.Line(kuciniki.ControlRating)))
	}
	if err != nil {
		if !f.Refuse(err) {
			return err
		}
		return k.showUnits(w, r, web.Status(err), year, f)
	}
	web.Flash(r, "success", "Predikat unit disimpan.")
	return web.Redirect(w, r, withYear(unitPath, year))
}
