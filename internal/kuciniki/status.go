package kuciniki

// Status is where an SKP or an evaluation stands.
type Status string

// The statuses of an SKP.
const (
	Drafting Status = "konsep"     // its owner writes
	Proposed Status = "diajukan"   // the rater agrees or gives it back
	Agreed   Status = "disepakati" // holds
	Dialogue Status = "dialog"     // being changed; what was agreed holds until then
)

var labels = map[Status]string{
	Drafting: "konsep", Proposed: "diajukan", Agreed: "disepakati", Dialogue: "sedang diubah",
	Opened: "belum dilaporkan", Reported: "dilaporkan", AwaitSecond: "menunggu tanda tangan kedua", Given: "disampaikan", Accepted: "diterima",
	Objected: "disanggah", Decided: "sanggah diputus",
}

// Label names the status in a sentence.
func (s Status) Label() string { return labels[s] }

// Action is what somebody does.
type Action string

// The actions on an SKP.
const (
	ActBegin   Action = "buat"
	ActPropose Action = "ajukan"
	ActAgree   Action = "sepakati"
	ActReturn  Action = "kembalikan" // with a reason
	ActChange  Action = "ubah"       // opens the dialogue, with a reason
)

// Role is what somebody is to an SKP.
type Role uint8

// The roles.
const (
	AsOwner     Role = 1 << iota
	AsRater          // holds the superior's post
	AsCoRater        // leads the team of another unit
	AsAbove          // holds a post further up
	AsPersonnel      // BKPSDM
	AsInspector      // Inspektorat
	AsSecond         // signs besides the rater, and decides objections
	AsSystem
)

// Has reports whether the set r holds any of want.
func (r Role) Has(want Role) bool { return r&want != 0 }

// String names the strongest role of the set, as events record it.
func (r Role) String() string {
	for _, n := range []struct {
		role Role
		name string
	}{
		{AsSystem, "sistem"}, {AsOwner, "pemilik"}, {AsRater, "penilai"}, {AsCoRater, "penilai_kedua"}, {AsSecond, "atasan_penilai"}, {AsAbove, "atasan"},
		{AsPersonnel, "kepegawaian"}, {AsInspector, "pengawas"},
	} {
		if r.Has(n.role) {
			return n.name
		}
	}
	return ""
}
