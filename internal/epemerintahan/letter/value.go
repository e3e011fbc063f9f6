package letter

// Values are the answers to a kind's fields, by field name.
type Values map[string]Value

// Value is the answer to one field. Which part is used depends on its [FieldType]:
// People by the last four types, Text by all others. Dates are 2006-01-02, with a
// time 2006-01-02T15:04, times 15:04, numbers and money plain digits, Bool "ya" or "".
type Value struct {
	Text   string   `json:"t,omitempty"`
	People []Person `json:"p,omitempty"`
}

// Person is somebody in a letter, as they were when it was written. ResidentID is 0
// for outsiders. NIK is in full: values are sealed, and pages mask it.
type Person struct {
	ResidentID int64  `json:"id,omitempty"`
	Name       string `json:"nama"`
	NIK        string `json:"nik,omitempty"`
	BirthPlace string `json:"tempat_lahir,omitempty"`
	BirthDate  string `json:"tgl_lahir,omitempty"` // 2006-01-02
	Sex        string `json:"jk,omitempty"`        // LAKI-LAKI or PEREMPUAN
	Religion   string `json:"agama,omitempty"`
	Job        string `json:"pekerjaan,omitempty"`
	Marital    string `json:"status_kawin,omitempty"`
	Nation     string `json:"kewarganegaraan,omitempty"`
	KK         string `json:"kk,omitempty"`
	Relation   string `json:"hubungan,omitempty"` // to the head of the family, or to the subject
	Address    string `json:"alamat,omitempty"`
	RW         string `json:"rw,omitempty"`
	RT         string `json:"rt,omitempty"`
}
