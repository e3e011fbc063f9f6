package mtr

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// MostAlike is how many reports are offered as perhaps the same.
const MostAlike = 5

const (
	alikeAge   = 180 * 24 * time.Hour // older ones are another story
	alikeNear  = 150                  // nearest reports that are looked at closely
	alikeSure  = 10                   // bits in which hashes of one scene may differ
	alikeScore = 0.65                 // from here on a report is offered
	earlyScore = 0.42                 // the same while there are no words to compare
)

// Alike is an open report that may be about the same problem.
type Alike struct {
	ID            int64
	Number        string
	Title         string
	CategoryName  string
	KelurahanName string
	Thumb         string // ref; "" when none or not public
	Status        Status
	ReceivedAt    time.Time
	Metres        float64 // -1: not known
	SameCategory  bool
	SameGroup     bool
	Text          float64 // how much the words resemble each other, 0..1
	Photo         *int    // bits in which the nearest two photos differ; nil without photos
	Score         float64 `db:"-"` // 0..1
}

// reach of a category in metres: how far off two people may stand who mean one problem. A
// lamp is a point, floods and dry taps are streets.
func reach(category string) float64 {
	switch category {
	case "LAMPU", "LALIN", "JALAN", "POHON":
		return 150
	case "BANJIR", "PDAM", "MACET", "KETERTIBAN":
		return 600
	}
	return 250
}

// score weighs place, words, pictures, kind and age. Each alone can be chance; the weights
// are those that docs/duplicates.md measures.
func (a Alike) score(category string, now time.Time) float64 {
	s := 0.0
	if a.Metres >= 0 {
		d := a.Metres / (reach(category) / 2)
		s += 0.45 / (1 + d*d)
	} else {
		s += 0.12 // the same kelurahan
	}
	s += 0.40 * min(1, a.Text/0.6)
	if a.Photo != nil && *a.Photo <= alikeSure {
		s += 0.30 * (1 - float64(*a.Photo)/(2*alikeSure))
	}
	switch {
	case a.SameCategory:
		s += 0.15
	case a.SameGroup:
		s += 0.05
	default: // two things at one place are no news
		s -= 0.10
	}
	return max(0, min(1, s-0.05*min(1, now.Sub(a.ReceivedAt).Hours()/24/60)))
}

// question is the report that others are compared with.
type question struct {
	id          int64 // itself; 0 while it is a draft
	place       *Point
	kelurahanID int64
	category    Category
	title, body string
	hashes      []int64
}

const alikeReports = `
WITH near AS (SELECT r.id, %[1]s AS metres FROM mtr_report r WHERE %[2]s ORDER BY metres, r.id DESC LIMIT %[3]d)
SELECT r.id, r.number, r.title, c.name AS category_name, COALESCE(k.short_name, '') AS kelurahan_name, %[4]s AS thumb,
	r.status, r.received_at, n.metres, c.id = %[5]s AS same_category, c.group_name = %[6]s AS same_group,
	greatest(similarity(r.title, %[7]s), word_similarity(%[7]s, r.title || ' ' || r.body) * 0.9,
		similarity(r.title || ' ' || r.body, %[8]s))::float8 AS text,
	(SELECT min(bit_count((p.dhash # h)::bit(64)))::int FROM mtr_photo p, unnest(%[9]s::bigint[]) h
		WHERE p.report_id = r.id AND p.kind = 'sebelum' AND p.stored AND p.event_seq IS NOT NULL AND p.hidden_at IS NULL%[10]s) AS photo
FROM near n JOIN mtr_report r ON r.id = n.id JOIN mtr_category c ON c.id = r.category_id
LEFT JOIN org_unit k ON k.id = r.kelurahan_id`

