package evidence

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

// SampleKind is finished work that may be drawn, and what is asked of it.
type SampleKind struct {
	Module, Kind string
	By           string // the kind of step of whose work it is
	Question     string
}

// Sampled lists what may be drawn. What was done for patients is not looked at.
var Sampled = []SampleKind{
	{"mtr", "validate", "submit_proof", "Apakah pekerjaannya benar selesai, seperti yang dilaporkan?"},
	{"epemerintahan", "surat_ditandatangani", "surat_ditandatangani", "Apakah suratnya terbit atas berkas yang lengkap dan benar?"},
	{"epemerintahan", "surat_pindai", "surat_pindai", "Apakah suratnya terbit atas berkas yang lengkap dan benar?"},
	{"epemerintahan", "surat_kembalikan", "surat_kembalikan", "Apakah alasan mengembalikan berkas ini benar?"},
	{"eoffice", "disposisi_terima_laporan", "disposisi_lapor", "Apakah laporannya menjawab disposisi, dan pekerjaannya ada?"},
	{"eoffice", "naskah_ditandatangani", "naskah_ditandatangani", "Apakah naskahnya perlu dan benar, dan sempat dibaca sebelum diparaf dan ditandatangani?"},
	{"eoffice", "naskah_pindai", "naskah_ajukan", "Apakah naskahnya perlu dan benar, dan sama dengan yang ditandatangani?"},
}

// sampledAs is an error for what is drawn no more, or not yet by this version.
func sampledAs(module, kind string) (SampleKind, error) {
	i := slices.IndexFunc(Sampled, func(s SampleKind) bool { return s.Module == module && s.Kind == kind })
	if i < 0 {
		return SampleKind{}, fmt.Errorf("evidence: %s.%s is not sampled", module, kind)
	}
	return Sampled[i], nil
}

// Sample is finished work that was drawn.
type Sample struct {
	ID           int64
	Month        time.Time
	Module, Kind string
	Object       string
	ObjectID     int64
	ThreadID     int64
	UnitID       int64
	UnitName     string
	DoneAt       time.Time
	Ok           *bool // nil: nobody has looked; what was decided after an objection counts
	AnsweredAt   *time.Time
	FlagID       int64 // where it was not: what was said of it
}

// SampleDraw is the draw of a month.
type SampleDraw struct {
	Month    time.Time
	Seed     []byte
	Finished int // what could have been drawn
	DrawnAt  time.Time
}

// Looked is what the looks at samples showed.
type Looked struct{ Drawn, Done, Ok int }

const (
	// After an objection that was decided for the person it was in order.
	isOk = `(s.ok OR EXISTS (SELECT FROM kuciniki_flag f JOIN kuciniki_flag_word w ON w.flag_id = f.id AND w.seq = f.seq WHERE f.id = s.flag_id AND f.status = 'diputus' AND w.verdict = 'wajar'))`

	sampleSelect = `
SELECT s.id, s.month, s.module, s.kind, s.object, s.object_id, s.thread_id, s.unit_id, u.name AS unit_name, s.done_at, ` + isOk + ` AS ok, s.answered_at, COALESCE(s.flag_id, 0) AS flag_id
FROM kuciniki_sample s JOIN org_unit u ON u.id = s.unit_id
`
	sqlSamples = sampleSelect + `WHERE u.ancestors && $1::bigint[] AND s.month = $2 AND (NOT $3::boolean OR s.ok IS NULL) AND s.id > $4 ORDER BY s.id LIMIT $5`

	sqlSample = sampleSelect + `WHERE s.id = $1 AND u.ancestors && $2::bigint[]`

	sqlSamplesOf = sampleSelect + `WHERE s.person_id = $1 AND s.month >= $2 AND s.month < $3 AND s.ok IS NOT NULL ORDER BY s.done_at DESC, s.id DESC LIMIT 100`

	looked = `SELECT count(*)::integer AS drawn, count(s.ok)::integer AS done, count(*) FILTER (WHERE ` + isOk + `)::integer AS ok FROM kuciniki_sample s JOIN org_unit u ON u.id = s.unit_id `

	sqlLookedIn = looked + `WHERE u.ancestors && $1::bigint[] AND s.month >= $2 AND s.month < $3`

	sqlLookedAt = looked + `WHERE s.person_id = $1 AND s.month >= $2 AND s.month < $3`

	sqlDraws = `SELECT month, seed, finished, drawn_at FROM kuciniki_draw ORDER BY month DESC LIMIT 24`

	// Outside the line: not whose work it is, nor who had a hand in it, works in the unit or sits
	// above it.
	sqlOutside = `
SELECT NOT EXISTS (SELECT FROM work_event e WHERE e.module = s.module AND e.object = s.object AND e.object_id = s.object_id AND e.person_id = $2 AND e.kind <> '` + kindLook + `')
	AND s.person_id <> $2 AND NOT s.unit_id = ANY ($3::bigint[])
	AND NOT EXISTS (SELECT FROM org_occupancy o CROSS JOIN LATERAL kuciniki_above(o.position_id) a WHERE o.person_id = s.person_id AND o.during @> s.done_at AND a.position_id = ANY ($4::bigint[]))
FROM kuciniki_sample s WHERE s.id = $1`

	sqlCaseSteps = `
SELECT e.id, e.at, e.module, e.kind, e.object, e.object_id, COALESCE(e.thread_id, 0) AS thread_id, e.due_at, COALESCE(e.working_minutes, 0) AS working_minutes
FROM work_event e WHERE e.module = $1 AND e.object = $2 AND e.object_id = $3 ORDER BY e.at, e.id LIMIT 200`

	sqlHoldSample = `SELECT person_id FROM kuciniki_sample WHERE id = $1 AND ok IS NULL FOR UPDATE`

	sqlAnswerSample = `UPDATE kuciniki_sample SET ok = $2, answered_by = $3, answered_at = $4, flag_id = $5 WHERE id = $1 AND ok IS NULL`

	// Judged from the beginning, so that who did it may object, and somebody else decides.
	sqlFlagSample = `
INSERT INTO kuciniki_flag (pattern, person_id, unit_id, n, text, events, first_at, last_at, found_at, status, status_at, seq)
VALUES ($1, $2, $3, 1, $4, $5, $6, $6, $7, 'dinilai', $7, 1) RETURNING id`
)

