package kuciniki

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// The models of an SKP.
const (
	Quantitative = "kuantitatif"
	Qualitative  = "kualitatif"
)

// Models lists the models with their names.
var Models = []string{Quantitative, Qualitative}

// SKP is what somebody is to achieve in a post in a year, with who judges it now.
type SKP struct {
	ID          int64
	Year        int
	PersonID    int64
	Person      string
	StaffNumber *string
	Rank        string
	OccupancyID int64
	Seat        string // definitif or plt
	PositionID  int64
	Title       string
	PostKind    string // kepala, pelaksana, …
	UnitID      int64
	Unit        string
	Ancestors   []int64   // of the unit
	From, Until time.Time // the days of the year in the post, both included
	RaterID     *int64    // position; nil: the post has no superior
	RaterTitle  string
	RaterUnit   string
	Elected     bool // the rater is the wali kota or wakil, who has no SKP
	CoRaterID   *int64
	CoRater     string // title
	Model       string
	Weighted    bool
	Status      Status
	StatusAt    time.Time
	Seq         int
	Version     int
}

// Days is for how many days of the year it holds.
func (s SKP) Days() int { return int(s.Until.Sub(s.From).Hours()/24+0.5) + 1 }

// In tells whether it holds in a month of its year; month 0 is the year.
func (s SKP) In(month int) bool {
	return month == 0 || int(s.From.Month()) <= month && month <= int(s.Until.Month())
}

// Editable tells whether its owner may write in it.
func (s SKP) Editable() bool { return s.Status == Drafting || s.Status == Dialogue }

const skpSelect = `
SELECT s.id, s.year, s.person_id, n.name AS person, n.staff_number, n.rank, s.occupancy_id, o.kind AS seat, s.position_id, p.title, p.kind AS post_kind,
	p.unit_id, u.name AS unit, u.ancestors,
	greatest((o.starts_at AT TIME ZONE 'Asia/Makassar')::date, make_date(s.year, 1, 1)) AS "from",
	least(COALESCE((o.ends_at AT TIME ZONE 'Asia/Makassar' - interval '1 second')::date, make_date(s.year, 12, 31)), make_date(s.year, 12, 31)) AS until,
	p.superior_id AS rater_id, COALESCE(sp.title, '') AS rater_title, COALESCE(su.name, '') AS rater_unit, COALESCE(su.kind = 'kota', false) AS elected,
	s.co_rater_id, COALESCE(cp.title, '') AS co_rater, s.model, s.weighted, s.status, s.status_at, s.seq, s.version
FROM kuciniki_skp s
JOIN org_person n ON n.id = s.person_id
JOIN org_occupancy o ON o.id = s.occupancy_id
JOIN org_position p ON p.id = s.position_id
JOIN org_unit u ON u.id = p.unit_id
LEFT JOIN org_position sp ON sp.id = p.superior_id
LEFT JOIN org_unit su ON su.id = sp.unit_id
LEFT JOIN org_position cp ON cp.id = s.co_rater_id
`

const (
	sqlSKP     = skpSelect + `WHERE s.id = $1`
	sqlSKPLock = `SELECT seq FROM kuciniki_skp WHERE id = $1 FOR UPDATE`
	sqlMine    = skpSelect + `WHERE s.person_id = $1 AND s.year = $2 ORDER BY o.starts_at, s.id`
)

// RHK is one result of an SKP.
type RHK struct {
	ID         int64
	SKPID      int64
	Ord        int
	Kind       string // [Main] or [Extra]
	Text       string
	ParentID   *int64 // RHK of the superior's SKP that it serves
	Parent     string // its text
	Basis      string // in its place: a plan of the city, an order
	Weight     *int
	Indicators []Indicator `db:"-"`
}

// The kinds of RHK.
const (
	Main  = "utama"
	Extra = "tambahan"
)

// Serves says what the RHK serves: the superior's, or its basis.
func (r RHK) Serves() string { return cmp.Or(r.Parent, r.Basis) }

// Indicator is how one sees that a result is there.
type Indicator struct {
	ID     int64
	RHKID  int64
	Slot   string // an aspect, or a measure of a qualitative SKP
	Text   string
	Target *float64
	Unit   string   // of the target; where that is no number, the target itself
	Lower  bool     // less is better
	Metric string   // of the evidence, E1 … E14
	Spread bool     // the target is an amount of the whole time: a month has its share of it
	Whole  *float64 `db:"-"` // that amount, where Target is the share of a month
}

