package kucinikiweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	work "makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	openPath    = deskPath + "/terbuka"
	donePath    = deskPath + "/selesai"
	servicePath = figurePath + "/layanan"
	stepPath    = figurePath + "/langkah"
	changesPath = deskPath + "/perubahan"

	paramWhich  = "yang"
	paramDesk   = "meja"
	paramKind   = "jenis"
	paramCursor = "dari"

	ownDesks = "saya" // in place of a desk's id
)

var whichLabels = map[work.Which]string{
	work.AllOpen: "Semua yang terbuka", work.LateOpen: "Lewat batas", work.TodayOpen: "Jatuh tempo hari ini", work.WaitOpen: "Menunggu pihak lain",
	work.WeekOpen: "Sampai 7 hari", work.MonthOpen: "8 sampai 30 hari", work.SeasonOpen: "31 sampai 90 hari", work.OlderOpen: "Lebih dari 90 hari",
}

// openListView is the open cases behind a figure.
type openListView struct {
	Desk  *ui.Desk
	Form  *form.Form
	Now   time.Time
	Of    string // the unit, the desk, or whose desks they are
	Back  string
	Which work.Which
	query url.Values
	List  []work.Listed
	Links links
	Next  string
}

func (v openListView) title() string { return whichLabels[v.Which] }

func (v openListView) control() ui.Control {
	c := ui.Control{Name: paramWhich, Label: "Yang mana", Value: string(v.Which)}
	for _, w := range work.Whiches {
		c.Options = append(c.Options, ui.Option{Value: string(w), Label: whichLabels[w]})
	}
	return c
}

// openIn is the list of what is open in a unit.
func openIn(unit int64, which work.Which) string {
	return openPath + "?" + url.Values{paramUnit: {idText(unit)}, paramWhich: {string(which)}}.Encode()
}

// openOn is the list of what is open on a desk.
func openOn(desk int64, which work.Which) string { return openAt(idText(desk), which) }

func openAt(desk string, which work.Which) string {
	return openPath + "?" + url.Values{paramDesk: {desk}, paramWhich: {string(which)}}.Encode()
}

// nextPage is the address of the same list from a cursor on; cursor nil: "".
func nextPage[T any](r *http.Request, cursor *T) string {
	if cursor == nil {
		return ""
	}
	q := r.URL.Query()
	q.Set(paramCursor, web.EncodeCursor(cursor))
	return r.URL.Path + "?" + q.Encode()
}

// cursorOf reads where a page begins; nil at the beginning.
func cursorOf[T any](f *form.Form) (*T, error) {
	typed := f.Value(paramCursor)
	if typed == "" {
		return nil, nil
	}
	at := new(T)
	return at, web.DecodeCursor(typed, at)
}

func (k *desk) openList(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v := openListView{Form: f, Now: k.Clock.Now(), Which: work.Which(f.Line(paramWhich)), query: url.Values{}}
	if !slices.Contains(work.Whiches, v.Which) {
		v.Which = work.AllOpen
	}
	after, err := cursorOf[work.OpenCursor](f)
	if err != nil {
		return err
	}
	next, err := k.openOf(ctx, a, f, &v, after)
	if err != nil {
		return err
	}
	v.Next = nextPage(r, next)
	if v.Links, err = k.links(ctx, a, refs(v.List, func(l work.Listed) caseRef { return refOf(l.OpenCase) })); err != nil {
		return err
	}
	current := figurePath
	if v.query.Has(paramDesk) {
		current = v.Back
	}
	if v.Desk, err = k.side(ctx, a, current); err != nil {
		return err
	}
	return web.Render(w, r, status(f), openListPage(v))
}

// openOf fills the list for the unit, the desk or the person's own desks that the address names.
func (k *desk) openOf(ctx context.Context, a authz.Actor, f *form.Form, v *openListView, after *work.OpenCursor) (next *work.OpenCursor, err error) {
	var of work.UnitInfo
	switch at := f.Value(paramDesk); at {
	case "":
		unit, err := unitOf(f)
		if err != nil {
			return nil, err
		}
		of, v.List, next, err = k.Evidence.OpenIn(ctx, a, unit, v.Which, after)
		v.Of, v.Back = of.Name, figurePath+"?"+paramUnit+"="+idText(of.ID)
		v.query.Set(paramUnit, idText(of.ID))
		return next, err
	case ownDesks:
		v.Of, v.Back = "Meja saya", deskPath
		v.List, next, err = k.Evidence.OwnOpen(ctx, a, v.Which, after)
		v.query.Set(paramDesk, at)
		return next, err
	default:
		id := f.ID(paramDesk, "Meja itu tidak ada.")
		if f.Err() != nil {
			return nil, errs.New(errs.NotFound, "Meja itu tidak ada.")
		}
		of, v.List, next, err = k.Evidence.OpenOn(ctx, a, id, v.Which, after)
		v.Of, v.Back = of.Name, teamWorkPath
		v.query.Set(paramDesk, at)
		return next, err
	}
}

