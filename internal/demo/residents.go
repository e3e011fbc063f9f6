package demo

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Residents of each of the two kelurahan when the whole story is told.
const Residents = 3000

// NIK of the demo's citizens, who live in Kelurahan Kassi-Kassi: the accounts warga and
// warga2.
const (
	NIKOfWarga  = "7371135203859495"
	NIKOfWarga2 = "7371131401989193"
)

// registers are the kelurahan that keep their residents in the portal.
var registers = []struct {
	code, operator, lurah string
	streets               []string
}{
	{kassiKassi, "operator", "lurah", []string{"Jl. Toddopuli Raya", "Jl. Toddopuli III", "Jl. Hertasning", "Jl. Bonto Langkasa", "Jl. Tamalate I", "Jl. Emmy Saelan", "Lr. Kassi-Kassi", "Kompleks Puri Mutiara Blok B"}},
	{buakana, "operator.buakana", "lurah.buakana", []string{"Jl. Rappocini Raya", "Jl. Faisal Raya", "Jl. Landak Baru", "Jl. Andi Tonro", "Jl. Maccini Gusung", "Lr. Buakana", "Jl. Veteran Selatan", "Jl. Sultan Alauddin"}},
}

// household is a family of the story with the ids it got.
type household struct {
	epemerintahan.NewFamily
	epemerintahan.AddedFamily
}

// census makes residents up. NIK and KK end in 9xxx: numbers that are well formed and
// were never given to anybody.
type census struct {
	*rand.Rand
	day     time.Time // when the story begins
	serials map[string]int
	named   map[string]bool
}

// settle records the families that live in the kelurahan when the story begins, the
// demo's citizens first, and plans what happens to them until its end. Those to whom
// nothing happens are returned by kelurahan.
func settle(ctx context.Context, db pg.Beginner, m *epemerintahan.Module, watch *clock.Fake, cast players, units map[string]int64, end time.Time, n int) ([]happening, map[string][]household, error) {
	day := end.In(clock.Makassar)
	begin := watch.Now().In(clock.Makassar)
	c := &census{Rand: rand.New(rand.NewPCG(uint64(day.Year()*1000+day.YearDay()), 7320)),
		day: time.Date(begin.Year(), begin.Month(), begin.Day(), 0, 0, 0, 0, time.UTC), serials: map[string]int{}}
	var all []happening
	quiet := map[string][]household{}
	for i, reg := range registers {
		var families []epemerintahan.NewFamily
		people := 0
		if i == 0 {
			families = c.citizens(units[reg.code])
		}
		for _, f := range families {
			people += len(f.Members)
		}
		for people < n {
			f := c.family(units[reg.code], reg.streets, n-people)
			families, people = append(families, f), people+len(f.Members)
		}
		homes := make([]household, 0, len(families))
		operator := cast[reg.operator]
		for part := range slices.Chunk(families, 500) {
			err := pg.InTx(ctx, db, func(tx pgx.Tx) error {
				added, err := m.AddFamilies(ctx, tx, operator, part)
				for i, a := range added {
					if err == nil && len(a.Problems) > 0 {
						err = fmt.Errorf("%s: %+v", part[i].Members[0].Name, a.Problems[0])
					}
					homes = append(homes, household{part[i], a})
				}
				return err
			})
			if err != nil {
				return nil, nil, fmt.Errorf("residents of %s: %w", reg.code, err)
			}
		}
		keep := 0
		if i == 0 {
			keep = 2 // nothing happens to the demo's citizens
		}
		quiet[reg.code] = slices.Clone(homes[:keep])
		lives, rest := c.lives(m, watch, operator, homes[keep:], reg.streets)
		all, quiet[reg.code] = append(all, lives...), append(quiet[reg.code], rest...)
	}
	slices.SortStableFunc(all, func(a, b happening) int { return a.at.Compare(b.at) })
	return all, quiet, nil
}

