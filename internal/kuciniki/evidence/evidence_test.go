package evidence

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"makassartidakrantasa.com/portal/internal/platform/clock"
)

var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, clock.Makassar)

// did is an entry hours after noon by a person of unit 1, due at hour due (0: never).
func did(id int64, kind string, person int64, hour, due int, outcome string) Event {
	e := Event{ID: id, At: noon.Add(time.Duration(hour) * time.Hour), Object: "x", ObjectID: 1, PersonID: person, UnitID: 1, Outcome: outcome, Strata: map[string]string{}}
	e.Module, e.Kind = kind[:len(kind)-len(after(kind))-1], after(kind)
	since := noon
	e.StartedAt = &since
	if due != 0 {
		at := noon.Add(time.Duration(due) * time.Hour)
		e.DueAt = &at
	}
	return e
}

func after(kind string) string {
	for i := range kind {
		if kind[i] == '.' {
			return kind[i+1:]
		}
	}
	return ""
}

func forward(minutes int) Event {
	e := did(1, "eoffice.disposisi_teruskan", 7, 1, 0, "diteruskan")
	e.WorkingMinutes = minutes
	return e
}

func rated(stars string) Event {
	e := did(9, "mtr.rate", 0, 30, 0, "selesai")
	e.Strata = map[string]string{"nilai": stars}
	return e
}

func ratedBy(stars, who string) Event {
	e := rated(stars)
	e.Strata["pelapor"] = who
	return e
}

// minuted is an order on the minutes of a meeting, reported at an hour and due at the fifth.
func minuted(hour int) []Event {
	e := did(1, "eoffice.disposisi_lapor", 7, hour, 5, "dilaporkan")
	e.Strata = map[string]string{"jenis": meeting}
	return []Event{e, did(2, "eoffice.disposisi_terima_laporan", 8, 90, 0, "selesai")}
}

func TestTheLogIsAtMostItsShare(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ traced, own, percent, want int }{
		{0, 9, 30, 0}, {7, 2, 30, 2}, {7, 3, 30, 3}, {7, 9, 30, 3}, {14, 9, 30, 6}, {100, 0, 30, 0}, {70, 99, 30, 30}, {70, 9, 0, 0}, {10, 99, 90, 90}, {10, 9, 50, 9},
	} {
		if got := countedLog(c.traced, c.own, c.percent); got != c.want {
			t.Errorf("%d of %d beside %d, want %d", got, c.own, c.traced, c.want)
		}
	}
}

// caused is a return with its cause.
func caused(e Event, cause string) Event {
	e.Strata = map[string]string{"sebab": cause}
	return e
}

// What is expected of a step is that of its own stratum, drawn to the coarser one, which stands
// in for it where there are too few.
func TestExpectedByStratum(t *testing.T) {
	t.Parallel()
	const kind = "eoffice.naskah_paraf"
	took := func(urgency, category string, minutes, n int) pace {
		return pace{alike{kind, urgency, category}, Bucket{bucketOf(minutes), n}}
	}
	to := func(minutes int) float64 { return float64(upTo(bucketOf(minutes))) }
	got := expected([]pace{took("biasa", "SD", 400, 40), took("biasa", "ND", 100, 5), took("segera", "SD", 50, 20), took("segera", "UND", 10, 4), {alike{"mtr.start", "lapangan", "jalan"}, Bucket{3, 4}}})
	all := to(400) // 45 of 69 are no longer than that, 24 no longer than 50
	urgent := math.Round((24*to(50) + 5*all) / 29)
	for at, want := range map[alike]float64{
		{kind, every, every}: all, {kind, "biasa", every}: all, {kind, "segera", every}: urgent,
		{kind, "biasa", "ND"}: math.Round((5*to(100) + 5*all) / 10), {kind, "segera", "SD"}: math.Round((20*to(50) + 5*urgent) / 25),
	} {
		if float64(got[at].Minutes) != want {
			t.Errorf("%+v takes %+v, want %v minutes", at, got[at], want)
		}
	}
	if _, ok := got[alike{kind, "segera", "UND"}]; ok || len(got) != 6 {
		t.Errorf("four steps say something: %+v", got)
	}
	month := MonthOf(noon).Time
	fixed := frozen{month: {}}
	for a, u := range got {
		fixed[month][a] = u.Minutes
	}
	e := did(1, kind, 7, 1, 5, "menunggu_ttd")
	for strata, want := range map[[2]string]float64{{"segera", "UND"}: urgent, {"kilat", "SD"}: all, {"segera", "SD"}: float64(got[alike{kind, "segera", "SD"}].Minutes)} {
		e.Strata = map[string]string{"urgensi": strata[0], "jenis": strata[1]}
		if minutes, ok := fixed.of(e); !ok || float64(minutes) != want {
			t.Errorf("%v is expected to take %d, want %v", strata, minutes, want)
		}
	}
	e.At = e.At.AddDate(0, 1, 0)
	if minutes, ok := fixed.of(e); ok {
		t.Errorf("%d minutes are known of a month of which nothing was fixed", minutes)
	}
}

