package mtr

import (
	"context"
	"fmt"
	"math"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// publicRow are the columns of a report that lists need.
const publicRow = `r.id, r.number, r.words_public, r.anonymous, r.title, r.category_id, r.class, r.status, r.kelurahan_id, r.kecamatan_id,
	r.unit_id, r.received_at, r.status_changed_at, r.due_kind, r.due_at, r.warn_at, r.paused_at`

// publicItems select PublicItem from the reports of page. $1 is the time.
const publicItems = `
SELECT r.id, r.number, CASE WHEN r.words_public THEN r.title ELSE '' END AS title, c.code AS category_code,
	c.name AS category_name, r.class, r.status, COALESCE(k.short_name, '') AS kelurahan_name,
	COALESCE(d.short_name, '') AS kecamatan_name, COALESCE(u.short_name, '') AS unit_name,
	COALESCE((SELECT p.ref FROM mtr_photo p
		WHERE p.report_id = r.id AND r.words_public AND NOT r.anonymous AND p.kind = 'sebelum' AND p.stored AND p.hidden_at IS NULL
			AND p.event_seq IS NOT NULL
		ORDER BY p.id LIMIT 1), '') AS thumb,
	r.received_at, r.status_changed_at AS changed_at, r.due_at, ` + isLate + ` AS late, ` + isNear + ` AS near
FROM page r
JOIN mtr_category c ON c.id = r.category_id
LEFT JOIN org_unit k ON k.id = r.kelurahan_id
LEFT JOIN org_unit d ON d.id = r.kecamatan_id
LEFT JOIN org_unit u ON u.id = r.unit_id
ORDER BY r.id DESC`

// narrow adds everything of f but its text.
func (f Filter) narrow(w *where) {
	w.is("r.category_id", f.CategoryID)
	w.is("r.kelurahan_id", f.KelurahanID)
	w.is("r.kecamatan_id", f.KecamatanID)
	w.is("r.unit_id", f.UnitID)
	if f.Group != "" {
		w.and("r.status_group = " + w.arg(f.Group))
	}
	if f.Class != "" {
		w.and("r.class = " + w.arg(f.Class))
	}
}

// listKey names a stretch of a public list that is not a search.
type listKey struct {
	Filter
	Page
}

// PublicList is a stretch of the public list, newest first.
func (m *Module) PublicList(ctx context.Context, f Filter, p Page) (_ PublicPage, err error) {
	defer errs.In(&err, "mtr.PublicList")
	if f.Text != "" || pg.Current(ctx) {
		return m.publicList(ctx, f, p)
	}
	return m.lists.get(listKey{f, p}, func() (PublicPage, error) { return m.publicList(ctx, f, p) })
}

func (m *Module) publicList(ctx context.Context, f Filter, p Page) (PublicPage, error) {
	w := newWhere(m.now())
	w.and("r.listed")
	f.narrow(w)
	if f.Text != "" {
		h, err := m.find(ctx, f.Text, false, mostPaged)
		if err != nil {
			return PublicPage{}, err
		}
		if h.Frequent && !h.Fuzzy {
			return m.frequentPage(ctx, w, h, p)
		}
		h.narrow(w)
	}
	return m.publicPage(ctx, w, p, "r.id")
}

// publicPage reads the page of the reports that w allows, in the order of their ids.
func (m *Module) publicPage(ctx context.Context, w *where, p Page, id string) (PublicPage, error) {
	order := "DESC"
	if p.After != 0 {
		order = "ASC"
		w.and("r.id > " + w.arg(p.After))
	} else if p.Before != 0 {
		w.and("r.id < " + w.arg(p.Before))
	}
	sql := fmt.Sprintf("WITH page AS (SELECT %s FROM mtr_report r WHERE %s ORDER BY %s %s LIMIT %d)%s",
		publicRow, w, id, order, p.limit()+1, publicItems)
	items, err := pg.Many[PublicItem](ctx, m.db, sql, w.fresh(false)...)
	return p.cut(items), err
}

func (p Page) limit() int {
	if p.Limit <= 0 {
		return 20
	}
	return min(p.Limit, 100)
}

// cut makes the page of up to one row more than it holds, newest first.
func (p Page) cut(items []PublicItem) (out PublicPage) {
	more := len(items) > p.limit()
	switch {
	case p.After != 0:
		if more {
			items = items[1:]
		}
		out.Items = items
		if out.Older = older(p.After); len(items) > 0 {
			out.Older = items[len(items)-1].ID
			if more {
				out.Newer = items[0].ID
			}
		}
		return out
	case more:
		items = items[:p.limit()]
		out.Older = items[len(items)-1].ID
	}
	if out.Items = items; p.Before != 0 {
		if out.Newer = max(p.Before-1, 1); len(items) > 0 {
			out.Newer = items[0].ID
		}
	}
	return out
}

// older is the cursor of a page that begins with the row id itself.
func older(id int64) int64 {
	if id == math.MaxInt64 {
		return id
	}
	return id + 1
}
