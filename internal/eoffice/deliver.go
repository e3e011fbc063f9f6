package eoffice

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/live"
	"makassartidakrantasa.com/portal/internal/platform/numbering"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

const recipientColumns = `
	r.seq, r.status, r.status_at, COALESCE(r.agenda_year, 0) AS agenda_year, COALESCE(r.agenda_no, 0) AS agenda_no, r.sent_at, r.received_at,
	r.read_at, r.done_at, r.due_at, r.proof_key, COALESCE(r.screener_id, 0) AS screener_id, r.id, r.letter_id, r.role, COALESCE(r.unit_id, 0) AS unit_id, COALESCE(u.name, '') AS unit_name,
	COALESCE(u.ancestors, '{}') AS ancestors, COALESCE(r.position_id, 0) AS position_id, COALESCE(p.title, '') AS title, r.name, r.address,
	(SELECT count(*) FROM eoffice_disposition d WHERE d.recipient_id = r.id AND d.status <> 'dibatalkan') AS orders,
	(SELECT count(*) FROM eoffice_disposition d WHERE d.recipient_id = r.id AND ` + isOpenWork + `) AS open_orders,
	l.unit_id AS letter_unit, lu.ancestors AS letter_ancestors, l.secrecy, l.origin = 'masuk' AS outside,
	l.status IN ('dicabut', 'dimusnahkan') AS over
FROM eoffice_recipient r
JOIN eoffice_letter l ON l.id = r.letter_id JOIN org_unit lu ON lu.id = l.unit_id
LEFT JOIN org_unit u ON u.id = r.unit_id LEFT JOIN org_position p ON p.id = r.position_id`

const (
	sqlRecipients    = `SELECT` + recipientColumns + ` WHERE r.letter_id = $1 ORDER BY r.role, r.ord, r.id`
	sqlRecipient     = `SELECT` + recipientColumns + ` WHERE r.id = $1`
	sqlLockRecipient = `SELECT id FROM eoffice_recipient WHERE id = $1 FOR UPDATE`

	// Who writes about a letter keeps its secrecy from being raised until that is written.
	sqlKeepRecipientsLetter = `SELECT l.id FROM eoffice_letter l JOIN eoffice_recipient r ON r.letter_id = l.id WHERE r.id = $1 FOR SHARE OF l`

	sqlUpdateRecipient = `
UPDATE eoffice_recipient SET seq = $4, status = $5, status_at = $6, agenda_year = NULLIF($7::integer, 0), agenda_no = NULLIF($8::bigint, 0),
	sent_at = $9, received_at = $10, read_at = $11, done_at = $12, due_at = $13, proof_key = $14, screener_id = NULLIF($15::bigint, 0)
WHERE id = $1 AND status = $2 AND seq = $3`
)

// recipientObject names a recipient in the trails.
const recipientObject = "eoffice_recipient"

