package e2e_test

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/e2e"
	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

// performers are people in a line, of whom the last one's year is looked at.
type performers struct {
	*city
	mayor, head, staff, personnel authz.Actor
}

func newPerformers(c *city) *performers {
	c.t.Helper()
	ctx := context.Background()
	p := &performers{city: c}
	hire := func(who, name, unit, kind, title string, ps ...authz.Permission) authz.Actor {
		h := c.Hire(c.t, apptest.Staff{Name: name, Email: who + "@portal.example", UnitCode: unit, Kind: kind, Title: title, Permissions: ps, City: true})
		c.accounts[who] = h.AccountID
		a, err := c.App.Accounts.Actor(ctx, h.AccountID)
		c.must(err)
		return a
	}
	p.mayor = hire("wali", "Andi Baso Marola", "73.71", "kepala", "")
	p.head = hire("sekda", "Amiruddin Paso", "SETDA", "kepala", "")
	p.staff = hire("analis", "Iwan Suro", "SETDA", "fungsional", "Analis Kebijakan Sekretariat Daerah")
	p.personnel = hire("bkpsdm", "Yusran Halim", "BKPSDM", "fungsional", "Analis SDM Aparatur", kuciniki.PermPersonnel)
	_, err := c.DB.Owner().Exec(ctx, `UPDATE org_position SET superior_id = $2 WHERE id = $1`, p.staff.MainPosition().ID, p.head.MainPosition().ID)
	c.must(err)
	c.must(c.App.Kuciniki.OpenYear(ctx, p.personnel, c.App.Kuciniki.Year()))
	return p
}

func (p *performers) act(a authz.Actor, id int64, action kuciniki.Action) {
	p.t.Helper()
	plan, err := p.App.Kuciniki.Plan(context.Background(), a, id)
	p.must(err)
	p.must(p.App.Kuciniki.Act(context.Background(), a, id, plan.Seq, action, "Supaya targetnya lebih terukur."))
}

// planned is the SKP of somebody with one RHK.
func (p *performers) planned(a authz.Actor, text string) int64 {
	p.t.Helper()
	ctx, m := context.Background(), p.App.Kuciniki
	id, err := m.Begin(ctx, a, m.Year(), a.MainPosition().OccupancyID)
	p.must(err)
	plan, err := m.Plan(ctx, a, id)
	p.must(err)
	target := 12.0
	r := kuciniki.RHK{Kind: kuciniki.Main, Text: text, Basis: "RPJMD 2025–2029", Indicators: []kuciniki.Indicator{
		{Slot: "kuantitas", Text: "Jumlah telaahan", Target: &target, Unit: "telaahan", Metric: "E1"},
		{Slot: "waktu", Text: "Lama penyelesaian", Target: &target, Unit: "hari kerja", Lower: true},
	}}
	if len(plan.Above) > 0 {
		r.ParentID, r.Basis = &plan.Above[0].ID, ""
	}
	p.must(m.SaveRHK(ctx, a, id, r))
	return id
}

func (p *performers) agreed(a, rater authz.Actor, text string) int64 {
	p.t.Helper()
	id := p.planned(a, text)
	p.act(a, id, kuciniki.ActPropose)
	p.act(rater, id, kuciniki.ActAgree)
	return id
}

// judged is the SKP of somebody below the sekda, whose October was judged, with feedback.
func (p *performers) judged(account int64) int64 {
	p.t.Helper()
	ctx, m := context.Background(), p.App.Kuciniki
	a, err := p.App.Accounts.Actor(ctx, account)
	p.must(err)
	id := p.agreed(a, p.head, "Arsip sekretariat tertata dan ditemukan dalam sehari")
	plan, err := m.Plan(ctx, a, id)
	p.must(err)
	reached := 12.0
	p.must(m.Report(ctx, a, kuciniki.Turn{SKP: id, Month: 10}, []kuciniki.Realisation{{IndicatorID: plan.RHKs[0].Indicators[0].ID, Value: &reached, Note: "Lihat daftar arsip"}}, "Ruang arsip pindah di tengah bulan."))
	p.must(m.Remark(ctx, p.head, id, kuciniki.Note{Kind: kuciniki.Feedback, Text: "Daftar arsip 2019 selesai sebelum diminta.", Value: kuciniki.Values[0], Rating: kuciniki.Over}, "satu"))
	values := map[kuciniki.Value]kuciniki.Rating{}
	for _, v := range kuciniki.Values {
		values[v] = kuciniki.AsDue
	}
	p.must(m.Judge(ctx, p.head, kuciniki.Turn{SKP: id, Month: 10, Seq: 1}, kuciniki.Verdict{Result: kuciniki.AsDue, Behaviour: kuciniki.AsDue, Values: values, Reason: "Sesuai rencana."}))
	return id
}

