package eoffice

// Status is where a letter, one of its recipients or an order stands.
type Status string

// The statuses of a letter.
const (
	Drafting     Status = "konsep"         // the drafter writes
	Mending      Status = "perbaikan"      // came back to the drafter
	Verifying    Status = "verifikasi"     // on the desk of who puts a paraf
	AwaitingSign Status = "menunggu_ttd"   // on the desk of who signs
	Signing      Status = "menandatangani" // a portal is at work: seconds
	Printed      Status = "dicetak"        // numbered, on paper, waits for its scan
	Signed       Status = "ditandatangani" // waits to be sent
	Sent         Status = "terkirim"
	Archived     Status = "diarsipkan"
	Cancelled    Status = "dibatalkan"
	Revoked      Status = "dicabut"
	Recorded     Status = "tercatat"    // from outside, registered
	Directed     Status = "diarahkan"   // from outside, on its way to who deals with it
	Destroyed    Status = "dimusnahkan" // what it said is gone; what it was is known
)

// LetterStatuses lists the statuses of a letter.
var LetterStatuses = []Status{
	Drafting, Mending, Verifying, AwaitingSign, Signing, Printed, Signed, Sent, Archived, Cancelled, Revoked, Recorded, Directed, Destroyed,
}

// The statuses of a recipient.
const (
	Prepared  Status = "disiapkan" // the letter is not sent yet
	Arrived   Status = "terkirim"  // lies at the office of the recipient
	TakenIn   Status = "diterima"  // has its agenda number
	Read      Status = "dibaca"
	Followed  Status = "ditindaklanjuti" // there is an order, or an answer is being written
	Done      Status = "selesai"
	GivenBack Status = "dikembalikan"
	Posted    Status = "dikirim_pos" // to somebody outside
	Proved    Status = "bukti_terima"
)

// The statuses of an order; [Read], [Done] and [Cancelled] are the same words.
const (
	Given         Status = "dikirim" // not opened yet
	Working       Status = "dikerjakan"
	Forwarded     Status = "diteruskan"   // there are orders below it
	AwaitingGuide Status = "minta_arahan" // the giver answers; the clock stands
	Refusing      Status = "menolak"      // "not our task": the giver agrees or not
	Reported      Status = "dilaporkan"   // the giver accepts it or sends it back
	Refused       Status = "ditolak"
	Closed        Status = "ditutup" // by the giver, with a reason
)

// OrderStatuses lists the statuses of an order.
var OrderStatuses = []Status{Given, Read, Working, Forwarded, AwaitingGuide, Refusing, Reported, Done, Refused, Cancelled, Closed}

// RecipientStatuses lists the statuses of a recipient.
var RecipientStatuses = []Status{Prepared, Arrived, TakenIn, Read, Followed, Done, GivenBack, Posted, Proved}

// The statuses of a folder of the archive.
const (
	FolderOpen       Status = "terbuka"
	FolderClosed     Status = "tertutup"
	FolderInactive   Status = "inaktif"    // at the records unit
	FolderHandedOver Status = "diserahkan" // to the city's records centre, for ever
)

// FolderStatuses lists the statuses of a folder; [Destroyed] is the same word.
var FolderStatuses = []Status{FolderOpen, FolderClosed, FolderInactive, Destroyed, FolderHandedOver}

// The statuses of a case of disposal; [Cancelled] and [Refused] are the same words.
const (
	DisposalJudged  Status = "dinilai" // its panel has the word
	DisposalAgreed  Status = "disetujui"
	DisposalCarried Status = "dilaksanakan"
)

// DisposalStatuses lists the statuses of a case of disposal.
var DisposalStatuses = []Status{DisposalJudged, DisposalAgreed, DisposalCarried, Refused, Cancelled}

var labels = map[Status]string{
	Drafting: "konsep", Mending: "perlu diperbaiki", Verifying: "menunggu paraf", AwaitingSign: "menunggu tanda tangan",
	Signing: "sedang ditandatangani", Printed: "dicetak, menunggu pindaian", Signed: "siap dikirim", Sent: "terkirim",
	Archived: "diarsipkan", Cancelled: "dibatalkan", Revoked: "dicabut", Recorded: "tercatat", Directed: "diarahkan",
	Prepared: "belum dikirim", TakenIn: "diterima", Read: "dibaca", Followed: "ditindaklanjuti", Done: "selesai",
	GivenBack: "dikembalikan", Posted: "dikirim lewat pos", Proved: "bukti terima ada",
	Asked: "menunggu pendapat", Answered: "sudah berpendapat",
	Given: "belum dibaca", Working: "dikerjakan", Forwarded: "diteruskan", AwaitingGuide: "menunggu arahan",
	Refusing: "ditolak, menunggu persetujuan", Reported: "dilaporkan", Refused: "ditolak", Closed: "ditutup",
	FolderOpen: "terbuka", FolderClosed: "tertutup", FolderInactive: "inaktif", Destroyed: "dimusnahkan", FolderHandedOver: "diserahkan",
	DisposalJudged: "dinilai panitia", DisposalAgreed: "disetujui panitia", DisposalCarried: "dilaksanakan",
}

// Label names the status in a sentence.
func (s Status) Label() string { return labels[s] }

// Action is what somebody does.
type Action string

