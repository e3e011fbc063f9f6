package sign

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pdf"
)

const (
	maxPDF     = 64 << 20
	maxObjects = 1 << 20
	maxTables  = 64 // revisions of one file
	maxTree    = 16 // levels of its page tree
)

// document is a PDF with classic cross-reference tables, as far as signing
// needs to know it.
type document struct {
	data    []byte
	xref    int         // where the newest table stands
	objects map[int]int // offsets by number, -1 for a freed one
	size    int         // the first number never used
	trailer pdf.Dict
}

var (
	startxref = regexp.MustCompile(`startxref\s+([0-9]{1,10})\s+%%EOF[\r\n\x00 ]*$`)
	anyEOF    = []byte("%%EOF")
)

// open reads the tables of a PDF. What it cannot read it refuses; it never
// repairs, because a repaired file is not the one that was signed.
func open(data []byte) (*document, error) {
	d := &document{data: data, objects: map[int]int{}}
	if len(data) > maxPDF || !bytes.HasPrefix(data, []byte("%PDF-")) {
		return nil, cannot("no PDF, or too large")
	}
	m := startxref.FindSubmatch(data[max(0, len(data)-1024):])
	if m == nil || !bytes.Contains(data, anyEOF) {
		return nil, cannot("no startxref at the end")
	}
	at, err := strconv.Atoi(string(m[1]))
	if err != nil {
		return nil, cannot("startxref")
	}
	d.xref = at
	seen := map[int]bool{}
	for n := 0; ; n++ {
		if n == maxTables || seen[at] {
			return nil, cannot("cross-reference tables without end")
		}
		seen[at] = true
		trailer, err := d.table(at)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			d.trailer = trailer
		}
		prev := trailer.Get("Prev")
		if prev == nil {
			break
		}
		var ok bool
		if at, _, ok = pdf.Integer(prev, 0); !ok {
			return nil, cannot("Prev")
		}
	}
	switch {
	case d.trailer.Get("Encrypt") != nil:
		return nil, errs.New(errs.Unprocessable, "PDF ini terkunci, sehingga tidak dapat ditandatangani.")
	case d.trailer.Get("XRefStm") != nil:
		return nil, cannot("hybrid cross-reference")
	}
	size, _, ok := pdf.Integer(d.trailer.Get("Size"), 0)
	if !ok || size > maxObjects {
		return nil, cannot("Size")
	}
	d.size = max(d.size, size)
	return d, nil
}

// table reads the cross-reference table at offset at and the trailer after it.
// What a newer table said stays.
func (d *document) table(at int) (pdf.Dict, error) {
	b := d.data
	if at <= 0 || at >= len(b) {
		return nil, cannot("cross-reference outside the file")
	}
	i := pdf.SkipSpace(b, at)
	if !bytes.HasPrefix(b[i:], []byte("xref")) {
		return nil, cannot("no cross-reference table")
	}
	for i = pdf.SkipSpace(b, i+4); ; i = pdf.SkipSpace(b, i) {
		if bytes.HasPrefix(b[i:], []byte("trailer")) {
			t, _, err := pdf.ReadDict(b, pdf.SkipSpace(b, i+7), 0)
			if err != nil {
				return nil, cannot("trailer")
			}
			return t, nil
		}
		first, end, ok := pdf.Integer(b, i)
		if !ok {
			return nil, cannot("cross-reference section")
		}
		count, end, ok := pdf.Integer(b, pdf.SkipSpace(b, end))
		if !ok || first+count > maxObjects || count > (len(b)-end)/18 {
			return nil, cannot("cross-reference section")
		}
		i = end
		for num := first; num < first+count; num++ {
			offset, end, ok := pdf.Integer(b, pdf.SkipSpace(b, i))
			if !ok {
				return nil, cannot("cross-reference entry")
			}
			_, end, ok = pdf.Integer(b, pdf.SkipSpace(b, end))
			if !ok {
				return nil, cannot("cross-reference entry")
			}
			kind := pdf.SkipSpace(b, end)
			if i = pdf.Word(b, kind); i != kind+1 || b[kind] != 'n' && b[kind] != 'f' {
				return nil, cannot("cross-reference entry")
			}
			if b[kind] == 'f' {
				offset = -1
			}
			if _, known := d.objects[num]; !known {
				d.objects[num] = offset
			}
			d.size = max(d.size, num+1)
		}
	}
}

// object returns the value of an indirect object, not of a stream.
func (d *document) object(num, gen int) ([]byte, error) {
	at, known := d.objects[num]
	if !known || at <= 0 || at >= len(d.data) {
		return nil, cannot(fmt.Sprintf("object %d is missing", num))
	}
	n, end, ok := pdf.Integer(d.data, pdf.SkipSpace(d.data, at))
	g, end, ok2 := pdf.Integer(d.data, pdf.SkipSpace(d.data, end))
	end = pdf.SkipSpace(d.data, end)
	if !ok || !ok2 || n != num || g != gen || !bytes.HasPrefix(d.data[end:], []byte("obj")) {
		return nil, cannot(fmt.Sprintf("object %d is not where it should be", num))
	}
	begin := pdf.SkipSpace(d.data, end+3)
	if end, ok := pdf.Value(d.data, begin, 0); ok == nil {
		return d.data[begin:end], nil
	}
	return nil, cannot(fmt.Sprintf("object %d", num))
}

// resolve follows a reference once; what is none comes back as it is.
func (d *document) resolve(raw []byte) ([]byte, error) {
	if num, gen, _, ok := pdf.Reference(raw, 0); ok {
		return d.object(num, gen)
	}
	return raw, nil
}

func (d *document) dict(raw []byte) (pdf.Dict, error) {
	raw, err := d.resolve(raw)
	if err != nil {
		return nil, err
	}
	out, _, err := pdf.ReadDict(raw, 0, 0)
	if err != nil {
		return nil, cannot("a dictionary is missing")
	}
	return out, nil
}

// items returns the members of an array; none for what is absent.
func (d *document) items(raw []byte) ([][]byte, error) {
	raw, err := d.resolve(raw)
	if err != nil || raw == nil {
		return nil, err
	}
	out, _, err := pdf.ReadArray(raw, 0, 0)
	if err != nil {
		return nil, cannot("an array is missing")
	}
	return out, nil
}

// firstPage returns the reference of the first page.
func (d *document) firstPage(catalog pdf.Dict) (ref []byte, page pdf.Dict, err error) {
	ref = catalog.Get("Pages")
	for range maxTree {
		node, err := d.dict(ref)
		if err != nil {
			return nil, nil, err
		}
		kind, _, _ := pdf.Name(node.Get("Type"), 0)
		if kind == "Page" {
			return ref, node, nil
		}
		kids, err := d.items(node.Get("Kids"))
		if err != nil {
			return nil, nil, err
		}
		if len(kids) == 0 {
			break
		}
		ref = kids[0]
	}
	return nil, nil, cannot("no page")
}

func cannot(why string) error {
	return errs.Wrap(errs.Unprocessable, fmt.Errorf("sign: %s", why),
		"Susunan PDF ini tidak kami kenali, sehingga tidak dapat ditandatangani. Buat ulang PDF-nya, lalu coba lagi.")
}
