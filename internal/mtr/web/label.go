package mtrweb

import (
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
)

// Tone is the colour of a status tag.
func Tone(s mtr.Status) string {
	switch s {
	case mtr.Received, mtr.Forwarded:
		return "info"
	case mtr.NeedsInfo, mtr.InProgress, mtr.Scheduled, mtr.ToValidate, mtr.Unconfirmed:
		return "warning"
	case mtr.Done, mtr.Closed:
		return "success"
	case mtr.Rejected, mtr.Lapsed:
		return "danger"
	}
	return "neutral"
}

// CategoryIcon is the icon of a report without a photo.
func CategoryIcon(code string) string {
	switch code {
	case "LAMPU", "LALIN":
		return "lamp"
	case "JALAN", "TROTOAR", "MACET":
		return "road"
	case "SAMPAH", "KONTAINER":
		return "trash"
	case "POHON", "TAMAN":
		return "tree"
	case "DRAINASE", "BANJIR", "PDAM":
		return "water"
	case "KETERTIBAN", "PKL", "REKLAME":
		return "flag"
	case "TERLANTAR", "BANSOS":
		return "people"
	case "BANGUNAN", "SEKOLAH", "KESEHATAN":
		return "building"
	case "DUKCAPIL", "PELAYANAN", "PUNGLI":
		return "file"
	case "ASPIRASI":
		return "chat"
	}
	return "image"
}

// who names the acting side in words that citizens know.
func who(by string) string {
	if by == "Dispatcher" {
		return "Verifikator laporan"
	}
	return by
}

// moment is an event on the timeline.
func moment(e mtr.PublicEvent) ui.Moment {
	m := ui.Moment{Who: who(e.By), At: e.At, Text: e.Reason}
	m.Title, m.Tone, m.Icon = happened(e)
	return m
}

// happened says an event the way a neighbour would.
func happened(e mtr.PublicEvent) (title, tone, icon string) {
	switch e.Action {
	case mtr.ActSubmit:
		return "Laporan diterima", "", "flag"
	case mtr.ActHold:
		return "Laporan ditahan untuk pemeriksaan awal", "warning", "clock"
	case mtr.ActConfirmContact:
		return "Kontak pelapor dikonfirmasi", "", "check"
	case mtr.ActAppeal:
		return "Anda mengajukan keberatan", "", "chat"
	case mtr.ActRelease:
		return "Laporan lolos pemeriksaan awal", "", "check"
	case mtr.ActLapse:
		return "Laporan kedaluwarsa tanpa konfirmasi", "danger", "close"
	case mtr.ActForward:
		if e.UnitName == "" {
			return "Diteruskan ke unit yang berwenang", "", "send"
		}
		return "Diteruskan ke " + e.UnitName, "", "send"
	case mtr.ActReject:
		return "Laporan tidak dapat ditindaklanjuti", "danger", "close"
	case mtr.ActMarkDuplicate:
		return "Digabung dengan laporan yang lebih dahulu", "", "repeat"
	case mtr.ActUnmark:
		return "Ternyata masalah lain; diperiksa lagi", "", "back"
	case mtr.ActReferOut:
		return "Dirujuk ke instansi lain", "", "out"
	case mtr.ActAgencyAnswer:
		return "Jawaban dari instansi lain", "", "chat"
	case mtr.ActAskInfo:
		return "Petugas meminta keterangan pelapor; waktu dihentikan", "warning", "pause"
	case mtr.ActGiveInfo:
		return "Pelapor menambah keterangan", "", "chat"
	case mtr.ActResume:
		return "Penanganan dilanjutkan", "", "arrow"
	case mtr.ActRecategorize:
		if e.UnitName == "" {
			return "Dipindahkan ke kategori yang lebih tepat", "", "repeat"
		}
		return "Pindah kategori dan diteruskan ke " + e.UnitName, "", "send"
	case mtr.ActBounce:
		return "Bukan tugas unit ini; dicarikan unit yang tepat", "warning", "back"
	case mtr.ActAssign:
		return "Petugas ditunjuk", "", "user"
	case mtr.ActStart:
		return "Mulai dikerjakan", "", "wrench"
	case mtr.ActSchedule:
		return "Pekerjaan dijadwalkan", "", "calendar"
	case mtr.ActSubmitProof:
		return "Pekerjaan dinyatakan selesai, hasilnya sedang diperiksa", "", "camera"
	case mtr.ActValidate:
		return "Hasil diperiksa: selesai", "success", "done"
	case mtr.ActRejectProof:
		return "Hasil belum cukup, dikerjakan kembali", "warning", "back"
	case mtr.ActConfirm:
		return "Pelapor menyatakan masalahnya beres", "success", "done"
	case mtr.ActDispute:
		return "Pelapor menyanggah: masalahnya belum beres", "warning", "alert"
	case mtr.ActAutoClose:
		return "Ditutup: tidak ada sanggahan", "success", "lock"
	case mtr.ActRate:
		return "Pelapor memberi nilai", "", "star"
	case mtr.ActCancel:
		return "Dibatalkan oleh pelapor", "", "close"
	case mtr.ActRespond:
		return "Tanggapan", "", "chat"
	case mtr.ActEscalateUnit:
		return "24 jam tanpa tanggapan: pimpinan unit diberi tahu", "warning", "bell"
	case mtr.ActEscalateMayor:
		return "2×24 jam tanpa tanggapan: wali kota diberi tahu", "warning", "bell"
	case mtr.ActHide:
		return "Laporan tidak lagi ditampilkan untuk umum", "", "eye"
	case mtr.ActUnhide:
		return "Laporan ditampilkan kembali", "", "eye"
	case mtr.ActRedact:
		return "Sebagian kata laporan ditutup", "", "eye"
	case mtr.ActAnonymize:
		return "Anda menjadi anonim di laporan ini", "", "lock"
	case mtr.ActHidePhoto:
		return "Satu foto tidak lagi ditampilkan", "", "image"
	}
	return e.To.Label(), "", ""
}

