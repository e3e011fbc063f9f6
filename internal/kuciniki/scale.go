package kuciniki

// Rating is where something stands against what was expected.
type Rating string

// The ratings.
const (
	Below Rating = "di_bawah"
	AsDue Rating = "sesuai"
	Over  Rating = "di_atas"
)

// Ratings lists the ratings, the lowest first.
var Ratings = []Rating{Below, AsDue, Over}

// Label names the rating as the forms do.
func (r Rating) Label() string {
	return map[Rating]string{Below: "Di bawah ekspektasi", AsDue: "Sesuai ekspektasi", Over: "Di atas ekspektasi"}[r]
}

func (r Rating) class() int {
	switch r {
	case Below:
		return -1
	case Over:
		return 1
	}
	return 0
}

// Apart is by how many classes two ratings differ: 0, 1 or 2; 0 where one is missing.
func Apart(a, b Rating) int {
	if a == "" || b == "" {
		return 0
	}
	return max(a.class()-b.class(), b.class()-a.class())
}

// Predicate is the whole judgement.
type Predicate string

// The predicates.
const (
	VeryGood Predicate = "sangat_baik"
	Good     Predicate = "baik"
	ToMend   Predicate = "butuh_perbaikan"
	Poor     Predicate = "kurang"
	VeryPoor Predicate = "sangat_kurang"
)

// Predicates lists the predicates, the best first.
var Predicates = []Predicate{VeryGood, Good, ToMend, Poor, VeryPoor}

// Label names the predicate as the forms do.
func (p Predicate) Label() string {
	return map[Predicate]string{VeryGood: "Sangat Baik", Good: "Baik", ToMend: "Butuh Perbaikan", Poor: "Kurang", VeryPoor: "Sangat Kurang"}[p]
}

// matrix is the nine cases of PermenPANRB 6/2022: result, then behaviour.
var matrix = map[Rating]map[Rating]Predicate{
	Over:  {Below: Poor, AsDue: Good, Over: VeryGood},
	AsDue: {Below: Poor, AsDue: Good, Over: Good},
	Below: {Below: VeryPoor, AsDue: ToMend, Over: ToMend},
}

// PredicateOf is the predicate of a result and a behaviour, "" where one is missing.
func PredicateOf(result, behaviour Rating) Predicate { return matrix[result][behaviour] }

// Value is one of the values of BerAKHLAK.
type Value string

// Values lists the seven values, as SE MenPANRB 20/2021 does.
var Values = []Value{"berorientasi_pelayanan", "akuntabel", "kompeten", "harmonis", "loyal", "adaptif", "kolaboratif"}

// Label names the value.
func (v Value) Label() string {
	return map[Value]string{"berorientasi_pelayanan": "Berorientasi Pelayanan", "akuntabel": "Akuntabel", "kompeten": "Kompeten", "harmonis": "Harmonis",
		"loyal": "Loyal", "adaptif": "Adaptif", "kolaboratif": "Kolaboratif"}[v]
}

// UnitPredicate is how well a unit as a whole did.
type UnitPredicate string

// UnitPredicates lists the predicates of a unit, the best first.
var UnitPredicates = []UnitPredicate{"istimewa", "baik", "butuh_perbaikan", "kurang", "sangat_kurang"}

// Label names the predicate.
func (p UnitPredicate) Label() string {
	return map[UnitPredicate]string{"istimewa": "Istimewa", "baik": "Baik", "butuh_perbaikan": "Butuh Perbaikan", "kurang": "Kurang", "sangat_kurang": "Sangat Kurang"}[p]
}

// OfHead is the result that a unit's predicate means for its head, whose result is the
// unit's (SE MenPANRB 3/2023).
func (p UnitPredicate) OfHead() Rating {
	switch p {
	case "istimewa":
		return Over
	case "baik":
		return AsDue
	case "":
		return ""
	}
	return Below
}
