package georeport

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// anything makes values of every kind that an answer may hold, nested two deep. Text is
// whatever a database may hold.
func anything(depth int) *rapid.Generator[any] {
	kinds := []*rapid.Generator[any]{
		rapid.Map(rapid.String(), func(s string) any { return text(strings.ToValidUTF8(s, "")) }),
		rapid.Map(rapid.SampledFrom([]string{"<b>&\"'", "]]>", "\r\n\t", "\x00\x1f\x7f\u0085\ufffe\u2028", "5 < 6", " tepi "}), func(s string) any { return text(s) }),
		rapid.Map(rapid.Bool(), func(b bool) any { return b }),
		rapid.Map(rapid.Int(), func(n int) any { return n }),
		rapid.Map(rapid.Float64Range(-180, 180), func(f float64) any { return f }),
		rapid.Map(rapid.Int64Range(0, 4e9), func(n int64) any { return time.Unix(n, 0) }),
		rapid.Just[any](nil),
	}
	if depth > 0 {
		kinds = append(kinds,
			rapid.Custom(func(t *rapid.T) any { return record(t, "", depth-1) }),
			rapid.Custom(func(t *rapid.T) any { return records(t, "", depth-1) }))
	}
	return rapid.OneOf(kinds...)
}

func record(t *rapid.T, name string, depth int) element {
	e := element{name: name}
	for i := range rapid.IntRange(1, 4).Draw(t, "fields") {
		f := field{fmt.Sprintf("f%d", i), anything(depth).Draw(t, "value")}
		switch v := f.value.(type) { // a container is named by its field
		case element:
			v.name = f.name
			f.value = v
		case list:
			v.name = f.name
			f.value = v
		}
		e.fields = append(e.fields, f)
	}
	return e
}

func records(t *rapid.T, name string, depth int) list {
	l := list{name: name}
	for range rapid.IntRange(0, 3).Draw(t, "items") {
		l.items = append(l.items, record(t, "item", depth))
	}
	return l
}

// XML and JSON say the same, whatever is said.
func TestBothFormatsSayTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		root := records(t, "root", 2)
		answer := func(ext string) string {
			w := httptest.NewRecorder()
			if err := write(w, httptest.NewRequest("GET", "/x."+ext, nil), 200, root); err != nil {
				t.Fatal(err)
			}
			return w.Body.String()
		}
		var fromJSON any
		d := json.NewDecoder(strings.NewReader(answer("json")))
		d.UseNumber()
		if err := d.Decode(&fromJSON); err != nil {
			t.Fatalf("not JSON: %v\n%s", err, answer("json"))
		}
		fromXML, err := readXML(answer("xml"))
		if err != nil {
			t.Fatalf("not XML: %v\n%s", err, answer("xml"))
		}
		if diff := cmp.Diff(shape(root, fromJSON), fromXML); diff != "" {
			t.Fatalf("JSON and XML differ (-JSON +XML):\n%s", diff)
		}
	})
}

// node is an XML element: its text, or its children in order.
type node struct {
	Name     string
	Text     string
	Children []node
}

func readXML(s string) (node, error) {
	d := xml.NewDecoder(strings.NewReader(s))
	stack := []node{{}}
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return node{}, err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			stack = append(stack, node{Name: tok.Name.Local})
		case xml.CharData:
			stack[len(stack)-1].Text += string(tok)
		case xml.EndElement:
			n, rest := stack[len(stack)-1], stack[:len(stack)-1]
			rest[len(rest)-1].Children = append(rest[len(rest)-1].Children, n)
			stack = rest
		}
	}
	if len(stack) != 1 || len(stack[0].Children) != 1 {
		return node{}, errors.New("not one root element")
	}
	return stack[0].Children[0], nil
}

// shape is what XML must look like for what JSON says; want knows the names that JSON
// leaves out.
func shape(want, got any) node {
	switch want := want.(type) {
	case list:
		n := node{Name: want.name}
		items, _ := got.([]any)
		for i, it := range want.items {
			if i < len(items) {
				n.Children = append(n.Children, shape(it, items[i]))
			}
		}
		for range items[min(len(want.items), len(items)):] {
			n.Children = append(n.Children, node{Name: "too many"})
		}
		return n
	case element:
		n := node{Name: want.name}
		fields, _ := got.(map[string]any)
		for _, f := range want.fields {
			v, there := fields[f.name]
			if !there {
				n.Children = append(n.Children, node{Name: f.name + " is missing"})
				continue
			}
			switch f.value.(type) {
			case list, element:
				n.Children = append(n.Children, shape(f.value, v))
			default:
				n.Children = append(n.Children, node{Name: f.name, Text: said(v)})
			}
		}
		return n
	}
	return node{}
}

func said(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return v.String()
	}
	return fmt.Sprintf("%T", v)
}

func TestTitles(t *testing.T) {
	t.Parallel()
	c := cat("Taman dan fasilitas umum")
	for description, want := range map[string][2]string{
		"":                              {"Taman dan fasilitas umum", "Dikirim tanpa uraian: Taman dan fasilitas umum."},
		"Rusak":                         {"Taman dan fasilitas umum: Rusak", "Taman dan fasilitas umum: Rusak"},
		"Bangku patah\nDua buah.":       {"Bangku patah", "Bangku patah\nDua buah."},
		"Ini\nbangku patah di taman.":   {"Taman dan fasilitas umum: Ini", "Ini\nbangku patah di taman."},
		strings.Repeat("kata ", 60):     {strings.TrimSpace(strings.Repeat("kata ", 23)) + "…", strings.Repeat("kata ", 60)},
		strings.Repeat("x", 300) + " y": {strings.Repeat("x", 119) + "…", strings.Repeat("x", 300) + " y"},
	} {
		if title, body := titled(c, description); title != want[0] || body != want[1] {
			t.Errorf("%.20q becomes %q and %.60q, want %q", description, title, body, want[0])
		}
	}
}
