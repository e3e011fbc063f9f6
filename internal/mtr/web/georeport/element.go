package georeport

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
)

// An answer is built once and written in either format, so that both say the same. JSON
// follows the Spark convention: the root element has no name, a container of one repeated
// child is an array, also with one child or none. What is missing is an empty element and
// null.

// element is one record.
type element struct {
	name   string
	fields []field
}

// field holds nil, string, bool, int, float64, time.Time, list or element.
type field struct {
	name  string
	value any
}

// list is a container of one repeated child. Its children are named; a text child is an
// element with one nameless field.
type list struct {
	name  string
	items []element
}

// text is nil for an empty string: missing.
func text(s string) any {
	if s == "" {
		return nil
	}
	return plain(s)
}

// plain is s without what XML cannot hold.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF {
			return r
		}
		if r == '\r' {
			return -1
		}
		return '\uFFFD'
	}, s)
}

func moment(t *time.Time) any {
	if t == nil {
		return nil
	}
	return *t
}

func number(f *float64) any {
	if f == nil {
		return nil
	}
	return *f
}

// stamp is the form of a time: to the second, with the city's offset.
func stamp(t time.Time) string { return t.In(clock.Makassar).Format(time.RFC3339) }

// write answers with a list or an element in the format of the path.
func write(w http.ResponseWriter, r *http.Request, status int, root any) error {
	var b bytes.Buffer
	kind := "text/xml; charset=utf-8"
	if format(r) == "json" {
		kind = "application/json; charset=utf-8"
		writeJSON(&b, root)
		b.WriteByte('\n')
	} else {
		b.WriteString(xml.Header)
		writeXML(&b, root)
		b.WriteByte('\n')
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.Itoa(b.Len())) // packing takes it away again
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b.Bytes()) // the reader may be gone; nobody is left to tell
	}
	return nil
}

func writeXML(b *bytes.Buffer, v any) {
	switch v := v.(type) {
	case list:
		tag(b, v.name, func() {
			for _, it := range v.items {
				writeXML(b, it)
			}
		})
	case element:
		tag(b, v.name, func() {
			for _, f := range v.fields {
				if f.name == "" {
					writeXML(b, f.value)
					continue
				}
				if inner, ok := f.value.(list); ok {
					writeXML(b, inner)
					continue
				}
				if inner, ok := f.value.(element); ok {
					writeXML(b, inner)
					continue
				}
				tag(b, f.name, func() { writeXML(b, f.value) })
			}
		})
	case nil:
	default:
		_ = xml.EscapeText(b, []byte(scalar(v))) // a buffer does not fail
	}
}

func tag(b *bytes.Buffer, name string, inside func()) {
	b.WriteString("<" + name + ">")
	inside()
	b.WriteString("</" + name + ">")
}

// scalar is a value as XML writes it.
func scalar(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		return stamp(v)
	}
	panic("georeport: a value of no known kind")
}

func writeJSON(b *bytes.Buffer, v any) {
	switch v := v.(type) {
	case list:
		b.WriteByte('[')
		for i, it := range v.items {
			if i > 0 {
				b.WriteByte(',')
			}
			writeJSON(b, it)
		}
		b.WriteByte(']')
	case element:
		if len(v.fields) == 1 && v.fields[0].name == "" {
			writeJSON(b, v.fields[0].value)
			return
		}
		b.WriteByte('{')
		for i, f := range v.fields {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(strconv.Quote(f.name) + ":") // names are plain ASCII
			writeJSON(b, f.value)
		}
		b.WriteByte('}')
	case nil:
		b.WriteString("null")
	case bool, int, float64:
		b.WriteString(scalar(v))
	default:
		enc := json.NewEncoder(b)
		enc.SetEscapeHTML(false)
		_ = enc.Encode(scalar(v)) // a string always encodes
		b.Truncate(b.Len() - 1)   // its line end
	}
}
