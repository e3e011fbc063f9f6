package naskah

import (
	"embed"
	"math"
	"strings"
	"sync"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

//go:embed fonts/*.ttf
var fontFiles embed.FS

type style uint8

const (
	regular style = iota
	bold
	italic
)

// family is the name fpdf knows the typeface by; the key of a style in it.
const family = "LiberationSerif"

var styleKey = [...]string{regular: "", bold: "B", italic: "I"}

// repertoire is what a letter may contain: Latin with its marks, Greek,
// Cyrillic, and signs. Scripts that run from right to left or need shaping
// are not set.
var repertoire = [][2]rune{
	{0x20, 0x7e}, {0xa0, 0xac}, {0xae, 0x24f}, {0x300, 0x36f}, {0x370, 0x3ff}, {0x400, 0x45f},
	{0x1e00, 0x1eff}, {0x2010, 0x2027}, {0x2030, 0x203a}, {0x2070, 0x209f}, {0x20a0, 0x20bf},
	{0x2100, 0x215f}, {0x2190, 0x2195}, {0x2200, 0x22ff}, {0x25a0, 0x25ff},
}

const lastRune = 0x25ff

// missing stands for a character that cannot be printed.
const missing = '□'

// face is one style of the typeface, reduced to the repertoire.
type face struct {
	ttf   []byte
	width [lastRune + 1]uint16 // in thousandths of the size; 0: no such glyph, or a mark without width
	has   [lastRune + 1]bool
	font  *sfnt.Font
}

var faces = sync.OnceValue(func() *[len(styleKey)]face {
	all := new([len(styleKey)]face)
	for st, name := range [...]string{regular: "Regular", bold: "Bold", italic: "Italic"} {
		ttf, err := fontFiles.ReadFile("fonts/" + family + "-" + name + ".ttf")
		if err != nil {
			panic(err) // embedded
		}
		f := &all[st]
		if f.font, err = sfnt.Parse(ttf); err != nil {
			panic(err) // embedded
		}
		em := f.font.UnitsPerEm()
		var buf sfnt.Buffer
		var cut strings.Builder
		for _, rg := range repertoire {
			for r := rg[0]; r <= rg[1]; r++ {
				g, err := f.font.GlyphIndex(&buf, r)
				if err != nil || g == 0 {
					continue
				}
				adv, err := f.font.GlyphAdvance(&buf, g, fixed.I(int(em)), font.HintingNone)
				if err != nil {
					continue
				}
				f.has[r] = true
				f.width[r] = uint16(math.Round(float64(adv) / 64 * 1000 / float64(em)))
				cut.WriteRune(r)
			}
		}
		f.ttf = fpdf.UTF8CutFont(ttf, cut.String())
	}
	return all
})

func printable(r rune) bool {
	return r >= 0 && r <= lastRune && faces()[regular].has[r] && faces()[bold].has[r] && faces()[italic].has[r]
}

// alike are characters that people type for one the typeface has.
var alike = strings.NewReplacer(
	"\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n",
	"\u02bb", "‘", "\u02bc", "’", "\u02b9", "′", "\u2011", "-", "\u00ad", "",
)

// clean makes s printable: composed, without control and direction characters,
// with □ for what the typeface lacks.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || printable(r):
			return r
		case unicode.IsSpace(r):
			return ' '
		case ignorable(r):
			return -1
		}
		return missing
	}, norm.NFC.String(alike.Replace(strings.ToValidUTF8(s, string(missing)))))
}

func ignorable(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Mn, unicode.Me) }

// Unprintable returns the characters of s that a letter would show as □, each once.
func Unprintable(s string) string {
	var out strings.Builder
	for _, r := range norm.NFC.String(alike.Replace(s)) {
		if r != '\n' && !printable(r) && !unicode.IsSpace(r) && !ignorable(r) && !strings.ContainsRune(out.String(), r) {
			out.WriteRune(r)
		}
	}
	return out.String()
}
