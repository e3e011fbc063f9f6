package eofficeweb

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Parameters of the books.
const (
	paramUnit  = "kantor"
	paramYear  = "tahun"
	paramBook  = "buku"
	paramWhole = "semua" // the whole book, for paper
)

const (
	bookIncoming = "masuk"
	bookSecret   = "-rahasia" // after the series of letters that are issued
)

// bookView is a book of numbers.
type bookView struct {
	Desk    *ui.Desk
	Book    eoffice.Book
	Chosen  string // of paramBook
	Offices []eoffice.BookOffice
	Office  string
	Lines   []eoffice.BookLine
	Whole   bool
	Next    string
	Books   bool // numbers may be kept
	Now     time.Time
}

func (k *desk) book(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v := bookView{Now: k.Clock.Now(), Chosen: f.Line(paramBook), Whole: f.Bool(paramWhole)}
	v.Book = eoffice.Book{UnitID: f.ID(paramUnit, ""), Year: v.Now.In(indo.WITA).Year()}
	if v.Chosen == "" {
		v.Chosen = bookIncoming
	}
	if series, secret := strings.CutSuffix(v.Chosen, bookSecret); v.Chosen != bookIncoming {
		v.Book.Series, v.Book.Confidential = series, secret
	}
	if f.Value(paramYear) != "" {
		v.Book.Year = f.Int(paramYear, 2000, v.Book.Year, "Tahun ini tidak ada.")
	}
	before := f.ID(paramAfter, "")
	if !f.OK() {
		return errs.New(errs.BadRequest, "Buku ini tidak ada. Mulai lagi dari buku tahun ini.")
	}
	if v.Offices, err = k.Office.BookOffices(ctx, a); err != nil {
		return err
	}
	if v.Book.UnitID == 0 && len(v.Offices) > 0 {
		v.Book.UnitID = v.Offices[0].ID
	}
	for _, o := range v.Offices {
		if o.ID == v.Book.UnitID {
			v.Office = o.Name
		}
	}
	if v.Book.UnitID != 0 {
		n := eoffice.BookPage
		if v.Whole {
			n = eoffice.BookPaper
		}
		if v.Lines, err = k.Office.BookOf(ctx, a, v.Book, before, n); err != nil {
			return err
		}
		if last := len(v.Lines) - 1; last+1 >= n && v.Lines[last].No > 1 {
			v.Next = v.href(v.Lines[last].No, v.Whole)
		}
	}
	v.Books = a.HasAny(eoffice.PermRegister, eoffice.PermArchive)
	if v.Desk, err = k.side(ctx, a, bookPath); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, bookPage(v))
}

// href is the book from a number on, whole for paper or a page for the screen.
func (v bookView) href(before int64, whole bool) string {
	q := url.Values{paramUnit: {strconv.FormatInt(v.Book.UnitID, 10)}, paramYear: {strconv.Itoa(v.Book.Year)}, paramBook: {v.Chosen}}
	if before != 0 {
		q.Set(paramAfter, strconv.FormatInt(before, 10))
	}
	if whole {
		q.Set(paramWhole, "1")
	}
	return bookPath + "?" + q.Encode()
}

func (v bookView) officeControl() ui.Control {
	c := ui.Control{Name: paramUnit, Label: "Kantor", Value: strconv.FormatInt(v.Book.UnitID, 10)}
	for _, o := range v.Offices {
		c.Options = append(c.Options, ui.Option{Value: strconv.FormatInt(o.ID, 10), Label: o.Name})
	}
	return c
}

func (v bookView) bookControl() ui.Control {
	c := ui.Control{Name: paramBook, Label: "Buku", Value: v.Chosen, Options: []ui.Option{{Value: bookIncoming, Label: "Agenda naskah masuk", Group: "Masuk"}}}
	for _, s := range eoffice.BookSeries() {
		c.Options = append(c.Options, ui.Option{Value: s, Label: sentence(eoffice.SeriesLabel(s, false)), Group: "Keluar"})
	}
	for _, s := range eoffice.BookSeries() {
		c.Options = append(c.Options, ui.Option{Value: s + bookSecret, Label: sentence(eoffice.SeriesLabel(s, true)), Group: "Keluar, rahasia"})
	}
	return c
}

func (v bookView) yearControl() ui.Control {
	c := ui.Control{Name: paramYear, Label: "Tahun", Value: strconv.Itoa(v.Book.Year)}
	for this, y := v.Now.In(indo.WITA).Year(), 0; y < 5; y++ {
		c.Options = append(c.Options, ui.Option{Value: strconv.Itoa(this - y), Label: strconv.Itoa(this - y)})
	}
	return c
}

// bookNo is the number of a line as it is counted.
func bookNo(l eoffice.BookLine) string {
	no := strconv.FormatInt(l.No, 10)
	if l.Suffix != "" {
		no += "." + l.Suffix
	}
	return no
}

// sentence begins with a capital letter.
func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