// alike finds the reports most like q among those that w allows, the likeliest first. Public
// answers know only what is published: of anonymous reports neither the photos nor the
// place but where the map shows it.
func (m *Module) alike(ctx context.Context, w *where, q question, public bool) ([]Alike, error) {
	now := m.now()
	w.and("r.open AND r.status_group IN ('baru', 'proses') AND r.received_at > " + w.arg(now.Add(-alikeAge)) + " AND $1::timestamptz IS NOT NULL")
	if q.id != 0 {
		w.and("r.id <> " + w.arg(q.id))
	}
	lat, lng, metres := "r.lat", "r.lng", "(-1)::float8"
	if public {
		lat, lng = "r.public_lat", "r.public_lng"
	}
	switch {
	case q.place != nil:
		far := reach(q.category.Code) * 1.5
		dy := far/111_195 + 0.0006 // the index knows rounded places only
		dx := dy / math.Cos(q.place.Lat*math.Pi/180)
		w.and(fmt.Sprintf("r.public_lat BETWEEN %f AND %f AND r.public_lng BETWEEN %f AND %f",
			q.place.Lat-dy, q.place.Lat+dy, q.place.Lng-dx, q.place.Lng+dx))
		metres = fmt.Sprintf("111195 * sqrt((%s - %f) ^ 2 + ((%s - %f) * %f) ^ 2)", lat, q.place.Lat, lng, q.place.Lng,
			math.Cos(q.place.Lat*math.Pi/180))
	case q.kelurahanID != 0:
		w.is("r.kelurahan_id", q.kelurahanID)
	default:
		w.and("r.kelurahan_id IS NULL")
		w.is("r.category_id", q.category.ID)
	}
	thumb, photos := "''", ""
	if public {
		photos = " AND NOT r.anonymous"
		thumb = `COALESCE((SELECT p.ref FROM mtr_photo p WHERE p.report_id = r.id AND NOT r.anonymous AND p.kind = 'sebelum' AND` +
			publicPhoto + ` ORDER BY p.id LIMIT 1), '')`
	}
	condition := w.String()
	sql := fmt.Sprintf(alikeReports, metres, condition, alikeNear, thumb, w.arg(q.category.ID), w.arg(q.category.GroupName),
		w.arg(q.title), w.arg(strings.TrimSpace(q.title+" "+q.body)), w.arg(q.hashes), photos)
	found, err := pg.Many[Alike](ctx, m.db, sql, w.fresh(true)...)
	if err != nil {
		return nil, err
	}
	for i := range found {
		found[i].Score = found[i].score(q.category.Code, now)
	}
	enough := alikeScore
	if q.title == "" {
		enough = earlyScore
	}
	found = slices.DeleteFunc(found, func(a Alike) bool { return a.Score < enough })
	slices.SortFunc(found, func(a, b Alike) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.ID, a.ID)) })
	return found[:min(len(found), MostAlike)], nil
}

const sqlDraftHashes = `SELECT dhash FROM mtr_photo WHERE draft_id = $1 AND stored`

// AlikeOfDraft are the published reports that the draft may repeat and that its writer has
// not been shown yet, by what was answered so far; none before the category is chosen.
func (m *Module) AlikeOfDraft(ctx context.Context, token string) (_ []Alike, err error) {
	defer errs.In(&err, "mtr.AlikeOfDraft")
	row, a, err := m.findDraft(ctx, m.db, sqlDraft, token)
	if err != nil || row.ReportID != 0 || a.CategoryID == 0 || a.Confidential {
		return nil, err
	}
	q := question{place: a.Place, kelurahanID: a.KelurahanID, title: a.Title, body: a.Body}
	if q.category, err = m.Category(ctx, a.CategoryID); err != nil {
		return nil, err
	}
	if q.hashes, err = pg.Scalars[int64](ctx, m.db, sqlDraftHashes, row.ID); err != nil {
		return nil, err
	}
	w := newWhere(m.now())
	w.and("r.words_public")
	if len(a.AlikeSeen) > 0 {
		w.and("r.id <> ALL (" + w.arg(a.AlikeSeen) + ")")
	}
	return m.alike(ctx, w, q, true)
}

// mostSeen bounds what a draft remembers.
const mostSeen = 100

// NotAlike keeps in the draft that its writer looked at these reports and means another
// problem; they are not shown again.
func (m *Module) NotAlike(ctx context.Context, token string, ids []int64) (err error) {
	defer errs.In(&err, "mtr.NotAlike")
	return m.edit(ctx, token, func(_ pgx.Tx, a *Answers) error {
		for _, id := range ids {
			if !has(a.AlikeSeen, id) && len(a.AlikeSeen) < mostSeen {
				a.AlikeSeen = append(a.AlikeSeen, id)
			}
		}
		return nil
	})
}

const sqlReportHashes = `SELECT dhash FROM mtr_photo WHERE report_id = $1 AND kind = 'sebelum' AND stored AND event_seq IS NOT NULL`

// alikeAtDesk are the reports that the dispatcher's report may repeat, among all that they
// may see.
func (m *Module) alikeAtDesk(ctx context.Context, scope *realms, d *deskDetail, category Category) ([]Alike, error) {
	q := question{id: d.ID, kelurahanID: d.KelurahanID, category: category, title: d.Title, body: d.Body}
	if d.Lat != nil && d.Lng != nil {
		q.place = &Point{Lat: *d.Lat, Lng: *d.Lng}
	}
	var err error
	if q.hashes, err = pg.Scalars[int64](ctx, m.db, sqlReportHashes, d.ID); err != nil {
		return nil, err
	}
	w := newWhere(m.now())
	w.and(scope.any(w))
	if !d.Confidential {
		w.and("NOT r.confidential")
	}
	return m.alike(ctx, w, q, false)
}
