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
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Area is what figures and reports are about: the city, a kecamatan, a kelurahan, or
// an RW or RT of a kelurahan.
type Area struct {
	UnitID int64
	RW, RT string
}

// Place is a unit that has figures.
type Place struct {
	ID       int64
	Name     string
	Kind     string // kota, kecamatan or kelurahan
	ParentID int64
}

// IsKelurahan tells whether the place has RT and RW.
func (p Place) IsKelurahan() bool { return p.Kind == "kelurahan" }

// Places lists the units of which the actor sees figures: those below which they may
// read every record. The city comes first, each kecamatan before its kelurahan.
func (m *Module) Places(ctx context.Context, a authz.Actor) (_ []Place, err error) {
	defer errs.In(&err, "epemerintahan.Places")
	return pg.Many[Place](ctx, m.db, sqlFigurePlaces, a.Units(PermView))
}

var errNoArea = errs.New(errs.NotFound, "Wilayah ini tidak ada di wilayah kerja Anda.")

// place finds the unit of an area among those of the actor; unit 0 is the first one.
func (m *Module) place(ctx context.Context, a authz.Actor, area *Area) (Place, []Place, error) {
	places, err := m.Places(ctx, a)
	if err != nil {
		return Place{}, nil, err
	}
	i := 0
	if area.UnitID != 0 {
		i = slices.IndexFunc(places, func(p Place) bool { return p.ID == area.UnitID })
	}
	if i < 0 || len(places) == 0 || !places[i].IsKelurahan() && (area.RW != "" || area.RT != "") || area.RT != "" && area.RW == "" {
		return Place{}, nil, errNoArea
	}
	area.UnitID = places[i].ID
	return places[i], places, nil
}

// Figures are counts of those who live in an area.
type Figures struct {
	Area
	Place    Place
	Places   []Place // from which to choose
	At       time.Time
	People   Count
	Families Count
	Tables   []FigureTable
}

// figureCount is a count as the database has it; sex is 0 where families are counted.
type figureCount struct {
	Dimension string
	Code      int
	Sex       int
	N         int
}

// Dimensions of the figures.
const (
	dimensionAge   = "umur"
	dimensionSize  = "ukuran"
	dimensionPlace = "tempat"
	oldestGroup    = 15 // 75 and older
	largestFamily  = 10 // and larger
	placeOfRT      = 1000
)

// dimensions in the order of the page, apart from the places.
var dimensions = []struct {
	key, title string
	list       Codes // nil: not a list of codes
}{
	{dimensionAge, "Kelompok umur", nil}, {"agama", "Agama", Religions}, {"pendidikan", "Pendidikan yang ditamatkan", Educations},
	{"pekerjaan", "Pekerjaan", Jobs}, {"kawin", "Status kawin", Maritals}, {"warga_negara", "Kewarganegaraan", Citizenships},
	{"hubungan", "Hubungan dalam keluarga", Relations}, {dimensionSize, "Jumlah anggota keluarga", nil},
}

// Figures counts the people of an area: those of a kelurahan or a part of it at this
// moment, of larger areas as they were at the last full hour.
func (m *Module) Figures(ctx context.Context, a authz.Actor, area Area) (f Figures, err error) {
	defer errs.In(&err, "epemerintahan.Figures")
	if f.Place, f.Places, err = m.place(ctx, a, &area); err != nil {
		return f, err
	}
	f.Area, f.At = area, m.now()
	var counts []figureCount
	if f.Place.IsKelurahan() {
		counts, err = pg.Many[figureCount](ctx, m.db, sqlCounts, area.UnitID, m.today(), area.RW, area.RT)
	} else {
		counts, f.At, err = m.summed(ctx, area.UnitID)
	}
	if err != nil {
		return f, err
	}
	f.arrange(counts)
	return f, nil
}

