package epuskesmasweb

// ActName names this module's acts in the audit trail, "" for others.
func ActName(action string) string { return actNames[action] }

var actNames = map[string]string{
	"epuskesmas.site.save":       "Mengatur pendaftaran puskesmas",
	"epuskesmas.poli.save":       "Mengatur poli",
	"epuskesmas.counter.save":    "Mengatur ruang atau loket",
	"epuskesmas.doctor.save":     "Mengatur dokter",
	"epuskesmas.plan.save":       "Mengatur jadwal mingguan",
	"epuskesmas.closure.save":    "Menutup hari layanan",
	"epuskesmas.closure.remove":  "Membuka hari layanan lagi",
	"epuskesmas.session.quota":   "Mengubah kuota sesi",
	"epuskesmas.session.absent":  "Mencatat dokter tidak datang",
	"epuskesmas.session.drop":    "Meniadakan sesi",
	"epuskesmas.board.renew":     "Membuat alamat layar baru",
	"epuskesmas.kiosk.renew":     "Membuat alamat kios baru",
	"epuskesmas.code":            "Membuat kode untuk pasien",
	"epuskesmas.bpjs.save":       "Mengatur sambungan BPJS dan SATUSEHAT",
	"epuskesmas.bpjs.password":   "Membuat sandi Mobile JKN baru",
	"epuskesmas.bpjs.refuse":     "Sandi Mobile JKN salah",
	"epuskesmas.patient.merge":   "Menggabungkan data pasien ganda",
	"epuskesmas.patient.unmerge": "Memisahkan lagi data pasien",
	"epuskesmas.bpjs.patient":    "Mendaftarkan pasien baru dari Mobile JKN",
}
