package demo

import (
	"strings"

	"makassartidakrantasa.com/portal/internal/demo/scene"
)

func lower(s string) string { return strings.ToLower(strings.ReplaceAll(s, " ", "-")) }

// matter is what people report under one category. In the words {j} is a street,
// {p} a landmark, {k} the kelurahan and {n} a small number; a title with ~ has no
// photo. Each text has its answers to the category's questions.
type matter struct {
	category string
	weight   int
	scene    scene.Kind
	photo    bool // it can be photographed
	extra    []map[string]string
	said     [][2]string // title, text
	done     []string    // the city's answer
}

var matters = []matter{
	{"LAMPU", 11, scene.Lamp, true, []map[string]string{
		{"kabel": "tidak", "jumlah": "satu"}, {"kabel": "tidak", "jumlah": "satu_jalan"}, {"kabel": "tidak", "jumlah": "satu"},
		{"kabel": "tidak", "jumlah": "beberapa"}, {"kabel": "tidak", "jumlah": "satu"},
	}, [][2]string{
		{"Lampu jalan mati di {p}", "Sudah {n} malam lampu jalan di {p}, {j}, tidak menyala. Jalannya gelap sekali dan anak-anak pulang mengaji lewat situ."},
		{"{j} gelap, lampu jalan padam", "Lampu jalan di sepanjang {j} padam semua sejak minggu lalu. Ibu-ibu takut lewat kalau sudah malam."},
		{"Lampu PJU berkedip lalu mati di {j}", "Lampunya berkedip-kedip lalu mati total. Letaknya di {p}. Mohon diganti sebelum ada yang celaka."},
		{"Lorong di {k} gelap gulita", "Lampu di mulut lorong mati, kira-kira {n} titik. Kemarin ada motor hampir menabrak gerobak karena tidak kelihatan."},
		{"~Lampu jalan menyala siang, mati malam", "Lampu di {p} menyala siang hari tetapi justru mati malam hari. Sepertinya pengaturnya rusak."},
	}, []string{
		"Lampu sudah kami ganti dengan LED 60 watt dan menyala kembali sejak malam ini. Terima kasih laporannya.",
		"Kabel yang putus sudah disambung dan {n} lampu menyala kembali.",
		"Panel pengatur waktunya rusak dan sudah kami ganti. Lampu menyala pukul 18.00 sampai 06.00.",
	}},
	{"JALAN", 11, scene.Pothole, true, []map[string]string{
		{"kelas_jalan": "kota", "kerusakan": "bahaya"}, {"kelas_jalan": "kota", "kerusakan": "besar"}, {"kelas_jalan": "tidak_tahu", "kerusakan": "besar"},
		{"kelas_jalan": "kota", "kerusakan": "besar"}, {"kelas_jalan": "lorong", "kerusakan": "kecil"},
	}, [][2]string{
		{"Lubang besar di {j}", "Ada {n} lubang besar di {j}, {p}. Kalau hujan tertutup air dan tidak kelihatan. Kemarin ada pengendara motor jatuh."},
		{"Aspal mengelupas di {p}", "Aspal di {p} mengelupas dan kerikilnya berserakan. Motor sering tergelincir."},
		{"Jalan rusak parah di {j}, {k}", "Jalannya bergelombang dan berlubang sepanjang kira-kira {n} puluh meter. Mobil harus ambil jalur lawan."},
		{"Bekas galian belum ditutup di {j}", "Bekas galian pipa di {p} hanya ditimbun tanah. Sekarang ambles dan jadi lubang."},
		{"Paving lorong amblas di {k}", "Paving di lorong kami amblas sejak hujan besar. Gerobak dan kursi roda susah lewat."},
	}, []string{
		"Lubang sudah ditutup dengan aspal panas hari ini. Mohon hati-hati selama aspal mengeras.",
		"Penambalan selesai di {n} titik. Permukaan jalan sudah rata dan dapat dilalui.",
		"Paving yang amblas sudah dibongkar, dipadatkan, dan dipasang kembali.",
	}},
	{"SAMPAH", 13, scene.Garbage, true, []map[string]string{
		{"tempat": "jalan"}, {"tempat": "jalan"}, {"tempat": "tps"}, {"tempat": "jalan"}, {"tempat": "lahan"}, {"tempat": "jalan"},
	}, [][2]string{
		{"Sampah menumpuk di {p}", "Sudah {n} hari sampah di {p}, {j}, tidak diangkut. Baunya sampai ke rumah dan banyak lalat."},
		{"Sampah liar di pinggir {j}", "Orang buang sampah sembarangan di pinggir {j} tiap malam. Sekarang sudah menggunung dan memakan badan jalan."},
		{"TPS penuh meluber di {k}", "TPS di {k} penuh dan sampahnya meluber ke jalan. Anjing mengacak-acak, airnya mengalir ke got."},
		{"Kasur dan lemari bekas dibuang di {j}", "Ada kasur dan lemari bekas dibuang di {p}. Menghalangi pejalan kaki."},
		{"Lahan kosong jadi tempat sampah di {k}", "Lahan kosong di {p} dijadikan tempat sampah. Banyak nyamuk, kami khawatir demam berdarah."},
		{"Bau busuk dari tumpukan sampah {j}", "Sampah sisa pasar menumpuk di {p} dan bau busuk sekali, apalagi kalau siang."},
	}, []string{
		"Tumpukan sampah sudah diangkut dengan dua truk dan lokasinya disapu bersih.",
		"Sampah sudah diangkut. Jadwal angkut di titik ini kami tambah menjadi setiap pagi.",
		"Lokasi sudah dibersihkan dan kami pasang bak sampah terpilah. Mohon warga membuang sampah pukul 18.00 sampai 05.00.",
	}},
	{"KONTAINER", 4, scene.Garbage, true, nil, [][2]string{
		{"Truk sampah tidak lewat di {j}", "Sudah {n} hari truk sampah tidak masuk ke {j}. Biasanya tiap Selasa dan Jumat."},
		{"Kontainer sampah {k} belum diangkut", "Kontainer di {p} sudah penuh sejak {n} hari lalu dan belum diganti."},
		{"Motor Viar sampah tidak datang lagi", "Motor pengangkut sampah tidak datang ke lorong kami minggu ini. Sampah menumpuk di depan rumah."},
	}, []string{
		"Kontainer sudah diganti. Keterlambatan terjadi karena armada rusak dan sekarang sudah beroperasi lagi.",
		"Sampah di lorong sudah diangkut dan petugas kembali melayani sesuai jadwal.",
	}},
	{"DRAINASE", 8, scene.Drain, true, []map[string]string{{"lebar": "kecil"}, {"lebar": "besar"}, {"lebar": "kecil"}, {"lebar": "besar"}}, [][2]string{
		{"Got tersumbat di {p}", "Got di {p} tersumbat sampah dan lumpur. Hujan sebentar saja airnya naik ke jalan."},
		{"Saluran air mampet di {j}", "Saluran di sepanjang {j} mampet, airnya hitam dan bau. Sudah {n} bulan tidak dikeruk."},
		{"Penutup got hilang di {j}", "Penutup got di {p} hilang dan salurannya penuh sampah. Berbahaya untuk anak-anak."},
		{"~Kanal penuh sampah dan eceng gondok di {k}", "Kanal di {k} penuh sampah plastik dan eceng gondok. Air tidak mengalir."},
	}, []string{
		"Saluran sudah dikeruk sepanjang {n} puluh meter dan air mengalir lancar.",
		"Sampah dan sedimen sudah diangkat, penutup got yang hilang sudah diganti beton baru.",
	}},
	{"BANJIR", 5, scene.Flood, true, []map[string]string{{"tinggi": "mata_kaki"}, {"tinggi": "lutut"}, {"tinggi": "mata_kaki"}}, [][2]string{
		{"Genangan air di {j} setelah hujan", "Setiap hujan {j} tergenang dan lama surutnya. Motor banyak mogok di {p}."},
		{"Banjir setinggi lutut di {k}", "Air masuk ke {n} rumah di {k} sejak subuh. Kami butuh pompa."},
		{"Air tidak surut di {p}", "Sudah {n} hari air di {p} tidak surut padahal hujan sudah berhenti. Anak sekolah harus memutar."},
	}, []string{
		"Pompa bergerak dikerahkan dan air sudah surut. Saluran keluar yang tersumbat ikut dibersihkan.",
		"Genangan sudah surut setelah pintu air dibuka dan sampah di mulut saluran diangkat.",
	}},
	{"POHON", 5, scene.Tree, true, []map[string]string{{"keadaan": "menutup"}, {"keadaan": "pangkas"}, {"keadaan": "pangkas"}}, [][2]string{
		{"Pohon tumbang di {j}", "Pohon besar tumbang di {p} setelah angin kencang tadi. Separuh jalan tertutup."},
		{"~Dahan pohon hampir patah di {p}", "Dahan pohon di {p} sudah lapuk dan menggantung di atas jalan. Mohon dipangkas sebelum jatuh."},
		{"~Pohon menutupi lampu dan rambu di {j}", "Daunnya rimbun sekali sampai lampu jalan dan rambu tidak kelihatan."},
	}, []string{
		"Pohon sudah dipotong dan dibersihkan. Jalan dapat dilalui kembali.",
		"Dahan yang lapuk sudah dipangkas. Kami jadwalkan pemeriksaan pohon lain di ruas ini.",
	}},
	{"MACET", 5, scene.Parking, true, nil, [][2]string{
		{"Parkir liar di {p}", "Mobil parkir di badan jalan {j} tiap sore sampai macet panjang. Juru parkirnya tidak pakai rompi resmi."},
		{"Mobil parkir di trotoar {j}", "Trotoar di {p} dipakai parkir mobil. Pejalan kaki harus turun ke jalan."},
		{"Macet setiap pagi di {p}", "Kendaraan menaikkan dan menurunkan anak sekolah berhenti sembarangan di {p}. Mohon ada petugas."},
	}, []string{
		"Kendaraan sudah ditertibkan dan rambu dilarang parkir dipasang. Petugas berjaga pukul 06.30 sampai 08.00.",
		"Penertiban dilakukan hari ini, {n} kendaraan digembok. Pengawasan kami lanjutkan seminggu ke depan.",
	}},
	{"PDAM", 5, scene.Leak, true, []map[string]string{{"masalah": "bocor"}, {"masalah": "mati"}, {"masalah": "keruh"}}, [][2]string{
		{"Pipa air bocor di {j}", "Pipa di {p} bocor dan airnya terbuang ke jalan sudah {n} hari. Jalan jadi licin."},
		{"~Air PDAM tidak mengalir di {k}", "Air di {k} tidak mengalir sejak {n} hari lalu. Kami terpaksa beli air galon untuk mandi."},
		{"~Air ledeng keruh dan bau di {j}", "Air dari keran berwarna cokelat dan berbau. Tidak bisa dipakai mencuci."},
	}, []string{
		"Pipa yang bocor sudah diganti dan aliran air normal kembali.",
		"Jaringan sudah dikuras dan tekanan air kembali normal. Bila masih keruh, buka keran sekitar 10 menit.",
	}},
	{"LALIN", 4, scene.Signal, true, nil, [][2]string{
		{"Lampu merah mati di {p}", "Lampu lalu lintas di {p} mati sejak {n} hari lalu. Kendaraan saling serobot."},
		{"Rambu miring tertabrak di {j}", "Tiang rambu di {p} miring karena tertabrak truk. Takutnya roboh ke jalan."},
	}, []string{
		"Lampu lalu lintas sudah berfungsi kembali setelah modul kendalinya diganti.",
		"Tiang rambu sudah ditegakkan dan dicor ulang.",
	}},
	{"TROTOAR", 4, scene.Sidewalk, true, nil, [][2]string{
		{"Trotoar pecah dan berlubang di {j}", "Trotoar di {p} pecah-pecah dan ada lubang ke got. Nenek saya hampir jatuh."},
		{"~Jalur pemandu tunanetra rusak di {j}", "Ubin pemandu untuk penyandang disabilitas netra banyak yang lepas di {p}."},
	}, []string{
		"Trotoar sudah diperbaiki dan ubin pemandu dipasang kembali.",
		"Lubang sudah ditutup pelat beton dan permukaan diratakan.",
	}},
	{"PKL", 3, scene.Stall, true, nil, [][2]string{
		{"Lapak menutup trotoar di {j}", "Pedagang mendirikan lapak permanen di trotoar {p}. Pejalan kaki turun ke jalan raya."},
		{"Bangunan di atas saluran air {k}", "Ada kios dibangun di atas saluran di {p}. Saluran jadi tidak bisa dibersihkan."},
	}, []string{
		"Pedagang sudah dipindahkan ke lokasi yang disediakan di dalam pasar. Trotoar bebas kembali.",
		"Bangunan sudah dibongkar sendiri oleh pemiliknya setelah peringatan ketiga.",
	}},
	{"REKLAME", 2, scene.Stall, true, nil, [][2]string{
		{"~Spanduk liar di {j}", "Banyak spanduk iklan dipaku di pohon sepanjang {j}. Merusak pemandangan dan pohonnya."},
		{"~Baliho hampir roboh di {p}", "Rangka baliho di {p} sudah karatan dan goyang kalau angin."},
	}, []string{"Spanduk tanpa izin sudah diturunkan, {n} lembar.", "Baliho sudah dibongkar bersama pemiliknya."}},
	{"TAMAN", 3, scene.Sidewalk, true, nil, [][2]string{
		{"~Bangku taman rusak di {k}", "Bangku taman di {p} patah dan besinya tajam. Banyak anak bermain di situ."},
		{"~Toilet umum taman tidak ada air", "Toilet umum di {p} tidak ada airnya sejak {n} hari lalu dan kotor."},
	}, []string{"Bangku sudah diganti dan besi tajam dipotong.", "Pompa toilet sudah diperbaiki. Petugas kebersihan berjaga dua kali sehari."}},
	{"INTERNET", 2, scene.Lamp, true, nil, [][2]string{
		{"~Internet lorong mati di {k}", "Wifi gratis di lorong kami mati {n} hari. Anak-anak perlu untuk tugas sekolah."},
		{"~CCTV lorong tidak menyala di {j}", "Kamera CCTV di {p} tidak menyala padahal sering ada kehilangan motor."},
	}, []string{"Perangkat sudah diganti dan jaringan aktif kembali.", "Kamera sudah menyala dan terhubung ke ruang pantau."}},
	{"BANGUNAN", 2, scene.Sidewalk, true, nil, [][2]string{
		{"Bangunan tiga lantai tanpa papan izin di {j}", "Ada pembangunan ruko di {p} tanpa papan izin. Materialnya menutup jalan."},
	}, []string{"Pemilik sudah diberi surat peringatan dan pekerjaan dihentikan sampai izinnya terbit."}},
	{"KETERTIBAN", 3, 0, false, []map[string]string{{"sekarang": "tidak"}, {"sekarang": "tidak"}}, [][2]string{
		{"Balapan liar tiap malam Minggu di {j}", "Anak muda balapan motor di {j} dari jam 12 malam sampai subuh. Warga tidak bisa tidur."},
		{"Musik keras sampai larut di {k}", "Tempat nongkrong di {p} memutar musik keras sampai jam 2 pagi."},
	}, []string{
		"Kami berpatroli tiga malam berturut-turut bersama kepolisian dan membubarkan balapan. Patroli dilanjutkan setiap Sabtu malam.",
		"Pengelola sudah dipanggil dan menandatangani pernyataan tutup pukul 23.00.",
	}},
	{"TERLANTAR", 2, 0, false, nil, [][2]string{
		{"Lansia tidur di emperan toko {j}", "Ada kakek tidur di emperan toko di {p} sudah {n} malam. Kasihan, mohon dibantu."},
		{"Anak mengemis di lampu merah {k}", "Anak-anak kecil mengemis di {p} sampai malam dan tidak sekolah."},
	}, []string{
		"Tim sudah menjangkau yang bersangkutan dan membawanya ke rumah singgah. Keluarganya sedang kami cari.",
		"Anak-anak sudah didampingi dan orang tuanya kami temui. Sekolahnya kami urus bersama kelurahan.",
	}},
	{"BANSOS", 3, 0, false, nil, [][2]string{
		{"Nama saya hilang dari daftar bantuan", "Tahun lalu saya menerima bantuan, sekarang nama saya tidak ada. Suami saya sudah tidak bekerja."},
		{"Cara mendaftar bantuan untuk lansia", "Ibu saya berumur 72 tahun dan tinggal sendiri di {k}. Bagaimana cara mendapat bantuan?"},
	}, []string{
		"Data Anda sudah kami periksa. Silakan ke kantor kelurahan membawa KTP dan KK untuk diusulkan pada musyawarah kelurahan bulan depan.",
		"Ibu Anda memenuhi syarat. Petugas akan berkunjung untuk mendata paling lambat minggu depan.",
	}},
	{"KESEHATAN", 3, 0, false, nil, [][2]string{
		{"Minta fogging di {k}", "Ada {n} anak kena demam berdarah di lorong kami bulan ini. Mohon dilakukan pengasapan."},
		{"Antrean puskesmas lama sekali", "Saya antre dari jam 7 dan baru dilayani jam 11. Loketnya hanya buka satu."},
	}, []string{
		"Penyelidikan sudah dilakukan, pengasapan dilaksanakan Sabtu pagi, dan bubuk abate dibagikan ke setiap rumah.",
		"Terima kasih masukannya. Mulai minggu ini dua loket dibuka pukul 07.00 sampai 10.00.",
	}},
	{"SEKOLAH", 2, 0, false, nil, [][2]string{
		{"Atap kelas bocor di SD {k}", "Atap kelas anak saya bocor dan bukunya basah kalau hujan."},
		{"Pungutan perpisahan di sekolah", "Anak saya diminta membayar uang perpisahan padahal katanya sekolah gratis."},
	}, []string{
		"Atap sudah diperbaiki sementara. Perbaikan menyeluruh masuk anggaran perubahan.",
		"Sekolah sudah kami tegur dan uang yang terkumpul dikembalikan kepada orang tua.",
	}},
	{"DUKCAPIL", 3, 0, false, nil, [][2]string{
		{"KTP-el belum jadi sejak bulan lalu", "Saya sudah rekam {n} minggu lalu tapi KTP belum jadi. Katanya blangko habis."},
		{"Salah tulis nama di kartu keluarga", "Nama anak saya salah satu huruf di KK. Bagaimana cara memperbaikinya tanpa bolak-balik?"},
	}, []string{
		"KTP-el Anda sudah dicetak dan dapat diambil di loket 3 dengan membawa tanda terima.",
		"Perbaikan dapat dilakukan di kantor kecamatan dengan membawa akta kelahiran, selesai hari itu juga.",
	}},
	{"PELAYANAN", 2, 0, false, nil, [][2]string{
		{"Loket tutup padahal masih jam kerja", "Saya datang jam 14.00 loket sudah tutup dan petugas tidak ada. Saya izin dari kerja untuk mengurus ini."},
	}, []string{"Kami mohon maaf. Jadwal jaga loket sudah diatur ulang sehingga selalu ada petugas sampai pukul 16.00."}},
	{"ASPIRASI", 4, 0, false, nil, [][2]string{
		{"Usul jalur sepeda di {j}", "Banyak pelajar bersepeda lewat {j}. Alangkah baiknya kalau ada jalur sepeda yang aman."},
		{"Usul taman baca di {k}", "Anak-anak di {k} butuh tempat membaca. Ada balai RW yang kosong setiap sore."},
		{"Usul bank sampah di {k}", "Warga lorong kami sudah memilah sampah. Mohon dibantu timbangan dan pendampingan bank sampah."},
		{"Usul zebra cross di depan sekolah {k}", "Anak-anak menyeberang {j} tanpa zebra cross setiap pagi."},
	}, []string{
		"Terima kasih usulnya. Kami masukkan ke pembahasan Musrenbang kecamatan bulan Februari dan mengundang Anda hadir.",
		"Usul ini sejalan dengan rencana tahun depan. Survei lokasi dilakukan bulan ini.",
	}},
	{"PUNGLI", 1, 0, false, nil, [][2]string{
		{"Diminta uang untuk surat pengantar", "Saya diminta membayar seratus ribu untuk surat pengantar yang seharusnya gratis."},
	}, []string{"Pemeriksaan selesai. Yang bersangkutan dijatuhi sanksi disiplin dan uang dikembalikan."}},
	{"LAIN", 1, 0, false, nil, [][2]string{
		{"Kucing liar banyak di pasar {k}", "Kucing liar di pasar makin banyak dan ada yang sakit. Mohon ada program sterilisasi."},
	}, []string{"Kami jadwalkan sterilisasi bersama dokter hewan pada akhir bulan."}},
}

