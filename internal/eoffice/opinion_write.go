package eoffice

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/live"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

const (
	// onOpinion is the object of an opinion's events.
	onOpinion = "pendapat"
	// opinionObject names an opinion in the trails.
	opinionObject = "eoffice_opinion"
	// maxOpinions bounds how many desks are asked about one letter.
	maxOpinions = 20
)

// Controls of the forms of opinions.
const (
	ControlAsked     = "kepada"
	ControlQuestion  = "pertanyaan"
	ControlMandatory = "wajib"
	ControlStance    = "pendapat"
	ControlRemark    = "kata"
)

// Asking is whom to ask for an opinion, about what, and until when.
type Asking struct {
	Desks     []int64 // positions
	Question  string  // up to 1000 letters, may be empty
	Due       time.Time
	Mandatory bool
}

const (
	opinionColumns = `
	o.seq, o.status, o.status_at, o.due_at, o.version, o.stance, o.words, o.words_sealed, o.answered_by, o.answered_as, o.answered_at,
	o.id, o.letter_id, o.asker_id, k.title AS asker_title, o.desk_id, d.title AS desk_title, d.unit_id AS desk_unit, u.name AS unit_name,
	o.mandatory, o.question, o.question_sealed, o.asked_at, l.status AS letter_status, l.version AS letter_version
FROM eoffice_opinion o JOIN eoffice_letter l ON l.id = o.letter_id
JOIN org_position k ON k.id = o.asker_id JOIN org_position d ON d.id = o.desk_id JOIN org_unit u ON u.id = d.unit_id`

	sqlOpinion   = `SELECT` + opinionColumns + ` WHERE o.id = $1`
	sqlOpinions  = `SELECT` + opinionColumns + ` WHERE o.letter_id = $1 AND o.status <> 'dibatalkan' AND ($2 OR o.desk_id = ANY ($3)) ORDER BY o.id`
	sqlOpinionOn = `SELECT letter_id FROM eoffice_opinion WHERE id = $1`

	sqlInsertOpinion = `
INSERT INTO eoffice_opinion (letter_id, asker_id, desk_id, mandatory, question, question_sealed, asked_at, due_at, status, status_at, seq)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $7, 1) RETURNING id`

	sqlUpdateOpinion = `
UPDATE eoffice_opinion SET seq = $3, status = $4, status_at = $5, due_at = $6, version = $7, stance = $8, words = $9, words_sealed = $10,
	answered_by = $11, answered_as = $12, answered_at = $13, reminded_at = CASE WHEN $4 = 'diminta' THEN NULL ELSE reminded_at END
WHERE id = $1 AND seq = $2`

	// Signing waits for these.
	isAwaited  = `o.mandatory AND (o.status = 'diminta' OR o.status = 'dijawab' AND o.version <> l.version)`
	sqlAwaited = `SELECT count(*)::integer FROM eoffice_opinion o JOIN eoffice_letter l ON l.id = o.letter_id WHERE o.letter_id = $1 AND ` + isAwaited
)

// MayAsk tells whether whoever acts may ask for opinions on the letter now.
func (d Detail) MayAsk() bool { return slices.Contains(d.Actions, ActConsult) }

