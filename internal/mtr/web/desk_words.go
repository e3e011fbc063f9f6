package mtrweb

import (
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// deskDay names a moment the way a desk reads it: "hari ini 16.00", "besok
// 09.00", "25 Nov 16.00", with the year when it is another one.
func deskDay(at, now time.Time) string {
	at, now = at.In(indo.WITA), now.In(indo.WITA)
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, indo.WITA)
	day := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, indo.WITA)
	switch day.Sub(midnight) {
	case 0:
		return "hari ini " + indo.Clock(at)
	case 24 * time.Hour:
		return "besok " + indo.Clock(at)
	case -24 * time.Hour:
		return "kemarin " + indo.Clock(at)
	}
	short := indo.ShortDate(at)
	if at.Year() == now.Year() {
		short = short[:len(short)-len(" 2006")]
	}
	return short + " " + indo.Clock(at)
}

// deskDue is a due time as a desk shows it: a mark in words, and when.
type deskDue struct {
	Mark, Tone string // Mark "" when there is time enough
	When       string
}

func dueOf(kind mtr.DueKind, status mtr.Status, at *time.Time, late, near bool, now time.Time) deskDue {
	if status == mtr.NeedsInfo {
		return deskDue{Mark: "Jeda", Tone: "neutral", When: "menunggu pelapor"}
	}
	if at == nil || kind == mtr.DueNone {
		return deskDue{}
	}
	d := deskDue{When: deskDay(*at, now)}
	switch {
	case kind == mtr.DueClose || kind == mtr.DueConfirm:
		// Nobody of the city is late there.
	case late:
		d.Mark, d.Tone, d.When = "Terlambat", "danger", "sejak "+d.When
	case near:
		d.Mark, d.Tone = "Segera", "warning"
	}
	return d
}

// deskEventTitle says what happened, for staff.
func deskEventTitle(e mtr.DeskEvent) string {
	switch e.Action {
	case mtr.ActSubmit:
		return "Laporan masuk"
	case mtr.ActHold:
		return "Laporan masuk dan tertahan"
	case mtr.ActConfirmContact:
		return "Pelapor mengonfirmasi kontaknya"
	case mtr.ActAppeal:
		return "Pengirim mengajukan keberatan"
	case mtr.ActRelease:
		return "Laporan dilepas dari penahanan"
	case mtr.ActLapse:
		return "Kedaluwarsa karena tidak dikonfirmasi"
	case mtr.ActForward:
		return "Diteruskan" + toward(" ke ", e.UnitName)
	case mtr.ActReject:
		return "Ditolak"
	case mtr.ActMarkDuplicate:
		return "Ditandai sebagai duplikat"
	case mtr.ActUnmark:
		return "Dipisahkan lagi: bukan duplikat"
	case mtr.ActReferOut:
		return "Dirujuk ke instansi lain"
	case mtr.ActAgencyAnswer:
		return "Jawaban instansi dicatat"
	case mtr.ActAskInfo:
		return "Bertanya kepada pelapor"
	case mtr.ActGiveInfo:
		return "Pelapor memberi keterangan"
	case mtr.ActResume:
		return "Dilanjutkan tanpa jawaban pelapor"
	case mtr.ActRecategorize:
		return "Kategori menjadi " + orDash(e.CategoryName, "lain") + toward(", diteruskan ke ", e.UnitName)
	case mtr.ActPrioritize:
		return "Prioritas menjadi " + strings.ToLower(e.Priority.Label())
	case mtr.ActBounce:
		if e.CategoryName != "" {
			return "Kategori menjadi " + e.CategoryName + ", dikembalikan kepada verifikator"
		}
		return "Dikembalikan: bukan tugas unit ini"
	case mtr.ActAssign:
		if e.Assignee == "" {
			return "Penugasan dicabut"
		}
		return "Ditugaskan kepada " + e.Assignee
	case mtr.ActStart:
		return "Pekerjaan dimulai"
	case mtr.ActSchedule:
		return "Pekerjaan dijadwalkan"
	case mtr.ActSubmitProof:
		return "Bukti diserahkan"
	case mtr.ActValidate:
		return "Bukti diterima, laporan selesai"
	case mtr.ActRejectProof:
		return "Bukti dikembalikan"
	case mtr.ActConfirm:
		return "Pelapor menyatakan selesai"
	case mtr.ActDispute:
		return "Pelapor menyanggah"
	case mtr.ActAutoClose:
		return "Ditutup setelah masa sanggah lewat"
	case mtr.ActRate:
		return "Pelapor memberi nilai"
	case mtr.ActCancel:
		return "Dibatalkan pelapor"
	case mtr.ActRespond:
		return "Tanggapan untuk pelapor"
	case mtr.ActNote:
		return "Catatan petugas"
	case mtr.ActHide:
		return "Laporan disembunyikan"
	case mtr.ActUnhide:
		return "Laporan ditampilkan lagi"
	case mtr.ActHidePhoto:
		return "Satu foto disembunyikan"
	case mtr.ActRedact:
		return "Sebagian kata ditutup"
	case mtr.ActRedactPhoto:
		return "Sebagian foto ditutup"
	case mtr.ActAnonymize:
		return "Pelapor menjadi anonim"
	case mtr.ActReveal:
		return "Identitas pelapor dibuka"
	case mtr.ActReleasePhoto:
		return "Foto dibuka untuk petugas lapangan"
	case mtr.ActOpenOriginal:
		return "Yang ditutup dibuka"
	case mtr.ActReleaseOriginal:
		return "Petugas diizinkan membuka yang ditutup"
	case mtr.ActEscalateUnit:
		return "Diingatkan ke kepala unit: 24 jam tanpa tanggapan"
	case mtr.ActEscalateMayor:
		return "Naik ke meja wali kota: 2×24 jam tanpa tanggapan"
	}
	return string(e.Action)
}

