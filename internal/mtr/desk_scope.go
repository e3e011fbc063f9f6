package mtr

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// realms are the units in which an actor holds each permission, those below
// included; they say in SQL what [Case.RolesOf] says of one report.
type realms struct {
	actor authz.Actor
	whole map[authz.Permission]bool // held in the whole city
	units map[authz.Permission][]int64
}

// Whoever holds a permission in the whole city needs no list of its units.
const sqlRealms = `
WITH held AS (SELECT permission, array_agg(root) AS roots FROM unnest($1::text[], $2::bigint[]) g (permission, root) GROUP BY permission)
SELECT h.permission, c.id = ANY (h.roots) AS whole,
	CASE WHEN c.id = ANY (h.roots) THEN '{}' ELSE ARRAY (SELECT u.id FROM org_unit u WHERE u.ancestors && h.roots) END AS units
FROM held h, org_unit c WHERE c.parent_id IS NULL`

func (m *Module) realms(ctx context.Context, a authz.Actor) (*realms, error) {
	permissions, roots := []string{}, []int64{}
	for _, g := range a.Grants {
		if g.Permission != PermReveal && !slices.Contains(DeskPermissions, g.Permission) {
			continue
		}
		permissions, roots = append(permissions, string(g.Permission)), append(roots, g.UnitID)
	}
	return pg.Once(ctx, realmsOf{a.AccountID, fmt.Sprint(permissions, roots)}, func() (*realms, error) {
		s := &realms{actor: a, whole: map[authz.Permission]bool{}, units: map[authz.Permission][]int64{}}
		rows, err := pg.Many[struct {
			Permission authz.Permission
			Whole      bool
			Units      []int64
		}](ctx, m.db, sqlRealms, permissions, roots)
		for _, r := range rows {
			s.whole[r.Permission], s.units[r.Permission] = r.Whole, r.Units
		}
		return s, err
	})
}

// realmsOf is the key of somebody's realms, with what they hold where.
type realmsOf struct {
	account int64
	held    string
}

// scoped reports whether the actor sees only a part of the city.
func (s *realms) scoped() bool {
	for _, units := range s.units {
		if len(units) > 0 {
			return true
		}
	}
	return false
}

// place is the condition that the place of report r is in one of the realms.
func (s *realms) place(w *where, ps ...authz.Permission) string {
	return s.within(w, "r.dispatch_unit_id", ps)
}

// unit is the condition that the unit in charge of report r is.
func (s *realms) unit(w *where, ps ...authz.Permission) string { return s.within(w, "r.unit_id", ps) }

func (s *realms) within(w *where, column string, ps []authz.Permission) string {
	var units []int64
	for _, p := range ps {
		if s.whole[p] {
			return column + " IS NOT NULL"
		}
		units = append(units, s.units[p]...)
	}
	if len(units) == 0 {
		return "false"
	}
	return column + " = ANY (" + w.arg(units) + ")"
}

// mine is the condition that report r is assigned to a position of the actor.
func (s *realms) mine(w *where) string {
	if len(s.actor.Positions) == 0 {
		return "false"
	}
	return "r.assignee_id = ANY (" + w.arg(s.positions()) + ") AND " + s.unit(w, PermWork)
}

func (s *realms) positions() []int64 { return positionsOf(s.actor) }

func positionsOf(a authz.Actor) []int64 {
	ids := []int64{}
	for _, p := range a.Positions {
		ids = append(ids, p.ID)
	}
	return ids
}

// any is the condition that the actor is anything to report r.
func (s *realms) any(w *where) string {
	byPlace := []authz.Permission{PermDispatch, PermModerate, PermOverview, PermReveal}
	if slices.ContainsFunc(byPlace, func(p authz.Permission) bool { return s.whole[p] }) {
		return "true" // every report has a place, or the city for one
	}
	return "(" + strings.Join([]string{
		s.place(w, byPlace...), s.unit(w, PermOverview, PermReveal, PermHandle, PermValidate), s.mine(w),
	}, " OR ") + ")"
}