// in is the indicator as a month of an SKP is held against it: of an amount the share of each
// month that the SKP touches.
func (in Indicator) in(s SKP, month int) Indicator {
	if month == 0 || !in.Spread || in.Target == nil {
		return in
	}
	share := math.Round(*in.Target/float64(s.Until.Month()-s.From.Month()+1)*100) / 100
	in.Whole, in.Target = in.Target, &share
	return in
}

// isPercent tells whether a target is a share, which no time divides.
func isPercent(unit string) bool {
	unit = strings.ToLower(strings.TrimSpace(unit))
	return unit == "%" || unit == "persen"
}

// Slots of the indicators, by the model of the SKP.
var Slots = map[string][]string{
	Quantitative: {"kuantitas", "kualitas", "waktu", "biaya"},
	Qualitative:  {"ukuran_1", "ukuran_2", "ukuran_3"},
}

// Metrics are what the work itself can tell; an indicator may be bound to one.
var Metrics = []string{"E1", "E2", "E3", "E4", "E5", "E6", "E7", "E9", "E10", "E11", "E12", "E13", "E14"}

const (
	sqlRHKs = `
SELECT r.id, r.skp_id, r.ord, r.kind, r.text, r.parent_id, COALESCE(up.text, '') AS parent, r.basis, r.weight
FROM kuciniki_rhk r LEFT JOIN kuciniki_rhk up ON up.id = r.parent_id WHERE r.skp_id = $1 ORDER BY r.kind DESC, r.ord, r.id`

	sqlIndicators = `
SELECT i.id, i.rhk_id, i.slot, i.text, i.target::float8 AS target, i.unit, i.lower, i.metric, i.spread FROM kuciniki_indicator i JOIN kuciniki_rhk r ON r.id = i.rhk_id
WHERE r.skp_id = $1 ORDER BY i.rhk_id, array_position(ARRAY['kuantitas', 'kualitas', 'waktu', 'biaya', 'ukuran_1', 'ukuran_2', 'ukuran_3'], i.slot)`
)

func readRHKs(ctx context.Context, q pg.Querier, skp int64) ([]RHK, error) {
	all, err := pg.Many[RHK](ctx, q, sqlRHKs, skp)
	if err != nil {
		return nil, err
	}
	list, err := pg.Many[Indicator](ctx, q, sqlIndicators, skp)
	for i := range all {
		for _, in := range list {
			if in.RHKID == all[i].ID {
				all[i].Indicators = append(all[i].Indicators, in)
			}
		}
	}
	return all, err
}

const sqlMonths = `SELECT month, status FROM kuciniki_evaluation WHERE skp_id = $1`

// rolesOf is everything that the actor is to an SKP; 0: it does not exist for them.
func rolesOf(ctx context.Context, q pg.Querier, a authz.Actor, s SKP) (r Role, err error) {
	if a.Kind == authz.Machine {
		return AsSystem, nil
	}
	if !a.IsStaff() {
		return 0, nil
	}
	posts := rates(a)
	switch {
	case a.PersonID == s.PersonID:
		r |= AsOwner // and never one's own judge
	case s.RaterID != nil && slices.Contains(posts, *s.RaterID):
		r |= AsRater
	default:
		if s.CoRaterID != nil && slices.Contains(posts, *s.CoRaterID) {
			r |= AsCoRater
		}
		above, err := isAbove(ctx, q, a, s.PositionID)
		if err != nil {
			return 0, err
		}
		if above {
			r |= AsAbove
		}
	}
	if a.PersonID != s.PersonID {
		if a.HasIn(PermPersonnel, s.Ancestors) {
			r |= AsPersonnel
		}
		if a.HasIn(PermInspect, s.Ancestors) {
			r |= AsInspector
		}
	}
	return r, nil
}

// find is an SKP with what the actor is to it; errs.NotFound when they are nothing.
func find(ctx context.Context, q pg.Querier, a authz.Actor, id int64) (s SKP, r Role, err error) {
	if s, err = pg.One[SKP](ctx, q, sqlSKP, id); err != nil {
		return s, 0, err
	}
	if r, err = rolesOf(ctx, q, a, s); err == nil && r == 0 {
		err = errs.New(errs.NotFound, "")
	}
	return s, r, err
}

