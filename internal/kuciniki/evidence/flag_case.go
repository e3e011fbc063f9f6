package evidence

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Found is a flag that was kept.
type Found struct {
	ID              int64
	Pattern         Pattern
	PersonID        int64
	Name            string
	OtherID         int64 // of a pair
	Other           string
	UnitID          int64
	UnitName        string
	Ancestors       []int64
	N               int
	Text            string
	Events          []int64
	FirstAt, LastAt time.Time
	FoundAt         time.Time
	GoneAt          *time.Time
	SeenBy          []int64
	Status          FlagStatus
	StatusAt        time.Time
	Seq             int
}

// People are whom the flag is about.
func (f Found) People() []int64 {
	if f.OtherID == 0 {
		return []int64{f.PersonID}
	}
	return []int64{f.PersonID, f.OtherID}
}

// FlagWord is what somebody said of a flag.
type FlagWord struct {
	Seq        int
	Action     FlagAction
	Verdict    Verdict
	TextSealed []byte
	Text       string `db:"-"`
	PersonID   int64
	Who, Title string
	At         time.Time
}

// FlagFile is a flag with everything that was said of it and the entries behind it.
type FlagFile struct {
	Found
	Words   []FlagWord
	Steps   []Entry
	Until   time.Time // when five working days are over: of answering, or of objecting
	Self    bool
	Actions []FlagAction // what the viewer may do
}

// daysToAnswer are the working days that people have to answer, and to object.
const daysToAnswer = 5

