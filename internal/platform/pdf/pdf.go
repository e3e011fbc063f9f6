// Package pdf reads the syntax of PDF files: names, values, dictionaries. It knows
// nothing of what they mean and never reads past what it is given, whatever that is.
package pdf

import (
	"bytes"
	"errors"
	"strconv"
)

// maxDepth is how deep values may nest; ours nest four deep.
const maxDepth = 32

// ErrSyntax is what is no PDF syntax, or nests too deep.
var ErrSyntax = errors.New("pdf: not PDF syntax")

// Entry is a key of a dictionary with its value as it stands in the file.
type Entry struct {
	Key string
	Raw []byte
}

// Dict is a dictionary that writes back what it does not know as it was.
type Dict []Entry

// Get returns the value of a key as it stands in the file, nil when absent.
func (d Dict) Get(key string) []byte {
	for _, e := range d {
		if e.Key == key {
			return e.Raw
		}
	}
	return nil
}

// With returns d with another value at key.
func (d Dict) With(key, raw string) Dict {
	out := make(Dict, 0, len(d)+1)
	for _, e := range d {
		if e.Key != key {
			out = append(out, e)
		}
	}
	return append(out, Entry{key, []byte(raw)})
}

// String writes d as a file does.
func (d Dict) String() string {
	var b bytes.Buffer
	b.WriteString("<<")
	for _, e := range d {
		b.WriteString("\n/" + escapeName(e.Key) + " ")
		b.Write(e.Raw)
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

// SkipSpace returns where the next token begins, past spaces and comments.
func SkipSpace(b []byte, i int) int {
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

// Word returns where the run of ordinary characters that begins at i ends.
func Word(b []byte, i int) int {
	for i < len(b) && !isSpace(b[i]) && !isDelimiter(b[i]) {
		i++
	}
	return i
}

// Integer reads an unsigned number at i.
func Integer(b []byte, i int) (n, end int, ok bool) {
	end = Word(b, i)
	if end == i || end-i > 10 || b[i] < '0' || b[i] > '9' {
		return 0, i, false
	}
	n, err := strconv.Atoi(string(b[i:end]))
	return n, end, err == nil
}

// Name reads a name at i, its #-escapes undone.
func Name(b []byte, i int) (string, int, error) {
	if i >= len(b) || b[i] != '/' {
		return "", i, ErrSyntax
	}
	end := Word(b, i+1)
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

// Value returns where the value that begins at i ends. A reference is one value.
func Value(b []byte, i, depth int) (end int, err error) {
	if i >= len(b) || depth > maxDepth {
		return i, ErrSyntax
	}
	switch c := b[i]; {
	case c == '/':
		_, end, err = Name(b, i)
		return end, err
	case c == '(':
		return literal(b, i)
	case c == '<' && i+1 < len(b) && b[i+1] == '<':
		_, end, err = ReadDict(b, i, depth)
		return end, err
	case c == '<':
		n := bytes.IndexByte(b[i:], '>')
		if n < 0 {
			return i, ErrSyntax
		}
		return i + n + 1, nil
	case c == '[':
		_, end, err = ReadArray(b, i, depth)
		return end, err
	}
	if _, _, end, ok := Reference(b, i); ok {
		return end, nil
	}
	if end = Word(b, i); end == i {
		return i, ErrSyntax
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
	return i, ErrSyntax
}

// Reference reads "12 0 R".
func Reference(b []byte, i int) (num, gen, end int, ok bool) {
	num, end, ok = Integer(b, i)
	if !ok {
		return 0, 0, i, false
	}
	gen, end, ok = Integer(b, SkipSpace(b, end))
	if !ok {
		return 0, 0, i, false
	}
	at := SkipSpace(b, end)
	if end = Word(b, at); string(b[at:end]) != "R" {
		return 0, 0, i, false
	}
	return num, gen, end, true
}

// ReadDict reads the dictionary at i.
func ReadDict(b []byte, i, depth int) (d Dict, end int, err error) {
	if !bytes.HasPrefix(b[min(i, len(b)):], []byte("<<")) {
		return nil, i, ErrSyntax
	}
	for i = SkipSpace(b, i+2); ; i = SkipSpace(b, i) {
		if bytes.HasPrefix(b[i:], []byte(">>")) {
			return d, i + 2, nil
		}
		key, at, err := Name(b, i)
		if err != nil {
			return nil, i, err
		}
		at = SkipSpace(b, at)
		if i, err = Value(b, at, depth+1); err != nil {
			return nil, i, err
		}
		d = append(d, Entry{key, b[at:i]})
	}
}

// ReadArray reads the array at i.
func ReadArray(b []byte, i, depth int) (items [][]byte, end int, err error) {
	if i >= len(b) || b[i] != '[' {
		return nil, i, ErrSyntax
	}
	for i = SkipSpace(b, i+1); i < len(b); i = SkipSpace(b, i) {
		if b[i] == ']' {
			return items, i + 1, nil
		}
		at := i
		if i, err = Value(b, at, depth+1); err != nil {
			return nil, i, err
		}
		items = append(items, b[at:i])
	}
	return nil, i, ErrSyntax
}
