package sign_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/smallstep/pkcs7"
	"pgregory.net/rapid"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

var at = time.Date(2026, 11, 20, 9, 30, 0, 0, clock.Makassar)

func box(t testing.TB) *crypt.Box {
	t.Helper()
	b, err := crypt.New(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func authority(t testing.TB) *sign.Authority {
	t.Helper()
	return sign.NewAuthority(pgtest.New(t).Pool, box(t), clock.NewFake(at), "Makassar Tidak Rantasa")
}

// letter is a PDF as naskah makes them.
func letter(t testing.TB, pages int) []byte {
	t.Helper()
	p := fpdf.New("P", "mm", "A4", "")
	p.SetFont("Helvetica", "", 12)
	for range pages {
		p.AddPage()
		p.Cell(40, 10, "Surat keterangan")
		p.Link(10, 10, 40, 10, p.AddLink())
	}
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func lurah(pdf []byte) sign.Request {
	return sign.Request{PDF: pdf, Name: "Sitti Rahmawati, S.Sos.", Title: "Lurah Kassi-Kassi", Unit: "Kelurahan Kassi-Kassi",
		PersonID: 12, Reason: "Surat keterangan domisili", Place: "Makassar", At: at}
}

func camat(pdf []byte) sign.Request {
	return sign.Request{PDF: pdf, Name: "Andi Zulkifli Ñ", Title: "Camat Rappocini", Unit: "Kecamatan Rappocini", At: at.Add(time.Hour)}
}

func must(t testing.TB, s sign.Signer, r sign.Request) []byte {
	t.Helper()
	out, err := s.Sign(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// tool runs a program on a file with pdf and returns all it says.
func tool(t testing.TB, pdf []byte, name string, args ...string) (string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "surat.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(name, append(args, path)...).CombinedOutput()
	return string(out), err
}

// valid is how often pdfsig calls a signature valid.
func valid(t testing.TB, pdf []byte) int {
	t.Helper()
	said, _ := tool(t, pdf, "pdfsig", "-nocert")
	return strings.Count(said, "Signature is Valid.")
}

func open(t testing.TB, a *sign.Authority) sign.Signer {
	t.Helper()
	s, err := sign.Open("", a)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func inspect(t testing.TB, a *sign.Authority, pdf []byte) []sign.Info {
	t.Helper()
	all, err := a.Inspect(context.Background(), pdf)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestLurahThenCamatBothValid(t *testing.T) {
	t.Parallel()
	a := authority(t)
	s := open(t, a)
	if s.Certified() || s.NeedsPassphrase() || !strings.Contains(s.Label(), "tidak tersertifikasi BSrE") {
		t.Error("our own signatures must say that they are ours only")
	}
	for name, plain := range map[string][]byte{"fpdf": letter(t, 2), "naskah": official(t)} {
		once := must(t, s, lurah(plain))
		twice := must(t, s, camat(once))
		if !bytes.HasPrefix(once, plain) || !bytes.HasPrefix(twice, once) {
			t.Fatalf("%s: signing changed bytes that were there", name)
		}
		said, err := tool(t, twice, "pdfsig", "-nocert")
		if err != nil || strings.Count(said, "Signature is Valid.") != 2 {
			t.Fatalf("%s: pdfsig: %v\n%s", name, err, said)
		}
		for _, want := range []string{
			"Sitti Rahmawati, S.Sos.", "title=Lurah Kassi-Kassi", "O=Kelurahan Kassi-Kassi", "Internal, tidak tersertifikasi BSrE",
			"Andi Zulkifli Ñ", "SHA-256", "Not total document signed", "Total document signed", "[0 - ",
		} {
			if !strings.Contains(said, want) {
				t.Errorf("%s: pdfsig does not say %q:\n%s", name, want, said)
			}
		}
		for _, pdf := range [][]byte{once, twice} {
			if said, err := tool(t, pdf, "qpdf", "--check"); err != nil || strings.Contains(said, "WARNING") {
				t.Errorf("%s: qpdf: %v\n%s", name, err, said)
			}
		}
		if _, err := media.CheckPDF(bytes.NewReader(twice), media.MaxScanBytes); err != nil {
			t.Errorf("%s: a signed letter cannot be handed in as a paper: %v", name, err)
		}
		got := inspect(t, a, twice)
		if len(got) != 2 || got[0].Whole || !got[1].Whole {
			t.Fatalf("%s: %+v", name, got)
		}
		for i, who := range []sign.Request{lurah(nil), camat(nil)} {
			if g := got[i]; g.Name != who.Name || g.Title != who.Title || g.Unit != who.Unit || !g.Intact || !g.Ours || g.At.IsZero() {
				t.Errorf("%s: %+v", name, g)
			}
		}
		if len(must(t, s, lurah(plain))) != len(once) {
			t.Errorf("%s: the size of a signed letter depends on chance", name)
		}
	}
}

// official is a letter as people get it.
func official(t testing.TB) []byte {
	t.Helper()
	out, err := naskah.Render(naskah.Document{Title: "SURAT KETERANGAN", Number: "400/1/KSK/XI/2026", Blocks: []naskah.Block{
		naskah.Paragraph{Text: "Yang bertanda tangan di bawah ini menerangkan."},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestOneChangedByteIsSeen(t *testing.T) {
	t.Parallel()
	a := authority(t)
	s := open(t, a)
	signed := must(t, s, camat(must(t, s, lurah(letter(t, 1)))))
	at := bytes.LastIndex(signed, []byte("/Contents <"))
	gap := [2]int{at + len("/Contents "), at + bytes.IndexByte(signed[at:], '>') + 1}
	rapid.Check(t, func(rt *rapid.T) {
		i := rapid.IntRange(0, len(signed)-1).Filter(func(i int) bool { return i < gap[0] || i >= gap[1] }).Draw(rt, "byte")
		changed := bytes.Clone(signed)
		changed[i] ^= byte(rapid.IntRange(1, 255).Draw(rt, "bits"))
		for _, info := range inspect(t, a, changed) {
			if info.Whole && info.Intact {
				rt.Fatalf("byte %d: %+v", i, info)
			}
		}
	})
	for i := 3; i < len(signed); i += len(signed) / 40 {
		if i >= gap[0] && i < gap[1] {
			continue
		}
		changed := bytes.Clone(signed)
		changed[i] ^= 1
		if n := valid(t, changed); n > 1 { // the first signature may lie before the change
			t.Errorf("byte %d: pdfsig calls %d signatures valid", i, n)
		}
	}
	once := must(t, s, lurah(letter(t, 1)))
	for i := 9; i < bytes.Index(once, []byte("/Contents <")); i += 211 {
		changed := bytes.Clone(once)
		changed[i] ^= 1
		if valid(t, changed) != 0 {
			t.Errorf("byte %d: pdfsig still calls it valid", i)
		}
	}
}

// What is appended after the last signature is not covered, and said so.
func TestAppendedPartsAreNotCovered(t *testing.T) {
	t.Parallel()
	a := authority(t)
	signed := must(t, open(t, a), lurah(letter(t, 1)))
	got := inspect(t, a, append(signed, "7 0 obj\n<< >>\nendobj\n"...))
	if len(got) != 1 || !got[0].Intact || got[0].Whole {
		t.Errorf("%+v", got)
	}
}

// Somebody else's authority of the same name convinces nobody.
func TestOtherAuthoritiesAreNotOurs(t *testing.T) {
	t.Parallel()
	ours, theirs := authority(t), authority(t)
	got := inspect(t, ours, must(t, open(t, theirs), lurah(letter(t, 1))))
	if len(got) != 1 || !got[0].Intact || got[0].Ours {
		t.Errorf("%+v", got)
	}
	if got := inspect(t, ours, letter(t, 1)); len(got) != 0 {
		t.Errorf("unsigned: %+v", got)
	}
}

// Many signings in two portals at once: one authority, and every letter valid.
func TestTwoPortalsShareOneAuthority(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	plain := letter(t, 1)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var all [][]byte
	for range 10 {
		a := sign.NewAuthority(db.Pool, box(t), clock.NewFake(at), "Makassar Tidak Rantasa")
		for range 10 {
			wg.Go(func() {
				out, err := open(t, a).Sign(context.Background(), lurah(plain))
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				all = append(all, out)
			})
		}
	}
	wg.Wait()
	var n int
	if err := db.Pool.QueryRow(t.Context(), `SELECT count(*) FROM sign_authority`).Scan(&n); err != nil || n != 1 {
		t.Fatalf("%d authorities, %v", n, err)
	}
	a := sign.NewAuthority(db.Pool, box(t), clock.NewFake(at), "")
	serials := map[string]bool{}
	for _, pdf := range all {
		if got := inspect(t, a, pdf); len(got) != 1 || !got[0].Ours {
			t.Fatalf("%+v", got)
		}
		serials[chain(t, db, pdf)] = true
	}
	if len(serials) != 100 {
		t.Errorf("%d different certificates for 100 signatures", len(serials))
	}
}

// chain verifies the signer's certificate with the standard library and the
// authority in the database, and returns its serial number.
func chain(t testing.TB, db *pgtest.DB, pdf []byte) string {
	t.Helper()
	begin := bytes.Index(pdf, []byte("/Contents <")) + len("/Contents <")
	raw, err := hex.DecodeString(string(pdf[begin : begin+bytes.IndexByte(pdf[begin:], '>')]))
	if err != nil {
		t.Fatal(err)
	}
	var der asn1.RawValue
	if _, err := asn1.Unmarshal(raw, &der); err != nil {
		t.Fatal(err)
	}
	p7, err := pkcs7.Parse(der.FullBytes)
	if err != nil {
		t.Fatal(err)
	}
	var root []byte
	if err := db.Pool.QueryRow(t.Context(), `SELECT certificate FROM sign_authority`).Scan(&root); err != nil {
		t.Fatal(err)
	}
	ca, err := x509.ParseCertificate(root)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(ca)
	cert := p7.GetOnlySigner()
	if _, err := cert.Verify(x509.VerifyOptions{Roots: roots, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err != nil {
		t.Fatal(err)
	}
	if cert.IsCA || !ca.IsCA || !strings.Contains(ca.Subject.String(), "tidak tersertifikasi BSrE") {
		t.Errorf("%s by %s", cert.Subject, ca.Subject)
	}
	return cert.SerialNumber.String()
}

// The key cannot be read without the secret file, and another one does not replace it.
func TestTheKeyIsSealed(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	must(t, open(t, sign.NewAuthority(db.Pool, box(t), clock.NewFake(at), "Portal")), lurah(letter(t, 1)))
	var sealed []byte
	if err := db.Pool.QueryRow(t.Context(), `SELECT key_sealed FROM sign_authority`).Scan(&sealed); err != nil {
		t.Fatal(err)
	}
	if _, err := x509.ParsePKCS8PrivateKey(sealed); err == nil {
		t.Error("the key lies open in the database")
	}
	other, err := crypt.New(bytes.Repeat([]byte{9}, 32))
	if err != nil {
		t.Fatal(err)
	}
	_, err = open(t, sign.NewAuthority(db.Pool, other, clock.NewFake(at), "Portal")).Sign(t.Context(), lurah(letter(t, 1)))
	if err == nil || !strings.Contains(err.Error(), "PORTAL_SECRET_FILE") {
		t.Errorf("with another secret: %v", err)
	}
}

func TestWhatCannotBeSignedIsRefusedInWords(t *testing.T) {
	t.Parallel()
	a := authority(t)
	s := open(t, a)
	good := letter(t, 1)
	swap := func(old, new string) []byte { return bytes.Replace(good, []byte(old), []byte(new), 1) }
	for name, pdf := range map[string][]byte{
		"nothing":                nil,
		"no PDF":                 []byte("<html>"),
		"cut short":              good[:len(good)-20],
		"something behind":       append(bytes.Clone(good), "<script>"...),
		"locked":                 swap("/Root", "/Encrypt 3 0 R /Root"),
		"no table":               swap("xref\n0", "yref\n0"),
		"no root":                swap("/Root", "/Rood"),
		"root in a circle":       swap("/Pages 1 0 R", "/Pages 9 0 R"),
		"table in a circle":      swap("trailer\n<<", "trailer\n<< /Prev "+startxref(good)),
		"section without end":    swap("xref\n0 ", "xref\n0 999999999 "),
		"its author says no":     swap("/Type /Catalog", "/Type /Catalog /Perms << >>"),
		"cross-reference stream": []byte("%PDF-1.7\n1 0 obj\n<< /Type /XRef >>\nstream\n\nendstream\nendobj\nstartxref\n9\n%%EOF\n"),
	} {
		_, err := s.Sign(t.Context(), lurah(pdf))
		if errs.KindOf(err) != errs.Unprocessable || errs.MessageOf(err) == errs.Unprocessable.Sentence() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func startxref(pdf []byte) string {
	rest := pdf[bytes.LastIndex(pdf, []byte("startxref"))+10:]
	return string(rest[:bytes.IndexByte(rest, '\n')])
}

// Whatever a file holds: an error or a signed file, no panic, and what was there stays.
func TestHostileFilesDoNoHarm(t *testing.T) {
	t.Parallel()
	a := authority(t)
	s := open(t, a)
	good := must(t, s, lurah(letter(t, 2)))
	pieces := []string{"<<", ">>", "[", "]", "(", ")", "/Kids", " 1 0 R", "xref\n", "trailer", "/Prev 1", "/ByteRange [0 5 9 12]", "<30>", "\x00", "999999999999 "}
	rapid.Check(t, func(rt *rapid.T) {
		pdf := bytes.Clone(good)
		for range rapid.IntRange(1, 6).Draw(rt, "changes") {
			i := rapid.IntRange(0, len(pdf)-1).Draw(rt, "at")
			switch rapid.IntRange(0, 2).Draw(rt, "how") {
			case 0:
				pdf[i] = rapid.Byte().Draw(rt, "value")
			case 1:
				copy(pdf[i:], rapid.SampledFrom(pieces).Draw(rt, "piece"))
			case 2:
				j := min(len(pdf), i+rapid.IntRange(0, 300).Draw(rt, "length"))
				pdf = append(pdf[:i:i], pdf[j:]...)
			}
		}
		if _, err := a.Inspect(context.Background(), pdf); err != nil && errs.KindOf(err) != errs.Unprocessable {
			rt.Fatal(err)
		}
		out, err := s.Sign(context.Background(), lurah(pdf))
		switch {
		case err == nil && !bytes.HasPrefix(out, pdf):
			rt.Fatal("changed what was there")
		case err != nil && errs.KindOf(err) != errs.Unprocessable:
			rt.Fatal(err)
		}
	})
}

func FuzzInspect(f *testing.F) {
	f.Add([]byte("%PDF-1.7\n<< /ByteRange [0 40 50 3] /Contents <30800201ff> >>"))
	a := authority(f)
	f.Fuzz(func(t *testing.T, pdf []byte) { _, _ = a.Inspect(context.Background(), pdf) })
}

// A letter as it is issued: set, then signed.
func BenchmarkRenderAndSign(b *testing.B) {
	s := open(b, authority(b))
	for b.Loop() {
		must(b, s, lurah(official(b)))
	}
}

func BenchmarkSign(b *testing.B) {
	s, plain := open(b, authority(b)), letter(b, 1)
	for b.Loop() {
		must(b, s, lurah(plain))
	}
}
