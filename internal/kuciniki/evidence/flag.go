package evidence

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// Pattern is something in the ledger that a person should look at. It proves nothing.
type Pattern string

// The patterns.
const (
	Burst    Pattern = "paraf-beruntun"
	Pair     Pattern = "pasangan-disposisi"
	Parked   Pattern = "tunggakan-didiamkan"
	Split    Pattern = "naskah-dipecah"
	Reopened Pattern = "tutup-dini"
	Hugging  Pattern = "mepet-batas"

	// NotInOrder is not found in the ledger: somebody looked at work that was drawn by lot.
	NotInOrder Pattern = "sampel"
)

// PatternInfo explains a pattern to who judges it.
type PatternInfo struct {
	Pattern   Pattern
	Name      string
	Rule      string // when it is raised
	Innocent  string // what else may be behind it
	NextSteps string // what to look at
}

// Patterns lists every pattern once.
var Patterns = []PatternInfo{
	{Burst, "Paraf beruntun", "Lebih dari 10 paraf atau tanda tangan yang berjarak kurang dari 3 detik.", "Naskah sejenis yang sudah dibaca lebih dahulu, misalnya undangan untuk banyak orang.", "Lihat apakah naskahnya dibuka sebelum diparaf."},
	{Pair, "Pasangan disposisi", "Dua orang saling memberi dan menerima laporan: sedikitnya 10 ke tiap arah, lebih dari separuh disposisi keduanya.", "Unit kecil yang hanya berisi dua orang.", "Lihat isi disposisinya: apakah ada pekerjaan di baliknya."},
	{Parked, "Tunggakan didiamkan", "Sedikitnya 5 pekerjaan di satu meja terbuka lebih dari 60 hari, dan lebih dari dua kali umur biasa di unitnya, sementara pekerjaan lain terus diselesaikan.", "Menunggu anggaran, barang, atau pihak lain.", "Tanyakan apa yang menahan pekerjaan itu dan siapa yang dapat membantu."},
	{Split, "Naskah dipecah", "Sedikitnya 5 naskah sejenis dari satu konseptor ke satu unit pada satu hari.", "Surat tugas atau undangan yang memang satu untuk tiap orang.", "Hitung sebagai satu pekerjaan bila perkaranya sama."},
	{Reopened, "Ditutup terlalu dini", "Sedikitnya 5 pekerjaan yang dibuka lagi dalam 14 hari, dan hampir pasti lebih dari seperlima dari yang diselesaikan (batas bawah Wilson).", "Pekerjaan yang memang sering kambuh, misalnya saluran tersumbat.", "Lihat bukti pekerjaannya dan kata pelapor."},
	{Hugging, "Mepet batas", "Lebih dari separuh dari sedikitnya 20 langkah sejenis selesai pada sepersepuluh terakhir waktunya.", "Beban yang penuh: yang paling mendesak dikerjakan dahulu.", "Lihat sebaran lamanya, termasuk yang terlambat."},
	{NotInOrder, "Sampel yang tidak sesuai", "Satu dari dua puluh pekerjaan yang selesai diundi sesudah bulannya berakhir, lalu diperiksa orang di luar unitnya.", "Berkas yang ada tetapi belum diunggah.", "Lihat berkasnya dan dengarkan yang mengerjakannya."},
}

// PatternOf explains a pattern.
func PatternOf(p Pattern) PatternInfo {
	i := slices.IndexFunc(Patterns, func(i PatternInfo) bool { return i.Pattern == p })
	return Patterns[i]
}

// Flag is a pattern that was found with somebody.
type Flag struct {
	Pattern  Pattern
	PersonID int64
	OtherID  int64 // of a pair
	HolderID int64 // the desk, where it is a desk's
	N        int   // how many entries or cases are behind it
	Text     string
	Events   []int64 // entries behind it, at most 50
	From, To time.Time
}

// over is the flag with the entries behind it, which are in order.
func (f Flag) over(events []Event) Flag {
	f.Events, f.From, f.To = ids(events), events[0].At, events[len(events)-1].At
	return f
}

// Open is a case that is open at a moment.
type Open struct {
	Case
	UnitID, HolderID int64
	Since            time.Time
	DueAt            *time.Time
}

// Thresholds of the patterns.
const (
	burstMore   = 10
	burstGap    = 3 * time.Second
	pairEach    = 10
	pairShare   = 0.5
	parkedLeast = 5
	parkedAge   = 60 * 24 * time.Hour
	parkedTimes = 2
	splitLeast  = 5
	reopenLeast = 5
	reopenShare = 0.2
	hugLeast    = 20
	hugShare    = 0.5
	hugLast     = 0.9
	listed      = 50
)

func ids(events []Event) (out []int64) {
	for _, e := range events[:min(len(events), listed)] {
		out = append(out, e.ID)
	}
	return out
}

// grouped is events by key in the order of the keys; those with a zero key are left out.
func grouped[K cmp.Ordered](events []Event, key func(Event) K) (keys []K, by map[K][]Event) {
	by = map[K][]Event{}
	var none K
	for _, e := range events {
		if k := key(e); k != none {
			by[k] = append(by[k], e)
		}
	}
	return slices.Sorted(maps.Keys(by)), by
}

