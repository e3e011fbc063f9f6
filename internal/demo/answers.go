package demo

import (
	"fmt"
	"slices"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
)

// said are answers that people give, by field.
var said = map[string][]string{
	"keperluan": {"Membuka rekening bank", "Melamar pekerjaan", "Mendaftar sekolah anak", "Mengurus beasiswa kuliah", "Mengajukan kredit usaha rakyat",
		"Mengurus bantuan sosial", "Keringanan biaya berobat", "Mengurus BPJS Kesehatan", "Melengkapi berkas kantor", "Mengajukan KPR subsidi"},
	"instansi_tujuan": {"SMP Negeri 33 Makassar", "Universitas Hasanuddin", "RSUD Labuang Baji", "Dinas Sosial Kota Makassar", "SMA Negeri 9 Makassar"},
	"hubungan":        {"anak kandung", "diri sendiri", "cucu", "keponakan"}, "hub_pelapor": {"Anak", "Saudara", "Suami", "Istri", "Paman"},
	"nama_usaha": {"Warung Makan Dg. Bau", "Toko Sinar Rappocini", "Bengkel Motor Jaya", "Penjahit Ibu Ramlah", "Kios Pulsa Berkah", "Salon Cantik"}, "jenis_usaha": {"Warung makan", "Toko kelontong", "Bengkel motor", "Menjahit", "Pulsa dan token listrik", "Salon"},
	"alamat_usaha": {"Jl. Toddopuli Raya", "Jl. Hertasning", "Jl. Emmy Saelan", "Jl. Rappocini Raya"}, "alamat": {"Jl. Hertasning Blok E No. 4", "Jl. Veteran Selatan No. 88"},
	"barang": {"STNK sepeda motor", "Kartu ATM", "Ijazah SMA", "Dompet berisi SIM dan ATM", "Buku tabungan"}, "rincian": {"Atas nama pemohon, hilang dalam perjalanan pulang", "Warna hitam, lengkap dengan suratnya"},
	"tempat_hilang": {"Sekitar Pasar Pabaeng-baeng", "Jl. Sultan Alauddin"}, "kronologi": {"Jatuh dari saku ketika naik motor."}, "no_surat_kehilangan": {"LP/B/118/XI/2026"},
	"nama_acara": {"Pesta pernikahan", "Aqiqah", "Syukuran rumah baru"}, "tempat": {"Halaman rumah pemohon"}, "hiburan": {"Elekton sampai pukul 22.00"}, "penanggung_jawab": {"Pemohon, 0812 0000 1111"},
	"tujuan": {"Kabupaten Bulukumba", "Kota Surabaya", "Kota Kendari"}, "kendaraan": {"Mobil pribadi", "Kapal laut", "Pesawat"},
	"sumber": {"Berdagang di pasar", "Buruh harian", "Pengemudi ojek daring", "Gaji karyawan"}, "sekolah": {"Universitas Negeri Makassar", "SMA Negeri 9 Makassar"}, "sekolah_instansi": {"SD Inpres Tamalate"},
	"nama_anak": {"Ahmad Fauzan", "Nur Azizah", "Muh. Rafli", "Zahra Ramadhani"}, "nama_mantan": {"Syarifuddin", "Hasnawati"}, "no_akta": {"112/2019"}, "pasangan": {"Hj. Salmah"},
	"tempat_lahir": {"Makassar"}, "tempat_meninggal": {"RSUD Labuang Baji", "Rumah"}, "tempat_pemakaman": {"Pekuburan Islam Sudiang", "Pekuburan Panaikang"}, "no_akta_kematian": {"7371-KM-12082026-0007"},
	"nib": {"0812230019457", "1209220048812"}, "bank_pengembang": {"Bank BTN"}, "faskes": {"Puskesmas Kassi-Kassi"}, "no_kartu": {"0001234567899"}, "nama_badan": {"Yayasan Cahaya Rappocini", "CV Karya Bersama"}, "bidang": {"Pendidikan", "Perdagangan umum"},
	"jenis_dokumen": {"Ijazah SD", "Sertifikat tanah", "Buku nikah"}, "nomor_dokumen": {"DN-19 Dd 0012345"}, "nama_tertulis": {"Nama tanpa gelar Daeng"}, "ttl_tertulis": {"Makassar, 1 Januari 1980"},
	"uraian_perbedaan": {"Di dokumen itu namanya ditulis tanpa Daeng. Orangnya sama."}, "alasan": {"Orang tua bekerja di luar daerah"},
	"letak": {"Jl. Toddopuli III, RT 002/RW 003"}, "atas_nama": {"Orang tua pemohon"}, "nomor_bukti": {"Kohir 212 C1"}, "utara": {"Tanah H. Mansyur"}, "timur": {"Jalan setapak"}, "selatan": {"Tanah Dg. Ngai"}, "barat": {"Saluran air"},
	"objek": {"Sepeda motor Honda Beat", "Sapi bali dua ekor", "Mesin jahit"}, "ditujukan": {"Kepala Dinas Sosial Kota Makassar"}, "isi": {"Yang bersangkutan benar aktif dalam kegiatan kerja bakti di lingkungannya."},
	"alamat_tujuan": {"Jl. Poros Malino No. 20"}, "rt_tujuan": {"001"}, "rw_tujuan": {"002"}, "kel_tujuan": {"Tombolo"}, "kec_tujuan": {"Somba Opu"}, "kab_tujuan": {"Kabupaten Gowa"}, "prov_tujuan": {"Sulawesi Selatan"},
	"no_skpwni": {"SKPWNI/7306/12112026/0021"}, "alamat_asal": {"Jl. Poros Limbung, Kabupaten Gowa"}, "bin_binti": {"Abd. Rasyid"}, "tempat_akad": {"Rumah mempelai perempuan"}, "wali": {"Ayah kandung"},
	"alamat_domisili": {"Kos Pondok Mutiara, Jl. Toddopuli Raya"},
}