// Every metric that the ledger knows, case by case: how much person 7 gets.
func TestTalliesByCase(t *testing.T) {
	t.Parallel()
	away := Away{7: {{noon, noon.Add(24 * time.Hour)}}}
	fixed := []Event{did(1, "mtr.submit_proof", 7, 1, 10, "menunggu_validasi"), did(2, "mtr.validate", 8, 2, 0, "selesai")}
	for _, c := range []struct {
		name   string
		events []Event
		away   Away
		metric Metric
		want   Count
	}{
		{"a paraf in time", []Event{did(1, "eoffice.naskah_paraf", 7, 1, 5, "menunggu_ttd")}, nil, DeskOnTime, Count{1, 1}},
		{"a paraf at the limit", []Event{did(1, "eoffice.naskah_paraf", 7, 5, 5, "menunggu_ttd")}, nil, DeskOnTime, Count{1, 1}},
		{"a paraf too late", []Event{did(1, "eoffice.naskah_paraf", 7, 6, 5, "menunggu_ttd")}, nil, DeskOnTime, Count{1, 0}},
		{"late because of leave", []Event{did(1, "eoffice.naskah_paraf", 7, 6, 5, "menunggu_ttd")}, away, DeskOnTime, Count{1, 1}},
		{"later than leave explains", []Event{did(1, "eoffice.naskah_paraf", 7, 40, 5, "menunggu_ttd")}, away, DeskOnTime, Count{1, 0}},
		{"a return is done", []Event{did(1, "eoffice.naskah_kembalikan", 7, 1, 5, "perbaikan")}, nil, DeskOnTime, Count{1, 1}},
		{"a step without a limit", []Event{did(1, "eoffice.naskah_paraf", 7, 1, 0, "menunggu_ttd")}, nil, DeskOnTime, Count{}},
		{"a draft that passes", []Event{did(1, "eoffice.naskah_ajukan", 7, 0, 0, "verifikasi"), did(2, "eoffice.naskah_ditandatangani", 8, 2, 0, "ditandatangani")}, nil, DraftOnce, Count{1, 1}},
		{"a draft that came back", []Event{did(1, "eoffice.naskah_ajukan", 7, 0, 0, "verifikasi"), did(2, "eoffice.naskah_kembalikan", 8, 1, 0, "perbaikan"),
			did(3, "eoffice.naskah_ajukan", 7, 2, 0, "verifikasi"), did(4, "eoffice.naskah_ditandatangani", 8, 3, 0, "ditandatangani")}, nil, DraftOnce, Count{1, 0}},
		{"changed at the signer's own desk", []Event{did(1, "eoffice.naskah_ajukan", 7, 0, 0, "verifikasi"), did(2, "eoffice.naskah_ubah", 8, 1, 0, "verifikasi"),
			did(4, "eoffice.naskah_ditandatangani", 8, 3, 0, "ditandatangani")}, nil, DraftOnce, Count{1, 1}},
		{"a draft that came back for its time", []Event{did(1, "eoffice.naskah_ajukan", 7, 0, 0, "verifikasi"), caused(did(2, "eoffice.naskah_kembalikan", 8, 1, 0, "perbaikan"), "waktu"),
			did(3, "eoffice.naskah_ajukan", 7, 2, 0, "verifikasi"), caused(did(4, "eoffice.naskah_mundur", 8, 3, 0, "verifikasi"), "arahan"), did(5, "eoffice.naskah_ditandatangani", 8, 4, 0, "ditandatangani")}, nil, DraftOnce, Count{1, 1}},
		{"and once for what it says", []Event{did(1, "eoffice.naskah_ajukan", 7, 0, 0, "verifikasi"), caused(did(2, "eoffice.naskah_kembalikan", 8, 1, 0, "perbaikan"), "waktu"),
			caused(did(3, "eoffice.naskah_kembalikan", 8, 2, 0, "perbaikan"), "isi"), did(4, "eoffice.naskah_ditandatangani", 8, 3, 0, "ditandatangani")}, nil, DraftOnce, Count{1, 0}},
		{"a draft that nobody signed", []Event{did(1, "eoffice.naskah_ajukan", 7, 0, 0, "verifikasi")}, nil, DraftOnce, Count{}},
		{"an order accepted", []Event{did(1, "eoffice.disposisi_lapor", 7, 1, 5, "dilaporkan"), did(2, "eoffice.disposisi_terima_laporan", 8, 90, 0, "selesai")}, nil, OrderAccepted, Count{1, 1}},
		{"an order reported late", []Event{did(1, "eoffice.disposisi_lapor", 7, 6, 5, "dilaporkan"), did(2, "eoffice.disposisi_terima_laporan", 8, 9, 0, "selesai")}, nil, OrderAccepted, Count{1, 0}},
		{"accepted by silence", []Event{did(1, "eoffice.disposisi_lapor", 7, 1, 5, "dilaporkan"), did(2, "eoffice.disposisi_terima_laporan", 0, 9, 0, "selesai")}, nil, OrderAccepted, Count{}},
		{"accepted by oneself", []Event{did(1, "eoffice.disposisi_lapor", 7, 1, 5, "dilaporkan"), did(2, "eoffice.disposisi_terima_laporan", 7, 2, 0, "selesai")}, nil, OrderAccepted, Count{}},
		{"reported twice, the last counts", []Event{did(1, "eoffice.disposisi_lapor", 7, 1, 5, "dilaporkan"), did(2, "eoffice.disposisi_kembalikan_laporan", 8, 2, 0, "dikerjakan"),
			did(3, "eoffice.disposisi_lapor", 7, 8, 5, "dilaporkan"), did(4, "eoffice.disposisi_terima_laporan", 8, 9, 0, "selesai")}, nil, OrderAccepted, Count{1, 0}},
		{"passed on within a day", []Event{forward(450)}, nil, ForwardSoon, Count{1, 1}},
		{"passed on later", []Event{forward(451)}, nil, ForwardSoon, Count{1, 0}},
		{"a report that stays done", fixed, nil, ReportLasts, Count{1, 1}},
		{"a report done too late", []Event{did(1, "mtr.submit_proof", 7, 11, 10, "menunggu_validasi"), did(2, "mtr.validate", 8, 12, 0, "selesai")}, nil, ReportLasts, Count{1, 0}},
		{"reopened within 14 days", append([]Event{did(3, "mtr.dispute", 0, 2+14*24, 0, "dikerjakan")}, fixed...), nil, ReportLasts, Count{1, 0}},
		{"reopened afterwards", append([]Event{did(3, "mtr.dispute", 0, 3+14*24, 0, "dikerjakan")}, fixed...), nil, ReportLasts, Count{1, 1}},
		{"drawn and not in order", append([]Event{did(3, "mtr.sampel", 9, 24*40, 0, lookedBad)}, fixed...), nil, ReportLasts, Count{1, 0}},
		{"decided for who did it", append([]Event{did(3, "mtr.sampel", 9, 24*40, 0, lookedBad), did(4, "mtr.sampel", 6, 24*50, 0, lookedGood)}, fixed...), nil, ReportLasts, Count{1, 1}},
		{"proof that nobody accepted", fixed[:1], nil, ReportLasts, Count{}},
		{"four stars", append([]Event{rated("4")}, fixed...), nil, CitizenVoice, Count{1, 1}},
		{"three stars", append([]Event{rated("3")}, fixed...), nil, CitizenVoice, Count{1, 0}},
		{"stars of who works for the city", append([]Event{ratedBy("4", "pegawai")}, fixed...), nil, CitizenVoice, Count{}},
		{"served twice, the first taken back", []Event{did(1, "epuskesmas.selesai", 7, 1, 0, "selesai"), did(2, "epuskesmas.rujuk", 7, 2, 0, "dirujuk")}, nil, Served, Count{1, 1}},
		{"stars for nobody's work", []Event{rated("5")}, nil, CitizenVoice, Count{}},
		{"a patient", []Event{did(1, "epuskesmas.selesai", 7, 1, 0, "selesai")}, nil, Served, Count{1, 1}},
		{"a patient's service recorded as it is given", []Event{did(1, "epuskesmas.selesai", 7, 1, 0, "selesai")}, nil, RecordSameDay, Count{1, 1}},
		{"recorded from paper on the day", []Event{did(1, "epuskesmas.susulan", 7, 11, 0, "selesai")}, nil, RecordSameDay, Count{1, 1}},
		{"recorded from paper after midnight", []Event{did(1, "epuskesmas.susulan", 7, 13, 0, "selesai")}, nil, RecordSameDay, Count{1, 0}},
		{"somebody who did not come, from paper", []Event{did(1, "epuskesmas.susulan", 7, 1, 0, "tidak_hadir")}, nil, RecordSameDay, Count{}},
		{"what a meeting asked, in time", minuted(1), nil, MeetingAction, Count{1, 1}},
		{"what a meeting asked, late", minuted(6), nil, MeetingAction, Count{1, 0}},
		{"an order that no meeting asked", []Event{did(1, "eoffice.disposisi_lapor", 7, 1, 5, "dilaporkan"), did(2, "eoffice.disposisi_terima_laporan", 8, 9, 0, "selesai")}, nil, MeetingAction, Count{}},
		{"a letter of a citizen in its time", []Event{did(1, "epemerintahan.surat_ditandatangani", 7, 1, 5, "terbit")}, nil, InStandard, Count{1, 1}},
		{"one later", []Event{did(1, "epemerintahan.surat_ditandatangani", 7, 6, 5, "terbit")}, nil, InStandard, Count{1, 0}},
		{"one that still goes to the camat", []Event{did(1, "epemerintahan.surat_ditandatangani", 7, 1, 5, "menunggu_camat")}, nil, InStandard, Count{}},
	} {
		sum := Count{}
		for k, n := range Tallies(c.events, World{Away: c.away}) {
			if k.Metric == c.metric && k.PersonID == 7 && k.UnitID == 1 {
				sum.N, sum.X = sum.N+n.N, sum.X+n.X
			}
		}
		if sum != c.want {
			t.Errorf("%s: %v, want %v", c.name, sum, c.want)
		}
	}
}

