package epemerintahanweb

import (
	"net/http"
	"net/url"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Names of the list's parameters.
const (
	paramText      = "q" // sealed in addresses, as typed in the form
	paramKelurahan = "kelurahan"
	paramStatus    = "status"
	paramCursor    = "hal"
)

// longestSearch in letters; more is cut off.
const longestSearch = 100

var statuses = []epemerintahan.Status{epemerintahan.Living, epemerintahan.Moved, epemerintahan.Dead, epemerintahan.Missing}

type listView struct {
	Desk     *ui.Desk
	Page     epemerintahan.Page
	Text     string
	Filters  []ui.Control
	Filtered int // how many filters besides the text are set
	Where    bool
	Now      time.Time
	Prev     string
	Next     string
	MayEdit  bool
	Export   string // address of the export of what is listed; "" = none
}

// search takes the words out of the body, so that no address has them in clear.
func (k *desk) search(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	text := []rune(f.Line(paramText))
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set(paramText, k.Residents.SealSearch(string(text[:min(len(text), longestSearch)])))
	for _, name := range []string{paramKelurahan, epemerintahan.ControlRW, epemerintahan.ControlRT, paramStatus} {
		value := []rune(f.Line(name))
		set(name, string(value[:min(len(value), 20)]))
	}
	to := deskPath
	if len(q) > 0 {
		to += "?" + q.Encode()
	}
	return web.Redirect(w, r, to)
}

func (k *desk) list(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	filter, err := k.filter(q)
	if err != nil {
		return err
	}
	var cursor *epemerintahan.Cursor
	if raw := q.Value(paramCursor); raw != "" {
		cursor = &epemerintahan.Cursor{}
		if err := web.DecodeCursor(raw, cursor); err != nil {
			return err
		}
	}
	v := listView{Desk: frame(r), Text: filter.Text, Now: k.Clock.Now(), MayEdit: a.Has(epemerintahan.PermEdit)}
	if v.Page, err = k.Residents.Search(r.Context(), a, filter, cursor); err != nil {
		return err
	}
	places, err := k.Residents.Workplaces(r.Context(), a, epemerintahan.PermView)
	if err != nil {
		return err
	}
	v.Where = len(places) > 1
	v.Filters = filterControls(filter, places)
	for _, c := range v.Filters {
		if c.Value != "" {
			v.Filtered++
		}
	}
	if a.Has(epemerintahan.PermExport) {
		rest := r.URL.Query()
		rest.Del(paramCursor)
		v.Export = exportPath + "?" + rest.Encode()
	}
	v.Prev, v.Next = cursorHref(r, v.Page.Prev), cursorHref(r, v.Page.Next)
	return web.Render(w, r, http.StatusOK, listPage(v))
}

func (k *desk) filter(q *form.Form) (f epemerintahan.Filter, err error) {
	text, known := k.Residents.OpenSearch(q.Value(paramText))
	all := []string{""}
	for _, s := range statuses {
		all = append(all, string(s))
	}
	f = epemerintahan.Filter{
		Text: text, KelurahanID: q.ID(paramKelurahan, ""), Status: epemerintahan.Status(q.Choice(paramStatus, all, "Status ini tidak dikenal.")),
	}
	for name, to := range map[string]*string{epemerintahan.ControlRW: &f.RW, epemerintahan.ControlRT: &f.RT} {
		if v := q.Line(name); v != "" {
			n, ok := epemerintahan.ParseArea(v)
			if !ok {
				return f, errs.New(errs.BadRequest, "Nomor RT dan RW antara 1 dan 999. Mulai lagi dari daftar.")
			}
			*to = n
		}
	}
	if !q.OK() || !known {
		return f, errs.New(errs.BadRequest, "Pencarian ini tidak dikenal. Mulai lagi dari daftar.")
	}
	return f, nil
}

func filterControls(f epemerintahan.Filter, places []epemerintahan.Kelurahan) []ui.Control {
	status := []ui.Option{{Label: "Semua"}}
	for _, s := range statuses {
		status = append(status, ui.Option{Value: string(s), Label: StatusName(s)})
	}
	cs := []ui.Control{
		{Name: epemerintahan.ControlRW, Label: "RW", Value: f.RW, InputMode: "numeric"},
		{Name: epemerintahan.ControlRT, Label: "RT", Value: f.RT, InputMode: "numeric"},
		{Name: paramStatus, Label: "Keadaan", Value: string(f.Status), Options: status},
	}
	if len(places) > 1 {
		all := []ui.Option{{Label: "Semua kelurahan"}}
		for _, p := range places {
			all = append(all, ui.Option{Value: idText(p.ID), Label: p.Name})
		}
		cs = append(cs, ui.Control{Name: paramKelurahan, Label: "Kelurahan", Value: idText(f.KelurahanID), Options: all})
	}
	return cs
}

func cursorHref(r *http.Request, c *epemerintahan.Cursor) string {
	if c == nil {
		return ""
	}
	q := r.URL.Query()
	q.Set(paramCursor, web.EncodeCursor(c))
	return deskPath + "?" + q.Encode()
}
