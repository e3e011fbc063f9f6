package eofficeweb

import (
	"net/http"
	"net/url"
	"strconv"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/eoffice/kind"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	searchPath = deskPath + "/cari"
	bookPath   = deskPath + "/buku"
)

// Parameters of searching. What is looked for stands sealed in the address.
const (
	paramText    = "q"
	paramSealed  = "s"
	paramAfter   = "sesudah"
	paramKind    = "jenis"
	paramSecrecy = "sifat"
	paramSince   = "mulai"
	paramUntil   = "sampai"
	paramMine    = "saya"
)

// searchView is what a search found.
type searchView struct {
	Desk   *ui.Desk
	Query  eoffice.Query
	Sealed string
	List   []eoffice.Found
	First  string
	Next   string
	Saved  []eoffice.SavedSearch
	Form   *form.Form
	Naming *form.Form // of the name to save under
}

func (v searchView) set() (n int) {
	q := v.Query
	for _, on := range []bool{q.KindCode != "", q.UnitID != 0, q.Secrecy != "", !q.From.IsZero(), !q.To.IsZero(), q.Mine} {
		if on {
			n++
		}
	}
	return n
}

func (v searchView) errors() (out form.Errors) {
	for _, f := range []*form.Form{v.Form, v.Naming} {
		if f != nil {
			out = append(out, f.Errors()...)
		}
	}
	return out
}

// search shows what a sealed query finds; without one, the newest letters that the reader
// may see.
func (k *desk) search(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v := searchView{Sealed: f.Value(paramSealed)}
	if v.Sealed != "" {
		if v.Query, err = k.Office.OpenQuery(v.Sealed); err != nil {
			return err
		}
	}
	after := f.ID(paramAfter, "")
	return k.showSearch(w, r, http.StatusOK, v, after)
}

func (k *desk) showSearch(w http.ResponseWriter, r *http.Request, status int, v searchView, after int64) (err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	var more bool
	if v.List, more, err = k.Office.Search(ctx, a, v.Query, after); err != nil {
		return err
	}
	if more {
		v.Next = searchHref(v.Sealed, v.List[len(v.List)-1].ID)
	}
	if after != 0 {
		v.First = searchHref(v.Sealed, 0)
	}
	if v.Saved, err = k.Office.SavedSearches(ctx, a); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, searchPath); err != nil {
		return err
	}
	return web.Render(w, r, status, searchPage(v))
}

func searchHref(sealed string, after int64) string {
	q := url.Values{}
	if sealed != "" {
		q.Set(paramSealed, sealed)
	}
	if after != 0 {
		q.Set(paramAfter, strconv.FormatInt(after, 10))
	}
	if len(q) == 0 {
		return searchPath
	}
	return searchPath + "?" + q.Encode()
}

func readQuery(f *form.Form) eoffice.Query {
	secrecies := []string{""}
	for _, s := range eoffice.Secrecies[:3] {
		secrecies = append(secrecies, string(s))
	}
	q := eoffice.Query{
		Text: f.Line(paramText), KindCode: f.Line(paramKind), Secrecy: eoffice.Secrecy(f.Choice(paramSecrecy, secrecies, "Sifat ini tidak dikenal.")),
		From: f.Date(paramSince, ""), To: f.Date(paramUntil, ""), Mine: f.Bool(paramMine),
	}
	if _, ok := kind.ByCode(q.KindCode); !ok && q.KindCode != "" {
		f.Fail(paramKind, "Jenis naskah ini tidak dikenal.")
	}
	if !q.From.IsZero() && !q.To.IsZero() && q.To.Before(q.From) {
		f.Fail(paramUntil, "Tanggal akhir harus sesudah tanggal awal.")
	}
	if len([]rune(q.Text)) > 200 {
		f.Fail(paramText, "Tulis paling banyak 200 huruf.")
	}
	return q
}

// startSearch seals what is looked for and leads to what it finds.
func (k *desk) startSearch(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	q := readQuery(f)
	if !f.OK() {
		return k.showSearch(w, r, http.StatusUnprocessableEntity, searchView{Query: q, Form: f}, 0)
	}
	if q == (eoffice.Query{}) {
		return web.Redirect(w, r, searchPath)
	}
	sealed, err := k.Office.SealQuery(q)
	if err != nil {
		return err
	}
	return web.Redirect(w, r, searchHref(sealed, 0))
}

// saveSearch keeps a search under a name.
func (k *desk) saveSearch(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v := searchView{Sealed: f.Value(paramSealed), Naming: f}
	if v.Query, err = k.Office.OpenQuery(v.Sealed); err != nil {
		return err
	}
	err = k.Office.SaveSearch(r.Context(), web.ActorOf(r.Context()), f.Line(eoffice.ControlViewName), v.Query)
	if f.FailWith(err) {
		return k.showSearch(w, r, http.StatusUnprocessableEntity, v, 0)
	}
	if err != nil {
		return err
	}
	web.Flash(r, "success", "Pencarian disimpan.")
	return web.Redirect(w, r, searchHref(v.Sealed, 0))
}

func (k *desk) forgetSearch(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	if err := k.Office.ForgetSearch(r.Context(), web.ActorOf(r.Context()), id); err != nil {
		return err
	}
	web.Flash(r, "success", "Pencarian tersimpan dihapus.")
	return web.Redirect(w, r, searchPath)
}

// filters are the drop-downs and dates of a search.
func (v searchView) filters() []ui.Control {
	wrong := func(name string) string {
		if v.Form == nil {
			return ""
		}
		return v.Form.Errors().Get(name)
	}
	kinds := ui.Control{Name: paramKind, Label: "Jenis", Value: v.Query.KindCode, Error: wrong(paramKind), Options: append([]ui.Option{{Label: "Semua jenis"}}, kindOptions()...)}
	secrecy := ui.Control{Name: paramSecrecy, Label: "Sifat", Value: string(v.Query.Secrecy), Error: wrong(paramSecrecy),
		Options: append([]ui.Option{{Label: "Semua sifat"}}, secrecyOptions(eoffice.Secrecies[:3])...)}
	since := ui.Control{Name: paramSince, Label: "Dari tanggal", Type: "date", Error: wrong(paramSince)}
	until := ui.Control{Name: paramUntil, Label: "Sampai tanggal", Type: "date", Error: wrong(paramUntil)}
	if !v.Query.From.IsZero() {
		since.Value = v.Query.From.Format("2006-01-02")
	}
	if !v.Query.To.IsZero() {
		until.Value = v.Query.To.Format("2006-01-02")
	}
	return []ui.Control{kinds, secrecy, since, until}
}

func (v searchView) mineControl() ui.Control {
	c := ui.Control{Name: paramMine, Label: "Hanya yang sampai di meja saya"}
	if v.Query.Mine {
		c.Values = []string{"1"}
	}
	return c
}

func (v searchView) nameControl() ui.Control {
	c := ui.Control{Name: eoffice.ControlViewName, Label: "Nama pencarian", Hint: "Misalnya: Undangan bulan ini", Width: "medium", Required: true}
	if v.Naming != nil {
		c.Value, c.Error = v.Naming.Value(c.Name), v.Naming.Errors().Get(c.Name)
	}
	return c
}

// fromWhom is where a found letter comes from.
func fromWhom(f eoffice.Found) string {
	if f.Sender != "" {
		return f.Sender
	}
	return f.UnitName
}
