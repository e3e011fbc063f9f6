package epemerintahan

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Filter narrows a search; zero fields do not.
type Filter struct {
	// Text is a name in any spelling, a part of an address, or a whole NIK or KK,
	// a KK that a family had before included.
	Text        string
	KelurahanID int64
	RW, RT      string
	Status      Status
}

// Cursor is a position in the list: after the resident, or before. It says nothing
// about them.
type Cursor struct {
	ID   int64
	Back bool
}

// Item is a resident in a list.
type Item struct {
	ID            int64
	FamilyID      int64
	Name          string
	Sex           int
	BirthDate     time.Time
	Relation      int
	Address       string
	RW, RT        string
	KelurahanName string
	NIKStatus     NIKStatus
	Status        Status

	NIK string `db:"-"` // masked
}

// Page is a stretch of the list, by name.
type Page struct {
	Items []Item
	Prev  *Cursor
	Next  *Cursor
	// Alike: nothing has the words, these have words like them.
	Alike bool
}

// pageSize of a list.
const pageSize = 25

// maxAlike is among how many names that resemble the words a page of them is sought.
const maxAlike = 2000

type itemRow struct {
	Item
	NIKSealed []byte
	NameFold  string
}

const sqlCursorName = `SELECT r.name_fold FROM epemerintahan_resident r JOIN org_unit u ON u.id = r.kelurahan_id WHERE r.id = $1 AND u.ancestors && $2::bigint[]`

// Search lists residents of the actor's kelurahan by name. It is audited when it
// looks for somebody.
func (m *Module) Search(ctx context.Context, a authz.Actor, f Filter, c *Cursor) (_ Page, err error) {
	defer errs.In(&err, "epemerintahan.Search")
	q, err := m.query(ctx, a, f, c)
	if err != nil {
		return Page{}, err
	}
	rows, err := q.run(ctx, m.db, false)
	if err != nil {
		return Page{}, err
	}
	alike := len(rows) == 0 && len(q.words) > 0
	if alike {
		if rows, err = q.run(ctx, m.db, true); err != nil {
			return Page{}, err
		}
	}
	p := Page{Alike: alike && len(rows) > 0}
	if err := m.fill(&p, rows, c); err != nil {
		return Page{}, err
	}
	if f.Text == "" {
		return p, nil
	}
	unit := f.KelurahanID
	if unit == 0 {
		unit = a.MainPosition().UnitID
	}
	return p, m.read(ctx, m.db, a, "search", subject{objectResident, 0, unit}, map[string]any{"menurut": q.by(), "hasil": len(p.Items)})
}

// fill makes the page of up to one row more than it holds.
func (m *Module) fill(p *Page, rows []itemRow, c *Cursor) error {
	more, back := len(rows) > pageSize, c != nil && c.Back
	rows = rows[:min(len(rows), pageSize)]
	if back {
		slices.Reverse(rows)
	}
	for _, r := range rows {
		var err error
		if r.NIK, err = m.masked(r.NIKSealed, sealNIK); err != nil {
			return err
		}
		p.Items = append(p.Items, r.Item)
	}
	if len(rows) == 0 {
		return nil
	}
	if more && back || c != nil && !back {
		p.Prev = &Cursor{ID: rows[0].ID, Back: true}
	}
	if more && !back || back {
		p.Next = &Cursor{ID: rows[len(rows)-1].ID}
	}
	return nil
}

// query is a search made ready.
type query struct {
	number       string   // NIK or KK
	nik, kk      []byte   // its hashes
	words        []string // of a name
	address      []string
	whole        bool // the actor works in the whole city
	units        []int64
	filter       Filter
	cursor       *Cursor
	cursorName   string
	args         []any
	nothingThere bool // out of the actor's realm
	size         int  // rows of a page
}

