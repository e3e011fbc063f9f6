package eofficeweb

import "makassartidakrantasa.com/portal/internal/platform/ui"

// control is a control of an act's form with an id of its own, and with what was typed when
// that act was refused. Secrets are typed again.
func (v letterView) control(a letterAct, c ui.Control) ui.Control {
	if v.Open == a.Path && v.Form != nil {
		c.Error = v.Form.Errors().Get(c.Name)
		if c.Type != "password" {
			c.Value = v.Form.Value(c.Name)
		}
		return c // the error summary leads here
	}
	c.ID = c.Name + "-" + a.Path
	return c
}