func TestLoweringTheUrgencyComparesWithTheSame(t *testing.T) {
	t.Parallel()
	var events []Event
	for i, u := range []string{"segera", "biasa", "kilat", "biasa"} {
		e := did(int64(i+1), "eoffice.naskah_paraf", 7, i+1, 9, "menunggu_ttd")
		e.Strata = map[string]string{"jenis": "SD", "urgensi": u}
		events = append(events, e)
	}
	got := map[string]int{}
	for k, n := range Tallies(events, World{}) {
		got[k.Stratum] += n.N
	}
	if want := map[string]int{"SD/segera": 2, "SD/kilat": 2}; !maps.Equal(got, want) || events[1].Strata["urgensi"] != "biasa" {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		count Count
		unit  float64
		want  float64
	}{{Count{0, 0}, 0.8, 0.8}, {Count{5, 5}, 0.8, 0.9}, {Count{10, 0}, 0.6, 0.2}, {Count{95, 95}, 0, 0.95}} {
		if got := Smooth(c.count, c.unit); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%v with %v: %v, want %v", c.count, c.unit, got, c.want)
		}
	}
	// Values of R's binom::binom.confint(method = "wilson").
	for _, c := range []struct {
		count     Count
		low, high float64
	}{{Count{10, 8}, 0.4901625, 0.9433178}, {Count{100, 50}, 0.4038315, 0.5961685}, {Count{10, 10}, 0.7224672, 1}, {Count{10, 0}, 0, 0.2775328}, {Count{}, 0, 1}} {
		if low, high := Wilson(c.count); math.Abs(low-c.low) > 1e-6 || math.Abs(high-c.high) > 1e-6 {
			t.Errorf("%v: %v to %v, want %v to %v", c.count, low, high, c.low, c.high)
		}
	}
	for _, r := range Rules {
		f := Figure{Rule: r, Count: Count{N: r.Least}}
		if f.Count.N--; f.Enough() {
			t.Errorf("%s says something of %d cases", r.Metric, f.N)
		}
		if f.Count.N++; !f.Enough() {
			t.Errorf("%s says nothing of %d cases", r.Metric, f.N)
		}
	}
}

