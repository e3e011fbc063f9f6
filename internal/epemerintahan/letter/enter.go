package letter

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/numbering"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// series of the request numbers, which people read aloud.
const series = "SRT"

// ControlChecked is the control of the papers that were seen or scanned.
const ControlChecked = "berkas"

// Entry is a letter entered at the counter.
type Entry struct {
	KelurahanID int64
	Code        string
	Subject     Person // ResidentID set for residents; an outsider is written out
	Values      Values
	Checked     []string // papers seen
	WithCamat   bool
	// Key makes a resend give the same letter.
	Key string
}

// written is what a new letter or a draft says.
type written struct {
	kind    Kind
	subject Person
	values  Values
}

// Enter makes a letter at the counter, checked at once: it waits for the paraf.
func (m *Module) Enter(ctx context.Context, a authz.Actor, e Entry) (id int64, err error) {
	defer errs.In(&err, "letter.Enter(%d, %q)", e.KelurahanID, e.Code)
	c, err := m.counter(ctx, a, e.KelurahanID)
	if err != nil {
		return 0, err
	}
	if id, err := m.entered(ctx, a, e.Key); id != 0 || err != nil {
		return id, err
	}
	w, err := m.writeDown(ctx, a, e)
	if err != nil {
		return 0, err
	}
	if err := allSeen(w.kind, w.subject, e.Checked, nil); err != nil {
		return 0, err
	}
	camat := w.kind.camat(e.WithCamat)
	in := Intent{Action: ActEnter, Change: Change{Checked: &e.Checked, WithCamat: &camat}}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		id, err = m.bear(ctx, tx, a, c, w, in, born{key: e.Key})
		return err
	})
	if errors.Is(err, errTwice) {
		return m.entered(ctx, a, e.Key)
	}
	return id, err
}

// errTwice: the same form was sent a moment ago.
var errTwice = errors.New("entered twice")

const sqlEntered = `SELECT id FROM epemerintahan_letter WHERE entered_by = $1 AND entry_key = $2`

func (m *Module) entered(ctx context.Context, a authz.Actor, key string) (int64, error) {
	if key == "" {
		return 0, nil
	}
	id, err := pg.Scalar[int64](ctx, m.db, sqlEntered, a.AccountID, key)
	if err != nil && errs.KindOf(err) == errs.NotFound {
		return 0, nil
	}
	return id, err
}

const sqlPlace = `
SELECT u.id AS kelurahan_id, u.short_name AS kelurahan_name, u.ancestors, COALESCE(k.id, 0) AS kecamatan_id,
	COALESCE(k.short_name, '') AS kecamatan_name, COALESCE(o.counter_print, true) AS counter_print
FROM org_unit u LEFT JOIN org_unit k ON k.id = u.parent_id LEFT JOIN epemerintahan_office o ON o.kelurahan_id = u.id
WHERE u.id = $1 AND u.kind = 'kelurahan'`

type site struct {
	KelurahanID   int64
	KelurahanName string
	Ancestors     []int64
	KecamatanID   int64
	KecamatanName string
	CounterPrint  bool
}

func (p site) newCase() Case {
	return Case{
		KelurahanID: p.KelurahanID, KelurahanName: p.KelurahanName, Ancestors: p.Ancestors, KecamatanID: p.KecamatanID,
		KecamatanName: p.KecamatanName, CounterPrint: p.CounterPrint,
	}
}

// counter is a case to come in a kelurahan whose counter the actor works at.
func (m *Module) counter(ctx context.Context, a authz.Actor, kelurahanID int64) (Case, error) {
	p, err := pg.One[site](ctx, m.db, sqlPlace, kelurahanID)
	if err != nil && errs.KindOf(err) == errs.NotFound || err == nil && !a.HasIn(PermView, p.Ancestors) {
		return Case{}, errs.New(errs.NotFound, "Kelurahan ini di luar wilayah Anda.")
	}
	if err == nil && !a.HasIn(PermCheck, p.Ancestors) {
		err = errs.New(errs.Forbidden, "Mencatat surat bukan wewenang Anda. Minta operator kelurahan.")
	}
	return p.newCase(), err
}

// writeDown checks what the counter was told and fills in what the register knows.
func (m *Module) writeDown(ctx context.Context, a authz.Actor, e Entry) (w written, err error) {
	if w.kind, err = m.KindFor(ctx, e.KelurahanID, e.Code); err != nil {
		return w, err
	}
	find := m.forStaff(ctx, m.db, a, w.kind)
	status := epemerintahan.Status("")
	if e.Subject.ResidentID != 0 {
		r, err := find(e.Subject.ResidentID)
		if err != nil {
			return w, err
		}
		if r.KelurahanID != e.KelurahanID {
			return w, errs.New(errs.NotFound, "Warga ini tidak terdaftar di kelurahan ini.")
		}
		w.subject, status = opened(r), r.Status
	} else if w.subject, err = CheckSubject(e.Subject); err != nil {
		return w, err
	}
	w.values, err = m.answers(w.kind, w.subject, status, e.Values, find)
	return w, err
}

