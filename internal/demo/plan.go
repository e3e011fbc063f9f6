package demo

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/demo/scene"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/org"
)

const (
	storyDays = 60
	// Reports of a whole story; a smaller one serves tests.
	Reports = 400
	// faces is how many pictures there are of each kind.
	faces = 4
)

// tale is one report with what becomes of it.
type tale struct {
	at       time.Time
	matter   *matter
	title    string
	body     string
	extra    map[string]string
	area     org.Area
	point    *mtr.Point
	landmark string
	teller   string // user name of the reporter, "" without an account
	who      mtr.WhoInput
	photos   []scene.Scene
	after    scene.Scene
	answer   string
	parent   *tale
	forward  time.Time // when it becomes public, zero: not planned
	steps    []step

	// As told.
	id            int64
	number, token string
	unit          org.Unit
	passed        int // units that said "not ours"
}

// step is one thing that somebody does to the report of a tale.
type step struct {
	at   time.Time
	does string // for errors
	do   func(*telling, *tale) error
}

// planner thinks the story out. Nothing in it depends on a database's ids or
// on the hour of the day, so that it is the same on every machine.
type planner struct {
	*rand.Rand
	cal   *calendar.Calendar
	n     int
	end   time.Time // midnight of the day it is told
	areas []org.Area
	tales []*tale
}

// plan makes n tales in the order of their arrival.
func plan(end time.Time, n int, cal *calendar.Calendar, areas []org.Area) []*tale {
	day := end.In(clock.Makassar)
	areas = slices.Clone(areas)
	slices.SortFunc(areas, func(a, b org.Area) int { return strings.Compare(a.Code, b.Code) })
	p := &planner{Rand: rand.New(rand.NewPCG(uint64(day.Year()*1000+day.YearDay()), 7371)), cal: cal, n: n, end: end, areas: areas}
	moments := make([]time.Time, n)
	for i := range moments {
		moments[i] = p.moment()
	}
	moments[0] = end.Add(-5 * time.Hour) // somebody reported last evening
	slices.SortFunc(moments, time.Time.Compare)
	for i, at := range moments {
		t := p.report(i, at)
		p.fate(i, t)
		p.tales = append(p.tales, t)
	}
	return p.tales
}

// moment is when a citizen reports: by day more than by night, lately more than
// in the beginning.
func (p *planner) moment() time.Time {
	back := storyDays * math.Pow(p.Float64(), 1.25)
	hour := p.pick(6, 7, 7, 8, 9, 10, 11, 12, 13, 15, 16, 16, 17, 18, 18, 19, 19, 20, 20, 21, 22)
	return p.end.AddDate(0, 0, -1-int(back)).Add(time.Duration(hour)*time.Hour + time.Duration(p.IntN(3600))*time.Second)
}

func (p *planner) pick(of ...int) int { return of[p.IntN(len(of))] }

func (p *planner) chance(x float64) bool { return p.Float64() < x }

func one[T any](p interface{ IntN(int) int }, of []T) T { return of[p.IntN(len(of))] }