// What is read from buckets is never shorter than the true percentile and at most an eighth
// and a minute longer.
func TestLengthsFromBuckets(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		minutes := rapid.SliceOfN(rapid.IntRange(0, 100_000), 1, 60).Draw(r, "minutes")
		share := rapid.SampledFrom([]float64{0.5, 0.9}).Draw(r, "share")
		count := map[int]int{}
		for _, m := range minutes {
			count[bucketOf(m)]++
		}
		var buckets []Bucket
		for b, n := range count {
			buckets = append(buckets, Bucket{b, n})
		}
		exact := Percentile(minutes, share)
		got, n := Length(buckets, share)
		if n != len(minutes) || got < exact || float64(got) > float64(exact)*ratio+1 {
			r.Fatalf("%d for %d of %v", got, exact, minutes)
		}
	})
}

var kindsOfCase = []string{
	"eoffice.naskah_ajukan", "eoffice.naskah_paraf", "eoffice.naskah_kembalikan", "eoffice.naskah_ditandatangani", "eoffice.naskah_tarik", "eoffice.disposisi_disposisi",
	"eoffice.disposisi_lapor", "eoffice.disposisi_terima_laporan", "eoffice.disposisi_teruskan", "mtr.start", "mtr.submit_proof", "mtr.validate", "mtr.dispute", "mtr.rate",
	"epemerintahan.surat_ajukan", "epemerintahan.surat_ditandatangani",
}

