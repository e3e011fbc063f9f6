package mtrweb

import (
	"net/http"
	"slices"
	"strings"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const controlRoute = "rute"

// routesView is the routing table of one category.
type routesView struct {
	Desk     *ui.Desk
	Category mtr.Category
	Routes   []mtr.Route
	dir      *directory
	Open     string // id of the route whose form was refused; "" = the new one
	Form     *form.Form
}

// allRoutesView is the whole routing table, for reading.
type allRoutesView struct {
	Desk   *ui.Desk
	Routes []mtr.Route
	labels map[int64]mtr.Category
}

func (k *desk) loadRoutes(r *http.Request) (routesView, error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	id, err := web.PathInt(r, "kategori")
	if err != nil {
		return routesView{}, err
	}
	v := routesView{}
	if v.Category, err = k.MTR.Category(ctx, id); err != nil {
		return v, err
	}
	if v.Routes, err = k.MTR.Routes(ctx, a, id); err != nil {
		return v, err
	}
	if v.dir, err = k.choices.get(ctx); err != nil {
		return v, err
	}
	v.Desk, err = k.configDesk(r)
	return v, err
}

func (k *desk) categoryRoutes(w http.ResponseWriter, r *http.Request) error {
	v, err := k.loadRoutes(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, routesPage(v))
}

func (k *desk) allRoutes(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	categories, err := k.MTR.AllCategories(ctx, a)
	if err != nil {
		return err
	}
	v := allRoutesView{labels: map[int64]mtr.Category{}}
	for _, c := range categories {
		v.labels[c.ID] = c
	}
	if v.Routes, err = k.MTR.Routes(ctx, a, 0); err != nil {
		return err
	}
	if v.Desk, err = k.configDesk(r); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, allRoutesPage(v))
}

func (k *desk) saveRoute(w http.ResponseWriter, r *http.Request) error {
	category, err := web.PathInt(r, "kategori")
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	in := mtr.Route{
		ID: f.ID(controlRoute, ""), CategoryID: category, KelurahanID: f.ID(mtr.ControlKelurahan, ""),
		Target: mtr.RouteTarget(f.Line(mtr.ControlTarget)), UnitID: f.ID(mtr.ControlUnit, ""), Agency: f.Line(mtr.ControlAgency),
	}
	if when := f.Line(mtr.ControlAnswer); when != "" {
		in.Question, in.Answer, _ = strings.Cut(when, "=")
	}
	if err = f.Err(); err == nil {
		_, err = k.MTR.SaveRoute(r.Context(), web.ActorOf(r.Context()), in)
	}
	if err == nil {
		web.Flash(r, "success", "Rute disimpan.")
		return web.Redirect(w, r, categoryHref(category)+"/rute")
	}
	if !f.FailWith(err) {
		return err
	}
	v, err := k.loadRoutes(r)
	if err != nil {
		return err
	}
	v.Form, v.Open = f, idText(in.ID)
	return web.Render(w, r, http.StatusUnprocessableEntity, routesPage(v))
}

func (k *desk) deleteRoute(w http.ResponseWriter, r *http.Request) error {
	category, err := web.PathInt(r, "kategori")
	if err != nil {
		return err
	}
	id, err := web.PathInt(r, "rute")
	if err != nil {
		return err
	}
	if err := k.MTR.DeleteRoute(r.Context(), web.ActorOf(r.Context()), id); err != nil {
		return err
	}
	web.Flash(r, "success", "Rute dihapus.")
	return web.Redirect(w, r, categoryHref(category)+"/rute")
}

// control describes a control of one route's form, with what was typed when
// this form was refused.
func (v routesView) control(route mtr.Route, c ui.Control) ui.Control {
	c.ID = c.Name + "-" + orDash(idText(route.ID), "baru")
	if v.Form != nil && v.Open == idText(route.ID) {
		c.Value = v.Form.Value(c.Name)
		c.Error = v.Form.Errors().Get(c.Name)
		c.ID = c.Name // where the summary leads
	}
	return c
}

func (v routesView) open(route mtr.Route) bool { return v.Form != nil && v.Open == idText(route.ID) }

func (v routesView) kelurahan() []ui.Option {
	return append([]ui.Option{{Label: "Semua kelurahan"}}, v.dir.kelurahan...)
}

// units offers the city's units, and the route's own when it is none of them.
func (v routesView) units(route mtr.Route) []ui.Option {
	out := append([]ui.Option{{Label: "Pilih unit"}}, v.dir.units...)
	if route.UnitID != 0 && !slices.ContainsFunc(out, func(o ui.Option) bool { return o.Value == idText(route.UnitID) }) {
		out = append(out, ui.Option{Value: idText(route.UnitID), Label: route.UnitName})
	}
	return out
}

// answers offers every answer of the category's choices as a condition.
func (v routesView) answers() []ui.Option {
	out := []ui.Option{{Label: "Apa pun jawabannya"}}
	for _, q := range v.Category.Questions {
		for _, o := range q.Options {
			out = append(out, ui.Option{Value: q.Code + "=" + o.Value, Label: o.Label, Group: q.Text})
		}
	}
	return out
}

func routeAnswer(route mtr.Route) string {
	if route.Question == "" {
		return ""
	}
	return route.Question + "=" + route.Answer
}

// routeWhen says in words when a route applies.
func routeWhen(c mtr.Category, route mtr.Route) string {
	var parts []string
	if route.KelurahanName != "" {
		parts = append(parts, "Kelurahan "+route.KelurahanName)
	}
	if route.Question != "" {
		answer := route.Answer
		if q, ok := c.Question(route.Question); ok {
			for _, o := range q.Options {
				if o.Value == route.Answer {
					answer = o.Label
				}
			}
		}
		parts = append(parts, answer)
	}
	if len(parts) == 0 {
		return "Selain yang disebut di bawah"
	}
	return strings.Join(parts, "; ")
}

// routeTo says in words where a route leads.
func routeTo(route mtr.Route) string {
	switch route.Target {
	case mtr.TargetKecamatan:
		return "Kecamatan setempat"
	case mtr.TargetAgency:
		return "Rujuk ke " + route.Agency
	}
	return route.UnitName
}

func targetOptions() []ui.Option {
	return []ui.Option{
		{Value: string(mtr.TargetUnit), Label: "Unit pemerintah kota"},
		{Value: string(mtr.TargetKecamatan), Label: "Kecamatan tempat kejadian"},
		{Value: string(mtr.TargetAgency), Label: "Instansi lain, di luar pemerintah kota"},
	}
}
