package letter

// Mode is how a letter is signed.
type Mode string

// The modes.
const (
	Electronic Mode = "tte"
	Wet        Mode = "basah"
)

// FieldType is what a field asks for.
type FieldType string

// The types of fields; see [Value] for how answers are kept.
const (
	Text             FieldType = "text"
	TextArea         FieldType = "textarea"
	Date             FieldType = "date"
	DateTime         FieldType = "datetime"
	Time             FieldType = "time"
	Number           FieldType = "number"
	Money            FieldType = "money" // whole rupiah
	Select           FieldType = "select"
	Bool             FieldType = "bool"
	KK               FieldType = "nokk"
	OneResident      FieldType = "resident"           // somebody in the register
	ResidentOrPerson FieldType = "resident_or_person" // or somebody written out
	Residents        FieldType = "residents"          // some of the subject's family
	Persons          FieldType = "persons"            // any number of people
)

// Field is one question of a kind.
type Field struct {
	Name     string    `json:"name"` // of the control and in the wording: small letters, digits, _
	Label    string    `json:"label"`
	Hint     string    `json:"hint,omitempty"`
	Type     FieldType `json:"type"`
	Required bool      `json:"required,omitempty"`
	Options  []string  `json:"options,omitempty"` // of a Select
	// Ask lists what is asked about each of the people, by the names of [Parts]; one
	// that ends in ? may stay empty. Empty: [DefaultAsk].
	Ask []string `json:"ask,omitempty"`
}

// Requirement is a paper that the applicant brings.
type Requirement struct {
	Name string `json:"name"`
	// Scan: a scan or photo is kept. Otherwise the paper is only shown and the
	// operator ticks that it was seen.
	Scan bool `json:"scan,omitempty"`
	// Optional papers hold nothing up ("bila ada", "bila sewa/kost").
	Optional bool `json:"optional,omitempty"`
	// Proved: what the register already proves, so it is not asked of residents
	// whose record holds it.
	Proved bool `json:"proved,omitempty"`
}

// Office is a signer's.
type Office string

// The offices that sign.
const (
	Lurah Office = "lurah"
	Camat Office = "camat"
)

// Effect is the resident event that an issued letter offers.
type Effect string

// The effects.
const (
	NoEffect     Effect = ""
	OfferBirth   Effect = "lahir"
	OfferDeath   Effect = "mati"
	OfferMoveOut Effect = "pindah_keluar"
	OfferMoveIn  Effect = "pindah_datang"
)

// Rule is a condition for asking for a letter; see rule.go for those there are.
type Rule struct {
	Name string `json:"name"`
	// Args of the rule, such as the field that it looks at.
	Args []string `json:"args,omitempty"`
	// Message says in plain words why not and what to do instead.
	Message string `json:"message"`
}

// Definition is everything about a kind that may differ between versions.
type Definition struct {
	Title        string        `json:"title"`
	Category     string        `json:"category"`
	Notice       string        `json:"notice,omitempty"`  // told before anything else
	Subject      string        `json:"subject,omitempty"` // what the form calls the subject; "": Pemohon
	Fields       []Field       `json:"fields"`
	Requirements []Requirement `json:"requirements"`
	Rules        []Rule        `json:"rules,omitempty"`
	LegalBasis   []string      `json:"legal_basis,omitempty"`
	// CamatSigns: "", "selalu" or "bila diminta" by whoever enters or checks it.
	CamatSigns string `json:"camat_signs,omitempty"`
	// PartiesSign lists the fields whose people sign on paper before the officials;
	// [SubjectName] is the subject.
	PartiesSign []string `json:"parties_sign,omitempty"`
	// StampOn lists those of them of whom the first signs across a meterai.
	StampOn []string `json:"stamp_on,omitempty"`
	// Mode is what the kelurahan chose; AlwaysWet overrides it.
	Mode      Mode `json:"mode"`
	AlwaysWet bool `json:"always_wet,omitempty"`
	// ValidDays from the day of issue; 0: no end.
	ValidDays int `json:"valid_days"`
	// KeepDays that scans of papers are kept after the letter came to its end; 0: [DefaultKeepDays].
	KeepDays       int    `json:"keep_days,omitempty"`
	Classification string `json:"classification"`           // KKA
	NumberPattern  string `json:"number_pattern,omitempty"` // "" : the office's
	ServiceMinutes int    `json:"service_minutes"`          // working minutes promised
	Effect         Effect `json:"effect,omitempty"`
	// Body is the wording; see body.go for its language.
	Body string `json:"body"`
	// Closed: not offered in this unit any more.
	Closed bool `json:"closed,omitempty"`
}

// Kind is a kind of letter in the version that holds in a unit.
type Kind struct {
	Code      string
	No        int // order in lists; the 26 keep their numbers
	VersionID int64
	Version   int
	UnitID    *int64 // nil: the city's version
	Definition
}
