package text_test

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"makassartidakrantasa.com/portal/internal/eoffice/text"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

func clean(t interface {
	Helper()
	Fatalf(string, ...any)
}, source string) string {
	t.Helper()
	out, err := text.Sanitize(source)
	if err != nil {
		t.Fatalf("%q: %v", source, err)
	}
	return out
}

func TestSanitize(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"Halo":                                                      "<p>Halo</p>",
		"<p>satu</p> <p> </p><p>dua<br></p>":                        "<p>satu</p><p>dua</p>",
		"<div><b>tebal</b> <i>miring</i></div>":                     "<p><strong>tebal </strong><em>miring</em></p>",
		"<h1>Judul</h1><h4>Anak</h4>":                               "<h2>Judul</h2><h3>Anak</h3>",
		"<p>a<br><br>b</p>":                                         "<p>a<br><br>b</p>",
		"<span style='FONT-WEIGHT: 700'>x</span>y":                  "<p><strong>x</strong>y</p>",
		"<b style='font-weight:normal'>dari Docs</b>":               "<p>dari Docs</p>",
		"<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li></ul>": "<ul><li>a<ul><li>b</li><li>c</li></ul></li></ul>",
		"<ol><li>a</li><ol><li>b</li></ol></ol>":                    "<ol><li>a<ol><li>b</li></ol></li></ol>",
		"<ul><li><p>a</p><p>b</p></li></ul>":                        "<ul><li>a<br>b</li></ul>",
		"<table><thead><tr><th>No</th></tr></thead><tr><td><p>1</p></td></tr></table>":                            "<table><tbody><tr><th>No</th></tr><tr><td>1</td></tr></tbody></table>",
		"<p>x<script>alert(1)</script>y</p>":                                                                      "<p>xy</p>",
		"<a href='javascript:alert(1)' onclick=x>tautan</a>":                                                      "<p>tautan</p>",
		"<img src=x onerror=alert(1)>":                                                                            "",
		"<svg><style><img src=x onerror=alert(1)></style></svg>z":                                                 "<p>z</p>",
		"<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">": "",
		"<!--[if gte mso 9]><xml><o:p>x</o:p></xml><![endif]--><p class=MsoNormal>isi<o:p></o:p></p>":             "<p>isi</p>",
		"<form action=x><p>a</p><input value=b></form>":                                                           "<p>a</p>",
		"a\x00b\u200b\u202ec\u00a0d":                                                                              "<p>abc d</p>",
		"&lt;script&gt;alert(1)&lt;/script&gt;":                                                                   "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
		"<p>1 &amp; 2 &lt; 3</p>":                                                                                 "<p>1 &amp; 2 &lt; 3</p>",
	} {
		if got := clean(t, source); got != want {
			t.Errorf("%s\n got %s\nwant %s", source, got, want)
		}
	}
}

