package mtr

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Bounds of a rule, in months. Below two the messages about a report still name its reporter.
const (
	MinRetention = 2
	MaxRetention = 240
)

// retentionGrace is how long a new rule waits, so that a slip can be put right.
const retentionGrace = 24 * time.Hour

// Visibility is how much a reporter let be seen.
type Visibility string

const (
	VisibleOpen         Visibility = "umum"
	VisibleAnonymous    Visibility = "anonim"
	VisibleConfidential Visibility = "rahasia" // anonymous or not
)

// Visibilities, the most open first.
var Visibilities = []Visibility{VisibleOpen, VisibleAnonymous, VisibleConfidential}

// Label is the word people see.
func (v Visibility) Label() string {
	switch v {
	case VisibleAnonymous:
		return "Laporan anonim"
	case VisibleConfidential:
		return "Laporan rahasia"
	}
	return "Laporan umum"
}

const visibilityOf = `CASE WHEN r.confidential THEN 'rahasia' WHEN r.anonymous THEN 'anonim' ELSE 'umum' END`

// Retention is for how many months after closing it stays known who reported; 0 = for ever.
type Retention struct{ Open, Anonymous, Confidential int }

// Months of the reports of one visibility.
func (r Retention) Months(v Visibility) int {
	switch v {
	case VisibleAnonymous:
		return r.Anonymous
	case VisibleConfidential:
		return r.Confidential
	}
	return r.Open
}

// RetentionRule is a rule as somebody set it.
type RetentionRule struct {
	ID int64
	Retention
	Reason  string
	SetBy   string // name
	SetAt   time.Time
	InForce time.Time // from when on it is carried out
}

const retentionColumns = `
SELECT t.id, COALESCE(t.open_months, 0) AS "open", COALESCE(t.anonymous_months, 0) AS anonymous,
	COALESCE(t.confidential_months, 0) AS confidential, t.reason, a.name AS set_by, t.set_at, t.set_at AS in_force
FROM mtr_retention t JOIN authn_account a ON a.id = t.set_by `

const sqlRetentionRules = retentionColumns + `ORDER BY t.id DESC LIMIT 50`

const sqlRetentionRule = retentionColumns + `ORDER BY t.id DESC LIMIT 1`

const sqlInsertRetention = `
INSERT INTO mtr_retention (open_months, anonymous_months, confidential_months, reason, set_by, set_at)
VALUES (NULLIF($1::int, 0), NULLIF($2::int, 0), NULLIF($3::int, 0), $4, $5, $6) RETURNING id`

// RetentionRules are the rules so far, the one that holds first. Needs PermConfigure.
func (m *Module) RetentionRules(ctx context.Context, a authz.Actor) (_ []RetentionRule, err error) {
	defer errs.In(&err, "mtr.RetentionRules")
	if err := m.needsCity(ctx, a, PermConfigure); err != nil {
		return nil, err
	}
	rules, err := pg.Many[RetentionRule](ctx, m.db, sqlRetentionRules)
	for i := range rules {
		rules[i].InForce = rules[i].SetAt.Add(retentionGrace)
	}
	return rules, err
}

// SetRetention sets the rule. It is carried out from a day later on, if no other replaced it.
// Needs PermConfigure.
func (m *Module) SetRetention(ctx context.Context, a authz.Actor, in Retention, reason string) (err error) {
	defer errs.In(&err, "mtr.SetRetention")
	if err := m.needsCity(ctx, a, PermConfigure); err != nil {
		return err
	}
	var r reading
	reason = r.words(ControlBasis, reason, "Tulis dasar aturan ini, misalnya nomor surat keputusannya.", MaxReason)
	r.months(in)
	if err := r.err(); err != nil {
		return err
	}
	now := m.now()
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		id, err := pg.Scalar[int64](ctx, tx, sqlInsertRetention, in.Open, in.Anonymous, in.Confidential, reason, a.AccountID, now)
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, now, audit.Entry{Action: "mtr.retention.set", Object: "mtr_retention", ObjectID: id,
			Detail: map[string]any{"umum": in.Open, "anonim": in.Anonymous, "rahasia": in.Confidential, "alasan": reason}})
	})
}

// months checks a rule; the controls are named as the visibilities.
func (r *reading) months(in Retention) {
	for _, v := range Visibilities {
		if n := in.Months(v); n != 0 && (n < MinRetention || n > MaxRetention) {
			r.fail(string(v), "Tulis 2 sampai 240 bulan, atau kosongkan.")
		}
	}
}

