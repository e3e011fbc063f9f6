package mtr

// Need says whether a category needs a place.
type Need string

const (
	PlaceRequired Need = "wajib"
	PlaceAllowed  Need = "boleh"
	PlaceNone     Need = "tidak"
)

// Proof is what shows that a report was dealt with.
type Proof string

const (
	ProofPhoto    Proof = "foto"
	ProofAnswer   Proof = "jawaban"
	ProofDocument Proof = "dokumen"
)

// Label is the word people see.
func (p Proof) Label() string {
	switch p {
	case ProofPhoto:
		return "Foto sesudah dikerjakan"
	case ProofAnswer:
		return "Jawaban tertulis"
	case ProofDocument:
		return "Dokumen (PDF)"
	}
	return ""
}

// Category is what a report may be about.
type Category struct {
	ID         int64
	Code       string // LAMPU; stable
	GroupName  string // "Jalan dan lampu"
	Name       string
	Synonyms   []string // lower case, what people call it
	Class      Class    // the class offered first
	Place      Need
	Proof      Proof
	FieldCheck bool     // somebody has to go there
	Sensitive  bool     // suggest rahasia
	Priority   Priority // of its reports, unless they speak of danger
	Emergency  string   // when not "": call 112 first if this applies
	Active     bool
	Position   int
	Questions  []CategoryQuestion
}

// CategoryQuestion is an extra question of a category.
type CategoryQuestion struct {
	ID       int64
	Code     string // kelas_jalan
	Text     string
	Hint     string
	Kind     QuestionKind
	Required bool
	Position int
	Options  []Option // of Choice
}

// QuestionKind is how a question is answered.
type QuestionKind string

const (
	QuestionChoice QuestionKind = "pilihan"
	QuestionText   QuestionKind = "teks"
	QuestionNumber QuestionKind = "angka"
)

// Option is one answer of a choice.
type Option struct {
	Value     string `json:"value"`
	Label     string `json:"label"`
	Emergency bool   `json:"emergency,omitempty"` // choosing it shows the way to 112
}

// Question finds a question by its code.
func (c Category) Question(code string) (CategoryQuestion, bool) {
	for _, q := range c.Questions {
		if q.Code == code {
			return q, true
		}
	}
	return CategoryQuestion{}, false
}

// CategoryGroup is a heading with its categories, as a form shows them.
type CategoryGroup struct {
	Name       string
	Categories []Category
}

// GroupCategories keeps the order of cs.
func GroupCategories(cs []Category) []CategoryGroup {
	var out []CategoryGroup
	at := map[string]int{}
	for _, c := range cs {
		i, ok := at[c.GroupName]
		if !ok {
			i = len(out)
			at[c.GroupName] = i
			out = append(out, CategoryGroup{Name: c.GroupName})
		}
		out[i].Categories = append(out[i].Categories, c)
	}
	return out
}

// Route sends reports of a category to a unit, to the kecamatan of the place or
// out of the city. Empty conditions match everything; the route with most
// conditions wins (see [Resolve]).
type Route struct {
	ID          int64
	CategoryID  int64
	KelurahanID int64  // 0 = every kelurahan
	Question    string // "" = whatever the answers
	Answer      string
	Target      RouteTarget
	UnitID      int64  // of TargetUnit
	Agency      string // of TargetAgency
	// for lists
	CategoryName  string
	KelurahanName string
	UnitName      string
}

// RouteTarget is where a route leads.
type RouteTarget string

const (
	TargetUnit      RouteTarget = "unit"
	TargetKecamatan RouteTarget = "kecamatan"
	TargetAgency    RouteTarget = "instansi"
)

// Suggestion is where a report should go, for the dispatcher to confirm.
type Suggestion struct {
	UnitID   int64 // 0 when Agency is set or no route matches
	UnitName string
	Agency   string // suggest dirujuk_keluar
}
