package evidence

import (
	"context"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Subject is somebody whose evidence is looked at.
type Subject struct {
	PersonID  int64
	Name      string
	Title     string
	PostKind  string
	UnitID    int64
	UnitName  string
	Positions []int64 // which they hold now; what lies there while they stand in (Plh) is not theirs
	Self      bool    `db:"-"`
}

var errNobody = errs.New(errs.NotFound, "Bukti kerja ini tidak ada, atau bukan untuk Anda.")

// Whoever sits above one of the person's posts, however far, and whoever looks after a unit
// above theirs.
const sqlSubject = `
SELECT n.id AS person_id, n.name, p.title, p.kind AS post_kind, p.unit_id, u.name AS unit_name,
	(SELECT array_agg(h.position_id) FROM org_occupancy h WHERE h.person_id = n.id AND h.kind <> 'plh' AND h.during @> $2::timestamptz) AS positions
FROM org_person n
JOIN org_occupancy o ON o.person_id = n.id AND o.during @> $2::timestamptz
JOIN org_position p ON p.id = o.position_id
JOIN org_unit u ON u.id = p.unit_id
WHERE n.id = $1 AND ($1 = $3 OR u.ancestors && $4::bigint[] OR EXISTS (SELECT FROM kuciniki_above(p.id) a WHERE a.step > 0 AND a.position_id = ANY ($5::bigint[])))
ORDER BY o.kind <> 'definitif', o.id LIMIT 1`

// Subject is the person, for who may see their evidence: themselves, who sits above, BKPSDM
// and the Inspektorat. To others there is no such person: errs.NotFound.
func (m *Module) Subject(ctx context.Context, a authz.Actor, person int64) (s Subject, err error) {
	defer errs.In(&err, "evidence.Subject(%d)", person)
	s, err = pg.One[Subject](ctx, m.db, sqlSubject, person, m.clock.Now(), a.PersonID, overseen(a), seats(a))
	if errs.KindOf(err) == errs.NotFound || a.PersonID == 0 {
		return s, errNobody
	}
	s.Self = person == a.PersonID
	return s, err
}

// seats are the actor's posts in which they may judge: a Plh does not.
func seats(a authz.Actor) []int64 {
	out := []int64{}
	for _, p := range a.Positions {
		if p.Kind != "plh" {
			out = append(out, p.ID)
		}
	}
	return out
}

// overseen are the units whose people the actor looks after.
func overseen(a authz.Actor) []int64 {
	return append(a.Units(kuciniki.PermPersonnel), a.Units(kuciniki.PermInspect)...)
}

// scope are the units whose sums the actor may see.
func scope(a authz.Actor) []int64 {
	return append(a.Units(kuciniki.PermFigures), overseen(a)...)
}
