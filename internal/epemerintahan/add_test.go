package epemerintahan

import (
	"sync"
	"sync/atomic"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

func TestFamiliesEnterWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	operator := c.hire(kassiKassi, PermView, PermEdit)
	before := c.family(operator, kassiKassi, 3)

	good, foreign, headless, two := c.household(kassiKassi, 4), c.household(tidung, 2), c.household(kassiKassi, 2), c.household(kassiKassi, 2)
	headless.Members[0].Relation = 3
	two.Members[1].Relation = RelationHead
	again, card, bare, doubt := c.household(kassiKassi, 2), c.household(kassiKassi, 1), c.household(kassiKassi, 1), c.household(kassiKassi, 1)
	again.Members[1].NIK = good.Members[2].NIK
	card.KK = good.KK
	bare.Members[0].Person = Person{Relation: RelationHead}
	doubt.Members[0].Sex = Female
	got, err := c.tryAdd(operator, good, foreign, headless, two, again, card, bare, doubt)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		member  int
		control string
	}{{}, {-1, ControlKelurahan}, {-1, ControlRelation}, {1, ControlRelation}, {1, ControlNIK}, {-1, ControlKK}, {0, ControlName}, {0, ControlNIK}} {
		if want.control == "" {
			if len(got[i].Problems) > 0 || got[i].FamilyID == 0 || len(got[i].Residents) != 4 {
				t.Errorf("%d: %+v", i, got[i])
			}
			continue
		}
		if p := got[i].Problems; len(p) == 0 || p[0].Member != want.member || p[0].Control != want.control || got[i].FamilyID != 0 {
			t.Errorf("%d: %+v, want %+v", i, got[i], want)
		}
	}
	if n := one[int](c, `SELECT count(*)::int FROM epemerintahan_resident`); n != 7 {
		t.Errorf("%d residents are recorded", n)
	}
	if n := one[int](c, `SELECT count(*)::int FROM epemerintahan_family f WHERE NOT EXISTS (SELECT FROM epemerintahan_kk k WHERE k.family_id = f.id)`); n != 0 {
		t.Errorf("%d families have no number", n)
	}
	// A doubt passes with the reason of somebody who may say it, and of nobody else.
	doubt.Reason = "Begitu tertulis di KTP."
	if got, err = c.tryAdd(operator, doubt); err != nil || len(got[0].Problems) != 1 || !got[0].Problems[0].Doubt {
		t.Errorf("%+v, %v", got, err)
	}
	supervisor := c.hire(kassiKassi, PermView, PermEdit, PermOverride)
	id := c.add(supervisor, doubt)[0].Residents[0]
	if why := one[string](c, `SELECT nik_reason FROM epemerintahan_resident WHERE id = $1 AND nik_reason_by = $2`, id, supervisor.AccountID); why != doubt.Reason {
		t.Errorf("the reason is %q", why)
	}
	// What is recorded and what the dry run says agree.
	dry, err := c.CheckFamilies(t.Context(), c.db.Pool, operator, []NewFamily{good, c.household(kassiKassi, 1)})
	if err != nil || len(dry[0].Problems) != 5 || len(dry[1].Problems) != 0 {
		t.Errorf("%+v, %v", dry, err)
	}
	o, err := c.Lookup(t.Context(), c.db.Pool, operator, before.Residents[0], "uji")
	if err != nil || len(o.Full.NIK) != 16 || len(o.Full.KK) != 16 || o.NIK == o.Full.NIK {
		t.Errorf("%+v, %v", o, err)
	}
	_, err = c.Lookup(t.Context(), c.db.Pool, c.hire(tidung, PermView), before.Residents[0], "uji")
	errstest.Kind(t, err, errs.NotFound)
	found, err := c.ByNIK(t.Context(), operator, " "+o.Full.NIK[:6]+" "+o.Full.NIK[6:])
	if err != nil || found.ID != o.ID {
		t.Errorf("%+v, %v", found, err)
	}
	_, err = c.ByNIK(t.Context(), c.hire(tidung, PermView), o.Full.NIK)
	errstest.Kind(t, err, errs.NotFound)
	_, err = c.ByNIK(t.Context(), operator, "73711")
	errstest.Field(t, err, ControlNIK)
	seen, err := c.Readers(t.Context(), o.ID, 0, 10)
	if err != nil || len(seen) != 2 || seen[0].Action != "epemerintahan.resident.find" || seen[1].Reason != "uji" || seen[1].Name != operator.Name {
		t.Errorf("%+v, %v", seen, err)
	}
	if older, err := c.Readers(t.Context(), o.ID, seen[0].ID, 10); err != nil || len(older) != 1 || older[0] != seen[1] {
		t.Errorf("%+v, %v", older, err)
	}
}

// Two operators import the same people at the same time: one of them records each.
func TestImportsAtOnceRecordEachNumberOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	operator := c.hire(kassiKassi, PermView, PermEdit)
	var families []NewFamily
	for range 30 {
		families = append(families, c.household(kassiKassi, 2))
	}
	var added atomic.Int64
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			got, err := c.tryAdd(operator, families...)
			if err != nil {
				t.Error(err)
			}
			for _, f := range got {
				if len(f.Problems) == 0 {
					added.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if n := one[int](c, `SELECT count(*)::int FROM epemerintahan_resident`); added.Load() != 30 || n != 60 {
		t.Errorf("%d families were added, %d residents are there", added.Load(), n)
	}
}
