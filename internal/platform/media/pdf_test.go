package media_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
)

func checkPDF(data []byte) (int64, error) {
	return media.CheckPDF(bytes.NewReader(data), media.MaxScanBytes)
}

func TestHarmlessPDFsPass(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{
		"plain":                   mediatest.PDF(""),
		"opens on a page":         mediatest.PDF("/OpenAction [3 0 R /FitH null]"),
		"goes to a page":          mediatest.PDF("/OpenAction << /S /GoTo /D [3 0 R /Fit] >>"),
		"goes by reference":       mediatest.PDF("/OpenAction 4 0 R", "<< /S /GoTo /D [3 0 R /Fit] >>"),
		"link":                    mediatest.PDF("", "<< /S /URI /URI (https://example.go.id/AA/JS (x) \\) /AA) >>"),
		"signature":               mediatest.PDF("/AcroForm << /Fields [] /SigFlags 3 >>", "<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00ff> >>"),
		"compressed objects":      mediatest.PDF("", mediatest.ObjectStream("/Type /ObjStm", "<< /A [1 2] >>", "[ (/JS) ]", "5")),
		"short names in a stream": mediatest.PDF("", "<< /Length 20 >>\nstream\n\x01/JS \x02/AA (/EF )\nendstream"),
		"no embedded files":       mediatest.PDF("/Names << /EmbeddedFiles << /Names [ ] >> >>"), // some writers always say so
		"comment":                 mediatest.PDF("% (unbalanced\n"),
	} {
		r := bytes.NewReader(data)
		size, err := media.CheckPDF(r, media.MaxScanBytes)
		if err != nil || size != int64(len(data)) {
			t.Errorf("%s: %d, %v", name, size, err)
		}
		if rest, _ := io.ReadAll(r); !bytes.Equal(rest, data) {
			t.Errorf("%s: not at its beginning afterwards", name)
		}
	}
}