// citizens are the families of the accounts warga and warga2.
func (c *census) citizens(kelurahan int64) []epemerintahan.NewFamily {
	born := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	basri := epemerintahan.NewFamily{Home: epemerintahan.Home{KelurahanID: kelurahan, RW: "003", RT: "002", Address: "Jl. Toddopuli III No. 12"}}
	basri.Members = []epemerintahan.NewResident{
		c.person("Basri Dg. Ngalle", epemerintahan.Male, born(1981, 5, 9), 1, 2, 5, 88),
		c.person("Nurhayati Basri", epemerintahan.Female, born(1985, 3, 12), 3, 2, 5, 2),
		c.person("Muh. Fadil Basri", epemerintahan.Male, born(2007, 8, 17), 4, 1, 5, 3),
		c.person("Sitti Aisyah Basri", epemerintahan.Female, born(2012, 1, 30), 4, 1, 3, 3),
	}
	ramadhan := epemerintahan.NewFamily{Home: epemerintahan.Home{KelurahanID: kelurahan, RW: "005", RT: "001", Address: "Lr. Kassi-Kassi No. 7"}}
	ramadhan.Members = []epemerintahan.NewResident{
		c.person("Hj. Rosmiati", epemerintahan.Female, born(1966, 11, 2), 1, 4, 4, 84),
		c.person("Ical Ramadhan", epemerintahan.Male, born(1998, 1, 14), 4, 1, 8, 15),
	}
	families := []epemerintahan.NewFamily{basri, ramadhan}
	for i := range families {
		c.finish(&families[i], 1)
	}
	return families
}

// family is one like others in the city, of at most so many people.
func (c *census) family(kelurahan int64, streets []string, most int) epemerintahan.NewFamily {
	f := epemerintahan.NewFamily{Home: epemerintahan.Home{KelurahanID: kelurahan,
		RW: fmt.Sprintf("%03d", 1+c.IntN(8)), RT: fmt.Sprintf("%03d", 1+c.IntN(5)),
		Address: fmt.Sprintf("%s No. %d", one(c, streets), 1+c.IntN(140))}}
	c.named = map[string]bool{}
	older := 22 + c.IntN(55)
	surname := one(c, familyNames)
	children := 0
	switch kind := c.IntN(100); {
	case kind < 68: // a couple
		wife := max(19, older-c.IntN(8))
		f.Members = append(f.Members, c.grown(1, epemerintahan.Male, older, 2, surname), c.grown(3, epemerintahan.Female, wife, 2, ""))
		children = min(c.IntN(6), max(0, wife-19)/2)
	case kind < 84: // a mother or father alone
		sex, marital := epemerintahan.Female, 4
		if c.IntN(4) == 0 {
			sex, marital = epemerintahan.Male, 3
		}
		f.Members = append(f.Members, c.grown(1, sex, max(older, 26), marital, surname))
		children = 1 + c.IntN(3)
	default: // somebody alone
		marital := 1
		if older > 50 {
			marital = 4
		}
		f.Members = append(f.Members, c.grown(1, 1+c.IntN(2), older, marital, surname))
	}
	head, other := f.Members[0], f.Members[len(f.Members)-1]
	for i := range children {
		years := age(other.BirthDate, c.day) - 20 - 3*i - c.IntN(2)
		if years < 0 || years > 34 {
			continue
		}
		f.Members = append(f.Members, c.child(years, surname, head, other))
	}
	if older > 30 && older < 55 && c.IntN(9) == 0 {
		f.Members = append(f.Members, c.grown(7, epemerintahan.Female, min(older+25, 88), 4, ""))
	}
	if len(f.Members) > most {
		f.Members = f.Members[:most]
	}
	c.finish(&f, religions[c.IntN(len(religions))])
	return f
}

func (c *census) grown(relation, sex, years, marital int, surname string) epemerintahan.NewResident {
	name := c.name(sex, years, surname)
	job, education := 2, 3+c.IntN(4)
	switch {
	case years > 60 && c.IntN(3) > 0:
		job = 4
	case sex == epemerintahan.Male || c.IntN(3) == 0:
		job = one(c, jobs)
	}
	if job == 5 || job == 64 || job == 65 || job == 72 {
		education = 8
	}
	return c.person(name, sex, c.birth(years), relation, marital, education, job)
}