// anyCase is anything that may stand in the ledger of a case, and whose the desks 1 to 3 were.
func anyCase(r *rapid.T) (out []Event, w World) {
	object := rapid.SampledFrom([]string{objectLetter, objectOrder, objectReport, objectService}).Draw(r, "object")
	statuses := []string{"verifikasi", "menunggu_ttd", "perbaikan", "ditandatangani", "dikirim", "dikerjakan", "dilaporkan", "diteruskan", "dijadwalkan", "diajukan", "dikembalikan", "terbit", "selesai"}
	for i := range rapid.IntRange(1, 12).Draw(r, "events") {
		kind := rapid.SampledFrom(kindsOfCase).Draw(r, "kind")
		e := did(int64(i+1), kind, rapid.Int64Range(0, 3).Draw(r, "person"), rapid.IntRange(0, 900).Draw(r, "hour"), rapid.IntRange(1, 900).Draw(r, "due"),
			rapid.SampledFrom(statuses).Draw(r, "outcome"))
		e.WorkingMinutes, e.Object, e.HolderID = rapid.IntRange(0, 2000).Draw(r, "minutes"), object, rapid.Int64Range(0, 3).Draw(r, "desk")
		e.PositionID = e.PersonID
		if next := rapid.IntRange(0, 900).Draw(r, "next due"); next > 0 {
			at := noon.Add(time.Duration(next) * time.Hour)
			e.NextDueAt = &at
		}
		out = append(out, e)
	}
	w = World{Seats: map[int64][]Seat{}, Heads: map[int64]struct{ Here, Above int64 }{1: {1, 2}}, Away: Away{}, Outages: map[int64][]Span{}}
	for desk := range int64(3) {
		change := noon.Add(time.Duration(rapid.IntRange(-100, 900).Draw(r, "change")) * time.Hour)
		w.Seats[desk+1] = []Seat{{PersonID: desk + 1, To: change}, {PersonID: rapid.Int64Range(1, 3).Draw(r, "successor"), From: change}}
	}
	for range rapid.IntRange(0, 4).Draw(r, "spans") {
		w.Away[1] = append(w.Away[1], anySpan(r))
	}
	return out, w
}

func anySpan(r *rapid.T) Span {
	from := noon.Add(time.Duration(rapid.IntRange(-50, 900).Draw(r, "from")) * time.Hour)
	return Span{from, from.Add(time.Duration(rapid.IntRange(1, 100).Draw(r, "long")) * time.Hour)}
}

func anyTime(r *rapid.T) time.Time {
	return noon.Add(time.Duration(rapid.IntRange(0, 1500).Draw(r, "at")) * time.Hour)
}

// whole is all that counts in a case at a moment.
func whole(events []Event, w World, at time.Time) Tally {
	t := Tallies(events, w)
	late, _ := Missed(events, w, at)
	t.add(late, 1)
	return t
}

// noWorse fails where some key has fewer good ones, or more that are not good.
func noWorse(r *rapid.T, before, after Tally) {
	for k, b := range before {
		if a := after[k]; a.X < b.X {
			r.Fatalf("%v: %v became %v", k, b, a)
		}
	}
	for k, a := range after {
		if b := before[k]; a.N-a.X > b.N-b.X {
			r.Fatalf("%v: %v became %v", k, b, a)
		}
	}
}

