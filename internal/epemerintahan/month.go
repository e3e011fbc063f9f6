package epemerintahan

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Basis says by which day a report counts an event.
type Basis string

const (
	// ByEvent counts an event on the day when it happened, as it is known now: what is
	// recorded late changes the months before, what was undone never was. Somebody who
	// was recorded as already living here counts from their first known day on.
	ByEvent Basis = "kejadian"
	// ByRecord counts an event on the day when it was recorded, its undoing and the
	// deletion of a record on theirs: a month that is over never changes.
	ByRecord Basis = "pencatatan"
)

// Flows are the lines of a report between its opening and its closing, in order.
var Flows = []struct {
	Kind  EventKind
	Label string
}{
	{Registered, "Pendataan"}, {Born, "Lahir"}, {MovedIn, "Datang"}, {Died, "Meninggal"}, {MovedOut, "Pindah"}, {Lost, "Hilang"},
	{Reversal, "Pembatalan"}, {deletion, "Salah catat dihapus"},
}

// deletion of a record is no event, and still somebody less.
const deletion EventKind = "hapus"

// Balance is how many more men and women there are; negative when there are fewer.
type Balance struct{ Male, Female int }

// Total of both.
func (b Balance) Total() int { return b.Male + b.Female }

func (b Balance) plus(o Balance) Balance { return Balance{b.Male + o.Male, b.Female + o.Female} }

// MonthRow is the report of one part of an area. Closing is Opening and all Flows.
type MonthRow struct {
	Place   string
	Opening Balance
	Flows   map[EventKind]Balance
	Closing Balance
}

// Month is the monthly report of an area. Its counts are whole: it must add up, and is
// for the service.
type Month struct {
	Area
	Place  Place
	Places []Place
	From   time.Time // first of the month
	Basis  Basis
	Parts  []MonthRow // by RT, or of a kecamatan by kelurahan
	Sum    MonthRow
}

// Used are the lines of a report that have anything in it; the usual ones always.
func (r Month) Used() (kinds []EventKind, labels []string) {
	for _, f := range Flows {
		if n := r.Sum.Flows[f.Kind]; f.Kind != Reversal && f.Kind != deletion || n != (Balance{}) || slices.ContainsFunc(r.Parts, func(p MonthRow) bool { return p.Flows[f.Kind] != Balance{} }) {
			kinds, labels = append(kinds, f.Kind), append(labels, f.Label)
		}
	}
	return kinds, labels
}

// monthCount is a sum of changes before the month or, with a kind, in it.
type monthCount struct {
	KelurahanID int64
	RW, RT      string
	Kind        EventKind
	Sex         int
	Before      int
	Within      int
}

// FirstOfMonth is the day with which the month of t begins in the city.
func FirstOfMonth(t time.Time) time.Time {
	t = t.In(clock.Makassar)
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// MonthlyReport counts the people of a kelurahan or kecamatan from the first of a month
// to its last: who was there, who came and went, who is there. It adds up by
// construction: opening and lines are sums of the same changes, split by their day.
// People are counted in the RT where they live or lived last.
func (m *Module) MonthlyReport(ctx context.Context, a authz.Actor, area Area, month time.Time, basis Basis) (r Month, err error) {
	defer errs.In(&err, "epemerintahan.MonthlyReport")
	if r.Place, r.Places, err = m.place(ctx, a, &area); err != nil {
		return r, err
	}
	if area.UnitID == r.Places[0].ID && r.Place.ParentID == 0 {
		return r, errs.New(errs.BadRequest, "Laporan bulanan dibuat per kelurahan atau kecamatan. Pilih salah satunya.")
	}
	sql := map[Basis]string{ByEvent: sqlMonthByEvent, ByRecord: sqlMonthByRecord}[basis]
	if sql == "" {
		return r, errs.New(errs.BadRequest, "Dasar laporan ini tidak dikenal.")
	}
	r.Area, r.Basis, r.From = area, basis, time.Date(month.Year(), month.Month(), 1, 0, 0, 0, 0, time.UTC)
	if r.From.After(m.today()) || r.From.Year() < 1900 {
		return r, errs.New(errs.BadRequest, "Bulan ini belum ada laporannya.")
	}
	var kelurahan []int64
	for _, p := range r.Places {
		if p.IsKelurahan() && (p.ID == area.UnitID || p.ParentID == area.UnitID) {
			kelurahan = append(kelurahan, p.ID)
		}
	}
	var counts []monthCount
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		// The planner takes the lookups for dearer than they are, and would compile.
		if err := pg.Exec(ctx, tx, sqlNoCompiling); err != nil {
			return err
		}
		counts, err = pg.Many[monthCount](ctx, tx, sql, kelurahan, r.From, r.From.AddDate(0, 1, 0), r.Place.IsKelurahan())
		return err
	})
	if err != nil {
		return r, err
	}
	r.arrange(counts)
	return r, nil
}

func (r *Month) arrange(counts []monthCount) {
	names := map[int64]string{}
	for _, p := range r.Places {
		names[p.ID] = p.Name
	}
	rows := map[string]*MonthRow{}
	r.Sum = MonthRow{Place: "Jumlah", Flows: map[EventKind]Balance{}}
	for _, c := range counts {
		if r.RW != "" && c.RW != r.RW || r.RT != "" && c.RT != r.RT {
			continue
		}
		place := names[c.KelurahanID]
		switch {
		case r.Place.IsKelurahan() && c.RT == "":
			place = "Tanpa RT"
		case r.Place.IsKelurahan():
			place = fmt.Sprintf("RT %s / RW %s", c.RT, c.RW)
		}
		key := c.RW + c.RT + place
		if rows[key] == nil {
			rows[key] = &MonthRow{Place: place, Flows: map[EventKind]Balance{}}
		}
		for _, row := range []*MonthRow{rows[key], &r.Sum} {
			row.Opening = row.Opening.plus(balance(c.Sex, c.Before))
			row.Flows[c.Kind] = row.Flows[c.Kind].plus(balance(c.Sex, c.Within))
		}
	}
	keys := make([]string, 0, len(rows))
	for key := range rows {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, cmp.Compare)
	for _, key := range keys {
		r.Parts = append(r.Parts, rows[key].closed())
	}
	r.Sum = r.Sum.closed()
}

func balance(sex, n int) Balance {
	if sex == Male {
		return Balance{Male: n}
	}
	return Balance{Female: n}
}

// closed works the closing out.
func (row MonthRow) closed() MonthRow {
	row.Closing = row.Opening
	for _, b := range row.Flows {
		row.Closing = row.Closing.plus(b)
	}
	return row
}
