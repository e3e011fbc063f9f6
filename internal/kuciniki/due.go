package kuciniki

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// NextTalk is when somebody last talked with their rater about how they do, and until when
// they should again: three months after, or after the SKP was first agreed. The law wants
// dialogues all year and names no rhythm; this one is the portal's.
type NextTalk struct {
	SKPID  int64
	Person string
	Title  string
	Last   *time.Time // nil: not yet
	DueAt  time.Time
}

// Due tells whether the dialogue should have been held.
func (d NextTalk) Due(at time.Time) bool { return !at.Before(d.DueAt) }

const sqlDialogues = `
SELECT s.id AS skp_id, n.name AS person, p.title, t.last, COALESCE(t.last, v.first) + interval '3 months' AS due_at
FROM kuciniki_skp s JOIN org_position p ON p.id = s.position_id JOIN org_person n ON n.id = s.person_id JOIN org_occupancy o ON o.id = s.occupancy_id AND o.during @> $4::timestamptz
CROSS JOIN LATERAL (SELECT max(t.at) AS last FROM kuciniki_note t WHERE t.skp_id = s.id AND t.kind = 'dialog') t
CROSS JOIN LATERAL (SELECT min(v.at) AS first FROM kuciniki_version v WHERE v.skp_id = s.id) v
WHERE p.superior_id = ANY ($1::bigint[]) AND s.person_id <> $2 AND s.year = $3 AND s.version > 0 ORDER BY n.name, s.id LIMIT 500`

// Dialogues lists whom the actor rates this year by name, with when the next dialogue is due.
func (m *Module) Dialogues(ctx context.Context, a authz.Actor) (_ []NextTalk, err error) {
	defer errs.In(&err, "kuciniki.Dialogues")
	return pg.Many[NextTalk](ctx, m.db, sqlDialogues, rates(a), a.PersonID, m.Year(), m.now())
}

// Unreported is a period that is over and open, in which the actor held a post with an agreed
// SKP, and of which they have not reported what they achieved.
type Unreported struct {
	SKPID       int64
	Year, Month int
	Title       string
}

const sqlUnreported = `
SELECT s.id AS skp_id, d.year, d.month, p.title
FROM kuciniki_skp s JOIN org_position p ON p.id = s.position_id JOIN org_occupancy o ON o.id = s.occupancy_id JOIN kuciniki_period d ON d.year = s.year AND d.closed_at IS NULL
CROSS JOIN LATERAL (SELECT make_date(d.year, greatest(d.month, 1), 1)::timestamp AS first) f
CROSS JOIN LATERAL (SELECT f.first + CASE d.month WHEN 0 THEN interval '1 year' ELSE interval '1 month' END AS last) l
LEFT JOIN kuciniki_evaluation e ON e.skp_id = s.id AND e.month = d.month
WHERE s.person_id = $1 AND s.version > 0 AND COALESCE(e.status, 'terbuka') = 'terbuka' AND l.last AT TIME ZONE 'Asia/Makassar' <= $2
	AND o.during && tstzrange(f.first AT TIME ZONE 'Asia/Makassar', l.last AT TIME ZONE 'Asia/Makassar')
ORDER BY l.last, d.month LIMIT 24`

// Unreported lists what the actor still has to report, the oldest first.
func (m *Module) Unreported(ctx context.Context, a authz.Actor) (_ []Unreported, err error) {
	defer errs.In(&err, "kuciniki.Unreported")
	return pg.Many[Unreported](ctx, m.db, sqlUnreported, a.PersonID, m.now())
}
