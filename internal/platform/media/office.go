package media

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Limits of what is looked into.
const (
	maxParts = 5000
	maxRead  = 32 << 20 // of the parts of a document that are read, unpacked, all together
	maxText  = 2 << 20  // of the words of a document
)

const (
	sentenceBroken = "Berkas ini bukan dokumen kantor yang utuh. Simpan ulang sebagai DOCX, XLSX, PPTX, atau PDF, lalu unggah lagi."
	sentenceMacro  = "Dokumen ini memuat makro atau program, sehingga tidak kami terima. Simpan ulang tanpa makro, misalnya sebagai PDF."
	sentenceSealed = "Dokumen ini terkunci dengan kata sandi. Simpan ulang tanpa kata sandi, lalu unggah lagi."
	sentenceRemote = "Dokumen ini memanggil berkas dari tempat lain saat dibuka, sehingga tidak kami terima. Simpan ulang sebagai PDF."
)

// officeKind is a kind of document, by what it says of itself.
type officeKind struct{ says, contentType, ending string }

var officeKinds = []officeKind{
	{"wordprocessingml.document.main+xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"},
	{"spreadsheetml.sheet.main+xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
	{"presentationml.presentation.main+xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"},
	{"application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text", "odt"},
	{"application/vnd.oasis.opendocument.spreadsheet", "application/vnd.oasis.opendocument.spreadsheet", "ods"},
	{"application/vnd.oasis.opendocument.presentation", "application/vnd.oasis.opendocument.presentation", "odp"},
}

// CheckOffice tells what kind of document a ZIP is: Word, Excel or PowerPoint as
// ECMA-376 has them, or OpenDocument. It refuses with errs.Unprocessable what holds macros,
// controls, embedded programs, links that fetch something when the document is opened, or
// a password, and archives that are no document.
func CheckOffice(r io.ReaderAt, size int64) (contentType, ending string, err error) {
	defer errs.In(&err, "media.CheckOffice")
	z, err := openParts(r, size)
	if err != nil {
		return "", "", refuse(errors.Join(errFormat, err), sentenceBroken)
	}
	for _, f := range z.File {
		if name := strings.ToLower(f.Name); acts(name) {
			return "", "", refuse(errFormat, sentenceMacro)
		}
	}
	for _, f := range z.File {
		if strings.HasSuffix(strings.ToLower(f.Name), ".rels") {
			if err := z.noRemote(f); err != nil {
				return "", "", err
			}
		}
	}
	says := ""
	if part, err := z.named("[Content_Types].xml"); err == nil {
		says = string(part)
	} else if part, err := z.named("mimetype"); err == nil {
		says = string(part)
		if manifest, err := z.named("META-INF/manifest.xml"); err != nil || bytes.Contains(manifest, []byte("encryption-data")) {
			return "", "", refuse(errFormat, sentenceSealed)
		}
	}
	if strings.Contains(strings.ToLower(says), "macroenabled") {
		return "", "", refuse(errFormat, sentenceMacro)
	}
	for _, k := range officeKinds {
		if says == k.says || strings.HasPrefix(says, "<?xml") && strings.Contains(says, k.says) {
			return k.contentType, k.ending, nil
		}
	}
	return "", "", refuse(errFormat, sentenceBroken)
}

// acts tells whether a part of a document is a program.
func acts(name string) bool {
	for _, s := range []string{"vbaproject", "vbadata", "/activex/", "oleobject", "basic/", "scripts/", "/ctrlprops/"} {
		if strings.Contains(name, s) {
			return true
		}
	}
	switch path.Ext(name) {
	case ".bin":
		return strings.Contains(name, "embeddings/")
	case ".exe", ".dll", ".com", ".bat", ".cmd", ".js", ".vbs", ".ps1", ".jar", ".docm", ".xlsm", ".pptm", ".zip":
		return true
	}
	return false
}

// fetches are the relations that a program follows by itself.
var fetches = []string{"/attachedTemplate", "/oleObject", "/frame", "/subDocument", "/externalLinkPath", "/package"}

func (z *parts) noRemote(f *zip.File) error {
	part, err := z.read(f)
	if err != nil {
		return refuse(errors.Join(errFormat, err), sentenceBroken)
	}
	var rels struct {
		Relationship []struct {
			Type       string `xml:"Type,attr"`
			TargetMode string `xml:"TargetMode,attr"`
		}
	}
	if err := xml.Unmarshal(part, &rels); err != nil {
		return refuse(errors.Join(errFormat, err), sentenceBroken)
	}
	for _, r := range rels.Relationship {
		if r.TargetMode == "External" && slices.ContainsFunc(fetches, func(s string) bool { return strings.HasSuffix(r.Type, s) }) {
			return refuse(errFormat, sentenceRemote)
		}
	}
	return nil
}

// parts are those of a document, of which only so much is unpacked: a small file may swell to any
// size, and in each of its parts again.
type parts struct {
	*zip.Reader
	left int64 // bytes that may yet be unpacked
}

func openParts(r io.ReaderAt, size int64) (*parts, error) {
	z, err := zip.NewReader(r, size)
	if err == nil && len(z.File) > maxParts {
		err = errors.New("a document of too many parts")
	}
	return &parts{z, maxRead}, err
}

func (z *parts) named(name string) ([]byte, error) {
	for _, f := range z.File {
		if f.Name == name {
			return z.read(f)
		}
	}
	return nil, io.EOF
}

func (z *parts) read(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, z.left+1))
	if z.left -= int64(len(b)); err == nil && z.left < 0 {
		err = errors.New("the parts of the document are too large")
	}
	return b, err
}

// OfficeText are the words of a document that [CheckOffice] took, at most two million
// letters of them; of what it cannot read, nothing.
func OfficeText(r io.ReaderAt, size int64) string {
	z, err := openParts(r, size)
	if err != nil {
		return ""
	}
	var out strings.Builder
	for _, f := range z.File {
		ok, _ := path.Match("ppt/slides/slide*.xml", f.Name)
		if !ok && !slices.Contains([]string{"word/document.xml", "xl/sharedStrings.xml", "content.xml"}, f.Name) {
			continue
		}
		part, err := z.read(f)
		if err != nil {
			continue
		}
		words(part, &out)
	}
	return strings.ToValidUTF8(out.String(), "")
}

// words writes the text of an XML part, a space between its pieces.
func words(part []byte, out *strings.Builder) {
	d := xml.NewDecoder(bytes.NewReader(part))
	for out.Len() < maxText {
		t, err := d.Token()
		if err != nil {
			return
		}
		switch t := t.(type) {
		case xml.CharData:
			if utf8.Valid(t) {
				out.Write(t)
			}
		case xml.EndElement:
			if n := t.Name.Local; n == "p" || n == "si" || n == "tab" || n == "br" || n == "table-cell" || n == "h" {
				out.WriteByte(' ')
			}
		}
	}
}
