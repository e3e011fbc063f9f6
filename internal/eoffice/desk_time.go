package eoffice

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// EnoughSteps is how many steps a figure of time rests on at least; fewer say nothing.
const EnoughSteps = 5

// By is what times at desks are told apart by.
type By string

// The ways to tell them apart.
const (
	ByStep    By = "langkah"
	ByDesk    By = "meja"
	ByKind    By = "jenis"
	ByUrgency By = "urgensi"
)

// The columns of the ways.
const (
	stepColumn = `e.object || '.' || e.action`
	deskColumn = `p.title`
	kindColumn = `l.kind_code`
	paceColumn = `l.urgency`
)

// longestFor is the longest time that figures are about.
const longestFor = 366 * 24 * time.Hour

// Bys lists them.
var Bys = []By{ByStep, ByDesk, ByKind, ByUrgency}

// DeskTime is how long letters, and orders on them, lay on desks before somebody took a
// step, in minutes of working time.
type DeskTime struct {
	Key    string // of the group: a step as object.action, a desk's title, a kind's code, an urgency
	N      int
	Median float64
	P90    float64
}

// Enough tells whether the figures rest on [EnoughSteps] at least.
func (d DeskTime) Enough() bool { return d.N >= EnoughSteps }

// DeskCase is one step behind a figure. The subject of what is confidential is not in it.
type DeskCase struct {
	LetterID int64
	Object   string
	Action   Action
	At       time.Time
	Minutes  int
	Desk     string
	KindCode string
	Number   string
	Subject  string
	Secrecy  Secrecy
}

// The steps that take a letter, a recipient or an order off somebody's desk, by people of
// the units $1 in the time from $2 to before $3.
const deskSteps = `
FROM eoffice_event e JOIN eoffice_letter l ON l.id = e.letter_id JOIN org_position p ON p.id = e.position_id JOIN org_unit u ON u.id = p.unit_id
WHERE u.ancestors && $1 AND e.at >= $2 AND e.at < $3 AND e.actor_id IS NOT NULL AND (e.object, e.action) IN (
	('naskah', 'paraf'), ('naskah', 'tanda_tangan'), ('naskah', 'kembalikan'), ('naskah', 'mundur'), ('naskah', 'cetak'), ('naskah', 'pindai'), ('naskah', 'kirim'),
	('naskah', 'arahkan'), ('kiriman', 'terima'), ('kiriman', 'baca'), ('kiriman', 'selesai'),
	('disposisi', 'baca'), ('disposisi', 'lapor'), ('disposisi', 'terima_laporan'), ('disposisi', 'kembalikan_laporan'))`

const (
	deskFigures = `, count(*) AS n, percentile_cont(0.5) WITHIN GROUP (ORDER BY e.minutes) AS median, percentile_cont(0.9) WITHIN GROUP (ORDER BY e.minutes) AS p90` +
		deskSteps + ` GROUP BY 1 ORDER BY 4 DESC, 1`

	sqlTimeByStep    = `SELECT ` + stepColumn + ` AS key` + deskFigures
	sqlTimeByDesk    = `SELECT ` + deskColumn + ` AS key` + deskFigures
	sqlTimeByKind    = `SELECT ` + kindColumn + ` AS key` + deskFigures
	sqlTimeByUrgency = `SELECT ` + paceColumn + ` AS key` + deskFigures

	deskCases = `
SELECT e.letter_id, e.object, e.action, e.at, e.minutes, ` + deskColumn + ` AS desk, l.kind_code, COALESCE(l.letter_number, l.sender_number) AS number,
	CASE WHEN l.secrecy IN ('B', 'T') THEN l.subject ELSE '' END AS subject, l.secrecy` + deskSteps + ` AND `

	longestFirst = ` = $4 ORDER BY e.minutes DESC, e.id DESC LIMIT 200`

	sqlCasesByStep    = deskCases + stepColumn + longestFirst
	sqlCasesByDesk    = deskCases + deskColumn + longestFirst
	sqlCasesByKind    = deskCases + kindColumn + longestFirst
	sqlCasesByUrgency = deskCases + paceColumn + longestFirst
)

var deskSQL = map[By][2]string{
	ByStep: {sqlTimeByStep, sqlCasesByStep}, ByDesk: {sqlTimeByDesk, sqlCasesByDesk}, ByKind: {sqlTimeByKind, sqlCasesByKind},
	ByUrgency: {sqlTimeByUrgency, sqlCasesByUrgency},
}

// DeskTimes tells how long things lay on the desks of the units whose figures the actor may
// see, from one day to another, both whole: the median and the 90th percentile, the longest
// first. It is for heads of units; others get errs.NotFound.
func (m *Module) DeskTimes(ctx context.Context, a authz.Actor, by By, from, to time.Time) (_ []DeskTime, err error) {
	defer errs.In(&err, "eoffice.DeskTimes(%.20q)", by)
	if err := mayTime(a, by, from, to); err != nil {
		return nil, err
	}
	return pg.Many[DeskTime](ctx, m.db, deskSQL[by][0], a.Units(PermFigures), from, to.AddDate(0, 0, 1))
}

// DeskCases lists the steps behind a figure of [Module.DeskTimes], at most 200 of them, the
// longest first.
func (m *Module) DeskCases(ctx context.Context, a authz.Actor, by By, key string, from, to time.Time) (_ []DeskCase, err error) {
	defer errs.In(&err, "eoffice.DeskCases(%.20q)", by)
	if err := mayTime(a, by, from, to); err != nil {
		return nil, err
	}
	return pg.Many[DeskCase](ctx, m.db, deskSQL[by][1], a.Units(PermFigures), from, to.AddDate(0, 0, 1), key)
}

func mayTime(a authz.Actor, by By, from, to time.Time) error {
	switch _, ok := deskSQL[by]; {
	case !a.Has(PermFigures):
		return errs.New(errs.NotFound, "Angka ini untuk kepala unit.")
	case !ok:
		return errs.New(errs.BadRequest, "")
	case to.Before(from):
		return errs.Invalid(errs.Field{Name: "sampai", Message: "Tanggal akhir harus sesudah tanggal awal."})
	case to.Sub(from) > longestFor:
		return errs.Invalid(errs.Field{Name: "mulai", Message: "Paling lama satu tahun."})
	}
	return nil
}
