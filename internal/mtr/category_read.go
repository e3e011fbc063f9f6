package mtr

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// categoryLife is how long another process's change of the categories may stay unseen.
const categoryLife = time.Minute

// categoryCache remembers all categories for a moment: every page needs them.
type categoryCache struct {
	mu    sync.Mutex
	until time.Time
	all   []Category
}

func (k *categoryCache) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.until = time.Time{}
}

// allCategories is shared: callers must not change it.
func (m *Module) allCategories(ctx context.Context) ([]Category, error) {
	k := &m.categories
	k.mu.Lock()
	defer k.mu.Unlock()
	if time.Now().Before(k.until) {
		return k.all, nil
	}
	all, err := loadCategories(ctx, m.db)
	if err != nil {
		return nil, err
	}
	k.all, k.until = all, time.Now().Add(categoryLife)
	return all, nil
}

// Categories lists active categories in order, questions included.
func (m *Module) Categories(ctx context.Context) (_ []Category, err error) {
	defer errs.In(&err, "mtr.Categories")
	all, err := m.allCategories(ctx)
	var out []Category
	for _, c := range all {
		if c.Active {
			out = append(out, c)
		}
	}
	return out, err
}

// Category by id, inactive ones too; errs.NotFound.
func (m *Module) Category(ctx context.Context, id int64) (_ Category, err error) {
	defer errs.In(&err, "mtr.Category(%d)", id)
	all, err := m.allCategories(ctx)
	if err != nil {
		return Category{}, err
	}
	for _, c := range all {
		if c.ID == id {
			return c, nil
		}
	}
	return Category{}, errs.New(errs.NotFound, "Kategori ini tidak ada.")
}

// SearchCategories orders active categories by how well name and synonyms fit text;
// only those that fit at all.
func (m *Module) SearchCategories(ctx context.Context, text string) (_ []Category, err error) {
	defer errs.In(&err, "mtr.SearchCategories")
	all, err := m.Categories(ctx)
	if err != nil {
		return nil, err
	}
	return MatchCategories(all, text), nil
}

// MatchCategories keeps the categories whose name or synonyms fit text, best first.
func MatchCategories(cs []Category, text string) []Category {
	words := strings.Fields(indo.Fold(text))
	type hit struct {
		c     Category
		score int
	}
	var hits []hit
	for _, c := range cs {
		if n := fit(c, words); n > 0 {
			hits = append(hits, hit{c, n})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(b.score, a.score) })
	out := make([]Category, len(hits))
	for i, h := range hits {
		out[i] = h.c
	}
	return out
}

// fit scores words against a category: a synonym as a whole counts most, then a word
// of the name, then the beginning of either.
func fit(c Category, words []string) int {
	score := 0
	phrase := " " + strings.Join(words, " ") + " "
	for _, s := range c.Synonyms {
		if s = indo.Fold(s); s != "" && strings.Contains(phrase, " "+s+" ") {
			score += 6
		}
	}
	name := strings.Fields(indo.Fold(c.Name))
	for _, w := range words {
		if len(w) < 3 {
			continue
		}
		best := 0
		for _, n := range name {
			switch {
			case n == w:
				best = max(best, 4)
			case strings.HasPrefix(n, w) || len(n) > 3 && strings.HasPrefix(w, n):
				best = max(best, 2)
			}
		}
		for _, s := range c.Synonyms {
			for _, n := range strings.Fields(indo.Fold(s)) {
				if strings.HasPrefix(n, w) || len(n) > 3 && strings.Contains(w, n) {
					best = max(best, 3)
				}
			}
		}
		score += best
	}
	return score
}

// AllCategories lists inactive ones too. Needs PermConfigure.
func (m *Module) AllCategories(ctx context.Context, a authz.Actor) (_ []Category, err error) {
	defer errs.In(&err, "mtr.AllCategories")
	if err := m.needsCity(ctx, a, PermConfigure); err != nil {
		return nil, err
	}
	return loadCategories(ctx, m.db)
}

// Routes of a category (0 = all). Needs PermConfigure.
func (m *Module) Routes(ctx context.Context, a authz.Actor, categoryID int64) (_ []Route, err error) {
	defer errs.In(&err, "mtr.Routes(%d)", categoryID)
	if err := m.needsCity(ctx, a, PermConfigure); err != nil {
		return nil, err
	}
	return pg.Many[Route](ctx, m.db, sqlRoutes, categoryID)
}

// needsCity refuses who does not hold p in the whole city: what it guards is the same for all
// units, so a grant in one of them does not reach it.
func (m *Module) needsCity(ctx context.Context, a authz.Actor, p authz.Permission) error {
	everywhere, err := org.HoldsRoot(ctx, m.db, a.Units(p))
	if err == nil && !everywhere {
		err = errs.New(errs.Forbidden, "Pengaturan ini berlaku untuk seluruh kota. Wewenang di satu unit tidak cukup.")
	}
	return err
}

// MayConfigure refuses who may not change what is the same for the whole city.
func (m *Module) MayConfigure(ctx context.Context, a authz.Actor) (err error) {
	defer errs.In(&err, "mtr.MayConfigure")
	return m.needsCity(ctx, a, PermConfigure)
}

func needs(a authz.Actor, p authz.Permission) error {
	if !a.Has(p) {
		return errs.New(errs.Forbidden, "")
	}
	return nil
}

// Resolve picks the route for a place and answers: the one with most conditions that
// all hold, a kelurahan counting more than an answer.
func Resolve(routes []Route, categoryID, kelurahanID int64, extra map[string]string) (Route, bool) {
	var best Route
	found, most := false, -1
	for _, r := range routes {
		if r.CategoryID != categoryID ||
			r.KelurahanID != 0 && r.KelurahanID != kelurahanID ||
			r.Question != "" && extra[r.Question] != r.Answer {
			continue
		}
		n := 0
		if r.KelurahanID != 0 {
			n += 2
		}
		if r.Question != "" {
			n++
		}
		if n > most {
			best, found, most = r, true, n
		}
	}
	return best, found
}

// Suggest is where a report of this category, place and answers should go.
func Suggest(ctx context.Context, q pg.Querier, now time.Time, categoryID, kelurahanID, kecamatanID int64, extra map[string]string) (Suggestion, error) {
	routes, err := pg.Many[Route](ctx, q, sqlRoutes, categoryID)
	if err != nil {
		return Suggestion{}, err
	}
	r, ok := Resolve(routes, categoryID, kelurahanID, extra)
	if !ok {
		return Suggestion{}, nil
	}
	unit := r.UnitID
	switch r.Target {
	case TargetAgency:
		return Suggestion{Agency: r.Agency}, nil
	case TargetKecamatan:
		if unit = kecamatanID; unit == 0 {
			return Suggestion{}, nil
		}
	}
	// A unit that was merged or renamed since the route was written has a successor.
	u, err := org.Current(ctx, q, unit, now)
	if err != nil || !u.Valid(now) {
		return Suggestion{}, err
	}
	return Suggestion{UnitID: u.ID, UnitName: u.Name}, nil
}