// ActName says what an act in the audit trail did, "" for acts that are not of
// this module.
func ActName(action string) string {
	switch action {
	case "mtr.report.read":
		return "Membuka laporan"
	case "mtr.report.open_by_code":
		return "Membuka laporan dengan kode"
	case "mtr.report." + string(mtr.ActRecategorize):
		return "Mengubah kategori laporan"
	case "mtr.report." + string(mtr.ActPrioritize):
		return "Mengubah prioritas laporan"
	case "mtr.report." + string(mtr.ActAssign):
		return "Menugaskan laporan"
	case "mtr.proof.add":
		return "Mengunggah bukti"
	case "mtr.proof.remove":
		return "Menghapus bukti"
	case "mtr.contact.set":
		return "Mengganti kontak pelapor"
	case "mtr.contact.resend":
		return "Mengirim ulang kode"
	case "mtr.category.save":
		return "Menyimpan kategori"
	case "mtr.api_key.issue":
		return "Membuat kunci Open311"
	case "mtr.api_key.revoke":
		return "Mencabut kunci Open311"
	case "mtr.api_key.send":
		return "Menerima laporan lewat Open311"
	case "mtr.retention.set":
		return "Menetapkan masa simpan data pelapor"
	case "mtr.retention.forget":
		return "Menghapus data pelapor yang lewat masa simpan"
	case "mtr.legal_hold.set":
		return "Menahan laporan dari penghapusan"
	case "mtr.legal_hold.lift":
		return "Melepas laporan yang ditahan"
	case "mtr.block.add":
		return "Memblokir pengirim"
	case "mtr.block.end":
		return "Mengakhiri blokir"
	case "mtr.exchange.import":
		return "Memasukkan laporan SP4N-LAPOR!"
	case "mtr.exchange.export":
		return "Mengeluarkan tindak lanjut SP4N-LAPOR!"
	case "mtr.report.take":
		return "Mencatat laporan warga"
	case "mtr.support.take":
		return "Mencatat dukungan lewat telepon"
	case "mtr.template.save":
		return "Menyimpan contoh jawaban"
	case "mtr.template.delete":
		return "Menghapus contoh jawaban"
	case "mtr.route.save":
		return "Menyimpan rute"
	case "mtr.route.delete":
		return "Menghapus rute"
	}
	if act, ok := strings.CutPrefix(action, "mtr.report."); ok {
		return deskEventTitle(mtr.DeskEvent{Action: mtr.Action(act)})
	}
	return ""
}

func toward(prefix, name string) string {
	if name == "" {
		return ""
	}
	return prefix + name
}

// deskEventLook is the dot of an event on the timeline.
func deskEventLook(a mtr.Action) (icon, tone string) {
	switch a {
	case mtr.ActSubmit:
		return "flag", ""
	case mtr.ActForward, mtr.ActAgencyAnswer, mtr.ActRecategorize:
		return "send", ""
	case mtr.ActPrioritize:
		return "flag", ""
	case mtr.ActStart:
		return "wrench", ""
	case mtr.ActSchedule:
		return "calendar", ""
	case mtr.ActAssign:
		return "user", ""
	case mtr.ActAskInfo, mtr.ActBounce, mtr.ActRejectProof:
		return "repeat", "warning"
	case mtr.ActGiveInfo, mtr.ActRespond, mtr.ActNote, mtr.ActAppeal:
		return "chat", ""
	case mtr.ActSubmitProof:
		return "camera", ""
	case mtr.ActValidate, mtr.ActConfirm, mtr.ActAutoClose:
		return "check", "success"
	case mtr.ActReject, mtr.ActDispute, mtr.ActEscalateUnit, mtr.ActEscalateMayor, mtr.ActHold:
		return "alert", "danger"
	case mtr.ActReveal, mtr.ActReleasePhoto, mtr.ActOpenOriginal, mtr.ActReleaseOriginal, mtr.ActUnhide:
		return "eye", "warning"
	case mtr.ActHide, mtr.ActHidePhoto, mtr.ActRedact, mtr.ActRedactPhoto, mtr.ActAnonymize:
		return "lock", "warning"
	}
	return "", ""
}

// deskWho names the acting side of an event: person and unit.
func deskWho(e mtr.DeskEvent) string {
	parts := []string{}
	for _, p := range []string{e.ByName, e.ByUnit} {
		if p != "" && (len(parts) == 0 || parts[0] != p) {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}

// deskCount caps a queue's count for reading.
func deskCount(n int) string {
	if n >= mtr.CountCap {
		return "999+"
	}
	return indo.Int(n)
}
