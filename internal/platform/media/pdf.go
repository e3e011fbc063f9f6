package media

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"errors"
	"io"
	"regexp"
	"strconv"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pdf"
)

// PDFType is the content type of a PDF.
const PDFType = "application/pdf"

var (
	pdfHead = regexp.MustCompile(`^%PDF-[12]\.[0-9][ \r\n]`)
	// pdfTail is how a PDF ends: where its cross-reference stands, and nothing after.
	pdfTail = regexp.MustCompile(`startxref[\r\n ]+([0-9]{1,10})[\r\n ]+%%EOF[\r\n\x00 ]*$`)
	// pdfXref is what stands there: a table, or a stream object.
	pdfXref = regexp.MustCompile(`^[\r\n ]*(xref|[0-9]{1,10}[\r\n ]+[0-9]{1,5}[\r\n ]+obj)`)
	markup  = regexp.MustCompile(`(?i)<(!doctype|html|script|svg|\?php|body)`)
)

const (
	sentenceNoPDF  = "Berkas ini bukan PDF yang utuh. Simpan ulang sebagai PDF, lalu unggah lagi."
	sentenceZIP    = "Berkas ini sekaligus arsip ZIP. Simpan ulang sebagai PDF biasa, lalu unggah lagi."
	sentenceLocked = "PDF ini terkunci dengan kata sandi. Simpan ulang tanpa kata sandi, lalu unggah lagi."
	sentenceActive = "PDF ini memuat perintah atau berkas lain di dalamnya, sehingga tidak kami terima. " +
		"Buka berkasnya, pilih Cetak lalu Simpan sebagai PDF, dan unggah hasilnya."
)

// checking bounds the memory of checks: each holds one file and one stream.
var checking = make(chan struct{}, 2)

// CheckPDF returns the size of a file that is a PDF and nothing else, at most limit
// bytes: it begins and ends as one, its cross-reference is where it says, it is
// neither an archive nor a page to any other reader, is not locked, and holds
// nothing that acts: no scripts, no programs or forms that start or send, no
// embedded files, no films. Names may be hidden by escapes, or in compressed objects.
// What it refuses is errs.Unprocessable with a sentence for the sender. r stands at
// its beginning afterwards.
//
// It searches instead of parsing, wherever in the file something stands: readers
// repair broken files each in their own way, so what a strict parser does not reach
// may yet act.
func CheckPDF(r io.ReadSeeker, limit int64) (size int64, err error) {
	defer errs.In(&err, "media.CheckPDF")
	if size, err = r.Seek(0, io.SeekEnd); err != nil {
		return 0, err
	}
	if size > limit {
		return 0, errs.New(errs.Unprocessable, "Dokumen ini lebih besar dari "+strconv.FormatInt(limit>>20, 10)+
			" MB. Perkecil, atau pindai dengan resolusi lebih rendah.")
	}
	checking <- struct{}{}
	defer func() { <-checking }()
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(r, data); err != nil {
		return 0, err
	}
	if err := checkForm(data); err != nil {
		return 0, err
	}
	if err := newSearch(data).run(); err != nil {
		return 0, err
	}
	_, err = r.Seek(0, io.SeekStart)
	return size, err
}

func checkForm(data []byte) error {
	head, end := data[:min(len(data), 1024)], pdfTail.FindSubmatch(data[max(0, len(data)-1024):])
	if !pdfHead.Match(head) || markup.Match(head) || end == nil {
		return refuse(errNoPDF, sentenceNoPDF)
	}
	at, err := strconv.Atoi(string(end[1]))
	if err != nil || at <= 0 || at >= len(data) || !pdfXref.Match(data[at:min(len(data), at+64)]) {
		return refuse(errNoPDF, sentenceNoPDF)
	}
	if _, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err == nil {
		return refuse(errZIP, sentenceZIP)
	}
	return nil
}

var (
	errNoPDF  = errors.New("no PDF")
	errZIP    = errors.New("also an archive")
	errLocked = errors.New("encrypted")
	errActive = errors.New("active content")
	errCostly = errors.New("takes too long to search")
	errStream = errors.New("an object stream cannot be read")
)

// activeNames mark what acts. They are long enough never to turn up in compressed
// data by chance, so they are looked for in every byte.
var activeNames = map[string]bool{
	"JavaScript": true, "Launch": true, "SubmitForm": true, "ImportData": true, "GoToE": true,
	"EmbeddedFile": true, "FileAttachment": true, "Rendition": true,
	"RichMedia": true, "Movie": true, "Sound": true, "XFA": true,
}