func (m *Module) query(ctx context.Context, a authz.Actor, f Filter, c *Cursor) (*query, error) {
	q := &query{filter: f, cursor: c, size: pageSize}
	if n := CleanNumber(f.Text); digits("", n) == "" {
		q.number, q.nik, q.kk = n, m.box.Hash(sealNIK, n), m.box.Hash(sealKK, n)
	} else {
		q.words, q.address = strings.Fields(indo.FoldPerson(f.Text)), strings.Fields(FoldAddress(f.Text))
		q.words, q.address = q.words[:min(len(q.words), 8)], q.address[:min(len(q.address), 8)]
	}
	places, err := m.Workplaces(ctx, a, PermView)
	if err != nil {
		return nil, err
	}
	root, err := org.HoldsRoot(ctx, m.db, a.Units(PermView))
	if err != nil {
		return nil, err
	}
	for _, p := range places {
		if f.KelurahanID == 0 || f.KelurahanID == p.ID {
			q.units = append(q.units, p.ID)
		}
	}
	q.whole = root && f.KelurahanID == 0
	q.nothingThere = len(q.units) == 0
	if c != nil {
		q.cursorName, err = pg.Scalar[string](ctx, m.db, sqlCursorName, c.ID, a.Units(PermView))
		if errs.KindOf(err) == errs.NotFound && err != nil {
			return nil, errs.New(errs.NotFound, "Halaman daftar ini tidak ada lagi. Mulai dari pencarian.")
		}
	}
	return q, err
}

// by says what was looked for, for the trail.
func (q *query) by() string {
	if q.number != "" {
		return "nomor"
	}
	return "kata"
}

func (q *query) arg(v any) string {
	q.args = append(q.args, v)
	return "$" + strconv.Itoa(len(q.args))
}

// narrow is the condition that everything found fulfils, besides the place.
func (q *query) narrow() string {
	cs := []string{"r.deleted_at IS NULL"}
	if q.filter.RW != "" {
		cs = append(cs, "r.rw = "+q.arg(q.filter.RW))
	}
	if q.filter.RT != "" {
		cs = append(cs, "r.rt = "+q.arg(q.filter.RT))
	}
	if q.filter.Status != "" {
		cs = append(cs, "r.status = "+q.arg(string(q.filter.Status)))
	}
	if q.cursor != nil {
		than := ">"
		if q.cursor.Back {
			than = "<"
		}
		cs = append(cs, "(r.name_fold, r.id) "+than+" ("+q.arg(q.cursorName)+", "+q.arg(q.cursor.ID)+"::bigint)")
	}
	return strings.Join(cs, " AND ")
}

// within is the condition that column is a kelurahan of the actor.
func (q *query) within(column string) string {
	switch {
	case q.whole:
		return "true"
	case len(q.units) == 1:
		return column + " = " + q.arg(q.units[0])
	}
	return column + " = ANY (" + q.arg(q.units) + ")"
}

// holds is the condition that a folded text has all the words, or words like them.
func (q *query) holds(column string, words []string, alike bool) string {
	var cs []string
	for _, w := range words {
		if alike {
			cs = append(cs, q.arg(w)+"::text <% "+column)
		} else {
			cs = append(cs, column+" LIKE "+q.arg("%"+w+"%"))
		}
	}
	if len(cs) == 0 {
		return "false"
	}
	return strings.Join(cs, " AND ")
}

// addressColumn is the column of addresses. Within a kelurahan its index of parts of words is no help:
// it gathers what the whole city has of each. Another collation keeps it out, and leaves the
// planner what it knows of the column.
func (q *query) addressColumn() string {
	if q.whole {
		return "f.address_fold"
	}
	return `f.address_fold COLLATE "C"`
}

