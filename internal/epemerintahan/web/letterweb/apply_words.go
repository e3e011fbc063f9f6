package letterweb

import (
	"slices"
	"strings"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// categories in the order of the list, with the words of a neighbour.
var categories = []struct{ code, title string }{
	{"sosial", "Bantuan, sekolah dan kesehatan"},
	{"kependudukan", "Tempat tinggal, KTP dan KK"},
	{"keluarga", "Nikah dan keluarga"},
	{"ekonomi", "Usaha"},
	{"ketertiban", "Polisi, acara dan perjalanan"},
	{"pertanahan", "Tanah dan jual beli"},
	{"umum", "Lainnya"},
}

// categoryTitle names a category; a new one names itself.
func categoryTitle(code string) string {
	for _, c := range categories {
		if c.code == code {
			return c.title
		}
	}
	return upperFirst(code)
}

func categoryOrder(code string) int {
	i := slices.IndexFunc(categories, func(c struct{ code, title string }) bool { return c.code == code })
	if i < 0 {
		return len(categories)
	}
	return i
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// usage says what people use a letter for; words are others for the same thing. A kind
// that is not here is found by its own title.
var usage = map[string]struct{ text, words string }{
	"DOM": {"Bukti Anda tinggal di alamat sekarang", "tempat tinggal alamat tinggal kos kost kontrak domisili bank rekening"},
	"KTP": {"Untuk KTP baru, hilang, rusak atau ubah data", "ktp hilang rusak baru kartu tanda penduduk ektp e-ktp rekam"},
	"KK":  {"Untuk kartu keluarga baru atau tambah anggota", "kartu keluarga pecah kk tambah anggota hilang"},
	"LHR": {"Untuk mengurus akta kelahiran bayi", "lahir bayi anak akta kelahiran melahirkan"},
	"MTI": {"Untuk mengurus akta kematian keluarga", "mati meninggal wafat akta kematian almarhum"},
	"PDH": {"Pindah ke kelurahan atau kota lain", "pindah rumah pindah keluar kota skpwni alamat baru"},
	"DTG": {"Baru pindah ke kelurahan ini", "pindah datang masuk pendatang baru"},
	"BDA": {"Nama di dua dokumen tidak sama", "beda nama salah nama salah tulis ijazah identitas sama orang"},
	"BMN": {"Bukti belum pernah menikah", "belum menikah belum kawin lajang bujang single tni polri kerja"},
	"NKH": {"Untuk mendaftar nikah di KUA atau catatan sipil", "nikah kawin n1 n2 n4 pengantar nikah numpang nikah kua menikah"},
	"JDA": {"Bukti pasangan sudah bercerai atau meninggal", "janda duda cerai ditinggal mati"},
	"WAL": {"Anda menjadi wali seorang anak", "wali anak sekolah perwalian asuh"},
	"AHW": {"Daftar ahli waris orang yang meninggal", "waris warisan ahli waris bank tabungan pensiun"},
	"TM":  {"Keringanan biaya sekolah, berobat, bantuan", "miskin surat miskin sktm kurang mampu tidak mampu beasiswa kip bantuan bansos rumah sakit keringanan"},
	"PHS": {"Bukti penghasilan orang tua atau sendiri", "penghasilan gaji slip pendapatan beasiswa kuliah ukt"},
	"JKS": {"Untuk KIS, BPJS gratis atau Jamkesda", "bpjs kis jkn pbi kesehatan jamkesda berobat gratis kartu sehat"},
	"BRM": {"Untuk KPR atau rumah subsidi", "belum punya rumah kpr rumah subsidi bank"},
	"USH": {"Bukti Anda punya usaha, misalnya untuk KUR", "usaha dagang jualan warung sku kur pinjaman bank umkm toko"},
	"DMU": {"Alamat usaha, yayasan atau lembaga", "domisili usaha skdu perusahaan cv pt yayasan lembaga kantor"},
	"SKC": {"Pengantar ke polisi untuk melamar kerja", "skck kelakuan baik polisi lamar kerja melamar"},
	"KRM": {"Pesta, hajatan atau acara dengan banyak orang", "keramaian pesta hajatan nikahan acara izin tutup jalan elekton konser"},
	"KHL": {"Pengantar lapor polisi karena kehilangan", "hilang kehilangan lapor polisi stnk atm dompet ijazah"},
	"BPG": {"Bepergian jauh untuk beberapa waktu", "bepergian perjalanan jalan mudik pergi keluar kota"},
	"TNH": {"Keterangan siapa yang menguasai tanah", "tanah sporadik rincik girik penguasaan fisik kebun"},
	"JBL": {"Jual beli kendaraan, ternak, barang", "jual beli motor mobil kendaraan ternak sapi kambing barang tanah rumah"},
	"UMM": {"Keperluan yang tidak ada di atas", "lain lainnya umum keterangan pengantar apa saja"},
}

func useOf(k letter.Kind) string { return usage[k.Code].text }

// smallWords say nothing about which letter is meant.
var smallWords = strings.Fields("surat keterangan pengantar mau ingin perlu butuh minta urus mengurus bikin buat untuk cara saya di ke dan yang")

// findKinds keeps the kinds that fit the most words of a search: a word fits when it
// begins a word of the title or of what people call the letter.
func findKinds(ks []letter.Kind, search string) (found []letter.Kind) {
	words := strings.Fields(indo.Fold(search))
	if telling := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(smallWords, w) }); len(telling) > 0 {
		words = telling
	}
	if len(words) == 0 {
		return ks
	}
	most := 1
	for _, k := range ks {
		u, fit := usage[k.Code], 0
		all := " " + indo.Fold(strings.Join([]string{k.Title, u.text, u.words, k.Code}, " "))
		for _, w := range words {
			if strings.Contains(all, " "+w) {
				fit++
			}
		}
		if fit > most {
			most, found = fit, nil
		}
		if fit == most {
			found = append(found, k)
		}
	}
	return found
}