// upcoming is the next thing to happen and by when.
func upcoming(r mtr.PublicReport) (ui.Moment, bool) {
	if r.Status == mtr.NeedsInfo {
		return ui.Moment{Title: "Menunggu jawaban pelapor", Open: true, Due: "waktu berhenti sampai dijawab"}, true
	}
	if r.Status == mtr.Scheduled && r.ExpectedAt != nil {
		return ui.Moment{Title: "Pekerjaan di lapangan", Who: r.UnitName, Open: true, Due: indo.LongDate(*r.ExpectedAt)}, true
	}
	if r.DueAt == nil {
		return ui.Moment{}, false
	}
	m := ui.Moment{Open: true, Due: "paling lambat " + indo.LongDate(*r.DueAt)}
	switch r.DueKind {
	case mtr.DueVerify:
		m.Title, m.Who = "Diperiksa lalu diteruskan", "Verifikator laporan"
	case mtr.DueFollowUp:
		m.Title, m.Who = "Tindak lanjut pertama", r.UnitName
	case mtr.DueWork:
		m.Title, m.Who = "Pekerjaan selesai", r.UnitName
	case mtr.DueValidation:
		m.Title, m.Who = "Hasil diperiksa petugas lain", "Pemeriksa hasil"
	case mtr.DueClose:
		m.Title, m.Who = "Ditutup bila tidak ada sanggahan", ""
	case mtr.DueConfirm:
		m.Title, m.Who = "Konfirmasi kontak", "Pelapor"
	default:
		return ui.Moment{}, false
	}
	if r.Late {
		m.Tone, m.Due = "danger", "terlambat; batasnya "+indo.LongDate(*r.DueAt)
	}
	return m, true
}

// statusLabel is the word of a status. What nobody is asked to confirm waits for the city.
func statusLabel(s mtr.Status, due mtr.DueKind) string {
	if s == mtr.Unconfirmed && due == mtr.DueVerify {
		return "Menunggu moderator"
	}
	return s.Label()
}

// holder says in one sentence who has the report now.
func holder(r mtr.PublicReport) string {
	switch r.Status {
	case mtr.Unconfirmed:
		if r.DueKind == mtr.DueVerify {
			return "Moderator laporan Kota Makassar"
		}
		return "Menunggu konfirmasi kontak"
	case mtr.Received:
		return "Verifikator laporan Kota Makassar"
	case mtr.NeedsInfo:
		return "Pelapor, untuk menjawab pertanyaan petugas"
	case mtr.ToValidate:
		return "Pemeriksa hasil " + r.UnitName
	case mtr.Done:
		return "Pelapor, untuk memastikan hasilnya"
	case mtr.Referred:
		return r.Agency
	case mtr.Duplicate:
		return "Dilanjutkan di laporan yang lebih dahulu"
	case mtr.Closed, mtr.Rejected, mtr.Cancelled, mtr.Lapsed:
		return "Tidak ada; laporan ini sudah berakhir"
	}
	if r.UnitName == "" {
		return "Verifikator laporan Kota Makassar"
	}
	return r.UnitName
}

// title of a report in a list: its own words once they are public.
func title(i mtr.PublicItem) string {
	if i.Title != "" {
		return i.Title
	}
	return i.CategoryName
}

// place is "Kelurahan, Kecamatan" or what is known of it.
func place(kelurahan, kecamatan string) string {
	switch {
	case kelurahan == "":
		return kecamatan
	case kecamatan == "":
		return kelurahan
	}
	return kelurahan + ", " + kecamatan
}

// tabTitle names a report in the browser's tab and history, where others may look
// over the shoulder: a rahasia one by its number only.
func tabTitle(number, title string, confidential bool) string {
	if confidential {
		return number
	}
	return number + " " + title
}
