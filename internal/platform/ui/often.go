package ui

import (
	"context"
	"html"
	"io"
	"strings"
	"time"

	"github.com/a-h/templ"
)

// What a list page repeats hundreds of times is written by hand: each
// expression of a template costs it several allocations.

// markup gathers HTML.
type markup struct{ strings.Builder }

// raw adds our own HTML.
func (m *markup) raw(parts ...string) {
	for _, s := range parts {
		m.WriteString(s)
	}
}

// text adds words, or the value of an attribute in double quotes.
func (m *markup) text(s string) { m.WriteString(html.EscapeString(s)) }

func (m *markup) component(ctx context.Context, c templ.Component) error {
	if c == nil {
		return nil
	}
	return c.Render(ctx, m)
}

// written makes a component of a function that adds HTML.
func written(f func(ctx context.Context, m *markup) error) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		m, nested := w.(*markup)
		if nested {
			return f(ctx, m)
		}
		m = &markup{}
		if err := f(ctx, m); err != nil {
			return err
		}
		_, err := io.WriteString(w, m.String())
		return err
	})
}

// TimeAgo says how long ago, with the exact time in its title.
func TimeAgo(at, now time.Time) templ.Component {
	return written(func(_ context.Context, m *markup) error {
		m.raw(`<time datetime="`, machineTime(at), `" title="`, exact(at), `" data-ago>`, ago(at, now), `</time>`)
		return nil
	})
}

// Tag says a state in words; color is accent, neutral, info, success, warning,
// danger, bodo or emas.
func Tag(color, text string) templ.Component {
	return written(func(_ context.Context, m *markup) error {
		m.raw(`<span class="ds-tag" data-color="`)
		m.text(color)
		m.raw(`">`)
		m.text(text)
		m.raw(`</span>`)
		return nil
	})
}

// MediaList lists things with pictures, such as reports.
func MediaList(rows []MediaRow) templ.Component {
	return written(func(ctx context.Context, m *markup) error {
		m.Grow(700 * len(rows))
		m.raw(`<ul class="media-list">`)
		for _, r := range rows {
			if err := r.write(ctx, m); err != nil {
				return err
			}
		}
		m.raw(`</ul>`)
		return nil
	})
}

func (r MediaRow) write(ctx context.Context, m *markup) error {
	m.raw(`<li class="media"><span class="ph">`)
	switch {
	case r.Photo != "":
		m.raw(`<img class="ph" src="`)
		m.text(r.Photo)
		m.raw(`" alt="" loading="lazy" decoding="async" width="96" height="72">`)
	case r.Icon != "":
		drawIcon(m, r.Icon)
	default:
		drawIcon(m, "image")
	}
	m.raw(`</span><div><h3><a href="`)
	m.text(r.Href)
	m.raw(`">`)
	m.text(r.Title)
	m.raw(`</a></h3><p>`)
	for i, f := range r.Facts {
		if i > 0 {
			m.raw(" · ")
		}
		m.text(f)
	}
	if r.When != nil {
		if len(r.Facts) > 0 {
			m.raw(" · ")
		}
		if err := m.component(ctx, r.When); err != nil {
			return err
		}
	}
	m.raw(`</p></div>`)
	if err := m.component(ctx, r.Tag); err != nil {
		return err
	}
	m.raw(`</li>`)
	return nil
}

// selectOptions are the options of a select, in their groups.
func selectOptions(c Control) templ.Component {
	return written(func(ctx context.Context, m *markup) error {
		m.Grow(80 * len(c.Options))
		group := ""
		for _, o := range c.Options {
			if o.Group != group {
				if group != "" {
					m.raw(`</optgroup>`)
				}
				if o.Group != "" {
					m.raw(`<optgroup label="`)
					m.text(o.Group)
					m.raw(`">`)
				}
				group = o.Group
			}
			m.raw(`<option value="`)
			m.text(o.Value)
			m.raw(`"`)
			if o.Value == c.Value {
				m.raw(` selected`)
			}
			if o.Disabled {
				m.raw(` disabled`)
			}
			if err := templ.RenderAttributes(ctx, m, o.Attrs); err != nil {
				return err
			}
			m.raw(`>`)
			m.text(o.Label)
			m.raw(`</option>`)
		}
		if group != "" {
			m.raw(`</optgroup>`)
		}
		return nil
	})
}
