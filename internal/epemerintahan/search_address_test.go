package epemerintahan

import (
	"slices"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// Whoever searches by an address finds, page by page, whom a plain query finds: whether many live
// there or few, in one kelurahan, in several or in all.
func TestSearchByAddressIsThePlainQuery(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	// Ten kelurahan; every seventh family lives in a lane, one in a hundred at a market. Some are
	// named like the street, some are deleted.
	c.exec(`INSERT INTO epemerintahan_family (kelurahan_id, rw, rt, address, address_fold, created_at, updated_at)
		SELECT k.ids[1 + n % 10], lpad((1 + n % 3)::text, 3, '0'), '001', 'Jl. ' || n, CASE WHEN n % 7 = 0 THEN 'lorong bakti ' ELSE 'jalan toddopuli ' END
			|| n % 40 || CASE WHEN n % 100 = 9 THEN ' pasar' ELSE '' END, now(), now()
		FROM generate_series(1, 350) n, (SELECT array_agg(id ORDER BY code = $1 DESC, code LIKE $2 || '%' DESC, id) AS ids FROM org_unit WHERE kind = 'kelurahan') k`, kassiKassi, rappocini)
	c.exec(`INSERT INTO epemerintahan_resident (family_id, kelurahan_id, rw, rt, relation, nik_status, name, name_fold, sex, birth_place,
		birth_date, religion, education, job, marital, citizenship, permanence, status, status_on, seq, created_at, updated_at, deleted_at, delete_reason)
		SELECT f.id, f.kelurahan_id, f.rw, f.rt, CASE i WHEN 1 THEN 1 ELSE 4 END, 'belum_punya', 'Nama', CASE WHEN (f.id + i) % 90 = 0 THEN 'todopuli ' ELSE '' END || md5((f.id * 3 + i * 7)::text),
			1, 'Makassar', DATE '1980-01-01', 1, 1, 1, 1, 1, 1, CASE WHEN f.id % 11 = 0 THEN 'mati' ELSE 'hidup' END, DATE '2026-01-01', 1, now(), now(), CASE WHEN (f.id + i) % 13 = 0 THEN now() END, CASE WHEN (f.id + i) % 13 = 0 THEN 'uji' ELSE '' END
		FROM epemerintahan_family f, generate_series(1, 2) i`)
	c.exec(`ANALYZE epemerintahan_family, epemerintahan_resident`)
	for who, a := range map[string]authz.Actor{"a kelurahan": c.hire(kassiKassi, PermView), "a kecamatan": c.hire(rappocini, PermView), "the city": c.hire(everywhere, PermView)} {
		for _, f := range []Filter{{Text: "toddopuli"}, {Text: "Jl. Toddopuli 3"}, {Text: "lrg bakti"}, {Text: "pasar"}, {Text: "todopuli pasar"}, {Text: "tidak ada"},
			{Text: "toddopuli", RW: "002"}, {Text: "bakti", RW: "003", RT: "001"}, {Text: "toddopuli", Status: Dead}} {
			q, err := c.query(c.ctx, a, f, nil)
			if err != nil {
				t.Fatal(err)
			}
			like := func(words []string) (out []string) {
				for _, w := range words {
					out = append(out, "%"+w+"%")
				}
				return out
			}
			want := one[[]int64](c, `SELECT COALESCE(array_agg(r.id ORDER BY r.name_fold, r.id), '{}') FROM epemerintahan_resident r JOIN epemerintahan_family f ON f.id = r.family_id
				WHERE r.deleted_at IS NULL AND (r.name_fold LIKE ALL ($1) OR f.address_fold LIKE ALL ($2)) AND r.kelurahan_id = ANY ($3)
				AND ($4 = '' OR r.rw = $4) AND ($5 = '' OR r.rt = $5) AND ($6 = '' OR r.status = $6)`, like(q.words), like(q.address), q.units, f.RW, f.RT, string(f.Status))
			var got []int64
			for cursor, more := (*Cursor)(nil), true; more; more = cursor != nil {
				p, err := c.Search(c.ctx, a, f, cursor)
				if err != nil {
					t.Fatal(err)
				}
				for _, it := range p.Items {
					got = append(got, it.ID)
				}
				cursor = p.Next
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s, %+v: %d are found, want %d", who, f, len(got), len(want))
			}
		}
	}
}
