package epemerintahan

import (
	_ "embed"
	"encoding/json"
	"slices"
)

// Code is an entry of a SIAK list; what is stored is its number.
type Code struct {
	ID   int    `json:"id"`
	Name string `json:"nama"`
}

// Codes is one SIAK list in its order.
type Codes []Code

// Name of an entry; "" when the list has none.
func (cs Codes) Name(id int) string {
	if i := slices.IndexFunc(cs, func(c Code) bool { return c.ID == id }); i >= 0 {
		return cs[i].Name
	}
	return ""
}

//go:embed codes.json
var codesFile []byte

// lists as codes.json has them; the jobs are those of the newer forms, 99 of them.
var lists = func() map[string]Codes {
	all := map[string]Codes{}
	if err := json.Unmarshal(codesFile, &all); err != nil {
		panic(err) // the file is part of the program
	}
	return all
}()

// The SIAK lists.
var (
	Sexes        = lists["jenis_kelamin"]
	Religions    = lists["agama"]
	Educations   = lists["pendidikan"]
	Jobs         = lists["pekerjaan"]
	Maritals     = lists["status_kawin"]
	Citizenships = lists["kewarganegaraan"]
	Permanences  = lists["status_penduduk"]
	Relations    = lists["shdk"]
)

// Entries that the program itself knows.
const (
	Male          = 1
	Female        = 2
	RelationHead  = 1
	RelationOther = 11
)

// NIKStatus says whether there is a NIK and, if not, why.
type NIKStatus string

// The statuses of a NIK.
const (
	NIKPresent NIKStatus = "ada"
	NIKNone    NIKStatus = "belum_punya"
	NIKUnknown NIKStatus = "belum_diketahui"
	NIKPending NIKStatus = "menunggu_pemeriksaan"
)

// NIKStatuses in the order of the form.
var NIKStatuses = []NIKStatus{NIKPresent, NIKNone, NIKUnknown, NIKPending}

// Words say it for people.
func (s NIKStatus) Words() string {
	return map[NIKStatus]string{
		NIKPresent: "NIK ada", NIKNone: "Belum punya NIK", NIKUnknown: "NIK belum diketahui", NIKPending: "NIK menunggu pemeriksaan",
	}[s]
}
