package misconduct

import (
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// PermRead opens the channel to those who work in the Inspektorat, and to nobody else.
var PermRead = authz.Register("mtr.misconduct", "MTR: membaca dan menjawab laporan pelanggaran pegawai (hanya berlaku di Inspektorat)")

// Status is where a case stands.
type Status string

const (
	Received Status = "baru"
	InReview Status = "ditelaah"
	Closed   Status = "ditutup"
)

// Statuses in the order of the work.
var Statuses = []Status{Received, InReview, Closed}

// Label is the word people see.
func (s Status) Label() string {
	return map[Status]string{Received: "Baru", InReview: "Sedang ditelaah", Closed: "Selesai"}[s]
}

// Action is what somebody does to a case.
type Action string

const (
	ActSend   Action = "kirim"
	ActWrite  Action = "tulis" // the sender goes on
	ActReview Action = "telaah"
	ActAnswer Action = "jawab"
	ActNote   Action = "catat" // the sender never reads it
	ActClose  Action = "tutup"
	ActReopen Action = "buka"
)

// BySender tells the sender's acts from the desk's.
func (a Action) BySender() bool { return a == ActSend || a == ActWrite }

// Label says what happened.
func (a Action) Label() string {
	return map[Action]string{
		ActSend: "Laporan dikirim", ActWrite: "Pengirim menulis", ActReview: "Mulai ditelaah", ActAnswer: "Jawaban Inspektorat",
		ActNote: "Catatan meja", ActClose: "Selesai", ActReopen: "Dibuka lagi",
	}[a]
}

// Steps is the state machine; what is absent cannot happen.
var Steps = map[Status]map[Action]Status{
	"":       {ActSend: Received},
	Received: {ActWrite: Received, ActNote: Received, ActReview: InReview, ActAnswer: InReview, ActClose: Closed},
	InReview: {ActWrite: InReview, ActNote: InReview, ActAnswer: InReview, ActClose: Closed},
	Closed:   {ActNote: Closed, ActReopen: InReview},
}

// Outcome is how a case ended.
type Outcome string

// Outcomes of a closed case.
var Outcomes = []Outcome{"terbukti", "tidak_terbukti", "kurang_bukti", "diteruskan", "bukan_pelanggaran"}

// Label is the sentence people see.
func (o Outcome) Label() string {
	return map[Outcome]string{
		"terbukti": "Terbukti, ditindak", "tidak_terbukti": "Tidak terbukti", "kurang_bukti": "Bukti belum cukup",
		"diteruskan": "Diteruskan kepada penegak hukum", "bukan_pelanggaran": "Bukan pelanggaran pegawai",
	}[o]
}

// next is where an action leads; errs.Conflict when it is not possible now.
func next(from Status, a Action) (Status, error) {
	to, ok := Steps[from][a]
	if ok {
		return to, nil
	}
	if from == Closed {
		return "", errs.New(errs.Conflict, "Laporan ini sudah selesai, jadi tidak dapat ditambah lagi.")
	}
	return "", errs.New(errs.Conflict, "Tindakan ini tidak dapat dilakukan pada keadaan laporan sekarang.")
}

// Entry is what one side wrote, opened.
type Entry struct {
	Seq    int
	Action Action
	Body   string
	Who    string // of the desk, for the desk alone
	Day    time.Time
	Files  []File
}

// File is named by its kind alone: names of files tell who made them.
type File struct {
	ID          int64
	ContentType string
	Size        int64
}

// Item is a case in the desk's list. It has no words.
type Item struct {
	Ref               string
	Status            Status
	Outcome           Outcome
	Waiting           bool // the sender has written since the desk did
	CameOn, ChangedOn time.Time
}

// Case is a case with all that was written; of the sender's, without notes and names.
type Case struct {
	Item
	Seq     int
	Entries []Entry
}

// May reports whether an action is possible now.
func (c Case) May(a Action) bool { _, ok := Steps[c.Status][a]; return ok }