// answers are those to a kind's fields, filled in, cleaned and within the rules.
func (m *Module) answers(k Kind, subject Person, status epemerintahan.Status, v Values, find finder) (Values, error) {
	if err := k.Eligible(subject, status, m.now()); err != nil {
		return nil, err
	}
	v, err := fill(v, find)
	if err != nil {
		return nil, err
	}
	return k.CheckValues(v, subject, m.now())
}

// allSeen refuses while a needed paper was neither seen nor scanned.
func allSeen(k Kind, subject Person, checked []string, scans []Scan) error {
	for _, r := range k.Needed(subject) {
		scanned := slices.ContainsFunc(scans, func(s Scan) bool { return s.Requirement == r.Name })
		if !scanned && !slices.Contains(checked, r.Name) {
			return errs.Invalid(errs.Field{Name: ControlChecked, Message: "Berkas belum lengkap: " + r.Name + "."})
		}
	}
	return nil
}

// born says where a new letter comes from.
type born struct {
	key      string
	replaces int64
}

const sqlInsertLetter = `
INSERT INTO epemerintahan_letter (ref, request_number, kind_version_id, kind_code, title, kelurahan_id, resident_id, account_id,
	entered_by, entry_key, subject_name, subject_fold, subject_hash, subject_sealed, values_sealed, checked, with_camat, mode, status,
	status_at, seq, submitted_at, running_since, due_at, replaces_id, created_at)
VALUES ($1, $2, $3, $4, $5, $6, NULLIF($7::bigint, 0), NULLIF($8::bigint, 0), NULLIF($9::bigint, 0), NULLIF($10::text, ''), $11, $12,
	$13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, NULLIF($25::bigint, 0), $20)
ON CONFLICT (entered_by, entry_key) DO NOTHING
RETURNING id`

// bear writes a letter that begins at the counter, and everything that comes with it.
// A letter with its key that is there already is errTwice.
func (m *Module) bear(ctx context.Context, tx pgx.Tx, a authz.Actor, c Case, w written, in Intent, b born) (int64, error) {
	c.KindCode, c.KindVersionID, c.Title, c.Mode = w.kind.Code, w.kind.VersionID, w.kind.Title, w.kind.mode()
	c.Ref, c.ResidentID, c.EnteredBy, c.SubjectName = crypt.Token(), w.subject.ResidentID, a.AccountID, w.subject.Name
	mo := Moment{Now: m.now(), Actor: a, Promised: w.kind.ServiceMinutes}
	var err error
	if mo.Cal, err = calendar.Load(ctx, tx, c.KelurahanID); err != nil {
		return 0, err
	}
	e, err := Decide(&c, mo, in)
	if err != nil {
		return 0, err
	}
	if c.RequestNumber, err = m.requestNumber(ctx, tx, mo.Now); err != nil {
		return 0, err
	}
	s := Apply(c.State, e)
	subject, err := m.seal(w.subject, sealSubject)
	if err != nil {
		return 0, err
	}
	values, err := m.seal(w.values, sealValues)
	if err != nil {
		return 0, err
	}
	c.ID, err = pg.Scalar[int64](ctx, tx, sqlInsertLetter, c.Ref, c.RequestNumber, c.KindVersionID, c.KindCode, c.Title, c.KelurahanID,
		c.ResidentID, c.AccountID, c.EnteredBy, b.key, c.SubjectName, indo.FoldPerson(c.SubjectName), m.nikHash(w.subject.NIK), subject, values,
		some(s.Checked), s.WithCamat, c.Mode, s.Status, s.StatusAt, s.Seq, s.SubmittedAt, s.RunningSince, s.DueAt, b.replaces)
	if err != nil && errs.KindOf(err) == errs.NotFound {
		return 0, errTwice
	}
	if err != nil {
		return 0, err
	}
	return c.ID, m.follow(ctx, tx, &c, s, mo, e, nil)
}

// requestNumber takes the next one; it comes after whatever can be slow or refused.
func (m *Module) requestNumber(ctx context.Context, tx pgx.Tx, at time.Time) (string, error) {
	year := at.In(clock.Makassar).Year()
	n, err := numbering.Next(ctx, tx, series, year)
	return numbering.Format(series, year, n), err
}
