package epemerintahan

import (
	"context"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// bookSize is how many lines a page of a book has.
const bookSize = 50

// BookFilter says which lines of a book to show: of a kelurahan, perhaps of one RW or RT
// of it, and in the book of changes of a time.
type BookFilter struct {
	Area
	From, To time.Time // the book of changes: happened from … until before
}

// BookPage is a stretch of the register of residents, from door to door.
type BookPage struct {
	Place  Place
	Places []Place
	Lines  []Resident
	Prev   *Cursor
	Next   *Cursor
}

// ChangeLine is an entry of the book of changes.
type ChangeLine struct {
	ID          int64 // of the event
	ResidentID  int64
	Kind        EventKind
	HappenedOn  time.Time
	RecordedAt  time.Time
	Name        string
	Sex         int
	BirthPlace  string
	BirthDate   time.Time
	Citizenship int
	Detail      Detail
	Undone      bool
}

// ChangePage is a stretch of the book of changes, by day.
type ChangePage struct {
	Place  Place
	Places []Place
	Lines  []ChangeLine
	Prev   *Cursor
	Next   *Cursor
}

const (
	bookForward  = ` AND (r.rw, r.rt, r.family_id, r.relation, r.id) > `
	bookBackward = ` AND (r.rw, r.rt, r.family_id, r.relation, r.id) < `
	bookPosition = `(SELECT rw, rt, family_id, relation, id FROM epemerintahan_resident WHERE id = $4 AND kelurahan_id = $1)`
	bookOf       = `SELECT` + residentColumns + `WHERE r.kelurahan_id = $1 AND r.deleted_at IS NULL AND ($2 = '' OR r.rw = $2) AND ($3 = '' OR r.rt = $3)`
	bookOrder    = ` ORDER BY r.rw, r.rt, r.family_id, r.relation, r.id LIMIT $5`
)

// $4 is the resident with whom the page before ended; 0 = from the beginning.
const (
	sqlBookFirst = bookOf + ` AND $4 = 0` + bookOrder
	sqlBookNext  = bookOf + bookForward + bookPosition + bookOrder
	sqlBookPrev  = bookOf + bookBackward + bookPosition + ` ORDER BY r.rw DESC, r.rt DESC, r.family_id DESC, r.relation DESC, r.id DESC LIMIT $5`
)

// bookRows reads up to n lines after a cursor, or before it.
func (m *Module) bookRows(ctx context.Context, area Area, c *Cursor, n int) ([]residentRow, error) {
	sql, id := sqlBookFirst, int64(0)
	if c != nil {
		sql, id = sqlBookNext, c.ID
		if c.Back {
			sql = sqlBookPrev
		}
	}
	rows, err := pg.Many[residentRow](ctx, m.db, sql, area.UnitID, area.RW, area.RT, id, n)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		if err := m.open(&rows[i]); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// Book is the register of residents of a kelurahan (Buku Induk Penduduk), numbers
// masked. The reading is audited.
func (m *Module) Book(ctx context.Context, a authz.Actor, f BookFilter, c *Cursor) (p BookPage, err error) {
	defer errs.In(&err, "epemerintahan.Book")
	if p.Place, p.Places, err = m.bookPlace(ctx, a, &f.Area); err != nil || p.Place.ID == 0 {
		return p, err
	}
	rows, err := m.bookRows(ctx, f.Area, c, bookSize+1)
	if err != nil {
		return p, err
	}
	rows, p.Prev, p.Next = stretch(rows, c, func(r residentRow) int64 { return r.ID })
	for _, r := range rows {
		p.Lines = append(p.Lines, r.Resident)
	}
	return p, m.read(ctx, m.db, a, "book", subject{objectResident, 0, f.UnitID}, map[string]any{"baris": len(rows)})
}

// bookPlace finds the kelurahan of a book; the first one when none is named.
func (m *Module) bookPlace(ctx context.Context, a authz.Actor, area *Area) (Place, []Place, error) {
	places, err := m.Places(ctx, a)
	if err != nil {
		return Place{}, nil, err
	}
	places = slices.DeleteFunc(places, func(p Place) bool { return !p.IsKelurahan() })
	if area.UnitID == 0 && len(places) > 0 {
		area.UnitID = places[0].ID
	}
	i := slices.IndexFunc(places, func(p Place) bool { return p.ID == area.UnitID })
	if i < 0 {
		return Place{}, nil, errNoArea
	}
	return places[i], places, nil
}

// stretch cuts what was read for a page, one more than it holds, to the page with its
// neighbours.
func stretch[T any](rows []T, c *Cursor, id func(T) int64) (page []T, prev, next *Cursor) {
	more, back := len(rows) > bookSize, c != nil && c.Back
	page = rows[:min(len(rows), bookSize)]
	if back {
		slices.Reverse(page)
	}
	if len(page) == 0 {
		return page, nil, nil
	}
	if more && back || c != nil && !back {
		prev = &Cursor{ID: id(page[0]), Back: true}
	}
	if more && !back || back {
		next = &Cursor{ID: id(page[len(page)-1])}
	}
	return page, prev, next
}

const (
	changesOf = `SELECT e.id, e.resident_id, e.kind, e.happened_on, e.recorded_at, r.name, r.sex, r.birth_place, r.birth_date, r.citizenship, e.detail,
	r.seq > e.seq AND EXISTS (SELECT FROM epemerintahan_event u WHERE u.resident_id = e.resident_id AND u.reverses = e.seq) AS undone
FROM epemerintahan_event e JOIN epemerintahan_resident r ON r.id = e.resident_id AND r.deleted_at IS NULL
WHERE e.kelurahan_id = $1 AND e.happened_on >= $2::date AND e.happened_on < $3::date AND e.kind NOT IN ('pendataan', 'batal')`
	changesPosition = `(SELECT happened_on, id FROM epemerintahan_event WHERE id = $4 AND kelurahan_id = $1)`
	changesOrder    = ` ORDER BY e.happened_on, e.id LIMIT $5`
)

const (
	sqlChangesFirst = changesOf + ` AND $4 = 0` + changesOrder
	sqlChangesNext  = changesOf + ` AND (e.happened_on, e.id) > ` + changesPosition + changesOrder
	sqlChangesPrev  = changesOf + ` AND (e.happened_on, e.id) < ` + changesPosition + ` ORDER BY e.happened_on DESC, e.id DESC LIMIT $5`
)

func (m *Module) changeRows(ctx context.Context, f BookFilter, c *Cursor, n int) ([]ChangeLine, error) {
	sql, id := sqlChangesFirst, int64(0)
	if c != nil {
		sql, id = sqlChangesNext, c.ID
		if c.Back {
			sql = sqlChangesPrev
		}
	}
	return pg.Many[ChangeLine](ctx, m.db, sql, f.UnitID, f.From, f.To, id, n)
}

// ChangeBook is the book of births, deaths, arrivals and departures of a kelurahan
// (Buku Mutasi Penduduk). The reading is audited.
func (m *Module) ChangeBook(ctx context.Context, a authz.Actor, f BookFilter, c *Cursor) (p ChangePage, err error) {
	defer errs.In(&err, "epemerintahan.ChangeBook")
	if p.Place, p.Places, err = m.bookPlace(ctx, a, &f.Area); err != nil {
		return p, err
	}
	rows, err := m.changeRows(ctx, f, c, bookSize+1)
	if err != nil {
		return p, err
	}
	p.Lines, p.Prev, p.Next = stretch(rows, c, func(l ChangeLine) int64 { return l.ID })
	return p, m.read(ctx, m.db, a, "change_book", subject{objectResident, 0, f.UnitID}, map[string]any{"baris": len(p.Lines)})
}
