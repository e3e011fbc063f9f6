package text

import "strings"

// Block is a paragraph, a heading, an item of a list, or a table of a body.
type Block struct {
	Heading bool
	Marker  string // of an item: "1.", "-"
	Level   int    // of an item, from 0
	Runs    []Run
	Rows    [][]Cell // of a table; nil for all else
}

// Cell is one cell of a table.
type Cell struct {
	Head bool // of a row or column
	Runs []Run
}

// Run is text that looks the same; a line feed in it is a break.
type Run struct {
	Text                    string
	Bold, Italic, Underline bool
}

// Read takes a sanitised body apart, in its order.
func Read(body string) (out []Block) {
	for _, n := range read(body) {
		switch n.tag {
		case "ul", "ol":
			out = append(out, listed(n, 0)...)
		case "table":
			t := Block{Rows: [][]Cell{}}
			for _, r := range n.children {
				var row []Cell
				for _, c := range r.children {
					row = append(row, Cell{Head: c.tag == "th", Runs: said(c.runs)})
				}
				t.Rows = append(t.Rows, row)
			}
			out = append(out, t)
		default:
			out = append(out, Block{Heading: strings.HasPrefix(n.tag, "h"), Runs: said(n.runs)})
		}
	}
	return out
}

func listed(n node, level int) (out []Block) {
	for i, it := range n.children {
		marker := "–"
		if n.tag == "ol" {
			marker = itoa(i+1) + "."
			if level > 0 {
				marker = string(rune('a'+i%26)) + "."
			}
		}
		out = append(out, Block{Marker: marker, Level: level, Runs: said(it.runs)})
		for _, sub := range it.children {
			out = append(out, listed(sub, level+1)...)
		}
	}
	return out
}

func said(runs []run) (out []Run) {
	for _, r := range runs {
		if r.br {
			out = append(out, Run{Text: "\n"})
			continue
		}
		out = append(out, Run{r.text, r.mark.bold, r.mark.italic, r.mark.under})
	}
	return out
}
