package naskah

import (
	"strings"
)

// RichTable is a table whose cells hold running text. Headed: its first row is its head,
// shaded and repeated on every page.
type RichTable struct {
	Rows   [][][]Run
	Headed bool
}

func (RichTable) block() {}

// richTable adds rows of ruled cells of running text.
func (s *setter) richTable(b RichTable) error {
	cols := 0
	for _, r := range b.Rows {
		cols = max(cols, len(r))
	}
	if cols == 0 {
		return nil
	}
	plain := make([][]string, len(b.Rows))
	for i, r := range b.Rows {
		plain[i] = make([]string, cols)
		for j, runs := range r {
			var text strings.Builder
			for _, run := range runs {
				text.WriteString(run.Text)
			}
			plain[i][j] = bind(clean(text.String()))
		}
	}
	// Measured in bold, the widest, so that what may be bold fits.
	widths, l, err := s.divide(nil, plain, letterform{bold, s.size - 1}, s.w)
	if err != nil {
		return err
	}
	small := *s
	small.size, small.lead = l.size, s.lead-0.5
	var rows [][]item
	for i, r := range b.Rows {
		head := b.Headed && i == 0
		cells := make([]filled, cols)
		for j, runs := range r {
			var lines []richLine
			for _, part := range small.words(runs) {
				lines = append(lines, small.broken(part, widths[j]-2*cellPad)...)
			}
			cells[j] = filled{len(lines), func(p *pen, n int, x, y, w float64) {
				ln := lines[n]
				ln.last = true // cells are not justified
				small.draw(p, ln, x, y, w, head)
			}}
		}
		rows = append(rows, s.ruled(cells, widths, head))
	}
	if b.Headed && len(rows) > 1 {
		s.rows(&rows[0][0], rows[1:])
	} else {
		s.rows(nil, rows)
	}
	return nil
}