const (
	foundColumns = `
SELECT f.id, f.pattern, f.person_id, n.name, f.other_id, COALESCE(x.name, '') AS other, f.unit_id, u.name AS unit_name, u.ancestors, f.n, f.text, f.events, f.first_at, f.last_at, f.found_at, f.gone_at,
	f.seen_by, f.status, f.status_at, f.seq
FROM kuciniki_flag f JOIN org_person n ON n.id = f.person_id JOIN org_unit u ON u.id = f.unit_id LEFT JOIN org_person x ON x.id = f.other_id `

	// Whom it is about sees it first: others once they have, or had a week.
	isSeen = `(f.seen_by @> CASE f.other_id WHEN 0 THEN ARRAY[f.person_id] ELSE ARRAY[f.person_id, f.other_id] END OR f.status <> 'ditemukan' OR f.found_at <= $2::timestamptz - interval '7 days')`

	sqlFlags = foundColumns + `
WHERE u.ancestors @> ARRAY[$1::bigint] AND ` + isSeen + ` AND f.gone_at IS NULL AND f.last_at >= $3 AND f.first_at < $4 ORDER BY f.status NOT IN ('ditemukan', 'dijawab', 'disanggah'), n.name, f.id LIMIT 500`

	sqlUnseen = `
SELECT count(*) FROM kuciniki_flag f JOIN org_unit u ON u.id = f.unit_id
WHERE u.ancestors @> ARRAY[$1::bigint] AND NOT ` + isSeen + ` AND f.gone_at IS NULL AND f.last_at >= $3 AND f.first_at < $4`

	sqlOwnFlags = foundColumns + `WHERE $1 IN (f.person_id, f.other_id) AND f.gone_at IS NULL ORDER BY f.found_at DESC, f.id DESC LIMIT 50`

	sqlFlag = foundColumns + `WHERE f.id = $1 AND ($3::bigint IN (f.person_id, f.other_id) OR u.ancestors && $4::bigint[] AND ` + isSeen + `)`

	sqlSee = `UPDATE kuciniki_flag SET seen_by = seen_by || $2::bigint WHERE id = $1 AND NOT seen_by @> ARRAY[$2::bigint]`

	sqlFlagWords = `
SELECT w.seq, w.action, w.verdict, w.text_sealed, w.person_id, n.name AS who, w.title, w.at FROM kuciniki_flag_word w JOIN org_person n ON n.id = w.person_id WHERE w.flag_id = $1 ORDER BY w.seq`

	sqlStepsOf = `
SELECT e.id, e.at, e.module, e.kind, e.object, e.object_id, COALESCE(e.thread_id, 0) AS thread_id, e.due_at, COALESCE(e.working_minutes, 0) AS working_minutes
FROM work_event e WHERE e.id = ANY ($1::bigint[]) ORDER BY e.at, e.id`

	sqlMoveFlag = `UPDATE kuciniki_flag SET status = $4, status_at = $5, seq = seq + 1 WHERE id = $1 AND status = $2 AND seq = $3`

	sqlSayFlag = `INSERT INTO kuciniki_flag_word (flag_id, seq, action, verdict, text_sealed, person_id, title, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
)

var errNoFlag = errs.New(errs.NotFound, "Pola ini tidak ada, atau bukan untuk Anda.")

// Flags lists the flags of a unit and below it of which something happened between two
// moments, those that wait for a judgement first, at most 500; and how many more those whom
// they are about are to see first. Only BKPSDM and the Inspektorat get them: errs.NotFound.
func (m *Module) Flags(ctx context.Context, a authz.Actor, unit int64, from, to time.Time) (u UnitInfo, list []Found, unseen int, err error) {
	defer errs.In(&err, "evidence.Flags(%d)", unit)
	if u, err = m.unitFor(ctx, overseen(a), unit); err != nil {
		return u, nil, 0, err
	}
	now := m.clock.Now()
	if list, err = pg.Many[Found](ctx, m.db, sqlFlags, u.ID, now, from, to); err != nil {
		return u, nil, 0, err
	}
	unseen, err = pg.Scalar[int](ctx, m.db, sqlUnseen, u.ID, now, from, to)
	return u, list, unseen, err
}

// OwnFlags lists what was found of the actor's own work, the latest first.
func (m *Module) OwnFlags(ctx context.Context, a authz.Actor) (_ []Found, err error) {
	defer errs.In(&err, "evidence.OwnFlags")
	if a.PersonID == 0 {
		return nil, nil
	}
	return pg.Many[Found](ctx, m.db, sqlOwnFlags, a.PersonID)
}

// Flag shows a flag to whom it is about and who looks after them; that the former saw it is
// noted. To others it is errs.NotFound.
func (m *Module) Flag(ctx context.Context, a authz.Actor, id int64) (f FlagFile, err error) {
	defer errs.In(&err, "evidence.Flag(%d)", id)
	if f, err = m.flagFile(ctx, m.db, a, id); err != nil {
		return f, err
	}
	if f.Self {
		if err = pg.Exec(ctx, m.db, sqlSee, id, a.PersonID); err != nil {
			return f, err
		}
	}
	f.Steps, err = pg.Many[Entry](ctx, m.db, sqlStepsOf, f.Events)
	return f, err
}

func (m *Module) flagFile(ctx context.Context, q pg.Querier, a authz.Actor, id int64) (f FlagFile, err error) {
	now := m.clock.Now()
	if a.PersonID == 0 {
		return f, errNoFlag
	}
	if f.Found, err = pg.One[Found](ctx, q, sqlFlag, id, now, a.PersonID, overseen(a)); err != nil {
		if errs.KindOf(err) == errs.NotFound {
			err = errNoFlag
		}
		return f, err
	}
	if f.Words, err = pg.Many[FlagWord](ctx, q, sqlFlagWords, id); err != nil {
		return f, err
	}
	for i := range f.Words {
		if f.Words[i].Text, err = m.box.Open(f.Words[i].TextSealed, flagContext); err != nil {
			return f, err
		}
	}
	cal, err := calendar.Load(ctx, q, f.UnitID)
	if err != nil {
		return f, err
	}
	began := f.FoundAt
	if f.Status == FlagJudged {
		began = f.StatusAt
	}
	f.Until = cal.AddWorkingDays(began, daysToAnswer)
	f.Self = slices.Contains(f.People(), a.PersonID)
	role := f.roleOf(a, now)
	for _, action := range FlagActions {
		if _, ok := f.Status.After(action, role); ok {
			f.Actions = append(f.Actions, action)
		}
	}
	return f, nil
}

func (f FlagFile) roleOf(a authz.Actor, now time.Time) FlagRole {
	said := func(action FlagAction, person int64) bool {
		return slices.ContainsFunc(f.Words, func(w FlagWord) bool { return w.Action == action && w.PersonID == person })
	}
	return FlagRole{
		About: f.Self, Over: slices.ContainsFunc(overseen(a), func(u int64) bool { return slices.Contains(f.Ancestors, u) }),
		Judged: said(JudgeFlag, a.PersonID), Late: !now.Before(f.Until),
		Silent: slices.ContainsFunc(f.People(), func(p int64) bool { return !said(AnswerFlag, p) }),
	}
}

// flagContext binds what is sealed to flags.
const flagContext = "kuciniki.pola"

// ControlFlagText and ControlVerdict are the controls of what somebody says of a flag.
const (
	ControlFlagText = "kata"
	ControlVerdict  = "putusan"
)

// SayFlag does something with a flag and keeps the words for ever. seq is what the form was
// about: when somebody was faster it is errs.Conflict, and where the actor may not do it
// errs.Forbidden; what is missing is said at its control.
func (m *Module) SayFlag(ctx context.Context, a authz.Actor, id int64, seq int, action FlagAction, verdict Verdict, text string) (err error) {
	defer errs.In(&err, "evidence.SayFlag(%d, %.10q)", id, action)
	var wrong []errs.Field
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n < 20 || n > 4000 {
		wrong = append(wrong, errs.Field{Name: ControlFlagText, Message: "Tulis dalam 20 sampai 4.000 huruf: apa yang terjadi, dan mengapa."})
	}
	judges := action == JudgeFlag || action == DecideFlag
	if judges && !slices.Contains(Verdicts, verdict) {
		wrong = append(wrong, errs.Field{Name: ControlVerdict, Message: "Pilih salah satu."})
	}
	if !judges {
		verdict = ""
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		f, err := m.flagFile(ctx, tx, a, id)
		if err != nil {
			return err
		}
		at := m.clock.Now().Truncate(time.Microsecond)
		to, ok := f.Status.After(action, f.roleOf(a, at))
		switch {
		case seq != f.Seq:
			return errFlagMoved
		case !ok:
			return errs.New(errs.Forbidden, "Ini tidak dapat dilakukan sekarang, atau bukan oleh Anda.")
		case len(wrong) > 0:
			return errs.Invalid(wrong...)
		}
		tag, err := tx.Exec(ctx, sqlMoveFlag, id, f.Status, f.Seq, to, at)
		if err != nil {
			return pg.Classify(err)
		}
		if tag.RowsAffected() == 0 {
			return errFlagMoved
		}
		if err := pg.Exec(ctx, tx, sqlSayFlag, id, f.Seq+1, action, verdict, m.box.Seal(text, flagContext), a.PersonID, a.MainPosition().Title, at); err != nil {
			return err
		}
		if f.Pattern == NotInOrder && action == DecideFlag && verdict == Innocent {
			if err := recordDecided(ctx, tx, a, id, at); err != nil {
				return err
			}
		}
		if judges {
			subject, words := "Pola pada pekerjaan Anda sudah dinilai", "Buka untuk membacanya. Anda dapat menyanggah dalam lima hari kerja."
			if action == DecideFlag {
				subject, words = "Sanggahan Anda sudah diputus", "Buka untuk membaca putusannya."
			}
			if err := m.tellFlag(ctx, tx, id, f.Seq+1, f.People(), subject, words, at); err != nil {
				return err
			}
		}
		return audit.Write(ctx, tx, a, at, audit.Entry{Action: "kuciniki.pola." + string(action), Object: "kuciniki_flag", ObjectID: id, UnitID: f.UnitID})
	})
}

var errFlagMoved = errs.New(errs.Conflict, "Sudah ada yang menulis lebih dahulu. Baca lagi, lalu tulis.")
