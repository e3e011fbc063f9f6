package naskah

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"codeberg.org/go-pdf/fpdf"
	qrcode "github.com/skip2/go-qrcode"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// millimetres
const (
	marginLeft, marginRight = 25, 20
	topFirst, topNext       = 13, 24
	runningHead             = 13 // top of the line that pages after the first begin with
	bottomEdge              = 12
	footLead                = 3.5
	maxPages                = 200
)

var footForm = letterform{regular, 8}

// Render sets a letter. What cannot be set is an error of kind
// [errs.Unprocessable] with a sentence for the reader.
func Render(d Document) (out []byte, err error) {
	defer errs.In(&err, "set letter")
	if err := check(d); err != nil {
		return nil, err
	}
	sheet := fpdf.SizeType{Wd: 210, Ht: 297}
	if d.Paper == F4 {
		sheet = fpdf.SizeType{Wd: 215, Ht: 330}
	}
	var q *qrcode.QRCode
	if d.QR.Text != "" {
		if q, err = qrcode.New(d.QR.Text, qrcode.Medium); err != nil {
			return nil, errs.Wrap(errs.Unprocessable, err, "Isi kode QR terlalu panjang.")
		}
		q.DisableBorder = true
	}
	var emblem *picture
	if d.Head.Emblem && len(d.Head.EmblemPNG) > 0 {
		if emblem, err = plain(d.Head.EmblemPNG); err != nil {
			return nil, err
		}
	}
	w := sheet.Wd - marginLeft - marginRight
	var foot []line
	for _, text := range d.Foot {
		foot = append(foot, footForm.lines(clean(text), w, 0)...)
	}
	bottom := sheet.Ht - bottomEdge - footLead*float64(len(foot)) - 3
	if bottom < sheet.Ht/2 {
		return nil, errs.New(errs.Unprocessable, "Catatan di kaki surat terlalu panjang.")
	}

	var pages [][]placed
	for _, density := range densities {
		s := &setter{density: density, x: marginLeft, w: w}
		if err := s.document(d, emblem, q); err != nil {
			return nil, err
		}
		tried := paginate(s.items, topFirst, topNext, bottom)
		if pages == nil || len(tried) == 1 {
			pages = tried
		}
		if len(tried) != 2 { // one page, or too long for one at any density
			break
		}
	}
	if len(pages) > maxPages {
		return nil, errs.New(errs.Unprocessable, fmt.Sprintf("Surat ini lebih dari %d halaman.", maxPages))
	}

	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: sheet})
	pdf.SetCatalogSort(true)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	pdf.SetCellMargin(0)
	pdf.SetLang("id")
	pdf.SetTitle(clean(d.Title), true)
	pdf.SetSubject(clean(d.Subject), true)
	pdf.SetAuthor(clean(d.Author), true)
	pdf.SetProducer("", false)
	created := d.Created.In(indo.WITA)
	if created.IsZero() { // fpdf would take the time of day
		created = time.Unix(0, 0).In(indo.WITA)
	}
	pdf.SetCreationDate(created)
	pdf.SetModificationDate(created)
	p := &pen{pdf: pdf}
	for n, page := range pages {
		pdf.AddPage()
		p.now = letterform{}
		p.shade(ink)
		mark(p, clean(d.Watermark), sheet)
		if n > 0 {
			head(p, d, n+1, len(pages), w)
		}
		drawAll(p, page)
		if len(foot) > 0 {
			p.shade(90)
			p.line(marginLeft, bottom+1.5, marginLeft+w, bottom+1.5, 0.15)
			for i, ln := range foot {
				p.text(footForm, ln.text, marginLeft, bottom+2.5+footLead*float64(i), w, footLead, left)
			}
		}
	}
	var buf bytes.Buffer
	if err := pdf.Output(&buf); err != nil {
		return nil, err
	}
	return showTitle(buf.Bytes())
}

// check refuses what the form of a letter has no room for.
func check(d Document) error {
	tooLong := func(what string) error {
		return errs.New(errs.Unprocessable, what+" terlalu panjang.")
	}
	switch {
	case d.Paper > F4:
		return errs.New(errs.Unprocessable, "Ukuran kertas tidak dikenal; pilih A4 atau F4.")
	case utf8.RuneCountInString(d.Watermark) > 24:
		return tooLong("Tulisan di latar surat")
	case utf8.RuneCountInString(d.QR.Caption) > 200:
		return tooLong("Keterangan kode QR")
	}
	for _, sg := range d.Signatures {
		if sg.Electronic && utf8.RuneCountInString(sg.Note) > 160 {
			return tooLong("Keterangan tanda tangan elektronik")
		}
	}
	return nil
}

// document sets everything that flows: kop, title, text, signatures.
func (s *setter) document(d Document, emblem *picture, q *qrcode.QRCode) error {
	s.kop(d.Head, emblem)
	s.title(d)
	from := len(s.items)
	s.labels(d.Blocks)
	for _, b := range d.Blocks {
		if err := s.block(b); err != nil {
			return err
		}
	}
	s.glue(2, from)
	if len(d.Parties) > 0 {
		s.parties(d.Parties)
		s.glue(1, from)
	}
	var date []string
	if !d.Date.IsZero() {
		if d.Place != "" {
			date = append(date, d.Place)
		}
		date = append(date, indo.Date(d.Date))
	}
	s.signatures(d, strings.Join(date, ", "), q)
	for _, b := range d.After {
		if err := s.block(b); err != nil {
			return err
		}
	}
	return nil
}

