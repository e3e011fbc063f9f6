package epemerintahanweb

import (
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const controlVersion = "versi" // of what is edited

// formView is a page with one form, which posts to the page's own address.
type formView struct {
	Desk    *ui.Desk
	Back    string
	Title   string
	Lead    string
	Above   templ.Component // between title and form, may be nil
	Fields  []field
	Version int // of what is edited; 0 = nothing yet
	Submit  string
	Danger  bool // the button takes something away
	Errors  form.Errors
}

// field is a control of the form.
type field struct {
	ui.Control
	As      string // text (also ""), area, select, radios, checks, check, date, heading, row, members, hidden
	Row     []field
	Members []memberRow
}

// memberRow asks whether a member goes along, and as what.
type memberRow struct {
	Go, Relation ui.Control
}

func (c field) keep(f *form.Form) field {
	keep := func(c ui.Control) ui.Control {
		c.Value, c.Error = f.Value(c.Name), f.Errors().Get(c.Name)
		return c
	}
	switch c.As {
	case "heading", "hidden":
	case "row":
		c.Row = keepAll(c.Row, f)
	case "members":
		chosen := f.Multi(c.Name)
		rows := make([]memberRow, len(c.Members))
		for i, m := range c.Members {
			m.Go.Values = nil
			for _, v := range chosen {
				if v == m.Go.Value {
					m.Go.Values = []string{v}
				}
			}
			m.Relation = keep(m.Relation)
			rows[i] = m
		}
		c.Members, c.Error = rows, f.Errors().Get(c.Name)
	case "checks":
		c.Values, c.Error = f.Multi(c.Name), f.Errors().Get(c.Name)
	case "check":
		c.Values, c.Error = nil, f.Errors().Get(c.Name)
		if f.Bool(c.Name) {
			c.Values = []string{"1"}
		}
	default:
		c.Control = keep(c.Control)
	}
	return c
}

func keepAll(fields []field, f *form.Form) []field {
	out := make([]field, len(fields))
	for i, c := range fields {
		out[i] = c.keep(f)
	}
	return out
}

// serve shows the form and, when it was sent, has do read and carry it out. do returns
// where to go next. What is wrong shows in the form, with everything that was typed.
func serve(w http.ResponseWriter, r *http.Request, v formView, do func(f *form.Form) (to string, err error)) error {
	if r.Method != http.MethodPost {
		return web.Render(w, r, http.StatusOK, formPage(v))
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	to, err := do(f)
	if err == nil {
		err = f.Err()
	}
	status := http.StatusUnprocessableEntity
	switch {
	case err == nil:
		return web.Redirect(w, r, to)
	case f.FailWith(err):
	case errs.KindOf(err) == errs.Conflict:
		f.Fail("", errs.MessageOf(err))
		status = http.StatusConflict
	default:
		return err
	}
	// v carries the version of now: whoever sends the form again insists.
	v.Fields, v.Errors = keepAll(v.Fields, f), f.Errors()
	return web.Render(w, r, status, formPage(v))
}

// version reads the version that the form was opened with.
func version(f *form.Form) int {
	v, err := strconv.Atoi(f.Value(controlVersion))
	if err != nil || v < 1 {
		return -1 // never right: a form of ours carries one
	}
	return v
}

// code reads a choice from a SIAK list; what is none fails in the use case.
func code(f *form.Form, name string) int {
	v, err := strconv.Atoi(f.Line(name))
	if err != nil {
		return 0
	}
	return v
}

func dateText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

func options(list epemerintahan.Codes, first string, without ...int) []ui.Option {
	var out []ui.Option
	if first != "" {
		out = append(out, ui.Option{Label: first})
	}
	for _, c := range list {
		skip := false
		for _, id := range without {
			skip = skip || c.ID == id
		}
		if !skip {
			out = append(out, ui.Option{Value: codeText(c.ID), Label: c.Name})
		}
	}
	return out
}

func memberOptions(first string, ms []epemerintahan.Member) []ui.Option {
	var out []ui.Option
	if first != "" {
		out = append(out, ui.Option{Label: first})
	}
	for _, m := range ms {
		out = append(out, ui.Option{Value: idText(m.ID), Label: m.Name, Hint: epemerintahan.Relations.Name(m.Relation)})
	}
	return out
}

func heading(text string) field { return field{As: "heading", Control: ui.Control{Label: text}} }

func row(fields ...field) field { return field{As: "row", Row: fields} }

// reasonField asks why; without a hint for whoever must say it.
func reasonField(label, hint string, required bool) field {
	return field{As: "area", Control: ui.Control{
		Name: epemerintahan.ControlReason, Label: label, Hint: hint, Rows: 2, MaxLength: epemerintahan.MaxReason, Required: required, Optional: !required,
	}}
}