// Plan is an SKP as somebody sees it.
type Plan struct {
	SKP
	Role     Role
	RHKs     []RHK
	Actions  []Action
	Versions []Version
	Events   []Event
	Above    []RHK  // of the superior's agreed SKP, to link to; for the owner
	AboveWhy string // why there are none
	Problems []errs.Field
	Months   map[int]Status // of the evaluations, month 0 is the year
	Shut     string         // why the year takes nothing, "" where it does
}

// Writable tells whether the reader may write in it now.
func (p Plan) Writable() bool { return p.Role.Has(AsOwner) && p.Editable() && p.Shut == "" }

// Plan reads an SKP; errs.NotFound for who has no part in it.
func (m *Module) Plan(ctx context.Context, a authz.Actor, id int64) (p Plan, err error) {
	defer errs.In(&err, "kuciniki.Plan(%d)", id)
	if p.SKP, p.Role, err = find(ctx, m.db, a, id); err != nil {
		return p, err
	}
	if p.RHKs, err = readRHKs(ctx, m.db, id); err != nil {
		return p, err
	}
	if p.Versions, err = pg.Many[Version](ctx, m.db, sqlVersions, id); err != nil {
		return p, err
	}
	if p.Events, err = m.events(ctx, m.db, "skp", id, p.Role.Has(AsOwner|AsRater|AsCoRater)); err != nil {
		return p, err
	}
	months, err := pg.Many[struct {
		Month  int
		Status Status
	}](ctx, m.db, sqlMonths, id)
	if err != nil {
		return p, err
	}
	p.Months = map[int]Status{}
	for _, x := range months {
		p.Months[x.Month] = x.Status
	}
	if p.Shut, err = shutPeriod(ctx, m.db, sqlPeriodNow, p.Year, 0); err != nil {
		return p, err
	}
	if p.Shut == "" {
		p.Actions = PlanSteps.Allowed(p.Status, p.Role, PlanActions)
	}
	if p.Writable() {
		if p.Above, p.AboveWhy, err = above(ctx, m.db, p.SKP); err != nil {
			return p, err
		}
		p.Problems = Check(p.SKP, p.RHKs)
	}
	return p, nil
}

// Post is a seat of somebody in a year, with its SKP once there is one.
type Post struct {
	OccupancyID int64
	Title       string
	Unit        string
	Seat        string
	SKPID       int64
	Status      Status
}

const sqlPosts = `
SELECT o.id AS occupancy_id, p.title, u.name AS unit, o.kind AS seat, COALESCE(s.id, 0) AS skp_id, COALESCE(s.status, '') AS status
FROM org_occupancy o JOIN org_position p ON p.id = o.position_id JOIN org_unit u ON u.id = p.unit_id
JOIN org_person n ON n.id = o.person_id
LEFT JOIN kuciniki_skp s ON s.occupancy_id = o.id AND s.year = $2
WHERE o.person_id = $1 AND o.kind <> 'plh' AND u.kind NOT IN ('kota', 'rw', 'rt') AND n.employment IN ('pns', 'pppk')
	AND o.during && tstzrange(make_date($2::integer, 1, 1)::timestamp AT TIME ZONE 'Asia/Makassar', make_date($2::integer + 1, 1, 1)::timestamp AT TIME ZONE 'Asia/Makassar')
ORDER BY o.starts_at, o.id`

// Posts lists the actor's posts in a year that need an SKP: definitive and as Plt, of PNS and
// PPPK.
func (m *Module) Posts(ctx context.Context, a authz.Actor, year int) (_ []Post, err error) {
	defer errs.In(&err, "kuciniki.Posts(%d)", year)
	return pg.Many[Post](ctx, m.db, sqlPosts, a.PersonID, year)
}

// Mine lists the actor's SKPs of a year.
func (m *Module) Mine(ctx context.Context, a authz.Actor, year int) (_ []SKP, err error) {
	defer errs.In(&err, "kuciniki.Mine(%d)", year)
	return pg.Many[SKP](ctx, m.db, sqlMine, a.PersonID, year)
}
