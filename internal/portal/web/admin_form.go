package portalweb

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/internal/portal"
)

// Hidden controls of the forms.
const (
	controlKey     = "kunci" // makes sending the form twice do one thing
	controlVersion = "versi" // of what is edited
)

// adminForm is a page with one form.
type adminForm struct {
	Desk    *ui.Desk
	Back    string
	Title   string
	Lead    string
	Above   templ.Component // between title and form, may be nil
	Fields  []adminField
	Hidden  map[string]string
	Submit  string
	Danger  bool // the button ends something
	File    bool // the form sends a file
	Errors  form.Errors
	Suggest []portal.Suggestion // for fields with Suggest set
}

// adminField is a control of the form.
type adminField struct {
	ui.Control
	As      string // text (also ""), area, select, radios, checks, check, date, file, heading
	Suggest bool
}

// keyed makes the form one that does its work once.
func (v adminForm) keyed() adminForm { return v.hide(controlKey, crypt.Token()) }

// versioned makes the form notice changes by others.
func (v adminForm) versioned(version int64) adminForm {
	return v.hide(controlVersion, strconv.FormatInt(version, 10))
}

func (v adminForm) hide(name, value string) adminForm {
	hidden := map[string]string{name: value}
	for n, old := range v.Hidden {
		if n != name {
			hidden[n] = old
		}
	}
	v.Hidden = hidden
	return v
}

// keep puts what was sent and what is wrong with it into the form.
func (v adminForm) keep(f *form.Form) adminForm {
	fields := make([]adminField, len(v.Fields))
	for i, c := range v.Fields {
		switch c.As {
		case "checks":
			c.Values = f.Multi(c.Name)
		case "check":
			c.Values = nil
			if f.Bool(c.Name) {
				c.Values = []string{"1"}
			}
		case "heading", "file":
		default:
			c.Value = f.Value(c.Name)
		}
		c.Error = f.Errors().Get(c.Name)
		fields[i] = c
	}
	v.Fields, v.Errors = fields, f.Errors()
	if _, ok := v.Hidden[controlKey]; ok {
		v = v.hide(controlKey, f.Value(controlKey))
	}
	return v
}

// serve shows the form and, when it was sent, has do read and carry it out. do
// returns where to go next. What is wrong shows in the form, with everything
// that was typed.
func (h *admin) serve(w http.ResponseWriter, r *http.Request, v adminForm, do func(f *form.Form) (to string, err error)) error {
	if r.Method != http.MethodPost {
		return web.Render(w, r, http.StatusOK, adminFormPage(v))
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	to, err := do(f)
	if err == nil {
		if err = f.Err(); err == nil {
			return web.Redirect(w, r, to)
		}
	}
	status, ok := refused(f, err)
	if !ok {
		return err
	}
	// v carries the version of now: whoever sends the form again insists.
	return web.Render(w, r, status, adminFormPage(v.keep(f)))
}

// refused puts a refusal into the form and tells its status; ok is false for
// errors that are not about the form.
func refused(f *form.Form, err error) (status int, ok bool) {
	switch {
	case f.FailWith(err):
		return http.StatusUnprocessableEntity, true
	case errs.KindOf(err) == errs.Conflict:
		if fields := errs.FieldsOf(err); len(fields) > 0 {
			f.Fail(fields[0].Name, fields[0].Message)
		} else {
			f.Fail("", errs.MessageOf(err))
		}
		return http.StatusConflict, true
	}
	return 0, false
}

// version reads the version that the form was opened with.
func version(f *form.Form) int64 {
	v, err := strconv.ParseInt(f.Value(controlVersion), 10, 64)
	if err != nil {
		return 1 // never right: a form of ours carries one
	}
	return v
}

func kindOptions(kinds []org.Kind, first string) []ui.Option {
	var out []ui.Option
	if first != "" {
		out = append(out, ui.Option{Label: first})
	}
	for _, k := range kinds {
		out = append(out, ui.Option{Value: k.Value, Label: k.Label})
	}
	return out
}

func kindLabel(kinds []org.Kind, value string) string {
	for _, k := range kinds {
		if k.Value == value {
			return k.Label
		}
	}
	return value
}

// suggesting ties a text control to the form's suggestions.
func (c adminField) suggesting() ui.Control {
	if c.Suggest {
		c.Attrs = templ.Attributes{"list": "saran"}
		c.Autocomplete = "off"
	}
	return c.Control
}

// orNotFound is err, or errs.NotFound when there is none: for what is not the
// actor's.
func orNotFound(err error) error {
	if err == nil {
		return errs.New(errs.NotFound, "")
	}
	return err
}
