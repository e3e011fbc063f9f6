package evidence

// Metric is one figure of the evidence.
type Metric string

// The metrics.
const (
	DeskOnTime    Metric = "E1"
	DraftOnce     Metric = "E2"
	OrderAccepted Metric = "E3"
	ForwardSoon   Metric = "E4"
	AgeOfBacklog  Metric = "E5"
	ReportLasts   Metric = "E6"
	CitizenVoice  Metric = "E7"
	Served        Metric = "E8"
	RecordSameDay Metric = "E9"
	InStandard    Metric = "E10"
	MeetingAction Metric = "E11"
	Attendance    Metric = "E12"
	Coaching      Metric = "E13"
	Witnessed     Metric = "E14"
)

// Rule is what one should know of a metric to read it.
type Rule struct {
	Metric Metric
	Name   string
	Counts string // numerator and denominator in words
	Guard  string // what keeps it fair
	Least  int    // cases under which nothing is said
	Ledger bool   // steps of the ledger stand behind it and can be listed
	Lower  bool   // shown as Wilson's lower bound
}

// Rules lists every metric once.
var Rules = []Rule{
	{DeskOnTime, "Paraf dan tanda tangan tepat waktu", "Langkah yang selesai dalam batasnya dari semua langkah di meja, juga yang batasnya lewat dan belum selesai.", "Mengembalikan dengan alasan dihitung selesai. Hari cuti, masa digantikan Plh., dan gangguan portal menggeser batas.", 5, true, false},
	{DraftOnce, "Konsep lolos sekali", "Konsep yang ditandatangani tanpa pernah dikembalikan untuk diperbaiki dari semua konsep yang ditandatangani.", "Perubahan oleh pejabat di mejanya sendiri bukan pengembalian. Yang dikembalikan hanya karena waktu, prioritas, atau arahan yang berubah tidak dihitung.", 8, true, false},
	{OrderAccepted, "Disposisi selesai dan diterima tepat waktu", "Laporan yang tepat waktu dan diterima pemberi disposisi dari semua yang diterima, juga yang batasnya lewat sebelum dilaporkan.", "Tepat waktu yang diterima otomatis karena pemberi diam tidak dihitung. Disposisi kepada diri sendiri juga tidak, dan antara dua orang yang kebanyakan saling memberi.", 5, true, false},
	{ForwardSoon, "Penerusan tepat waktu", "Disposisi yang diteruskan dalam satu hari kerja dari semua yang diteruskan.", "Nilainya untuk yang meneruskan; penyelesaiannya hanya untuk yang mengerjakan.", 5, true, false},
	{AgeOfBacklog, "Umur tunggakan", "Umur pekerjaan yang masih terbuka di meja: 9 dari 10 tidak lebih lama.", "Pekerjaan sulit yang didiamkan tetap terlihat. Yang menunggu pihak lain dan hari cuti tidak dihitung.", 5, false, false},
	{ReportLasts, "Aduan selesai dan bertahan", "Aduan yang dikerjakan dalam batas, tidak dibuka lagi 14 hari, dan sesuai bila diundi untuk diperiksa, dari semua yang diselesaikan, juga yang batasnya lewat dan belum selesai.", "Aduan kembar dihitung satu kali.", 5, true, false},
	{CitizenVoice, "Suara warga", "Nilai 4 atau 5 dari semua nilai yang diberikan warga.", "Satu suara untuk satu laporan; suara pegawai tidak dihitung. Angkanya batas bawah Wilson.", 10, true, true},
	{Served, "Pasien terlayani", "Banyaknya pasien yang dilayani.", "Hanya konteks: bukan target dan tidak pernah dibandingkan antarorang.", 1, false, false},
	{RecordSameDay, "Rekam lengkap hari itu", "Pasien yang pelayanannya tercatat pada hari itu juga dari semua yang dilayani.", "Mutu, bukan kecepatan. Catatan susulan dari kertas pada hari yang sama dihitung tepat.", 5, true, false},
	{InStandard, "Layanan sesuai standar", "Surat warga yang terbit dalam waktu layanannya dari semua yang terbit, juga yang waktunya lewat dan belum terbit.", "Jam berjalan hanya selama berkas lengkap.", 5, true, false},
	{MeetingAction, "Tindak lanjut rapat", "Disposisi atas notula yang dilaporkan tepat waktu dan diterima dari semua yang diterima, juga yang batasnya lewat sebelum dilaporkan.", "Tepat waktu yang diterima otomatis tidak dihitung.", 5, true, false},
	{Attendance, "Kehadiran bersih", "Hari hadir atau beralasan dari hari kerja, pada bulan yang berkas kehadirannya sudah dimuat.", "Surat tugas, cuti, diklat, dan hari ketika Plh. menggantikan dihitung beralasan.", 5, false, false},
	{Coaching, "Pembinaan", "Bawahan yang mendapat umpan balik atau dialog kinerja dari semua bawahan langsung yang SKP-nya disepakati.", "Isinya pribadi; hanya banyaknya yang terlihat.", 1, false, false},
	{Witnessed, "Log manual bersaksi", "Catatan yang dibenarkan saksi dari yang sudah dijawab saksi; satu dari sepuluh ditanyakan.", "Hari yang hanya terekam di log dihitung sampai batas untuk jenis jabatannya.", 5, false, false},
}

