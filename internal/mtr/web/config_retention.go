package mtrweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/hold"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	retentionPath = configPath + "/masa-simpan"
	holdsPath     = retentionPath + "/tahanan"

	retentionRows = 50
	qVisibility   = "lihat"
)

// retentionView is the rule, what it would change, and what is kept from it.
type retentionView struct {
	Desk    *ui.Desk
	Rules   []mtr.RetentionRule
	Done    mtr.Forgotten
	Holds   []hold.Hold
	Tried   mtr.Retention // the months that are looked at
	Trying  bool          // they are not the rule
	Count   mtr.RetentionCount
	Of      mtr.Visibility // whose list is shown; "" = all
	Items   []mtr.RetentionItem
	Next    string
	First   string
	query   *form.Form // the months as they were typed
	Form    *form.Form // a form that was refused
	Refused string     // path of that form
}

func (k *desk) loadRetention(r *http.Request) (v retentionView, err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if v.Rules, err = k.MTR.RetentionRules(ctx, a); err != nil {
		return v, err
	}
	if v.Holds, err = k.MTR.LegalHolds(ctx, a); err != nil {
		return v, err
	}
	if v.Done, err = k.MTR.Forgotten(ctx, a); err != nil {
		return v, err
	}
	v.Desk, err = k.configDesk(r)
	return v, err
}

// readMonths reads a rule; an empty control is for ever.
func readMonths(f *form.Form) mtr.Retention {
	months := func(v mtr.Visibility) int {
		if f.Line(string(v)) == "" {
			return 0
		}
		return f.Int(string(v), mtr.MinRetention, mtr.MaxRetention, "Tulis 2 sampai 240 bulan, atau kosongkan.")
	}
	return mtr.Retention{Open: months(mtr.VisibleOpen), Anonymous: months(mtr.VisibleAnonymous), Confidential: months(mtr.VisibleConfidential)}
}

// retention shows what the months in the address would change; without any, what the rule will.
func (k *desk) retention(w http.ResponseWriter, r *http.Request) error {
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	v, err := k.loadRetention(r)
	if err != nil {
		return err
	}
	if v.Trying = q.Has(string(mtr.VisibleOpen)); v.Trying {
		v.query, v.Tried = q, readMonths(q)
	} else if len(v.Rules) > 0 {
		v.Tried = v.Rules[0].Retention
	}
	if !q.OK() {
		v.Form, v.Trying, v.Tried = q, false, mtr.Retention{}
		return web.Render(w, r, http.StatusUnprocessableEntity, retentionPage(v))
	}
	if err := k.previewRetention(r, q, &v); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, retentionPage(v))
}

func (k *desk) previewRetention(r *http.Request, q *form.Form, v *retentionView) (err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if v.Of = mtr.Visibility(q.Value(qVisibility)); v.Of != "" && !slices.Contains(mtr.Visibilities, v.Of) {
		return wrongPage()
	}
	after := int64(0)
	if raw := q.Value(qAfter); raw != "" {
		if after, err = strconv.ParseInt(raw, 10, 64); err != nil || after < 0 {
			return wrongPage()
		}
		v.First = v.list(v.Of, 0)
	}
	if v.Count, err = k.MTR.CountRetention(ctx, a, v.Tried); err != nil {
		return err
	}
	v.Items, err = k.MTR.ListRetention(ctx, a, v.Tried, v.Of, after, retentionRows+1)
	if len(v.Items) > retentionRows {
		v.Items = v.Items[:retentionRows]
		v.Next = v.list(v.Of, v.Items[retentionRows-1].ID)
	}
	return err
}

// list is the address of the list of one visibility, or of all.
func (v retentionView) list(of mtr.Visibility, after int64) string {
	q := url.Values{}
	if v.Trying {
		for _, each := range mtr.Visibilities {
			q.Set(string(each), months(v.Tried.Months(each)))
		}
	}
	if of != "" {
		q.Set(qVisibility, string(of))
	}
	if after != 0 {
		q.Set(qAfter, strconv.FormatInt(after, 10))
	}
	return retentionPath + "?" + q.Encode() + "#daftar"
}

