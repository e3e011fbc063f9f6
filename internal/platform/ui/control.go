package ui

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"makassartidakrantasa.com/portal/internal/platform/form"
)

// Control describes one form control, whatever its kind.
type Control struct {
	Name  string // form name; also the id unless ID is set
	ID    string
	Label string
	Hint  string
	Value string // what was typed or is stored
	Error string // sentence of form.Errors.Get(name); empty when fine

	Required bool // marks the control as required for assistive technology
	Optional bool // adds "(opsional)" to the label
	ReadOnly bool
	Disabled bool
	Hidden   bool // the label is for screen readers only
	Heading  bool // the label (or legend) is the page's h1: one thing per page

	Type         string // input type; text when empty
	Autocomplete string
	InputMode    string
	Placeholder  string
	Pattern      string
	Min, Max     string
	Step         string
	MaxLength    int    // also shows the remaining characters when above 0
	Rows         int    // of a textarea; 5 when 0
	Width        string // short, medium or empty for the full width
	Prefix       string // such as "+62"
	Suffix       string // such as "cm"

	Options []Option // of Select, Radios and Checkboxes
	Values  []string // checked values of Checkboxes
	Inline  bool     // radios and checkboxes side by side

	Accept   string // of a file control
	Multiple bool

	Attrs templ.Attributes // anything else on the control itself, data-… for scripts
}

// Typed is the control with what f carried and what is wrong with it, as it is where nothing was
// sent (f is nil). Secrets are typed again.
func (c Control) Typed(f *form.Form) Control {
	if f != nil && c.Type != "password" {
		c.Value = f.Value(c.Name)
	}
	c.Error = f.Errors().Get(c.Name)
	return c
}

// Kept is Typed for a form that may come without the control: then it keeps its value.
func (c Control) Kept(f *form.Form) Control {
	if f.Has(c.Name) {
		return c.Typed(f)
	}
	c.Error = f.Errors().Get(c.Name)
	return c
}

// Option is a choice. Options with the same Group stand under its heading.
type Option struct {
	Value, Label, Hint string
	Group              string
	Disabled           bool
	Attrs              templ.Attributes
}

func (c Control) id() string {
	if c.ID != "" {
		return c.ID
	}
	return c.Name
}

func (c Control) kind() string {
	if c.Type == "" {
		return "text"
	}
	return c.Type
}

func (c Control) rows() int {
	if c.Rows == 0 {
		return 5
	}
	return c.Rows
}

// describedBy lists the ids of what explains the control, empty when nothing does.
func (c Control) describedBy() string {
	var ids []string
	if c.Hint != "" {
		ids = append(ids, c.id()+"-hint")
	}
	if c.Error != "" {
		ids = append(ids, c.id()+"-error")
	}
	return strings.Join(ids, " ")
}

// attrs are the attributes that all controls share.
func (c Control) attrs() templ.Attributes {
	a := templ.Attributes{}
	if d := c.describedBy(); d != "" {
		a["aria-describedby"] = d
	}
	if c.Error != "" {
		a["aria-invalid"] = "true"
	}
	if c.Required {
		a["aria-required"] = "true"
	}
	if c.ReadOnly {
		a["readonly"] = true
	}
	if c.Disabled {
		a["disabled"] = true
	}
	if c.Autocomplete != "" {
		a["autocomplete"] = c.Autocomplete
	}
	if c.InputMode != "" {
		a["inputmode"] = c.InputMode
	}
	if c.Placeholder != "" {
		a["placeholder"] = c.Placeholder
	}
	if c.Pattern != "" {
		a["pattern"] = c.Pattern
	}
	for name, v := range map[string]string{"min": c.Min, "max": c.Max, "step": c.Step, "accept": c.Accept} {
		if v != "" {
			a[name] = v
		}
	}
	if c.Multiple {
		a["multiple"] = true
	}
	for k, v := range c.Attrs {
		a[k] = v
	}
	return a
}

// checked says whether an option of a radio or checkbox group is chosen.
func (c Control) checked(value string) bool {
	return slices.Contains(c.Values, value) || (len(c.Values) == 0 && c.Value == value && value != "")
}

// optionID is the id of the i-th option. The first has the control's own id,
// so that the error summary's link lands on it.
func (c Control) optionID(i int) string {
	if i == 0 {
		return c.id()
	}
	return c.id() + "-" + itoa(i+1)
}

// groups splits the options by Group, keeping their order.
func (c Control) groups() []optionGroup {
	var gs []optionGroup
	for i, o := range c.Options {
		if len(gs) == 0 || gs[len(gs)-1].Title != o.Group {
			gs = append(gs, optionGroup{Title: o.Group})
		}
		g := &gs[len(gs)-1]
		g.Options = append(g.Options, indexedOption{Option: o, Index: i})
	}
	return gs
}

type optionGroup struct {
	Title   string
	Options []indexedOption
}

type indexedOption struct {
	Option
	Index int
}
