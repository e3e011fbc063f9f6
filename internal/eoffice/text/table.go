package text

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// maxColumns is how far a cell that spans columns reaches, and up to where short rows are
// filled; no paper shows more.
const maxColumns = 40

// cell is one cell of a table: its tag and what it says.
type cell struct{ tag, line string }

// table writes a table: rows of cells, each one line of text with breaks. A cell that spans
// others is followed by empty ones, so that what stands below each other stays so.
func (w *writer) table(n *html.Node, depth int) error {
	var rows [][]cell
	var below []int // of each column, how many rows a cell above still covers
	var visit func(n *html.Node, depth int) error
	visit = func(n *html.Node, depth int) error {
		if depth > maxDepth {
			return errs.New(errs.Unprocessable, "Isi bersarang terlalu dalam. Tempel lagi sebagai teks biasa.")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type != html.ElementNode || dropped[c.DataAtom] {
				continue
			}
			var err error
			switch c.DataAtom {
			case atom.Tr:
				var row []cell
				if row, err = w.row(c, &below, depth+1); row != nil {
					rows = append(rows, row)
				}
			case atom.Caption:
				err = w.flow(c, mark{}, depth+1)
			default:
				err = visit(c, depth+1)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	if err := visit(n, depth); err != nil || len(rows) == 0 {
		return err
	}
	columns := 0
	for _, r := range rows {
		columns = max(columns, len(r))
	}
	w.out.WriteString("<table><tbody>")
	for _, r := range rows {
		for len(r) < min(columns, maxColumns) {
			r = append(r, cell{tag: r[len(r)-1].tag})
		}
		w.out.WriteString("<tr>")
		for _, c := range r {
			w.out.WriteString("<" + c.tag + ">" + c.line + "</" + c.tag + ">")
		}
		w.out.WriteString("</tr>")
	}
	w.out.WriteString("</tbody></table>")
	return nil
}

// row is the cells of one row, nil when none says anything.
func (w *writer) row(n *html.Node, below *[]int, depth int) (row []cell, err error) {
	covered := func() bool {
		at := len(row)
		if at >= len(*below) || (*below)[at] == 0 {
			return false
		}
		(*below)[at]--
		row = append(row, cell{tag: "td"})
		return true
	}
	said := false
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || c.DataAtom != atom.Td && c.DataAtom != atom.Th {
			continue
		}
		for covered() {
		}
		line, after, err := w.item(c, mark{}, maxList, depth)
		if err != nil {
			return nil, err
		}
		for part := range strings.SplitSeq(strings.NewReplacer("</li>", "\n", "<li>", "").Replace(after), "\n") {
			if part != "" && line != "" {
				line += "<br>"
			}
			line += part
		}
		said = said || line != ""
		down := span(c, "rowspan") - 1
		for i := range min(span(c, "colspan"), max(maxColumns-len(row), 1)) {
			if i > 0 {
				line = ""
			}
			for len(*below) <= len(row) {
				*below = append(*below, 0)
			}
			(*below)[len(row)] = down
			row = append(row, cell{c.Data, line})
		}
	}
	for covered() {
	}
	if !said {
		return nil, nil
	}
	return row, nil
}

// span is how many columns or rows a cell covers, at least one.
func span(n *html.Node, key string) int {
	count, _ := strconv.Atoi(strings.TrimSpace(attr(n, key)))
	return max(min(count, 1000), 1)
}
