package naskah_test

import (
	"bytes"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/indo"
	. "makassartidakrantasa.com/portal/internal/platform/naskah"
)

var day = time.Date(2026, time.January, 2, 9, 30, 0, 0, indo.WITA)

// domisili is a letter of one page as most are.
func domisili() Document {
	return Document{
		Head: Head{
			Lines:   []string{"PEMERINTAH KOTA MAKASSAR", "KECAMATAN RAPPOCINI", "KELURAHAN KASSI-KASSI"},
			Address: "Jalan Tamalate I Nomor 2, Makassar 90222 · Telepon (0411) 400123",
		},
		Title:  "SURAT KETERANGAN DOMISILI",
		Number: "400.12.2.1/12/KSK/I/2026",
		Blocks: []Block{
			Paragraph{Text: "Yang bertanda tangan di bawah ini:", Indent: true},
			Fields{{"Nama", "ANDI BASO MAPPANYUKKI, S.STP., M.Si."}, {"Jabatan", "Lurah Kassi-Kassi"}},
			Paragraph{Text: "menerangkan dengan sebenarnya bahwa:"},
			Fields{
				{"Nama", "SITTI NURHALIZAH DG. NGINTANG"},
				{"NIK", "7371095503900001"},
				{"Tempat/tanggal lahir", "Makassar, 15 Maret 1990"},
				{"Jenis kelamin", "Perempuan"},
				{"Agama", "Islam"},
				{"Pekerjaan", "Pedagang"},
				{"Alamat", "Jalan Tamalate Raya Blok C Nomor 17, RT 003/RW 005, Kelurahan Kassi-Kassi, Kecamatan Rappocini, Kota Makassar"},
			},
			Paragraph{Text: "adalah benar penduduk yang berdomisili di alamat tersebut di atas sejak tanggal 1 Februari 2015 dan hingga surat ini dibuat masih bertempat tinggal di sana.", Indent: true},
			Paragraph{Text: "Surat keterangan ini diberikan atas permintaan yang bersangkutan untuk keperluan pembukaan rekening bank dan berlaku sampai dengan tanggal 1 Juli 2026.", Indent: true},
			Paragraph{Text: "Demikian surat keterangan ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya.", Indent: true},
		},
		Place: "Makassar",
		Date:  day,
		Signatures: []Signature{{
			Lines: []string{"LURAH KASSI-KASSI,"}, Name: "ANDI BASO MAPPANYUKKI, S.STP., M.Si.", Rank: "Penata Tk. I (III/d)", NIP: "198001172006041003",
			Electronic: true, Note: "Ditandatangani secara elektronik · tidak tersertifikasi BSrE",
		}},
		QR:      QR{Text: "https://portal.example/verifikasi/9TqXh2cVb7mLw4Rk8sYdFg", Caption: "Pindai untuk memeriksa keaslian surat ini di portal Kota Makassar."},
		Foot:    []string{"Surat ini dibuat dari data pelayanan kelurahan, bukan data resmi Disdukcapil."},
		Subject: "Surat keterangan domisili", Author: "Kelurahan Kassi-Kassi", Created: day,
	}
}

func render(t testing.TB, d Document) []byte {
	t.Helper()
	b, err := Render(d)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSameDocumentSameBytes(t *testing.T) {
	t.Parallel()
	want := render(t, domisili())
	for range 3 {
		if !bytes.Equal(render(t, domisili()), want) {
			t.Fatal("the same letter gave other bytes")
		}
	}
	other := domisili()
	other.Number = "400.12.2.1/13/KSK/I/2026"
	if bytes.Equal(render(t, other), want) {
		t.Fatal("another letter gave the same bytes")
	}
}
