package audit

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Object is what an entry may be about.
type Object struct {
	Name string
	ID   int64
}

// Reading is an entry of the trail with the office of whoever acted, as it was then.
type Reading struct {
	ID        int64
	At        time.Time
	AccountID int64 // 0 = none
	Title     string
	WorksIn   string // unit of the position; "Sistem" or "Pengunjung" without an account
	Action    string
	Object    string
	ObjectID  int64
	Detail    map[string]any
}

const sqlAboutAny = `
SELECT e.id, e.at, COALESCE(e.account_id, 0) AS account_id, COALESCE(p.title, '') AS title,
	COALESCE(p.unit_name, CASE WHEN e.account_id IS NOT NULL THEN '' WHEN e.actor LIKE 'sistem%' THEN 'Sistem' ELSE 'Pengunjung' END) AS works_in,
	e.action, e.object, e.object_id, e.detail
FROM (
	SELECT e.* FROM unnest($1::text[], $2::bigint[]) o (object, id)
	JOIN audit_entry e ON e.object = o.object AND e.object_id = o.id AND ($3::bigint = 0 OR e.id < $3)
	ORDER BY e.id DESC LIMIT $4
) e
LEFT JOIN LATERAL (
	SELECT p.title, u.name AS unit_name
	FROM org_person s JOIN org_occupancy c ON c.person_id = s.id AND c.during @> e.at
	JOIN org_position p ON p.id = c.position_id JOIN org_unit u ON u.id = p.unit_id
	WHERE s.account_id = e.account_id ORDER BY c.kind, c.id LIMIT 1
) p ON true
ORDER BY e.id DESC`

// AboutAny returns the entries about any of the objects, newest first: those before the
// id before (0 = from the newest), at most limit.
func AboutAny(ctx context.Context, q pg.Querier, objects []Object, before int64, limit int) (_ []Reading, err error) {
	defer errs.In(&err, "audit.AboutAny(%d)", len(objects))
	names, ids := make([]string, len(objects)), make([]int64, len(objects))
	for i, o := range objects {
		names[i], ids[i] = o.Name, o.ID
	}
	return pg.Many[Reading](ctx, q, sqlAboutAny, names, ids, before, limit)
}