// actOnRecipient is the frame of every use case on a recipient, as [Module.act] is on a letter.
func (m *Module) actOnRecipient(ctx context.Context, tx pgx.Tx, a authz.Actor, id int64, action Action, reason string,
	prepare func(r *Recipient, mo Moment) (Change, error),
) (r Recipient, err error) {
	defer errs.In(&err, "eoffice.%s(recipient %d)", action, id)
	if _, err := pg.Scalar[int64](ctx, tx, sqlKeepRecipientsLetter, id); err != nil {
		return r, absent(err)
	}
	// The orders on it are counted only once it is held: who gives one holds it too.
	if _, err := pg.Scalar[int64](ctx, tx, sqlLockRecipient, id); err != nil {
		return r, absent(err)
	}
	if r, err = pg.One[Recipient](ctx, tx, sqlRecipient, id); err != nil {
		return r, err
	}
	mo := Moment{Now: m.now(), Actor: a}
	if err := mo.occupy(ctx, tx, r.Secrecy); err != nil {
		return r, err
	}
	mo = mo.doing(action)
	if r.RolesOf(mo) == 0 || r.Status == Prepared && !r.RolesOf(mo).Has(AsClerk|AsSystem) {
		return r, errNoLetter
	}
	if _, err := cell(RecipientSteps, r.Status, action, r.RolesOf(mo), &r, mo); err != nil {
		return r, err
	}
	unit := r.UnitID
	if unit == 0 {
		unit = r.LetterUnit
	}
	if mo.Cal, err = calendar.Load(ctx, tx, unit); err != nil {
		return r, err
	}
	if err := checkReason(action, reason); err != nil {
		return r, err
	}
	in := Intent{Action: action}
	if prepare != nil {
		if in.Change, err = prepare(&r, mo); err != nil {
			return r, err
		}
	}
	m.explain(&in, r.Secrecy, reason)
	e, err := DecideRecipient(&r, mo, in)
	if err != nil {
		return r, err
	}
	if a.IsStaff() {
		e.Minutes = mo.Cal.WorkingMinutes(r.StatusAt, mo.Now)
	}
	was := r.RecipientState
	r.RecipientState = ApplyRecipient(was, e)
	n := r.RecipientState
	err = pg.Changed(tx.Exec(ctx, sqlUpdateRecipient, id, was.Status, was.Seq, n.Seq, n.Status, n.StatusAt, n.AgendaYear, n.AgendaNo, n.SentAt,
		n.ReceivedAt, n.ReadAt, n.DoneAt, n.DueAt, n.ProofKey, n.ScreenerID))
	if err != nil {
		return r, err
	}
	err = pg.Exec(ctx, tx, sqlInsertEvent, r.LetterID, onRecipient, r.ID, e.Seq, e.Action, e.From, e.To, e.At, e.ActorID, e.PositionID, e.Seat,
		e.Title, e.Role, e.Minutes, e.Reason, e.Change)
	if err != nil {
		return r, err
	}
	err = audit.Write(ctx, tx, a, mo.Now, audit.Entry{Action: "eoffice.recipient." + string(action), Object: recipientObject, ObjectID: r.ID, UnitID: unit,
		Detail: map[string]any{"naskah": r.LetterID, "dari": e.From, "ke": e.To}})
	if err != nil {
		return r, err
	}
	if work, ok := recipientEntry(&r, was, unit, mo, e); ok {
		if err := workledger.Record(ctx, tx, mo.Now, work); err != nil {
			return r, err
		}
	}
	if err := m.tellWatchers(ctx, tx, r.LetterID, onRecipient, r.ID, e, r.Label()); err != nil {
		return r, err
	}
	if err := live.Notify(ctx, tx, LiveLetter(r.LetterID)); err != nil {
		return r, err
	}
	return r, live.Notify(ctx, tx, LiveLetters)
}

// afterSigned finds the letter's words and, where the office wants it so, sends it.
func (m *Module) afterSigned(ctx context.Context, tx pgx.Tx, c *Case, mo Moment) error {
	if err := m.index(ctx, tx, c); err != nil {
		return err
	}
	office, err := officeOf(ctx, tx, c.UnitID)
	if err != nil || !office.AutoSend || c.Secrecy.Confidential() {
		return err
	}
	all, err := pg.Many[Recipient](ctx, tx, sqlRecipients, c.ID)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.UnitID == 0 {
			return nil // tata usaha puts it into an envelope
		}
	}
	_, err = m.actIn(ctx, tx, authz.System("e-office"), Act{ID: c.ID}, ActSend, nil, m.deliver(ctx, authz.System("e-office")))
	return err
}

const sqlWasSent = `SELECT sent_at IS NOT NULL FROM eoffice_letter WHERE id = $1`

// WasSent tells whether a letter is on its way to its recipients, for who has just signed it.
func (m *Module) WasSent(ctx context.Context, id int64) (_ bool, err error) {
	defer errs.In(&err, "eoffice.WasSent(%d)", id)
	return pg.Scalar[bool](ctx, m.db, sqlWasSent, id)
}

// Send sends a signed letter to all its recipients.
func (m *Module) Send(ctx context.Context, a authz.Actor, act Act) (Case, error) {
	return m.act(ctx, a, act, ActSend, nil, m.deliver(ctx, a))
}

// deliver brings a letter that is sent to each recipient, and ends those that it revokes.
func (m *Module) deliver(ctx context.Context, a authz.Actor) func(pgx.Tx, *Case, Moment, Event) error {
	return func(tx pgx.Tx, c *Case, mo Moment, _ Event) error {
		all, err := pg.Many[Recipient](ctx, tx, sqlRecipients, c.ID)
		if err != nil {
			return err
		}
		for _, r := range all {
			action := ActDeliver
			if r.UnitID == 0 {
				action = ActPost
			}
			r, err := m.actOnRecipient(ctx, tx, a, r.ID, action, "", func(r *Recipient, at Moment) (ch Change, err error) {
				at.Pace = mo.Pace
				due := at.due(mo.Pace.ActionMinutes)
				if !r.Copy() && action == ActDeliver {
					ch.Due = &due
				}
				ch.Screen, err = screenerOf(ctx, tx, r, at.Now)
				return ch, err
			})
			if err != nil {
				return err
			}
			if r.PositionID != 0 {
				if err := m.reached(ctx, tx, c, r, mo.Now); err != nil {
					return err
				}
			}
		}
		return m.revoke(ctx, tx, c)
	}
}

