package sign

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"makassartidakrantasa.com/portal/internal/platform/pdf"
)

// room is what a signature may take, in bytes. Two certificates on P-256 and
// their names take about 1,500.
const room = 4096

// byteRange has a fixed width, so that a signed PDF's size depends on its text only.
const byteRange = "[0 %010d %010d %010d]"

// update is a revision being appended to a document.
type update struct {
	doc     *document
	buf     bytes.Buffer
	offsets map[int]int
	gens    map[int]int
}

func (u *update) put(num, gen int, body string) {
	u.offsets[num], u.gens[num] = u.buf.Len(), gen
	fmt.Fprintf(&u.buf, "%d %d obj\n%s\nendobj\n", num, gen, body)
}

// appendSignature writes a signature field with an invisible widget on the first
// page, and calls seal with the bytes that the signature covers. It returns the
// whole file.
func appendSignature(r Request, seal func(covered []byte) ([]byte, error)) ([]byte, error) {
	d, err := open(r.PDF)
	if err != nil {
		return nil, err
	}
	rootNum, rootGen, _, ok := pdf.Reference(d.trailer.Get("Root"), 0)
	if !ok {
		return nil, cannot("Root")
	}
	catalog, err := d.dict(d.trailer.Get("Root"))
	if err != nil {
		return nil, err
	}
	if catalog.Get("Perms") != nil {
		return nil, cannot("its author permits no change")
	}
	pageRef, page, err := d.firstPage(catalog)
	if err != nil {
		return nil, err
	}
	pageNum, pageGen, _, ok := pdf.Reference(pageRef, 0)
	if !ok || pageNum == rootNum {
		return nil, cannot("page")
	}
	annots, err := d.items(page.Get("Annots"))
	if err != nil {
		return nil, err
	}

	u := &update{doc: d, offsets: map[int]int{}, gens: map[int]int{}}
	u.buf.Grow(len(r.PDF) + 3*room)
	u.buf.Write(r.PDF)
	if !bytes.HasSuffix(r.PDF, []byte("\n")) {
		u.buf.WriteByte('\n')
	}
	signature, widget := d.size, d.size+1

	if err := u.form(catalog, rootNum, rootGen, widget, pageNum); err != nil {
		return nil, err
	}
	u.put(pageNum, pageGen, page.With("Annots", array(annots, widget)).String())
	u.put(widget, 0, fmt.Sprintf("<<\n/Type /Annot /Subtype /Widget /FT /Sig /T (TandaTangan%d)\n/Rect [0 0 0 0] /F 132 /P %d %d R /V %d 0 R\n>>",
		widget, pageNum, pageGen, signature))
	u.put(signature, 0, signatureDict(r))
	u.finish(widget + 1)
	return u.seal(u.offsets[signature], seal)
}

// form enters the field into the document's form.
func (u *update) form(catalog pdf.Dict, rootNum, rootGen, widget, pageNum int) error {
	raw := catalog.Get("AcroForm")
	var form pdf.Dict
	if raw != nil {
		var err error
		if form, err = u.doc.dict(raw); err != nil {
			return err
		}
	}
	fields, err := u.doc.items(form.Get("Fields"))
	if err != nil {
		return err
	}
	text := form.With("Fields", array(fields, widget)).With("SigFlags", "3").String()
	if num, gen, _, ok := pdf.Reference(raw, 0); ok {
		if num == rootNum || num == pageNum {
			return cannot("form")
		}
		u.put(num, gen, text)
		return nil
	}
	u.put(rootNum, rootGen, catalog.With("AcroForm", text).String())
	return nil
}

func array(items [][]byte, num int) string {
	var b strings.Builder
	b.WriteByte('[')
	for _, item := range items {
		b.Write(item)
		b.WriteByte(' ')
	}
	fmt.Fprintf(&b, "%d 0 R]", num)
	return b.String()
}

func signatureDict(r Request) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<<\n/Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached\n/ByteRange "+byteRange, 0, 0, 0)
	fmt.Fprintf(&b, "\n/Contents <%s>\n", strings.Repeat("0", 2*room))
	for _, e := range []struct{ key, text string }{
		{"Name", r.Name}, {"Reason", r.Reason}, {"Location", r.Place}, {"ContactInfo", strings.Trim(r.Title+", "+r.Unit, ", ")},
	} {
		if e.text != "" {
			fmt.Fprintf(&b, "/%s %s\n", e.key, text(e.text))
		}
	}
	fmt.Fprintf(&b, "/M (%s)\n>>", pdfTime(r.At))
	return b.String()
}

// text writes a text string in UTF-16, which every reader knows.
func text(s string) string {
	b := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return "<" + strings.ToUpper(hex.EncodeToString(b)) + ">"
}

func pdfTime(t time.Time) string {
	return t.Format("D:20060102150405") + strings.Replace(t.Format("-07:00"), ":", "'", 1) + "'"
}

// finish writes the cross-reference table and the trailer.
func (u *update) finish(size int) {
	at := u.buf.Len()
	u.buf.WriteString("xref\n")
	var nums []int
	for num := range u.offsets {
		nums = append(nums, num)
	}
	slices.Sort(nums)
	for i := 0; i < len(nums); {
		j := i + 1
		for j < len(nums) && nums[j] == nums[j-1]+1 {
			j++
		}
		fmt.Fprintf(&u.buf, "%d %d\n", nums[i], j-i)
		for _, num := range nums[i:j] {
			fmt.Fprintf(&u.buf, "%010d %05d n \n", u.offsets[num], u.gens[num])
		}
		i = j
	}
	trailer := u.doc.trailer.With("Size", fmt.Sprint(size)).With("Prev", fmt.Sprint(u.doc.xref))
	fmt.Fprintf(&u.buf, "trailer\n%s\nstartxref\n%d\n%%%%EOF\n", trailer, at)
}

// seal fills in the byte range and the signature of the object at offset at.
func (u *update) seal(at int, seal func([]byte) ([]byte, error)) ([]byte, error) {
	out := u.buf.Bytes()
	object := out[at:]
	ranges := bytes.Index(object, []byte("/ByteRange [")) + len("/ByteRange ")
	begin := at + bytes.Index(object, []byte("/Contents <")) + len("/Contents ")
	end := begin + 2*room + 2
	copy(object[ranges:], fmt.Sprintf(byteRange, begin, end, len(out)-end))
	signature, err := seal(slices.Concat(out[:begin], out[end:]))
	if err != nil {
		return nil, err
	}
	if len(signature) > room {
		return nil, fmt.Errorf("sign: signature of %d bytes has no room", len(signature))
	}
	hex.Encode(out[begin+1:], signature)
	return out, nil
}