func TestPDFsThatActAreRefused(t *testing.T) {
	t.Parallel()
	packed := func(object string) []byte { return mediatest.PDF("", mediatest.ObjectStream("/Type /ObjStm", object)) }
	for name, data := range map[string][]byte{
		"script":                 mediatest.PDF("", "<< /S /JavaScript /JS (app.alert\\(1\\)) >>"),
		"script by escape":       mediatest.PDF("", "<< /S /J#61vaScrip#74 >>"),
		"script in a tree":       mediatest.PDF("/Names << /JavaScript 4 0 R >>", "<< >>"),
		"script key only":        mediatest.PDF("", "<< /S /Rendi /J#53 5 0 R >>"),
		"program":                mediatest.PDF("", "<< /S /Launch /F (cmd.exe) >>"),
		"opening by script":      mediatest.PDF("/OpenAction << /S /Named /N /Print >>"),
		"opening by reference":   mediatest.PDF("/OpenAction 4 0 R", "<< /S /URI /URI (https://x.example) >>"),
		"opening a chain":        mediatest.PDF("/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next 4 0 R >>", "<< /S /URI >>"),
		"opening by escape":      mediatest.PDF("/Open#41ction 4 0 R", "<< /S /URI >>"),
		"opening nothing known":  mediatest.PDF("/OpenAction 99 0 R"),
		"opening two of a name":  mediatest.PDF("/OpenAction 4 0 R", "<< /S /URI >>\nendobj\n4 0 obj\n[3 0 R /Fit]"),
		"additional actions":     mediatest.PDF("/AA << /WC 4 0 R >>", "<< /S /URI >>"),
		"embedded file":          mediatest.PDF("", "<< /Type /EmbeddedFile /Length 0 >>\nstream\n\nendstream"),
		"file specification":     mediatest.PDF("", "<< /Type /Filespec /EF << /F 5 0 R >> >>"),
		"attachment":             mediatest.PDF("", "<< /Subtype /FileAttachment >>"),
		"form that sends":        mediatest.PDF("", "<< /S /SubmitForm >>"),
		"XFA":                    mediatest.PDF("/AcroForm << /XFA 4 0 R >>", "<< >>"),
		"film":                   mediatest.PDF("", "<< /Subtype /RichMedia >>"),
		"compressed":             packed("<< /S /JavaScript >>"),
		"compressed by escape":   packed("<< /S /#4aavaScript >>"),
		"compressed short":       packed("<< /AA << >> >>"),
		"compressed opening":     packed("<< /OpenAction 100 0 R >>"),
		"stream type by escape":  mediatest.PDF("", mediatest.ObjectStream("/Type /Obj#53tm", "<< /S /JavaScript >>")),
		"stream without a type":  mediatest.PDF("", mediatest.ObjectStream("", "<< /S /JavaScript >>")),
		"object inside a stream": mediatest.PDF("", "<< /Length 60 >>\nstream\n9 0 obj << /AA << >> >> endobj\nendstream"),
		"behind a string":        mediatest.PDF("", "<< /T (a\\) /A (\\() ) /AA << >> >>"),
	} {
		_, err := checkPDF(data)
		if errs.KindOf(err) != errs.Unprocessable || !strings.Contains(errs.MessageOf(err), "memuat perintah") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPDFsThatCannotBeSearchedAreRefused(t *testing.T) {
	t.Parallel()
	zeros := strings.Repeat("\x00", 8<<20)
	bomb := mediatest.ObjectStream("/Type /ObjStm", zeros, zeros, zeros, zeros)
	for name, c := range map[string]struct {
		data  []byte
		words string
	}{
		"locked":           {bytes.Replace(mediatest.PDF("", "<< /Filter /Standard >>"), []byte("/Root 1 0 R"), []byte("/Root 1 0 R /Encrypt 4 0 R"), 1), "terkunci"},
		"bomb":             {mediatest.PDF("", bomb), "bukan PDF yang utuh"},
		"other filter":     {mediatest.PDF("", strings.Replace(mediatest.ObjectStream("/Type /ObjStm", "1"), "/FlateDecode", "[/ASCIIHexDecode /FlateDecode]", 1)), "bukan PDF yang utuh"},
		"filter elsewhere": {mediatest.PDF("", strings.Replace(mediatest.ObjectStream("/Type /ObjStm", "1"), "/FlateDecode", "5 0 R", 1)), "bukan PDF yang utuh"},
		"predictor":        {mediatest.PDF("", mediatest.ObjectStream("/Type /ObjStm /DecodeParms << /Predictor 12 >>", "1")), "bukan PDF yang utuh"},
		"broken stream":    {mediatest.PDF("", "<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >>\nstream\nabc\nendstream"), "bukan PDF yang utuh"},
		"brackets":         {mediatest.PDF("", "<< /A [ >> ]"), "bukan PDF yang utuh"},
		"end in the midst": {mediatest.PDF("", "<< /A endobj /B >>"), "bukan PDF yang utuh"},
		"too large":        {mediatest.PDF("%" + strings.Repeat("x", media.MaxScanBytes)), "lebih besar dari 10 MB"},
		"nothing":          {nil, "bukan PDF yang utuh"},
		"cut short":        {mediatest.PDF("")[:200], "bukan PDF yang utuh"},
		"page":             {append([]byte("%PDF-1.7\n<script>"), mediatest.PDF("")...), "bukan PDF yang utuh"},
	} {
		_, err := checkPDF(c.data)
		if errs.KindOf(err) != errs.Unprocessable || !strings.Contains(errs.MessageOf(err), c.words) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever is sent, an answer comes soon: an error or a size, no panic. Objects
// within objects are what would make a search slow.
func TestHostilePDFsCostLittle(t *testing.T) {
	t.Parallel()
	for _, piece := range []string{"1 0 obj ", "1 0 obj 5 ", "1 0 obj << ", "1 0 obj (", "/A ", "[", "<<", "/OpenAction 1 0 R ", "1 0 obj % ", "obj", "1 0 obj <</Type/ObjStm/N 9/First 1>>stream\n"} {
		data := mediatest.PDF("", strings.Repeat(piece, (2<<20)/len(piece)))
		begin := time.Now()
		_, _ = checkPDF(data)
		if took := time.Since(begin); took > 30*time.Second {
			t.Fatalf("%q: %v", piece, took)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOf(rapid.SampledFrom([]string{"<<", ">>", "[", "]", "(", ")", "/A", "/OpenAction", " 4 0 R ", "\\", "%", "\n", "<", ">",
			"stream\n", "endstream", "endobj ", "5 0 obj ", "/Type/ObjStm", "/N 3", "/First 4", "/Filter/FlateDecode", "#", "#4", "\x00", "{", "}"})).Draw(t, "pieces")
		_, _ = checkPDF(mediatest.PDF("", strings.Join(pieces, "")))
	})
}

func TestScanTakesPapers(t *testing.T) {
	t.Parallel()
	p := media.New(media.Options{})
	for name, c := range map[string]struct {
		data  []byte
		kind  string
		words string
	}{
		"photo":      {mediatest.JPEG(3000, 2000, mediatest.GPS(-5.1, 119.4)), media.ContentType, ""},
		"PNG":        {mediatest.PNG(300, 200), media.ContentType, ""},
		"PDF":        {mediatest.PDF(""), media.PDFType, ""},
		"bad PDF":    {mediatest.PDF("/AA << >>"), "", "memuat perintah"},
		"HEIC":       {mediatest.HEIC(), "", "HEIC"},
		"page":       {[]byte("<html><script>alert(1)</script>"), "", "bukan PDF atau foto"},
		"empty":      {nil, "", "kosong"},
		"short":      {[]byte("%P"), "", "bukan PDF atau foto"},
		"too large":  {make([]byte, media.MaxScanBytes+1), "", "10 MB"},
		"half photo": {mediatest.JPEG(300, 200)[:900], "", "rusak"},
	} {
		s, err := p.Scan(t.Context(), bytes.NewReader(c.data))
		if c.words != "" {
			if errs.KindOf(err) != errs.Unprocessable || !strings.Contains(errs.MessageOf(err), c.words) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		kept, err := io.ReadAll(s)
		if err != nil || int64(len(kept)) != s.Size || s.ContentType != c.kind {
			t.Errorf("%s: %d of %d bytes of %s, %v", name, len(kept), s.Size, s.ContentType, err)
		}
		if c.kind == media.ContentType && bytes.Contains(kept, []byte("Exif")) {
			t.Errorf("%s: keeps what the camera noted", name)
		}
	}
}