func (c *census) child(years int, surname string, father, mother epemerintahan.NewResident) epemerintahan.NewResident {
	sex := 1 + c.IntN(2)
	education, job := 1, 1
	switch {
	case years > 21:
		education, job = 5+c.IntN(2)*3, one(c, jobs)
	case years > 15:
		education, job = 4, 3
	case years > 6:
		education, job = 2, 3
	}
	r := c.person(c.name(sex, years, surname), sex, c.birth(years), 4, 1, education, job)
	r.FatherName, r.MotherName = father.Name, mother.Name
	if father.Sex == epemerintahan.Female {
		r.FatherName, r.MotherName = "", father.Name
	}
	return r
}

// name is one as it is written in this city, in any of its spellings.
func (c *census) name(sex, years int, surname string) string {
	for {
		given, second := one(c, menNames), one(c, menSecond)
		if sex == epemerintahan.Female {
			given, second = one(c, womenNames), one(c, womenSecond)
		}
		name := given + " " + second
		switch c.IntN(5) {
		case 0:
			if surname != "" {
				name = given + " " + surname
			}
		case 1:
			if years > 45 {
				name = given + " " + one(c, daengNames)
			}
		}
		if years > 48 && c.IntN(4) == 0 {
			name = map[int]string{epemerintahan.Male: "H. ", epemerintahan.Female: "Hj. "}[sex] + name
		}
		if !c.named[name] {
			c.named[name] = true
			return name
		}
	}
}

// birth is a day on which somebody was born who is so many years old.
func (c *census) birth(years int) time.Time {
	return c.day.AddDate(-years, 0, -1-c.IntN(360))
}

func (c *census) person(name string, sex int, born time.Time, relation, marital, education, job int) epemerintahan.NewResident {
	r := epemerintahan.NewResident{NIK: c.nik(born, sex), Entry: epemerintahan.Registered, Person: epemerintahan.Person{
		Relation: relation, Name: name, Sex: sex, BirthPlace: "Makassar", BirthDate: born, Religion: 1, Education: education, Job: job,
		Marital: marital, Citizenship: 1, Permanence: 1,
	}}
	if c.IntN(5) == 0 {
		r.BirthPlace = one(c, birthPlaces)
	}
	return r
}

func (c *census) nik(born time.Time, sex int) string {
	day := born.Day()
	if sex == epemerintahan.Female {
		day += 40
	}
	return c.serial(fmt.Sprintf("737113%02d%s", day, born.Format("0106")))
}

// serial takes the next number after the first twelve digits, from anywhere in the
// upper nines: masked numbers show their last four digits, which should differ.
func (c *census) serial(prefix string) string {
	first := fnv.New32a()
	first.Write([]byte(prefix))
	n := 9001 + (int(first.Sum32()%900)+c.serials[prefix])%999
	c.serials[prefix]++
	return fmt.Sprintf("%s%04d", prefix, n)
}

// finish gives a family its card, its religion, and the day since which it is here.
func (c *census) finish(f *epemerintahan.NewFamily, religion int) {
	since := c.day.AddDate(0, 0, -200-c.IntN(2500))
	f.KK = c.serial("737113" + since.Format("020106"))
	for i := range f.Members {
		r := &f.Members[i]
		r.Religion = religion
		if r.EntryOn = since; r.BirthDate.After(since) {
			r.EntryOn = r.BirthDate
		}
	}
}

// happening is something that the operator records at a moment of the story.
type happening struct {
	at   time.Time
	does string
	do   func(ctx context.Context) error
}

