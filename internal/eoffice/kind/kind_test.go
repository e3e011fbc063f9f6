package kind_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice/kind"
	"makassartidakrantasa.com/portal/internal/eoffice/text"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
	"makassartidakrantasa.com/portal/internal/platform/numbering"
)

var letter = kind.Letter{
	Head:   naskah.Head{Lines: []string{"PEMERINTAH KOTA MAKASSAR", "DINAS PEKERJAAN UMUM"}, Address: "Jalan Urip Sumoharjo Nomor 8"},
	Number: "600.1/12/DPU/XI/2026", Place: "Makassar", Date: time.Date(2026, 11, 26, 2, 0, 0, 0, time.UTC), Secrecy: "Biasa", Urgency: "Segera",
	Subject: "Perbaikan drainase Jalan Toddopuli", Body: "<p>Sehubungan dengan <strong>banjir</strong> <em>kemarin</em>, <u>segera</u> perbaiki:</p><ol><li>saluran<ul><li>utara</li></ul></li><li>jalan</li></ol><table><tbody><tr><th>Ruas</th><th>Meter</th></tr><tr><td>Toddopuli</td><td>120</td></tr></tbody></table>",
	From: "Kepala Dinas Pekerjaan Umum", To: []kind.Recipient{{Name: "Camat Rappocini"}, {Name: "Camat Panakkukang"}}, CC: []string{"Sekretaris Daerah"},
	Signatures: []naskah.Signature{{Lines: []string{"KEPALA DINAS PEKERJAAN UMUM,"}, Name: "Ir. Hasanuddin Rewa", NIP: "196812121995031002"}},
}

func TestKindsAreWhole(t *testing.T) {
	t.Parallel()
	all := kind.All()
	if len(all) != 24 {
		t.Errorf("%d kinds", len(all))
	}
	for _, k := range all {
		if got, ok := kind.ByCode(k.Code); !ok || got.Name != k.Name || k.Group.Label() == "" || k.Series == "" {
			t.Errorf("%s: %+v", k.Code, got)
		}
		if problem := numbering.PatternProblem(k.Pattern); problem != "" {
			t.Errorf("%s: %s", k.Code, problem)
		}
		body, err := text.Sanitize(k.Template)
		if err != nil || !strings.Contains(body, "[…]") || strings.ReplaceAll(k.Template, "\n", "") != body {
			t.Errorf("%s: the template is not of the subset: %v\n%s", k.Code, err, body)
		}
	}
}

func paper(t *testing.T, doc naskah.Document) string {
	t.Helper()
	pdf, err := naskah.Render(doc)
	if err != nil {
		t.Fatal(err)
	}
	again, err := naskah.Render(doc)
	if err != nil || !bytes.Equal(pdf, again) {
		t.Error("not the same bytes twice", err)
	}
	file := filepath.Join(t.TempDir(), "naskah.pdf")
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

func TestEveryKindIsSet(t *testing.T) {
	t.Parallel()
	for _, k := range kind.All() {
		t.Run(k.Code, func(t *testing.T) {
			t.Parallel()
			in := letter
			if !k.Addressed {
				in.To, in.CC = nil, nil
			}
			got := paper(t, kind.Compose(k, in))
			for _, want := range []string{"DINAS PEKERJAAN UMUM", in.Number, "Ir. Hasanuddin Rewa", "banjir kemarin, segera perbaiki:", "1. saluran", "– utara", "2. jalan", "Toddopuli 120", "26 November 2026"} {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not on the paper:\n%s", want, got)
				}
			}
			if k.Addressed && (!strings.Contains(got, "Camat Panakkukang") || !strings.Contains(got, "Tembusan: 1. Sekretaris Daerah")) {
				t.Errorf("recipients are missing:\n%s", got)
			}
			if subject := strings.Contains(strings.ToLower(got), strings.ToLower(in.Subject)); !subject {
				t.Errorf("the subject is missing:\n%s", got)
			}
		})
	}
}

func TestALetterToManyListsThem(t *testing.T) {
	t.Parallel()
	k, _ := kind.ByCode("SD")
	in := letter
	in.Secrecy, in.Copy, in.To = "Rahasia", "Salinan 2 dari 5", nil
	for _, name := range []string{"Satu", "Dua", "Tiga", "Empat", "Lima"} {
		in.To = append(in.To, kind.Recipient{Name: "Camat " + name})
	}
	got := paper(t, kind.Compose(k, in))
	for _, want := range []string{"RAHASIA · Salinan 2 dari 5", "Yth. (daftar terlampir)", "Daftar penerima: 1. Camat Satu", "5. Camat Lima"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not on the paper:\n%s", want, got)
		}
	}
}