// purposes of kinds that serve few.
var purposes = map[string][]string{
	"SKC": {"Melamar pekerjaan", "Melamar sebagai anggota Polri", "Syarat magang ke luar negeri"}, "TM": {"Keringanan biaya sekolah", "Keringanan biaya berobat", "Mengurus bantuan sosial"},
	"USH": {"Mengajukan kredit usaha rakyat", "Membuka rekening usaha"}, "BRM": {"Mengajukan KPR subsidi"}, "BMN": {"Melamar pekerjaan", "Mendaftar nikah di kota lain"},
	"PHS": {"Mengurus beasiswa kuliah", "Penetapan uang kuliah tunggal"}, "JKS": {"Mengaktifkan kembali KIS"}, "AHW": {"Mencairkan tabungan almarhum"}, "BPG": {"Menjenguk keluarga", "Mencari pekerjaan"},
	"JDA": {"Mengurus tunjangan pensiun"}, "WAL": {"Mendaftarkan anak ke sekolah"}, "TNH": {"Permohonan sertifikat tanah"}, "BDA": {"Melengkapi berkas pensiun"},
}

// seldom are answered only when something is out of the ordinary.
var seldom = []string{"no_dispensasi", "istri_ke", "pasangan_terdahulu", "no_kk_tumpangan"}

// answers are what is said about somebody of a family; ok is false when they are not
// the one to ask for the letter.
func (e *errand) answers(k letter.Kind, home household, subject int) (letter.Values, bool) {
	v := k.SampleValues(e.clock.Now())
	who := home.Members[subject]
	taken := map[int64]bool{home.Residents[subject]: true}
	for _, f := range k.Fields {
		if slices.Contains(seldom, f.Name) || f.Name == "alamat_domisili" && e.IntN(3) > 0 {
			delete(v, f.Name)
			continue
		}
		switch people, many := f.Type.OfPeople(); {
		case f.Type == letter.Residents:
			var ps []letter.Person
			for i, id := range home.Residents {
				if i != subject {
					ps = append(ps, letter.Person{ResidentID: id})
				}
			}
			if len(ps) == 0 && f.Required {
				return nil, false
			}
			v[f.Name] = letter.Value{People: ps}
		case many:
			v[f.Name] = letter.Value{People: e.listed(f, home, subject)}
		case people:
			p, ok := e.somebody(f, home, subject, taken)
			if !ok {
				return nil, false
			}
			v[f.Name] = letter.Value{People: []letter.Person{p}}
		default:
			v[f.Name] = letter.Value{Text: e.said(f, v[f.Name].Text, who, home)}
		}
	}
	return v, true
}

