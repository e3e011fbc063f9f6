package letter

// Status is where a letter stands.
type Status string

// The statuses.
const (
	Draft         Status = "draf"           // the citizen is still filling it in
	AwaitingRT    Status = "menunggu_rt"    // the RT or RW head is asked
	Submitted     Status = "diajukan"       // the operator checks the papers
	Returned      Status = "dikembalikan"   // the applicant mends it; the clock stands
	AwaitingParaf Status = "menunggu_paraf" // the sekretaris reads it
	AwaitingSign  Status = "menunggu_ttd"   // the lurah reads and signs it
	AwaitingCamat Status = "menunggu_camat" // the camat does
	Signing       Status = "menandatangani" // a portal is at work: seconds
	Printed       Status = "dicetak"        // numbered, on paper, waits for its scan
	Issued        Status = "terbit"
	Rejected      Status = "ditolak"
	Cancelled     Status = "dibatalkan"
	Voided        Status = "dicabut"
)

// Statuses lists every status once.
var Statuses = []Status{
	Draft, AwaitingRT, Submitted, Returned, AwaitingParaf, AwaitingSign, AwaitingCamat, Signing, Printed,
	Issued, Rejected, Cancelled, Voided,
}

// Open reports whether something is still to be done.
func (s Status) Open() bool {
	switch s {
	case Issued, Rejected, Cancelled, Voided:
		return false
	}
	return true
}

// Action is what somebody does to a letter.
type Action string

// The actions.
const (
	ActSubmit    Action = "ajukan"       // the citizen sends the draft
	ActAskRT     Action = "minta_rt"     // the same, the RT or RW head is asked first
	ActEnter     Action = "catat"        // the operator enters it at the counter
	ActConfirmRT Action = "rt_setuju"    // by the secret link
	ActDenyRT    Action = "rt_menolak"   // goes on to the operator, with what was said
	ActSkipRT    Action = "lewati_rt"    // the operator goes on without the answer
	ActReturn    Action = "kembalikan"   // to the applicant, with a reason
	ActResubmit  Action = "ajukan_lagi"  // the applicant mended it
	ActEdit      Action = "ubah"         // the operator corrects the answers
	ActCheck     Action = "periksa"      // papers complete: to the sekretaris
	ActParaf     Action = "paraf"        // to the lurah
	ActSendBack  Action = "kembali_cek"  // sekretaris, lurah or camat to the operator, with a reason
	ActSign      Action = "tanda_tangan" // the first step of signing: takes the number
	ActSigned    Action = "ditandatangani"
	ActSignFail  Action = "ttd_gagal" // back to where it was, keeping its number
	ActPrint     Action = "cetak"     // basah: takes the number
	ActScan      Action = "pindai"    // the signed paper comes back
	ActReject    Action = "tolak"
	ActCancel    Action = "batal"
	ActVoid      Action = "cabut"
	ActHandOver  Action = "serahkan"     // the paper was given to the applicant
	ActOffer     Action = "peristiwa"    // the resident event that it offers was recorded
	ActReissue   Action = "terbit_ulang" // a voided letter is made anew, for the operator to correct
)

// Actions lists every action once.
var Actions = []Action{
	ActSubmit, ActAskRT, ActEnter, ActConfirmRT, ActDenyRT, ActSkipRT, ActReturn, ActResubmit, ActEdit, ActCheck, ActParaf,
	ActSendBack, ActSign, ActSigned, ActSignFail, ActPrint, ActScan, ActReject, ActCancel, ActVoid, ActHandOver, ActOffer, ActReissue,
}

// Label names the status in a sentence.
func (s Status) Label() string {
	switch s {
	case Draft:
		return "belum dikirim"
	case AwaitingRT:
		return "menunggu RT/RW"
	case Submitted:
		return "diperiksa"
	case Returned:
		return "perlu dilengkapi"
	case AwaitingParaf:
		return "menunggu paraf"
	case AwaitingSign:
		return "menunggu tanda tangan"
	case AwaitingCamat:
		return "menunggu camat"
	case Signing:
		return "sedang ditandatangani"
	case Printed:
		return "dicetak, menunggu pindaian"
	case Issued:
		return "terbit"
	case Rejected:
		return "ditolak"
	case Cancelled:
		return "dibatalkan"
	case Voided:
		return "dicabut"
	}
	return ""
}

// runs reports whether the service clock runs in the status.
func (s Status) runs() bool {
	switch s {
	case Submitted, AwaitingParaf, AwaitingSign, AwaitingCamat, Signing, Printed:
		return true
	}
	return false
}
