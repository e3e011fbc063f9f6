package epemerintahan

import (
	"strconv"
	"time"
)

// Person is what is written about somebody, besides their NIK and their family.
type Person struct {
	Relation     int
	Name         string
	Sex          int
	BirthPlace   string
	BirthDate    time.Time
	Religion     int
	Education    int
	Job          int
	Marital      int
	Citizenship  int
	Permanence   int
	FatherName   string
	MotherName   string
	BirthDeed    string
	MarriageDeed string
	DivorceDeed  string
}

// Home is where a family lives.
type Home struct {
	KelurahanID int64
	RW, RT      string
	Address     string
}

// Resident is somebody in the register, numbers masked.
type Resident struct {
	ID       int64
	FamilyID int64
	Home
	KelurahanName string
	Person
	NIKStatus NIKStatus
	NIKReason string
	Status    Status
	StatusOn  time.Time
	Seq       int
	Version   int
	UpdatedAt time.Time

	NIK string `db:"-"` // masked; "" when there is none
	KK  string `db:"-"`
}

// residentRow is a resident as the database has it.
type residentRow struct {
	Resident
	NIKSealed []byte
	KKSealed  []byte
	Ancestors []int64 // of the kelurahan
}

// Family is one family card's people and address.
type Family struct {
	ID int64
	Home
	KelurahanName string
	Version       int
	UpdatedAt     time.Time

	KK      string   `db:"-"` // masked; "" when there is none
	Members []Member `db:"-"`
	Numbers []Number `db:"-"`
	Changes []Change `db:"-"`
	May     May      `db:"-"`
}

// Head is the living head of the family, if it has one.
func (f Family) Head() (Member, bool) {
	for _, m := range f.Members {
		if m.Relation == RelationHead && m.Status == Living {
			return m, true
		}
	}
	return Member{}, false
}

// Living counts those who live in the family now.
func (f Family) Living() (n int) {
	for _, m := range f.Members {
		if m.Status == Living {
			n++
		}
	}
	return n
}

type familyRow struct {
	Family
	KKSealed  []byte
	Ancestors []int64
}

// Member is a resident in the list of their family.
type Member struct {
	ID        int64
	Name      string
	Relation  int
	Sex       int
	BirthDate time.Time
	Status    Status
	StatusOn  time.Time
	Version   int
}

// Number is a KK number that a family has or had, masked.
type Number struct {
	KK     string `db:"-"`
	Since  time.Time
	Until  *time.Time
	Reason string
}

// Change is a correction of what is written.
type Change struct {
	At     time.Time
	By     string
	What   string // ubah, pisah, pindah or hapus
	Reason string
	Fields []FieldChange
}

// FieldChange is one answer before and after. Numbers are sealed when it is stored
// and masked when it is shown.
type FieldChange struct {
	Field  string `json:"isian"`
	Before string `json:"dari"`
	After  string `json:"ke"`
}

// Names of the two fields that are sealed in changes.
const (
	fieldNIK = "NIK"
	fieldKK  = "Nomor KK"
)

// May says what the reader may do with a record.
type May struct{ Edit, Reveal, Override, Delete bool }

// HistoryEvent is an event with who told it.
type HistoryEvent struct {
	Event
	By            string
	KelurahanName string
}

// Record is a resident with everything that belongs to them.
type Record struct {
	Resident
	Family  []Member
	Events  []HistoryEvent // oldest first
	Changes []Change       // newest first
	Next    []EventKind    // what may happen now
	Undo    int            // seq of the event that may be undone; 0 = none
	May     May
}

// field is one answer as a change shows it.
type field struct{ label, value string }

// fields are the answers about a person in the order of the form.
func (p Person) fields() []field {
	return []field{
		{"Hubungan keluarga", Relations.Name(p.Relation)},
		{"Nama", p.Name},
		{"Jenis kelamin", Sexes.Name(p.Sex)},
		{"Tempat lahir", p.BirthPlace},
		{"Tanggal lahir", p.BirthDate.Format(time.DateOnly)},
		{"Agama", Religions.Name(p.Religion)},
		{"Pendidikan", Educations.Name(p.Education)},
		{"Pekerjaan", Jobs.Name(p.Job)},
		{"Status kawin", Maritals.Name(p.Marital)},
		{"Kewarganegaraan", Citizenships.Name(p.Citizenship)},
		{"Status penduduk", Permanences.Name(p.Permanence)},
		{"Nama ayah", p.FatherName},
		{"Nama ibu", p.MotherName},
		{"Nomor akta lahir", p.BirthDeed},
		{"Nomor akta kawin", p.MarriageDeed},
		{"Nomor akta cerai", p.DivorceDeed},
	}
}

func (h Home) fields() []field {
	return []field{{"RW", h.RW}, {"RT", h.RT}, {"Alamat", h.Address}}
}

// differ lists the answers that are not the same.
func differ(before, after []field) (out []FieldChange) {
	for i, b := range before {
		if a := after[i]; a.value != b.value {
			out = append(out, FieldChange{b.label, b.value, a.value})
		}
	}
	return out
}

// names of the fields changed, which is all that the audit trail hears of them.
func names(fs []FieldChange) []string {
	out := make([]string, len(fs))
	for i, f := range fs {
		out[i] = f.Field
	}
	return out
}

// ParseArea reads the number of an RT or RW as it is kept: "3" is "003".
func ParseArea(s string) (string, bool) {
	n, err := strconv.Atoi(CleanNumber(s))
	if err != nil || n < 1 || n > 999 {
		return "", false
	}
	return strconv.Itoa(1000 + n)[1:], true
}
