package text

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

const (
	// MaxSource is the longest HTML that is looked at, in bytes. What is pasted from a word
	// processor is many times longer than what it says.
	MaxSource = 4 << 20
	// MaxBody is the longest text that is kept, in bytes with its marks.
	MaxBody = 300_000

	maxDepth = 200 // of elements in the source; browsers nest no deeper by themselves
	maxList  = 2   // of lists in lists
)

// blocks are the elements that end a line of text, and what becomes of them.
var blocks = map[atom.Atom]string{
	atom.P: "p", atom.H1: "h2", atom.H2: "h2", atom.H3: "h3", atom.H4: "h3", atom.H5: "h3", atom.H6: "h3", atom.Div: "p", atom.Section: "p",
	atom.Article: "p", atom.Blockquote: "p", atom.Pre: "p", atom.Address: "p", atom.Center: "p", atom.Header: "p", atom.Footer: "p", atom.Dt: "p",
	atom.Dd: "p", atom.Figcaption: "p", atom.Caption: "p", atom.Hr: "p",
}

// marks are the elements that change how text looks, and what becomes of them.
var marks = map[atom.Atom]string{
	atom.B: "strong", atom.Strong: "strong", atom.I: "em", atom.Em: "em", atom.U: "u", atom.Ins: "u",
}

// dropped are the elements that go with all that is in them.
var dropped = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Head: true, atom.Title: true, atom.Template: true, atom.Noscript: true, atom.Iframe: true, atom.Object: true,
	atom.Embed: true, atom.Applet: true, atom.Svg: true, atom.Math: true, atom.Select: true, atom.Textarea: true, atom.Button: true, atom.Input: true,
	atom.Form: false, atom.Audio: true, atom.Video: true, atom.Canvas: true, atom.Map: true, atom.Img: true, atom.Frameset: true, atom.Noframes: true,
	atom.Noembed: true, atom.Xmp: true, atom.Plaintext: true,
}

// Sanitize makes any HTML the subset. The same text always becomes the same bytes, and what
// it made it does not change. Nothing but the elements of the subset is left, without
// attributes. Too much is errs.Unprocessable with a sentence.
func Sanitize(source string) (string, error) {
	if len(source) > MaxSource {
		return "", errs.New(errs.Unprocessable, "Isi terlalu panjang. Pindahkan sebagian ke lampiran.")
	}
	source = strings.ToValidUTF8(strings.ReplaceAll(source, "\x00", ""), "\uFFFD")
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(source), body)
	if err != nil {
		return "", errs.Wrap(errs.Unprocessable, err, "Isi tidak dapat dibaca. Tempel lagi sebagai teks biasa.")
	}
	w := writer{}
	for _, n := range nodes {
		body.AppendChild(n)
	}
	wordLists(body, 0)
	for n := body.FirstChild; n != nil; n = n.NextSibling {
		if err := w.flow(n, mark{}, 0); err != nil {
			return "", err
		}
	}
	w.close()
	if w.out.Len() > MaxBody {
		return "", errs.New(errs.Unprocessable, "Isi terlalu panjang. Pindahkan sebagian ke lampiran.")
	}
	return w.out.String(), nil
}

// mark is how text looks.
type mark struct{ bold, italic, under bool }

func (m mark) tags() (open, shut string) {
	for _, t := range []struct {
		on   bool
		name string
	}{{m.bold, "strong"}, {m.italic, "em"}, {m.under, "u"}} {
		if t.on {
			open, shut = open+"<"+t.name+">", "</"+t.name+">"+shut
		}
	}
	return open, shut
}

// run is text that looks the same; a line break stands alone.
type run struct {
	text string
	mark mark
	br   bool
}

// writer writes the subset. Text gathers in runs until its block ends.
type writer struct {
	out  strings.Builder
	tag  string // of the block that is open: "" for a paragraph nobody opened yet
	runs []run
}

