package sign

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/smallstep/pkcs7"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pdf"
)

// maxSignatures bounds the work for one file; letters have two.
const maxSignatures = 16

// Info is one signature of a PDF.
type Info struct {
	Name, Title, Unit string    // as its certificate says; "" when it cannot be read
	At                time.Time // as the signature says
	// Intact: the bytes that it covers are those that were signed.
	Intact bool
	// Ours: the certificate is by an authority of this portal. Without it, Name is
	// only what the file claims.
	Ours bool
	// Whole: it covers the file to the end. Otherwise something was appended
	// afterwards, such as another signature.
	Whole bool
}

// Inspect tells which signatures are in a PDF, in the order of the file, whatever
// made them. A file without any gives none; one that claims more than sixteen is
// errs.Unprocessable.
func (a *Authority) Inspect(ctx context.Context, pdf []byte) (_ []Info, err error) {
	defer errs.In(&err, "sign.Inspect")
	roots, err := a.roots(ctx)
	if err != nil {
		return nil, err
	}
	return inspect(pdf, roots)
}

func inspect(data []byte, roots *x509.CertPool) ([]Info, error) {
	var all []Info
	key := []byte("/ByteRange")
	for at := 0; ; {
		n := bytes.Index(data[at:], key)
		if n < 0 {
			return all, nil
		}
		at += n + len(key)
		contents, covered, whole, ok := ranges(data, at)
		if !ok {
			continue
		}
		if len(all) == maxSignatures {
			return nil, errs.New(errs.Unprocessable, "PDF ini memuat terlalu banyak tanda tangan untuk diperiksa.")
		}
		info := read(contents, covered, roots)
		info.Whole = whole
		all = append(all, info)
	}
}

// ranges reads the byte range at at. The signature must fill exactly the gap between
// the two ranges, or what stands in the rest of the gap would be covered by nothing.
func ranges(data []byte, at int) (contents, covered []byte, whole, ok bool) {
	items, _, err := pdf.ReadArray(data, pdf.SkipSpace(data, at), 0)
	if err != nil || len(items) != 4 {
		return nil, nil, false, false
	}
	var n [4]int
	for i, item := range items {
		if n[i], _, ok = pdf.Integer(item, 0); !ok {
			return nil, nil, false, false
		}
	}
	begin, end, last := n[1], n[2], n[2]+n[3]
	if n[0] != 0 || begin >= end || last > len(data) || data[begin] != '<' || data[end-1] != '>' {
		return nil, nil, false, false
	}
	contents = make([]byte, hex.DecodedLen(end-begin-2))
	if _, err := hex.Decode(contents, data[begin+1:end-1]); err != nil {
		return nil, nil, false, false
	}
	covered = make([]byte, 0, begin+n[3])
	covered = append(append(covered, data[:begin]...), data[end:last]...)
	return contents, covered, len(bytes.TrimRight(data[last:], "\r\n\x00 ")) == 0, true
}

// read opens one signature. The libraries below have panicked on hostile input
// before; here that makes one signature unreadable.
func read(contents, covered []byte, roots *x509.CertPool) (info Info) {
	defer func() {
		if v := recover(); v != nil {
			info = Info{}
		}
	}()
	var der asn1.RawValue // without the zeros that fill the room
	if _, err := asn1.Unmarshal(contents, &der); err == nil {
		contents = der.FullBytes
	}
	p7, err := pkcs7.Parse(contents)
	if err != nil {
		return Info{}
	}
	cert := p7.GetOnlySigner()
	if cert == nil {
		return Info{}
	}
	info.Name = cert.Subject.CommonName
	if len(cert.Subject.Organization) > 0 {
		info.Unit = cert.Subject.Organization[0]
	}
	for _, n := range cert.Subject.Names {
		if n.Type.Equal(oidTitle) {
			info.Title = fmt.Sprint(n.Value)
		}
	}
	_ = p7.UnmarshalSignedAttribute(pkcs7.OIDAttributeSigningTime, &info.At)
	p7.Content = covered
	info.Intact = p7.Verify() == nil
	info.Ours = info.Intact && roots != nil && p7.VerifyWithChain(roots) == nil
	return info
}
