package naskah

import (
	"regexp"
	"strings"
)

const mmPerPoint = 25.4 / 72

// letterform is a style at a size in points.
type letterform struct {
	style style
	size  float64
}

// width returns the width of s in millimetres.
func (l letterform) width(s string) float64 {
	w := 0
	f := &faces()[l.style]
	for _, r := range s {
		w += int(f.width[r])
	}
	return float64(w) * l.size * mmPerPoint / 1000
}

// line is one line of text; last ends a paragraph and so is not justified.
type line struct {
	text  string
	width float64
	last  bool
}

// lines breaks clean text to the width w, the first line to w-indent. A word
// wider than the line is broken where the line ends. There is at least one line.
func (l letterform) lines(text string, w, indent float64) (all []line) {
	space := l.width(" ")
	for part := range strings.SplitSeq(text, "\n") {
		var words []string
		var used float64
		end := func(last bool) {
			all = append(all, line{strings.ReplaceAll(strings.Join(words, " "), "\u00a0", " "), used, last})
			words, used, indent = nil, 0, 0
		}
		for word := range strings.SplitSeq(part, " ") {
			if word == "" {
				continue
			}
			if wide := l.width(word); len(words) > 0 {
				if used+space+wide <= w-indent {
					words, used = append(words, word), used+space+wide
					continue
				}
				end(false)
			}
			for {
				n := l.fit(word, w-indent)
				if n == len(word) {
					words, used = []string{word}, l.width(word)
					break
				}
				words, used = []string{word[:n]}, l.width(word[:n])
				word = word[n:]
				end(false)
			}
		}
		end(true)
	}
	return all
}

// balanced breaks text as lines does, into as many lines of about the same width.
func (l letterform) balanced(text string, w float64) []line {
	best := l.lines(text, w, 0)
	if len(best) < 2 {
		return best
	}
	lo, hi := w/float64(len(best)), w
	for hi-lo > 1 {
		mid := (lo + hi) / 2
		if try := l.lines(text, mid, 0); len(try) == len(best) {
			best, hi = try, mid
		} else {
			lo = mid
		}
	}
	return best
}

// smaller returns l, or if the text needs more than one line of width w the
// largest form down to least points in which it does not.
func (l letterform) smaller(text string, w, least float64) letterform {
	if wide := l.width(text); wide > w && l.size*w/wide >= least {
		l.size *= w / wide * 0.999
	}
	return l
}

var together = regexp.MustCompile(`\b(?:(\d{1,2}) (Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember)|(RT|RW|Rp|Nomor|No\.|Pasal) (\d))`)

// bind joins what should stand on one line: a day and its month, "RT" and its number.
func bind(s string) string { return together.ReplaceAllString(s, "$1$3\u00a0$2$4") }

// fit returns how many bytes of the word go into w, at least one character.
func (l letterform) fit(word string, w float64) int {
	var used float64
	for i, r := range word {
		if used += l.width(string(r)); used > w && i > 0 {
			return i
		}
	}
	return len(word)
}
