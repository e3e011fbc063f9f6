package text

import (
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Fate is what became of a piece of text between two versions.
type Fate uint8

// The fates.
const (
	Kept Fate = iota
	Added
	Removed
)

// Piece is some words with what became of them.
type Piece struct {
	Fate Fate
	Text string
}

// Change is a paragraph, an item or a row of either version, in pieces.
type Change struct {
	Fate   Fate // Kept also where only words in it changed
	Pieces []Piece
}

// Changed tells whether anything in it differs.
func (c Change) Changed() bool { return c.Fate != Kept || len(c.Pieces) > 1 }

// most bounds what is compared: beyond it the texts stand one after the other. The time is
// at most the product of what is left when the common beginning and end are off.
const most = 4_000_000

// Diff tells what changed between two bodies, line by line and in lines by word. Kept and
// added together are the new text, kept and removed the old one.
func Diff(before, after string) []Change {
	a, b := lines(before), lines(after)
	var out []Change
	var gone, come []string
	flush := func() {
		n := min(len(gone), len(come))
		for i := range n {
			if pieces := words(gone[i], come[i]); len(pieces) > 1 && alike(pieces) {
				out = append(out, Change{Kept, pieces})
			} else {
				out = append(out, Change{Removed, []Piece{{Removed, gone[i]}}}, Change{Added, []Piece{{Added, come[i]}}})
			}
		}
		for _, l := range gone[n:] {
			out = append(out, Change{Removed, []Piece{{Removed, l}}})
		}
		for _, l := range come[n:] {
			out = append(out, Change{Added, []Piece{{Added, l}}})
		}
		gone, come = nil, nil
	}
	for _, s := range script(a, b) {
		switch s.fate {
		case Kept:
			flush()
			out = append(out, Change{Kept, []Piece{{Kept, s.text}}})
		case Removed:
			gone = append(gone, s.text)
		case Added:
			come = append(come, s.text)
		}
	}
	flush()
	return out
}

// alike tells whether enough stayed to show two lines as one.
func alike(pieces []Piece) bool {
	kept, total := 0, 0
	for _, p := range pieces {
		n := len(p.Text)
		total += n
		if p.Fate == Kept {
			kept += 2 * n
			total += n
		}
	}
	return kept*3 >= total
}

func lines(body string) []string {
	var out []string
	for l := range strings.SplitSeq(ToPlain(body), "\n") {
		if strings.TrimSpace(l) != "" {
			out = append(out, l)
		}
	}
	return out
}

// words compares two lines.
func words(a, b string) []Piece {
	var out []Piece
	for _, s := range script(strings.SplitAfter(a, " "), strings.SplitAfter(b, " ")) {
		if n := len(out); n > 0 && out[n-1].Fate == s.fate {
			out[n-1].Text += s.text
			continue
		}
		out = append(out, Piece{s.fate, s.text})
	}
	return out
}

type step struct {
	fate Fate
	text string
}

// script turns a into b by the longest common subsequence.
func script(a, b []string) (out []step) {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		out = append(out, step{Kept, a[head]})
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	end := a[len(a)-tail:]
	a, b = a[head:len(a)-tail], b[head:len(b)-tail]
	if len(a)*len(b) > most {
		for _, s := range a {
			out = append(out, step{Removed, s})
		}
		for _, s := range b {
			out = append(out, step{Added, s})
		}
	} else {
		out = append(out, middle(a, b)...)
	}
	for _, s := range end {
		out = append(out, step{Kept, s})
	}
	return out
}

func middle(a, b []string) (out []step) {
	w := len(b) + 1
	length := make([]int32, (len(a)+1)*w) // of the longest common subsequence from here on
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				length[i*w+j] = length[(i+1)*w+j+1] + 1
			} else {
				length[i*w+j] = max(length[(i+1)*w+j], length[i*w+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			out = append(out, step{Kept, a[i]})
			i, j = i+1, j+1
		case length[(i+1)*w+j] >= length[i*w+j+1]:
			out = append(out, step{Removed, a[i]})
			i++
		default:
			out = append(out, step{Added, b[j]})
			j++
		}
	}
	for ; i < len(a); i++ {
		out = append(out, step{Removed, a[i]})
	}
	for ; j < len(b); j++ {
		out = append(out, step{Added, b[j]})
	}
	return out
}