// Neither the order in which entries come nor hearing one twice changes anything.
func TestReorderingChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		events, w := anyCase(r)
		at := anyTime(r)
		want := whole(events, w, at)
		mixed := append([]Event{events[0]}, events...)
		rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1)).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		if got := whole(mixed, w, at); !maps.Equal(got, want) {
			r.Fatalf("%v, want %v", got, want)
		}
	})
}

// A day of leave more, an hour without the portal, or a Plh at the desk never lowers a rate.
func TestNeitherLeaveNorAnOutageLowersARate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		events, w := anyCase(r)
		at, more := anyTime(r), w
		span := anySpan(r)
		switch rapid.IntRange(0, 2).Draw(r, "why") {
		case 0:
			more.Outages = map[int64][]Span{1: {span}}
		case 1:
			more.Away = Away{1: append([]Span{span}, w.Away[1]...)}
		default:
			more.Covered = Covered{{1, 1}: {span}}
		}
		noWorse(r, whole(events, w, at), whole(events, more, at))
	})
}

// Letting a case lie longer never raises a rate, and [Missed] says when it lowers one.
func TestParkingNeverRaisesARate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		events, w := anyCase(r)
		at := anyTime(r)
		before, next := Missed(events, w, at)
		long := at.Add(time.Duration(rapid.IntRange(1, 2000).Draw(r, "longer")) * time.Hour)
		after, _ := Missed(events, w, long)
		noWorse(r, whole(events, w, long), whole(events, w, at))
		if passed := !next.IsZero() && long.After(next); len(after) != len(before) && !passed || passed && next.Before(at) {
			r.Fatalf("%d became %d, when the next limit was at %v", len(before), len(after), next)
		}
	})
}

// A report that comes after its limit is no better than none, and no worse.
func TestALateReportIsAsLateAsNone(t *testing.T) {
	t.Parallel()
	given, due := did(1, "eoffice.disposisi_disposisi", 8, 0, 0, "dikirim"), noon.Add(5*time.Hour)
	given.Object, given.HolderID, given.NextDueAt = objectOrder, 70, &due
	w := World{Seats: map[int64][]Seat{70: {{PersonID: 7}}}}
	report := did(2, "eoffice.disposisi_lapor", 7, 9, 5, "dilaporkan")
	report.Object = objectOrder
	accept, silent := did(3, "eoffice.disposisi_terima_laporan", 8, 20, 0, "selesai"), did(3, "eoffice.disposisi_terima_laporan", 0, 20, 0, "selesai")
	cancel := did(2, "eoffice.disposisi_batalkan", 8, 9, 0, "dibatalkan")
	key := Key{MonthOf(due), 1, 7, 8, OrderAccepted, "/"}
	for name, c := range map[string]struct {
		events []Event
		hours  int
		want   Count
	}{
		"not due":              {[]Event{given}, 5, Count{}},
		"overdue":              {[]Event{given}, 6, Count{1, 0}},
		"reported late":        {[]Event{given, report}, 10, Count{1, 0}},
		"accepted late":        {[]Event{given, report, accept}, 30, Count{1, 0}},
		"accepted in silence":  {[]Event{given, report, silent}, 30, Count{1, 0}},
		"taken back when late": {[]Event{given, cancel}, 30, Count{1, 0}},
	} {
		if got := whole(c.events, w, noon.Add(time.Duration(c.hours)*time.Hour)); got[key] != c.want || len(got) > 1 {
			t.Errorf("%s: %v", name, got)
		}
	}
	w.Seats[70] = []Seat{{PersonID: 7, From: noon.Add(4 * time.Hour)}}
	if got := whole([]Event{given}, w, noon.Add(9*time.Hour)); len(got) != 0 {
		t.Errorf("the clock of who came at 16 runs from then: %v", got)
	}
}

func TestEveryKindAndMetricIsDeclaredOnce(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, k := range Kinds {
		name := k.Module + "." + k.Kind
		if seen[name] || KindName(k.Module, k.Kind) != k.Name {
			t.Errorf("%s is there twice", name)
		}
		seen[name] = true
		for _, m := range k.Metrics {
			if r, ok := RuleOf(m); !ok || !r.Ledger && m != Served {
				t.Errorf("%s counts for %s, which has no source in the ledger", name, m)
			}
		}
	}
	for i, r := range Rules {
		if r.Metric != Metric(fmt.Sprintf("E%d", i+1)) || r.Name == "" || r.Counts == "" {
			t.Errorf("%+v", r)
		}
	}
}