// shortNames do turn up by chance; they count in objects only. AA are actions that
// start by themselves, EF is what a file specification needs to embed a file.
var shortNames = map[string]bool{"JS": true, "AA": true, "EF": true}

const (
	maxInflated = 24 << 20
	// walkFactor bounds how often the same bytes are looked at: objects that overlap
	// exist only in files made to keep us busy.
	walkFactor = 4
	maxObjects = 300_000
)

// search looks through one file.
type search struct {
	data     []byte
	inflated int64 // bytes yet to be inflated
	walked   int   // bytes yet to be walked
	objects  int
	opens    []int        // objects that are done on opening
	goes     map[int]bool // whether an object is a place, or going there
}

func newSearch(data []byte) *search {
	return &search{data: data, inflated: maxInflated, walked: walkFactor * len(data), goes: map[int]bool{}}
}

func (s *search) run() error {
	if err := everyName(s.data); err != nil {
		return err
	}
	for at := 0; ; {
		n := bytes.Index(s.data[at:], []byte("obj"))
		if n < 0 {
			break
		}
		head := s.data[max(0, at+n-24) : at+n]
		at += n + len("obj")
		if num, ok := objectNumber(head); ok {
			if err := s.object(num, at); err != nil {
				return err
			}
		}
	}
	for _, num := range s.opens {
		if !s.goes[num] {
			return refuse(errActive, sentenceActive)
		}
	}
	return nil
}

// everyName looks for activeNames everywhere.
func everyName(b []byte) error {
	for i := bytes.IndexByte(b, '/'); i >= 0; {
		name, end, _ := pdf.Name(b, i)
		switch {
		case name == "Encrypt":
			return refuse(errLocked, sentenceLocked)
		case activeNames[name]:
			return refuse(errActive, sentenceActive)
		}
		n := bytes.IndexByte(b[end:], '/')
		if n < 0 {
			break
		}
		i = end + n
	}
	return nil
}

// objectNumber reads "12 0 " before an obj, from its end.
func objectNumber(head []byte) (int, bool) {
	generation := bytes.TrimRight(head, spaces)
	between := bytes.TrimRight(generation, digits)
	rest := bytes.TrimRight(between, spaces)
	if len(between) == len(generation) || len(rest) == len(between) {
		return 0, false
	}
	num, err := strconv.Atoi(string(rest[len(bytes.TrimRight(rest, digits)):]))
	return num, err == nil
}

const (
	spaces = "\x00\t\n\f\r "
	digits = "0123456789"
)

// object looks at the object whose value begins at at, and into an object stream.
func (s *search) object(num, at int) error {
	end, err := s.walk(num, s.data, at, false)
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(s.data[end:], []byte("stream")) {
		return nil
	}
	dict, _, err := pdf.ReadDict(s.data[:end], pdf.SkipSpace(s.data[:end], at), 0)
	if err != nil {
		return refuse(errStream, sentenceNoPDF)
	}
	// Some readers take for an object stream whatever has these two keys.
	if kind, _, _ := pdf.Name(dict.Get("Type"), 0); kind != "ObjStm" && (dict.Get("First") == nil || dict.Get("N") == nil) {
		return nil
	}
	return s.objectStream(dict, s.data[end+len("stream"):])
}

// objectStream looks at each object in an object stream.
func (s *search) objectStream(dict pdf.Dict, body []byte) error {
	body = bytes.TrimPrefix(bytes.TrimPrefix(body, []byte("\r")), []byte("\n"))
	filter := bytes.Trim(dict.Get("Filter"), "[] \r\n\t")
	if parms := dict.Get("DecodeParms"); parms != nil && string(parms) != "null" || dict.Get("DP") != nil {
		return refuse(errStream, sentenceNoPDF)
	}
	switch string(filter) {
	case "":
		n := bytes.Index(body, []byte("endstream"))
		if n < 0 {
			return refuse(errStream, sentenceNoPDF)
		}
		body = body[:n]
	case "/FlateDecode", "/Fl":
		z, err := zlib.NewReader(bytes.NewReader(body))
		if err != nil {
			return refuse(errStream, sentenceNoPDF)
		}
		text, err := io.ReadAll(io.LimitReader(z, s.inflated+1))
		if s.inflated -= int64(len(text)); s.inflated < 0 {
			return refuse(errCostly, sentenceNoPDF)
		}
		if err != nil {
			return refuse(errStream, sentenceNoPDF)
		}
		s.walked += walkFactor * len(text)
		body = text
	default:
		return refuse(errStream, sentenceNoPDF)
	}
	if err := everyName(body); err != nil {
		return err
	}
	first, _, ok := pdf.Integer(dict.Get("First"), 0)
	count, _, ok2 := pdf.Integer(dict.Get("N"), 0)
	if !ok || !ok2 || first > len(body) {
		return refuse(errStream, sentenceNoPDF)
	}
	for i := 0; count > 0; count-- {
		num, end, ok := pdf.Integer(body[:first], pdf.SkipSpace(body[:first], i))
		offset, end, ok2 := pdf.Integer(body[:first], pdf.SkipSpace(body[:first], end))
		if !ok || !ok2 || first+offset > len(body) {
			return refuse(errStream, sentenceNoPDF)
		}
		if _, err := s.walk(num, body, first+offset, true); err != nil {
			return err
		}
		i = end
	}
	return nil
}