// SampleDraws lists the draws, the latest first, for who looks after people: errs.NotFound to others.
func (m *Module) SampleDraws(ctx context.Context, a authz.Actor) (_ []SampleDraw, err error) {
	defer errs.In(&err, "evidence.SampleDraws")
	if len(overseen(a)) == 0 {
		return nil, errNotTheirs
	}
	return pg.Many[SampleDraw](ctx, m.db, sqlDraws)
}

// Samples lists what was drawn of a month in the units whose people the actor looks after,
// where open only what nobody has looked at, from after an id on; next is 0 on the last page.
// all counts the month. It is errs.NotFound to others.
func (m *Module) Samples(ctx context.Context, a authz.Actor, month Month, open bool, after int64) (list []Sample, all Looked, next int64, err error) {
	defer errs.In(&err, "evidence.Samples")
	over := overseen(a)
	if len(over) == 0 {
		return nil, all, 0, errNotTheirs
	}
	if all, err = pg.One[Looked](ctx, m.db, sqlLookedIn, over, month.Time, month.AddDate(0, 1, 0)); err != nil {
		return nil, all, 0, err
	}
	if list, err = pg.Many[Sample](ctx, m.db, sqlSamples, over, month.Time, open, after, listPage+1); len(list) > listPage {
		list = list[:listPage]
		next = list[listPage-1].ID
	}
	return list, all, next, err
}

// SampleFile is a sample with the steps of its case.
type SampleFile struct {
	Sample
	Question string // what is asked of it
	Steps    []Entry
	May      bool // the viewer may say what it shows
}

var errNoSample = errs.New(errs.NotFound, "Sampel ini tidak ada, atau bukan untuk Anda.")

// Sample shows a sample to who looks after the people of its unit; to others it is errs.NotFound.
// Whose work it is it does not say.
func (m *Module) Sample(ctx context.Context, a authz.Actor, id int64) (f SampleFile, err error) {
	defer errs.In(&err, "evidence.Sample(%d)", id)
	if f.Sample, err = pg.One[Sample](ctx, m.db, sqlSample, id, overseen(a)); err != nil {
		if errs.KindOf(err) == errs.NotFound {
			err = errNoSample
		}
		return f, err
	}
	kind, err := sampledAs(f.Module, f.Kind)
	if err != nil {
		return f, err
	}
	f.Question = kind.Question
	if f.May, err = m.outside(ctx, m.db, a, f.Sample); err != nil {
		return f, err
	}
	f.Steps, err = pg.Many[Entry](ctx, m.db, sqlCaseSteps, f.Module, f.Object, f.ObjectID)
	return f, err
}

// outside tells whether the actor is of the Inspektorat and outside the line of a sample that
// nobody has looked at.
func (m *Module) outside(ctx context.Context, q pg.Querier, a authz.Actor, s Sample) (bool, error) {
	inspects, err := pg.Scalar[bool](ctx, q, `SELECT EXISTS (SELECT FROM org_unit WHERE id = $1 AND ancestors && $2::bigint[])`, s.UnitID, a.Units(kuciniki.PermInspect))
	if err != nil || !inspects || s.Ok != nil || a.PersonID == 0 {
		return false, err
	}
	units := []int64{}
	for _, p := range a.Positions {
		units = append(units, p.UnitID)
	}
	return pg.Scalar[bool](ctx, q, sqlOutside, s.ID, a.PersonID, units, held(a))
}

// ControlLooked is what a look showed: [LookedOk], or the verdict on what was not in order.
const (
	ControlLooked = "hasil"
	LookedOk      = "sesuai"
)

