package ui

import (
	"github.com/a-h/templ"

	"makassartidakrantasa.com/portal/internal/platform/indo"

	assets "makassartidakrantasa.com/portal/web"
)

// number writes a whole number the Indonesian way: 1.482.
func number(n int) string { return indo.Int(n) }

// size is the type size of the page: staff pages are denser.
func size(p Page) string {
	if p.Desk != nil {
		return "sm"
	}
	return "md"
}

// home is where the mark in the header leads.
func home(p Page) string {
	if p.Desk != nil {
		return "/meja"
	}
	return "/"
}

// tone maps a flash kind to a colour of the design system.
func tone(kind string) string {
	switch kind {
	case "success", "warning", "danger", "info":
		return kind
	case "error":
		return "danger"
	}
	return "info"
}

func orOne(v string) string {
	if v == "" {
		return "1"
	}
	return v
}

func (c Control) withType(kind, width string) Control {
	c.Type = kind
	if c.Width == "" {
		c.Width = width
	}
	return c
}

// photo completes a file control for photos.
func (c Control) photo(max int) Control {
	if c.Accept == "" {
		c.Accept = "image/jpeg,image/png,image/webp"
	}
	c.Multiple = max > 1
	attrs := templ.Attributes{"data-photo": true, "data-max": itoa(max)}
	for k, v := range c.Attrs {
		attrs[k] = v
	}
	c.Attrs = attrs
	return c
}

// Asset is the address of a bundle or a file under static/, for pages that bring their
// own frame.
func Asset(name string) string { return assets.Asset(name) }