func TestTooMuchIsRefusedInWords(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]string{
		"source": strings.Repeat("<p style='x'></p>", 300_000),
		"text":   "<p>" + strings.Repeat("kata ", 70_000) + "</p>",
		"depth":  strings.Repeat("<div>", 400) + "x",
		"lists":  strings.Repeat("<ul><li>", 300) + "x",
	} {
		if _, err := text.Sanitize(source); errs.KindOf(err) != errs.Unprocessable || errs.MessageOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

var element = regexp.MustCompile(`</?([a-z0-9]+)>`)

// Whatever comes in, only the subset goes out, and it stays as it is.
func TestSanitizeKeepsToTheSubset(t *testing.T) {
	t.Parallel()
	allowed := map[string]bool{"p": true, "h2": true, "h3": true, "strong": true, "em": true, "u": true, "br": true, "ul": true, "ol": true,
		"li": true, "table": true, "tbody": true, "tr": true, "th": true, "td": true}
	tags := []string{"p", "div", "b", "i", "u", "span", "ul", "ol", "li", "table", "tr", "td", "th", "tbody", "caption", "a", "h1", "h5", "br", "hr",
		"script", "style", "svg", "math", "form", "template", "select", "option", "pre", "o:p", "body", "html", "noscript", "textarea", "iframe", "plaintext", "font"}
	rapid.Check(t, func(r *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(0, 40).Draw(r, "parts") {
			tag := rapid.SampledFrom(tags).Draw(r, "tag")
			switch rapid.IntRange(0, 4).Draw(r, "what") {
			case 0:
				b.WriteString("<" + tag + ">")
			case 1:
				b.WriteString("</" + tag + ">")
			case 2:
				b.WriteString("<" + tag + ` style="font-weight:bold" onload='x' href=javascript:y>`)
			case 3:
				b.WriteString(rapid.SampledFrom([]string{"kata", " ", "\n", "&lt;b&gt;", "<!--", "-->", "\"", "<", "&", "a  b", "\u00a0"}).Draw(r, "text"))
			case 4:
				b.WriteString(rapid.String().Draw(r, "any"))
			}
		}
		once := clean(r, b.String())
		if twice := clean(r, once); twice != once {
			r.Fatalf("not stable:\n%q\n%s\n%s", b.String(), once, twice)
		}
		rest := element.ReplaceAllStringFunc(once, func(e string) string {
			if !allowed[element.FindStringSubmatch(e)[1]] {
				r.Fatalf("%s is left in %s", e, once)
			}
			return ""
		})
		if strings.ContainsAny(rest, "<>") {
			r.Fatalf("a stray bracket in %s", once)
		}
		if _, err := html.Parse(strings.NewReader(once)); err != nil {
			r.Fatal(err)
		}
	})
}

func TestPlainGoesThereAndBack(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{
		"Satu paragraf.", "Satu.\n\nDua.", "baris\nbaris", "- a\n- b", "1. a\n2. b\n  - c\n  - d\n3. e", "Nama | Nilai\nA | 1", "1 < 2 & 3",
	} {
		body := text.FromPlain(typed)
		if clean(t, body) != body {
			t.Errorf("%q: %s is not clean", typed, body)
		}
		if got := text.ToPlain(body); got != typed {
			t.Errorf("%q came back as %q (%s)", typed, got, body)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		body := text.FromPlain(rapid.String().Draw(r, "typed"))
		if clean(r, body) != body {
			r.Fatalf("%s is not clean", body)
		}
	})
}

func TestDiffReadsAsBothVersions(t *testing.T) {
	t.Parallel()
	got := text.Diff("<p>Rapat hari Senin pukul sembilan.</p><p>Tetap.</p><p>Hilang.</p>", "<p>Rapat hari Selasa pukul sembilan.</p><p>Tetap.</p><p>Baru sekali ini.</p>")
	if len(got) != 4 || got[0].Fate != text.Kept || !got[0].Changed() || got[1].Changed() || got[2].Fate != text.Removed || got[3].Fate != text.Added {
		t.Errorf("%+v", got)
	}
	word := rapid.SampledFrom([]string{"a", "b", "c", "surat"})
	para := rapid.Custom(func(r *rapid.T) string { return strings.Join(rapid.SliceOfN(word, 1, 6).Draw(r, "words"), " ") })
	rapid.Check(t, func(r *rapid.T) {
		a, b := rapid.SliceOf(para).Draw(r, "a"), rapid.SliceOf(para).Draw(r, "b")
		var before, after []string
		for _, c := range text.Diff(text.FromPlain(strings.Join(a, "\n\n")), text.FromPlain(strings.Join(b, "\n\n"))) {
			old, now := "", ""
			for _, p := range c.Pieces {
				if p.Fate != text.Added {
					old += p.Text
				}
				if p.Fate != text.Removed {
					now += p.Text
				}
			}
			if c.Fate != text.Added {
				before = append(before, old)
			}
			if c.Fate != text.Removed {
				after = append(after, now)
			}
		}
		if strings.Join(before, "\n") != strings.Join(a, "\n") || strings.Join(after, "\n") != strings.Join(b, "\n") {
			r.Fatalf("%q and %q", before, after)
		}
	})
}

// What Word puts on the clipboard, as it does (shortened where it repeats itself).
const word = `<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head>
<meta name=Generator content="Microsoft Word 15"><link rel=File-List href="file:///C:/Users/tu/msohtmlclip1/01/clip_filelist.xml">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {mso-style-unhide:no; font-family:"Calibri";} @list l0:level1 {mso-level-text:"%1\."} --></style></head>
<body lang=EN-ID style='tab-interval:36.0pt'><!--StartFragment-->
<h1><span lang=IN style='mso-fareast-font-family:"Times New Roman"'>Dasar<o:p></o:p></span></h1>
<p class=MsoNormal><b style='mso-bidi-font-weight:normal'><span lang=IN onmouseover="alert(1)">Penting</span></b><span lang=IN>: rapat
<i>koordinasi</i>.<o:p></o:p></span></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span lang=IN style='mso-bidi-font-family:Calibri'><span style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]><span lang=IN>Saluran<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span><span style='mso-list:Ignore'>a.<span style='font:7.0pt "Times New Roman"'>&nbsp; </span></span></span><![endif]><b>utara</b></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span><span style='mso-list:Ignore'>2.<span>&nbsp; </span></span></span><![endif]>Jalan</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span>&nbsp; </span></span></span><![endif]>Lampu</p>
<table class=MsoTableGrid border=1 style='border-collapse:collapse'><tr style='mso-yfti-irow:0'><td width=300 colspan=2 style='border:solid'><p class=MsoNormal><b>Uraian<o:p></o:p></b></p></td><td rowspan=2><p class=MsoNormal>Jumlah</p></td></tr>
<tr><td><p class=MsoNormal>Semen</p></td><td><p class=MsoNormal><a href="javascript:alert(1)">sak</a></p></td></tr></table>
<p class=MsoNormal><img width=10 src="file:///C:/x.png" onerror="alert(1)"><script>alert(1)</script><u>Selesai</u></p>
<!--EndFragment--></body></html>`

func TestWordIsCleaned(t *testing.T) {
	t.Parallel()
	const want = "<h2>Dasar</h2><p><strong>Penting</strong>: rapat <em>koordinasi</em>.</p>" +
		"<ol><li>Saluran<ol><li><strong>utara</strong></li></ol></li><li>Jalan</li></ol><ul><li>Lampu</li></ul>" +
		"<table><tbody><tr><td><strong>Uraian</strong></td><td></td><td>Jumlah</td></tr><tr><td>Semen</td><td>sak</td><td></td></tr></tbody></table>" +
		"<p><u>Selesai</u></p>"
	if got := clean(t, word); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// A table that claims to be huge costs no more than what it says.
func TestSpansAreBounded(t *testing.T) {
	t.Parallel()
	wide := "<table><tr><td colspan=99999 rowspan=99999>a</td></tr>" + strings.Repeat("<tr><td>b</td></tr>", 200) + "</table>"
	if got := strings.Count(clean(t, wide), "<td>"); got > 201*41 {
		t.Errorf("%d cells", got)
	}
}

func TestRetypingKeepsTheLookOfWhatStays(t *testing.T) {
	t.Parallel()
	const before = "<h2>Dasar</h2><p>Isi <strong>penting</strong>.</p><p>Lama.</p><table><tbody><tr><th>A</th></tr></tbody></table>"
	plain := text.ToPlain(before)
	if got := text.Retyped(before, plain); got != before {
		t.Errorf("untouched became %s", got)
	}
	if got, want := text.Retyped(before, strings.Replace(plain, "Lama.", "Baru.", 1)), strings.Replace(before, "Lama.", "Baru.", 1); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	if got := text.Retyped("<script>x</script><p onclick=a>b</p>", "b"); got != "<p>b</p>" {
		t.Errorf("what stood before came through uncleaned: %s", got)
	}
}
