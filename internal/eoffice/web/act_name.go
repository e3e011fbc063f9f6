package eofficeweb

// ActName names an act that the module wrote to the audit trail, "" when it is another's.
func ActName(action string) string { return actNames[action] }

var actNames = map[string]string{
	"eoffice.letter.begin":          "Memulai konsep naskah",
	"eoffice.letter.open":           "Membuka naskah",
	"eoffice.letter.paper":          "Membuka berkas naskah",
	"eoffice.letter.versions":       "Melihat versi naskah",
	"eoffice.letter.ajukan":         "Mengajukan naskah",
	"eoffice.letter.paraf":          "Memaraf naskah",
	"eoffice.letter.ubah":           "Mengubah isi naskah",
	"eoffice.letter.kembalikan":     "Mengembalikan naskah",
	"eoffice.letter.mundur":         "Mengembalikan naskah satu meja",
	"eoffice.letter.tarik":          "Menarik naskah",
	"eoffice.letter.tanda_tangan":   "Mulai menandatangani naskah",
	"eoffice.letter.ditandatangani": "Menandatangani naskah",
	"eoffice.letter.ttd_gagal":      "Penandatanganan gagal",
	"eoffice.letter.cetak":          "Mencetak naskah bernomor",
	"eoffice.letter.pindai":         "Memindai naskah",
	"eoffice.letter.kirim":          "Mengirim naskah",
	"eoffice.letter.cabut":          "Mencabut naskah",
	"eoffice.letter.arsipkan":       "Mengarsipkan naskah",
	"eoffice.recipient.sampai":      "Menyampaikan naskah",
	"eoffice.recipient.pos":         "Mengirim naskah lewat pos",
	"eoffice.recipient.terima":      "Mengagendakan naskah",
	"eoffice.recipient.baca":        "Membaca naskah masuk",
	"eoffice.recipient.tindak":      "Menindaklanjuti naskah",
	"eoffice.recipient.selesai":     "Menyelesaikan naskah masuk",
	"eoffice.recipient.kembalikan":  "Mengembalikan naskah kepada pengirim",
	"eoffice.recipient.kirim_lagi":  "Mengirim naskah lagi",
	"eoffice.recipient.bukti":       "Mencatat bukti terima",
}
