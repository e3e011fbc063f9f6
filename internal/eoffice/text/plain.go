package text

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// node is a block of a body, an item of a list, a row or a cell, with its own text, as
// reading a sanitised body gives it.
type node struct {
	tag      string
	runs     []run
	children []node
}

// read takes a sanitised body apart.
func read(body string) []node {
	ctx := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(body), ctx)
	if err != nil {
		return nil // a reader of memory does not fail
	}
	var out []node
	for _, n := range nodes {
		out = append(out, take(n))
	}
	return out
}

func take(n *html.Node) node {
	out := node{tag: n.Data}
	if n.Type == html.TextNode {
		return node{tag: "p", runs: []run{{text: n.Data}}}
	}
	var walk func(n *html.Node, m mark)
	walk = func(n *html.Node, m mark) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch {
			case c.Type == html.TextNode:
				if s := strings.ReplaceAll(c.Data, "\n", " "); strings.TrimSpace(s) != "" || len(out.runs) > 0 {
					out.runs = append(out.runs, run{text: s, mark: m})
				}
			case c.DataAtom == atom.Br:
				out.runs = append(out.runs, run{br: true})
			case c.DataAtom == atom.Tbody:
				walk(c, m)
			case marks[c.DataAtom] != "":
				walk(c, looks(c, m))
			case c.Type == html.ElementNode:
				out.children = append(out.children, take(c))
			}
		}
	}
	walk(n, mark{})
	return out
}

func (n node) plain() string {
	var b strings.Builder
	for _, r := range n.runs {
		if r.br {
			b.WriteByte('\n')
		}
		b.WriteString(r.text)
	}
	return strings.TrimSpace(b.String())
}

// ToPlain is what a sanitised body says, as one would type it: paragraphs with an empty
// line between them, items with "- " or their number, cells with " | " between them.
func ToPlain(body string) string {
	var parts []string
	for _, n := range read(body) {
		switch n.tag {
		case "ul", "ol":
			parts = append(parts, strings.Join(items(n, ""), "\n"))
		case "table":
			var rows []string
			for _, r := range n.children {
				var cells []string
				for _, c := range r.children {
					cells = append(cells, strings.ReplaceAll(c.plain(), "\n", " "))
				}
				rows = append(rows, strings.Join(cells, " | "))
			}
			parts = append(parts, strings.Join(rows, "\n"))
		default:
			parts = append(parts, n.plain())
		}
	}
	return strings.Join(parts, "\n\n")
}

func items(list node, indent string) (out []string) {
	for i, it := range list.children {
		head := "- "
		if list.tag == "ol" {
			head = itoa(i+1) + ". "
		}
		out = append(out, indent+head+strings.ReplaceAll(it.plain(), "\n", " "))
		for _, sub := range it.children {
			out = append(out, items(sub, indent+"  ")...)
		}
	}
	return out
}

var (
	bullet   = regexp.MustCompile(`^(\s*)[-*•]\s+(.*)$`)
	numbered = regexp.MustCompile(`^(\s*)\d{1,3}[.)]\s+(.*)$`)
)

// FromPlain makes what is typed without an editor a body: an empty line ends a paragraph,
// lines that begin with "- " or a number are items, cells stand between " | ".
func FromPlain(typed string) string {
	var out strings.Builder
	for part := range strings.SplitSeq(strings.ReplaceAll(strings.ReplaceAll(typed, "\r\n", "\n"), "\r", "\n"), "\n\n") {
		lines := strings.Split(strings.Trim(part, "\n"), "\n")
		switch {
		case strings.TrimSpace(part) == "":
		case all(lines, func(l string) bool { return bullet.MatchString(l) || numbered.MatchString(l) }):
			out.WriteString(listOf(lines))
		case len(lines) > 1 && all(lines, func(l string) bool { return strings.Contains(l, " | ") }):
			out.WriteString("<table>")
			for _, l := range lines {
				out.WriteString("<tr>")
				for cell := range strings.SplitSeq(l, " | ") {
					out.WriteString("<td>" + html.EscapeString(cell) + "</td>")
				}
				out.WriteString("</tr>")
			}
			out.WriteString("</table>")
		default:
			for i := range lines {
				lines[i] = html.EscapeString(lines[i])
			}
			out.WriteString("<p>" + strings.Join(lines, "<br>") + "</p>")
		}
	}
	body, err := Sanitize(out.String())
	if err != nil {
		return "<p>" + html.EscapeString(typed) + "</p>" // too long: whoever keeps it says so
	}
	return body
}

// Retyped is what was typed without an editor over what stood there before: blocks that say
// the same keep their look, of the others it is as [FromPlain] reads them.
func Retyped(before, typed string) string {
	looks := map[string][]string{}
	for _, b := range apart(before) {
		said := ToPlain(b)
		looks[said] = append(looks[said], b)
	}
	var out strings.Builder
	for _, b := range apart(FromPlain(typed)) {
		said := ToPlain(b)
		if old := looks[said]; len(old) > 0 {
			b, looks[said] = old[0], old[1:]
		}
		out.WriteString(b)
	}
	return out.String()
}

// apart are the blocks of a body, each a body; what is none is cleaned first.
func apart(body string) (out []string) {
	body, err := Sanitize(body)
	if err != nil {
		return nil // too long: whoever keeps it says so
	}
	nodes, err := html.ParseFragment(strings.NewReader(body), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		return nil // a reader of memory does not fail
	}
	for _, n := range nodes {
		var b strings.Builder
		if html.Render(&b, n) == nil { // a writer to memory does not fail
			out = append(out, strings.ReplaceAll(b.String(), "<br/>", "<br>"))
		}
	}
	return out
}

func all(lines []string, is func(string) bool) bool {
	for _, l := range lines {
		if !is(l) {
			return false
		}
	}
	return true
}

// listOf makes lines a list, those that are indented lists in it.
func listOf(lines []string) string {
	var out strings.Builder
	var open []string // tags of the lists that are open
	item := false     // an item is open at each level
	for _, l := range lines {
		tag, m := "ul", bullet.FindStringSubmatch(l)
		if m == nil {
			tag, m = "ol", numbered.FindStringSubmatch(l)
		}
		level := 1
		if m[1] != "" && len(open) > 0 {
			level = 2
		}
		for len(open) > level {
			out.WriteString("</li></" + open[len(open)-1] + ">")
			open = open[:len(open)-1]
		}
		if len(open) == level && open[level-1] != tag {
			out.WriteString("</li></" + open[level-1] + ">")
			open = open[:level-1]
		}
		if len(open) < level {
			out.WriteString("<" + tag + ">")
			open = append(open, tag)
		} else if item {
			out.WriteString("</li>")
		}
		out.WriteString("<li>" + html.EscapeString(m[2]))
		item = true
	}
	for i := len(open) - 1; i >= 0; i-- {
		out.WriteString("</li></" + open[i] + ">")
	}
	return out.String()
}