// performanceScreens are the pages of Kuciniki, by who looks at them.
func (c *city) performanceScreens(into map[string][]screen) {
	c.t.Helper()
	p := newPerformers(c)
	above := p.agreed(p.head, p.mayor, "Kebijakan kota tersusun tepat waktu dan dijalankan perangkat daerah")
	mine := p.planned(p.staff, "Telaahan kebijakan selesai sebelum rapat pimpinan")
	at := "/meja/kuciniki/skp/"
	clerk := c.Hire(c.t, apptest.Staff{Name: "Nurlina Ago", Email: "arsip.setda@portal.example", UnitCode: "SETDA", Title: "Pengelola Arsip Sekretariat Daerah"})
	c.accounts["arsip.setda"] = clerk.AccountID
	_, err := c.DB.Owner().Exec(context.Background(), `UPDATE org_position SET superior_id = $2 WHERE id = $1`, clerk.PositionID, p.head.MainPosition().ID)
	c.must(err)
	judged := p.judged(clerk.AccountID)
	into["arsip.setda"] = append(into["arsip.setda"],
		screen{name: "kuciniki-penilaian-saya", path: at + idText(judged) + "/penilaian/10"},
		screen{name: "kuciniki-lapor", path: at + idText(judged) + "/penilaian/11"},
		screen{name: "kuciniki-disepakati", path: at + idText(judged)},
		screen{name: "kuciniki-umpan-balik", path: "/meja/kuciniki/umpan-balik"},
		screen{name: "kuciniki-log", path: "/meja/kuciniki/log"},
	)
	into["sekda"] = append(into["sekda"],
		screen{name: "kuciniki-menilai", path: at + idText(judged) + "/penilaian/11", do: func(tab *e2e.Tab) {
			tab.Submit(`form[action$="/nilai"] button`).Wait("#ringkasan-galat")
		}},
	)
	into["analis"] = append(into["analis"],
		screen{name: "kuciniki-saya", path: "/meja/kuciniki"},
		screen{name: "kuciniki-skp-konsep", path: at + idText(mine)},
		screen{name: "kuciniki-rhk", path: at + idText(mine) + "/rhk/baru"},
		screen{name: "kuciniki-bukti-kosong", path: "/meja/kuciniki/bukti"},
		screen{name: "kuciniki-tim-kosong", path: "/meja/kuciniki/tim"},
	)
	into["sekda"] = append(into["sekda"],
		screen{name: "kuciniki-skp", path: at + idText(above)},
		screen{name: "kuciniki-versi", path: at + idText(above) + "/versi"},
		screen{name: "kuciniki-matriks", path: at + idText(above) + "/matriks"},
		screen{name: "kuciniki-pekerjaan-tim", path: "/meja/kuciniki/pekerjaan-tim"},
		screen{name: "kuciniki-tim", path: "/meja/kuciniki/tim"},
		screen{name: "kuciniki-selesai", path: "/meja/kuciniki/selesai/" + idText(p.staff.MainPosition().ID)},
	)
	p.worked()
	into["analis"] = append(into["analis"], screen{name: "kuciniki-pola-saya", path: "/meja/kuciniki/pola/" + idText(p.pattern())})
	into["bkpsdm"] = append(into["bkpsdm"],
		screen{name: "kuciniki-bukti", path: "/meja/kuciniki/bukti/" + idText(p.staff.PersonID)},
		screen{name: "kuciniki-bukti-langkah", path: "/meja/kuciniki/bukti/" + idText(p.staff.PersonID) + "/E1"},
		screen{name: "kuciniki-angka", path: "/meja/kuciniki/angka"},
		screen{name: "kuciniki-terbuka", path: "/meja/kuciniki/terbuka"},
		screen{name: "kuciniki-layanan", path: "/meja/kuciniki/angka/layanan"},
		screen{name: "kuciniki-langkah", path: "/meja/kuciniki/angka/langkah?jenis=eoffice.naskah_paraf"},
		screen{name: "kuciniki-pola", path: "/meja/kuciniki/pola"},
		screen{name: "kuciniki-sampel", path: "/meja/kuciniki/sampel"},
		screen{name: "kuciniki-sampel-satu", path: "/meja/kuciniki/sampel/" + idText(p.sample())},
		screen{name: "kuciniki-selisih", path: "/meja/kuciniki/selisih"},
		screen{name: "kuciniki-periode", path: "/meja/kuciniki/periode"},
		screen{name: "kuciniki-predikat", path: "/meja/kuciniki/predikat"},
		screen{name: "kuciniki-kehadiran", path: "/meja/kuciniki/kehadiran"},
		screen{name: "kuciniki-tpp", path: "/meja/kuciniki/tpp"},
		screen{name: "kuciniki-kelengkapan", path: "/meja/kuciniki/kelengkapan"},
	)
}

