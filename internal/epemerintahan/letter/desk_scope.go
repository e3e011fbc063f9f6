package letter

import (
	"context"
	"strconv"
	"strings"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// realm are the kelurahan in which an actor holds each permission, and those for which
// they decide now; it says in SQL what [Case.RolesOf] says of one letter.
type realm struct {
	view, check, paraf []int64
	lurah              []int64 // signs there as lurah or on the lurah's behalf
	camat              []int64 // signs there as camat
}

// $1 … $5 are the roots of the realms, $6 the person, $7 the time. Whoever does not
// see a letter does nothing with it.
const sqlRealm = `
WITH place AS (SELECT id, parent_id, ancestors FROM org_unit WHERE kind = 'kelurahan' AND ancestors && $1::bigint[]),
head AS (
	SELECT DISTINCT ON (p.unit_id) p.unit_id, o.person_id
	FROM org_position p
	JOIN org_occupancy o ON o.position_id = p.id AND o.during @> $7::timestamptz
	JOIN org_person n ON n.id = o.person_id AND (n.left_on IS NULL OR n.left_on > ($7::timestamptz AT TIME ZONE 'Asia/Makassar')::date)
	WHERE p.kind = 'kepala' AND p.unit_id IN (
		SELECT hp.unit_id FROM org_occupancy ho JOIN org_position hp ON hp.id = ho.position_id
		WHERE ho.person_id = $6 AND ho.during @> $7::timestamptz AND hp.kind = 'kepala')
	ORDER BY p.unit_id, o.kind = 'plh' DESC, o.id
)
SELECT COALESCE(array_agg(id), '{}') AS view,
	COALESCE(array_agg(id) FILTER (WHERE ancestors && $2::bigint[]), '{}') AS "check",
	COALESCE(array_agg(id) FILTER (WHERE ancestors && $3::bigint[]), '{}') AS paraf,
	COALESCE(array_agg(id) FILTER (WHERE ancestors && $5::bigint[] OR ancestors && $4::bigint[]
		AND EXISTS (SELECT FROM head WHERE unit_id = id AND person_id = $6)), '{}') AS lurah,
	COALESCE(array_agg(id) FILTER (WHERE ancestors && $4::bigint[]
		AND EXISTS (SELECT FROM head WHERE unit_id = parent_id AND person_id = $6)), '{}') AS camat
FROM place`

func (m *Module) realm(ctx context.Context, a authz.Actor) (realm, error) {
	if !a.IsStaff() || !a.Has(PermView) {
		return realm{}, nil
	}
	r, err := pg.One[struct{ View, Check, Paraf, Lurah, Camat []int64 }](ctx, m.db, sqlRealm, a.Units(PermView), a.Units(PermCheck),
		a.Units(PermParaf), a.Units(PermSign), a.Units(PermSignFor), a.PersonID, m.now())
	return realm{r.View, r.Check, r.Paraf, r.Lurah, r.Camat}, err
}

// where builds the condition of a list: only what narrows it, so that the planner sees
// which index fits.
type where struct {
	conditions []string
	args       []any
}

// arg adds an argument and returns its placeholder.
func (w *where) arg(value any) string {
	w.args = append(w.args, value)
	return "$" + strconv.Itoa(len(w.args))
}

func (w *where) and(condition string) { w.conditions = append(w.conditions, condition) }

func (w *where) String() string { return strings.Join(w.conditions, " AND ") }

// in is the condition that a letter l lies in one of the kelurahan.
func (w *where) in(kelurahan []int64) string {
	switch len(kelurahan) {
	case 0:
		return "false"
	case 1:
		return "l.kelurahan_id = " + w.arg(kelurahan[0])
	}
	return "l.kelurahan_id = ANY (" + w.arg(kelurahan) + ")"
}
