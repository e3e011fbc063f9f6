package sign_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
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

func TestSignedLetterIsValidForEveryReader(t *testing.T) {
	t.Parallel()
	s := sign.Open(authority(t))
	plain := letter(t, 2)
	once := must(t, s, lurah(plain))
	twice := must(t, s, camat(once))
	if !bytes.HasPrefix(once, plain) || !bytes.HasPrefix(twice, once) {
		t.Fatal("signing changed bytes that were there")
	}
	said, err := tool(t, twice, "pdfsig", "-nocert")
	if err != nil || strings.Count(said, "Signature is Valid.") != 2 {
		t.Fatalf("pdfsig: %v\n%s", err, said)
	}
	if said, err := tool(t, twice, "qpdf", "--check"); err != nil || strings.Contains(said, "WARNING") {
		t.Fatalf("qpdf: %v\n%s", err, said)
	}
}
