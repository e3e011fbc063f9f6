package kuciniki

import (
	"context"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Member is somebody below in a year, with how far their SKP has come. Lists of members go
// by name, never by how somebody does.
type Member struct {
	PersonID    int64
	Person      string
	StaffNumber *string
	OccupancyID int64
	Title       string
	Unit        string
	Seat        string
	Rater       string // title; "": the post has no superior
	RaterThere  bool   // somebody sits there who may judge
	SKPID       int64
	Status      Status
	Version     int
	Year        Status // of the year's evaluation
}

const memberSelect = `
SELECT n.id AS person_id, n.name AS person, n.staff_number, o.id AS occupancy_id, p.title, u.name AS unit, o.kind AS seat, COALESCE(sp.title, '') AS rater,
	EXISTS (SELECT FROM org_occupancy h WHERE h.position_id = p.superior_id AND h.kind <> 'plh' AND h.during @> $3::timestamptz) AS rater_there,
	COALESCE(s.id, 0) AS skp_id, COALESCE(s.status, '') AS status, COALESCE(s.version, 0) AS version,
	COALESCE(e.status, '') AS year
FROM org_occupancy o
JOIN org_position p ON p.id = o.position_id
JOIN org_unit u ON u.id = p.unit_id
JOIN org_person n ON n.id = o.person_id
LEFT JOIN org_position sp ON sp.id = p.superior_id
LEFT JOIN kuciniki_skp s ON s.occupancy_id = o.id AND s.year = $2
LEFT JOIN kuciniki_evaluation e ON e.skp_id = s.id AND e.month = 0
WHERE o.kind <> 'plh' AND u.kind NOT IN ('kota', 'rw', 'rt') AND n.employment IN ('pns', 'pppk')
	AND o.during && tstzrange(make_date($2::integer, 1, 1)::timestamp AT TIME ZONE 'Asia/Makassar', make_date($2::integer + 1, 1, 1)::timestamp AT TIME ZONE 'Asia/Makassar')
`

const sqlTeamOf = memberSelect + `AND (p.superior_id = ANY ($1::bigint[]) OR s.co_rater_id = ANY ($1::bigint[])) ORDER BY n.name, o.starts_at LIMIT 500`

// Team lists who is directly below the actor in a year, or works in a team that the actor
// leads.
func (m *Module) Team(ctx context.Context, a authz.Actor, year int) (_ []Member, err error) {
	defer errs.In(&err, "kuciniki.Team(%d)", year)
	return pg.Many[Member](ctx, m.db, sqlTeamOf, rates(a), year, m.now())
}

// Gap is what is missing of somebody.
type Gap string

// The gaps.
const (
	NoSKP      Gap = "belum-skp"     // no SKP was agreed
	NotJudged  Gap = "belum-dinilai" // no judgement of the year was given
	NoSuperior Gap = "tanpa-atasan"  // nobody sits above who may judge
)

// Gaps lists the gaps.
var Gaps = []Gap{NoSKP, NotJudged, NoSuperior}

const (
	gapped = memberSelect + `AND u.ancestors && $1::bigint[] AND ($4::bigint = 0 OR u.ancestors @> ARRAY[$4::bigint]) AND (u.name, n.name, o.id) > ($5::text, $6::text, $7::bigint) AND `

	noSKP      = `COALESCE(s.version, 0) = 0`
	notJudged  = `COALESCE(e.status, 'terbuka') IN ('terbuka', 'dilaporkan', 'menunggu_atasan')`
	noSuperior = `NOT EXISTS (SELECT FROM org_occupancy h WHERE h.position_id = p.superior_id AND h.kind <> 'plh' AND h.during @> $3::timestamptz)`

	sqlNoSKP      = gapped + noSKP + ` ORDER BY u.name, n.name, o.id LIMIT $8`
	sqlNotJudged  = gapped + notJudged + ` ORDER BY u.name, n.name, o.id LIMIT $8`
	sqlNoSuperior = gapped + noSuperior + ` ORDER BY u.name, n.name, o.id LIMIT $8`

	sqlGapCounts = `WITH all_of AS (` + memberSelect + `AND u.ancestors && $1::bigint[] AND ($4::bigint = 0 OR u.ancestors @> ARRAY[$4::bigint]))
SELECT count(*) AS staff, count(*) FILTER (WHERE version = 0) AS no_skp, count(*) FILTER (WHERE year IN ('', 'terbuka', 'dilaporkan', 'menunggu_atasan')) AS not_judged, count(*) FILTER (WHERE NOT rater_there) AS no_superior FROM all_of`
)

var gapSQL = map[Gap]string{NoSKP: sqlNoSKP, NotJudged: sqlNotJudged, NoSuperior: sqlNoSuperior}

// GapCounts is how many are missing what, of how many posts.
type GapCounts struct{ Staff, NoSKP, NotJudged, NoSuperior int }

// Missing counts what is missing in a year below the units where the actor looks after
// staff or inspects, in one of them where unit is not 0.
func (m *Module) Missing(ctx context.Context, a authz.Actor, year int, unit int64) (c GapCounts, err error) {
	defer errs.In(&err, "kuciniki.Missing(%d)", year)
	if !a.HasAny(PermPersonnel, PermInspect) {
		return c, errs.New(errs.NotFound, "Halaman ini milik BKPSDM dan Inspektorat.")
	}
	return pg.One[GapCounts](ctx, m.db, sqlGapCounts, realm(a), year, m.now(), unit)
}

// MemberCursor is where the next page of people begins.
type MemberCursor struct {
	Unit, Name  string
	OccupancyID int64
}

// gapPage is how many people a page of those with a gap has.
const gapPage = 100

// MissingList lists people with a gap by unit and name, from a cursor on (nil: from the
// beginning); next is nil on the last page. All pages together are the count of [Module.Missing].
func (m *Module) MissingList(ctx context.Context, a authz.Actor, year int, unit int64, gap Gap, after *MemberCursor) (list []Member, next *MemberCursor, err error) {
	defer errs.In(&err, "kuciniki.MissingList(%d, %.20q)", year, gap)
	if !a.HasAny(PermPersonnel, PermInspect) {
		return nil, nil, errs.New(errs.NotFound, "Halaman ini milik BKPSDM dan Inspektorat.")
	}
	if !slices.Contains(Gaps, gap) {
		return nil, nil, errs.New(errs.BadRequest, "")
	}
	if after == nil {
		after = &MemberCursor{}
	}
	list, err = pg.Many[Member](ctx, m.db, gapSQL[gap], realm(a), year, m.now(), unit, after.Unit, after.Name, after.OccupancyID, gapPage+1)
	if len(list) > gapPage {
		list = list[:gapPage]
		last := list[gapPage-1]
		next = &MemberCursor{last.Unit, last.Person, last.OccupancyID}
	}
	return list, next, err
}

// realm is where the actor sees everybody.
func realm(a authz.Actor) []int64 { return append(a.Units(PermPersonnel), a.Units(PermInspect)...) }

// Waiting is something that waits for the actor.
type Waiting struct {
	What   Status // of the SKP, or of the evaluation where Month is not -1
	SKPID  int64
	Month  int // -1: the SKP itself
	Year   int
	Person string
	Title  string
}

// What waits on a desk: plans to agree, evaluations to give, to sign and to decide, and what
// was given to oneself; of a closed period only what it still takes.
const sqlWaiting = `
SELECT w.what, s.id AS skp_id, w.month, s.year, n.name AS person, p.title, p.unit_id, w.given_at, w.closed_at FROM (
	SELECT s.status AS what, s.id, -1 AS month, s.status_at AS at, NULL::timestamptz AS given_at, NULL::timestamptz AS closed_at FROM kuciniki_skp s JOIN org_position p ON p.id = s.position_id
	JOIN kuciniki_period d ON d.year = s.year AND d.month = 0 AND d.closed_at IS NULL
	WHERE s.status = 'diajukan' AND p.superior_id = ANY ($1::bigint[]) AND s.person_id <> $2
	UNION ALL
	SELECT e.status, s.id, e.month, e.status_at, NULL, NULL FROM kuciniki_evaluation e JOIN kuciniki_skp s ON s.id = e.skp_id JOIN org_position p ON p.id = s.position_id
	JOIN kuciniki_period d ON d.year = e.year AND d.month = e.month AND d.closed_at IS NULL
	WHERE e.status = 'dilaporkan' AND p.superior_id = ANY ($1::bigint[]) AND s.person_id <> $2
	UNION ALL
	SELECT e.status, s.id, e.month, e.status_at, NULL, NULL FROM kuciniki_evaluation e JOIN kuciniki_skp s ON s.id = e.skp_id JOIN org_position p ON p.id = s.position_id
	JOIN org_unit u ON u.id = p.unit_id LEFT JOIN org_position up ON up.id = p.superior_id JOIN kuciniki_period d ON d.year = e.year AND d.month = e.month
	CROSS JOIN LATERAL (SELECT ARRAY(
		SELECT COALESCE(e.given_by, (SELECT j.person_id FROM kuciniki_judgement j WHERE j.evaluation_id = e.id ORDER BY j.version DESC LIMIT 1))
		UNION ALL
		SELECT v.person_id FROM kuciniki_event v WHERE v.object = 'penilaian' AND v.object_id = e.id AND v.action = 'sahkan' AND v.person_id IS NOT NULL) AS ids) judge
	WHERE (e.status = 'disanggah' OR e.status = 'menunggu_atasan' AND d.closed_at IS NULL) AND s.person_id <> $2 AND $2 <> ALL (judge.ids) AND (up.superior_id = ANY ($1::bigint[])
		OR u.ancestors && $3::bigint[] AND NOT EXISTS (SELECT FROM org_occupancy o
			WHERE o.position_id = up.superior_id AND o.kind <> 'plh' AND o.during @> $4::timestamptz AND o.person_id <> ALL (judge.ids)))
	UNION ALL
	SELECT e.status, s.id, e.month, e.status_at, e.given_at, d.closed_at FROM kuciniki_skp s JOIN kuciniki_evaluation e ON e.skp_id = s.id JOIN kuciniki_period d ON d.year = e.year AND d.month = e.month
	WHERE s.person_id = $2 AND e.status = 'disampaikan'
	) w JOIN kuciniki_skp s ON s.id = w.id JOIN org_person n ON n.id = s.person_id JOIN org_position p ON p.id = s.position_id
ORDER BY w.at LIMIT 200`

// Waits lists what waits for the actor, the longest first. A judgement that they were given
// waits until it stands: accepted, or past the time to object.
func (m *Module) Waits(ctx context.Context, a authz.Actor) (out []Waiting, err error) {
	defer errs.In(&err, "kuciniki.Waits")
	all, err := pg.Many[struct {
		Waiting
		UnitID            int64
		GivenAt, ClosedAt *time.Time
	}](ctx, m.db, sqlWaiting, rates(a), a.PersonID, a.Units(PermPersonnel), m.now())
	if err != nil {
		return nil, err
	}
	cals := map[int64]*calendar.Calendar{}
	for _, w := range all {
		if w.What == Given && w.ClosedAt != nil {
			if cals[w.UnitID] == nil {
				if cals[w.UnitID], err = calendar.Load(ctx, m.db, w.UnitID); err != nil {
					return nil, err
				}
			}
			e := Evaluation{Status: w.What, GivenAt: w.GivenAt, ClosedAt: w.ClosedAt}
			if e.final(deadline(e, cals[w.UnitID]), m.now()) {
				continue
			}
		}
		out = append(out, w.Waiting)
	}
	return out, nil
}

// Leaders lists who may lead a team in another unit, by a part of title, unit or name; at
// most 20.
func (m *Module) Leaders(ctx context.Context, text string) (_ []Leader, err error) {
	defer errs.In(&err, "kuciniki.Leaders")
	return pg.Many[Leader](ctx, m.db, sqlLeaders, text, m.now())
}

// Leader is a post that may lead a team.
type Leader struct {
	ID    int64
	Label string
}

const sqlLeaders = `
SELECT p.id, p.title || ' · ' || u.name || ' (' || n.name || ')' AS label FROM org_position p JOIN org_unit u ON u.id = p.unit_id
JOIN org_occupancy o ON o.position_id = p.id AND o.kind <> 'plh' AND o.during @> $2::timestamptz JOIN org_person n ON n.id = o.person_id
WHERE p.valid_to IS NULL AND p.kind IN ('kepala', 'sekretaris', 'struktural', 'fungsional') AND u.kind NOT IN ('kota', 'rw', 'rt')
	AND strpos(portal_unaccent(lower(p.title || ' ' || u.name || ' ' || n.name)), portal_unaccent(lower($1::text))) > 0 ORDER BY u.name, p.title, n.name LIMIT 20`