// said is the answer to a question of plain text.
func (e *errand) said(f letter.Field, sample string, who epemerintahan.NewResident, home household) string {
	switch {
	case f.Name == "sebab" && len(f.Options) == 2: // as the register has it
		return f.Options[max(0, min(1, who.Marital-3))]
	case f.Name == "status_nikah":
		if who.Sex == epemerintahan.Female {
			return "Perawan"
		}
		return "Jejaka"
	case f.Name == "jenis_kepindahan" && len(home.Members) == 1:
		return f.Options[0]
	case f.Name == "jenis_objek":
		return f.Options[e.IntN(len(f.Options)-1)] // land is not sold here
	case f.Type == letter.Select:
		return one(e, f.Options)
	case f.Type == letter.KK && home.KK != "":
		return home.KK
	case f.Type == letter.Money:
		return fmt.Sprint(750_000 + 250_000*e.IntN(14))
	case len(purposes[e.code]) > 0 && f.Name == "keperluan":
		return one(e, purposes[e.code])
	case f.Name == "nama_usaha" || f.Name == "jenis_usaha": // the name says what it is
		return said[f.Name][who.BirthDate.YearDay()%len(said[f.Name])]
	case len(said[f.Name]) > 0:
		return one(e, said[f.Name])
	case f.Type == letter.TextArea && !f.Required:
		return ""
	}
	return sample
}

// somebody is one person whom a letter names.
func (e *errand) somebody(f letter.Field, home household, subject int, taken map[int64]bool) (letter.Person, bool) {
	fits := func(p epemerintahan.NewResident) bool { return age(p.BirthDate, e.clock.Now()) >= 21 }
	switch f.Name {
	case "pewaris":
		return e.outsider("H. "+one(e, menNames[6:])+" "+one(e, menSecond), home), true
	case "anak":
		fits = func(p epemerintahan.NewResident) bool { return age(p.BirthDate, e.clock.Now()) < 18 }
	case "calon":
		fits = func(p epemerintahan.NewResident) bool {
			return p.Sex != home.Members[subject].Sex && p.Marital == 1 && age(p.BirthDate, e.clock.Now()) >= 20
		}
	case "untuk":
		return letter.Person{ResidentID: one(e, home.Residents)}, true
	}
	for range 60 {
		h := one(e, e.homes)
		i := e.IntN(len(h.Residents))
		if !taken[h.Residents[i]] && fits(h.Members[i]) {
			taken[h.Residents[i]] = true
			return letter.Person{ResidentID: h.Residents[i]}, true
		}
	}
	return letter.Person{}, false
}

// listed are several people who are written out or of the family.
func (e *errand) listed(f letter.Field, home household, subject int) (out []letter.Person) {
	if f.Name == "ahli_waris" {
		for i, id := range home.Residents {
			relation := "Anak"
			if i == 0 {
				relation = "Istri"
			}
			out = append(out, letter.Person{ResidentID: id, Relation: relation})
		}
		return out
	}
	for range 1 + e.IntN(2) {
		out = append(out, e.outsider(one(e, menNames[6:])+" "+one(e, menSecond), home))
	}
	return out
}

// outsider is somebody who is not in the register.
func (e *errand) outsider(name string, home household) letter.Person {
	born := home.Members[0].BirthDate.AddDate(-3, -e.IntN(9), -e.IntN(20))
	return letter.Person{
		Name: name, BirthPlace: "Gowa", BirthDate: born.Format("2006-01-02"), Sex: "LAKI-LAKI", Religion: "ISLAM", Job: "WIRASWASTA", Marital: "KAWIN",
		Nation: "WNI", Address: home.Address, RT: home.RT, RW: home.RW, Relation: "Anggota keluarga",
		NIK: "730604" + born.Format("020106") + fmt.Sprintf("%04d", 9000+e.IntN(999)),
	}
}
