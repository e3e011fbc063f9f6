package mtr

import (
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Measure is something the statistics count, named as addresses name it. Each is a
// condition on a report (see [measures]), so that the list behind a figure is the very
// reports that were counted.
type Measure string

const (
	MeasureCame       Measure = "masuk"
	MeasureJudged     Measure = "dinilai"        // of came: could have been answered for 2×24 hours
	MeasureAnswered   Measure = "terjawab"       // of judged: within 2×24 hours
	MeasureUnanswered Measure = "belum_terjawab" // of judged: not
	MeasureForwarded  Measure = "diteruskan"     // for the first time
	MeasureFixed      Measure = "selesai"        // a validator accepted the proof, and nobody disputed since
	MeasurePaused     Measure = "dijeda"         // of fixed: waited for an answer of the reporter
	MeasureFinished   Measure = "pernah_selesai" // fixed for the first time, whatever came later
	MeasureReopened   Measure = "disanggah"      // of finished: the reporter disputed
	MeasureRated      Measure = "dinilai_warga"  // of fixed: the reporter gave stars
	MeasureHappy      Measure = "puas"           // of rated: four or five stars
	MeasureOpen       Measure = "terbuka"        // now, whatever the period
	MeasureLate       Measure = "terlambat"      // of open: past the due time, pauses apart
)

// Measures in the order of their bits in a counted row.
var Measures = []Measure{
	MeasureCame, MeasureJudged, MeasureAnswered, MeasureUnanswered, MeasureForwarded, MeasureFixed, MeasurePaused,
	MeasureFinished, MeasureReopened, MeasureRated, MeasureHappy, MeasureOpen, MeasureLate,
}

// Label says in words what is counted.
func (m Measure) Label() string {
	return map[Measure]string{
		MeasureCame: "Laporan masuk", MeasureJudged: "Sudah lewat 2×24 jam", MeasureAnswered: "Dijawab dalam 2×24 jam",
		MeasureUnanswered: "Tidak dijawab dalam 2×24 jam", MeasureForwarded: "Diteruskan ke penanggung jawab",
		MeasureFixed: "Selesai", MeasurePaused: "Selesai sesudah menunggu jawaban pelapor", MeasureFinished: "Pernah dinyatakan selesai",
		MeasureReopened: "Disanggah pelapor", MeasureRated: "Dinilai pelapor", MeasureHappy: "Dinilai 4 atau 5",
		MeasureOpen: "Belum selesai sekarang", MeasureLate: "Terlambat sekarang",
	}[m]
}

// Now reports whether the measure is about now and not about the period.
func (m Measure) Now() bool { return m == MeasureOpen || m == MeasureLate }

// LongestSpan is how many days statistics look back over at most.
const LongestSpan = 366

// EnoughForMedian is from how many reports on a median is shown: fewer say nothing.
const EnoughForMedian = 10

// Span is a period of whole days in Makassar, both ends included.
type Span struct{ From, To time.Time }

// SpanOf is the period from the day of from to the day of to; errs.Unprocessable with a
// sentence when it ends before it begins or is longer than [LongestSpan] days.
func SpanOf(from, to time.Time) (Span, error) {
	s := Span{From: dayOf(from), To: dayOf(to)}
	switch days := s.Days(); {
	case days < 1:
		return s, errs.New(errs.Unprocessable, "Tanggal akhir harus sesudah tanggal awal.")
	case days > LongestSpan:
		return s, errs.New(errs.Unprocessable, "Pilih kurun paling lama satu tahun.")
	}
	return s, nil
}

// dayOf is the beginning of t's day in Makassar, which has no summer time.
func dayOf(t time.Time) time.Time {
	y, m, d := t.In(clock.Makassar).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, clock.Makassar)
}

// Days that the period has.
func (s Span) Days() int { return int(s.To.Sub(s.From)/(24*time.Hour)) + 1 }

// end is the first moment after the period.
func (s Span) end() time.Time { return s.To.AddDate(0, 0, 1) }

// Spread is how long something took, in days, over N reports. Median and P90 are
// interpolated; they are meant to be shown only when Enough.
type Spread struct {
	N           int
	Median, P90 float64
}

// Enough reports whether the spread rests on enough reports to be shown.
func (s Spread) Enough() bool { return s.N >= EnoughForMedian }

// Tally is what was counted of some reports. Time in which the reporter was asked is in
// Paused alone; Dispatch and Repair are without it.
type Tally struct {
	counts   []int  // by the order of Measures
	Dispatch Spread // of forwarded: from received to the first forwarding
	Repair   Spread // of fixed: from the first forwarding to accepted proof
	Whole    Spread // of fixed: from received to accepted proof, pauses included
	Paused   Spread // of paused: in all
	Stars    float64
}

// N is how many reports the measure counted.
func (t Tally) N(m Measure) int {
	for i, other := range Measures {
		if other == m && i < len(t.counts) {
			return t.counts[i]
		}
	}
	return 0
}

// Share of the reports of whole that part counted too, 0..1; ok is false when there are none.
func (t Tally) Share(part, whole Measure) (share float64, ok bool) {
	n := t.N(whole)
	if n == 0 {
		return 0, false
	}
	return float64(t.N(part)) / float64(n), true
}

// StatRow is the tally of one category, unit or place. ID 0 is what has none.
type StatRow struct {
	ID   int64
	Name string
	Tally
}

// Bucket is a stretch of the period and what came and was fixed in it.
type Bucket struct {
	Span
	Came, Answered, Fixed int
}

// Statistics of a period. Came and what is judged by it belong to the period in which
// a report was received, the others to the one in which it happened.
type Statistics struct {
	AsOf        time.Time
	Span        Span
	All         Tally
	ByCategory  []StatRow // like the next three without rows where nothing was counted
	ByUnit      []StatRow
	ByKecamatan []StatRow
	ByKelurahan []StatRow
	Buckets     []Bucket
	BucketDays  int // 1, 7, or 0 for months
	Heat        []HeatCell
}