// RuleOf is what one should know of a metric; ok is false where there is no such metric.
func RuleOf(m Metric) (r Rule, ok bool) {
	for _, r := range Rules {
		if r.Metric == m {
			return r, true
		}
	}
	return Rule{}, false
}

// Kind is one kind of entry of the ledger.
type Kind struct {
	Module, Kind, Name string
	Metrics            []Metric // for which it counts; none: it is there to know where a case stands
}

// Kinds declares the kinds of entries that matter here; corrections of the register of
// residents and others leave entries too, which count as traces of work only.
var Kinds = []Kind{
	{"eoffice", "naskah_buat", "Memulai konsep", nil},
	{"eoffice", "naskah_catat", "Mencatat surat masuk", nil},
	{"eoffice", "naskah_ajukan", "Mengajukan konsep", []Metric{DraftOnce}},
	{"eoffice", "naskah_paraf", "Memaraf naskah", []Metric{DeskOnTime}},
	{"eoffice", "naskah_ubah", "Mengubah naskah di meja", nil},
	{"eoffice", "naskah_kembalikan", "Mengembalikan naskah", []Metric{DeskOnTime, DraftOnce}},
	{"eoffice", "naskah_mundur", "Mengembalikan ke meja sebelumnya", []Metric{DeskOnTime, DraftOnce}},
	{"eoffice", "naskah_ditandatangani", "Menandatangani naskah", []Metric{DeskOnTime, DraftOnce}},
	{"eoffice", "naskah_tarik", "Menarik naskah", nil},
	{"eoffice", "naskah_cetak", "Mencetak naskah untuk tanda tangan basah", nil},
	{"eoffice", "naskah_pindai", "Memindai naskah yang ditandatangani", []Metric{DraftOnce}},
	{"eoffice", "naskah_kirim", "Mengirim naskah", nil},
	{"eoffice", "naskah_cabut", "Mencabut naskah", nil},
	{"eoffice", "naskah_arsipkan", "Mengarsipkan naskah", nil},
	{"eoffice", "naskah_musnahkan", "Memusnahkan naskah yang habis masa simpannya", nil},
	{"eoffice", "naskah_arahkan", "Mengarahkan surat masuk", []Metric{ForwardSoon}},
	{"eoffice", "kiriman_sampai", "Naskah sampai di unit", nil},
	{"eoffice", "kiriman_terima", "Menerima dan mengagendakan", nil},
	{"eoffice", "pendapat", "Memberi pendapat atas naskah", nil},
	{"eoffice", "kiriman_saring", "Menyaring naskah masuk", nil},
	{"eoffice", "kiriman_arahkan", "Mengarahkan kiriman", []Metric{ForwardSoon}},
	{"eoffice", "kiriman_tindak", "Menindaklanjuti naskah", []Metric{ForwardSoon}},
	{"eoffice", "kiriman_selesai", "Menyelesaikan naskah", nil},
	{"eoffice", "kiriman_kembalikan", "Mengembalikan kiriman", nil},
	{"eoffice", "kiriman_kirim_lagi", "Mengirim ulang", nil},
	{"eoffice", "kiriman_pos", "Mengirim lewat pos", nil},
	{"eoffice", "kiriman_bukti", "Mencatat bukti terima", nil},
	{"eoffice", "disposisi_disposisi", "Memberi disposisi", []Metric{OrderAccepted}},
	{"eoffice", "disposisi_teruskan", "Meneruskan disposisi", []Metric{ForwardSoon}},
	{"eoffice", "disposisi_lapor", "Melaporkan disposisi", []Metric{OrderAccepted, MeetingAction}},
	{"eoffice", "disposisi_terima_laporan", "Menerima laporan disposisi", []Metric{OrderAccepted, MeetingAction}},
	{"eoffice", "disposisi_kembalikan_laporan", "Mengembalikan laporan disposisi", nil},
	{"eoffice", "disposisi_mohon_arahan", "Memohon arahan", nil},
	{"eoffice", "disposisi_beri_arahan", "Memberi arahan", nil},
	{"eoffice", "disposisi_tolak", "Menolak disposisi", nil},
	{"eoffice", "disposisi_setujui_penolakan", "Menyetujui penolakan", nil},
	{"eoffice", "disposisi_bantah_penolakan", "Membantah penolakan", nil},
	{"eoffice", "disposisi_batalkan", "Membatalkan disposisi", nil},
	{"eoffice", "disposisi_tutup", "Menutup disposisi", nil},
	{"eoffice", "disposisi_beri_waktu", "Memberi tambahan waktu", nil},
	{"eoffice", "disposisi_tolak_waktu", "Menolak tambahan waktu", nil},
	{"mtr", "submit", "Laporan masuk", nil},
	{"mtr", "hold", "Laporan ditahan", nil},
	{"mtr", "confirm_contact", "Kontak dikonfirmasi", nil},
	{"mtr", "release", "Meloloskan laporan", nil},
	{"mtr", "lapse", "Laporan kedaluwarsa", nil},
	{"mtr", "forward", "Meneruskan laporan", nil},
	{"mtr", "reject", "Menolak laporan", nil},
	{"mtr", "mark_duplicate", "Menandai laporan kembar", nil},
	{"mtr", "unmark_duplicate", "Membatalkan tanda laporan kembar", nil},
	{"mtr", "refer_out", "Merujuk ke instansi lain", nil},
	{"mtr", "agency_answer", "Mencatat jawaban instansi", nil},
	{"mtr", "ask_info", "Meminta keterangan", nil},
	{"mtr", "give_info", "Keterangan diberikan", nil},
	{"mtr", "resume", "Melanjutkan tanpa keterangan", nil},
	{"mtr", "bounce", "Mengembalikan laporan", nil},
	{"mtr", "recategorize", "Memindahkan kategori laporan", nil},
	{"mtr", "assign", "Menugaskan petugas", nil},
	{"mtr", "start", "Mulai mengerjakan laporan", nil},
	{"mtr", "schedule", "Menjadwalkan pekerjaan", nil},
	{"mtr", "submit_proof", "Menyerahkan bukti pekerjaan", []Metric{ReportLasts, CitizenVoice}}, // whose vote it is
	{"mtr", "validate", "Memvalidasi pekerjaan", []Metric{ReportLasts}},
	{"mtr", "reject_proof", "Menolak bukti pekerjaan", nil},
	{"mtr", "confirm", "Warga membenarkan", nil},
	{"mtr", "dispute", "Warga membantah", []Metric{ReportLasts}},
	{"mtr", "auto_close", "Laporan ditutup", nil},
	{"mtr", "rate", "Warga memberi nilai", []Metric{CitizenVoice}},
	{"mtr", kindLook, "Inspektorat memeriksa sampel", nil},
	{"mtr", "cancel", "Laporan dibatalkan", nil},
	{"mtr", "respond", "Menanggapi pelapor", nil},
	{"epemerintahan", "surat_ajukan", "Permohonan masuk", nil},
	{"epemerintahan", "surat_minta_rt", "Permohonan lewat RT/RW", nil},
	{"epemerintahan", "surat_catat", "Mencatat permohonan di loket", nil},
	{"epemerintahan", "surat_rt_setuju", "RT/RW setuju", nil},
	{"epemerintahan", "surat_rt_menolak", "RT/RW keberatan", nil},
	{"epemerintahan", "surat_lewati_rt", "Melanjutkan tanpa RT/RW", nil},
	{"epemerintahan", "surat_kembalikan", "Meminta perbaikan berkas", nil},
	{"epemerintahan", "surat_ajukan_lagi", "Berkas diperbaiki", nil},
	{"epemerintahan", "surat_ubah", "Membetulkan isian", nil},
	{"epemerintahan", "surat_periksa", "Memeriksa berkas", nil},
	{"epemerintahan", "surat_paraf", "Memaraf surat warga", nil},
	{"epemerintahan", "surat_kembali_cek", "Mengembalikan ke operator", nil},
	{"epemerintahan", "surat_ditandatangani", "Menandatangani surat warga", []Metric{InStandard}},
	{"epemerintahan", "surat_cetak", "Mencetak surat warga", nil},
	{"epemerintahan", "surat_pindai", "Memindai surat warga", []Metric{InStandard}},
	{"epemerintahan", "surat_tolak", "Menolak permohonan", nil},
	{"epemerintahan", "surat_batal", "Permohonan dibatalkan", nil},
	{"epemerintahan", "surat_cabut", "Mencabut surat warga", nil},
	{"epemerintahan", "surat_serahkan", "Menyerahkan surat", nil},
	{"epemerintahan", "surat_peristiwa", "Mencatat peristiwa dari surat", nil},
	{"epemerintahan", "surat_terbit_ulang", "Menerbitkan ulang", nil},
	{"epemerintahan", "surat_identitas", "Memastikan identitas warga", nil},
	{"epuskesmas", "selesai", "Melayani pasien", []Metric{Served, RecordSameDay}},
	{"epuskesmas", "rujuk", "Merujuk pasien", []Metric{Served, RecordSameDay}},
	{"epuskesmas", "susulan", "Mencatat susulan", []Metric{RecordSameDay}},
	{"epuskesmas", "tidak_terlayani", "Nomor yang tidak terlayani", nil},
	{"kuciniki", "skp", "Menyusun dan menyepakati SKP", nil},
	{"kuciniki", "penilaian", "Melaporkan dan menilai kinerja", nil},
	{"kuciniki", "umpan_balik", "Memberi umpan balik", nil},
	{"kuciniki", "dialog", "Mencatat dialog kinerja", nil},
	{"kuciniki", "log_manual", "Menulis log kerja", nil},
	{"kuciniki", "kesaksian", "Menjawab sebagai saksi", nil},
}

