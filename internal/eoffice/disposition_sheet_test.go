package eoffice

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
)

// words of a PDF, as it stands on the paper.
func pdfWords(t testing.TB, pdf []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "lembar.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("NASKAH_OUT"); dir != "" { // to look at
		_ = os.WriteFile(filepath.Join(dir, strings.ReplaceAll(t.Name(), "/", "_")+".pdf"), pdf, 0o600)
	}
	out, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

func TestASheetSaysWhatWasOrdered(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 9, 30, 0, 0, clock.Makassar)
	due, date := at.Add(48*time.Hour), at.AddDate(0, 0, -3)
	in := Sheet{
		Head: naskah.Head{Lines: []string{"PEMERINTAH KOTA MAKASSAR", "BADAN PERENCANAAN PEMBANGUNAN DAERAH"}, Address: "Jalan Jenderal Ahmad Yani Nomor 2"}, Paper: naskah.A4,
		From: "Dinas Pekerjaan Umum", Number: "600.1/12/DPU/XI/2026", Date: &date, Received: &at, Agenda: "17/2026", Urgency: VeryUrgent, Secrecy: Open,
		Subject: "Perbaikan drainase Jalan Toddopuli", Instructions: []string{"Tindak lanjuti", "Agendakan", "Arsipkan"},
		Giver: "Kepala Badan Perencanaan", GiverName: "Rabiah Daeng Ngai", At: at,
		Orders: []SheetOrder{
			{To: "Kepala Bidang Infrastruktur", Lead: true, Due: &due, Instructions: []string{"Tindak lanjuti"}, Note: "Hitung biayanya dahulu."},
			{To: "Kepala Bidang Ekonomi", Due: &due, Instructions: []string{"Tindak lanjuti"}, Note: "Hitung biayanya dahulu."},
			{To: "Sekretaris", ForInfo: true, Instructions: []string{forInformation}, Note: "Hitung biayanya dahulu."},
		},
	}
	render := func() string {
		t.Helper()
		pdf, err := naskah.Render(ComposeSheet(in))
		if err != nil {
			t.Fatal(err)
		}
		return pdfWords(t, pdf)
	}
	got := render()
	for _, want := range []string{
		"LEMBAR DISPOSISI", "Surat dari : Dinas Pekerjaan Umum", "Nomor surat : 600.1/12/DPU/XI/2026", "Tanggal surat : 21 November 2026",
		"Diterima tanggal : 24 November 2026", "Nomor agenda : 17/2026", "□ Kilat · ■ Sangat segera · □ Segera · □ Terbatas · □ Rahasia",
		"Kepala Bidang Infrastruktur penanggung jawab", "Kepala Bidang Ekonomi pelaksana", "Sekretaris untuk diketahui", "■ Tindak lanjuti □ Agendakan □ Arsipkan",
		"Catatan: Hitung biayanya dahulu.", "KEPALA BADAN PERENCANAAN,", "Rabiah Daeng Ngai", "Diparaf di portal",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the sheet lacks %q:\n%s", want, got)
		}
	}
	if n := strings.Count(got, "Hitung biayanya"); n != 1 {
		t.Errorf("one note for all stands there %d times", n)
	}
	in.Orders[1].Instructions, in.Orders[1].Note, in.Orders[0].Note = []string{"Agendakan"}, "Undang camat.", ""
	got = render()
	for _, want := range []string{"■ Tindak lanjuti ■ Agendakan □ Arsipkan", "Kepala Bidang Infrastruktur: Tindak lanjuti.", "Kepala Bidang Ekonomi: Agendakan. Undang camat."} {
		if !strings.Contains(got, want) {
			t.Errorf("the sheet lacks %q:\n%s", want, got)
		}
	}
}

// The sheet of orders is for who may open the letter, and what was called back is not on it.
func TestTheSheetOfAnOrder(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	letter, r := c.arrived(b, Secret)
	ids := c.give(b.other, Giving{RecipientID: r, Admit: true, Orders: []NewOrder{
		{To: b.bidang.desk, Lead: true, Note: "Diam-diam saja.", Instructions: []string{"Tindak lanjuti"}}, follow(b.second2),
	}})
	c.must(c.onOrder(b.other, ids[1], ActCancel, ""))
	open := func(w worker) (string, error) {
		f, err := c.OpenSheet(c.ctx, w.Actor, ids[0])
		if err != nil {
			return "", err
		}
		pdf, err := io.ReadAll(f)
		c.must(err)
		c.must(f.Close())
		return pdfWords(t, pdf), nil
	}
	got, err := open(b.bidang)
	c.must(err)
	for _, want := range []string{"Diam-diam saja.", "Perbaikan drainase", "Salinan untuk " + b.bidang.Name, "Nomor agenda : 1/2026", b.other.Name} {
		if !strings.Contains(got, want) {
			t.Errorf("the sheet lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, c.order(ids[1]).ToTitle) {
		t.Error("what was called back is on it")
	}
	for _, w := range []worker{b.second2, b.clerk, b.otherClerk, b.staff} {
		if _, err := open(w); errs.KindOf(err) != errs.NotFound {
			t.Errorf("%s: %v", w.Name, err)
		}
	}
	if n := one[int](c, `SELECT count(*) FROM audit_entry WHERE action = 'eoffice.letter.sheet'`); n != 1 {
		t.Errorf("%d openings on record for letter %d", n, letter)
	}
}