// AskOpinions asks desks for their opinion on a letter as it says now, all at once. Each may
// open it from then on. On a confidential letter only who is named on it already is asked.
func (m *Module) AskOpinions(ctx context.Context, a authz.Actor, act Act, ask Asking) error {
	ask.Question = strings.TrimSpace(ask.Question)
	ask.Due = ask.Due.Truncate(time.Microsecond)
	slices.Sort(ask.Desks)
	ask.Desks = slices.Compact(ask.Desks)
	_, err := m.act(ctx, a, act, ActConsult, func(tx pgx.Tx, c *Case, mo Moment) (Change, error) {
		return Change{}, m.checkAsking(ctx, tx, c, mo, ask)
	}, func(tx pgx.Tx, c *Case, mo Moment, _ Event) error {
		if err := pg.Exec(ctx, tx, sqlShow, c.ID, ask.Desks, mo.Now, onOpinion); err != nil {
			return err
		}
		for _, desk := range ask.Desks {
			if err := m.askOne(ctx, tx, c, mo, ask, desk); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

const (
	sqlAskedDesks = `SELECT desk_id FROM eoffice_opinion WHERE letter_id = $1 AND status <> 'dibatalkan'`
	sqlNamed      = `SELECT position_id FROM eoffice_reader WHERE letter_id = $1`
)

// checkAsking says what is wrong with a request, at its control.
func (m *Module) checkAsking(ctx context.Context, tx pgx.Tx, c *Case, mo Moment, ask Asking) error {
	var out []errs.Field
	fail := func(name, message string) { out = append(out, errs.Field{Name: name, Message: message}) }
	asked, err := pg.Scalars[int64](ctx, tx, sqlAskedDesks, c.ID)
	if err != nil {
		return err
	}
	named, err := pg.Scalars[int64](ctx, tx, sqlNamed, c.ID)
	if err != nil {
		return err
	}
	for _, l := range c.Chain {
		named = append(named, l.PositionID)
	}
	switch {
	case len(ask.Desks) == 0:
		fail(ControlAsked, "Pilih jabatan yang dimintai pendapat.")
	case len(asked)+len(ask.Desks) > maxOpinions:
		fail(ControlAsked, fmt.Sprintf("Paling banyak %d jabatan dimintai pendapat atas satu naskah.", maxOpinions))
	}
	titles := make([]Link, len(ask.Desks))
	for i, desk := range ask.Desks {
		titles[i].PositionID = desk
	}
	if err := m.titles(ctx, tx, titles); err != nil {
		if fields := errs.FieldsOf(err); len(fields) > 0 {
			return errs.Invalid(errs.Field{Name: ControlAsked, Message: fields[0].Message})
		}
		return err
	}
	for _, t := range titles {
		switch {
		case mo.sits(t.PositionID):
			fail(ControlAsked, t.Title+" adalah jabatan Anda sendiri.")
		case slices.Contains(asked, t.PositionID):
			fail(ControlAsked, t.Title+" sudah dimintai pendapat atas naskah ini.")
		case c.Secrecy.Confidential() && !slices.Contains(named, t.PositionID):
			fail(ControlAsked, t.Title+" tidak tercantum pada naskah rahasia ini. Kembalikan kepada konseptor untuk mencantumkannya sebagai pemaraf.")
		}
	}
	empty, err := m.vacantDesks(ctx, tx, ask.Desks, mo.Now)
	if err != nil {
		return err
	}
	for _, say := range empty {
		fail(ControlAsked, say.Say+".")
	}
	if utf8.RuneCountInString(ask.Question) > 1000 {
		fail(ControlQuestion, "Paling banyak 1000 huruf.")
	}
	if err := checkDue(ask.Due, mo.Now, nil); err != nil {
		out = append(out, errs.FieldsOf(err)...)
	}
	if len(out) > 0 {
		return errs.Invalid(out...)
	}
	return nil
}

func (m *Module) askOne(ctx context.Context, tx pgx.Tx, c *Case, mo Moment, ask Asking, desk int64) error {
	question := m.words(c.Secrecy, ask.Question)
	o := Opinion{LetterID: c.ID, AskerID: c.actingSeat(mo).PositionID, DeskID: desk, Mandatory: ask.Mandatory, LetterStatus: c.Status, LetterVersion: c.Version}
	e, err := DecideOpinion(&o, mo, Intent{Action: ActAsk, Change: Change{Due: &ask.Due, Words: &question}})
	if err != nil {
		return err
	}
	o.OpinionState = ApplyOpinion(o.OpinionState, e)
	if o.ID, err = pg.Scalar[int64](ctx, tx, sqlInsertOpinion, c.ID, o.AskerID, desk, o.Mandatory, question.Text, question.Sealed, mo.Now, ask.Due, o.Status); err != nil {
		return err
	}
	return m.followOpinion(ctx, tx, &o, c, mo, e)
}

// Answer is what a desk says when it is asked.
type Answer struct {
	Stance Stance
	Words  string // 5 to 2000 letters; may be empty for who agrees
}

// Opine answers for the desk that was asked, about the content that act names, or answers
// anew. Another content is errs.Conflict with a [ChangedError].
func (m *Module) Opine(ctx context.Context, a authz.Actor, act Act, answer Answer) error {
	answer.Words = strings.TrimSpace(answer.Words)
	return m.actOnOpinion(ctx, a, act, ActOpine, func(tx pgx.Tx, c *Case, mo Moment) (ch Change, err error) {
		if act.Content != 0 && act.Content != c.Version {
			return ch, changedSince(act.Content, c.Version)
		}
		if err := wasRead(ctx, tx, a, c); err != nil {
			return ch, err
		}
		if !slices.Contains(Stances, answer.Stance) {
			return ch, errs.Invalid(errs.Field{Name: ControlStance, Message: "Pilih pendapat Anda."})
		}
		if n := utf8.RuneCountInString(answer.Words); n > 2000 || n < 5 && (n > 0 || answer.Stance != Agrees) {
			return ch, errs.Invalid(errs.Field{Name: ControlRemark, Message: "Tulis catatan atau alasannya dalam 5 sampai 2000 huruf."})
		}
		words := m.words(c.Secrecy, answer.Words)
		return Change{Version: c.Version, Content: c.ContentHash, Stance: answer.Stance, By: a.Name, Words: &words}, nil
	})
}

// AskAgain asks a desk anew whose opinion is about an earlier version.
func (m *Module) AskAgain(ctx context.Context, a authz.Actor, act Act, due time.Time) error {
	due = due.Truncate(time.Microsecond)
	return m.actOnOpinion(ctx, a, act, ActAskAgain, func(_ pgx.Tx, _ *Case, mo Moment) (Change, error) {
		return Change{Due: &due}, checkDue(due, mo.Now, nil)
	})
}

// CancelOpinion takes a request back. What was answered on an earlier version stays on record.
func (m *Module) CancelOpinion(ctx context.Context, a authz.Actor, act Act) error {
	return m.actOnOpinion(ctx, a, act, ActCancel, nil)
}

// actOnOpinion is the frame of every use case on an opinion. The letter is held first, as
// signing holds it: what is signed has the opinions that it waited for.
func (m *Module) actOnOpinion(ctx context.Context, a authz.Actor, act Act, action Action, prepare func(pgx.Tx, *Case, Moment) (Change, error)) (err error) {
	defer errs.In(&err, "eoffice.%s(opinion %d)", action, act.ID)
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		letter, err := pg.Scalar[int64](ctx, tx, sqlOpinionOn, act.ID)
		if err != nil {
			return absent(err)
		}
		c, err := lockCase(ctx, tx, letter, a.PersonID, m.now())
		if err != nil {
			return absent(err)
		}
		o, err := pg.One[Opinion](ctx, tx, sqlOpinion, act.ID)
		if err != nil {
			return absent(err)
		}
		mo, err := m.moment(ctx, tx, a, &c)
		if err != nil {
			return err
		}
		if o.RolesOf(mo) == 0 || c.ClosenessOf(mo) != Named {
			return errNoLetter
		}
		if act.Version != 0 && act.Version != o.Seq {
			return m.overtaken(ctx, tx, mo, onOpinion, o.ID, o.Status)
		}
		if _, err := cell(OpinionSteps, o.Status, action, o.RolesOf(mo), &o, mo); err != nil {
			return err
		}
		in := Intent{Action: action}
		if prepare != nil {
			if in.Change, err = prepare(tx, &c, mo); err != nil {
				return err
			}
		}
		e, err := DecideOpinion(&o, mo, in)
		if err != nil {
			return err
		}
		if action == ActOpine && o.Status == Asked {
			cal, err := calendar.Load(ctx, tx, o.DeskUnit)
			if err != nil {
				return err
			}
			e.Minutes = cal.WorkingMinutes(o.StatusAt, mo.Now)
		}
		was := o.OpinionState
		s := ApplyOpinion(was, e)
		err = pg.Changed(tx.Exec(ctx, sqlUpdateOpinion, o.ID, was.Seq, s.Seq, s.Status, s.StatusAt, s.DueAt, s.Version, s.Stance, s.Words, s.WordsSealed,
			s.AnsweredBy, s.AnsweredAs, s.AnsweredAt))
		if err != nil {
			return err
		}
		o.OpinionState = s
		if err := m.followOpinion(ctx, tx, &o, &c, mo, e); err != nil {
			return err
		}
		if action != ActOpine || was.Status != Asked {
			return nil
		}
		return workledger.Record(ctx, tx, mo.Now, opinionEntry(&o, was, &c, mo, e))
	})
}

// opinionNews are what the other side hears of an action.
var opinionNews = map[Action]string{
	ActAsk: "Pendapat Anda diminta", ActAskAgain: "Pendapat Anda diminta lagi", ActOpine: "Pendapat atas naskah Anda", ActCancel: "Permintaan pendapat ditarik",
}

// followOpinion writes what goes along with an opinion's change.
func (m *Module) followOpinion(ctx context.Context, tx pgx.Tx, o *Opinion, c *Case, mo Moment, e Event) error {
	err := pg.Exec(ctx, tx, sqlInsertEvent, o.LetterID, onOpinion, o.ID, e.Seq, e.Action, e.From, e.To, e.At, e.ActorID, e.PositionID, e.Seat, e.Title,
		e.Role, e.Minutes, e.Reason, e.Change)
	if err != nil {
		return err
	}
	err = audit.Write(ctx, tx, mo.Actor, mo.Now, audit.Entry{
		Action: "eoffice.opinion." + string(e.Action), Object: opinionObject, ObjectID: o.ID, UnitID: c.UnitID,
		Detail: map[string]any{"naskah": o.LetterID, "jabatan": o.DeskID, "wajib": o.Mandatory, "versi": o.Version, "pendapat": o.Stance},
	})
	if err != nil {
		return err
	}
	desk := o.DeskID
	if e.Action == ActOpine {
		desk = o.AskerID
	}
	if err := m.tellDesk(ctx, tx, desk, e.At, c, said{opinionNews[e.Action]}, eventKey(onOpinion, o.ID, e.Seq)); err != nil {
		return err
	}
	if err := live.Notify(ctx, tx, LiveLetter(c.ID)); err != nil {
		return err
	}
	return live.Notify(ctx, tx, LiveLetters)
}

const sqlVoided = `SELECT id, desk_id FROM eoffice_opinion WHERE letter_id = $1 AND mandatory AND status = 'dijawab' AND version = $2 - 1`

// tellVoided tells the desks whose mandatory opinions were about the version before the
// letter's that it waits for them again.
func (m *Module) tellVoided(ctx context.Context, tx pgx.Tx, c *Case, e Event) error {
	voided, err := pg.Many[struct{ ID, DeskID int64 }](ctx, tx, sqlVoided, c.ID, c.Version)
	if err != nil {
		return err
	}
	for _, o := range voided {
		key := fmt.Sprintf("eoffice:%s:%d:versi:%d", onOpinion, o.ID, c.Version)
		if err := m.tellDesk(ctx, tx, o.DeskID, e.At, c, said{"Naskah berubah, pendapat Anda diminta lagi"}, key); err != nil {
			return err
		}
	}
	return nil
}

// sqlRemind takes the opinions that are due within a day or over it, each once.
const sqlRemind = `
UPDATE eoffice_opinion o SET reminded_at = $1 FROM eoffice_letter l
WHERE l.id = o.letter_id AND o.status = 'diminta' AND o.reminded_at IS NULL AND o.due_at <= $1::timestamptz + interval '1 day'
	AND l.status IN ('verifikasi', 'menunggu_ttd')
RETURNING o.id, o.letter_id, o.desk_id, o.seq`

// RemindOpinions reminds each desk once that was asked for an opinion which is due within a
// day, and returns how many there were.
func (m *Module) RemindOpinions(ctx context.Context) (n int, err error) {
	defer errs.In(&err, "eoffice.RemindOpinions")
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		at := m.now()
		list, err := pg.Many[struct {
			ID, LetterID, DeskID int64
			Seq                  int
		}](ctx, tx, sqlRemind, at)
		if err != nil {
			return err
		}
		for _, o := range list {
			c, err := readCase(ctx, tx, o.LetterID, 0, at)
			if err != nil {
				return err
			}
			if err := m.tellDesk(ctx, tx, o.DeskID, at, &c, said{"Batas waktu pendapat Anda hampir tiba"}, eventKey(onOpinion, o.ID, o.Seq)+":ingat"); err != nil {
				return err
			}
		}
		n = len(list)
		return nil
	})
	return n, err
}