// KindName is what an entry of a kind was, in words.
func KindName(module, kind string) string {
	for _, k := range Kinds {
		if k.Module == module && k.Kind == kind {
			return k.Name
		}
	}
	return "Pekerjaan lain"
}

// CaseType says what a status means for cases of an object of the ledger.
type CaseType struct {
	Object, Name string
	Open         []string // the office has it
	Waiting      []string // somebody outside has it: the clock stands
}

// Cases declares the objects whose cases can be open.
var Cases = []CaseType{
	{"mtr_report", "Laporan warga", []string{"diterima", "diteruskan", "dikerjakan", "dijadwalkan", "menunggu_validasi"}, []string{"perlu_info", "belum_konfirmasi"}},
	{"epemerintahan_letter", "Surat warga", []string{"diajukan", "menunggu_paraf", "menunggu_ttd", "menunggu_camat", "menandatangani", "dicetak"}, []string{"dikembalikan", "menunggu_rt"}},
	{"eoffice_letter", "Naskah dinas", []string{"perbaikan", "verifikasi", "menunggu_ttd", "menandatangani", "dicetak", "ditandatangani", "tercatat"}, nil},
	{"eoffice_recipient", "Naskah masuk", []string{"terkirim", "diterima", "dibaca"}, nil},
	{"eoffice_disposition", "Disposisi", []string{"dikirim", "dibaca", "dikerjakan", "diteruskan", "minta_arahan", "menolak", "dilaporkan"}, nil},
}

func caseType(object string) (c CaseType, ok bool) {
	for _, c := range Cases {
		if c.Object == object {
			return c, true
		}
	}
	return CaseType{}, false
}

// CaseName is what a case of an object is, in words.
func CaseName(object string) string {
	switch c, ok := caseType(object); {
	case ok:
		return c.Name
	case object == "epuskesmas_ticket":
		return "Pelayanan pasien"
	}
	return "Pekerjaan lain"
}
