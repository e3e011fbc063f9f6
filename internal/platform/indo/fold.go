package indo

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold makes two spellings of the same words equal: lower case, without accents
// and apostrophes, hyphens and other signs as single spaces. "Pa'Baeng-Baeng"
// becomes "pabaeng baeng".
func Fold(s string) string {
	var b strings.Builder
	space := false
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == '‘', r == '`', r == 'ʼ':
			continue
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(unicode.ToLower(r))
		default:
			space = true
		}
	}
	return b.String()
}

// Squeeze is Fold without spaces: "Bara-Baraya" and "Bara Baraya" and
// "BARABARAYA" meet.
func Squeeze(s string) string { return strings.ReplaceAll(Fold(s), " ", "") }

// titles that people write before their names; what follows a comma are degrees.
var titles = map[string]bool{
	"h": true, "hj": true, "dr": true, "drs": true, "dra": true, "drg": true,
	"ir": true, "prof": true, "ust": true,
}

// FoldName folds a person's name and leaves out titles and degrees, to compare
// people from different lists: "Dr. H. Syamsul Bahri, S.Sos., M.Si" becomes
// "syamsul bahri".
func FoldName(s string) string {
	name, _, _ := strings.Cut(s, ",")
	words := strings.Fields(Fold(name))
	for len(words) > 1 && titles[words[0]] {
		words = words[1:]
	}
	return strings.Join(words, " ")
}

// CleanName tidies a name as typed: spaces trimmed and single, characters that
// do not print removed. Capitals stay as their owner wrote them.
func CleanName(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, norm.NFC.String(s))
	return strings.Join(strings.Fields(s), " ")
}