// OpinionView is an opinion as a page shows it.
type OpinionView struct {
	Opinion
	QuestionText string
	WordsText    string
	Holders      string // who sits at the desk that is asked
	Actions      []Action
}

// opinionsOf are the opinions on a letter, for who is behind it; others see what their own
// desks were asked and said.
func (m *Module) opinionsOf(ctx context.Context, q pg.Querier, letterID int64, mo Moment, behind bool) (out []OpinionView, err error) {
	list, err := pg.Many[Opinion](ctx, q, sqlOpinions, letterID, behind, desks(mo.Seats))
	if err != nil {
		return nil, err
	}
	for _, o := range list {
		v := OpinionView{Opinion: o, Actions: OpinionActionsFor(&o, mo)}
		if v.QuestionText, err = m.said(Words{o.Question, o.QuestionSealed}); err != nil {
			return nil, err
		}
		if v.WordsText, err = m.said(Words{o.Words, o.WordsSealed}); err != nil {
			return nil, err
		}
		holders, err := org.HoldersOf(ctx, q, o.DeskID, mo.Now)
		if err != nil {
			return nil, err
		}
		for i, h := range holders {
			if i > 0 {
				v.Holders += ", "
			}
			v.Holders += h.Name
		}
		out = append(out, v)
	}
	return out, nil
}
