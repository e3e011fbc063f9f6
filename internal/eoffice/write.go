package eoffice

import (
	"cmp"
	"context"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/live"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/workledger"
)

// object names a letter in the trails and to notify.
const object = "eoffice_letter"

// LiveLetters is the topic that every change of a letter announces, beside the letter's own.
const LiveLetters = "eoffice.letters"

// LiveLetter is the topic of one letter.
func LiveLetter(id int64) string { return "eoffice.letter." + strconv.FormatInt(id, 10) }

var errNoLetter = errs.New(errs.NotFound, "Naskah ini tidak ada di meja Anda.")

// Act is who does something to which letter as they saw it.
type Act struct {
	ID      int64
	Version int // number of the last event that was shown; 0 = whatever it is now
	Content int // version of the content that was shown; 0 likewise
	Reason  string
	Cause   Cause // of a return; "": Faulty
}

// act is the frame of every use case on a letter: one transaction in which the row is
// locked, the decision made, and row, event, readers, audit entry, ledger entry, messages
// and announcement written. prepare says what the action brings; it runs after the right to
// act is established. after runs with the event written.
func (m *Module) act(ctx context.Context, a authz.Actor, act Act, action Action,
	prepare func(tx pgx.Tx, c *Case, mo Moment) (Change, error),
	after func(tx pgx.Tx, c *Case, mo Moment, e Event) error,
) (c Case, err error) {
	defer errs.In(&err, "eoffice.%s(%d)", action, act.ID)
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		c, err = m.actIn(ctx, tx, a, act, action, prepare, after)
		return err
	})
	return c, err
}

func (m *Module) actIn(ctx context.Context, tx pgx.Tx, a authz.Actor, act Act, action Action,
	prepare func(tx pgx.Tx, c *Case, mo Moment) (Change, error),
	after func(tx pgx.Tx, c *Case, mo Moment, e Event) error,
) (c Case, err error) {
	at := m.now()
	if c, err = lockCase(ctx, tx, act.ID, a.PersonID, at); err != nil {
		return c, absent(err)
	}
	mo, err := m.moment(ctx, tx, a, &c)
	if err != nil {
		return c, err
	}
	if a.Kind != authz.Machine && c.ViewOf(mo) == Nothing {
		return c, errNoLetter
	}
	if act.Version != 0 && act.Version != c.Seq {
		return c, m.faster(ctx, tx, mo, &c)
	}
	if err := Allowed(&c, mo, action); err != nil {
		if _, known := LetterSteps[c.Status][action]; !known {
			return c, m.faster(ctx, tx, mo, &c)
		}
		return c, err
	}
	if act.Content != 0 && act.Content != c.Version {
		return c, changedSince(act.Content, c.Version)
	}
	if err := checkReason(action, act.Reason); err != nil {
		return c, err
	}
	in := Intent{Action: action}
	if prepare != nil {
		if in.Change, err = prepare(tx, &c, mo); err != nil {
			return c, err
		}
	}
	if a.Kind == authz.Machine { // says nothing of what is in it
		in.Reason = act.Reason
	} else {
		m.explain(&in, cmp.Or(in.Change.Secrecy, c.Secrecy), act.Reason)
	}
	e, err := Decide(&c, mo, in)
	if err != nil {
		return c, err
	}
	if a.Kind != authz.Machine {
		e.Minutes = mo.Cal.WorkingMinutes(c.StatusAt, mo.Now)
	}
	next := Apply(c.State, c.DrafterID, e)
	if err := saveState(ctx, tx, c.ID, c.State, next, mo.Now); err != nil {
		return c, err
	}
	return c, m.follow(ctx, tx, &c, next, mo, e, after)
}

// absent makes what is not there the reader's sentence.
func absent(err error) error {
	if err != nil && errs.KindOf(err) == errs.NotFound {
		return errNoLetter
	}
	return err
}

// ChangedError is a letter whose content changed since it was shown: errs.Conflict, with
// the versions between which the difference is.
type ChangedError struct{ Shown, Now int }

func (e *ChangedError) Error() string {
	return "content changed from " + strconv.Itoa(e.Shown) + " to " + strconv.Itoa(e.Now)
}

func changedSince(shown, now int) error {
	return errs.Wrap(errs.Conflict, &ChangedError{shown, now},
		"Isi naskah berubah sejak Anda buka. Lihat perubahannya, lalu putuskan lagi.")
}

// ControlReason is the control of a reason.
const ControlReason = "alasan"

func checkReason(action Action, reason string) error {
	if !action.NeedsReason() {
		return nil
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(reason)); n < 5 || n > 500 {
		return errs.Invalid(errs.Field{Name: ControlReason, Message: "Tulis alasannya dalam 5 sampai 500 huruf."})
	}
	return nil
}

const sqlPace = `SELECT code, step_minutes, dispatch_minutes, action_minutes, around_the_clock FROM eoffice_urgency WHERE code = $1`

