package demo

import (
	"context"
	"fmt"
	"math"
	"time"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
)

// aim is what somebody in the demo is to achieve, for whom, and how it is measured.
type aim struct {
	who, rater string // user names
	text       string
	indicator  string
	target     float64
	unit       string
	metric     string
	spread     bool // an amount of the year
}

// aims are in the order in which they are agreed: from above.
var aims = []aim{
	{"sekda", "walikota", "Kebijakan kota tersusun tepat waktu dan dijalankan perangkat daerah", "Kebijakan yang terbit", 24, "kebijakan", "", true},
	{"kadis", "sekda", "Jalan dan drainase kota berfungsi baik", "Panjang jalan mantap", 92, "persen", "E6", false},
	{"kepala.dishub", "sekda", "Lalu lintas kota lancar dan lampu jalan menyala", "Titik lampu menyala", 96, "persen", "E6", false},
	{"kepala.dinkes", "sekda", "Warga dilayani puskesmas sesuai standar", "Puskesmas sesuai standar", 47, "puskesmas", "E10", false},
	{"kepala.bappeda", "sekda", "Rencana pembangunan selaras dengan kebutuhan warga", "Dokumen rencana", 6, "dokumen", "", false},
	{"camat", "sekda", "Pelayanan kecamatan selesai sesuai standar", "Permohonan sesuai standar", 95, "persen", "E10", false},
	{"lurah", "camat", "Surat warga Kassi-Kassi selesai sesuai standar", "Surat selesai sesuai standar", 95, "persen", "E10", false},
	{"sekretaris", "lurah", "Berkas surat diperiksa pada hari yang sama", "Berkas diperiksa sehari", 90, "persen", "E1", false},
	{"operator", "lurah", "Warga dilayani di loket tanpa bolak-balik", "Berkas lengkap sekali datang", 85, "persen", "E10", false},
	{"kabid", "kadis", "Drainase di titik genangan bebas sedimen", "Titik genangan ditangani", 40, "titik", "E3", false},
	{"petugas.dpu", "kadis", "Laporan kerusakan jalan ditangani di lapangan", "Laporan ditangani", 180, "laporan", "E6", true},
	{"tu", "kadis", "Surat masuk diagendakan pada hari yang sama", "Surat diagendakan sehari", 95, "persen", "E4", false},
	{"konseptor", "kabid", "Naskah dinas bina marga siap tanda tangan tanpa revisi", "Naskah lolos sekali", 120, "naskah", "E2", true},
}

// perform agrees what the demo's people are to achieve this year, tells a month that was
// judged and accepted, and leaves another for whoever looks.
func perform(ctx context.Context, d Deps, cast players, cal *calendar.Calendar, end time.Time) error {
	watch := clock.NewFake(time.Date(end.Year(), time.January, 12, 9, 0, 0, 0, clock.Makassar))
	if watch.Now().After(end.AddDate(0, -1, 0)) {
		return nil // the story ends before a year's plans are agreed
	}
	m := kuciniki.New(kuciniki.Deps{DB: d.DB, Clock: watch, Box: d.Box})
	if err := m.OpenYear(ctx, cast["bkpsdm"], end.Year()); err != nil {
		return err
	}
	plans := map[string]int64{}
	for i, x := range aims {
		watch.Set(watch.Now().Add(time.Hour))
		id, err := agree(ctx, m, cast, x)
		if err != nil {
			return fmt.Errorf("%d %s: %w", i, x.who, err)
		}
		plans[x.who] = id
	}
	w, err := newWorkdays(ctx, d, m, watch, cast, cal)
	if err != nil {
		return err
	}
	if err := report(ctx, w, plans, end); err != nil {
		return err
	}
	if err := w.tell(ctx, time.Date(end.Year(), end.Month(), 1, 0, 0, 0, 0, clock.Makassar), end); err != nil {
		return err
	}
	last := end.AddDate(0, -1, 0)
	watch.Set(time.Date(last.Year(), last.Month(), 20, 10, 0, 0, 0, clock.Makassar))
	return judge(ctx, m, cast, watch, plans["konseptor"], last)
}

// agree makes the SKP of somebody and has the rater agree to it.
func agree(ctx context.Context, m *kuciniki.Module, cast players, x aim) (id int64, err error) {
	who := cast[x.who]
	if id, err = m.Begin(ctx, who, m.Year(), who.MainPosition().OccupancyID); err != nil {
		return 0, err
	}
	p, err := m.Plan(ctx, who, id)
	if err != nil {
		return 0, err
	}
	r := kuciniki.RHK{Kind: kuciniki.Main, Text: x.text, Indicators: []kuciniki.Indicator{{Slot: "kuantitas", Text: x.indicator, Target: &x.target, Unit: x.unit, Metric: x.metric, Spread: x.spread}}}
	if len(p.Above) > 0 {
		r.ParentID = &p.Above[0].ID
	} else {
		r.Basis = "RPJMD Kota Makassar 2025–2029"
	}
	if err := m.SaveRHK(ctx, who, id, r); err != nil {
		return 0, err
	}
	for _, step := range []struct {
		by     authz.Actor
		action kuciniki.Action
	}{{who, kuciniki.ActPropose}, {cast[x.rater], kuciniki.ActAgree}} {
		if p, err = m.Plan(ctx, step.by, id); err != nil {
			return 0, err
		}
		if err := m.Act(ctx, step.by, id, p.Seq, step.action, ""); err != nil {
			return 0, err
		}
	}
	return id, nil
}

