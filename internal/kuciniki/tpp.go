package kuciniki

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

// TPPRule is how an allowance is reckoned, in percent: the share of attendance, the rest is
// performance, and what each predicate counts (Perwali Makassar 90/2019).
type TPPRule struct {
	Attendance     int
	SangatBaik     int
	Baik           int
	ButuhPerbaikan int
	Kurang         int
	SangatKurang   int
}

// Counts is what a predicate counts.
func (r TPPRule) Counts(p Predicate) int {
	return map[Predicate]int{VeryGood: r.SangatBaik, Good: r.Baik, ToMend: r.ButuhPerbaikan, Poor: r.Kurang, VeryPoor: r.SangatKurang}[p]
}

// Reckon is the allowance in percent, from the percent of attendance.
func (r TPPRule) Reckon(attendance float64, p Predicate) float64 {
	return (float64(r.Attendance)*attendance + float64(100-r.Attendance)*float64(r.Counts(p))) / 100
}

const (
	sqlTPP     = `SELECT attendance, sangat_baik, baik, butuh_perbaikan, kurang, sangat_kurang FROM kuciniki_tpp`
	sqlSaveTPP = `UPDATE kuciniki_tpp SET attendance = $1, sangat_baik = $2, baik = $3, butuh_perbaikan = $4, kurang = $5, sangat_kurang = $6`
)

// TPP is how allowances are reckoned now.
func (m *Module) TPP(ctx context.Context) (_ TPPRule, err error) {
	defer errs.In(&err, "kuciniki.TPP")
	return pg.One[TPPRule](ctx, m.db, sqlTPP)
}

// ControlAttendance is the control of the share of attendance; the predicates' are their
// own words.
const ControlAttendance = "porsi_kehadiran"

// SaveTPP sets how allowances are reckoned from now on.
func (m *Module) SaveTPP(ctx context.Context, a authz.Actor, r TPPRule) (err error) {
	defer errs.In(&err, "kuciniki.SaveTPP")
	if err := m.cityWide(ctx, a, PermPersonnel); err != nil {
		return err
	}
	var wrong []errs.Field
	check := func(name string, v int) {
		if v < 0 || v > 100 {
			wrong = append(wrong, errs.Field{Name: name, Message: "Isi 0 sampai 100."})
		}
	}
	check(ControlAttendance, r.Attendance)
	for _, p := range Predicates {
		check(string(p), r.Counts(p))
	}
	if len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if err := pg.Exec(ctx, tx, sqlSaveTPP, r.Attendance, r.SangatBaik, r.Baik, r.ButuhPerbaikan, r.Kurang, r.SangatKurang); err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: "kuciniki.tpp.rule", Object: "kuciniki_tpp", Detail: map[string]any{"kehadiran": r.Attendance}})
	})
}

// Pay is a line of the file of a month: nothing in it is money, and nothing is cut by it.
type Pay struct {
	PersonID    int64
	Person      string
	StaffNumber *string
	Title       string
	Presence    Presence `db:"-"`
	Unknown     bool     `db:"-"` // no file of the month names them, and no letter justifies all of it
	Predicate   Predicate
	Status      Status // of the month's evaluation
	GivenAt     *time.Time
}

const sqlPays = `
SELECT n.id AS person_id, n.name AS person, n.staff_number, p.title, COALESCE(j.predicate, '') AS predicate, COALESCE(e.status, '') AS status, e.given_at
FROM org_occupancy o JOIN org_person n ON n.id = o.person_id JOIN org_position p ON p.id = o.position_id JOIN org_unit u ON u.id = p.unit_id
LEFT JOIN kuciniki_skp s ON s.occupancy_id = o.id AND s.year = $2
LEFT JOIN kuciniki_evaluation e ON e.skp_id = s.id AND e.month = $3 AND e.given_at IS NOT NULL
LEFT JOIN LATERAL (SELECT predicate FROM kuciniki_judgement j WHERE j.evaluation_id = e.id ORDER BY version DESC LIMIT 1) j ON true
WHERE u.ancestors @> ARRAY[$1::bigint] AND u.kind NOT IN ('rw', 'rt') AND o.kind = 'definitif' AND n.employment IN ('pns', 'pppk')
	AND o.during @> ($4::timestamptz - interval '1 second') ORDER BY n.name, o.id LIMIT 3000`