// arms are the ways to be found. Each is a query of its own, so that each reads the
// index that fits it.
func (q *query) arms(alike bool) (arms []string) {
	order := "r.name_fold, r.id"
	if q.cursor != nil && q.cursor.Back {
		order = "r.name_fold DESC, r.id DESC"
	}
	// arm reads one index for all kelurahan, eachKelurahan for each of several by itself:
	// that one has names in their order, and stops at a page of them.
	arm := func(from, place, condition string) {
		arms = append(arms, fmt.Sprintf("(SELECT r.id, r.name_fold FROM %s WHERE %s AND %s AND %s ORDER BY %s LIMIT %d)",
			from, q.within(place), condition, q.narrow(), order, q.size+1))
	}
	eachKelurahan := func(from, place, condition string) {
		if q.whole || len(q.units) == 1 {
			arm(from, place, condition)
			return
		}
		arms = append(arms, fmt.Sprintf("(SELECT r.id, r.name_fold FROM unnest(%s::bigint[]) k (id), LATERAL (SELECT r.id, r.name_fold FROM %s WHERE %s = k.id AND %s AND %s ORDER BY %s LIMIT %d) r ORDER BY %s LIMIT %d)",
			q.arg(q.units), from, place, condition, q.narrow(), order, q.size+1, order, q.size+1))
	}
	// The whole foreign key, so that a place narrows both tables and the planner knows how many
	// the joined are: names are walked in their order within it, not through the whole city.
	const alone, withFamily = "epemerintahan_resident r", `epemerintahan_family f
		JOIN epemerintahan_resident r ON r.family_id = f.id AND r.kelurahan_id = f.kelurahan_id AND r.rw = f.rw AND r.rt = f.rt`
	const person, family = "r.kelurahan_id", "f.kelurahan_id"
	switch {
	case q.number != "":
		arm(alone, person, "r.nik_hash = "+q.arg(q.nik))
		arm("epemerintahan_kk k JOIN epemerintahan_resident r ON r.family_id = k.family_id", person, "k.kk_hash = "+q.arg(q.kk))
	case q.filter.Text == "":
		eachKelurahan(alone, person, "true")
	case alike:
		// Found first and sorted then: the planner would walk all names in order until
		// enough of them are alike, and few are.
		arms = append(arms, fmt.Sprintf("(SELECT id, name_fold FROM (SELECT r.id, r.name_fold FROM %s WHERE %s AND %s AND %s LIMIT %d) r ORDER BY %s LIMIT %d)",
			alone, q.within(person), q.holds("r.name_fold", q.words, true), q.narrow(), maxAlike, order, q.size+1))
	default:
		eachKelurahan(alone, person, q.holds("r.name_fold", q.words, false))
		// A letter or two are in every address.
		if slices.ContainsFunc(q.address, func(w string) bool { return len(w) > 2 }) {
			eachKelurahan(withFamily, family, q.holds(q.addressColumn(), q.address, false))
		}
	}
	return arms
}

// sql is the whole query with its arguments.
func (q *query) sql(alike bool) (string, []any) {
	q.args = nil
	direction := ""
	if q.cursor != nil && q.cursor.Back {
		direction = " DESC"
	}
	return fmt.Sprintf(`WITH page AS (SELECT id, name_fold FROM (%s) x ORDER BY name_fold%s, id%s LIMIT %d)
SELECT r.id, r.family_id, r.name, r.name_fold, r.sex, r.birth_date, r.relation, f.address, r.rw, r.rt, u.short_name AS kelurahan_name,
	r.nik_status, r.status, r.nik_sealed
FROM page JOIN epemerintahan_resident r ON r.id = page.id
JOIN epemerintahan_family f ON f.id = r.family_id JOIN org_unit u ON u.id = r.kelurahan_id
ORDER BY r.name_fold%s, r.id%s`, strings.Join(q.arms(alike), " UNION "), direction, direction, q.size+1, direction, direction), q.args
}

func (q *query) run(ctx context.Context, db pg.Querier, alike bool) ([]itemRow, error) {
	if q.nothingThere {
		return nil, nil
	}
	sql, args := q.sql(alike)
	// Which index is best depends on the words: planned anew each time.
	return pg.Many[itemRow](ctx, db, sql, append([]any{pgx.QueryExecModeCacheDescribe}, args...)...)
}

// streets are the ways in which parts of an address are written.
var streets = map[string]string{
	"jl": "jalan", "jln": "jalan", "lr": "lorong", "lrg": "lorong", "gg": "gang", "komp": "kompleks", "komplek": "kompleks",
	"perum": "perumahan", "blk": "blok", "no": "", "nomor": "",
}

// FoldAddress makes two ways of writing an address the same: "Jl. Toddopuli 3 No. 5"
// and "jalan toddopuli 3 5".
func FoldAddress(s string) string {
	words := strings.Fields(indo.Fold(s))
	out := words[:0]
	for _, w := range words {
		if full, ok := streets[w]; ok {
			w = full
		}
		if w != "" {
			out = append(out, w)
		}
	}
	return strings.Join(out, " ")
}