// serviceView is the services behind a figure.
type serviceView struct {
	Desk   *ui.Desk
	Form   *form.Form
	Period period
	Unit   work.UnitInfo
	Late   bool
	List   []work.Service
	Links  links
	Next   string
}

func (v serviceView) control() ui.Control {
	c := ui.Control{Name: paramWhich, Label: "Yang mana", Options: []ui.Option{{Value: "", Label: "Semua"}, {Value: string(work.LateOpen), Label: "Di luar standar"}}}
	if v.Late {
		c.Value = string(work.LateOpen)
	}
	return c
}

func (v serviceView) title() string {
	if v.Late {
		return "Layanan di luar standar"
	}
	return "Layanan yang selesai"
}

func (k *desk) serviceList(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v := serviceView{Form: f, Period: k.periodOf(f), Late: f.Value(paramWhich) == string(work.LateOpen)}
	unit, err := unitOf(f)
	if err != nil {
		return err
	}
	after, err := cursorOf[work.ServiceCursor](f)
	if err != nil {
		return err
	}
	var next *work.ServiceCursor
	if v.Unit, v.List, next, err = k.Evidence.Services(ctx, a, unit, v.Period.From, v.Period.To, v.Late, after); err != nil {
		return err
	}
	v.Next = nextPage(r, next)
	if v.Links, err = k.links(ctx, a, refs(v.List, refOfService)); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, figurePath); err != nil {
		return err
	}
	return web.Render(w, r, status(f), servicePage(v))
}

func refOfService(s work.Service) caseRef { return caseRef{s.Object, s.ObjectID, s.ObjectID} }

// servicesOf is the list of the services of a unit.
func servicesOf(unit int64, p period, late bool) string {
	href := unitAt(servicePath, unit, p)
	if late {
		href += "&" + paramWhich + "=" + string(work.LateOpen)
	}
	return href
}

// servicesIn is the list of the services of a unit in a month.
func servicesIn(unit int64, month time.Time) string {
	return servicesOf(unit, period{month: month.Format("2006-01")}, false)
}

// unitStepView is the steps behind the length of a kind of step.
type unitStepView struct {
	Desk   *ui.Desk
	Form   *form.Form
	Period period
	Unit   work.UnitInfo
	Kind   string
	List   []work.UnitStep
	Links  links
	Next   string
}

func (v unitStepView) title() string {
	module, kind, _ := strings.Cut(v.Kind, ".")
	return work.KindName(module, kind)
}

func (k *desk) unitSteps(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v := unitStepView{Form: f, Period: k.periodOf(f), Kind: f.Line(paramKind)}
	unit, err := unitOf(f)
	if err != nil {
		return err
	}
	after, err := cursorOf[work.StepCursor](f)
	if err != nil {
		return err
	}
	var next *work.StepCursor
	if v.Unit, v.List, next, err = k.Evidence.StepsIn(ctx, a, unit, v.Kind, v.Period.From, v.Period.To, after); err != nil {
		return err
	}
	v.Next = nextPage(r, next)
	if v.Links, err = k.links(ctx, a, refs(v.List, func(s work.UnitStep) caseRef { return refOfEntry(s.Entry) })); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, figurePath); err != nil {
		return err
	}
	return web.Render(w, r, status(f), unitStepPage(v))
}

// stepsOf is the list of a unit's steps of a kind.
func stepsOf(unit int64, p period, l work.Lag) string {
	return unitAt(stepPath, unit, p) + "&" + paramKind + "=" + url.QueryEscape(l.Module+"."+l.Kind)
}

// doneListView is the steps behind how much left a desk lately.
type doneListView struct {
	Desk     *ui.Desk
	Of       work.UnitInfo // the desk
	List     []work.Entry
	Patients int // steps that are counted only
	Links    links
	Next     string
}

// doneOn is the list of what left a desk.
func doneOn(desk int64) string { return donePath + "/" + idText(desk) }

func (k *desk) doneList(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	id, err := web.PathInt(r, paramDesk)
	if err != nil {
		return err
	}
	after, err := cursorOf[work.StepCursor](f)
	if err != nil {
		return err
	}
	v := doneListView{}
	var next *work.StepCursor
	if v.Of, v.List, v.Patients, next, err = k.Evidence.DoneOn(ctx, a, id, after); err != nil {
		return err
	}
	v.Next = nextPage(r, next)
	if v.Links, err = k.links(ctx, a, refs(v.List, refOfEntry)); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, teamWorkPath); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, doneListPage(v))
}

// moment is a time of a step or a limit in a table.
func moment(t time.Time) string { return indo.ShortDate(t) + " " + indo.Clock(t) }
