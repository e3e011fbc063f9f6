package epuskesmas

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// EnsureSites gives every puskesmas of the directory its row, closed until its manager
// opens it.
func (m *Module) EnsureSites(ctx context.Context) (err error) {
	defer errs.In(&err, "epuskesmas.EnsureSites")
	return pg.Exec(ctx, m.db, sqlEnsureSites, m.now())
}

// Sites lists the open puskesmas by kecamatan and name; text narrows by name, near
// (latitude, longitude) orders by distance where coordinates are set.
func (m *Module) Sites(ctx context.Context, text string, near *[2]float64) (sites []Site, err error) {
	defer errs.In(&err, "epuskesmas.Sites")
	if sites, err = pg.Many[Site](ctx, m.db, sqlSites, m.today()); err != nil {
		return nil, err
	}
	if words := strings.Fields(indo.FoldPerson(text)); len(words) > 0 {
		sites = slices.DeleteFunc(sites, func(s Site) bool {
			name := indo.FoldPerson(s.Name + " " + s.Kecamatan)
			return slices.ContainsFunc(words, func(w string) bool {
				return !strings.Contains(name, w) && !strings.Contains(indo.Squeeze(name), w)
			})
		})
	}
	if near != nil {
		slices.SortStableFunc(sites, func(a, b Site) int { return cmp.Compare(a.Distance(*near), b.Distance(*near)) })
	}
	return sites, nil
}

// Distance is how many kilometres the site lies from a point, infinite where nobody
// has said where it is. A flat earth is right within a city.
func (s Site) Distance(from [2]float64) float64 {
	if s.Lat == nil || s.Lng == nil {
		return math.Inf(1)
	}
	north := (*s.Lat - from[0]) * 111.2
	east := (*s.Lng - from[1]) * 111.2 * math.Cos(*s.Lat*math.Pi/180)
	return math.Hypot(north, east)
}

// SiteBySlug is an open puskesmas with what people may book there. One that is not open
// is errs.NotFound.
func (m *Module) SiteBySlug(ctx context.Context, slug string) (s Site, clinics []Poli, err error) {
	defer errs.In(&err, "epuskesmas.SiteBySlug")
	if s, err = pg.One[Site](ctx, m.db, sqlSiteBySlug, slug); err != nil {
		return s, nil, err
	}
	if !s.Open {
		return Site{}, nil, errs.New(errs.NotFound, "Puskesmas ini belum menerima pendaftaran lewat portal.")
	}
	clinics, err = m.polis(ctx, s.UnitID)
	return s, slices.DeleteFunc(clinics, func(p Poli) bool { return !p.Active || p.Kind != KindClinic }), err
}

func (m *Module) polis(ctx context.Context, unitID int64) ([]Poli, error) {
	return pg.Many[Poli](ctx, m.db, sqlPolis, unitID)
}

// StaffSites lists the puskesmas in which the actor holds one of ps, open or not.
func (m *Module) StaffSites(ctx context.Context, a authz.Actor, ps ...authz.Permission) (sites []Site, err error) {
	defer errs.In(&err, "epuskesmas.StaffSites")
	return pg.Many[Site](ctx, m.db, sqlSitesIn, realm(a, ps...))
}

// StaffSite is one of them with all its polis; another one is errs.NotFound.
func (m *Module) StaffSite(ctx context.Context, a authz.Actor, slug string, ps ...authz.Permission) (s Site, polis []Poli, err error) {
	defer errs.In(&err, "epuskesmas.StaffSite")
	if strings.ContainsFunc(slug, func(c rune) bool { return !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-') }) {
		return s, nil, errs.New(errs.NotFound, "Puskesmas ini tidak ada.")
	}
	if s, err = pg.One[Site](ctx, m.db, sqlSiteBySlug, slug); err != nil {
		return s, nil, err
	}
	if err := m.may(ctx, m.db, a, s.UnitID, ps...); err != nil {
		return Site{}, nil, err
	}
	polis, err = m.polis(ctx, s.UnitID)
	return s, polis, err
}

func realm(a authz.Actor, ps ...authz.Permission) []int64 {
	units := []int64{}
	for _, p := range ps {
		units = append(units, a.Units(p)...)
	}
	return units
}

// aboveUnit is the key of what a unit lies in.
type aboveUnit int64

// may is errs.NotFound unless the actor holds one of ps in the unit.
func (m *Module) may(ctx context.Context, q pg.Querier, a authz.Actor, unitID int64, ps ...authz.Permission) error {
	ancestors, err := pg.Once(ctx, aboveUnit(unitID), func() ([]int64, error) { return pg.Scalar[[]int64](ctx, q, sqlAncestors, unitID) })
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(ps, func(p authz.Permission) bool { return a.HasIn(p, ancestors) }) {
		return errs.New(errs.NotFound, "")
	}
	return nil
}
