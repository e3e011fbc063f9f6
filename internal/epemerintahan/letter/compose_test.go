package letter

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/naskah"
)

var update = flag.Bool("update", false, "write the golden texts anew")

var sampleOffice = OfficeSettings{
	Kelurahan: "Kassi-Kassi", Kecamatan: "Rappocini", Address: "Jl. Tamalate I No. 1", Postcode: "90222", Code: "KSK",
	NumberPattern: DefaultPattern, Paper: "F4",
}

// sampled is a letter of a shipped kind with answers that somebody could give.
func sampled(t *testing.T, k Kind) Composition {
	t.Helper()
	in := Sample(k, sampleOffice, monday)
	in.Watermark, in.QRText = "", "https://portal.example/verifikasi/contoh"
	in.Signed[0].Name, in.Signed[0].NIP = "Andi Mulyani, S.Sos.", "198003172006042003"
	if len(in.Signed) > 1 {
		in.Signed[1].Name = "Syahrul Rauf, S.STP., M.Si."
	}
	switch k.Code {
	case "JDA":
		in.Subject.Marital = "CERAI HIDUP"
	case "NKH":
		in.Values["status_nikah"] = Value{Text: "Perawan"}
		delete(in.Values, "istri_ke")
		delete(in.Values, "pasangan_terdahulu")
		delete(in.Values, "no_dispensasi")
		in.Values["ayah"], in.Values["ibu"], in.Values["calon"] = Value{People: samplePeople[3:4]}, Value{People: samplePeople[4:5]}, Value{People: samplePeople[1:2]}
	case "LHR":
		in.Values["ayah"], in.Values["ibu"] = Value{People: samplePeople[1:2]}, Value{People: samplePeople[2:3]}
	case "WAL":
		child := samplePeople[1]
		child.Name, child.NIK, child.BirthDate = "Aisyah Contoh", "", "2014-05-20"
		in.Values["anak"] = Value{People: []Person{child}}
	}
	for name, text := range answers[k.Code] {
		if text == "" {
			delete(in.Values, name)
		} else {
			in.Values[name] = Value{Text: text}
		}
	}
	in.Subject.ResidentID = 1
	clean, err := k.CheckValues(in.Values, in.Subject, monday)
	if err != nil {
		t.Errorf("%s: the sample does not pass: %v", k.Code, err)
	}
	in.Values = clean
	return in
}

// Every shipped kind as people read it.
func TestGolden(t *testing.T) {
	for _, k := range shipped {
		t.Run(k.Code, func(t *testing.T) {
			t.Parallel()
			doc, err := Compose(k, sampled(t, k))
			if err != nil {
				t.Fatal(err)
			}
			got := pdfText(t, doc)
			file := filepath.Join("testdata", "golden", k.Code+".txt")
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("the text differs from %s (go test -update writes it anew):\n%s", file, got)
			}
			for _, spoilt := range []string{"<no value>", "{{", "map[", "%!", " ,", " .", ", ,", "()", "□"} {
				if strings.Contains(string(got), spoilt) {
					t.Errorf("the text has %q:\n%s", spoilt, got)
				}
			}
		})
	}
}

func pdfText(t *testing.T, doc naskah.Document) []byte {
	t.Helper()
	pdf, err := naskah.Render(doc)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "pdftotext", "-layout", "-", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(out), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return []byte(strings.Join(slices.Compact(lines), "\n"))
}

