package naskah

import (
	"strconv"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

const (
	cellPad = 1.6 // millimetres beside the text of a cell
	cellAir = 0.9 // above and below it
	minCell = 9.0 // narrower columns hold no word
	chunk   = 12  // lines of a row that stay together
)

// table adds a head and rows of ruled cells.
func (s *setter) table(b Table) error {
	rows := make([][]string, 0, len(b.Rows)+1)
	cols := len(b.Head)
	for _, r := range b.Rows {
		cols = max(cols, len(r))
	}
	if cols == 0 {
		return nil
	}
	for _, r := range append([][]string{b.Head}, b.Rows...) {
		cells := make([]string, cols)
		for i, c := range r {
			cells[i] = clean(c)
		}
		rows = append(rows, cells)
	}
	l := letterform{regular, s.size - 1}
	widths := columns(b.Widths, rows, l, cols)
	if b.Numbered {
		for i := range rows {
			no := "No."
			if i > 0 {
				no = strconv.Itoa(i) + "."
			}
			rows[i] = append([]string{no}, rows[i]...)
		}
		scale(widths, s.w-10)
		widths = append([]float64{10}, widths...)
	} else {
		scale(widths, s.w)
	}
	for _, w := range widths {
		if w < minCell {
			return errs.New(errs.Unprocessable, "Tabel di dalam surat punya terlalu banyak kolom untuk lebar kertasnya.")
		}
	}
	var head *item
	if len(b.Head) > 0 {
		head = &s.row(rows[0], widths, letterform{bold, l.size}, b.Numbered, true)[0]
	}
	for i, r := range rows[1:] {
		for j, it := range s.row(r, widths, l, b.Numbered, false) {
			it.head = head
			if i == 0 && j == 0 {
				if head != nil {
					first := *head
					first.gap, first.keep = s.part()+0.5, true
					s.add(first)
				} else {
					it.gap = s.part() + 0.5
				}
			}
			s.add(it)
		}
	}
	return nil
}

// columns returns the relative widths of the columns: as given, else by what is
// in them.
func columns(given []float64, rows [][]string, l letterform, n int) []float64 {
	if len(given) == n {
		ok := true
		for _, w := range given {
			ok = ok && w > 0 && w < 1e6
		}
		if ok {
			return append([]float64{}, given...)
		}
	}
	widths := make([]float64, n)
	for _, r := range rows {
		for i, c := range r {
			widths[i] = max(widths[i], min(l.width(c), 60)+2*cellPad+1, minCell)
		}
	}
	return widths
}

// scale makes the widths fill w.
func scale(widths []float64, w float64) {
	var sum float64
	for _, x := range widths {
		sum += x
	}
	for i := range widths {
		widths[i] *= w / sum
	}
}

// row returns one row as items; a long one in pieces, which may stand on two
// pages. A head is one piece.
func (s *setter) row(cells []string, widths []float64, l letterform, numbered, head bool) (items []item) {
	lead := s.lead - 0.5
	lines := make([][]line, len(cells))
	most := 1
	for i, c := range cells {
		lines[i] = l.lines(c, widths[i]-2*cellPad, 0)
		most = max(most, len(lines[i]))
	}
	size := chunk
	if head {
		size = most
	}
	for from := 0; from < most; from += size {
		to := min(from+size, most)
		first, last := from == 0, to == most
		h := lead * float64(to-from)
		if first {
			h += cellAir
		}
		if last {
			h += cellAir
		}
		items = append(items, item{h: h, draw: func(p *pen, y float64) {
			x := s.x
			top := y
			if first {
				top += cellAir
			}
			for i, w := range widths {
				if head {
					p.shade(238)
					p.pdf.Rect(x, y, w, h, "F")
					p.shade(ink)
				}
				p.pdf.SetLineWidth(0.2)
				p.pdf.Line(x, y, x, y+h)
				p.pdf.Line(x+w, y, x+w, y+h)
				if first {
					p.pdf.Line(x, y, x+w, y)
				}
				if last {
					p.pdf.Line(x, y+h, x+w, y+h)
				}
				a, up := left, top
				if head {
					a = center
					up += lead * float64(most-len(lines[i])) / 2
				} else if numbered && i == 0 {
					a = center
				}
				for n := from; n < min(to, len(lines[i])); n++ {
					p.text(l, lines[i][n].text, x+cellPad, up+lead*float64(n-from), w-2*cellPad, lead, a)
				}
				x += w
			}
		}})
	}
	return items
}
