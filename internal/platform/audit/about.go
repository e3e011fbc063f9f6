package audit

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Past is an entry of the trail as it is read.
type Past struct {
	ID       int64
	At       time.Time
	Name     string // of the account; "Sistem" or "Pengunjung" without one
	UnitName string // where the act belonged; "" = nowhere
	Title    string // of the position that the account held then; "" = none
	WorksIn  string // the unit of that position
	Action   string
	Detail   map[string]any
}

const pastColumns = `
SELECT e.id, e.at, COALESCE(a.name, CASE WHEN e.actor LIKE 'sistem%' THEN 'Sistem' ELSE 'Pengunjung' END) AS name,
	COALESCE(u.name, '') AS unit_name, COALESCE(p.title, '') AS title, COALESCE(p.works_in, '') AS works_in, e.action, e.detail
FROM audit_entry e LEFT JOIN authn_account a ON a.id = e.account_id LEFT JOIN org_unit u ON u.id = e.unit_id
LEFT JOIN LATERAL (
	SELECT p.title, w.name AS works_in
	FROM org_person s JOIN org_occupancy c ON c.person_id = s.id AND c.during @> e.at
	JOIN org_position p ON p.id = c.position_id JOIN org_unit w ON w.id = p.unit_id
	WHERE s.account_id = e.account_id ORDER BY c.kind, c.id LIMIT 1
) p ON true
`

const sqlAbout = pastColumns + `WHERE e.object = $1 AND e.object_id = $2 AND ($3::bigint = 0 OR e.id < $3) ORDER BY e.id DESC LIMIT $4`

// About returns the entries about one object, newest first: those before the id
// before (0 = from the newest), at most limit.
func About(ctx context.Context, q pg.Querier, object string, id, before int64, limit int) (_ []Past, err error) {
	defer errs.In(&err, "audit.About(%s %d)", object, id)
	return pg.Many[Past](ctx, q, sqlAbout, object, id, before, limit)
}

// Thing is something that entries are about.
type Thing struct {
	Object string
	ID     int64
}

const sqlAboutAny = pastColumns + `WHERE e.id = ANY (ARRAY (
	SELECT x.id FROM unnest($1::text[], $2::bigint[]) t (object, id)
	CROSS JOIN LATERAL (
		SELECT id FROM audit_entry
		WHERE object = t.object AND object_id = t.id AND ($4::bigint = 0 OR id < $4) AND account_id IS DISTINCT FROM $3::bigint
		ORDER BY id DESC LIMIT $5
	) x
	ORDER BY x.id DESC LIMIT $5
)) ORDER BY e.id DESC`

// AboutAny is About of several things together, without what the account without did.
func AboutAny(ctx context.Context, q pg.Querier, things []Thing, without, before int64, limit int) (_ []Past, err error) {
	defer errs.In(&err, "audit.AboutAny")
	objects, ids := make([]string, len(things)), make([]int64, len(things))
	for i, t := range things {
		objects[i], ids[i] = t.Object, t.ID
	}
	return pg.Many[Past](ctx, q, sqlAboutAny, objects, ids, without, before, limit)
}
