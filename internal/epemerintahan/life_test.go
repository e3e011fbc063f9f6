package epemerintahan

import (
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// sound fails unless every row is the replay of its events and every family in which
// somebody lives has one head who does.
func (c *city) sound() {
	c.t.Helper()
	type row struct {
		ID       int64
		Status   Status
		StatusOn time.Time
		Seq      int
	}
	all, err := pg.Many[row](c.ctx, c.db.Pool, `SELECT id, status, status_on, seq FROM epemerintahan_resident ORDER BY id`)
	if err != nil {
		c.t.Fatal(err)
	}
	type entry struct {
		ResidentID int64
		Event
	}
	entries, err := pg.Many[entry](c.ctx, c.db.Pool, `SELECT resident_id, seq, kind, happened_on, recorded_at, kelurahan_id, COALESCE(reverses, 0) AS reverses, reason, detail
		FROM epemerintahan_event ORDER BY resident_id, seq`)
	if err != nil {
		c.t.Fatal(err)
	}
	events := map[int64][]Event{}
	for _, e := range entries {
		events[e.ResidentID] = append(events[e.ResidentID], e.Event)
	}
	for _, r := range all {
		s, err := Replay(events[r.ID])
		if err != nil || s.Status != r.Status || !s.StatusOn.Equal(r.StatusOn) || s.Seq != r.Seq {
			c.t.Fatalf("resident %+v stands at %+v by the events, %v", r, s, err)
		}
	}
	if n := one[int](c, `SELECT count(*)::int FROM (SELECT family_id FROM epemerintahan_resident WHERE deleted_at IS NULL AND status = 'hidup'
		GROUP BY family_id HAVING count(*) FILTER (WHERE relation = 1) <> 1) f`); n != 0 {
		c.t.Fatalf("%d families have not one head", n)
	}
	if n := one[int](c, `SELECT count(*)::int FROM epemerintahan_family f WHERE kk_hash IS DISTINCT FROM
		(SELECT kk_hash FROM epemerintahan_kk k WHERE k.family_id = f.id AND until IS NULL)`); n != 0 {
		c.t.Fatalf("%d families have another number than their history", n)
	}
}

func (c *city) get(a authz.Actor, id int64) Record {
	c.t.Helper()
	r, err := c.View(c.ctx, a, id)
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

func (c *city) famOf(a authz.Actor, id int64) Family {
	c.t.Helper()
	f, err := c.ViewFamily(c.ctx, a, id)
	if err != nil {
		c.t.Fatal(err)
	}
	return f
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var today = time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)

// TestAHeadDies walks through a death, its undoing, and who leads the family.
func TestAHeadDies(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	a := c.hire(kassiKassi, all...)
	f := c.family(a, kassiKassi, 3)
	father, son := f.Residents[0], f.Residents[1]
	dies := EventInput{ResidentID: father, Version: 1, Kind: Died, On: today.AddDate(0, 0, -3), Detail: Detail{Place: "RS Faisal"}}
	err := c.RecordEvent(t.Context(), a, dies)
	errstest.Field(t, err, ControlHead)
	dies.HeadID = father
	errstest.Field(t, c.RecordEvent(t.Context(), a, dies), ControlHead)
	dies.HeadID, dies.On = son, today.AddDate(0, 0, 1)
	errstest.Field(t, c.RecordEvent(t.Context(), a, dies), ControlDate)
	dies.On = today.AddDate(-50, 0, 0)
	errstest.Field(t, c.RecordEvent(t.Context(), a, dies), ControlDate)
	dies.On = today.AddDate(0, 0, -3)
	ok(t, c.RecordEvent(t.Context(), a, dies))
	c.sound()
	if h, _ := c.famOf(a, f.FamilyID).Head(); h.ID != son {
		t.Errorf("the head is %d, want %d", h.ID, son)
	}
	r := c.get(a, father)
	if r.Status != Dead || r.Undo != 2 || len(r.Next) != 0 {
		t.Errorf("%+v", r)
	}
	dies.Version = 0
	errstest.Kind(t, c.RecordEvent(t.Context(), a, dies), errs.Conflict)
	errstest.Field(t, c.ReverseEvent(t.Context(), a, ReverseInput{ResidentID: father, Seq: 2}), ControlReason)
	errstest.Kind(t, c.ReverseEvent(t.Context(), a, ReverseInput{ResidentID: father, Seq: 1, Reason: "salah"}), errs.Conflict)
	ok(t, c.ReverseEvent(t.Context(), a, ReverseInput{ResidentID: father, Version: r.Version, Seq: 2, Reason: "Orang lain yang meninggal."}))
	c.sound()
	fam := c.famOf(a, f.FamilyID)
	if h, _ := fam.Head(); h.ID != father {
		t.Errorf("the head is %d, want %d again", h.ID, father)
	}
	if s := c.get(a, son); s.Relation != 4 {
		t.Errorf("the son is %d", s.Relation)
	}
	errstest.Kind(t, c.ReverseEvent(t.Context(), a, ReverseInput{ResidentID: father, Seq: 1, Reason: "salah"}), errs.Conflict)
}

// TestAFamilyMovesAndReturns moves everybody out, back, and to another kelurahan.
func TestAFamilyMovesAndReturns(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	a, elsewhere := c.hire(kassiKassi, all...), c.hire(tidung, all...)
	house := c.household(kassiKassi, 3)
	f := c.add(a, house)[0]
	head, wife := f.Residents[0], f.Residents[1]
	out := EventInput{ResidentID: head, Kind: MovedOut, On: today.AddDate(0, 0, -20), Along: []int64{wife, f.Residents[2], wife}}
	errstest.Field(t, c.RecordEvent(t.Context(), a, out), ControlDestination)
	out.Detail.Destination = "Kabupaten Gowa"
	bad := out
	bad.Along = []int64{c.family(a, kassiKassi, 1).Residents[0]}
	errstest.Field(t, c.RecordEvent(t.Context(), a, bad), ControlMembers)
	ok(t, c.RecordEvent(t.Context(), a, out))
	if n := c.famOf(a, f.FamilyID).Living(); n != 0 {
		t.Fatalf("%d stay", n)
	}
	ok(t, c.ReverseEvent(t.Context(), a, ReverseInput{ResidentID: wife, Seq: 2, All: true, Reason: "Batal pindah."}))
	c.sound()
	if n := c.famOf(a, f.FamilyID).Living(); n != 3 {
		t.Fatalf("%d are back", n)
	}
	out.On = today.AddDate(0, 0, -10)
	ok(t, c.RecordEvent(t.Context(), a, out))
	back := EventInput{ResidentID: wife, Kind: MovedIn, On: today.AddDate(0, 0, -5), Detail: Detail{Origin: "Gowa"}}
	ok(t, c.RecordEvent(t.Context(), a, back)) // the only one there leads
	back.ResidentID = head
	ok(t, c.RecordEvent(t.Context(), a, back))
	c.sound()
	if r := c.get(a, head); r.Relation != RelationOther {
		t.Errorf("the head came back as %d", r.Relation)
	}
	// The third arrives in Tidung and brings the record.
	third := house.Members[2]
	in := CreateInput{NewResident: third, Home: c.home(tidung)}
	in.Entry, in.EntryOn = MovedIn, today.AddDate(0, 0, -1)
	still := in
	still.Entry = Registered
	_, err := c.Create(t.Context(), elsewhere, still)
	errstest.Field(t, err, ControlNIK)
	early := in
	early.EntryOn = today.AddDate(0, 0, -11)
	_, err = c.Create(t.Context(), elsewhere, early)
	errstest.Field(t, err, ControlDate)
	other := in
	other.Name = "Orang Lain"
	_, err = c.Create(t.Context(), c.hire(tidung, PermView, PermEdit), other)
	errstest.Field(t, err, ControlNIK)
	id, err := c.Create(t.Context(), elsewhere, in)
	if err != nil || id != f.Residents[2] {
		t.Fatalf("%d, %v", id, err)
	}
	c.sound()
	r := c.get(elsewhere, id)
	if r.Status != Living || r.KelurahanID != c.unit(tidung) || len(r.Events) != 5 || r.Relation != RelationHead {
		t.Errorf("%+v", r)
	}
	_, err = c.View(t.Context(), a, id)
	errstest.Kind(t, err, errs.NotFound)
	// Undone, they are where they were.
	ok(t, c.ReverseEvent(t.Context(), elsewhere, ReverseInput{ResidentID: id, Seq: r.Undo, Reason: "Salah orang."}))
	c.sound()
	if r := c.get(a, id); r.Status != Moved || r.FamilyID != f.FamilyID || r.Relation != 4 {
		t.Errorf("%+v", r)
	}
}

// A whole family arrives from another kelurahan with its records, and back.
func TestAFamilyArrivesTogether(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	a, elsewhere := c.hire(kassiKassi, all...), c.hire(tidung, all...)
	house := c.household(kassiKassi, 4)
	f := c.add(a, house)[0]
	ids := f.Residents
	ok(t, c.RecordEvent(t.Context(), a, EventInput{ResidentID: ids[3], Kind: Died, On: today.AddDate(0, 0, -30)}))
	ok(t, c.RecordEvent(t.Context(), a, EventInput{ResidentID: ids[0], Kind: MovedOut, On: today.AddDate(0, 0, -20), Along: ids[1:3], Detail: Detail{Destination: "Tidung"}}))
	in := CreateInput{NewResident: house.Members[1], Home: c.home(tidung), Along: true}
	in.Entry, in.EntryOn, in.Job = MovedIn, today, 9
	id, err := c.Create(t.Context(), elsewhere, in)
	if err != nil || id != ids[1] {
		t.Fatalf("%d, %v", id, err)
	}
	c.sound()
	r := c.get(elsewhere, id)
	fam := c.famOf(elsewhere, r.FamilyID)
	if fam.Living() != 3 || r.Relation != RelationHead || r.Job != 9 || len(r.Changes) != 1 || c.get(elsewhere, ids[0]).Relation != RelationOther {
		t.Errorf("%+v", fam.Members)
	}
	if left := c.famOf(a, f.FamilyID); len(left.Members) != 1 {
		t.Errorf("%+v stayed", left.Members)
	}
	ok(t, c.ReverseEvent(t.Context(), elsewhere, ReverseInput{ResidentID: id, Seq: r.Undo, All: true, Reason: "Salah catat."}))
	c.sound()
	for i, want := range []int{1, 4, 4} {
		if r := c.get(a, ids[i]); r.Status != Moved || r.FamilyID != f.FamilyID || r.Relation != want {
			t.Errorf("%+v", r.Resident)
		}
	}
}

func TestEditsKeepBeforeAndAfter(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	a, operator := c.hire(kassiKassi, all...), c.hire(kassiKassi, PermView, PermEdit)
	f := c.family(a, kassiKassi, 2)
	id := f.Residents[1]
	r := c.get(a, id)
	in := EditInput{ID: id, Version: r.Version, Person: r.Person, NIKStatus: NIKPresent}
	ok(t, c.Edit(t.Context(), operator, in)) // nothing changed
	if c.get(a, id).Version != 1 {
		t.Error("an edit of nothing counts")
	}
	in.Name, in.Job = "  Muhammad   Yusuf ", 4
	ok(t, c.Edit(t.Context(), operator, in))
	in.Version = 2
	in.Sex = Female
	errstest.Field(t, c.Edit(t.Context(), operator, in), ControlNIK)
	in.Reason = "Begitu di KTP."
	errstest.Field(t, c.Edit(t.Context(), operator, in), "")
	ok(t, c.Edit(t.Context(), a, in))
	in.Version, in.Reason, in.Name = 3, "", "Muhammad Jusuf"
	ok(t, c.Edit(t.Context(), operator, in)) // explained already
	in.Version, in.NIK = 4, "1234"
	errstest.Field(t, c.Edit(t.Context(), operator, in), ControlNIK)
	in.NIK, in.Relation = "", RelationHead
	errstest.Field(t, c.Edit(t.Context(), operator, in), ControlRelation)
	in.Relation, in.NIKStatus = 4, NIKPending
	ok(t, c.Edit(t.Context(), operator, in))
	r = c.get(a, id)
	if r.NIK != "" || r.NIKReason != "" || r.Name != "Muhammad Jusuf" || len(r.Changes) != 4 {
		t.Errorf("%+v", r)
	}
	if got := r.Changes[3].Fields; len(got) != 2 || got[0].Field != "Nama" || got[0].After != "Muhammad Yusuf" {
		t.Errorf("%+v", got)
	}
	if got := r.Changes[0].Fields; len(got) != 2 || got[1].Field != fieldNIK || len([]rune(got[1].Before)) != 16 || got[1].After != "" {
		t.Errorf("%+v", got)
	}
	in.Version, in.NIKStatus, in.NIK = 5, NIKPresent, c.number()
	in.Sex = Male
	ok(t, c.Edit(t.Context(), operator, in))

	fam := c.famOf(a, f.FamilyID)
	e := EditFamilyInput{ID: fam.ID, Version: fam.Version, RW: "5", RT: "1", Address: "Jl. Baru 1", KK: c.number(), Reason: "Pindah rumah."}
	ok(t, c.EditFamily(t.Context(), operator, e))
	fam = c.famOf(a, f.FamilyID)
	if fam.RW != "005" || len(fam.Numbers) != 2 || fam.Numbers[0].Until != nil || fam.Numbers[1].Until == nil || fam.Changes[0].What != "pindah" {
		t.Errorf("%+v", fam)
	}
	if r := c.get(a, id); r.RW != "005" || r.RT != "001" {
		t.Errorf("the resident is in %s/%s", r.RW, r.RT)
	}
	errstest.Kind(t, c.EditFamily(t.Context(), operator, e), errs.Conflict)
	e.Version, e.KK = fam.Version, c.number()
	other := c.household(kassiKassi, 1)
	other.KK = e.KK
	c.add(a, other)
	errstest.Field(t, c.EditFamily(t.Context(), operator, e), ControlKK)
	e.KK, e.NoKK = "", true
	ok(t, c.EditFamily(t.Context(), operator, e))
	if fam = c.famOf(a, f.FamilyID); fam.KK != "" || len(fam.Numbers) != 2 {
		t.Errorf("%+v", fam)
	}
	c.sound()
}

func TestFamiliesPartAndJoin(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	a := c.hire(kassiKassi, all...)
	f, other := c.family(a, kassiKassi, 4), c.family(a, kassiKassi, 2)
	rs := f.Residents
	in := SplitInput{FamilyID: f.FamilyID, Version: 1, Members: rs, Home: Home{RW: "1", RT: "1", Address: "Jl. Monginsidi"}, KK: c.number()}
	_, err := c.SplitFamily(t.Context(), a, in)
	errstest.Field(t, err, ControlMembers)
	in.Members = []int64{rs[0], rs[1], other.Residents[0]}
	_, err = c.SplitFamily(t.Context(), a, in)
	errstest.Field(t, err, ControlMembers)
	in.Members = rs[:2]
	_, err = c.SplitFamily(t.Context(), a, in) // the head goes: who leads the others?
	errstest.Field(t, err, ControlHead)
	in.StayHeadID = rs[2]
	in.Relations = map[int64]int{rs[0]: 7}
	_, err = c.SplitFamily(t.Context(), a, in)
	errstest.Field(t, err, ControlMembers)
	in.Relations[rs[1]] = 99
	_, err = c.SplitFamily(t.Context(), a, in)
	errstest.Field(t, err, RelationControl(rs[1]))
	in.Relations[rs[1]] = RelationHead
	id, err := c.SplitFamily(t.Context(), a, in)
	ok(t, err)
	c.sound()
	if fam := c.famOf(a, id); fam.Living() != 2 || fam.Members[0].ID != rs[1] || fam.RW != "001" {
		t.Errorf("%+v", fam)
	}
	if r := c.get(a, rs[0]); r.FamilyID != id || r.Changes[0].What != "pisah" {
		t.Errorf("%+v", r)
	}
	move := MoveInput{FamilyID: f.FamilyID, ToFamilyID: other.FamilyID, Members: []int64{rs[2], rs[3]}, Relations: map[int64]int{rs[3]: 9}}
	errstest.Field(t, c.MoveMembers(t.Context(), a, move), ControlMembers) // a second head
	move.Relations[rs[2]] = 9
	ok(t, c.MoveMembers(t.Context(), a, move))
	c.sound()
	if n := c.famOf(a, other.FamilyID).Living(); n != 4 {
		t.Errorf("%d live together", n)
	}
	far := c.family(c.hire(tidung, all...), tidung, 1)
	errstest.Field(t, c.MoveMembers(t.Context(), a, MoveInput{FamilyID: other.FamilyID, ToFamilyID: far.FamilyID, Members: []int64{rs[2]}}), ControlFamily)
	camat := c.hire(rappocini, all...)
	errstest.Field(t, c.MoveMembers(t.Context(), camat, MoveInput{FamilyID: other.FamilyID, ToFamilyID: far.FamilyID, Members: []int64{rs[2]}}), ControlFamily)
	// Into the empty family, with a new head.
	errstest.Field(t, c.MoveMembers(t.Context(), a, MoveInput{FamilyID: other.FamilyID, ToFamilyID: f.FamilyID, Members: []int64{rs[2]}}), ControlMembers)
	ok(t, c.MoveMembers(t.Context(), a, MoveInput{FamilyID: other.FamilyID, ToFamilyID: f.FamilyID, Members: []int64{rs[2]}, Relations: map[int64]int{rs[2]: 1}}))
	c.sound()
	gone := c.get(a, rs[2])
	errstest.Field(t, c.Delete(t.Context(), a, DeleteInput{ID: gone.ID, Version: gone.Version, Reason: "  "}), ControlReason)
	ok(t, c.Delete(t.Context(), a, DeleteInput{ID: gone.ID, Version: gone.Version, Reason: "Tercatat dua kali."}))
	_, err = c.View(t.Context(), a, gone.ID)
	errstest.Kind(t, err, errs.NotFound)
	c.sound()
}

// TestAtOnce lets people do the same at the same time.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	a := c.hire(kassiKassi, all...)
	// race runs n of do at once and counts who got through; others hear one of kinds.
	race := func(n int, do func(i int) error, kinds ...errs.Kind) int64 {
		t.Helper()
		var won atomic.Int64
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				switch err := do(i); {
				case err == nil:
					won.Add(1)
				case !slices.Contains(kinds, errs.KindOf(err)):
					t.Errorf("%d: %v", i, err)
				}
			})
		}
		wg.Wait()
		c.sound()
		return won.Load()
	}
	f := c.family(a, kassiKassi, 6)
	r := c.get(a, f.Residents[1])
	if n := race(2, func(i int) error {
		in := EditInput{ID: r.ID, Version: r.Version, Person: r.Person}
		in.Name = []string{"Satu", "Dua"}[i]
		return c.Edit(t.Context(), a, in)
	}, errs.Conflict); n != 1 {
		t.Errorf("%d of two edits of one version won", n)
	}
	same := c.somebody(RelationHead)
	if n := race(8, func(int) error {
		_, err := c.Create(t.Context(), a, CreateInput{NewResident: same, Home: Home{KelurahanID: c.unit(kassiKassi), RW: "1", RT: "1", Address: "Jl. A"}})
		return err
	}, errs.Unprocessable); n != 1 {
		t.Errorf("%d creations of one NIK won", n)
	}
	if n := race(50, func(i int) error {
		return c.ChangeHead(t.Context(), a, HeadInput{FamilyID: f.FamilyID, HeadID: f.Residents[i%6], Relations: map[int64]int{f.Residents[0]: 9, f.Residents[1]: 9, f.Residents[2]: 9, f.Residents[3]: 9, f.Residents[4]: 9, f.Residents[5]: 9}})
	}); n != 50 {
		t.Errorf("%d of 50 head changes went through", n)
	}
	version := c.famOf(a, f.FamilyID).Version
	if n := race(10, func(i int) error {
		return c.ChangeHead(t.Context(), a, HeadInput{FamilyID: f.FamilyID, Version: version, HeadID: f.Residents[i%6], Relations: map[int64]int{f.Residents[0]: 9, f.Residents[1]: 9, f.Residents[2]: 9, f.Residents[3]: 9, f.Residents[4]: 9, f.Residents[5]: 9}})
	}, errs.Conflict); n != 1 {
		t.Errorf("%d head changes of one version won", n)
	}
	// Everybody dies at once while the family is parted and joined with another one.
	other := c.family(a, kassiKassi, 3)
	race(40, func(i int) error {
		id := f.Residents[i%6]
		switch i % 4 {
		case 0:
			return c.RecordEvent(t.Context(), a, EventInput{ResidentID: id, Kind: Died, On: today, HeadID: f.Residents[(i+1)%6]})
		case 1:
			return c.ReverseEvent(t.Context(), a, ReverseInput{ResidentID: id, Seq: 2, Reason: "salah"})
		case 2:
			_, err := c.SplitFamily(t.Context(), a, SplitInput{FamilyID: f.FamilyID, Members: []int64{id}, Relations: map[int64]int{id: 1},
				StayHeadID: f.Residents[(i+1)%6], Home: Home{RW: "2", RT: "2", Address: "Jl. B"}})
			return err
		}
		from, to := f, other
		if i%8 == 7 {
			from, to = other, f
		}
		who := from.Residents[i%len(from.Residents)]
		return c.MoveMembers(t.Context(), a, MoveInput{FamilyID: from.FamilyID, ToFamilyID: to.FamilyID, Members: []int64{who}, Relations: map[int64]int{who: 9},
			StayHeadID: from.Residents[(i+1)%len(from.Residents)]})
	}, errs.Conflict, errs.Unprocessable)
	// One record, wanted by two kelurahan.
	leaves := c.household(kassiKassi, 1)
	g := c.add(a, leaves)[0]
	ok(t, c.RecordEvent(t.Context(), a, EventInput{ResidentID: g.Residents[0], Kind: MovedOut, On: today, Detail: Detail{Destination: "Tidung"}}))
	elsewhere := c.hire(tidung, all...)
	if n := race(6, func(i int) error {
		in := CreateInput{NewResident: leaves.Members[0], Home: Home{KelurahanID: c.unit([]string{tidung, kassiKassi}[i%2]), RW: "1", RT: "1", Address: "Jl. C"}}
		in.Entry = MovedIn
		_, err := c.Create(t.Context(), []authz.Actor{elsewhere, a}[i%2], in)
		return err
	}, errs.Unprocessable, errs.Conflict); n != 1 {
		t.Errorf("%d arrivals of one person", n)
	}
}

