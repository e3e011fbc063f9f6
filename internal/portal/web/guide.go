package portalweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const guidePath = "/meja/panduan"

// guide is what somebody in a role does first, in the order of a day.
type guide struct {
	ID, Role string
	Start    string // address where the work waits
	Steps    []string
}

// guides are in the order in which a case goes through the city.
var guides = []guide{
	{"semua", "Semua pegawai", "/meja", []string{
		"Mulai di “Ruang kerja”: angka di tiap kotak adalah yang menunggu Anda. Yang terlambat ditulis di bawahnya.",
		"Aktifkan “Verifikasi dua langkah” di akun Anda, dan simpan kode pemulihannya di tempat lain.",
		"Jangan pinjamkan akun. Setiap langkah dicatat atas nama, jabatan, dan jam Anda.",
		"Halaman yang tidak ditemukan berarti bukan wewenang Anda, atau sudah pindah meja. Tanyakan kepada atasan atau admin unit.",
		"Data yang Anda buka diketahui pemiliknya. Buka hanya yang Anda perlukan untuk pekerjaan.",
	}},
	{"dispatcher", "Pemeriksa dan penerus laporan", "/meja/mtr", []string{
		"Periksa laporan yang menunggu, paling lambat 3 hari kerja. Yang paling dekat tenggatnya ada di atas.",
		"Laporan yang sama dengan yang sudah ada: pilih “Tandai duplikat” dan tulis nomor induknya, jangan ditolak.",
		"Wajah, pelat nomor, dan nama orang: pakai “Tutup bagian foto” dan “Tutup kata” sebelum meneruskan. Sesudah diteruskan, laporan tampil untuk umum.",
		"“Terima dan teruskan” ke unit menurut kategorinya. Bukan urusan kota: “Rujuk ke instansi lain” dan tulis namanya.",
		"Laporan yang menyebut korban, saksi, atau pegawai yang menyimpang: “Sembunyikan dari umum”. Hanya pelapor yang dapat membuatnya rahasia, saat mengirim.",
	}},
	{"unit", "Unit yang menangani laporan", "/meja/mtr", []string{
		"“Mulai kerjakan”, atau pilih “Bukan tugas unit ini” dengan alasannya. Laporan yang tiga kali dioper diputuskan pemeriksa kota.",
		"“Tugaskan” petugas, dan “Tanggapi pelapor” pada hari itu juga bila pekerjaan butuh waktu. Contoh jawaban mempercepatnya.",
		"Kurang jelas? “Tanya pelapor”. Jam berhenti selama menunggu jawabannya.",
		"Sudah dikerjakan: “Serahkan bukti” dengan foto sesudahnya. Bukti yang kurang dikembalikan pemeriksa hasil.",
	}},
	{"lapangan", "Petugas lapangan", "/meja/mtr", []string{
		"Pagi, selagi ada jaringan: buka “Rute tugas saya”, lalu tekan “Bawa ke lapangan”. Yang paling mendesak lebih dulu, lalu yang terdekat.",
		"Di tempat: buka “Tugas di lapangan”, lalu “Serahkan bukti” dengan foto sesudah dikerjakan. Tanpa jaringan pun bisa; terkirim sendiri begitu ada jaringan.",
		"Tidak bisa dikerjakan? Tulis sebabnya di “Catatan untuk petugas”; kepala unit yang memutuskan.",
		"Keluar dari akun sesudah bekerja di HP bersama: tugas di HP itu terhapus.",
	}},
	{"validator", "Pemeriksa hasil", "/meja/mtr", []string{
		"Bandingkan foto sesudah dengan foto pelapor: tempatnya sama, masalahnya hilang.",
		"Belum sesuai: “Kembalikan bukti” dengan alasan. Sesuai: “Terima bukti”, dan pelapor diberi 10 hari kerja untuk menyanggah.",
	}},
	{"operator", "Operator kelurahan", "/meja/surat", []string{
		"Buka “Pastikan identitas warga”: cocokkan KTP dengan orangnya sebelum menerima permintaannya.",
		"Di “Periksa berkas”, cocokkan satu per satu, lalu “Teruskan ke sekretaris”. Kurang: “Kembalikan untuk dilengkapi” dengan menyebut apa yang kurang, sekali saja dan lengkap.",
		"Warga tanpa HP: “Buat surat di loket”. Syarat, waktu, dan biayanya sama, yaitu gratis.",
		"Kelahiran, kematian, pindah, dan datang dicatat sebagai peristiwa dengan dasarnya, bukan dengan mengubah data.",
	}},
	{"lurah", "Sekretaris, lurah, dan camat", "/meja/surat", []string{
		"Sekretaris membaca, lalu “Paraf, teruskan ke lurah”. Lurah menandatangani di “Baca dan tanda tangani”.",
		"Baca pratinjaunya dulu. Surat yang berubah sejak Anda baca tidak dapat ditandatangani.",
		"Berhalangan? Wewenang Plh. atau Plt. diatur admin dengan tanggalnya; sandi tidak pernah dipinjamkan.",
		"Surat yang keliru: “Cabut surat ini” dengan alasan. Nomornya tidak dipakai lagi, dan kode QR menyebutnya dicabut.",
	}},
	{"loket", "Loket puskesmas", "/meja/puskesmas", []string{
		"“Catat hadir” pasien yang datang, cocokkan identitasnya, lalu daftarkan yang tidak punya HP.",
		"Lansia, ibu hamil, penyandang disabilitas, dan bayi didahulukan: pilih alasannya di “Prioritas”.",
		"Listrik atau jaringan padam: pakai “Daftar kertas”, lalu salin ke “Catatan susulan”. Nomornya tidak bentrok.",
	}},
	{"poli", "Perawat, dokter, dan farmasi", "/meja/puskesmas", []string{
		"Buka ruang Anda, lalu “Panggil berikutnya”. Layar menyebut nomor, bukan nama.",
		"Tidak menjawab: “Lewati”. Ia dipanggil lagi nanti; sesudah tiga panggilan dicatat tidak hadir. Bila lalu datang: “Datang terlambat”.",
		"“Selesai”, atau pilih ruang berikut di “Lanjut ke”, saat itu juga: perkiraan waktu tunggu orang lain dihitung dari sini.",
	}},
	{"kapus", "Kepala puskesmas", "/meja/puskesmas", []string{
		"Atur “Jadwal dan kuota” dan hari tutup sebelum orang memesan; yang sudah memesan dikabari.",
		"Lihat “Laporan” dan “Ketepatan perkiraan” tiap minggu.",
		"Tautan layar atau kios tersebar? “Buat alamat baru” di “Layar dan kios”; yang lama langsung mati.",
	}},
	{"konseptor", "Konseptor dan pemaraf naskah", "/meja/eoffice", []string{
		"“Tulis naskah”, lalu pilih jenisnya; bentuk dan penandatangannya mengikuti tata naskah dinas.",
		"Tetapkan “Sifat” sebelum mulai menulis, bukan sesudahnya.",
		"Pemaraf: “Paraf dan teruskan”, atau “Kembalikan kepada konseptor” dengan alasan. Perubahan terlihat dari versi ke versi.",
	}},
	{"pejabat", "Pejabat penanda tangan dan penerima disposisi", "/meja/eoffice", []string{
		"“Baca dan tanda tangani” dengan sandi akun Anda; nomor keluar saat itu.",
		"Naskah masuk: baca, “Beri disposisi” dengan “Batas waktu”, dan pantau sampai dilaporkan.",
		"“Laporkan hasil” dengan isi atau naskah balasan, bukan hanya dengan kata sudah.",
		"Siapa yang membantu meja Anda ditulis di “Sekretaris dan limpahan meja”, dengan tanggal akhir. Menandatangani tidak pernah ikut.",
	}},
	{"tu", "Tata usaha dan arsiparis", "/meja/eoffice", []string{
		"Pindai surat kertas, “Catat naskah masuk”, dan serahkan ke meja pimpinan pada hari diterima.",
		"Naskah yang selesai, di “Belum diberkaskan”, masuk berkas menurut klasifikasinya; masa simpannya berjalan sendiri.",
		"“Usul penyusutan”: usul, penilaian, persetujuan, lalu berita acara. Yang ditahan untuk perkara tidak ikut.",
	}},
	{"skp", "Pegawai yang dinilai dan pejabat penilai", "/meja/kuciniki", []string{
		"“Susun SKP” dari hasil kerja atasan, lalu “Ajukan kepada atasan”. Bukti pekerjaan di portal terhitung sendiri.",
		"Pekerjaan tanpa jejak dicatat di “Log kerja” dengan saksi; satu dari sepuluh ditanyakan kepada saksinya.",
		"Penilai: lihat usul portal, nilai sendiri, dan beri alasan bila berbeda. Adakan dialog, jangan hanya angka.",
		"Tidak setuju? “Kirim sanggah” paling lambat lima hari kerja sesudah periode ditutup.",
	}},
	{"bkpsdm", "BKPSDM dan Inspektorat", "/meja/kuciniki", []string{
		"“Pola” adalah bahan untuk ditanyakan, bukan tuduhan: dengarkan penjelasannya sebelum menilai.",
		"“Sampel bulanan” diundi; periksa berkasnya dan catat pendapat Anda.",
		"Membuka identitas pelapor atau asli yang dihitamkan perlu alasan, dan tercatat.",
		"Inspektorat membaca bahan unit lain hanya dengan surat tugas yang berjalan; sekretarisnya mencatatnya di Pengawasan.",
	}},
	{"admin", "Administrator", "/meja/admin", []string{
		"Wewenang melekat pada jabatan, dengan tanggal. Mutasi dicatat sebagai penempatan; aksesnya ikut berpindah.",
		"“Impor” unit dan pegawai selalu dicoba dulu: semua baris benar, atau tidak ada yang masuk.",
		"Akun yang dicurigai: “Nonaktifkan” saat itu juga; semua sesinya berakhir. Lalu lihat “Jejak audit”.",
		"Hari libur, jam kerja, dan Ramadan diisi di “Kalender” sebelum tahun berjalan: semua tenggat dihitung darinya.",
	}},
}

func showGuide(w http.ResponseWriter, r *http.Request) error {
	frame := deskFrame(web.ActorOf(r.Context()), nil)
	frame.Groups = []ui.DeskGroup{{Items: []ui.DeskItem{{Label: "Menunggu Anda", Href: "/meja"}, {Label: "Panduan petugas", Href: guidePath, Current: true}}}}
	return web.Render(w, r, http.StatusOK, guidePage(frame))
}