// flow writes a node where blocks may stand.
func (w *writer) flow(n *html.Node, m mark, depth int) error {
	if depth > maxDepth {
		return errs.New(errs.Unprocessable, "Isi bersarang terlalu dalam. Tempel lagi sebagai teks biasa.")
	}
	switch n.Type {
	case html.TextNode:
		w.say(n.Data, m)
		return nil
	case html.ElementNode:
	default:
		return nil
	}
	switch {
	case dropped[n.DataAtom] || n.Namespace != "" || strings.Contains(n.Data, ":") && n.FirstChild == nil:
		return nil
	case n.DataAtom == atom.Br:
		w.runs = append(w.runs, run{br: true})
		return nil
	case n.DataAtom == atom.Ul || n.DataAtom == atom.Ol:
		w.close()
		return w.list(n, m, 1, depth)
	case n.DataAtom == atom.Li: // outside a list
		w.close()
		err := w.children(n, m, depth)
		w.close()
		return err
	case n.DataAtom == atom.Table:
		w.close()
		return w.table(n, depth)
	case blocks[n.DataAtom] != "":
		w.close()
		w.tag = blocks[n.DataAtom]
		if err := w.children(n, looks(n, m), depth); err != nil {
			return err
		}
		w.close()
		return nil
	}
	return w.children(n, looks(n, m), depth)
}

func (w *writer) children(n *html.Node, m mark, depth int) error {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if err := w.flow(c, m, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// looks is the mark of what is in an element.
func looks(n *html.Node, m mark) mark {
	switch marks[n.DataAtom] {
	case "strong":
		m.bold = true
	case "em":
		m.italic = true
	case "u":
		m.under = true
	}
	for _, a := range n.Attr {
		if a.Key != "style" {
			continue
		}
		for part := range strings.SplitSeq(strings.ToLower(a.Val), ";") {
			name, value, _ := strings.Cut(part, ":")
			value = strings.TrimSpace(value)
			switch strings.TrimSpace(name) {
			case "font-weight":
				m.bold = value == "bold" || value == "bolder" || value == "600" || value == "700" || value == "800" || value == "900"
			case "font-style":
				m.italic = value == "italic"
			case "text-decoration", "text-decoration-line":
				m.under = strings.Contains(value, "underline")
			}
		}
	}
	return m
}

// say adds text, its white space as HTML has it.
func (w *writer) say(s string, m mark) {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\u00ad' || r == '\ufeff' || r >= '\u200b' && r <= '\u200f' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069':
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case unicode.IsControl(r):
		default:
			b.WriteRune(r)
		}
	}
	if b.Len() > 0 {
		w.runs = append(w.runs, run{text: b.String(), mark: m})
	}
}

// close writes the block that is open; an empty one is none.
func (w *writer) close() {
	line := inline(w.runs)
	tag := w.tag
	w.runs, w.tag = w.runs[:0], ""
	if line == "" {
		return
	}
	if tag == "" {
		tag = "p"
	}
	w.out.WriteString("<" + tag + ">" + line + "</" + tag + ">")
}

