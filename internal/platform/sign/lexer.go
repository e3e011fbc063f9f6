package sign

import (
	"bytes"
	"errors"
	"strconv"
)

// maxDepth is how deep values may nest; ours nest four deep.
const maxDepth = 32

var errSyntax = errors.New("sign: not PDF syntax")

// entry is a key of a dictionary with its value as it stands in the file.
type entry struct {
	key string
	raw []byte
}

// dict is a dictionary that writes back what it does not know as it was.
type dict []entry

func (d dict) get(key string) []byte {
	for _, e := range d {
		if e.key == key {
			return e.raw
		}
	}
	return nil
}

// with returns d with another value at key.
func (d dict) with(key, raw string) dict {
	out := make(dict, 0, len(d)+1)
	for _, e := range d {
		if e.key != key {
			out = append(out, e)
		}
	}
	return append(out, entry{key, []byte(raw)})
}

func (d dict) String() string {
	var b bytes.Buffer
	b.WriteString("<<")
	for _, e := range d {
		b.WriteString("\n/" + escapeName(e.key) + " ")
		b.Write(e.raw)
	}
	b.WriteString("\n>>")
	return b.String()
}

func escapeName(key string) string {
	var b []byte
	for i := range len(key) {
		if c := key[i]; c <= ' ' || c >= 0x7f || c == '#' || isDelimiter(c) {
			const hex = "0123456789ABCDEF"
			b = append(b, '#', hex[c>>4], hex[c&15])
		} else {
			b = append(b, c)
		}
	}
	return string(b)
}

func isSpace(c byte) bool {
	return c == 0 || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' '
}

func isDelimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

// skipSpace returns where the next token begins, past spaces and comments.
func skipSpace(b []byte, i int) int {
	for i < len(b) {
		switch {
		case isSpace(b[i]):
			i++
		case b[i] == '%':
			for i < len(b) && b[i] != '\n' && b[i] != '\r' {
				i++
			}
		default:
			return i
		}
	}
	return i
}

// word returns where the run of ordinary characters that begins at i ends.
func word(b []byte, i int) int {
	for i < len(b) && !isSpace(b[i]) && !isDelimiter(b[i]) {
		i++
	}
	return i
}

// integer reads an unsigned number at i.
func integer(b []byte, i int) (n, end int, ok bool) {
	end = word(b, i)
	if end == i || end-i > 10 || b[i] < '0' || b[i] > '9' {
		return 0, i, false
	}
	n, err := strconv.Atoi(string(b[i:end]))
	return n, end, err == nil
}

// name reads a name at i, its #-escapes undone.
func name(b []byte, i int) (string, int, error) {
	if i >= len(b) || b[i] != '/' {
		return "", i, errSyntax
	}
	end := word(b, i+1)
	raw := b[i+1 : end]
	if !bytes.Contains(raw, []byte("#")) {
		return string(raw), end, nil
	}
	var out []byte
	for j := 0; j < len(raw); j++ {
		if raw[j] == '#' && j+2 < len(raw) {
			if v, err := strconv.ParseUint(string(raw[j+1:j+3]), 16, 8); err == nil {
				out = append(out, byte(v))
				j += 2
				continue
			}
		}
		out = append(out, raw[j])
	}
	return string(out), end, nil
}

// value returns where the value that begins at i ends. A reference is one value.
func value(b []byte, i, depth int) (end int, err error) {
	if i >= len(b) || depth > maxDepth {
		return i, errSyntax
	}
	switch c := b[i]; {
	case c == '/':
		_, end, err = name(b, i)
		return end, err
	case c == '(':
		return literal(b, i)
	case c == '<' && i+1 < len(b) && b[i+1] == '<':
		_, end, err = readDict(b, i, depth)
		return end, err
	case c == '<':
		n := bytes.IndexByte(b[i:], '>')
		if n < 0 {
			return i, errSyntax
		}
		return i + n + 1, nil
	case c == '[':
		_, end, err = readArray(b, i, depth)
		return end, err
	}
	if _, _, end, ok := reference(b, i); ok {
		return end, nil
	}
	if end = word(b, i); end == i {
		return i, errSyntax
	}
	return end, nil
}

func literal(b []byte, i int) (end int, err error) {
	for open := 0; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return i + 1, nil
			}
		}
	}
	return i, errSyntax
}

// reference reads "12 0 R".
func reference(b []byte, i int) (num, gen, end int, ok bool) {
	num, end, ok = integer(b, i)
	if !ok {
		return 0, 0, i, false
	}
	gen, end, ok = integer(b, skipSpace(b, end))
	if !ok {
		return 0, 0, i, false
	}
	at := skipSpace(b, end)
	if end = word(b, at); string(b[at:end]) != "R" {
		return 0, 0, i, false
	}
	return num, gen, end, true
}

func readDict(b []byte, i, depth int) (d dict, end int, err error) {
	if !bytes.HasPrefix(b[min(i, len(b)):], []byte("<<")) {
		return nil, i, errSyntax
	}
	for i = skipSpace(b, i+2); ; i = skipSpace(b, i) {
		if bytes.HasPrefix(b[i:], []byte(">>")) {
			return d, i + 2, nil
		}
		key, at, err := name(b, i)
		if err != nil {
			return nil, i, err
		}
		at = skipSpace(b, at)
		if i, err = value(b, at, depth+1); err != nil {
			return nil, i, err
		}
		if d.get(key) != nil {
			return nil, i, errSyntax // readers differ about which of the two counts
		}
		d = append(d, entry{key, b[at:i]})
	}
}

func readArray(b []byte, i, depth int) (items [][]byte, end int, err error) {
	if i >= len(b) || b[i] != '[' {
		return nil, i, errSyntax
	}
	for i = skipSpace(b, i+1); i < len(b); i = skipSpace(b, i) {
		if b[i] == ']' {
			return items, i + 1, nil
		}
		at := i
		if i, err = value(b, at, depth+1); err != nil {
			return nil, i, err
		}
		items = append(items, b[at:i])
	}
	return nil, i, errSyntax
}
