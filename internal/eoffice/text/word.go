package text

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Word writes the items of its lists as paragraphs whose style says "mso-list:l0 level1
// lfo1", with the number or bullet in a span of the style "mso-list:Ignore".
var (
	wordItem   = regexp.MustCompile(`(?i)mso-list:\s*l\d+\s+level(\d)`)
	wordMarker = regexp.MustCompile(`(?i)mso-list:\s*ignore`)
	counts     = regexp.MustCompile(`(?i)^\(?([0-9]{1,3}|[a-z]{1,5})[.)]`)
)

// wordLists makes Word's paragraphs of a list the lists that they look like.
func wordLists(n *html.Node, depth int) {
	if depth > maxDepth {
		return // whoever writes it refuses it in words
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if level := wordLevel(c); level > 0 {
			c = wordList(c, level)
		} else {
			wordLists(c, depth+1)
		}
	}
}

// wordList puts the items from first on into a list in its place, and gives that list.
func wordList(first *html.Node, level int) *html.Node {
	list := element(kindOf(first))
	parent := first.Parent
	parent.InsertBefore(list, first)
	item := first
	for item != nil {
		after := nextElement(item)
		at := wordLevel(item)
		switch {
		case at == 0 || at < level:
			return list
		case at > level && list.LastChild != nil:
			inner := wordList(item, at)
			after = nextElement(inner)
			inner.Parent.RemoveChild(inner)
			list.LastChild.AppendChild(inner)
		default:
			marker := kindOf(item)
			if list.FirstChild != nil && marker != list.Data { // another list begins
				return list
			}
			dropMarker(item)
			parent.RemoveChild(item)
			item.Data, item.DataAtom, item.Attr = "li", atom.Li, nil
			list.AppendChild(item)
		}
		item = after
	}
	return list
}

// wordLevel is how deep the item of a Word list lies, from 1; 0 for all that is none.
func wordLevel(n *html.Node) int {
	if n.Type != html.ElementNode || n.DataAtom != atom.P {
		return 0
	}
	if m := wordItem.FindStringSubmatch(attr(n, "style")); m != nil {
		return int(m[1][0] - '0')
	}
	return 0
}

// kindOf is ol for an item whose marker counts, ul for all others.
func kindOf(item *html.Node) string {
	if m := markerOf(item); m != nil && counts.MatchString(strings.TrimSpace(wording(m))) {
		return "ol"
	}
	return "ul"
}

func dropMarker(item *html.Node) {
	if m := markerOf(item); m != nil {
		m.Parent.RemoveChild(m)
	}
}

func markerOf(n *html.Node) *html.Node {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && wordMarker.MatchString(attr(c, "style")) {
			return c
		}
	}
	return nil
}

func wording(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// nextElement is the element after n, unless text stands between them.
func nextElement(n *html.Node) *html.Node {
	for c := n.NextSibling; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.ElementNode:
			return c
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) != "":
			return nil
		}
	}
	return nil
}

func element(tag string) *html.Node {
	return &html.Node{Type: html.ElementNode, Data: tag, DataAtom: atom.Lookup([]byte(tag))}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