// AnswerSample keeps what a look at a sample showed, once: shown is [LookedOk] or a verdict
// ([Coached], [Examined]) with words. What was not in order is a judged flag, so that whose work
// it is reads it, may object, and somebody else decides. When somebody was faster it is
// errs.Conflict, and where the actor may not it is errs.Forbidden.
func (m *Module) AnswerSample(ctx context.Context, a authz.Actor, id int64, shown, text string) (err error) {
	defer errs.In(&err, "evidence.AnswerSample(%d)", id)
	ok, verdict := shown == LookedOk, Verdict(shown)
	var wrong []errs.Field
	if !ok && verdict != Coached && verdict != Examined {
		wrong = append(wrong, errs.Field{Name: ControlLooked, Message: "Pilih salah satu."})
	}
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); !ok && (n < 20 || n > 4000) {
		wrong = append(wrong, errs.Field{Name: ControlFlagText, Message: "Tulis dalam 20 sampai 4.000 huruf: apa yang tidak sesuai, dan dari mana terlihat."})
	}
	f, err := m.Sample(ctx, a, id)
	switch {
	case err != nil:
		return err
	case f.Ok != nil:
		return errLooked
	case !f.May:
		return errs.New(errs.Forbidden, "Sampel ini diperiksa Inspektorat, oleh orang yang tidak ikut mengerjakan dan bukan atasannya.")
	case len(wrong) > 0:
		return errs.Invalid(wrong...)
	}
	at := m.clock.Now().Truncate(time.Microsecond)
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		person, err := pg.Scalar[int64](ctx, tx, sqlHoldSample, id)
		if err != nil {
			if errs.KindOf(err) == errs.NotFound {
				err = errLooked
			}
			return err
		}
		var flag *int64
		if !ok {
			made, err := m.flagSample(ctx, tx, a, f, person, verdict, text, at)
			if err != nil {
				return err
			}
			flag = &made
		}
		if err := pg.Changed(tx.Exec(ctx, sqlAnswerSample, id, ok, a.PersonID, at, flag)); err != nil {
			return err
		}
		if !ok {
			if err := recordLook(ctx, tx, a, f.Object, f.ObjectID, lookedBad, at); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, a, at, audit.Entry{Action: "kuciniki.sampel.periksa", Object: "kuciniki_sample", ObjectID: id, UnitID: f.UnitID, Detail: map[string]any{"sesuai": ok}})
	})
}

var errLooked = errs.New(errs.Conflict, "Sampel ini sudah diperiksa orang lain.")

// A look at a report of a citizen is in the ledger where it was not in order, and again where
// that was decided for who did it: such work did not last (E6). The module is that of the case.
const (
	kindLook   = "sampel"
	lookedBad  = "tidak_sesuai"
	lookedGood = "sesuai"

	sqlSampleOfFlag = `SELECT object, object_id FROM kuciniki_sample WHERE flag_id = $1`
)

// LedgerKinds lists the kinds of entries that this package leaves in the work ledger.
func LedgerKinds() []string { return []string{kindLook} }

func recordLook(ctx context.Context, tx pgx.Tx, a authz.Actor, object string, id int64, outcome string, at time.Time) error {
	if object != objectReport {
		return nil
	}
	post := a.MainPosition()
	return workledger.Record(ctx, tx, at, workledger.Event{Actor: a, Position: post, UnitID: post.UnitID, Module: "mtr", Kind: kindLook, Object: object, ObjectID: id, ThreadID: id, Outcome: outcome})
}

// recordDecided corrects the ledger where an objection to a look was decided for who did the work.
func recordDecided(ctx context.Context, tx pgx.Tx, a authz.Actor, flag int64, at time.Time) error {
	s, err := pg.One[struct {
		Object   string
		ObjectID int64
	}](ctx, tx, sqlSampleOfFlag, flag)
	if err != nil {
		return err
	}
	return recordLook(ctx, tx, a, s.Object, s.ObjectID, lookedGood, at)
}

func (m *Module) flagSample(ctx context.Context, tx pgx.Tx, a authz.Actor, f SampleFile, person int64, verdict Verdict, text string, at time.Time) (flag int64, err error) {
	events := []int64{}
	for _, e := range f.Steps[:min(len(f.Steps), listed)] {
		events = append(events, e.ID)
	}
	if flag, err = pg.Scalar[int64](ctx, tx, sqlFlagSample, NotInOrder, person, f.UnitID, CaseName(f.Object)+". "+f.Question, events, f.DoneAt, at); err != nil {
		return 0, err
	}
	if err := pg.Exec(ctx, tx, sqlSayFlag, flag, 1, JudgeFlag, verdict, m.box.Seal(text, flagContext), a.PersonID, a.MainPosition().Title, at); err != nil {
		return 0, err
	}
	return flag, m.tellFlag(ctx, tx, flag, 1, []int64{person}, "Pekerjaan Anda diundi dan diperiksa", "Ada yang tidak sesuai. Buka untuk membacanya. Anda dapat menyanggah dalam lima hari kerja.", at)
}
