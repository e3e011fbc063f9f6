package kind_test

import (
	"bytes"
	"fmt"
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

// Many who came with groups stand after "Yth." by the groups' names, and one by one in the list;
// few stand there themselves.
func TestALetterToAGroupNamesTheGroup(t *testing.T) {
	t.Parallel()
	group := func(n int, name string) (out []kind.Recipient) {
		for i := range n {
			out = append(out, kind.Recipient{Name: fmt.Sprintf("Camat %c", 'A'+i), Group: name})
		}
		return out
	}
	bappeda := kind.Recipient{Name: "Kepala Bappeda"}
	for name, x := range map[string]struct {
		code string
		to   []kind.Recipient
		want []string
		none string
	}{
		"one group":     {"SD", group(6, "Para Camat"), []string{"Yth. Para Camat (daftar terlampir) di Tempat", "Daftar penerima: 1. Camat A", "6. Camat F"}, ""},
		"and somebody":  {"SD", append(group(6, "Para Camat"), bappeda), []string{"1. Para Camat 2. Kepala Bappeda (daftar terlampir)", "7. Kepala Bappeda"}, ""},
		"few of it":     {"SD", group(3, "Para Camat"), []string{"1. Camat A 2. Camat B 3. Camat C"}, "Para Camat"},
		"without group": {"SD", group(6, ""), []string{"Yth. (daftar terlampir)", "6. Camat F"}, ""},
		"a note":        {"ND", group(6, "Para Camat"), []string{"Yth. : Para Camat (daftar terlampir)", "Daftar penerima: 1. Camat A"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k, ok := kind.ByCode(x.code)
			if !ok {
				t.Fatal("no kind " + x.code)
			}
			in := letter
			in.To = x.to
			got := paper(t, kind.Compose(k, in))
			for _, want := range x.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not on the paper:\n%s", want, got)
				}
			}
			if x.none != "" && strings.Contains(got, x.none) {
				t.Errorf("%q is on the paper:\n%s", x.none, got)
			}
		})
	}
}

// What an editor can write stands on the paper, tables with their heads and marks too.
func TestTheSubsetIsSet(t *testing.T) {
	t.Parallel()
	k, _ := kind.ByCode("SD")
	in := letter
	in.Body = "<h2>Dasar</h2><table><tbody><tr><th>Uraian</th><th>Jumlah</th></tr><tr><td>Semen<br><strong>Tonasa</strong></td><td><em>dua</em> sak</td></tr></tbody></table>" +
		"<table><tbody><tr><th>Nama</th><td>Andi</td></tr></tbody></table>"
	got := paper(t, kind.Compose(k, in))
	for _, want := range []string{"Dasar", "Uraian", "Jumlah", "Semen", "Tonasa", "dua sak", "Nama Andi"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not on the paper:\n%s", want, got)
		}
	}
	blocks := kind.Blocks(in.Body)
	if first, ok := blocks[1].(naskah.RichTable); !ok || !first.Headed || !first.Rows[1][0][len(first.Rows[1][0])-1].Bold {
		t.Errorf("the first table is %+v", blocks[1])
	}
	if second, ok := blocks[2].(naskah.RichTable); !ok || second.Headed || !second.Rows[0][0][0].Bold || second.Rows[0][1][0].Bold {
		t.Errorf("the second table is %+v", blocks[2])
	}
}