// pattern is what is found in the work of staff.
func (p *performers) pattern() int64 {
	p.t.Helper()
	ctx := context.Background()
	_, err := p.App.Evidence.Look(ctx)
	p.must(err)
	own, err := p.App.Evidence.OwnFlags(ctx, p.staff)
	if p.must(err); len(own) != 1 {
		p.t.Fatalf("%d patterns are found", len(own))
	}
	return own[0].ID
}

// sample is drawn of what staff finished in the month before.
func (p *performers) sample() (id int64) {
	p.t.Helper()
	ctx, at, month := context.Background(), p.staff.MainPosition(), evidence.MonthOf(p.App.Clock.Now().AddDate(0, 0, -p.App.Clock.Now().Day()))
	for hour, kind := range []string{"submit_proof", "validate"} {
		p.must(workledger.Record(ctx, p.App.Pool, month.Start().AddDate(0, 0, 9).Add(time.Duration(hour)*time.Hour), workledger.Event{Actor: p.staff, Position: at, UnitID: at.UnitID,
			Module: "mtr", Kind: kind, Object: "mtr_report", ObjectID: 900_500, Outcome: "selesai"}))
	}
	_, err := p.App.Evidence.Draw(ctx, month)
	p.must(err)
	p.must(p.DB.Owner().QueryRow(ctx, `SELECT id FROM kuciniki_sample LIMIT 1`).Scan(&id))
	return id
}

// worked gives staff a month of work: parafs that came fast one day, an order that lies at
// their desk, and reports of the unit.
func (p *performers) worked() {
	p.t.Helper()
	ctx, now := context.Background(), p.App.Clock.Now().Add(-time.Minute)
	at := p.staff.MainPosition()
	record := func(e workledger.Event) {
		e.UnitID, e.Object = at.UnitID, "eoffice_letter"
		since, due := now.Add(-3*time.Hour), now.Add(time.Hour)
		e.Module, e.StartedAt, e.DueAt, e.WorkingMinutes = "eoffice", &since, &due, 95
		p.must(workledger.Record(ctx, p.App.Pool, now, e))
	}
	for i := range int64(12) {
		record(workledger.Event{Actor: p.staff, Position: at, Kind: "naskah_paraf", ObjectID: 900_000 + i, ThreadID: 900_000 + i, HolderID: at.ID, Outcome: "menunggu_ttd"})
	}
	p.must((&audit.Sealer{Pool: p.App.Pool, Box: p.App.Box}).Seal(ctx))
	_, err := p.App.Evidence.Fold(ctx)
	p.must(err)
}