// The actions on a letter.
const (
	ActBegin    Action = "buat"
	ActSubmit   Action = "ajukan"       // into the chain
	ActParaf    Action = "paraf"        // to the next desk
	ActEdit     Action = "ubah"         // the verifier changes it: earlier paraf are void
	ActReturn   Action = "kembalikan"   // to the drafter, with a reason
	ActBackOne  Action = "mundur"       // one step back, with a reason
	ActWithdraw Action = "tarik"        // given up before it was signed
	ActSign     Action = "tanda_tangan" // the first step of signing: takes the number
	ActSigned   Action = "ditandatangani"
	ActSignFail Action = "ttd_gagal"
	ActPrint    Action = "cetak"  // basah: takes the number
	ActScan     Action = "pindai" // the signed paper comes back
	ActSend     Action = "kirim"
	ActRevoke   Action = "cabut" // by another letter
	ActFile     Action = "arsipkan"
	ActRecord   Action = "catat"    // a letter from outside
	ActCorrect  Action = "betulkan" // what was registered of it
	ActDirect   Action = "arahkan"  // to whom it is for
	ActClassify Action = "klasifikasi"
	ActRaise    Action = "naikkan_sifat" // a recipient makes it more secret
	ActLower    Action = "turunkan_sifat"
	ActConsult  Action = "konsultasi" // asks other desks for opinions
	ActDestroy  Action = "musnahkan"
	ActWaive    Action = "mandat" // the paper by which who only stands in may sign
)

// LetterActions lists the actions on a letter.
var LetterActions = []Action{
	ActBegin, ActSubmit, ActParaf, ActEdit, ActReturn, ActBackOne, ActWithdraw, ActSign, ActSigned, ActSignFail, ActPrint, ActScan,
	ActSend, ActRevoke, ActFile, ActRecord, ActCorrect, ActDirect, ActClassify, ActRaise, ActLower, ActConsult,
	ActDestroy, ActWaive,
}

// The actions on a recipient; [ActDirect] is the same word.
const (
	ActDeliver  Action = "sampai"  // the letter was sent
	ActTakeIn   Action = "terima"  // agenda number
	ActOpen     Action = "baca"    // the addressee opened it
	ActFollow   Action = "tindak"  // an order was given, or an answer begun
	ActFinish   Action = "selesai" // nothing more is to be done
	ActGiveBack Action = "kembalikan"
	ActResend   Action = "kirim_lagi"
	ActPost     Action = "pos"
	ActProve    Action = "bukti"
	ActScreen   Action = "saring" // passed on to the head by who screens
)

// RecipientActions lists the actions on a recipient.
var RecipientActions = []Action{ActDeliver, ActTakeIn, ActDirect, ActOpen, ActFollow, ActFinish, ActGiveBack, ActResend, ActPost, ActProve, ActScreen}

// The actions on an order; [ActOpen] is the same word.
const (
	ActGive       Action = "disposisi"
	ActStart      Action = "kerjakan"
	ActForward    Action = "teruskan" // gives orders below it
	ActReport     Action = "lapor"
	ActAccept     Action = "terima_laporan"
	ActRework     Action = "kembalikan_laporan"
	ActAskGuide   Action = "mohon_arahan"
	ActGuide      Action = "beri_arahan"
	ActRefuse     Action = "tolak"
	ActAgree      Action = "setujui_penolakan"
	ActDisagree   Action = "bantah_penolakan"
	ActCancel     Action = "batalkan"
	ActClose      Action = "tutup" // what is open, orders below it too
	ActAskTime    Action = "mohon_waktu"
	ActGrantTime  Action = "beri_waktu"
	ActRefuseTime Action = "tolak_waktu"
)

// OrderActions lists the actions on an order.
var OrderActions = []Action{ActGive, ActOpen, ActStart, ActForward, ActReport, ActAccept, ActRework, ActAskGuide, ActGuide, ActRefuse, ActAgree,
	ActDisagree, ActCancel, ActClose, ActAskTime, ActGrantTime, ActRefuseTime}

// The actions on a folder; [ActFile], [ActCorrect], [ActClose] and
// [ActDestroy] are the same words.
const (
	ActFolderMake   Action = "buat_berkas"
	ActAgreeFiling  Action = "setujui_berkas" // the head, of what is confidential
	ActRefuseFiling Action = "tolak_berkas"
	ActReopen       Action = "buka_lagi"
	ActPropose      Action = "usulkan" // the daily job, what is due
	ActPostpone     Action = "tunda"   // what is proposed
	ActAppraise     Action = "nilai_kembali"
	ActHold         Action = "tahan" // a legal hold
	ActLift         Action = "lepas_tahan"
	ActMove         Action = "pindahkan" // to the inactive records
	ActHandOver     Action = "serahkan"
)

// FolderActions lists the actions on a folder.
var FolderActions = []Action{ActFolderMake, ActFile, ActAgreeFiling, ActRefuseFiling, ActCorrect, ActClose, ActReopen, ActPropose, ActPostpone, ActAppraise, ActHold, ActLift, ActMove, ActHandOver, ActDestroy}

// The actions on a case of disposal; [ActCancel] is the same word.
const (
	ActCaseMake  Action = "usulkan_susut"
	ActVoteYes   Action = "setuju"
	ActVoteNo    Action = "keberatan"
	ActSetReport Action = "berita_acara"
	ActSetANRI   Action = "persetujuan_anri"
	ActCarryOut  Action = "laksanakan"
)

// DisposalActions lists the actions on a case of disposal.
var DisposalActions = []Action{ActCaseMake, ActVoteYes, ActVoteNo, ActSetReport, ActSetANRI, ActCarryOut, ActCancel}

// reasoned are the actions that need a reason.
var reasoned = map[Action]bool{ActReturn: true, // ActGiveBack is the same word
	ActBackOne: true, ActWithdraw: true, ActRevoke: true, ActRaise: true, ActLower: true, ActWaive: true,
	ActRework: true, ActAskGuide: true, ActGuide: true, ActRefuse: true, ActDisagree: true, ActClose: true, ActAskTime: true, ActRefuseTime: true}

// NeedsReason tells whether the action asks for a reason of 5 to 500 letters.
func (a Action) NeedsReason() bool { return reasoned[a] }
