package naskah

import (
	"slices"
	"strconv"
	"strings"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

const (
	cellPad = 1.6 // millimetres beside the text of a cell
	cellAir = 0.9 // above and below it
	minCell = 9.0 // narrower columns hold no word

	numberCell = 11.0
	slack      = 0.5 // so that what just fits does fit
	chunk      = 12  // lines of a row that stay together
)

// table adds a head and rows of ruled cells.
func (s *setter) table(b Table) error {
	cols := len(b.Head)
	for _, r := range b.Rows {
		cols = max(cols, len(r))
	}
	if cols == 0 {
		return nil
	}
	rows := make([][]string, 0, len(b.Rows)+1)
	for _, r := range append([][]string{b.Head}, b.Rows...) {
		cells := make([]string, cols)
		for i, c := range r {
			cells[i] = bind(clean(c))
		}
		rows = append(rows, cells)
	}
	room := s.w
	if b.Numbered {
		room -= numberCell
	}
	widths, l, err := s.divide(b.Widths, rows, letterform{regular, s.size - 1}, room)
	if err != nil {
		return err
	}
	if b.Numbered {
		widths = append([]float64{numberCell}, widths...)
		for i := range rows {
			no := "No."
			if i > 0 {
				no = strconv.Itoa(i) + "."
			}
			rows[i] = append([]string{no}, rows[i]...)
		}
	}
	var head *item
	if len(b.Head) > 0 {
		head = &s.row(rows[0], widths, letterform{bold, l.size}, b.Numbered, true)[0]
	}
	var body [][]item
	for _, r := range rows[1:] {
		body = append(body, s.row(r, widths, l, b.Numbered, false))
	}
	s.rows(head, body)
	return nil
}

// divide gives each column its width, and the letterform in which all fits; some word is
// broken where none does.
func (s *setter) divide(given []float64, rows [][]string, l letterform, room float64) ([]float64, letterform, error) {
	widths := columns(given, rows, l, room)
	for ; widths == nil && l.size > 8; l.size-- {
		widths = columns(given, rows, letterform{l.style, l.size - 1}, room)
	}
	if widths == nil {
		widths = squeezed(rows, room)
	}
	if widths == nil {
		return nil, l, errs.New(errs.Unprocessable, "Tabel di dalam surat punya terlalu banyak kolom untuk lebar kertasnya.")
	}
	return widths, l, nil
}

// rows adds rows, each in its pieces, below their head if they have one.
func (s *setter) rows(head *item, body [][]item) {
	for i, row := range body {
		for j, it := range row {
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
}

// columns divides the width w among the columns, as given or by what is in them,
// but gives each what its longest word needs. It returns nil when w is too small.
func columns(given []float64, rows [][]string, l letterform, w float64) []float64 {
	n := len(rows[0])
	least, want := make([]float64, n), make([]float64, n)
	for i := range n {
		least[i] = minCell
	}
	for r, cells := range rows {
		form := l
		if r == 0 {
			form.style = bold
		}
		for i, c := range cells {
			for part := range strings.SplitSeq(c, "\n") {
				want[i] = max(want[i], form.width(part)+2*cellPad+slack)
				for word := range strings.SplitSeq(part, " ") {
					least[i] = max(least[i], form.width(word)+2*cellPad+slack)
				}
			}
		}
	}
	if sum(least) > w {
		return nil
	}
	if usable(given, n) {
		want = slices.Clone(given)
	} else if sum(want) > w {
		level(want, w)
	}
	return fill(want, least, w)
}

// level lowers the greatest of want to one height at which the sum is w.
func level(want []float64, w float64) {
	sorted := slices.Sorted(slices.Values(want))
	for i, x := range sorted {
		if at := w / float64(len(sorted)-i); x > at {
			for j := range want {
				want[j] = min(want[j], at)
			}
			return
		}
		w -= x
	}
}

// fill scales want to the sum w, where least leaves it that freedom.
func fill(want, least []float64, w float64) []float64 {
	out, fixed := make([]float64, len(want)), make([]bool, len(want))
	for {
		free, share := w, 0.0
		for i := range out {
			if fixed[i] {
				free -= least[i]
			} else {
				share += want[i]
			}
		}
		changed := false
		for i := range out {
			if out[i] = least[i]; !fixed[i] {
				if out[i] = want[i] * free / share; out[i] < least[i] {
					fixed[i], changed = true, true
				}
			}
		}
		if !changed {
			return out
		}
	}
}

// squeezed divides w evenly; nil when even that leaves no room for a few letters.
func squeezed(rows [][]string, w float64) []float64 {
	n := len(rows[0])
	if w/float64(n) < minCell {
		return nil
	}
	return slices.Repeat([]float64{w / float64(n)}, n)
}

func usable(given []float64, n int) bool {
	return len(given) == n && !slices.ContainsFunc(given, func(x float64) bool { return !(x > 0 && x < 1e6) })
}

func sum(all []float64) (total float64) {
	for _, x := range all {
		total += x
	}
	return total
}

// filled is what stands in a cell: so many lines, each drawn from its place and width.
type filled struct {
	lines int
	draw  func(p *pen, n int, x, y, w float64)
}

// row returns one row as items; a long one in pieces, which may stand on two
// pages. A head is one piece.
func (s *setter) row(cells []string, widths []float64, l letterform, numbered, head bool) []item {
	lead := s.lead - 0.5
	all := make([]filled, len(cells))
	for i, c := range cells {
		lines := l.lines(c, widths[i]-2*cellPad, 0)
		a := left
		if head || numbered && i == 0 {
			a = center
		}
		all[i] = filled{len(lines), func(p *pen, n int, x, y, w float64) { p.text(l, lines[n].text, x, y, w, lead, a) }}
	}
	return s.ruled(all, widths, head)
}

// ruled is a row of cells as items.
func (s *setter) ruled(cells []filled, widths []float64, head bool) (items []item) {
	lead := s.lead - 0.5
	most := 1
	for _, c := range cells {
		most = max(most, c.lines)
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
				up := top
				if head {
					up += lead * float64(most-cells[i].lines) / 2
				}
				for n := from; n < min(to, cells[i].lines); n++ {
					cells[i].draw(p, n, x+cellPad, up+lead*float64(n-from), w-2*cellPad)
				}
				x += w
			}
		}})
	}
	return items
}