// moment of an act on a letter: the calendar is that of its office.
func (m *Module) moment(ctx context.Context, q pg.Querier, a authz.Actor, c *Case) (mo Moment, err error) {
	mo = Moment{Now: m.now(), Actor: a}
	if err := mo.occupy(ctx, q, c.Secrecy); err != nil {
		return mo, err
	}
	if mo.Pace, err = pg.One[Pace](ctx, q, sqlPace, c.Urgency); err != nil {
		return mo, err
	}
	mo.Cal, err = calendar.Load(ctx, q, c.UnitID)
	return mo, err
}

const sqlLastDoer = `
SELECT e.role, e.title, COALESCE(a.name, '') AS name, COALESCE(e.actor_id, 0) AS actor_id
FROM eoffice_event e LEFT JOIN authn_account a ON a.id = e.actor_id
WHERE e.object = $1 AND e.object_id = $2 ORDER BY e.seq DESC LIMIT 1`

// faster says who was: errs.Conflict.
func (m *Module) faster(ctx context.Context, q pg.Querier, mo Moment, c *Case) error {
	return m.overtaken(ctx, q, mo, onLetter, c.ID, c.Status)
}

// overtaken says who acted first on a letter, a recipient or an order, and where it stands
// now: errs.Conflict.
func (m *Module) overtaken(ctx context.Context, q pg.Querier, mo Moment, object string, id int64, now Status) error {
	last, err := pg.One[struct {
		Role, Title, Name string
		ActorID           int64
	}](ctx, q, sqlLastDoer, object, id)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return err
	}
	who := "Orang lain"
	switch {
	case err != nil:
	case last.ActorID != 0 && last.ActorID == mo.Actor.AccountID:
		who = "Anda sendiri"
	case last.Role == AsSystem.String():
		who = "Portal"
	default:
		who = last.Name + " (" + last.Title + ")"
	}
	what := "naskah"
	switch object {
	case onDisposition:
		what = "disposisi"
	case onOpinion:
		what = "permintaan pendapat"
	}
	return errs.New(errs.Conflict, who+" lebih dahulu menangani "+what+" ini: sekarang "+now.Label()+
		". Muat ulang halaman, lalu putuskan lagi bila masih perlu.")
}

// follow writes what goes along with the row's change from c to next.
func (m *Module) follow(ctx context.Context, tx pgx.Tx, c *Case, next State, mo Moment, e Event, after func(pgx.Tx, *Case, Moment, Event) error) error {
	if err := insertEvent(ctx, tx, c.ID, e); err != nil {
		return err
	}
	if next.DeskID != 0 && next.DeskID != c.DeskID {
		if err := pg.Exec(ctx, tx, sqlShow, c.ID, []int64{next.DeskID}, mo.Now, "rantai"); err != nil {
			return err
		}
	}
	if err := m.trace(ctx, tx, c, mo, e); err != nil {
		return err
	}
	c.State = next
	if after != nil {
		if err := after(tx, c, mo, e); err != nil {
			return err
		}
	}
	if err := m.tell(ctx, tx, c, e); err != nil {
		return err
	}
	if err := m.tellWatchers(ctx, tx, c.ID, onLetter, c.ID, e, ""); err != nil {
		return err
	}
	if err := live.Notify(ctx, tx, LiveLetter(c.ID)); err != nil {
		return err
	}
	return live.Notify(ctx, tx, LiveLetters)
}

// read notes that what a letter says was looked at. What cannot be written down is not
// shown.
func (m *Module) read(ctx context.Context, q pg.Querier, a authz.Actor, verb string, c *Case) error {
	return audit.Write(ctx, q, a, m.now(), audit.Entry{
		Action: "eoffice.letter." + verb, Object: object, ObjectID: c.ID, UnitID: c.UnitID, Detail: map[string]any{"sifat": c.Secrecy},
	})
}

const sqlWaitedSince = `
SELECT e.at FROM eoffice_event e WHERE ` + cameToSign + ` ORDER BY e.seq DESC LIMIT 1`

// trace writes the audit entry and, for work, the ledger entry.
func (m *Module) trace(ctx context.Context, tx pgx.Tx, c *Case, mo Moment, e Event) error {
	err := audit.Write(ctx, tx, mo.Actor, mo.Now, audit.Entry{
		Action: "eoffice.letter." + string(e.Action), Object: object, ObjectID: c.ID, UnitID: c.UnitID,
		Detail: map[string]any{"jenis": c.KindCode, "dari": e.From, "ke": e.To, "sifat": c.Secrecy, "versi": c.Version},
	})
	if err != nil {
		return err
	}
	since := c.StatusAt
	switch {
	case e.From == "":
		since = mo.Now
	case e.Action == ActSigned: // not since the portal began to work, but since it lay there
		if since, err = pg.Scalar[time.Time](ctx, tx, sqlWaitedSince, c.ID); err != nil {
			return err
		}
	}
	work, ok := letterEntry(c, mo, e, since)
	if !ok {
		return nil
	}
	return workledger.Record(ctx, tx, mo.Now, work)
}