func byPerson(e Event) int64 { return e.PersonID }

// BurstFlags finds who put parafs faster than anybody reads: the longest run of each.
func BurstFlags(events []Event) (out []Flag) {
	people, by := grouped(inOrder(events), func(e Event) int64 {
		if e.is("eoffice.naskah_paraf", "eoffice.naskah_ditandatangani", "epemerintahan.surat_paraf") {
			return e.PersonID
		}
		return 0
	})
	for _, person := range people {
		var run, longest []Event
		for _, e := range by[person] {
			if len(run) > 0 && e.At.Sub(run[len(run)-1].At) >= burstGap {
				run = nil
			}
			if run = append(run, e); len(run) > len(longest) {
				longest = run
			}
		}
		if len(longest) > burstMore {
			took := longest[len(longest)-1].At.Sub(longest[0].At)
			out = append(out, Flag{Pattern: Burst, PersonID: person, N: len(longest),
				Text: fmt.Sprintf("%d langkah dalam %d detik.", len(longest), int(took.Seconds()))}.over(longest))
		}
	}
	return out
}

// PairFlags finds two people most of whose orders go to each other and come back accepted.
func PairFlags(events []Event) (out []Flag) {
	type way struct{ giver, doer int64 }
	accepted, all := map[way][]Event{}, map[int64]int{}
	_, cases := grouped(inOrder(events), func(e Event) int64 {
		if e.Object == "eoffice_disposition" {
			return e.ObjectID
		}
		return 0
	})
	for _, c := range cases {
		doer := int64(0)
		for _, e := range c {
			switch {
			case e.is("eoffice.disposisi_lapor"):
				doer = e.PersonID
			case e.is("eoffice.disposisi_terima_laporan") && doer != 0 && e.PersonID != 0 && e.PersonID != doer:
				w := way{e.PersonID, doer}
				accepted[w] = append(accepted[w], e)
				all[e.PersonID]++
				all[doer]++
			}
		}
	}
	for w, there := range accepted {
		back := accepted[way{w.doer, w.giver}]
		both := len(there) + len(back)
		if w.giver > w.doer || len(there) < pairEach || len(back) < pairEach || float64(both) <= pairShare*float64(max(all[w.giver], all[w.doer])) {
			continue
		}
		out = append(out, Flag{Pattern: Pair, PersonID: w.giver, OtherID: w.doer, N: both,
			Text: fmt.Sprintf("%d disposisi ke satu arah, %d ke arah sebaliknya.", len(there), len(back))}.over(inOrder(append(slices.Clone(there), back...))))
	}
	slices.SortFunc(out, func(a, b Flag) int {
		return cmp.Or(cmp.Compare(a.PersonID, b.PersonID), cmp.Compare(a.OtherID, b.OtherID))
	})
	return out
}

// ParkedFlags finds desks where old work lies while newer work is done. events are those of
// the last 60 days before at.
func ParkedFlags(open []Open, events []Event, at time.Time) (out []Flag) {
	ages, desks, busy := map[int64][]int{}, map[int64][]Open{}, map[int64]int64{}
	for _, o := range open {
		ages[o.UnitID] = append(ages[o.UnitID], int(at.Sub(o.Since)/time.Hour))
		if o.HolderID != 0 {
			desks[o.HolderID] = append(desks[o.HolderID], o)
		}
	}
	for _, e := range inOrder(events) {
		if e.PersonID != 0 && e.PositionID != 0 {
			busy[e.PositionID] = e.PersonID
		}
	}
	for _, desk := range slices.Sorted(maps.Keys(desks)) {
		old, since := 0, at
		for _, o := range desks[desk] {
			usual := time.Duration(Percentile(ages[o.UnitID], 0.5)) * time.Hour
			if age := at.Sub(o.Since); age > parkedAge && age > parkedTimes*usual {
				old, since = old+1, earlier(since, o.Since)
			}
		}
		if old >= parkedLeast && busy[desk] != 0 {
			out = append(out, Flag{Pattern: Parked, PersonID: busy[desk], HolderID: desk, N: old, From: since, To: at, Text: fmt.Sprintf("%d pekerjaan terbuka lebih dari 60 hari di meja ini.", old)})
		}
	}
	return out
}

// SplitFlags finds who made many letters of one kind to one unit on one day: the day with
// the most of each.
func SplitFlags(events []Event) (out []Flag) {
	type letter struct {
		person int64
		kind   string
	}
	type bundle struct {
		letter
		unit int64
		day  string
	}
	events = inOrder(events)
	letters, bundles := map[int64]letter{}, map[bundle][]Event{}
	for _, e := range events {
		if e.is("eoffice.naskah_ajukan") && e.PersonID != 0 {
			letters[e.ObjectID] = letter{e.PersonID, e.Strata["jenis"]}
		}
	}
	for _, e := range events {
		if l, ok := letters[e.ThreadID]; ok && e.is("eoffice.kiriman_sampai") {
			b := bundle{l, e.UnitID, e.At.In(clock.Makassar).Format(time.DateOnly)}
			bundles[b] = append(bundles[b], e)
		}
	}
	most := map[int64]bundle{}
	for b, all := range bundles {
		if m, ok := most[b.person]; len(all) >= splitLeast && (!ok || len(all) > len(bundles[m]) || len(all) == len(bundles[m]) && cmp.Or(strings.Compare(b.day, m.day), cmp.Compare(b.unit, m.unit)) < 0) {
			most[b.person] = b
		}
	}
	for _, person := range slices.Sorted(maps.Keys(most)) {
		all := bundles[most[person]]
		out = append(out, Flag{Pattern: Split, PersonID: person, N: len(all), Text: fmt.Sprintf("%d naskah sejenis ke satu unit pada %s.", len(all), indo.ShortDate(all[0].At))}.over(all))
	}
	return out
}

