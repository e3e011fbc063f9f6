package demo

import (
	"context"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/oversight"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// assignments are what the secretary of the Inspektorat registered: the year's watch over
// performance, an inquiry that runs, and one that is over.
var assignments = []struct {
	number, subject string
	from, until     int // days from the end of the story
	modules, units  []string
}{
	{"700.1.2/008/INSP", "Pemantauan kinerja pegawai sepanjang tahun", -60, 300, []string{"kuciniki"}, []string{"73.71"}},
	{"700.1.2/021/INSP", "Ketepatan penanganan laporan sampah dan kebersihan", -50, -21, []string{"mtr"}, []string{"DLH"}},
	{"700.1.2/034/INSP", "Ketepatan penanganan laporan jalan, drainase, dan lampu jalan", -12, 45, []string{"mtr", "eoffice"}, []string{"DPU", "DISHUB"}},
}

// evidenceNotes say why the reports of the inquiry that runs are kept.
var evidenceNotes = []string{"Terlambat dari tenggat; minta penjelasan kepala unit.", "Foto sebelum dan sesudah tampak dari tempat yang berbeda.", ""}

const sqlInspected = `
SELECT r.number FROM mtr_report r JOIN org_unit u ON u.id = r.unit_id WHERE u.code IN ('DPU', 'DISHUB') AND NOT r.confidential ORDER BY r.id DESC LIMIT $1`

// inspect registers the assignments, and keeps some evidence under the one that runs.
func inspect(ctx context.Context, d Deps, reports *mtr.Module, cast players, end time.Time) error {
	watch := clock.NewFake(end)
	m := oversight.New(oversight.Deps{DB: d.DB, Clock: watch, Sources: []oversight.Source{{
		Object: "mtr_report", Module: "mtr", Key: func(ref string) string { return ref },
		Find: func(ctx context.Context, a authz.Actor, key string) (oversight.Case, error) {
			r, err := reports.DeskView(ctx, a, key)
			return oversight.Case{ID: r.ID, Label: r.Number}, err
		},
	}}})
	var last int64
	for _, x := range assignments {
		from := midnight(end).AddDate(0, 0, x.from)
		watch.Set(from.Add(8 * time.Hour))
		id, err := m.Register(ctx, cast["sekretaris.insp"], oversight.Input{
			Number: x.number + "/" + from.Format("2006"), IssuedOn: from, Subject: x.subject, From: from, Until: midnight(end).AddDate(0, 0, x.until),
			Modules: x.modules, UnitCodes: x.units, Members: []int64{cast["inspektorat"].PersonID, cast["petugas.insp"].PersonID},
		})
		if err != nil {
			return err
		}
		last = id
	}
	watch.Set(end)
	now, err := actors(ctx, d.DB, end)
	if err != nil {
		return err
	}
	numbers, err := pg.Scalars[string](ctx, d.DB, sqlInspected, len(evidenceNotes))
	if err != nil {
		return err
	}
	for i, number := range slices.Backward(numbers) {
		if err := m.Mark(ctx, now["inspektorat"], last, number, evidenceNotes[i]); err != nil {
			return err
		}
	}
	return nil
}
