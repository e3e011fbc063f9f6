package letter

import (
	"bytes"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

// monday is when the tests play.
var monday = time.Date(2026, 11, 2, 9, 30, 0, 0, clock.Makassar)

type place struct {
	*testing.T
	m         *Module
	db        *pgtest.DB
	kelurahan org.Unit
}

func newPlace(t *testing.T) *place {
	t.Parallel()
	db := pgtest.New(t)
	box, err := crypt.New(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	p := &place{T: t, db: db, m: New(Deps{DB: db.Pool, Clock: clock.NewFake(monday), Box: box})}
	p.kelurahan, err = org.UnitByCode(t.Context(), db.Pool, "73.71.13.1002")
	p.must(err)
	return p
}

func (p *place) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p *place) count(sql string, args ...any) int {
	p.Helper()
	n, err := pg.Scalar[int](p.Context(), p.db.Pool, sql, args...)
	p.must(err)
	return n
}

func TestFiftyPortalsBringTheKindsOnce(t *testing.T) {
	p := newPlace(t)
	var wait sync.WaitGroup
	failures := make(chan error, 50)
	for range 50 {
		wait.Go(func() { failures <- p.m.EnsureKinds(t.Context()) })
	}
	wait.Wait()
	close(failures)
	for err := range failures {
		p.must(err)
	}
	if n := p.count(`SELECT count(*) FROM epemerintahan_kind_version WHERE shipped AND version = 1 AND unit_id IS NULL`); n != 26 {
		t.Errorf("%d versions, want 26", n)
	}
	if n := p.count(`SELECT count(*) FROM epemerintahan_kind_version`); n != 26 {
		t.Errorf("%d versions in all, want 26", n)
	}
	ks, err := p.m.Kinds(t.Context(), p.kelurahan.ID)
	p.must(err)
	for i, k := range ks {
		if s := shipped[i]; k.No != i+1 || k.Code != s.Code || k.Version != 1 || k.VersionID == 0 || k.UnitID != nil || !sameDefinition(k.Definition, s.Definition) {
			t.Errorf("kind %d came back as %+v", i, k)
		}
	}
	if len(ks) != 26 {
		t.Errorf("%d kinds, want 26", len(ks))
	}
}

func sameDefinition(a, b Definition) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errors.Join(errX, errY) == nil && string(x) == string(y)
}

func TestAKindIsTheKelurahansElseTheCitys(t *testing.T) {
	p := newPlace(t)
	p.must(p.m.EnsureKinds(t.Context()))
	put := func(unit any, version int, shipped bool, definition any) {
		t.Helper()
		_, err := p.db.Pool.Exec(t.Context(), `INSERT INTO epemerintahan_kind_version (code, unit_id, version, shipped, definition, created_at)
			VALUES ('DOM', $1, $2, $3, $4, now())`, unit, version, shipped, definition)
		p.must(err)
	}
	holds := func(unit int64, version int, title string) {
		t.Helper()
		k, err := p.m.KindFor(t.Context(), unit, "DOM")
		p.must(err)
		if k.Version != version || k.Title != title {
			t.Errorf("version %d %q, want %d %q", k.Version, k.Title, version, title)
		}
		again, err := kindVersion(t.Context(), p.db.Pool, k.VersionID)
		p.must(err)
		if again.Title != k.Title || again.Version != k.Version || again.No != k.No {
			t.Errorf("by its version: %+v", again)
		}
	}
	const city, own = "Surat Kota", "Surat Kelurahan"
	here := p.kelurahan.ID
	put(nil, 2, false, Definition{Title: city})
	holds(here, 2, city)
	p.must(p.m.EnsureKinds(t.Context())) // an administrator's stays
	holds(here, 2, city)
	put(here, 1, false, Definition{Title: own})
	holds(here, 1, own)
	holds(here+1, 2, city)
	put(here, 2, false, json.RawMessage("null")) // back to the city's
	holds(here, 2, city)
	put(here, 3, false, Definition{Title: own, Closed: true})
	if _, err := p.m.KindFor(t.Context(), here, "DOM"); errs.KindOf(err) != errs.NotFound {
		t.Errorf("a closed kind: %v", err)
	}
	ks, err := p.m.Kinds(t.Context(), here)
	p.must(err)
	if len(ks) != 25 {
		t.Errorf("%d kinds offered, want 25", len(ks))
	}
	for _, code := range []string{"", "QQQ", "dom"} {
		if _, err := p.m.KindFor(t.Context(), here, code); errs.KindOf(err) != errs.NotFound {
			t.Errorf("%q: %v", code, err)
		}
	}
	// What the program ships in a later version replaces what it shipped before.
	newer := shipped[1]
	newer.Title = "Baru"
	p.must(ship(t.Context(), p.db.Pool, newer, monday))
	k, err := p.m.KindFor(t.Context(), here, newer.Code)
	p.must(err)
	if k.Version != 2 || k.Title != "Baru" {
		t.Errorf("shipped anew: %d %q", k.Version, k.Title)
	}
}