// lives plans births, deaths and moves of the story's weeks, each in a family of its
// own, and returns the families that are left.
func (c *census) lives(m *epemerintahan.Module, watch *clock.Fake, operator authz.Actor, homes []household, streets []string) (out []happening, left []household) {
	c.Shuffle(len(homes), func(i, j int) { homes[i], homes[j] = homes[j], homes[i] })
	// next takes the next family for which fits holds.
	next := func(fits func(h household) bool) (household, bool) {
		for i, h := range homes {
			if fits(h) {
				homes = slices.Delete(homes, i, i+1)
				return h, true
			}
		}
		return household{}, false
	}
	plan := func(does string, times int, fits func(h household) bool, do func(ctx context.Context, h household, on time.Time) error) {
		for range times {
			h, ok := next(fits)
			if !ok {
				return
			}
			day := 2 + c.IntN(storyDays-3)
			told := watch.Now().AddDate(0, 0, day).Add(time.Duration(8*60+c.IntN(6*60)) * time.Minute)
			for told.In(clock.Makassar).Weekday() == time.Saturday || told.In(clock.Makassar).Weekday() == time.Sunday {
				told = told.AddDate(0, 0, 1)
			}
			on := dayOf(told).AddDate(0, 0, -c.IntN(min(day, 6)))
			out = append(out, happening{told, does, func(ctx context.Context) error { return do(ctx, h, on) }})
		}
	}
	share := func(n int) int { return max(1, n*len(homes)/1000) } // of a thousand families
	couple := func(h household) bool {
		return len(h.Members) > 1 && h.Members[1].Relation == 3 && age(h.Members[1].BirthDate, c.day) < 42
	}
	plan("birth", share(14), couple, func(ctx context.Context, h household, on time.Time) error {
		sex := 1 + c.IntN(2)
		c.named = map[string]bool{}
		child := c.person(c.name(sex, 0, ""), sex, on, 4, 1, 1, 1)
		child.NIK, child.NIKStatus, child.Entry, child.Religion = "", epemerintahan.NIKNone, epemerintahan.Born, h.Members[0].Religion
		child.FatherName, child.MotherName = h.Members[0].Name, h.Members[1].Name
		_, err := m.Create(ctx, operator, epemerintahan.CreateInput{NewResident: child, FamilyID: h.FamilyID})
		return err
	})
	old := func(h household) bool { return age(h.Members[0].BirthDate, c.day) > 62 }
	plan("death", share(7), old, func(ctx context.Context, h household, on time.Time) error {
		in := epemerintahan.EventInput{ResidentID: h.Residents[0], Kind: epemerintahan.Died, On: on, Detail: epemerintahan.Detail{Place: one(c, deathPlaces)}}
		if len(h.Residents) > 1 {
			in.HeadID = h.Residents[1]
		}
		return m.RecordEvent(ctx, operator, in)
	})
	anybody := func(h household) bool { return len(h.Members) < 5 }
	away := func(ctx context.Context, h household, on time.Time) error {
		return m.RecordEvent(ctx, operator, epemerintahan.EventInput{ResidentID: h.Residents[0], Kind: epemerintahan.MovedOut, On: on, Along: h.Residents[1:],
			Detail: epemerintahan.Detail{Destination: one(c, destinations)}})
	}
	plan("move away", share(6), anybody, away)
	plan("arrival", share(9), anybody, func(ctx context.Context, h household, on time.Time) error {
		in := epemerintahan.CreateInput{Home: h.Home}
		in.Address = fmt.Sprintf("%s No. %d", one(c, streets), 150+c.IntN(40))
		c.named = map[string]bool{}
		in.NewResident = c.grown(1, 1+c.IntN(2), 22+c.IntN(30), 1, "")
		in.Religion, in.Entry, in.EntryOn, in.Detail = 1, epemerintahan.MovedIn, on, epemerintahan.Detail{Origin: one(c, destinations)}
		_, err := m.Create(ctx, operator, in)
		return err
	})
	plan("disappearance", 1, anybody, func(ctx context.Context, h household, on time.Time) error {
		last := len(h.Residents) - 1
		in := epemerintahan.EventInput{ResidentID: h.Residents[last], Kind: epemerintahan.Lost, On: on, Detail: epemerintahan.Detail{Place: "Pelabuhan Paotere"}}
		return m.RecordEvent(ctx, operator, in)
	})
	plan("undone move", 1, anybody, func(ctx context.Context, h household, on time.Time) error {
		if err := away(ctx, h, on); err != nil {
			return err
		}
		return m.ReverseEvent(ctx, operator, epemerintahan.ReverseInput{ResidentID: h.Residents[0], Seq: 2, All: true, Reason: "Batal pindah; berkasnya ditarik keluarga."})
	})
	grownChild := func(h household) bool {
		return len(h.Members) > 2 && h.Members[2].Relation == 4 && age(h.Members[2].BirthDate, c.day) > 23
	}
	plan("split", share(3), grownChild, func(ctx context.Context, h household, _ time.Time) error {
		_, err := m.SplitFamily(ctx, operator, epemerintahan.SplitInput{FamilyID: h.FamilyID, Members: h.Residents[2:3],
			Relations: map[int64]int{h.Residents[2]: 1}, Home: h.Home, Reason: "Menikah."})
		return err
	})
	plan("move within", share(3), anybody, func(ctx context.Context, h household, _ time.Time) error {
		return m.EditFamily(ctx, operator, epemerintahan.EditFamilyInput{ID: h.FamilyID, Version: 1, RW: h.RW, RT: "001",
			Address: fmt.Sprintf("%s No. %d", one(c, streets), 1+c.IntN(140)), Reason: "Pindah rumah."})
	})
	return out, homes
}

