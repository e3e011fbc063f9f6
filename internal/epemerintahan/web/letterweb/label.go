package letterweb

import "makassartidakrantasa.com/portal/internal/epemerintahan/letter"

// Label names a status the way a neighbour would.
func Label(s letter.Status) string {
	switch s {
	case letter.Draft:
		return "Belum dikirim"
	case letter.AwaitingRT:
		return "Menunggu RT/RW"
	case letter.Submitted:
		return "Diperiksa"
	case letter.Returned:
		return "Perlu dilengkapi"
	case letter.AwaitingParaf:
		return "Menunggu paraf"
	case letter.AwaitingSign:
		return "Menunggu tanda tangan"
	case letter.AwaitingCamat:
		return "Menunggu camat"
	case letter.Signing:
		return "Sedang ditandatangani"
	case letter.Printed:
		return "Dicetak, menunggu pindaian"
	case letter.Issued:
		return "Terbit"
	case letter.Rejected:
		return "Ditolak"
	case letter.Cancelled:
		return "Dibatalkan"
	case letter.Voided:
		return "Dicabut"
	}
	return string(s)
}

// Tone is the colour of a status tag.
func Tone(s letter.Status) string {
	switch s {
	case letter.AwaitingRT, letter.Submitted, letter.AwaitingParaf, letter.AwaitingSign, letter.AwaitingCamat, letter.Signing, letter.Printed:
		return "info"
	case letter.Draft, letter.Returned:
		return "warning"
	case letter.Issued:
		return "success"
	case letter.Rejected, letter.Voided:
		return "danger"
	}
	return "neutral"
}

// Holder says who has to do something now; "" when nothing is left to do.
func Holder(s letter.Status) string {
	switch s {
	case letter.Draft, letter.Returned:
		return "Pemohon"
	case letter.AwaitingRT:
		return "Ketua RT/RW"
	case letter.Submitted, letter.Printed:
		return "Operator kelurahan"
	case letter.AwaitingParaf:
		return "Sekretaris kelurahan"
	case letter.AwaitingSign, letter.Signing:
		return "Lurah"
	case letter.AwaitingCamat:
		return "Camat"
	}
	return ""
}

// ActName says an action of the trail in words.
func ActName(a letter.Action) string {
	switch a {
	case letter.ActSubmit, letter.ActAskRT:
		return "Diajukan pemohon"
	case letter.ActEnter:
		return "Dicatat di loket"
	case letter.ActConfirmRT:
		return "RT/RW membenarkan"
	case letter.ActDenyRT:
		return "RT/RW tidak membenarkan"
	case letter.ActSkipRT:
		return "Dilanjutkan tanpa jawaban RT/RW"
	case letter.ActReturn:
		return "Dikembalikan untuk dilengkapi"
	case letter.ActResubmit:
		return "Dilengkapi pemohon"
	case letter.ActEdit:
		return "Isian dibetulkan"
	case letter.ActCheck:
		return "Berkas diperiksa lengkap"
	case letter.ActParaf:
		return "Diparaf"
	case letter.ActSendBack:
		return "Dikembalikan ke operator"
	case letter.ActSign:
		return "Penandatanganan dimulai"
	case letter.ActSigned:
		return "Ditandatangani"
	case letter.ActSignFail:
		return "Penandatanganan gagal"
	case letter.ActPrint:
		return "Dicetak bernomor"
	case letter.ActScan:
		return "Surat bertanda tangan dipindai"
	case letter.ActReject:
		return "Ditolak"
	case letter.ActCancel:
		return "Dibatalkan"
	case letter.ActVoid:
		return "Dicabut"
	case letter.ActHandOver:
		return "Diserahkan kepada pemohon"
	case letter.ActOffer:
		return "Peristiwa penduduk dicatat"
	}
	return string(a)
}
