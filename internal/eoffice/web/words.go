package eofficeweb

import (
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/eoffice/kind"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

func letterHref(id int64) string { return letterPath + "/" + strconv.FormatInt(id, 10) }

// kindName names a kind by its code.
func kindName(code string) string {
	k, _ := kind.ByCode(code)
	return k.Name
}

// subjectOf is what a list says a letter is about.
func subjectOf(s eoffice.Secrecy, subject string) string {
	switch {
	case subject != "":
		return subject
	case s.Confidential():
		return eoffice.HiddenSubject
	}
	return "(tanpa hal)"
}

// tone is the colour of a status.
func tone(s eoffice.Status) string {
	switch s {
	case eoffice.Sent, eoffice.Archived, eoffice.Done, eoffice.Proved, eoffice.Followed:
		return "success"
	case eoffice.Mending, eoffice.GivenBack, eoffice.AwaitingGuide, eoffice.Refusing:
		return "warning"
	case eoffice.Cancelled, eoffice.Revoked:
		return "danger"
	case eoffice.AwaitingSign, eoffice.Verifying, eoffice.Signed, eoffice.Recorded, eoffice.Directed, eoffice.TakenIn, eoffice.Working, eoffice.Forwarded, eoffice.Reported:
		return "info"
	}
	return "neutral"
}

// secrecyTone warns of what is not for everybody.
func secrecyTone(s eoffice.Secrecy) string {
	switch s {
	case eoffice.Secret, eoffice.HighlySecret:
		return "danger"
	case eoffice.Restricted:
		return "warning"
	}
	return "neutral"
}

// dueText says when something is due, and how pressing it is.
func dueText(due *time.Time, now time.Time) (mark, tone, when string) {
	if due == nil {
		return "", "", ""
	}
	when = indo.ShortDate(*due) + " " + indo.Clock(*due)
	switch left := due.Sub(now); {
	case left < 0:
		return "Terlambat", "danger", when
	case left < 24*time.Hour:
		return "Hampir tenggat", "warning", when
	}
	return "", "", when
}

// seatName is an acting official's title.
func seatName(title, seat string) string {
	switch seat {
	case "plt":
		return "Plt. " + title
	case "plh":
		return "Plh. " + title
	case eoffice.Secretary, eoffice.StandIn:
		return "atas nama " + title
	}
	return title
}

// excuse says of a return that it found no fault with the draft.
func excuse(h eoffice.Happening) string {
	if h.Cause == "" || h.Cause == eoffice.Faulty {
		return ""
	}
	return ": " + strings.ToLower(h.Cause.Label())
}

// happened says what an event was, in the past.
func happened(h eoffice.Happening) string {
	if h.Object == "kiriman" {
		switch h.Action {
		case eoffice.ActDeliver:
			return "Sampai di " + h.Whom
		case eoffice.ActPost:
			return "Dikirim lewat pos kepada " + h.Whom
		case eoffice.ActTakeIn:
			return "Diagendakan di " + h.Whom
		case eoffice.ActDirect:
			return "Diarahkan ke " + h.Whom
		case eoffice.ActOpen:
			if h.Seat == eoffice.Secretary || h.Seat == eoffice.StandIn {
				return "Diterima atas nama " + h.Whom
			}
			return "Dibaca " + h.Whom
		case eoffice.ActScreen:
			return "Disaring, diteruskan ke " + h.Whom
		case eoffice.ActFollow:
			return "Ditindaklanjuti " + h.Whom
		case eoffice.ActFinish:
			return "Selesai di " + h.Whom
		case eoffice.ActGiveBack:
			return "Dikembalikan oleh " + h.Whom
		case eoffice.ActResend:
			return "Dikirim lagi kepada " + h.Whom
		case eoffice.ActProve:
			return "Bukti terima dari " + h.Whom
		}
	}
	if h.Object == "disposisi" {
		if text := ordered[h.Action]; text != "" {
			return text + " (" + h.Whom + ")"
		}
	}
	if text := opined[h.Action]; h.Object == "pendapat" && text != "" {
		return text + " (" + h.Whom + ")"
	}
	switch h.Action {
	case eoffice.ActSubmit:
		return "Diajukan"
	case eoffice.ActParaf:
		return "Diparaf"
	case eoffice.ActEdit:
		return "Isinya diubah, paraf diulang"
	case eoffice.ActReturn:
		return "Dikembalikan kepada konseptor" + excuse(h)
	case eoffice.ActBackOne:
		return "Dikembalikan satu meja" + excuse(h)
	case eoffice.ActWithdraw:
		return "Ditarik"
	case eoffice.ActSign:
		return "Mulai ditandatangani"
	case eoffice.ActSigned:
		return "Ditandatangani"
	case eoffice.ActSignFail:
		return "Penandatanganan gagal, dikembalikan"
	case eoffice.ActPrint:
		return "Dicetak bernomor"
	case eoffice.ActScan:
		return "Naskah bertanda tangan dipindai"
	case eoffice.ActWaive:
		return "Mandat untuk Plt. atau Plh. dilampirkan"
	case eoffice.ActSend:
		return "Dikirim"
	case eoffice.ActRevoke:
		return "Dicabut"
	case eoffice.ActRaise:
		return "Sifatnya dinaikkan menjadi " + strings.ToLower(h.Secrecy.Label())
	case eoffice.ActLower:
		return "Sifatnya diturunkan menjadi " + strings.ToLower(h.Secrecy.Label())
	case eoffice.ActFile:
		return "Diarsipkan"
	case eoffice.ActDestroy:
		return "Dimusnahkan"
	case eoffice.ActRecord:
		return "Dicatat"
	case eoffice.ActCorrect:
		return "Catatannya dibetulkan"
	case eoffice.ActClassify:
		return "Diberi kode klasifikasi"
	case eoffice.ActDirect:
		return "Diarahkan"
	}
	return string(h.Action)
}

// ordered says what happened to an order, which is named by whom it is for.
var ordered = map[eoffice.Action]string{
	eoffice.ActGive: "Didisposisikan", eoffice.ActOpen: "Disposisi dibaca", eoffice.ActStart: "Disposisi mulai dikerjakan",
	eoffice.ActForward: "Disposisi diteruskan", eoffice.ActReport: "Disposisi dilaporkan", eoffice.ActAccept: "Laporan disposisi diterima",
	eoffice.ActRework: "Laporan disposisi dikembalikan", eoffice.ActAskGuide: "Mohon arahan", eoffice.ActGuide: "Arahan diberikan",
	eoffice.ActRefuse: "Disposisi ditolak, menunggu persetujuan", eoffice.ActAgree: "Penolakan disposisi disetujui",
	eoffice.ActDisagree: "Penolakan disposisi tidak disetujui", eoffice.ActCancel: "Disposisi dibatalkan", eoffice.ActClose: "Disposisi ditutup",
	eoffice.ActAskTime: "Mohon tambahan waktu", eoffice.ActGrantTime: "Tambahan waktu diberikan", eoffice.ActRefuseTime: "Tambahan waktu tidak diberikan",
}
