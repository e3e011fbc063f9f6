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

// spellings are the ways in which one word of a name is written.
var spellings = map[string]string{
	"st": "siti", "sitti": "siti", "sity": "siti",
	"muh": "muhammad", "moh": "muhammad", "mohd": "muhammad", "muhd": "muhammad", "mhd": "muhammad", "mohammad": "muhammad",
	"mohamad": "muhammad", "muhamad": "muhammad", "mohammed": "muhammad", "muhammed": "muhammad", "mochammad": "muhammad",
	"mochamad": "muhammad", "moch": "muhammad", "much": "muhammad",
	"abd": "abdul", "abdoel": "abdul", "dg": "daeng", "jusuf": "yusuf",
}

// dropped are words that one list writes with a name and another one does not.
var dropped = map[string]bool{"h": true, "hj": true, "haji": true, "hajjah": true, "hajah": true}

// leading letters stand for a name only in front of others: "M. Yusuf", "A. Tenri".
var leading = map[string]string{"m": "muhammad", "a": "andi"}

// sounds are letters that old and new spelling, or two clerks, write differently.
var sounds = strings.NewReplacer("oe", "u", "sj", "s", "dj", "j", "tj", "c", "sy", "s", "kh", "h", "ch", "h", "y", "i")

// FoldPerson folds a person's name for searching across the ways of writing it in
// this city: "Hj. Sitti Nurhayati Dg. Kanang, S.Pd" and "St. Nurhayati Daeng Kanang"
// become the same. It keeps the order of the words.
func FoldPerson(s string) string {
	words := strings.Fields(FoldName(s))
	var out []string
	for i, w := range words {
		if dropped[w] && len(words) > 1 {
			continue
		}
		if full, ok := leading[w]; ok && i+1 < len(words) && len(out) == 0 {
			w = full
		}
		if full, ok := spellings[w]; ok {
			w = full
		}
		out = append(out, single(sounds.Replace(w)))
	}
	return strings.Join(out, " ")
}

// single writes doubled letters once; digits stay.
func single(s string) string {
	var b strings.Builder
	last := rune(0)
	for _, r := range s {
		if r == last && unicode.IsLetter(r) {
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// CleanName tidies a name as typed: spaces trimmed and single, characters that
// do not print and bytes that are none removed. Capitals stay as their owner wrote them.
func CleanName(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, norm.NFC.String(strings.ToValidUTF8(s, "")))
	return strings.Join(strings.Fields(s), " ")
}
