package mtr

// Status is where a report stands. The comment says who acts next.
type Status string

const (
	Unconfirmed Status = "belum_konfirmasi"  // reporter (confirm the contact) or moderator; never public
	Received    Status = "diterima"          // dispatcher
	NeedsInfo   Status = "perlu_info"        // reporter; the clock is stopped
	Forwarded   Status = "diteruskan"        // handler of the unit
	InProgress  Status = "dikerjakan"        // handler or worker
	Scheduled   Status = "dijadwalkan"       // handler or worker, on the expected date
	ToValidate  Status = "menunggu_validasi" // validator
	Done        Status = "selesai"           // reporter: confirm or dispute; silence closes
	Closed      Status = "ditutup"           // nobody
	Rejected    Status = "ditolak"           // nobody
	Duplicate   Status = "duplikat"          // nobody: follow the parent
	Referred    Status = "dirujuk_keluar"    // the other agency
	Cancelled   Status = "dibatalkan"        // nobody
	Lapsed      Status = "kedaluwarsa"       // nobody; never public

	// back stands in [Steps] for "the status before perlu_info".
	back Status = "<back>"
)

// Statuses lists every status in the order in which people meet them.
var Statuses = []Status{
	Unconfirmed, Received, NeedsInfo, Forwarded, InProgress, Scheduled, ToValidate,
	Done, Closed, Rejected, Duplicate, Referred, Cancelled, Lapsed,
}

var statusLabels = map[Status]string{
	Unconfirmed: "Menunggu konfirmasi",
	Received:    "Diterima",
	NeedsInfo:   "Perlu informasi",
	Forwarded:   "Diteruskan",
	InProgress:  "Dikerjakan",
	Scheduled:   "Dijadwalkan",
	ToValidate:  "Menunggu validasi",
	Done:        "Selesai",
	Closed:      "Ditutup",
	Rejected:    "Ditolak",
	Duplicate:   "Duplikat",
	Referred:    "Dirujuk ke instansi lain",
	Cancelled:   "Dibatalkan pelapor",
	Lapsed:      "Kedaluwarsa",
}

// Label is the word people see.
func (s Status) Label() string { return statusLabels[s] }

// Valid reports whether s is one of [Statuses].
func (s Status) Valid() bool { _, ok := statusLabels[s]; return ok }

// Terminal reports whether nothing can follow but remarks.
func (s Status) Terminal() bool {
	switch s {
	case Closed, Rejected, Duplicate, Referred, Cancelled, Lapsed:
		return true
	}
	return false
}

// Group is the coarse status that lists filter by.
type Group string

const (
	GroupNew     Group = "baru"     // received, not yet forwarded
	GroupWork    Group = "proses"   // a unit has it
	GroupDone    Group = "selesai"  // repaired or answered
	GroupOther   Group = "lainnya"  // rejected, duplicate, referred, cancelled
	GroupNothing Group = "tertahan" // unconfirmed or lapsed: never listed
)

// Groups are those a public list offers, in order.
var Groups = []Group{GroupNew, GroupWork, GroupDone, GroupOther}

// Label is the word people see.
func (g Group) Label() string {
	switch g {
	case GroupNew:
		return "Baru"
	case GroupWork:
		return "Sedang diproses"
	case GroupDone:
		return "Selesai"
	case GroupOther:
		return "Lainnya"
	}
	return ""
}

// Group of the status.
func (s Status) Group() Group {
	switch s {
	case Received, NeedsInfo:
		return GroupNew
	case Forwarded, InProgress, Scheduled, ToValidate:
		return GroupWork
	case Done, Closed:
		return GroupDone
	case Rejected, Duplicate, Referred, Cancelled:
		return GroupOther
	}
	return GroupNothing
}

// Statuses of the group.
func (g Group) Statuses() []Status {
	var out []Status
	for _, s := range Statuses {
		if s.Group() == g {
			out = append(out, s)
		}
	}
	return out
}

// Class is what kind of word the citizen sends.
type Class string

const (
	Complaint  Class = "pengaduan"
	Aspiration Class = "aspirasi"
	Question   Class = "permintaan_informasi"
)

// Classes in the order offered.
var Classes = []Class{Complaint, Aspiration, Question}

// Label is the word people see.
func (c Class) Label() string {
	switch c {
	case Complaint:
		return "Pengaduan"
	case Aspiration:
		return "Aspirasi"
	case Question:
		return "Permintaan informasi"
	}
	return ""
}