// agendaSeries counts what an office takes in.
func agendaSeries(unitID int64) string { return fmt.Sprintf("agenda:%d", unitID) }

// agenda is the number of the agenda that a recipient gets, unless it has one.
func (m *Module) agenda(ctx context.Context, tx pgx.Tx) func(*Recipient, Moment) (Change, error) {
	return func(r *Recipient, mo Moment) (ch Change, err error) {
		if r.AgendaNo != 0 {
			return ch, nil
		}
		ch.Year = mo.Now.In(clock.Makassar).Year()
		ch.No, err = numbering.Next(ctx, tx, agendaSeries(r.UnitID), ch.Year)
		return ch, err
	}
}

// TakeIn writes a letter that arrived into the agenda of its office and returns its number.
func (m *Module) TakeIn(ctx context.Context, a authz.Actor, recipientID int64) (no int64, err error) {
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		r, err := m.actOnRecipient(ctx, tx, a, recipientID, ActTakeIn, "", m.agenda(ctx, tx))
		no = r.AgendaNo
		return err
	})
	return no, err
}

// GiveBack returns a letter that is not for this office, with a reason; only before there
// is an order on it. Its sender may send it again.
func (m *Module) GiveBack(ctx context.Context, a authz.Actor, recipientID int64, reason string) error {
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if n := len([]rune(strings.TrimSpace(reason))); n < 5 || n > 500 {
			return errs.Invalid(errs.Field{Name: ControlReason, Message: "Tulis alasannya dalam 5 sampai 500 huruf."})
		}
		_, err := m.actOnRecipient(ctx, tx, a, recipientID, ActGiveBack, reason, nil)
		return err
	})
}

// Resend sends a letter that came back to the same recipient once more.
func (m *Module) Resend(ctx context.Context, a authz.Actor, recipientID int64) error {
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		r, err := m.actOnRecipient(ctx, tx, a, recipientID, ActResend, "", func(r *Recipient, mo Moment) (ch Change, err error) {
			ch.Screen, err = screenerOf(ctx, tx, r, mo.Now)
			return ch, err
		})
		if err != nil {
			return err
		}
		c, err := readCase(ctx, tx, r.LetterID, a.PersonID, m.now())
		if err != nil {
			return err
		}
		return m.reached(ctx, tx, &c, r, m.now())
	})
}

// Finish ends what a letter asked of its addressee; open orders forbid it.
func (m *Module) Finish(ctx context.Context, a authz.Actor, recipientID int64, note string) error {
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if len([]rune(note)) > 500 {
			return errs.Invalid(errs.Field{Name: ControlReason, Message: "Catatan paling banyak 500 huruf."})
		}
		_, err := m.actOnRecipient(ctx, tx, a, recipientID, ActFinish, note, nil)
		return err
	})
}

const sqlMyArrivals = `
SELECT r.id FROM eoffice_recipient r WHERE r.letter_id = $1 AND r.position_id = ANY($2) AND r.status IN ('terkirim', 'diterima') ORDER BY r.id`

// arrivalsRead notes that an addressee has had the letter open. A letter that its tata usaha had
// not taken in yet gets its agenda number with it.
func (m *Module) arrivalsRead(ctx context.Context, tx pgx.Tx, a authz.Actor, c *Case, mo Moment) error {
	ids, err := pg.Scalars[int64](ctx, tx, sqlMyArrivals, c.ID, desks(mo.Seats))
	if err != nil {
		return err
	}
	for _, id := range ids {
		_, err := m.actOnRecipient(ctx, tx, a, id, ActOpen, "", func(r *Recipient, mo Moment) (Change, error) {
			if r.Copy() {
				return Change{}, nil
			}
			return m.agenda(ctx, tx)(r, mo)
		})
		if err != nil && errs.KindOf(err) != errs.Conflict { // another tab was first
			return err
		}
	}
	return nil
}