// walk looks at the names of object num, whose value begins at b[at], past strings
// and comments, and returns where the value ends or a stream begins. Brackets must
// match: readers go on in different ways where they do not.
func (s *search) walk(num int, b []byte, at int, inner bool) (end int, err error) {
	if s.objects++; s.objects > maxObjects {
		return at, refuse(errCostly, sentenceNoPDF)
	}
	begin := pdf.SkipSpace(b, at)
	var open []byte
	i := begin
	for ; i < len(b); i = pdf.SkipSpace(b, i) {
		if i-at > s.walked {
			return i, refuse(errCostly, sentenceNoPDF)
		}
		ok := true
		switch c := b[i]; c {
		case '/':
			name, next, _ := pdf.Name(b, i)
			if shortNames[name] {
				return i, refuse(errActive, sentenceActive)
			}
			if i = next; name == "OpenAction" {
				err = s.opening(b, pdf.SkipSpace(b, i))
			}
		case '(':
			i, err = pdf.Value(b, i, 0)
		case '[', '{':
			open, i = append(open, c+2), i+1 // in ASCII their partners are two further
		case ']', '}':
			open, ok = shut(open, c)
			i++
		case ')':
			i++
		case '<':
			if i++; i < len(b) && b[i] == '<' {
				open, i = append(open, '>'), i+1
			} else if n := bytes.IndexByte(b[i:], '>'); n >= 0 {
				i += n + 1
			} else {
				ok = false
			}
		case '>':
			if i++; i < len(b) && b[i] == '>' {
				open, ok = shut(open, '>')
				i++
			}
		default:
			next := pdf.Word(b, i)
			// A next object ends this one, too.
			if w := b[i:next]; !inner && (string(w) == "stream" || bytes.HasSuffix(w, []byte("obj"))) {
				if len(open) > 0 {
					return i, refuse(errNoPDF, sentenceNoPDF)
				}
				s.note(num, b[begin:i])
				return i, s.pay(i - at)
			}
			i = next
		}
		if err != nil {
			return i, err
		}
		if !ok {
			return i, refuse(errNoPDF, sentenceNoPDF)
		}
		if inner && len(open) == 0 {
			break // in an object stream no endobj follows
		}
	}
	s.note(num, b[begin:i])
	return i, s.pay(i - at)
}

func shut(open []byte, c byte) ([]byte, bool) {
	if len(open) == 0 || open[len(open)-1] != c {
		return open, false
	}
	return open[:len(open)-1], true
}

// note keeps whether every object of this number is a place to go to.
func (s *search) note(num int, value []byte) {
	if before, known := s.goes[num]; !known || before {
		s.goes[num] = s.leads(value)
	}
}

func (s *search) pay(n int) error {
	if s.walked -= n; s.walked < 0 {
		return refuse(errCostly, sentenceNoPDF)
	}
	return nil
}

// opening looks at what is done on opening: going to a page is all that may be.
func (s *search) opening(b []byte, at int) error {
	if num, _, _, ok := pdf.Reference(b, at); ok {
		s.opens = append(s.opens, num)
		return nil
	}
	if end, err := pdf.Value(b, at, 0); err == nil && (s.leads(b[at:end]) || string(b[at:end]) == "null") {
		return nil
	}
	return refuse(errActive, sentenceActive)
}

// leads tells whether a value is a place in the document, or the action of going there.
func (s *search) leads(value []byte) bool {
	if bytes.HasPrefix(value, []byte("[")) {
		return true
	}
	if len(value) > 4096 || !bytes.HasPrefix(value, []byte("<<")) {
		return false
	}
	d, _, err := pdf.ReadDict(value, 0, 0)
	kind, _, _ := pdf.Name(d.Get("S"), 0)
	return err == nil && kind == "GoTo" && d.Get("Next") == nil
}