// months is a control's value; for ever is empty.
func months(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func monthsText(n int) string {
	if n == 0 {
		return "Tidak dihapus"
	}
	return indo.Int(n) + " bulan sesudah ditutup"
}

func (v retentionView) ruleFacts(rule mtr.Retention) (rows []ui.SummaryRow) {
	for _, each := range mtr.Visibilities {
		rows = append(rows, ui.SummaryRow{Key: each.Label(), Value: monthsText(rule.Months(each))})
	}
	return rows
}

func (v retentionView) monthControl(of mtr.Visibility) ui.Control {
	c := ui.Control{Name: string(of), Label: of.Label(), Suffix: "bulan", InputMode: "numeric", Width: "short", Value: months(v.Tried.Months(of))}
	if v.query != nil {
		c = c.Typed(v.query)
	}
	return c
}

func (v retentionView) control(path string, c ui.Control) ui.Control {
	if v.Refused != path {
		return c
	}
	return c.Typed(v.Form)
}

func (v retentionView) holds() ui.HoldsView {
	h := ui.HoldsView{Thing: "laporan", Hint: "Misalnya MTR-26-004217.", Lifted: "Data pelapornya lalu dihapus bila masa simpannya lewat.", Path: holdsPath, Holds: v.Holds}
	if v.Refused == holdsPath {
		h.Form = v.Form
	}
	return h
}

func (v retentionView) listTitle() string {
	if v.Of == "" {
		return "Yang akan berubah"
	}
	return "Yang akan berubah: " + v.Of.Label()
}

func (k *desk) setRetention(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	in := readMonths(f)
	if err = f.Err(); err == nil {
		err = k.MTR.SetRetention(r.Context(), web.ActorOf(r.Context()), in, f.Text(mtr.ControlBasis))
	}
	if err == nil {
		web.Flash(r, "success", "Aturan disimpan. Aturan ini mulai dijalankan sehari lagi; sampai saat itu masih dapat diganti.")
		return web.Redirect(w, r, retentionPath)
	}
	if !f.FailWith(err) {
		return err
	}
	v, loadErr := k.loadRetention(r)
	if loadErr != nil {
		return loadErr
	}
	v.Form, v.Refused, v.query, v.Trying, v.Tried = f, retentionPath, f, true, in
	for _, each := range mtr.Visibilities {
		if f.Errors().Get(string(each)) != "" { // what was read in its place is not what was meant
			v.Trying, v.Tried = false, mtr.Retention{}
		}
	}
	if loadErr := k.previewRetention(r, &form.Form{}, &v); loadErr != nil {
		return loadErr
	}
	return web.Render(w, r, http.StatusUnprocessableEntity, retentionPage(v))
}

func (k *desk) holdReport(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	if err = k.MTR.HoldReport(r.Context(), web.ActorOf(r.Context()), ui.HoldInput(f)); err == nil {
		web.Flash(r, "success", "Laporan ditahan. Datanya tidak dihapus sampai dilepas.")
		return web.Redirect(w, r, retentionPath+"#tahanan")
	}
	if !f.FailWith(err) {
		if errs.KindOf(err) != errs.Conflict {
			return err
		}
		f.Fail(mtr.ControlNumber, errs.MessageOf(err))
	}
	v, loadErr := k.loadRetention(r)
	if loadErr != nil {
		return loadErr
	}
	if len(v.Rules) > 0 {
		v.Tried = v.Rules[0].Retention
	}
	v.Form, v.Refused = f, holdsPath
	if loadErr := k.previewRetention(r, &form.Form{}, &v); loadErr != nil {
		return loadErr
	}
	return web.Render(w, r, web.Status(err), retentionPage(v))
}

func (k *desk) liftHold(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "tahanan")
	if err != nil {
		return err
	}
	if err := k.MTR.LiftHold(r.Context(), web.ActorOf(r.Context()), id); err != nil {
		return err
	}
	web.Flash(r, "success", "Laporan dilepas dan kembali mengikuti aturan.")
	return web.Redirect(w, r, retentionPath+"#tahanan")
}