// PayFile is the signed file of a unit and month for whoever pays: attendance, predicate and
// what they come to by the rule. The month has to be closed; what is not final yet says so.
func (m *Module) PayFile(ctx context.Context, a authz.Actor, year, month int, unit int64, nik, passphrase string) (pdf []byte, err error) {
	defer errs.In(&err, "kuciniki.PayFile(%d, %d, %d)", year, month, unit)
	u, err := org.UnitByID(ctx, m.db, unit)
	if err != nil {
		return nil, err
	}
	if !a.HasIn(PermPersonnel, u.Ancestors) {
		return nil, errs.New(errs.NotFound, "Unit ini bukan yang Anda urus.")
	}
	p, err := pg.One[Period](ctx, m.db, sqlPeriodNow, year, month)
	if errs.KindOf(err) == errs.NotFound && err != nil || err == nil && (p.Open() || month == 0) {
		return nil, errs.New(errs.Conflict, "Tutup dahulu periode "+PeriodName(year, month)+", baru berkas TPP dibuat.")
	}
	if err != nil {
		return nil, err
	}
	rule, err := m.TPP(ctx)
	if err != nil {
		return nil, err
	}
	from, to := span(year, month)
	all, err := pg.Many[Pay](ctx, m.db, sqlPays, unit, year, month, to)
	if err != nil {
		return nil, err
	}
	cal, err := calendar.Load(ctx, m.db, unit)
	if err != nil {
		return nil, err
	}
	people := make([]int64, len(all))
	for i, x := range all {
		people[i] = x.PersonID
	}
	attended, err := AttendedBy(ctx, m.db, cal, people, from, to)
	if err != nil {
		return nil, err
	}
	for i, x := range all {
		at := attended[x.PersonID]
		all[i].Presence = PresenceOf(at.Days)
		all[i].Unknown = !at.Named && all[i].Presence.Percent() < 100
	}
	at := m.now()
	doc := composePay(u.Name, p, rule, all, func(x Pay) bool {
		e := Evaluation{Status: x.Status, GivenAt: x.GivenAt, ClosedAt: p.ClosedAt}
		return e.final(deadline(e, cal), at)
	}, at)
	doc.Head.EmblemPNG = m.emblem
	if pdf, err = naskah.Render(doc); err != nil {
		return nil, err
	}
	post := a.MainPosition()
	pdf, err = m.signer.Sign(ctx, sign.Request{PDF: pdf, Name: a.Name, Title: post.Title, Unit: post.UnitName, PersonID: a.PersonID, NIK: nik, Passphrase: passphrase,
		Reason: "Berkas TPP " + p.Name(), Place: cityName, At: at})
	if err != nil {
		return nil, err
	}
	return pdf, audit.Write(ctx, m.db, a, at, audit.Entry{Action: "kuciniki.tpp.file", Object: "org_unit", ObjectID: unit, UnitID: unit, Detail: map[string]any{"tahun": year, "bulan": month, "orang": len(all)}})
}

// NeedsPassphrase tells whether signing asks for a passphrase.
func (m *Module) NeedsPassphrase() bool { return m.signer.NeedsPassphrase() }

// composePay sets the file: a pure function.
func composePay(unit string, p Period, rule TPPRule, all []Pay, final func(Pay) bool, at time.Time) naskah.Document {
	doc := naskah.Document{
		Paper: naskah.F4, Head: naskah.Head{Lines: []string{"PEMERINTAH KOTA MAKASSAR", "BADAN KEPEGAWAIAN DAN PENGEMBANGAN SUMBER DAYA MANUSIA"}, Emblem: true},
		Title: "DAFTAR DASAR TAMBAHAN PENGHASILAN PEGAWAI", Unnumbered: true, Subject: "Daftar dasar TPP", Created: at, Place: cityName, Date: at,
		Foot: []string{"Kehadiran " + indo.Int(rule.Attendance) + "%, kinerja " + indo.Int(100-rule.Attendance) + "%. Yang belum final dihitung sesudah sanggah diputus; yang kehadirannya belum ada data, sesudah berkas kehadirannya dimuat."},
	}
	t := naskah.Table{Head: []string{"Nama", "NIP", "Kehadiran", "Predikat", "TPP"}, Widths: []float64{4, 3.4, 2.4, 2.6, 1.8}, Numbered: true}
	for _, x := range all {
		presence := indo.Int(x.Presence.Present+x.Presence.Justified) + " dari " + indo.Int(x.Presence.Days) + " hari"
		if x.Unknown {
			presence = "belum ada data"
		}
		predicate, total := "belum dinilai", "-"
		switch {
		case x.Predicate != "" && !final(x):
			predicate = "belum final"
		case x.Predicate != "":
			if predicate = x.Predicate.Label(); !x.Unknown {
				total = indo.Decimal(rule.Reckon(x.Presence.Percent(), x.Predicate), 2) + "%"
			}
		}
		t.Rows = append(t.Rows, []string{x.Person, dash(deref2(x.StaffNumber)), presence, predicate, total})
	}
	doc.Blocks = []naskah.Block{naskah.Fields{{Label: "Unit", Value: unit}, {Label: "Periode", Value: p.Name()}}, t}
	return doc
}