var landmarks = []string{
	"depan masjid", "samping SD", "depan kantor lurah", "dekat jembatan", "depan pasar", "samping lapangan", "dekat puskesmas",
	"depan minimarket", "mulut lorong 3", "depan pos ronda", "belakang sekolah", "dekat tikungan", "samping warung coto", "depan SPBU",
}

// islands have no traffic to complain about.
const islands = "73.71.15"

var onIslands = []string{"LAMPU", "SAMPAH", "KONTAINER", "POHON", "PDAM", "TAMAN", "INTERNET"}

// streets by the name of the kecamatan.
var streets = map[string][]string{
	"Mariso":                {"Jalan Cenderawasih", "Jalan Rajawali", "Jalan Nuri", "Jalan Tanjung Alang"},
	"Mamajang":              {"Jalan Veteran Selatan", "Jalan Tupai", "Jalan Onta Lama", "Jalan Singa"},
	"Makassar":              {"Jalan Maccini Raya", "Jalan Abubakar Lambogo", "Jalan Kerung-Kerung", "Jalan Veteran Utara"},
	"Ujung Pandang":         {"Jalan Botolempangan", "Jalan Sultan Hasanuddin", "Jalan Penghibur", "Jalan Somba Opu"},
	"Wajo":                  {"Jalan Sulawesi", "Jalan Timor", "Jalan Tentara Pelajar", "Jalan Bacan"},
	"Bontoala":              {"Jalan Bandang", "Jalan Sunu", "Jalan Tinumbu", "Jalan Masjid Raya"},
	"Tallo":                 {"Jalan Gatot Subroto Baru", "Jalan Sultan Abdullah", "Jalan Teuku Umar", "Jalan Panampu"},
	"Ujung Tanah":           {"Jalan Barukang Raya", "Jalan Sabutung", "Jalan Cakalang", "Jalan Tinumbu Utara"},
	"Panakkukang":           {"Jalan Pengayoman", "Jalan Adhyaksa", "Jalan Batua Raya", "Jalan Abdullah Daeng Sirua"},
	"Tamalate":              {"Jalan Daeng Tata", "Jalan Malengkeri", "Jalan Dangko", "Jalan Mannuruki"},
	"Biringkanaya":          {"Jalan Paccerakkang", "Jalan Goa Ria", "Jalan Batara Bira", "Jalan Pajjaiang"},
	"Manggala":              {"Jalan Antang Raya", "Jalan Borong Raya", "Jalan Tamangapa Raya", "Jalan Inspeksi PAM"},
	"Rappocini":             {"Jalan Rappocini Raya", "Jalan Emmy Saelan", "Jalan Talasalapang", "Jalan Landak Baru", "Jalan Toddopuli Raya"},
	"Tamalanrea":            {"Jalan Kejayaan", "Jalan Bung", "Jalan Tamalanrea Raya", "Jalan Biring Romang"},
	"Kepulauan Sangkarrang": {"jalan dermaga", "jalan utama pulau", "jalan pinggir pantai"},
}

