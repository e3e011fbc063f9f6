package eofficeweb

import (
	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/eoffice/kind"
	"makassartidakrantasa.com/portal/internal/platform/ui"
)

// kindOptions are the kinds of letters, group by group.
func kindOptions() (out []ui.Option) {
	for _, k := range kind.All() {
		out = append(out, ui.Option{Value: k.Code, Label: k.Name, Group: k.Group.Label()})
	}
	return out
}

// secrecyOptions are some levels of secrecy.
func secrecyOptions(levels []eoffice.Secrecy) (out []ui.Option) {
	for _, s := range levels {
		out = append(out, ui.Option{Value: string(s), Label: s.Label()})
	}
	return out
}

// urgencyOptions are the degrees of urgency.
func urgencyOptions() (out []ui.Option) {
	for _, u := range eoffice.Urgencies {
		out = append(out, ui.Option{Value: string(u), Label: u.Label()})
	}
	return out
}