// signsIt says who signs a kind and how.
func signsIt(k letter.Kind) string {
	who := "Lurah"
	switch k.CamatSigns {
	case letter.CamatAlways:
		who = "Lurah dan camat"
	case letter.CamatAsked:
		who = "Lurah; camat bila diminta"
	}
	if wetKind(k) {
		return who + ", dengan tinta dan stempel"
	}
	return who + ", secara elektronik"
}

func wetKind(k letter.Kind) bool { return k.AlwaysWet || k.Mode != letter.Electronic }

// takes says how long a kind takes.
func takes(k letter.Kind) string {
	return "Sekitar " + minutes(k.ServiceMinutes) + " pada jam kerja, sejak berkas lengkap"
}

// getsIt says how the letter reaches the applicant.
func getsIt(k letter.Kind) string {
	if wetKind(k) {
		return "Diambil di kantor kelurahan. Pindaiannya juga bisa diunduh di sini."
	}
	return "Diunduh di sini sebagai PDF, atau minta dicetak di kantor kelurahan."
}

// lasts says how long a letter holds.
func lasts(k letter.Kind) string {
	if k.ValidDays == 0 {
		return "Tidak ada batas waktu"
	}
	return indo.Int(k.ValidDays) + " hari sejak terbit"
}

// asked tells whether a resident brings the paper: what the register proves is not
// asked for again.
func asked(r letter.Requirement) bool { return !r.Proved }

func paperIcon(r letter.Requirement) string {
	if r.Scan {
		return "camera"
	}
	return "eye"
}

// paperHint says what to do with a paper.
func paperHint(r letter.Requirement) string {
	s := "Perlihatkan aslinya kepada petugas"
	if r.Scan {
		s = "Dipotret atau dipindai"
	}
	if r.Optional {
		s += ", bila ada"
	}
	return s
}
