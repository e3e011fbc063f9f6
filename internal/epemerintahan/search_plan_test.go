package epemerintahan

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

// TestSearchReadsItsIndexes makes 40 thousand residents and asks the planner how it
// would look for some of them.
func TestSearchReadsItsIndexes(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	box, err := crypt.New(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	m := New(Deps{DB: db.Pool, Clock: clock.NewFake(time.Date(2026, 11, 24, 9, 0, 0, 0, clock.Makassar)), Box: box})
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := db.Owner().Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`INSERT INTO epemerintahan_family (kelurahan_id, rw, rt, address, address_fold, kk_sealed, kk_hash, created_at, updated_at)
			SELECT k.ids[1 + n % cardinality(k.ids)], lpad((1 + n % 9)::text, 3, '0'), lpad((1 + n % 5)::text, 3, '0'), 'Jl. ' || n, 'jalan ' || md5(n::text), '\x00', sha256(n::text::bytea), now(), now()
			FROM generate_series(1, 10000) n, (SELECT array_agg(id ORDER BY id) AS ids FROM org_unit WHERE kind = 'kelurahan') k`)
	exec(`INSERT INTO epemerintahan_kk (family_id, kk_sealed, kk_hash, since) SELECT id, kk_sealed, kk_hash, created_at FROM epemerintahan_family`)
	exec(`INSERT INTO epemerintahan_resident (family_id, kelurahan_id, rw, rt, relation, nik_sealed, nik_hash, nik_status, name, name_fold, sex, birth_place,
		birth_date, religion, education, job, marital, citizenship, permanence, status, status_on, seq, created_at, updated_at)
		SELECT f.id, f.kelurahan_id, f.rw, f.rt, CASE i WHEN 1 THEN 1 ELSE 4 END, '\x00', sha256((f.id * 10 + i)::text::bytea), 'ada', 'Nama',
			(ARRAY['muhamad','siti','andi','nurhaiati','abdul'])[1 + (f.id + i) % 5] || ' ' || md5((f.id * 10 + i)::text), 1, 'Makassar',
			DATE '1980-01-01', 1, 1, 1, 1, 1, 1, 'hidup', DATE '2026-01-01', 1, now(), now()
		FROM epemerintahan_family f, generate_series(1, 4) i`)
	for _, table := range []string{"epemerintahan_family", "epemerintahan_kk", "epemerintahan_resident"} {
		exec("ANALYZE " + table)
	}
	unit := func(sql string) (id int64) {
		if err := db.Owner().QueryRow(t.Context(), sql).Scan(&id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	in := func(id int64) authz.Actor {
		return authz.Actor{Kind: authz.Staff, Grants: []authz.Grant{{Permission: PermView, UnitID: id}}}
	}
	city := in(unit(`SELECT id FROM org_unit WHERE parent_id IS NULL`))
	kecamatan := in(unit(`SELECT min(id) FROM org_unit WHERE kind = 'kecamatan'`))
	kelurahan := in(unit(`SELECT min(id) FROM org_unit WHERE kind = 'kelurahan'`))
	first := unit(`SELECT min(r.id) FROM epemerintahan_resident r WHERE kelurahan_id = (SELECT min(id) FROM org_unit WHERE kind = 'kelurahan')`)
	for _, c := range []struct {
		name  string
		a     authz.Actor
		f     Filter
		c     *Cursor
		alike bool
		want  []string
	}{
		{"all of a kelurahan", kelurahan, Filter{}, nil, false, []string{"epemerintahan_resident_name_idx"}},
		{"the next page", kelurahan, Filter{}, &Cursor{ID: first}, false, []string{"epemerintahan_resident_name_idx"}},
		{"an RT", kelurahan, Filter{RW: "003", RT: "002"}, nil, false, []string{"rw = '003'::text) AND (rt = '002'"}},
		{"a NIK or KK", kelurahan, Filter{Text: "7371131708850001"}, nil, false, []string{"epemerintahan_resident_nik_key", "epemerintahan_kk_hash_idx"}},
		{"a NIK or KK, anywhere", city, Filter{Text: "7371131708850001"}, nil, false, []string{"epemerintahan_resident_nik_key", "epemerintahan_kk_hash_idx"}},
		{"a name in the city", city, Filter{Text: "3f2b9c"}, nil, false, []string{"epemerintahan_resident_trgm_idx", "epemerintahan_family_address_idx"}},
		{"all of the city", city, Filter{}, nil, false, []string{"epemerintahan_resident_all_idx"}},
		{"no name like it", city, Filter{Text: "zulkarnain"}, nil, true, []string{"epemerintahan_resident_trgm_idx"}},
		{"a name in a kecamatan", kecamatan, Filter{Text: "3f2b9c"}, nil, false, []string{"epemerintahan_resident_"}},
		// Its names in their order, until a page of them lives there.
		{"a street in a kelurahan", kelurahan, Filter{Text: "jalan"}, nil, false, []string{"Index Scan using epemerintahan_resident_name_idx"}},
		{"a street in a kecamatan", kecamatan, Filter{Text: "jalan"}, nil, false, []string{"Index Scan using epemerintahan_resident_name_idx"}},
		// Its own families, not all of the city that have each of the words.
		{"a few houses in a kelurahan", kelurahan, Filter{Text: "jalan 3f2b9c"}, nil, false, []string{"epemerintahan_family_rt_idx"}},
		{"a name in a kelurahan", kelurahan, Filter{Text: "siti"}, nil, false, []string{"epemerintahan_resident_"}},
	} {
		q, err := m.query(t.Context(), c.a, c.f, c.c)
		if err != nil {
			t.Fatal(c.name, err)
		}
		sql, args := q.sql(c.alike)
		rows, err := db.Pool.Query(t.Context(), "EXPLAIN (ANALYZE, COSTS OFF) "+sql, args...)
		if err != nil {
			t.Fatal(c.name, err)
		}
		var plan strings.Builder
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(&plan, line)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(c.name, err)
		}
		if strings.Contains(plan.String(), "Seq Scan on epemerintahan_") {
			t.Errorf("%s reads a whole table:\n%s", c.name, &plan)
		}
		for _, index := range c.want {
			if !strings.Contains(plan.String(), index) {
				t.Errorf("%s does not use %s:\n%s", c.name, index, &plan)
			}
		}
		t.Log(c.name, plan.String()[strings.LastIndex(plan.String(), "Execution Time"):])
	}
}