// answers for the golden texts, by kind and field; "" leaves a field empty.
var answers = map[string]map[string]string{
	"DOM": {"alamat_domisili": "", "tinggal_sejak": "2015-06-01", "status_tempat": "Sewa atau kontrak", "keperluan": "Membuka rekening bank."},
	"KTP": {"jenis_permohonan": "Hilang", "no_surat_kehilangan": "SKTLK/123/XI/2026/Polsek Rappocini"},
	"KK":  {"alasan": "Tambah anggota", "keterangan": ""},
	"LHR": {"nama_anak": "Ahmad Contoh Fauzan", "tempat_lahir": "Makassar", "tgl_lahir": "2026-10-20", "jam_lahir": "04:15", "anak_ke": "2", "berat_gram": "3100", "panjang_cm": "49", "hub_pelapor": "Ayah kandung"},
	"MTI": {"tgl_meninggal": "2026-10-30", "tempat_meninggal": "RSUD Daya", "tempat_pemakaman": "TPU Sudiang", "hub_pelapor": "Anak kandung"},
	"PDH": {"alamat_tujuan": "Jl. Poros Malino No. 5", "klasifikasi": "Antar kabupaten/kota", "rt_tujuan": "002", "rw_tujuan": "001", "kel_tujuan": "Sungguminasa", "kec_tujuan": "Somba Opu", "kab_tujuan": "Gowa", "prov_tujuan": "Sulawesi Selatan", "jenis_kepindahan": "Kepala keluarga dan seluruh anggota keluarga", "status_kk_tetap": "Tidak ada anggota keluarga yang ditinggal", "status_kk_pindah": "Nomor KK tetap"},
	"DTG": {"no_skpwni": "SKPWNI/7306/12102026/0012", "alamat_asal": "Jl. Poros Malino No. 5, Sungguminasa, Kabupaten Gowa", "status_kk": "Membuat KK baru", "no_kk_tumpangan": ""},
	"BDA": {"jenis_dokumen": "Ijazah SMA", "nomor_dokumen": "DN-19 Ma 0001234", "nama_tertulis": "St. Contoh Aminah", "ttl_tertulis": "Ujung Pandang, 7 Juli 1988", "uraian_perbedaan": "Di KTP-el tertulis Sitti, di ijazah St.", "keperluan": "Mengurus pencairan asuransi"},
	"BMN": {"keperluan": "Melamar pekerjaan"},
	"NKH": {"bin_binti": "Baso Contoh", "tempat_akad": "Masjid Nurul Contoh", "wali": "Baso Contoh (ayah kandung)"},
	"JDA": {"nama_mantan": "Syamsul Contoh", "tgl_peristiwa": "2024-03-11", "no_akta": "0123/AC/2024/PA.Mks", "keperluan": "Mengurus tunjangan pensiun"},
	"WAL": {"hubungan": "Bibi", "alasan": "Kedua orang tua bekerja di luar daerah", "sekolah_instansi": "SDN Contoh 1", "keperluan": "Mendaftar sekolah"},
	"AHW": {"tgl_meninggal": "2026-08-17", "no_akta_kematian": "7371-KM-20082026-0001", "pasangan": "", "keperluan": "Mencairkan tabungan pewaris"},
	"TM":  {"hubungan": "Anak kandung", "instansi_tujuan": "SMPN Contoh 3", "penghasilan": "1250000", "tanggungan": "4", "keperluan": "Keringanan biaya sekolah"},
	"PHS": {"penghasilan_pemohon": "2500000", "penghasilan_pasangan": "", "sumber": "Berjualan ikan di Pasar Terong", "nama_anak": "Aisyah Contoh", "sekolah": "Universitas Hasanuddin", "keperluan": "Pendaftaran KIP Kuliah"},
	"JKS": {"jenis": "Reaktivasi", "no_kartu": "0001234567890", "faskes": "Puskesmas Kassi-Kassi", "keperluan": "Mengaktifkan kembali KIS untuk berobat"},
	"BRM": {"bank_pengembang": "Bank Contoh Cabang Makassar", "keperluan": "Pengajuan KPR rumah subsidi"},
	"USH": {"nama_usaha": "Warung Ibu Sitti", "jenis_usaha": "Menjual sayur dan ikan", "alamat_usaha": "Jl. Contoh Raya No. 12", "mulai_tahun": "2019", "nib": "", "keperluan": "Pengajuan KUR di bank"},
	"DMU": {"nama_badan": "Yayasan Contoh Sejahtera", "bentuk": "Yayasan", "no_akta": "Nomor 12 tanggal 3 Maret 2024", "penanggung_jawab": "Sitti Contoh Aminah", "alamat": "Jl. Contoh Raya No. 12", "bidang": "Pendidikan anak usia dini", "jml_karyawan": "8"},
	"SKC": {"keperluan": "Melamar pekerjaan di PT Contoh", "tujuan": "Polres", "keterangan": ""},
	"KRM": {"nama_acara": "Pesta pernikahan", "tempat": "Jl. Contoh Raya No. 12", "jml_undangan": "400", "hiburan": "Elekton", "penanggung_jawab": "Baso Contoh, 0812-0000-0000", "tgl_mulai": "2026-11-21T19:00", "tgl_selesai": "2026-11-21T23:00"},
	"KHL": {"barang": "Ijazah SMA", "rincian": "Nomor DN-19 Ma 0001234 atas nama Sitti Contoh Aminah", "tempat_hilang": "Sekitar Pasar Terong", "kronologi": "Terjatuh dari sepeda motor"},
	"BPG": {"tujuan": "Jl. Contoh No. 3, Surabaya", "kendaraan": "Kapal Pelni", "keperluan": "Mengunjungi keluarga"},
	"TNH": {"jenis_tanah": "Darat", "letak": "Jl. Contoh Raya, RT 001/RW 003", "bukti": "Rincik/girik", "nomor_bukti": "123 C1", "atas_nama": "Baso Contoh", "asal": "Warisan", "sejak_tahun": "1998", "luas_m2": "120", "utara": "rumah Dg. Contoh", "timur": "lorong", "selatan": "rumah H. Contoh", "barat": "Jl. Contoh Raya", "keperluan": "Pendaftaran tanah di kantor pertanahan"},
	"JBL": {"jenis_objek": "Kendaraan bermotor", "objek": "Sepeda motor Honda Beat 2019", "rincian": "Nomor polisi DD 0000 XX, warna hitam, nomor rangka MH1CONTOH0001", "harga": "9500000"},
	"UMM": {"judul": "Surat keterangan", "ditujukan": "Kepala SDN Contoh 1", "isi": "Orang tersebut di atas adalah benar warga kami yang aktif sebagai kader posyandu sejak tahun 2020.", "keperluan": "Pendaftaran pelatihan kader"},
}
