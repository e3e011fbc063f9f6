package partner

import (
	"errors"
	"strings"
	"unicode/utf16"
)

// errLZ tells that a text is not what LZ-string wrote.
var errLZ = errors.New("not an LZ-string text")

// uriAlphabet is that of LZ-string's compressToEncodedURIComponent.
const uriAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-$"

// maxPlain is how many UTF-16 units a text may unfold to.
const maxPlain = 4 << 20

// decompressURI undoes compressToEncodedURIComponent of LZ-string
// (https://pieroxy.net/blog/pages/lz-string/), as BPJS packs its answers.
func decompressURI(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	r := lzReader{text: strings.ReplaceAll(s, " ", "+")}
	dictionary := [][]uint16{nil, nil, nil}
	width, grow := 3, 4
	literal := func(kind int) ([]uint16, error) {
		bits := 8
		if kind == 1 {
			bits = 16
		}
		c, err := r.bits(bits)
		return []uint16{uint16(c)}, err
	}
	kind, err := r.bits(2)
	if err != nil || kind == 2 {
		return "", err
	}
	if kind > 2 {
		return "", errLZ
	}
	before, err := literal(kind)
	if err != nil {
		return "", err
	}
	dictionary = append(dictionary, before)
	out := append([]uint16{}, before...)
	for len(out) <= maxPlain {
		code, err := r.bits(width)
		if err != nil {
			return "", err
		}
		var entry []uint16
		switch {
		case code == 2:
			return string(utf16.Decode(out)), nil
		case code < 2:
			c, err := literal(code)
			if err != nil {
				return "", err
			}
			dictionary = append(dictionary, c)
			entry = c
			if grow--; grow == 0 {
				grow, width = 1<<width, width+1
			}
		case code < len(dictionary):
			entry = dictionary[code]
		case code == len(dictionary):
			entry = append(append([]uint16{}, before...), before[0])
		default:
			return "", errLZ
		}
		out = append(out, entry...)
		dictionary = append(dictionary, append(append([]uint16{}, before...), entry[0]))
		if grow--; grow == 0 {
			grow, width = 1<<width, width+1
		}
		before = entry
	}
	return "", errLZ
}

// lzReader gives the bits of a text, six from each letter, the lowest of a number first.
type lzReader struct {
	text string
	at   int // bits taken
}

func (r *lzReader) bits(n int) (v int, err error) {
	for i := range n {
		letter := r.at / 6
		if letter >= len(r.text) {
			return 0, errLZ
		}
		six := strings.IndexByte(uriAlphabet, r.text[letter])
		if six < 0 || six == 64 {
			return 0, errLZ
		}
		v |= (six >> (5 - r.at%6) & 1) << i
		r.at++
	}
	return v, nil
}