// report makes up what the citizen says.
func (p *planner) report(i int, at time.Time) *tale {
	t := &tale{at: at, matter: p.matter(), area: p.place()}
	for t.area.KecamatanCode == islands && t.matter.photo && !slices.Contains(onIslands, t.matter.category) {
		t.area = p.place()
	}
	n := p.IntN(len(t.matter.said))
	said := t.matter.said[n]
	if t.matter.extra != nil {
		t.extra = t.matter.extra[n]
	}
	title, plain := strings.CutPrefix(said[0], "~")
	t.landmark = one(p, landmarks)
	street := one(p, streets[t.area.KecamatanName])
	word := strings.NewReplacer("{j}", street, "{p}", t.landmark, "{k}", t.area.Name, "{n}", fmt.Sprint(2+p.IntN(7)))
	t.title, t.body, t.answer = capital(word.Replace(title)), word.Replace(said[1]), word.Replace(one(p, t.matter.done))
	t.landmark = street + ", " + t.landmark
	if !t.area.ByNameOnly && p.chance(0.85) {
		t.point = &mtr.Point{Lat: t.area.Lat + p.NormFloat64()*0.0012, Lng: t.area.Lng + p.NormFloat64()*0.0012}
	}
	face := uint64(p.IntN(faces))
	t.after = scene.Scene{Kind: t.matter.scene, Seed: face, Fixed: true}
	if t.matter.photo && !plain && p.chance(0.85) {
		t.photos = append(t.photos, scene.Scene{Kind: t.matter.scene, Seed: face})
		if p.chance(0.2) {
			t.photos = append(t.photos, scene.Scene{Kind: t.matter.scene, Seed: (face + 1) % faces})
		}
	}
	p.reporter(i, t)
	return t
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func (p *planner) matter() *matter {
	total := 0
	for _, m := range matters {
		total += m.weight
	}
	n := p.IntN(total)
	for i := range matters {
		if n -= matters[i].weight; n < 0 {
			return &matters[i]
		}
	}
	panic("weights do not add up")
}

// place is more often where the demo's visitors look.
func (p *planner) place() org.Area {
	a := one(p, p.areas)
	if a.KecamatanCode != rappocini && p.chance(0.12) {
		for _, home := range p.areas {
			if home.Code == kassiKassi {
				return home
			}
		}
	}
	return a
}

func (p *planner) reporter(i int, t *tale) {
	name := one(p, givenNames) + " " + one(p, familyNames)
	t.who = mtr.WhoInput{Anonymous: p.chance(0.14), Confidential: p.chance(0.06) || t.matter.category == "PUNGLI"}
	switch r := p.Float64(); {
	case i%31 == 7:
		t.teller, t.who.Name, t.who.Email = "warga", citizens[0].Name, citizens[0].Address()
	case i%47 == 11:
		t.teller, t.who.Name, t.who.Email = "warga2", citizens[1].Name, citizens[1].Address()
	case r < 0.08:
		t.who.Name, t.who.Email = name, fmt.Sprintf("pelapor%03d@contoh.example", i)
	case r < 0.14:
		t.who.Name, t.who.Behalf, t.who.BehalfName, t.who.Consent = name, mtr.BehalfRTRW, "Warga lorong 3", true
	case r < 0.55:
		t.who.Name = name
	}
}

// then adds a step; what lies beyond the end is not told.
func (t *tale) then(p *planner, at time.Time, does string, do func(*telling, *tale) error) {
	if at.Before(p.end) {
		t.steps = append(t.steps, step{at, does, do})
	}
}

// work returns a moment about so many working hours later.
func (p *planner) work(at time.Time, hours float64) time.Time {
	hours *= min(4, p.ExpFloat64()*0.6+0.4)
	return p.cal.AddWorkingTime(at, time.Duration(hours*float64(time.Hour))).Add(time.Duration(1+p.IntN(1700)) * time.Second)
}

// later returns a moment about so many hours later, awake.
func (p *planner) later(at time.Time, hours float64) time.Time {
	at = at.Add(time.Duration((hours*(0.5+p.Float64()) + 0.1) * float64(time.Hour)))
	if h := at.In(clock.Makassar).Hour(); h < 6 {
		at = at.Add(time.Duration(7-h) * time.Hour)
	}
	return at
}

// age is how long ago something happened as the story ends, in days.
func (p *planner) age(at time.Time) float64 { return p.end.Sub(at).Hours() / 24 }

// fate decides what becomes of a report. Some have theirs from the start, so that
// the smallest story has everything.
func (p *planner) fate(i int, t *tale) {
	t.then(p, t.at, "submit", (*telling).submit)
	verify := 2.0
	if p.chance(0.12) {
		verify = 22
	}
	at, r := p.work(t.at, verify), p.Float64()
	road := t.matter.category == "JALAN" || t.matter.category == "LAMPU"
	switch {
	case i == p.n-1 || i%67 == 5:
		switch p.advertises(i, t); {
		case i == p.n-1: // waits for a moderator
		case i%2 == 0:
			t.then(p, at, "refuse an advertisement", reject("Ini iklan, bukan laporan."))
		default: // who sent it never confirms
			t.who.Name, t.who.Email = "Promosi", fmt.Sprintf("promosi%03d@contoh.example", i)
		}
	case i == p.n-5:
		t.then(p, at, "ask", ask(questions[0], false))
	case i == p.n*3/4:
		at = p.taken(t, at)
		t.then(p, p.work(at, 2), "schedule", schedule(p.end.AddDate(0, 0, 9), scheduleWhy[0]))
	case i == p.n*3/4+1:
		t.matter, t.title, t.photos = &matters[1], "Jalan berlubang di "+t.landmark, nil
		p.refer(t, at)
	case i == p.n*3/4+2 || r < 0.035:
		t.then(p, at, "reject", reject(one(p, rejections)))
	case i == p.n*3/4+5:
		t.forward = at
		t.then(p, at, "forward", sendOn(""))
	case i == p.n*3/4+3:
		at = p.taken(t, at)
		t.then(p, p.work(at, 3), "proof", (*telling).prove)
	case road && p.chance(0.14):
		p.refer(t, at)
	case i == p.n*3/4+4 || r < 0.06:
		t.then(p, p.later(t.at, 1.5), "cancel", cancel(one(p, cancelWords)))
	case (i == p.n/2 || r < 0.10) && p.repeats(t, at, i == p.n/2):
		t.then(p, at, "duplicate", (*telling).duplicate)
	case p.age(t.at) < 3 && r < 0.25, p.age(t.at) < 10 && r < 0.16: // nobody has looked yet
	case r < 0.24:
		p.asks(t, at)
	default:
		p.forwarded(t, at)
	}
}

// advertises makes a report that the abuse rules hold, with nobody to confirm it.
func (p *planner) advertises(i int, t *tale) {
	t.title = fmt.Sprintf("Promo pinjaman cepat cair %d juta", 3+i%40)
	t.body = "Buka https://pinjam.example/a https://pinjam.example/b https://pinjam.example/c sekarang juga, tanpa jaminan."
	t.photos, t.teller, t.who = nil, "", mtr.WhoInput{}
}

func (p *planner) refer(t *tale, at time.Time) {
	a := agencies[2]
	if t.matter.category == "JALAN" {
		class := p.IntN(2)
		a = agencies[class]
		t.extra = map[string]string{"kelas_jalan": []string{"nasional", "provinsi"}[class]}
	}
	t.then(p, at, "refer", refer(a.name, a.why))
	if p.chance(0.6) {
		t.then(p, p.work(at, 40), "agency answer", agencyAnswer(a.answer))
	}
}

// repeats makes t say what an earlier report said: one of the same kind that is near,
// or any.
func (p *planner) repeats(t *tale, at time.Time, any bool) bool {
	for _, other := range slices.Backward(p.tales) {
		if !any && t.at.Sub(other.at) > 8*24*time.Hour {
			return false
		}
		if !any && other.matter != t.matter || other.parent != nil || other.forward.IsZero() || !other.forward.Before(at) || other.who.Confidential {
			continue
		}
		t.matter, t.parent, t.area, t.point, t.landmark, t.extra = other.matter, other, other.area, other.point, other.landmark, other.extra
		t.title, t.body, t.photos = "Lagi: "+lowerFirst(other.title), "Saya juga mengalaminya. "+other.body, other.photos
		t.who.Confidential = false
		return true
	}
	return false
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// asks has the dispatcher ask first.
func (p *planner) asks(t *tale, at time.Time) {
	t.then(p, at, "ask", ask(one(p, questions), false))
	switch {
	case p.chance(0.45):
		at = p.later(at, 20)
		t.then(p, at, "info", info(p.reply(t)))
	case p.age(at) > 14:
		at = p.work(at, 30)
		t.then(p, at, "resume", resume(one(p, resumeWords), false))
	default:
		return
	}
	p.forwarded(t, p.work(at, 3))
}

func (p *planner) reply(t *tale) string {
	return strings.ReplaceAll(one(p, replies), "{p}", t.landmark)
}

func (p *planner) forwarded(t *tale, at time.Time) {
	if at.Before(p.end) {
		t.forward = at
	}
	t.then(p, at, "forward", sendOn(one(p, forwardNotes)))
	if p.chance(0.05) && t.matter.category != "PUNGLI" {
		at = p.work(at, 6)
		t.then(p, at, "bounce", bounce(one(p, bounceWhy)))
		at = p.work(at, 3)
		t.then(p, at, "forward again", sendOn("Diperiksa ulang wewenangnya."))
	}
	if p.age(at) < 20 && p.chance(0.16) {
		return // it lies there
	}
	if p.chance(0.09) {
		at = p.work(at, 4)
		t.then(p, at, "unit asks", ask(one(p, questions), true))
		if p.age(at) < 14 && p.chance(0.7) {
			return
		}
		at = p.later(at, 15)
		t.then(p, at, "info", info(p.reply(t)))
	}
	p.worked(t, p.begun(t, at))
}

// taken is forwarded and begun, without detours.
func (p *planner) taken(t *tale, at time.Time) time.Time {
	t.forward = at
	t.then(p, at, "forward", sendOn(""))
	return p.begun(t, at)
}

// begun has the unit's officer begin.
func (p *planner) begun(t *tale, at time.Time) time.Time {
	at = p.work(at, 3)
	t.then(p, at, "assign", assign(one(p, taskNotes)))
	at = p.work(at, 4)
	t.then(p, at, "start", start(one(p, startNotes)))
	return at
}

func (p *planner) worked(t *tale, at time.Time) {
	if p.chance(0.08) {
		at = p.work(at, 4)
		t.then(p, at, "respond", respond(one(p, responses)))
	}
	if p.chance(0.05) {
		t.then(p, at, "note", note(one(p, notes)))
	}
	if p.chance(0.12) || p.age(at) < 12 && p.chance(0.15) {
		days := 4 + p.IntN(12)
		asked := p.work(at, 3)
		day := asked.In(clock.Makassar).AddDate(0, 0, days)
		t.then(p, asked, "schedule", schedule(day, one(p, scheduleWhy)))
		at = p.work(p.cal.NextOpening(time.Date(day.Year(), day.Month(), day.Day(), 8, 0, 0, 0, clock.Makassar)), 1)
		t.then(p, at, "start again", start(""))
	}
	if p.age(at) < 35 && p.chance(0.16) {
		return // the work drags on
	}
	at = p.work(at, float64(p.pick(2, 3, 5, 8, 10, 22)))
	t.then(p, at, "proof", (*telling).prove)
	if p.chance(0.06) {
		at = p.work(at, 5)
		t.then(p, at, "refuse proof", refuseProof(one(p, proofRefused)))
		at = p.work(at, 6)
		t.then(p, at, "proof again", (*telling).prove)
	}
	if p.age(at) < 9 && p.chance(0.3) {
		return // the validator has a pile
	}
	at = p.work(at, 4)
	t.then(p, at, "validate", validate(one(p, validNotes)))
	p.done(t, at)
}

// done is the reporter's turn.
func (p *planner) done(t *tale, at time.Time) {
	stars := p.pick(5, 5, 5, 4, 4, 4, 3, 2)
	switch r := p.Float64(); {
	case r < 0.08:
		at = p.later(at, 30)
		t.then(p, at, "dispute", dispute(one(p, disputes)))
		if p.chance(0.7) && p.age(at) < 25 {
			return
		}
		at = p.work(at, 12)
		t.then(p, at, "proof after dispute", (*telling).prove)
		t.then(p, p.work(at, 4), "validate after dispute", validate(""))
	case r < 0.50:
		at = p.later(at, 24)
		t.then(p, at, "confirm", (*telling).confirm)
		if p.chance(0.85) {
			t.then(p, at.Add(time.Minute), "rate", rate(stars, one(p, praises)))
		}
	case r < 0.60:
		t.then(p, p.later(at, 30), "rate", rate(stars, one(p, praises)))
	}
}

// inOrder returns every step of all tales as time goes by.
func inOrder(tales []*tale) []scheduled {
	var all []scheduled
	for i, t := range tales {
		for j, s := range t.steps {
			all = append(all, scheduled{s, t, i, j})
		}
	}
	slices.SortFunc(all, func(a, b scheduled) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.tale, b.tale), cmp.Compare(a.number, b.number))
	})
	return all
}

type scheduled struct {
	step
	of           *tale
	tale, number int
}
