package ui

import (
	"strings"

	"github.com/a-h/templ"
)

// Page says how Layout frames a page.
type Page struct {
	Title       string // shown in the tab, followed by the portal's name; empty on the home page
	Description string // for search engines and shared links
	Brand       string // who leads in the header instead of the portal, such as a clinic on its tickets
	Crumbs      []Link // the way here; the last entry is this page and may lack an address
	Desk        *Desk  // staff frame with a side list, when set
	Wide        bool   // content may use the full width; otherwise a reading column
	Bare        bool   // content brings its own containers (home page, map)
	Robots      string // such as "noindex"; secret and staff pages must set it
	Scripts     []string
	Styles      []string
	Head        templ.Component // more for the head element: canonical links, RSS
}

// Desk is the frame of staff pages: a side list of queues with counts.
type Desk struct {
	Title    string // the module: "Laporan warga"
	Subtitle string // the unit or position in which the actor works
	Groups   []DeskGroup
}

// End adds the way to the other workplaces and marks the entry that leads to the page at current.
func (d *Desk) End(current string) *Desk {
	d.Groups = append(d.Groups, DeskGroup{Title: "Lainnya", Items: []DeskItem{{Label: "Semua ruang kerja", Href: "/meja"}}})
	for _, g := range d.Groups {
		for i := range g.Items {
			g.Items[i].Current = g.Items[i].Href == current
		}
	}
	return d
}

// DeskGroup is a titled part of the side list.
type DeskGroup struct {
	Title string
	Items []DeskItem
}

// DeskItem is a queue or a page. Count shows as a badge when above zero.
type DeskItem struct {
	Label, Href string
	Count       int
	Tone        string // accent (default), warning or danger: the badge's colour
	Note        string // what the home desk adds in words: "3 terlambat"
	Current     bool
}

// current says whether a menu entry leads to the page at path.
func current(l Link, path string) bool {
	return l.Current || l.Href == path
}

// title joins the page's and the portal's name.
func (p Page) title(portal string) string {
	if p.Title == "" {
		return portal
	}
	return p.Title + " – " + portal
}

// initial is the letter shown for a signed-in person.
func initial(name string) string {
	for _, r := range strings.TrimSpace(name) {
		return strings.ToUpper(string(r))
	}
	return "•"
}
