package eofficeweb

import (
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
)

// oneOf is a control of one of a page's forms: with what was typed when that form was refused,
// where the error summary leads, else under an id of its own.
func oneOf(key, refused string, f *form.Form, c ui.Control) ui.Control {
	if f != nil && refused == key {
		return c.Typed(f)
	}
	c.ID = c.Name + "-" + key
	return c
}

// control is a control of an act's form.
func (v letterView) control(a letterAct, c ui.Control) ui.Control {
	return oneOf(a.Path, v.Open, v.Form, c)
}
