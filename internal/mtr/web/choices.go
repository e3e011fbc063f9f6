package mtrweb

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/ui"
)

// choicesLife is how old the lists in selects may be: new units appear within
// a minute, and a list page costs no query for them.
const choicesLife = time.Minute

// choices keeps what selects offer of the city's directory.
type choices struct {
	db    *pgxpool.Pool
	clock clock.Clock

	mu     sync.Mutex
	loaded time.Time
	now    *directory
}

// directory is the part of the city's directory that citizens choose from.
type directory struct {
	areas     []org.Area
	kelurahan []ui.Option // in groups by kecamatan
	kecamatan []ui.Option
	units     []ui.Option
	names     map[int64]string // of kecamatan and units
	outlines  []outline        // none while boundaries are missing
	outer     frame            // of the outlines
}

func newChoices(db *pgxpool.Pool, c clock.Clock) *choices { return &choices{db: db, clock: c} }

func (c *choices) get(ctx context.Context) (*directory, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.clock.Now()
	if c.now != nil && now.Sub(c.loaded) < choicesLife && !now.Before(c.loaded) {
		return c.now, nil
	}
	areas, err := org.Areas(ctx, c.db)
	if err != nil {
		return nil, err
	}
	units, err := org.Units(ctx, c.db, org.UnitFilter{Kinds: append(org.OPDKinds(), org.KindKecamatan), At: now})
	if err != nil {
		return nil, err
	}
	boundaries, err := org.Outlines(ctx, c.db)
	if err != nil {
		return nil, err
	}
	d := &directory{areas: areas, names: map[int64]string{}}
	for _, a := range areas {
		d.kelurahan = append(d.kelurahan, ui.Option{Value: idText(a.ID), Label: a.Name, Group: "Kecamatan " + a.KecamatanName})
		if _, seen := d.names[a.KecamatanID]; !seen {
			d.names[a.KecamatanID] = a.KecamatanName
			d.kecamatan = append(d.kecamatan, ui.Option{Value: idText(a.KecamatanID), Label: a.KecamatanName})
		}
	}
	for _, u := range units {
		d.units = append(d.units, ui.Option{Value: idText(u.ID), Label: u.Name})
		if _, seen := d.names[u.ID]; !seen {
			d.names[u.ID] = u.Name
		}
	}
	slices.SortFunc(d.units, func(a, b ui.Option) int { return cmp.Compare(a.Label, b.Label) })
	d.outlines, d.outer = outlinesOf(boundaries)
	c.now, c.loaded = d, now
	return d, nil
}

// area returns one kelurahan of today.
func (d *directory) area(areaID int64) (org.Area, bool) {
	i := slices.IndexFunc(d.areas, func(a org.Area) bool { return a.ID == areaID })
	if i < 0 {
		return org.Area{}, false
	}
	return d.areas[i], true
}

// of returns the kelurahan of one kecamatan.
func (d *directory) of(kecamatanID int64) []ui.Option {
	var out []ui.Option
	for _, a := range d.areas {
		if a.KecamatanID == kecamatanID {
			out = append(out, ui.Option{Value: idText(a.ID), Label: a.Name})
		}
	}
	return out
}

func idText(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}
