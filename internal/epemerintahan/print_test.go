package epemerintahan

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// words are those of a printed PDF, spaces between them made one.
func words(t testing.TB, pdf []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "print.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

func wantWords(t testing.TB, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("the print lacks %q:\n%s", want, text)
		}
	}
}

func TestPrintMasksNumbers(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	operator := c.hire(kassiKassi, PermView, PermEdit)
	f := c.household(kassiKassi, 3)
	f.Members[1].NIK, f.Members[1].NIKStatus = "", NIKNone
	added := c.add(operator, f)[0]
	nik := f.Members[0].NIK

	pdf, err := c.PrintResident(c.ctx, operator, added.Residents[0], PrintOption{})
	if err != nil {
		t.Fatal(err)
	}
	resident := words(t, pdf)
	wantWords(t, resident, "PEMERINTAH KOTA MAKASSAR KECAMATAN RAPPOCINI KELURAHAN KASSI-KASSI", "SALINAN BIODATA PENDUDUK", Notice,
		": "+f.Members[0].Name, "NIK : "+mask(nik), "Nomor KK : "+mask(f.KK), "Makassar, 17 Agustus 1985", "Keadaan : Hidup", "RT / RW : 002 / 003",
		"Dicetak Selasa, 24 November 2026 pukul 09.00 WITA oleh "+operator.Name)

	if pdf, err = c.PrintFamily(c.ctx, operator, added.FamilyID, PrintOption{}); err != nil {
		t.Fatal(err)
	}
	family := words(t, pdf)
	wantWords(t, family, "SALINAN DATA KELUARGA", Notice, "Nomor KK : "+mask(f.KK), "Kepala keluarga : "+f.Members[0].Name, mask(nik), mask(f.Members[2].NIK))
	for _, text := range []string{resident, family} {
		for _, secret := range []string{nik, f.Members[2].NIK, f.KK} {
			if strings.Contains(text, secret) {
				t.Errorf("a number in full:\n%s", text)
			}
		}
	}
	if pdf, err = c.PrintResident(c.ctx, operator, added.Residents[1], PrintOption{}); err != nil {
		t.Fatal(err)
	}
	wantWords(t, words(t, pdf), "NIK : Belum punya NIK")
}

func TestPrintInFull(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	lurah, operator, elsewhere := c.hire(kassiKassi, all...), c.hire(kassiKassi, PermView, PermEdit), c.hire(tidung, all...)
	f := c.household(kassiKassi, 2)
	added := c.add(lurah, f)[0]
	full := PrintOption{Full: true, Purpose: "  Pemberkasan  nikah di KUA "}

	for name, print := range map[string]func(PrintOption) ([]byte, error){
		"resident": func(o PrintOption) ([]byte, error) { return c.PrintResident(c.ctx, lurah, added.Residents[0], o) },
		"family":   func(o PrintOption) ([]byte, error) { return c.PrintFamily(c.ctx, lurah, added.FamilyID, o) },
	} {
		pdf, err := print(full)
		if err != nil {
			t.Fatal(name, err)
		}
		wantWords(t, words(t, pdf), f.Members[0].NIK, f.KK)
		for _, purpose := range []string{"", "  perlu  ", strings.Repeat("x", MaxReason+1)} {
			_, err := print(PrintOption{Full: true, Purpose: purpose})
			errstest.Field(t, err, ControlPrintPurpose)
		}
	}
	_, err := c.PrintResident(c.ctx, operator, added.Residents[0], full)
	errstest.Kind(t, err, errs.Forbidden)
	_, err = c.PrintFamily(c.ctx, operator, added.FamilyID, full)
	errstest.Kind(t, err, errs.Forbidden)
	for _, o := range []PrintOption{{}, full} {
		_, err = c.PrintResident(c.ctx, elsewhere, added.Residents[0], o)
		errstest.Kind(t, err, errs.NotFound)
		_, err = c.PrintFamily(c.ctx, elsewhere, added.FamilyID, o)
		errstest.Kind(t, err, errs.NotFound)
	}

	// The one in the family print reads it in their own trail, with the purpose.
	seen, err := c.Readers(c.ctx, added.Residents[1], 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	if seen[0].Action != "epemerintahan.resident.print" || seen[0].Name != lurah.Name || seen[0].Reason != "Pemberkasan nikah di KUA" {
		t.Errorf("the trail says %+v", seen[0])
	}
	if n := one[int](c, `SELECT count(*) FROM audit_entry WHERE action LIKE 'epemerintahan.%.print'`); n != 4 {
		t.Errorf("%d entries of prints; want the resident's, the family's and one for each of its two", n)
	}
}

// Who left does not stand on the family's sheet, and their own says what became of them.
func TestPrintWithoutThoseWhoLeft(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	a := c.hire(kassiKassi, all...)
	f := c.household(kassiKassi, 2)
	added := c.add(a, f)[0]
	for i, id := range []int64{added.Residents[1], added.Residents[0]} {
		err := c.RecordEvent(c.ctx, a, EventInput{ResidentID: id, Version: one[int](c, `SELECT version FROM epemerintahan_resident WHERE id = $1`, id),
			Kind: MovedOut, On: time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC), Detail: Detail{Destination: "Kabupaten Gowa"}})
		if err != nil {
			t.Fatal(err)
		}
		pdf, err := c.PrintFamily(c.ctx, a, added.FamilyID, PrintOption{Full: true, Purpose: "Pemeriksaan berkas"})
		if err != nil {
			t.Fatal(err)
		}
		text := words(t, pdf)
		if strings.Contains(text, f.Members[1].Name) || strings.Contains(text, f.Members[0].Name) != (i == 0) {
			t.Errorf("after %d left:\n%s", i+1, text)
		}
		wantWords(t, text, f.KK)
	}
	pdf, err := c.PrintResident(c.ctx, a, added.Residents[1], PrintOption{})
	if err != nil {
		t.Fatal(err)
	}
	wantWords(t, words(t, pdf), "Keadaan : Pindah sejak 3 November 2026")
}
