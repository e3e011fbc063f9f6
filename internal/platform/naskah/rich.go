package naskah

import (
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// Rich is running text of which parts may be bold, italic or underlined: a paragraph, or
// with a marker an item of a list. A run that is bold and italic is set bold.
type Rich struct {
	Runs   []Run
	Marker string // "1.", "-"; hangs before the text
	Level  int    // how deep an item lies in lists, from 0
	Center bool
}

// Run is text that looks the same; a line feed in it begins a new line.
type Run struct {
	Text                    string
	Bold, Italic, Underline bool
}

// Opening is how a letter to somebody begins: the date at the right, what it is about at
// the left, and whom it is for.
type Opening struct {
	Place  string
	Date   time.Time // zero: a dotted line
	Fields Fields    // Nomor, Sifat, Lampiran, Hal
	To     []string  // lines
}

func (Rich) block()    {}
func (Opening) block() {}

func (r Run) style() style {
	switch {
	case r.Bold:
		return bold
	case r.Italic:
		return italic
	}
	return regular
}

// word is a word of one look; glued follows the one before without a space.
type word struct {
	text  string
	form  letterform
	under bool
	glued bool
}

// richLine is a line of words; last ends a paragraph and so is not justified.
type richLine struct {
	words []word
	width float64 // with single spaces
	gaps  int
	last  bool
}

func (s *setter) words(runs []Run) (parts [][]word) {
	parts = [][]word{nil}
	space := true
	for _, r := range runs {
		form := s.body(r.style())
		for n, line := range strings.Split(bind(clean(r.Text)), "\n") {
			if n > 0 {
				parts, space = append(parts, nil), true
			}
			for i, text := range strings.Split(line, " ") {
				if i > 0 {
					space = true
				}
				if text == "" {
					continue
				}
				at := len(parts) - 1
				parts[at] = append(parts[at], word{strings.ReplaceAll(text, "\u00a0", " "), form, r.Underline, !space})
				space = false
			}
		}
	}
	return parts
}

// broken breaks words to the width w. A word wider than the line is broken where the line
// ends.
func (s *setter) broken(words []word, w float64) (all []richLine) {
	space := s.body(regular).width(" ")
	var ln richLine
	end := func(last bool) {
		ln.last = last
		all = append(all, ln)
		ln = richLine{}
	}
	for _, x := range words {
		for {
			wide, gap := x.form.width(x.text), 0.0
			if len(ln.words) > 0 && !x.glued {
				gap = space
			}
			if ln.width+gap+wide <= w {
				ln.words, ln.width = append(ln.words, x), ln.width+gap+wide
				if gap > 0 {
					ln.gaps++
				}
				break
			}
			if len(ln.words) > 0 {
				end(false)
				x.glued = false
				continue
			}
			n := x.form.fit(x.text, w)
			ln.words, ln.width = []word{{x.text[:n], x.form, x.under, false}}, x.form.width(x.text[:n])
			if x.text = x.text[n:]; x.text == "" {
				break
			}
			end(false)
		}
	}
	end(true)
	return all
}

// rich adds running text with its marks.
func (s *setter) rich(b Rich) {
	const step = 8.0
	l := s.body(regular)
	x := s.x + step*float64(b.Level)
	if b.Marker != "" {
		x += max(step-1, l.width(b.Marker)+2.5)
	}
	w := s.w - (x - s.x)
	var lines []richLine
	for _, part := range s.words(b.Runs) {
		lines = append(lines, s.broken(part, w)...)
	}
	for i, ln := range lines {
		it := item{h: s.lead, keep: i < len(lines)-1 && (i == 0 || i == len(lines)-2)}
		if i == 0 {
			it.gap = s.part()
			if b.Marker != "" {
				it.gap /= 2
			}
		}
		it.draw = func(p *pen, y float64) {
			if i == 0 && b.Marker != "" {
				p.text(l, b.Marker, s.x+step*float64(b.Level), y, x-s.x, s.lead, left)
			}
			s.draw(p, ln, x, y, w, b.Center)
		}
		s.add(it)
	}
}

// draw sets one line, spread to the width unless it ends a paragraph.
func (s *setter) draw(p *pen, ln richLine, x, y, w float64, centred bool) {
	space := s.body(regular).width(" ")
	switch {
	case centred:
		x += (w - ln.width) / 2
	case !ln.last && ln.gaps > 0 && ln.width >= 0.7*w:
		space += (w - ln.width) / float64(ln.gaps)
	}
	for i, o := range ln.words {
		if i > 0 && !o.glued {
			x += space
		}
		wide := o.form.width(o.text)
		p.text(o.form, o.text, x, y, wide, s.lead, left)
		if o.under {
			p.underline(o.form, o.text, x, y, wide, s.lead, left)
		}
		x += wide
	}
}

// opening adds the beginning of a letter to somebody.
func (s *setter) opening(b Opening) {
	const colon = 3.5
	l := s.body(regular)
	date := strings.Repeat(".", 30)
	if !b.Date.IsZero() {
		date = indo.Date(b.Date)
	}
	if b.Place != "" {
		date = b.Place + ", " + date
	}
	s.add(item{gap: s.part(), h: s.lead, keep: true, draw: func(p *pen, y float64) { p.text(l, clean(date), s.x, y, s.w, s.lead, right) }})
	label := 0.0
	for _, f := range b.Fields {
		label = max(label, l.width(clean(f.Label)))
	}
	at := s.x + label + 3
	for n, f := range b.Fields {
		for i, ln := range l.lines(bind(clean(f.Value)), s.w*0.62, 0) {
			it := item{h: s.lead, keep: true, draw: func(p *pen, y float64) {
				if i == 0 {
					p.text(l, clean(f.Label), s.x, y, label, s.lead, left)
					p.text(l, ":", at, y, colon, s.lead, left)
				}
				p.text(l, ln.text, at+colon, y, s.w, s.lead, left)
			}}
			if n == 0 && i == 0 {
				it.gap = s.part() * 0.5
			}
			s.add(it)
		}
	}
	for n, to := range b.To {
		for i, ln := range l.lines(bind(clean(to)), s.w*0.75, 0) {
			it := item{h: s.lead, keep: true, draw: func(p *pen, y float64) { p.text(l, ln.text, s.x, y, s.w, s.lead, left) }}
			if n == 0 && i == 0 {
				it.gap = s.lead
			}
			s.add(it)
		}
	}
	s.add(item{h: s.lead * 0.4, keep: true, draw: func(*pen, float64) {}})
}