func dayOf(t time.Time) time.Time {
	t = t.In(clock.Makassar)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

func age(born, on time.Time) int {
	years := on.Year() - born.Year()
	if cmp.Or(cmp.Compare(on.Month(), born.Month()), cmp.Compare(on.Day(), born.Day())) < 0 {
		years--
	}
	return years
}

// happen carries out what is due by a moment and returns the rest.
func happen(ctx context.Context, watch *clock.Fake, all []happening, until time.Time) ([]happening, error) {
	for len(all) > 0 && !all[0].at.After(until) {
		watch.Set(all[0].at)
		if err := all[0].do(ctx); err != nil {
			return nil, fmt.Errorf("%s on %s: %w", all[0].does, all[0].at.Format(time.DateTime), err)
		}
		all = all[1:]
	}
	return all, nil
}

var (
	menNames = []string{"Muh.", "Muhammad", "Moh.", "Abd.", "Abdul", "Andi", "Syamsul", "Burhan", "Hasan", "Ilham", "Rahmat", "Sudirman", "Jamaluddin", "Arifin",
		"Nasrullah", "Takdir", "Firman", "Yusuf", "Ridwan", "Haeruddin", "Mansyur", "Kaharuddin", "Zulkifli", "Irwan", "Asrul", "Baharuddin", "Anwar", "Sultan"}
	menSecond  = []string{"Yusuf", "Rahman", "Rasyid", "Hamid", "Basir", "Amin", "Fajar", "Alamsyah", "Saputra", "Hidayat", "Akbar", "Latif", "Nur", "Said", "Kadir", "Rauf", "Tahir", "Idris", "Arsyad", "Jufri"}
	womenNames = []string{"Sitti", "St.", "Siti", "Nur", "Nurul", "Hasna", "Rosdiana", "Fatmawati", "Suriani", "Marlina", "Hartati", "Kasmawati", "Andi",
		"Rahmawati", "Jumriani", "Nurhayati", "Sri", "Mariani", "Hasniah", "Dewi", "Indah", "Fitriani", "Wahyuni", "Ernawati", "Syamsiah", "Rabiah"}
	womenSecond  = []string{"Aminah", "Rahmah", "Khadijah", "Aisyah", "Hajar", "Maryam", "Halimah", "Ramlah", "Salmah", "Wati", "Ningsih", "Lestari", "Astuti", "Handayani", "Rahayu", "Azizah", "Zahra", "Hikmah"}
	daengNames   = []string{"Dg. Ngalle", "Daeng Tutu", "Dg. Bau", "Daeng Sibali", "Dg. Kanang", "Daeng Ngai", "Dg. Te'ne", "Daeng Lurang", "Dg. Rannu", "Daeng Nassa"}
	birthPlaces  = []string{"Gowa", "Maros", "Takalar", "Jeneponto", "Bulukumba", "Bone", "Pangkep", "Parepare", "Pinrang", "Kendari", "Surabaya", "Tana Toraja"}
	destinations = []string{"Kabupaten Gowa", "Kabupaten Maros", "Kota Kendari", "Kota Balikpapan", "Kabupaten Bone", "Kelurahan Tamalanrea", "Kelurahan Panakkukang", "Kota Surabaya"}
	deathPlaces  = []string{"Rumah", "RSUD Labuang Baji", "RS Haji", "Rumah", "RSUP Wahidin Sudirohusodo"}
	jobs         = []int{88, 88, 88, 84, 84, 15, 15, 15, 19, 19, 5, 18, 14, 81, 13, 26, 30, 35, 65, 6, 7, 16, 74, 97}
	religions    = []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 1, 5}
)
