package letter

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// tool runs a program that judges PDFs and returns what it says.
func tool(t *testing.T, name string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), name, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// maritals of the subjects of kinds that ask for one (SIAK's codes).
var maritals = map[string]int{"BMN": 1, "NKH": 1, "JDA": 3}

// TestEveryKindGoesFromRequestToSignedPDF enters a letter of each of the 26 kinds and
// leads it to the end: its text says the number and the subject, its QR code leads to
// the verification, its signature is valid and not any more with one byte changed.
func TestEveryKindGoesFromRequestToSignedPDF(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	s := c.office(kassiKassi)
	c.clock.Set(monday) // when the samples' answers were given
	if len(shipped) != 26 {
		t.Fatalf("%d kinds", len(shipped))
	}
	for _, k := range shipped {
		if !k.AlwaysWet {
			c.electronic(kassiKassi, k.Code)
		}
		family := c.resident(s.operator, kassiKassi, func(f *epemerintahan.NewFamily) {
			if m := maritals[k.Code]; m != 0 {
				f.Members[0].Marital = m
			}
		})
		e := Entry{KelurahanID: c.unit(kassiKassi), Code: k.Code, Subject: Person{ResidentID: family[0]}, Values: sampled(t, k).Values, WithCamat: true}
		for _, f := range k.Fields {
			if f.Type == OneResident || f.Type == Residents {
				e.Values[f.Name] = Value{People: []Person{{ResidentID: family[1]}}}
			}
		}
		if k.Code == "NKH" {
			e.Values["status_nikah"] = Value{Text: "Jejaka"}
		}
		for _, r := range k.Requirements {
			e.Checked = append(e.Checked, r.Name)
		}
		id, err := c.Enter(c.ctx, s.operator, e)
		if err != nil {
			t.Errorf("%s: %v %+v", k.Code, err, errs.FieldsOf(err))
			continue
		}
		file := FilePDF
		if k.AlwaysWet {
			file = FilePrint
			c.must(c.Print(c.ctx, s.operator, Act{ID: id}))
		} else {
			c.toSign(s, id)
			c.must(c.sign(s.lurah, id).Err)
			if k.CamatSigns != "" {
				_, err := c.View(c.ctx, s.camat, id)
				c.must(err)
				c.must(c.sign(s.camat, id).Err)
			}
		}
		c.judge(t, k, id, c.bytes(s.operator, id, file))
		if k.AlwaysWet {
			c.must(c.AttachScan(c.ctx, s.operator, Act{ID: id}, scanOf(photo)))
		}
		if st := c.state(id); st.Status != Issued || len(st.PDFHash) != 32 {
			t.Errorf("%s: %+v", k.Code, st)
		}
		c.sameAsReplay(t, id)
	}
}

// judge asks other programs about the PDF of a letter.
func (c *city) judge(t *testing.T, k Kind, id int64, pdf []byte) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "surat.pdf")
	write := func(b []byte) {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(pdf)
	st := c.state(id)
	text, err := tool(t, "pdftotext", "-layout", path, "-")
	if err != nil || !strings.Contains(text, st.LetterNumber) || !strings.Contains(text, "LURAH KASSI-KASSI") {
		t.Errorf("%s: %v\n%s", k.Code, err, text)
	}
	if said, err := tool(t, "qpdf", "--check", path); err != nil || strings.Contains(said, "WARNING") {
		t.Errorf("%s: qpdf: %v\n%s", k.Code, err, said)
	}
	if said, err := tool(t, "pdftoppm", "-r", "110", "-gray", "-png", path, filepath.Join(dir, "lembar")); err != nil {
		t.Fatalf("%s: %v\n%s", k.Code, err, said)
	}
	sheets, err := filepath.Glob(filepath.Join(dir, "lembar*.png"))
	c.must(err)
	read, err := exec.CommandContext(t.Context(), "zbarimg", append([]string{"-q", "--raw", "-Sqrcode.enable"}, sheets...)...).Output()
	token, ok := strings.CutPrefix(strings.TrimSpace(string(read)), "https://portal.test/verifikasi/")
	if !ok {
		t.Fatalf("%s: the code reads %q, %v", k.Code, read, err)
	}
	v, err := c.Verify(c.ctx, token)
	c.must(err)
	want := StateValid
	if k.AlwaysWet {
		want = StateUnfinished
	}
	if v.Number != st.LetterNumber || v.State != want {
		t.Errorf("%s: %+v", k.Code, v)
	}
	if k.AlwaysWet {
		return
	}
	signatures := len(st.Signed)
	valid := func() int {
		said, _ := tool(t, "pdfsig", "-nocert", path)
		return strings.Count(said, "Signature is Valid")
	}
	if n := valid(); n != signatures {
		t.Errorf("%s: %d of %d signatures are valid", k.Code, n, signatures)
	}
	changed := bytes.Clone(pdf)
	changed[200] ^= 1
	write(changed)
	if n := valid(); n != 0 {
		t.Errorf("%s: %d signatures are valid over a changed byte", k.Code, n)
	}
}