// kop adds the letterhead and its double rule.
func (s *setter) kop(b Head, emblem *picture) {
	const high, wide, lead = 25.0, 21.0, 1.22
	if len(b.Lines) == 0 && strings.TrimSpace(b.Address) == "" && emblem == nil {
		return
	}
	in := 0.0
	if emblem != nil {
		in = wide + 3
	}
	var used float64
	add := func(l letterform, text string) {
		h := l.size * mmPerPoint * lead
		for _, ln := range l.balanced(clean(text), s.w-2*in) {
			s.add(item{h: h, keep: true, draw: func(p *pen, y float64) {
				p.text(l, ln.text, s.x+in, y, s.w-2*in, h, center)
			}})
			used += h
		}
	}
	from := len(s.items)
	for i, text := range b.Lines {
		l := letterform{bold, 14}
		if i == len(b.Lines)-1 {
			l.size = 18
		}
		add(l, text)
	}
	if b.Address != "" {
		add(letterform{regular, 10}, b.Address)
	}
	if emblem != nil {
		if used < high {
			s.add(item{h: high - used, keep: true, draw: func(*pen, float64) {}})
		}
		text := s.items[from].draw
		s.items[from].draw = func(p *pen, y float64) {
			p.picture(emblem, s.x, y, wide, high)
			text(p, y)
		}
	}
	s.add(item{gap: 1.5, h: 2, draw: func(p *pen, y float64) {
		p.line(s.x, y+0.4, s.x+s.w, y+0.4, 0.9)
		p.line(s.x, y+1.4, s.x+s.w, y+1.4, 0.25)
	}})
}

// title adds the title and the number.
func (s *setter) title(d Document) {
	gap := 6.5
	l := letterform{bold, s.size + 2}
	if text := clean(d.Title); strings.TrimSpace(text) != "" {
		h := l.size * mmPerPoint * 1.35
		for _, ln := range l.balanced(text, s.w-10) {
			s.add(item{gap: gap, h: h, keep: true, draw: func(p *pen, y float64) {
				p.text(l, ln.text, s.x, y, s.w, h, center)
				p.underline(l, ln.text, s.x, y, s.w, h, center)
			}})
			gap = 0
		}
	}
	if !d.Unnumbered {
		number := clean(d.Number)
		if number == "" {
			number = strings.Repeat(".", 48)
		}
		l := s.body(regular)
		for _, ln := range l.lines("Nomor: "+number, s.w, 0) {
			s.add(item{gap: gap, h: s.lead, keep: true, draw: func(p *pen, y float64) {
				p.text(l, ln.text, s.x, y, s.w, s.lead, center)
			}})
			gap = 0
		}
	}
	s.add(item{h: s.lead * 0.6, keep: true, draw: func(*pen, float64) {}})
}

// mark draws the watermark, and the same word in a corner where it can be read
// and taken out as text.
func mark(p *pen, s string, sheet fpdf.SizeType) {
	if strings.TrimSpace(s) == "" {
		return
	}
	p.watermark(s, sheet.Wd, sheet.Ht)
	l := letterform{bold, 9}
	const h = 5.0
	w := l.width(s) + 5
	x := sheet.Wd - marginRight - w
	p.shade(90)
	p.frame(x, 6, w, h, 0.3)
	p.text(l, s, x, 6, w, h, center)
	p.shade(ink)
}

// head draws the line above the text of the second and later pages.
func head(p *pen, d Document, page, of int, w float64) {
	l := letterform{regular, 9}
	p.shade(90)
	where := fmt.Sprintf("Halaman %d dari %d", page, of)
	which := clean(d.Title)
	if d.Number != "" && !d.Unnumbered {
		which = "Nomor: " + clean(d.Number)
	}
	which = l.lines(which, w-l.width(where)-6, 0)[0].text
	p.text(l, which, marginLeft, runningHead, w, 4, left)
	p.text(l, where, marginLeft, runningHead, w, 4, right)
	p.line(marginLeft, runningHead+5, marginLeft+w, runningHead+5, 0.15)
	p.shade(ink)
}

// showTitle asks the reader's program to show the title of the letter, not the
// name of the file. The catalog is the last object of the file, so only the
// place of the cross-reference table moves.
func showTitle(pdf []byte) ([]byte, error) {
	const entry, preference, pointer = "/Type /Catalog\n", "/ViewerPreferences <</DisplayDocTitle true>>\n", "\nstartxref\n"
	at, end := bytes.LastIndex(pdf, []byte(entry)), bytes.LastIndex(pdf, []byte(pointer))
	if at < 0 || end < at {
		return nil, fmt.Errorf("no catalog in the PDF")
	}
	at, end = at+len(entry), end+len(pointer)
	digits := bytes.IndexByte(pdf[end:], '\n')
	if digits < 0 {
		return nil, fmt.Errorf("no end of the PDF")
	}
	xref, err := strconv.Atoi(string(pdf[end : end+digits]))
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(pdf)+len(preference)+1)
	out = append(append(append(out, pdf[:at]...), preference...), pdf[at:end]...)
	return append(strconv.AppendInt(out, int64(xref+len(preference)), 10), pdf[end+digits:]...), nil
}
