package naskah

import (
	"fmt"
	"strconv"
	"strings"
)

// density is how tightly a letter is set.
type density struct{ size, lead float64 } // points, millimetres from line to line

// densities are tried in turn until a letter fits one page. A letter that does
// not is set in the first.
var densities = []density{{12, 5.8}, {11.5, 5.3}, {11, 4.9}, {10.5, 4.6}}

// setter turns a document into items for a column of text.
type setter struct {
	density
	x, w  float64 // the column
	label float64 // width of the labels of all fields, so that their colons align
	items []item
}

func (s *setter) body(st style) letterform { return letterform{st, s.size} }

func (s *setter) add(it item) { s.items = append(s.items, it) }

// glue keeps the last n items together with what comes after them.
func (s *setter) glue(n, from int) {
	for i := max(from, len(s.items)-n); i < len(s.items); i++ {
		s.items[i].keep = true
	}
}

// part is the space between two parts of the text.
func (s *setter) part() float64 { return s.lead * 0.42 }

func (s *setter) block(b Block) error {
	switch b := b.(type) {
	case Paragraph:
		s.paragraph(b)
	case Fields:
		s.fields(b)
	case List:
		s.list(b)
	case Rich:
		s.rich(b)
	case Opening:
		s.opening(b)
	case Table:
		return s.table(b)
	case RichTable:
		return s.richTable(b)
	}
	return nil
}

// running adds lines of text, no first or last line alone on a page. The first
// line is drawn by first too, when it is given.
func (s *setter) running(l letterform, text string, x, w, indent float64, a align, first func(p *pen, y float64)) {
	lines := l.lines(bind(text), w, indent)
	for i, ln := range lines {
		it := item{h: s.lead, keep: i < len(lines)-1 && (i == 0 || i == len(lines)-2)}
		in := 0.0
		if i == 0 {
			it.gap, in = s.part(), indent
		}
		how := a
		if a == justify && (ln.last || ln.width < 0.7*(w-in)) {
			how = left
		}
		it.draw = func(p *pen, y float64) {
			if i == 0 && first != nil {
				first(p, y)
			}
			p.text(l, ln.text, x+in, y, w-in, s.lead, how)
		}
		s.add(it)
	}
}

func (s *setter) paragraph(b Paragraph) {
	text := clean(b.Text)
	l, a, indent := s.body(regular), justify, 0.0
	if b.Bold {
		l = s.body(bold)
	}
	if b.Center {
		a = center
	} else if b.Indent {
		indent = 12
	}
	s.running(l, text, s.x, s.w, indent, a, nil)
	if b.Bold || strings.HasSuffix(strings.TrimSpace(text), ":") {
		s.glue(1, 0) // it leads to what comes next
	}
}

func (s *setter) list(b List) {
	l := s.body(regular)
	in := l.width(strconv.Itoa(len(b))+".") + 2.5
	for i, text := range b {
		at := len(s.items)
		s.running(l, clean(text), s.x+in, s.w-in, 0, justify, func(p *pen, y float64) {
			p.text(l, fmt.Sprintf("%d.", i+1), s.x, y, in, s.lead, left)
		})
		if i > 0 {
			s.items[at].gap = s.part() / 2
		}
	}
}

// labels finds the width that the labels of a document need, or may have.
func (s *setter) labels(blocks []Block) {
	const most, air = 0.42, 1.5
	for _, b := range blocks {
		if b, ok := b.(Fields); ok {
			for _, f := range b {
				s.label = max(s.label, min(s.body(regular).width(clean(f.Label)), s.w*most)+air)
			}
		}
	}
}

func (s *setter) fields(b Fields) {
	const indent, colon = 12, 3.5
	l, label := s.body(regular), s.label
	x := s.x + indent
	at, value := x+label+2, s.w-indent-label-2-colon
	for n, f := range b {
		labels := l.lines(clean(f.Label), label, 0)
		values := l.lines(bind(clean(f.Value)), value, 0)
		for i := range max(len(labels), len(values)) {
			it := item{h: s.lead, keep: i+1 < max(len(labels), len(values)), draw: func(p *pen, y float64) {
				if i < len(labels) {
					p.text(l, labels[i].text, x, y, label, s.lead, left)
				}
				if i == 0 {
					p.text(l, ":", at, y, colon, s.lead, left)
				}
				if i < len(values) {
					p.text(l, values[i].text, at+colon, y, value, s.lead, left)
				}
			}}
			if n == 0 && i == 0 {
				it.gap = s.part()
			}
			if n == 0 && len(b) > 1 {
				it.keep = true
			}
			s.add(it)
		}
	}
}
