package naskah

import (
	"strings"

	"makassartidakrantasa.com/portal/internal/platform/indo"

	qrcode "github.com/skip2/go-qrcode"
)

// heights of the room between who signs as what and the name.
const (
	handRoom  = 24 // hand and stamp
	frameRoom = 19 // framed note of an electronic signature
	partyRoom = 25 // hand, and the meterai where it is asked for
	codeSize  = 24
)

// column is half of a row of signatures: lines, room, lines.
type column struct {
	above, below []columnLine
	align        align
	room         float64
	draw         func(p *pen, x, y, w, h float64) // in the room
}

type columnLine struct {
	form      letterform
	text      string
	underline bool
}

func (c *column) add(to *[]columnLine, l letterform, text string, w float64, underline bool) {
	if text = clean(text); strings.TrimSpace(text) == "" {
		return
	}
	for _, ln := range l.balanced(text, w) {
		*to = append(*to, columnLine{l, ln.text, underline})
	}
}

// name adds a name, in one line if at all possible.
func (c *column) name(l letterform, text string, w float64) {
	c.add(&c.below, l.smaller(clean(text), w, l.size*0.85), text, w, true)
}

const columnGap = 8

func (s *setter) half() float64 { return (s.w - columnGap) / 2 }

// pair adds two columns side by side, kept together; nil leaves a side empty.
func (s *setter) pair(l, r *column, gap float64) {
	sides := [2]*column{l, r}
	var above, below int
	var room float64
	for i, c := range sides {
		if c == nil {
			sides[i] = &column{}
			continue
		}
		above, below, room = max(above, len(c.above)), max(below, len(c.below)), max(room, c.room)
	}
	x := [2]float64{s.x, s.x + s.half() + columnGap}
	both := func(h float64, draw func(p *pen, c *column, x, y float64)) item {
		return item{h: h, keep: true,
			draw: func(p *pen, y float64) { draw(p, sides[0], x[0], y) },
			then: func(p *pen, y float64) { draw(p, sides[1], x[1], y) },
		}
	}
	row := func(pick func(c *column) []columnLine, n int, lead float64) item {
		return both(lead, func(p *pen, c *column, x, y float64) {
			lines := pick(c)
			if n >= len(lines) {
				return
			}
			ln := lines[n]
			p.text(ln.form, ln.text, x, y, s.half(), lead, c.align)
			if ln.underline {
				p.underline(ln.form, ln.text, x, y, s.half(), lead, c.align)
			}
		})
	}
	at := len(s.items)
	for n := range above {
		s.add(row(func(c *column) []columnLine { return c.above }, n, s.lead-0.3))
	}
	s.add(both(room, func(p *pen, c *column, x, y float64) {
		if c.draw != nil {
			c.draw(p, x, y, s.half(), room)
		}
	}))
	for n := range below {
		s.add(row(func(c *column) []columnLine { return c.below }, n, s.lead-0.6))
	}
	s.items[at].gap = gap
	s.items[len(s.items)-1].keep = false
}

// parties adds those who sign on paper, two beside each other.
func (s *setter) parties(all []Party) {
	for i := 0; i < len(all); i += 2 {
		l := s.party(all[i])
		var r *column
		if i+1 < len(all) {
			r = s.party(all[i+1])
		}
		gap := s.lead
		if i == 0 {
			gap = s.part() + 1.5
		}
		s.pair(l, r, gap)
	}
}

func (s *setter) party(b Party) *column {
	c := &column{align: center, room: partyRoom}
	w := s.half()
	c.add(&c.above, s.body(regular), b.Role, w, false)
	c.name(s.body(bold), b.Name, w)
	if len(c.below) == 0 {
		c.below = append(c.below, columnLine{s.body(regular), strings.Repeat(".", 36), false})
	}
	c.add(&c.below, letterform{regular, s.size - 2}, b.Note, w, false)
	if b.Stamp {
		c.draw = func(p *pen, x, y, w, h float64) {
			const wide, high = 32.0, 21.0
			x, y = x+4, y+(h-high)/2
			small := letterform{regular, 8.5}
			p.shade(130)
			p.pdf.SetDashPattern([]float64{1, 1}, 0)
			p.frame(x, y, wide, high, 0.2)
			p.pdf.SetDashPattern(nil, 0)
			p.shade(110)
			p.text(small, "Meterai", x, y+high/2-3.6, wide, 3.6, center)
			p.text(small, "Rp10.000", x, y+high/2, wide, 3.6, center)
			p.shade(ink)
		}
	}
	return c
}