// arrange makes the tables.
func (f *Figures) arrange(counts []figureCount) {
	by := map[string]map[int][]int{} // dimension, code, sex
	for _, c := range counts {
		if by[c.Dimension] == nil {
			by[c.Dimension] = map[int][]int{}
		}
		if by[c.Dimension][c.Code] == nil {
			by[c.Dimension][c.Code] = make([]int, 2)
		}
		by[c.Dimension][c.Code][max(0, c.Sex-1)] += c.N
	}
	for _, d := range dimensions {
		t := FigureTable{Key: d.key, Title: d.title, Columns: []string{"Laki-laki", "Perempuan"}}
		switch {
		case d.key == dimensionAge:
			f.Tables = append(f.Tables, tableOf(t, by[d.key], span(0, oldestGroup), ageLabel))
		case d.key == dimensionSize:
			t.Columns = []string{"Keluarga"}
			f.Tables = append(f.Tables, tableOf(t, by[d.key], span(1, largestFamily), sizeLabel))
		default:
			var codes []int
			for _, c := range d.list {
				if by[d.key][c.ID] != nil || len(d.list) < 20 {
					codes = append(codes, c.ID)
				}
			}
			f.Tables = append(f.Tables, tableOf(t, by[d.key], codes, d.list.Name))
		}
	}
	f.People, f.Families = f.Tables[0].Total, f.Tables[len(f.Tables)-1].Total
	if places := f.placesTable(by[dimensionPlace]); len(by[dimensionPlace]) > 1 {
		f.Tables = append(f.Tables, places)
	}
}

// IsPlaces tells whether the rows of a table are places.
func (t FigureTable) IsPlaces() bool { return t.Key == dimensionPlace }

// placesTable is the one of the parts of the area.
func (f *Figures) placesTable(counts map[int][]int) FigureTable {
	t := FigureTable{Key: dimensionPlace, Title: "Menurut RT", Columns: []string{"Laki-laki", "Perempuan"}}
	label := func(code int) string { return fmt.Sprintf("RT %03d / RW %03d", code%placeOfRT, code/placeOfRT) }
	if !f.Place.IsKelurahan() {
		t.Title = "Menurut kelurahan"
		names := map[int]string{}
		for _, p := range f.Places {
			names[int(p.ID)] = p.Name
		}
		label = func(code int) string { return names[code] }
	}
	codes := make([]int, 0, len(counts))
	for code := range counts {
		codes = append(codes, code)
	}
	slices.SortFunc(codes, func(a, b int) int {
		if f.Place.IsKelurahan() {
			return a - b
		}
		return strings.Compare(label(a), label(b))
	})
	return tableOf(t, counts, codes, label)
}

func span(from, to int) (out []int) {
	for i := from; i <= to; i++ {
		out = append(out, i)
	}
	return out
}

func ageLabel(group int) string {
	if group == oldestGroup {
		return strconv.Itoa(5*group) + " tahun ke atas"
	}
	return fmt.Sprintf("%d–%d tahun", 5*group, 5*group+4)
}

func sizeLabel(n int) string {
	if n == largestFamily {
		return strconv.Itoa(n) + " orang atau lebih"
	}
	return strconv.Itoa(n) + " orang"
}

// tableOf is a protected table of the codes.
func tableOf(t FigureTable, by map[int][]int, codes []int, label func(int) string) FigureTable {
	var counts [][]int
	for _, code := range codes {
		row := make([]int, len(t.Columns))
		copy(row, by[code])
		t.Rows, counts = append(t.Rows, FigureRow{Code: code, Label: label(code)}), append(counts, row)
	}
	return protect(t, counts)
}

// summed adds the kept counts of a larger area up. What was never counted is counted now.
func (m *Module) summed(ctx context.Context, unit int64) (counts []figureCount, at time.Time, err error) {
	missing, err := pg.Scalars[int64](ctx, m.db, sqlUncounted, unit, time.Time{})
	if err != nil {
		return nil, at, err
	}
	if err := m.recount(ctx, missing); err != nil {
		return nil, at, err
	}
	if at, err = pg.Scalar[time.Time](ctx, m.db, sqlCountedAt, unit, m.now()); err != nil {
		return nil, at, err
	}
	counts, err = pg.Many[figureCount](ctx, m.db, sqlSummed, unit)
	return counts, at, err
}

// Recount makes the kept counts of all kelurahan anew that are older than the hour.
func (m *Module) Recount(ctx context.Context) (err error) {
	defer errs.In(&err, "epemerintahan.Recount")
	ids, err := pg.Scalars[int64](ctx, m.db, sqlUncounted, 0, m.now().Truncate(time.Hour))
	if err != nil {
		return err
	}
	return m.recount(ctx, ids)
}

func (m *Module) recount(ctx context.Context, kelurahan []int64) error {
	for _, id := range kelurahan {
		err := pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
			if err := pg.Exec(ctx, tx, sqlCounted, id, m.now()); err != nil { // first: one at a time
				return err
			}
			if err := pg.Exec(ctx, tx, sqlForgetCounts, id); err != nil {
				return err
			}
			return pg.Exec(ctx, tx, sqlKeepCounts, id, m.today())
		})
		if err != nil {
			return err
		}
	}
	return nil
}
