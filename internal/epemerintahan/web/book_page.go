package epemerintahanweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

type bookView struct {
	Desk     *ui.Desk
	Title    string
	Area     string
	Controls []ui.Control
	Layout   string
	Hidden   [][2]string // what a download is about
	MayTake  bool
	Prev     string
	Next     string
}

// readCursor reads where in a list somebody is; nil = at its beginning.
func readCursor(q *form.Form) (*epemerintahan.Cursor, error) {
	raw := q.Value(paramCursor)
	if raw == "" {
		return nil, nil
	}
	c := &epemerintahan.Cursor{}
	if err := web.DecodeCursor(raw, c); err != nil {
		return nil, err
	}
	if c.ID <= 0 {
		return nil, errs.New(errs.BadRequest, "Halaman ini tidak ada. Mulai lagi dari halaman pertama.")
	}
	return c, nil
}

// pageHref is the page's own address at another position.
func pageHref(r *http.Request, c *epemerintahan.Cursor) string {
	if c == nil {
		return ""
	}
	q := r.URL.Query()
	q.Set(paramCursor, web.EncodeCursor(c))
	return r.URL.Path + "?" + q.Encode()
}

// bookInput reads what a book's page is about.
func (k *desk) bookInput(r *http.Request) (f epemerintahan.BookFilter, c *epemerintahan.Cursor, err error) {
	q, err := form.Query(r)
	if err != nil {
		return f, nil, err
	}
	if f, err = readBook(q, k.Clock.Now()); err != nil {
		return f, nil, err
	}
	c, err = readCursor(q)
	return f, c, err
}

func (k *desk) book(w http.ResponseWriter, r *http.Request) error {
	f, c, err := k.bookInput(r)
	if err != nil {
		return err
	}
	a := web.ActorOf(r.Context())
	p, err := k.Residents.Book(r.Context(), a, f, c)
	if err != nil {
		return err
	}
	f.UnitID = p.Place.ID
	v := bookView{Desk: frame(r), Title: "Buku Induk Penduduk", Area: areaName(p.Place, f.Area), Layout: string(epemerintahan.BookLayout),
		Controls: areaControls(p.Places, f.Area, true), MayTake: a.Has(epemerintahan.PermExport), Prev: pageHref(r, p.Prev), Next: pageHref(r, p.Next)}
	for name, values := range areaQuery(f.Area) {
		v.Hidden = append(v.Hidden, [2]string{name, values[0]})
	}
	return web.Render(w, r, http.StatusOK, bookPage(v, p.Lines))
}

func (k *desk) changeBook(w http.ResponseWriter, r *http.Request) error {
	f, c, err := k.bookInput(r)
	if err != nil {
		return err
	}
	a := web.ActorOf(r.Context())
	f.RW, f.RT = "", ""
	p, err := k.Residents.ChangeBook(r.Context(), a, f, c)
	if err != nil {
		return err
	}
	f.UnitID = p.Place.ID
	month := f.From.Format("2006-01")
	v := bookView{Desk: frame(r), Title: "Buku Mutasi Penduduk", Area: p.Place.Name, Layout: string(epemerintahan.ChangeLayout),
		Controls: append(areaControls(p.Places, f.Area, false), ui.Control{Name: paramMonth, Label: "Bulan", Type: "month", Value: month}),
		MayTake:  a.Has(epemerintahan.PermExport), Prev: pageHref(r, p.Prev), Next: pageHref(r, p.Next),
		Hidden: [][2]string{{paramArea, idText(p.Place.ID)}, {paramMonth, month}}}
	return web.Render(w, r, http.StatusOK, changePage(v, f.From, p.Lines))
}