// report tells the months that are over: everybody reported, and but for the last of them they
// were judged and accepted it, and the month was closed; in the latest ones people came to work
// and wrote their logs. The last month of the konseptor is told by [judge].
func report(ctx context.Context, w *workdays, plans map[string]int64, end time.Time) error {
	m, cast, watch := w.m, w.cast, w.watch
	values := map[kuciniki.Value]kuciniki.Rating{}
	for _, v := range kuciniki.Values {
		values[v] = kuciniki.AsDue
	}
	indicators := map[string]int64{}
	for _, x := range aims {
		p, err := m.Plan(ctx, cast[x.who], plans[x.who])
		if err != nil {
			return err
		}
		indicators[x.who] = p.RHKs[0].Indicators[0].ID
	}
	for month := time.January; month < end.Month(); month++ {
		last := month == end.Month()-1
		if month >= end.Month()-attended {
			if err := w.tell(ctx, time.Date(end.Year(), month, 1, 0, 0, 0, 0, clock.Makassar), end); err != nil {
				return err
			}
		}
		watch.Set(time.Date(end.Year(), month+1, 2, 9, 0, 0, 0, clock.Makassar))
		if watch.Now().After(end) {
			return nil
		}
		for i, x := range aims {
			if last && x.who == "konseptor" {
				continue
			}
			turn := kuciniki.Turn{SKP: plans[x.who], Month: int(month)}
			target := x.target
			if x.spread {
				target /= 12
			}
			reached := math.Round(target * (0.93 + 0.01*float64((i+int(month))%7)))
			if err := m.Report(ctx, cast[x.who], turn, []kuciniki.Realisation{{IndicatorID: indicators[x.who], Value: &reached, Note: "Lihat catatan bulan ini"}}, ""); err != nil {
				return fmt.Errorf("%s reports month %d: %w", x.who, month, err)
			}
			if last {
				continue
			}
			turn.Seq = 1
			if err := m.Judge(ctx, cast[x.rater], turn, kuciniki.Verdict{Result: kuciniki.AsDue, Behaviour: kuciniki.AsDue, Values: values, Reason: "Sesuai rencana."}); err != nil {
				return fmt.Errorf("%s is judged in month %d: %w", x.who, month, err)
			}
			turn.Seq = 2
			if err := m.Accept(ctx, cast[x.who], turn); err != nil {
				return fmt.Errorf("%s accepts month %d: %w", x.who, month, err)
			}
		}
		if !last {
			watch.Set(watch.Now().AddDate(0, 0, 5))
			if err := m.ClosePeriod(ctx, cast["bkpsdm"], end.Year(), int(month)); err != nil {
				return err
			}
		}
	}
	return nil
}

// judge tells a month of the konseptor from feedback to an accepted judgement.
func judge(ctx context.Context, m *kuciniki.Module, cast players, watch *clock.Fake, skp int64, month time.Time) error {
	who, rater := cast["konseptor"], cast["kabid"]
	p, err := m.Plan(ctx, who, skp)
	if err != nil {
		return err
	}
	turn := kuciniki.Turn{SKP: skp, Month: int(month.Month())}
	reached := 10.0
	values := map[kuciniki.Value]kuciniki.Rating{}
	for _, v := range kuciniki.Values {
		values[v] = kuciniki.AsDue
	}
	steps := []func() error{
		func() error {
			return m.Remark(ctx, rater, skp, kuciniki.Note{Kind: kuciniki.Feedback, Text: "Naskah undangan banjir rapi dan lengkap pada kali pertama.", Value: "kompeten", Rating: kuciniki.Over}, "kisah-1")
		},
		func() error {
			return m.Remark(ctx, rater, skp, kuciniki.Note{Kind: kuciniki.Talk, Text: "Sepakat: naskah yang menyangkut anggaran dibaca bagian keuangan lebih dahulu."}, "kisah-2")
		},
		func() error {
			return m.Report(ctx, who, turn, []kuciniki.Realisation{{IndicatorID: p.RHKs[0].Indicators[0].ID, Value: &reached, Note: "Lihat daftar naskah bulan ini"}}, "Dua naskah dikembalikan karena data anggaran berubah.")
		},
		func() error {
			turn.Seq = 1
			return m.Judge(ctx, rater, turn, kuciniki.Verdict{Result: kuciniki.AsDue, Behaviour: kuciniki.AsDue, Values: values, Reason: "Sesuai rencana; naskahnya makin jarang dikembalikan."})
		},
		func() error {
			turn.Seq = 2
			return m.Accept(ctx, who, turn)
		},
	}
	for _, do := range steps {
		watch.Set(watch.Now().Add(26 * time.Hour))
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}