// pastRetention is the condition that report r is closed for longer than the rule lets its
// reporter be known. $1 is the time, $2, $3 and $4 the months; NULL = for ever.
const pastRetention = `r.closed_at IS NOT NULL AND NOT r.open AND r.forgotten_at IS NULL AND r.closed_at < $1::timestamptz
	- make_interval(months => CASE WHEN r.confidential THEN NULLIF($4::int, 0) WHEN r.anonymous THEN NULLIF($3::int, 0) ELSE NULLIF($2::int, 0) END)`

// lineOf are report r and those that it repeats: one case.
const lineOf = `
	WITH RECURSIVE line AS (
		SELECT r.id, r.parent_id, r.status, r.open
		UNION
		SELECT p.id, p.parent_id, p.status, p.open FROM mtr_report p JOIN line ON p.id = line.parent_id AND line.status = 'duplikat'
	)`

// underHold is the condition that somebody wants report r, or what it repeats, as it is.
const underHold = `EXISTS (` + lineOf + ` SELECT FROM line JOIN mtr_legal_hold h ON h.report_id = line.id AND h.lifted_at IS NULL)`

// repeatsOpen is the condition that report r repeats one that is still worked on.
const repeatsOpen = `EXISTS (` + lineOf + ` SELECT FROM line WHERE line.open)`

// toForget is the condition that the reporter of r is to be forgotten now.
const toForget = pastRetention + ` AND NOT ` + repeatsOpen + ` AND NOT ` + underHold

// RetentionCount is how many reports a rule would change now.
type RetentionCount struct {
	Due  map[Visibility]int
	Held int // would be due but are under legal hold
}

// Total of all visibilities.
func (c RetentionCount) Total() (n int) {
	for _, k := range c.Due {
		n += k
	}
	return n
}

const sqlCountRetention = `
SELECT ` + visibilityOf + ` AS visibility, count(*) FILTER (WHERE NOT ` + underHold + `)::int AS due,
	count(*) FILTER (WHERE ` + underHold + `)::int AS held
FROM mtr_report r WHERE ` + pastRetention + ` AND NOT ` + repeatsOpen + ` GROUP BY 1`

const sqlListRetention = `
SELECT r.id, r.number, ` + visibilityOf + ` AS visibility, r.status, r.closed_at
FROM mtr_report r WHERE ` + toForget + ` AND ($5 = '' OR ` + visibilityOf + ` = $5) AND r.id > $6
ORDER BY r.id LIMIT $7`

// RetentionItem is a report that a rule would change. It has no words: whoever sets the rule
// need not know what was reported.
type RetentionItem struct {
	ID         int64
	Number     string
	Visibility Visibility
	Status     Status
	ClosedAt   time.Time
}

// CountRetention counts what a rule would change if it were carried out now. Needs PermConfigure.
func (m *Module) CountRetention(ctx context.Context, a authz.Actor, in Retention) (out RetentionCount, err error) {
	defer errs.In(&err, "mtr.CountRetention")
	if err := m.needsCity(ctx, a, PermConfigure); err != nil {
		return out, err
	}
	var r reading
	if r.months(in); r.err() != nil {
		return out, r.err()
	}
	type row struct {
		Visibility Visibility
		Due, Held  int
	}
	rows, err := pg.Many[row](ctx, m.db, sqlCountRetention, m.now(), in.Open, in.Anonymous, in.Confidential)
	out.Due = map[Visibility]int{}
	for _, r := range rows {
		out.Due[r.Visibility] = r.Due
		out.Held += r.Held
	}
	return out, err
}

// ListRetention lists the very reports that CountRetention counted, by number, of one
// visibility or ("") of all, those after an id. Needs PermConfigure.
func (m *Module) ListRetention(ctx context.Context, a authz.Actor, in Retention, of Visibility, after int64, limit int) (_ []RetentionItem, err error) {
	defer errs.In(&err, "mtr.ListRetention")
	if err := m.needsCity(ctx, a, PermConfigure); err != nil {
		return nil, err
	}
	return pg.Many[RetentionItem](ctx, m.db, sqlListRetention, m.now(), in.Open, in.Anonymous, in.Confidential, of, after, limit)
}

// Forgotten is what the rules did so far.
type Forgotten struct {
	Reports int
	Last    *time.Time
}

const sqlForgotten = `SELECT count(*)::int AS reports, max(forgotten_at) AS last FROM mtr_report WHERE forgotten_at IS NOT NULL`

// Forgotten counts the reports whose reporters were forgotten. Needs PermConfigure.
func (m *Module) Forgotten(ctx context.Context, a authz.Actor) (_ Forgotten, err error) {
	defer errs.In(&err, "mtr.Forgotten")
	if err := m.needsCity(ctx, a, PermConfigure); err != nil {
		return Forgotten{}, err
	}
	return pg.One[Forgotten](ctx, m.db, sqlForgotten)
}