// ReopenedFlags finds whose finished reports are often reopened.
func ReopenedFlags(events []Event) (out []Flag) {
	_, cases := grouped(events, func(e Event) int64 {
		if e.Object == "mtr_report" {
			return e.ObjectID
		}
		return 0
	})
	done, reopened, behind := map[int64]int{}, map[int64]int{}, map[int64][]Event{}
	for _, c := range cases {
		c = inOrder(c)
		doer, at, open := int64(0), time.Time{}, true
		for _, e := range c {
			switch {
			case e.is("mtr.submit_proof") && e.PersonID != 0:
				doer = e.PersonID
			case e.is("mtr.validate") && doer != 0:
				at, open = e.At, false
				done[doer]++
			case e.is("mtr.dispute") && !open && e.At.Sub(at) <= reopenWithin:
				open = true
				reopened[doer]++
				behind[doer] = append(behind[doer], e)
			}
		}
	}
	for _, person := range slices.Sorted(maps.Keys(reopened)) {
		n := reopened[person]
		if low, _ := Wilson(Count{done[person], n}); n >= reopenLeast && low > reopenShare {
			out = append(out, Flag{Pattern: Reopened, PersonID: person, N: n, Text: fmt.Sprintf("%d dari %d pekerjaan dibuka lagi.", n, done[person])}.over(inOrder(behind[person])))
		}
	}
	return out
}

// HuggingFlags finds who finishes most steps of a kind just before their limit.
func HuggingFlags(events []Event) (out []Flag) {
	people, by := grouped(inOrder(events), byPerson)
	for _, person := range people {
		kinds, of := grouped(by[person], func(e Event) string {
			if e.StartedAt != nil && e.DueAt != nil && e.DueAt.After(*e.StartedAt) {
				return e.Module + "." + e.Kind
			}
			return ""
		})
		for _, kind := range kinds {
			var near []Event
			for _, e := range of[kind] {
				if part := float64(e.At.Sub(*e.StartedAt)) / float64(e.DueAt.Sub(*e.StartedAt)); part >= hugLast && part <= 1 {
					near = append(near, e)
				}
			}
			if n := len(of[kind]); n >= hugLeast && float64(len(near)) > hugShare*float64(n) {
				out = append(out, Flag{Pattern: Hugging, PersonID: person, N: len(near),
					Text: fmt.Sprintf("%s: %d dari %d selesai tepat sebelum batasnya.", KindName(near[0].Module, near[0].Kind), len(near), n)}.over(near))
			}
		}
	}
	return out
}

// Known is until when what somebody did was judged already, pattern by pattern.
type Known map[Pattern]map[int64]time.Time

// fresh are the entries that were not judged yet as a pattern.
func (k Known) fresh(p Pattern, events []Event) []Event {
	until := k[p]
	if len(until) == 0 {
		return events
	}
	return slices.DeleteFunc(slices.Clone(events), func(e Event) bool { return e.PersonID != 0 && !e.At.After(until[e.PersonID]) })
}

// FlagsIn finds every pattern in entries and in what is open at a moment. What was judged
// already counts no more.
func FlagsIn(events []Event, open []Open, at time.Time, known Known) []Flag {
	recent := slices.DeleteFunc(slices.Clone(events), func(e Event) bool { return at.Sub(e.At) > parkedAge || e.At.After(at) })
	parked := ParkedFlags(open, recent, at)
	for i := range parked {
		f := &parked[i]
		old := func(o Open) bool {
			return o.HolderID == f.HolderID && !o.Since.Add(parkedAge).After(known[Parked][f.PersonID])
		}
		if left := slices.DeleteFunc(slices.Clone(open), old); len(left) < len(open) {
			again := ParkedFlags(left, recent, at)
			if j := slices.IndexFunc(again, func(g Flag) bool { return g.HolderID == f.HolderID }); j >= 0 {
				*f = again[j]
			} else {
				f.N = 0
			}
		}
	}
	parked = slices.DeleteFunc(parked, func(f Flag) bool { return f.N == 0 })
	return slices.Concat(BurstFlags(known.fresh(Burst, events)), PairFlags(known.fresh(Pair, events)), parked, SplitFlags(known.fresh(Split, events)),
		ReopenedFlags(known.fresh(Reopened, events)), HuggingFlags(known.fresh(Hugging, events)))
}