// TestRandomLives does whatever comes to mind to a few families.
func TestRandomLives(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	actors := []authz.Actor{c.hire(kassiKassi, all...), c.hire(tidung, all...)}
	codes, units := []string{kassiKassi, tidung}, []int64{c.unit(kassiKassi), c.unit(tidung)}
	rng := rand.New(rand.NewPCG(20, 26))
	people := map[int64]NewResident{}
	add := func(i int) {
		house := c.household(codes[i], 1+rng.IntN(4))
		for j, id := range c.add(actors[i], house)[0].Residents {
			people[id] = house.Members[j]
		}
	}
	for i := range 6 {
		add(i % 2)
	}
	type row struct {
		ID, FamilyID, KelurahanID int64
		Relation, Seq             int
		Status                    Status
	}
	kinds := []string{"die", "out", "lost", "in", "undo", "undo all", "head", "split", "join", "arrive", "delete"}
	counts := map[string]int{}
	for step := range 600 {
		if step%20 == 19 {
			add(rng.IntN(2))
		}
		rows, err := pg.Many[row](t.Context(), c.db.Pool, `SELECT id, family_id, kelurahan_id, relation, seq, status FROM epemerintahan_resident WHERE deleted_at IS NULL ORDER BY id`)
		ok(t, err)
		if len(rows) == 0 {
			add(0)
			continue
		}
		what := kinds[rng.IntN(len(kinds))]
		r := rows[rng.IntN(len(rows))]
		for range 20 { // whom it can happen to, if there is anybody
			if (r.Status == Moved) == (what == "in" || what == "arrive") {
				break
			}
			r = rows[rng.IntN(len(rows))]
		}
		where := slices.Index(units, r.KelurahanID)
		a := actors[where]
		var mates []int64
		for _, o := range rows {
			if o.FamilyID == r.FamilyID {
				mates = append(mates, o.ID)
			}
		}
		any := func() int64 { return mates[rng.IntN(len(mates))] }
		some := []int64{r.ID}
		for _, o := range rows {
			if o.FamilyID == r.FamilyID && o.ID != r.ID && o.Status == r.Status && rng.IntN(2) == 0 {
				some = append(some, o.ID)
			}
		}
		relations := map[int64]int{}
		for i, id := range some {
			if relations[id] = 9; i == 0 && rng.IntN(3) > 0 {
				relations[id] = 1
			}
		}
		on := today.AddDate(0, 0, -rng.IntN(20))
		switch what {
		case "die":
			err = c.RecordEvent(t.Context(), a, EventInput{ResidentID: r.ID, Kind: Died, On: on, HeadID: any()})
		case "out":
			err = c.RecordEvent(t.Context(), a, EventInput{ResidentID: r.ID, Kind: MovedOut, On: on, HeadID: any(), Along: some, Detail: Detail{Destination: "Maros"}})
		case "lost":
			err = c.RecordEvent(t.Context(), a, EventInput{ResidentID: r.ID, Kind: Lost, On: on, HeadID: any()})
		case "in":
			err = c.RecordEvent(t.Context(), a, EventInput{ResidentID: r.ID, Kind: MovedIn, On: on, HeadID: any(), Along: some})
		case "undo", "undo all":
			events, e := pg.Many[Event](t.Context(), c.db.Pool, sqlEvents, r.ID)
			ok(t, e)
			last, _ := Latest(events)
			err = c.ReverseEvent(t.Context(), a, ReverseInput{ResidentID: r.ID, Seq: last.Seq, All: what == "undo all", HeadID: any(), Reason: "salah"})
		case "head":
			err = c.ChangeHead(t.Context(), a, HeadInput{FamilyID: r.FamilyID, HeadID: r.ID, Relations: map[int64]int{mates[0]: 9, mates[len(mates)-1]: 9}})
		case "split":
			_, err = c.SplitFamily(t.Context(), a, SplitInput{FamilyID: r.FamilyID, Members: some, Relations: relations, StayHeadID: any(), Home: Home{RW: "1", RT: "1", Address: "Jl. D"}})
		case "join":
			err = c.MoveMembers(t.Context(), a, MoveInput{FamilyID: r.FamilyID, ToFamilyID: rows[rng.IntN(len(rows))].FamilyID, Members: some, Relations: relations, StayHeadID: any()})
		case "arrive":
			in := CreateInput{NewResident: people[r.ID], Home: c.home(codes[1-where])}
			in.Entry, in.EntryOn = MovedIn, on
			_, err = c.Create(t.Context(), actors[1-where], in)
		case "delete":
			if rng.IntN(6) == 0 {
				err = c.Delete(t.Context(), a, DeleteInput{ID: r.ID, HeadID: any(), Reason: "uji"})
			}
		}
		if k := errs.KindOf(err); err != nil && k != errs.Unprocessable && k != errs.Conflict {
			t.Fatalf("step %d, %s of %+v: %v", step, what, r, err)
		}
		if err == nil {
			counts[what]++
		}
		c.sound()
	}
	for _, what := range kinds {
		if counts[what] < 5 {
			t.Errorf("%s went through too seldom: %v", what, counts)
		}
	}
}