var givenNames = []string{
	"Andi", "Nurul", "Muhammad", "Sitti", "Rahmat", "Hasna", "Ilham", "Fatimah", "Yusuf", "Mariani", "Arman", "Kartika", "Sultan", "Rina", "Jamal", "Wahida",
}

var familyNames = []string{
	"Tompo", "Rahman", "Basri", "Daeng Ngalle", "Salam", "Mappa", "Syam", "Latief", "Daeng Bau", "Amir", "Hamid", "Saleh", "Daeng Tarra", "Nur", "Patta",
}

// What staff and reporters say along the way.
var (
	forwardNotes = []string{"", "", "", "Mohon ditindaklanjuti segera.", "Lokasi sudah dicek di peta, sesuai wewenang.", "Warga sudah lama menunggu, mohon diprioritaskan."}
	startNotes   = []string{"Petugas berangkat ke lokasi hari ini.", "Lokasi sudah kami periksa dan pekerjaan dimulai.", "", "Alat dan bahan disiapkan pagi ini."}
	taskNotes    = []string{"", "Bawa foto sesudah pekerjaan.", "Hubungi ketua RT setempat.", ""}
	questions    = []string{
		"Di sebelah mana tepatnya? Mohon tulis nama toko atau rumah yang terdekat.",
		"Apakah masalahnya masih ada hari ini? Petugas kami tidak menemukannya pagi tadi.",
		"Mohon kirim satu foto lagi dari jarak yang lebih jauh supaya lokasinya mudah ditemukan.",
	}
	replies = []string{
		"Letaknya di {p}, pas di depan rumah bercat hijau.",
		"Masih ada, Pak. Kalau sore makin parah.",
		"Dekat tiang listrik kedua dari {p}. Bisa tanya Pak RT juga.",
	}
	resumeWords  = []string{"Lokasi sudah ditemukan petugas, jadi kami lanjutkan.", "Belum ada jawaban; petugas mengecek langsung ke lapangan."}
	scheduleWhy  = []string{"Menunggu bahan datang dari gudang.", "Alat berat dipakai di lokasi lain sampai akhir pekan.", "Pekerjaan dilakukan malam hari agar tidak memacetkan."}
	bounceWhy    = []string{"Bukan wewenang kami; jalan ini dipelihara pihak kecamatan.", "Ini aset Perumda, mohon diteruskan ke sana.", "Lokasi di luar wilayah tugas kami."}
	proofRefused = []string{"Foto sesudah diambil dari sudut yang lain sehingga hasilnya belum terlihat. Mohon foto ulang.", "Sebagian masih tampak belum selesai. Mohon dituntaskan."}
	validNotes   = []string{"", "", "Bukti sesuai.", "Sudah dicek, hasilnya baik."}
	disputes     = []string{
		"Kemarin sudah dikerjakan tetapi tadi malam rusak lagi.",
		"Yang dikerjakan hanya separuh, sisanya masih sama seperti semula.",
		"Fotonya bukan lokasi yang saya laporkan.",
	}
	rejections = []string{
		"Lokasi yang dilaporkan adalah lahan milik pribadi, jadi penanganannya oleh pemilik lahan. Ketua RT sudah kami beri tahu.",
		"Foto dan uraian tidak menunjukkan masalah yang dapat ditindaklanjuti. Silakan melapor lagi dengan foto yang jelas.",
	}
	cancelWords = []string{"Sudah diperbaiki warga sendiri.", "Salah pilih lokasi, saya buat laporan baru.", ""}
	praises     = []string{"Cepat sekali, terima kasih!", "Terima kasih petugasnya ramah.", "Alhamdulillah sudah terang lagi.", "Bagus, tapi agak lama menunggu.", "Mantap.", ""}
	responses   = []string{
		"Terima kasih atas kesabarannya. Pekerjaan masih menunggu giliran alat.",
		"Kami sudah berkoordinasi dengan kelurahan dan turun minggu ini.",
	}
	notes = []string{"Sudah ditelepon, ketua RT membenarkan.", "Gabungkan dengan pekerjaan di ruas sebelahnya."}
)

// agencies outside the city and what they answer.
var agencies = []struct{ name, why, answer string }{
	{"Balai Besar Pelaksanaan Jalan Nasional Sulawesi Selatan", "Ruas ini jalan nasional, jadi perbaikannya wewenang Balai Besar.",
		"Penambalan ruas ini dijadwalkan bulan depan dalam paket pemeliharaan rutin."},
	{"Dinas Bina Marga dan Bina Konstruksi Provinsi Sulawesi Selatan", "Ruas ini jalan provinsi.",
		"Sudah kami masukkan ke pemeliharaan rutin triwulan ini."},
	{"PLN UP3 Makassar Selatan", "Tiang dan kabel ini milik PLN.", "Tiang sudah ditegakkan dan kabel dirapikan."},
}