// inline writes runs as one line: white space single, none at the ends, neighbours that
// look the same together.
func inline(runs []run) string {
	var clean []run
	space := true // what came last was one, or a break, or the beginning
	for _, r := range runs {
		if r.br {
			if n := len(clean); n > 0 && !clean[n-1].br {
				clean[n-1].text = strings.TrimRight(clean[n-1].text, " ")
			}
			clean, space = append(clean, run{br: true}), true
			continue
		}
		var b strings.Builder
		for _, c := range r.text {
			if c == ' ' && space {
				continue
			}
			space = c == ' '
			b.WriteRune(c)
		}
		if b.Len() == 0 {
			continue
		}
		if b.String() == " " && len(clean) > 0 && !clean[len(clean)-1].br { // a space looks like what is before it
			clean[len(clean)-1].text += " "
			continue
		}
		if n := len(clean); n > 0 && !clean[n-1].br && clean[n-1].mark == r.mark {
			clean[n-1].text += b.String()
			continue
		}
		clean = append(clean, run{text: b.String(), mark: r.mark})
	}
	for len(clean) > 0 {
		last := &clean[len(clean)-1]
		if last.text = strings.TrimRight(last.text, " "); last.br || last.text == "" {
			clean = clean[:len(clean)-1]
			continue
		}
		break
	}
	for len(clean) > 0 && clean[0].br {
		clean = clean[1:]
	}
	var out strings.Builder
	for _, r := range clean {
		if r.br {
			out.WriteString("<br>")
			continue
		}
		if r.text == "" {
			continue
		}
		open, shut := r.mark.tags()
		out.WriteString(open + escape.Replace(r.text) + shut)
	}
	return out.String()
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// list writes a list; what is deeper than two lists joins the second.
func (w *writer) list(n *html.Node, m mark, level, depth int) error {
	if depth > maxDepth {
		return errs.New(errs.Unprocessable, "Isi bersarang terlalu dalam. Tempel lagi sebagai teks biasa.")
	}
	var items strings.Builder
	outer := w.out
	w.out = strings.Builder{}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.ElementNode && (c.DataAtom == atom.Ul || c.DataAtom == atom.Ol): // not in an item, as old editors write it
			sub, err := w.sublist(c, m, level, depth)
			if err != nil {
				return err
			}
			if level < maxList && items.Len() > 0 {
				whole := strings.TrimSuffix(items.String(), "</li>")
				items.Reset()
				items.WriteString(whole + sub + "</li>")
			} else if level < maxList && sub != "" {
				items.WriteString("<li>" + sub + "</li>")
			} else {
				items.WriteString(sub)
			}
		case c.Type == html.ElementNode && c.DataAtom == atom.Li || c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" || c.Type == html.ElementNode:
			item, after, err := w.item(c, looks(c, m), level, depth)
			if err != nil {
				return err
			}
			if item != "" {
				items.WriteString("<li>" + item + "</li>")
			}
			items.WriteString(after)
		}
	}
	w.out = outer
	if items.Len() == 0 {
		return nil
	}
	w.out.WriteString("<" + n.Data + ">" + items.String() + "</" + n.Data + ">")
	return nil
}

// sublist writes a list in a list; below the second level only its items.
func (w *writer) sublist(n *html.Node, m mark, level, depth int) (string, error) {
	inner := writer{}
	if err := inner.list(n, m, min(level+1, maxList), depth+1); err != nil {
		return "", err
	}
	s := inner.out.String()
	if level >= maxList {
		s = strings.TrimSuffix(strings.TrimPrefix(s, "<"+n.Data+">"), "</"+n.Data+">")
	}
	return s, nil
}

// item is what stands in an item: one line, and the list below it. At the last level the
// items of deeper lists come after it.
func (w *writer) item(n *html.Node, m mark, level, depth int) (item, after string, err error) {
	inner := writer{}
	var lists strings.Builder
	var walk func(n *html.Node, m mark, depth int) error
	walk = func(n *html.Node, m mark, depth int) error {
		if depth > maxDepth {
			return errs.New(errs.Unprocessable, "Isi bersarang terlalu dalam. Tempel lagi sebagai teks biasa.")
		}
		if n.Type == html.TextNode {
			inner.say(n.Data, m)
			return nil
		}
		if n.Type != html.ElementNode || dropped[n.DataAtom] || n.Namespace != "" {
			return nil
		}
		switch {
		case n.DataAtom == atom.Br:
			inner.runs = append(inner.runs, run{br: true})
			return nil
		case n.DataAtom == atom.Ul || n.DataAtom == atom.Ol:
			sub, err := w.sublist(n, m, level, depth)
			lists.WriteString(sub)
			return err
		case blocks[n.DataAtom] != "" || n.DataAtom == atom.Tr || n.DataAtom == atom.Li:
			if len(inner.runs) > 0 {
				inner.runs = append(inner.runs, run{br: true})
			}
		case n.DataAtom == atom.Td || n.DataAtom == atom.Th:
			inner.say(" ", m)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if err := walk(c, looks(n, m), depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	if n.Type == html.ElementNode && n.DataAtom == atom.Li {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if err := walk(c, m, depth+1); err != nil {
				return "", "", err
			}
		}
	} else if err := walk(n, m, depth+1); err != nil {
		return "", "", err
	}
	line := inline(inner.runs)
	if level >= maxList {
		return line, lists.String(), nil
	}
	return line + merged(lists.String()), "", nil
}

// merged is at most one list: neighbours of one kind become one.
func merged(lists string) string {
	for _, tag := range []string{"ul", "ol"} {
		lists = strings.ReplaceAll(lists, "</"+tag+"><"+tag+">", "")
	}
	return lists
}
