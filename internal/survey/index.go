package survey

import "math"

// Elements is how many things are asked.
const Elements = 9

// Element is one of the nine unsur of PermenPANRB 14/2017, chapter II.
type Element struct {
	Name     string
	Question string
	Answers  [4]string // from 1, the worst, to 4
}

// Questionnaire is what is asked, in the order of the regulation. The scale of each is that
// of its appendix; the questions say the same in words of everyday.
var Questionnaire = [Elements]Element{
	{"Persyaratan", "Apakah syarat yang diminta sesuai dengan layanannya?", [4]string{"Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai"}},
	{"Prosedur", "Apakah langkah-langkahnya mudah?", [4]string{"Tidak mudah", "Kurang mudah", "Mudah", "Sangat mudah"}},
	{"Waktu", "Apakah pelayanannya cepat?", [4]string{"Tidak cepat", "Kurang cepat", "Cepat", "Sangat cepat"}},
	{"Biaya", "Berapa biaya yang Anda keluarkan kepada petugas?", [4]string{"Sangat mahal", "Cukup mahal", "Murah", "Gratis"}},
	{"Hasil", "Apakah yang Anda terima sesuai dengan yang dijanjikan?", [4]string{"Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai"}},
	{"Kemampuan petugas", "Apakah petugasnya mampu?", [4]string{"Tidak mampu", "Kurang mampu", "Mampu", "Sangat mampu"}},
	{"Perilaku petugas", "Apakah petugasnya sopan dan ramah?", [4]string{"Tidak sopan dan ramah", "Kurang sopan dan ramah", "Sopan dan ramah", "Sangat sopan dan ramah"}},
	{"Pengaduan", "Bagaimana pengaduan dan saran ditangani?", [4]string{"Tidak ada tempat mengadu", "Ada, tetapi tidak berfungsi", "Berfungsi, belum maksimal", "Ditangani dengan baik"}},
	{"Sarana", "Bagaimana tempat dan peralatannya, termasuk halaman portal ini?", [4]string{"Buruk", "Cukup", "Baik", "Sangat baik"}},
}

// Scores are the answers to the questionnaire, each 1 to 4.
type Scores [Elements]int

// Grade is the mutu pelayanan.
type Grade string

// Grades of PermenPANRB 14/2017, table of nilai persepsi.
const (
	GradeA Grade = "A" // sangat baik, 88.31 to 100
	GradeB Grade = "B" // baik, 76.61 to 88.30
	GradeC Grade = "C" // kurang baik, 65.00 to 76.60
	GradeD Grade = "D" // tidak baik, 25.00 to 64.99
)

// Label is the word that goes with the letter.
func (g Grade) Label() string {
	return map[Grade]string{GradeA: "Sangat baik", GradeB: "Baik", GradeC: "Kurang baik", GradeD: "Tidak baik"}[g]
}

// Tally is what some answers come to.
type Tally struct {
	N    int
	Sums [Elements]int // of the scores
}

// Add takes the answers of another tally along.
func (t *Tally) Add(o Tally) {
	t.N += o.N
	for i, s := range o.Sums {
		t.Sums[i] += s
	}
}

// Mean of an element (nilai rata-rata), 1 to 4; 0 without answers.
func (t Tally) Mean(element int) float64 {
	if t.N == 0 {
		return 0
	}
	return float64(t.Sums[element]) / float64(t.N)
}

// Index is the indeks kepuasan masyarakat, 25 to 100 with two decimals; 0 without answers.
func (t Tally) Index() float64 {
	if t.N == 0 {
		return 0
	}
	sum := 0
	for _, s := range t.Sums {
		sum += s
	}
	return math.Round(float64(sum)/float64(t.N)/Elements*25*100) / 100
}

// Grade of the index; "" without answers.
func (t Tally) Grade() Grade {
	switch i := t.Index(); {
	case t.N == 0:
		return ""
	case i >= 88.31:
		return GradeA
	case i >= 76.61:
		return GradeB
	case i >= 65:
		return GradeC
	}
	return GradeD
}

// Weakest is the element with the lowest mean, the first of several.
func (t Tally) Weakest() Element {
	low := 0
	for i, s := range t.Sums {
		if s < t.Sums[low] {
			low = i
		}
	}
	return Questionnaire[low]
}