// signatures adds the block of the officials with the date, and the code: beside
// a single signature, below several.
func (s *setter) signatures(d Document, date string, q *qrcode.QRCode) {
	from := len(s.items)
	gap := s.lead * 0.9
	if n := len(d.Signatures); n == 0 {
		c := &column{align: center}
		c.add(&c.above, s.body(regular), date, s.half(), false)
		if len(c.above) > 0 {
			s.pair(nil, c, gap)
		}
	} else {
		main := s.signature(d.Signatures[n-1], date, false)
		beside := (*column)(nil)
		switch {
		case n > 1:
			beside = s.signature(d.Signatures[n-2], "", date != "")
		case q != nil:
			beside = s.beside(d.QR, q, main.room)
			q = nil
		}
		s.pair(beside, main, gap)
		for i := n - 3; i >= 0; i -= 2 {
			r := s.signature(d.Signatures[i], "", false)
			if i == 0 {
				s.pair(nil, r, gap)
			} else {
				s.pair(s.signature(d.Signatures[i-1], "", false), r, gap)
			}
		}
	}
	if q != nil {
		s.below(d.QR, q)
	}
	for i := from; i < len(s.items)-1; i++ {
		s.items[i].keep = true
	}
}

// signature sets one official, date above, or an empty line where the other
// column has the date.
func (s *setter) signature(b Signature, date string, level bool) *column {
	c := &column{align: center, room: handRoom}
	w := s.half()
	plain := s.body(regular)
	c.add(&c.above, plain, date, w, false)
	c.add(&c.above, plain, b.Caption, w, false)
	if level && len(c.above) == 0 {
		c.above = append(c.above, columnLine{form: plain})
	}
	for _, text := range b.Lines {
		c.add(&c.above, plain, text, w, false)
	}
	c.name(s.body(bold), b.Name, w)
	c.add(&c.below, plain, b.Rank, w, false)
	if b.NIP != "" {
		c.add(&c.below, plain, "NIP. "+indo.FormatNIP(b.NIP), w, false)
	}
	small := letterform{regular, 8.5}
	if !b.Electronic {
		c.add(&c.below, letterform{italic, 8.5}, b.Note, w, false)
		return c
	}
	c.room = frameRoom
	c.draw = func(p *pen, x, y, w, h float64) {
		const pad, lead = 3.0, 3.8
		note := clean(b.Note)
		if small.width(note) > w-4*pad {
			note = strings.ReplaceAll(note, " · ", "\n")
		}
		lines := small.balanced(note, w-4*pad)
		p.shade(90)
		p.pdf.SetLineWidth(0.25)
		p.pdf.RoundedRect(x+pad, y+2, w-2*pad, h-4, 1.5, "1234", "D")
		up := y + (h-lead*float64(len(lines)))/2
		for _, ln := range lines {
			p.text(small, ln.text, x+2*pad, up, w-4*pad, lead, center)
			up += lead
		}
		p.shade(ink)
	}
	return c
}

// beside is the code as the left column of a single signature.
func (s *setter) beside(b QR, q *qrcode.QRCode, room float64) *column {
	c := &column{room: max(room, codeSize)}
	c.draw = func(p *pen, x, y, w, h float64) { code(p, b, q, x, y, w-4, h) }
	return c
}

// below is the code as a row of its own.
func (s *setter) below(b QR, q *qrcode.QRCode) {
	s.add(item{gap: s.part() + 2, h: codeSize, draw: func(p *pen, y float64) {
		code(p, b, q, s.x, y, s.w*0.75, codeSize)
	}})
}

// code draws a QR code with its caption beside it, in the middle of h.
func code(p *pen, b QR, q *qrcode.QRCode, x, y, w, h float64) {
	const lead, gap = 3.7, 3.0
	small := letterform{regular, 8.5}
	in := codeSize + gap
	lines := small.lines(clean(b.Caption), w-in, 0)
	p.code(q, x, y+(h-codeSize)/2, codeSize)
	up := y + (h-lead*float64(len(lines)))/2
	for _, ln := range lines {
		p.text(small, ln.text, x+in, up, w-in, lead, left)
		up += lead
	}
}
