package letter

import (
	"context"
	"strconv"
	"time"

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

// object names a letter in the trails and to notify.
const object = "epemerintahan_letter"

// LiveLetters is the topic that every change of a letter announces, beside the
// letter's own.
const LiveLetters = "epemerintahan.letters"

// LiveLetter is the topic of one letter.
func LiveLetter(id int64) string { return "epemerintahan.letter." + strconv.FormatInt(id, 10) }

var errNoLetter = errs.New(errs.NotFound, "Surat ini tidak ada di wilayah Anda.")

// caller is who asks for an act on which letter.
type caller struct {
	actor     authz.Actor
	neighbour bool // came by the secret link
	id        int64
	version   int // 0 = whatever it is now
	proved    Role
}

func staff(a authz.Actor, act Act) caller { return caller{actor: a, id: act.ID, version: act.Version} }

// act is the frame of every use case on a letter: one transaction in which the row is
// locked, the decision made, and row, event, audit entry, ledger entry, messages and
// announcement written. prepare says what the action brings; it runs after the right
// to act is established, so its errors tell outsiders nothing. after runs with the
// event written.
func (m *Module) act(ctx context.Context, who caller, action Action,
	prepare func(tx pgx.Tx, c *Case, mo Moment) (Intent, error),
	after func(tx pgx.Tx, c *Case, e Event) error,
) (c Case, err error) {
	defer errs.In(&err, "letter.%s(%d)", action, who.id)
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) (err error) {
		if c, err = lockCase(ctx, tx, who.id); err != nil {
			return absent(err)
		}
		mo, err := m.moment(ctx, tx, who, &c)
		if err != nil {
			return err
		}
		if c.RolesOf(mo) == 0 {
			return errNoLetter
		}
		if who.version != 0 && who.version != c.Seq {
			return m.faster(ctx, tx, mo, &c)
		}
		if err := Allowed(&c, mo, action); err != nil {
			if _, known := Steps[c.Status][action]; !known {
				return m.faster(ctx, tx, mo, &c)
			}
			return err
		}
		in := Intent{}
		if prepare != nil {
			if in, err = prepare(tx, &c, mo); err != nil {
				return err
			}
		}
		in.Action = action
		e, err := Decide(&c, mo, in)
		if err != nil {
			return err
		}
		next := Apply(c.State, e)
		if err := saveState(ctx, tx, c.ID, c.State, next); err != nil {
			return err
		}
		return m.follow(ctx, tx, &c, next, mo, e, after)
	})
	return c, err
}

// absent makes what is not there the reader's sentence.
func absent(err error) error {
	if err != nil && errs.KindOf(err) == errs.NotFound {
		return errNoLetter
	}
	return err
}

// moment of an act on a letter: the calendar is that of its kelurahan.
func (m *Module) moment(ctx context.Context, q pg.Querier, who caller, c *Case) (mo Moment, err error) {
	mo = Moment{Now: m.now(), Actor: who.actor, Neighbour: who.neighbour, Proved: who.proved}
	k, err := m.kindOf(ctx, q, c.KindVersionID)
	if err != nil {
		return mo, err
	}
	mo.Promised, mo.ValidDays, mo.Effect = k.ServiceMinutes, k.ValidDays, k.Effect
	if mo.Cal, err = calendar.Load(ctx, q, c.KelurahanID); err != nil {
		return mo, err
	}
	mo.Heads, err = m.heads(ctx, q, who.actor, c, mo.Now)
	return mo, err
}

// heads are the offices over a letter that the actor decides for now.
func (m *Module) heads(ctx context.Context, q pg.Querier, a authz.Actor, c *Case, at time.Time) (r Role, err error) {
	if a.PersonID == 0 || !a.HasIn(PermSign, c.Ancestors) {
		return 0, nil
	}
	for unit, role := range map[int64]Role{c.KelurahanID: AsLurah, c.KecamatanID: AsCamat} {
		h, err := org.Head(ctx, q, unit, at)
		switch {
		case err == nil && h.PersonID == a.PersonID:
			r |= role
		case err != nil && errs.KindOf(err) != errs.NotFound:
			return r, err
		}
	}
	return r, nil
}

const sqlLastDoer = `
SELECT e.actor_role AS role, e.title, COALESCE(a.name, '') AS name, COALESCE(e.actor_id, 0) AS actor_id
FROM epemerintahan_letter_event e LEFT JOIN authn_account a ON a.id = e.actor_id
WHERE e.letter_id = $1 ORDER BY e.seq DESC LIMIT 1`

// faster says who was: errs.Conflict.
func (m *Module) faster(ctx context.Context, q pg.Querier, mo Moment, c *Case) error {
	last, err := pg.One[struct {
		Role, Title, Name string
		ActorID           int64
	}](ctx, q, sqlLastDoer, c.ID)
	if err != nil {
		return err
	}
	who := last.Name
	switch {
	case last.ActorID != 0 && last.ActorID == mo.Actor.AccountID:
		who = "Anda sendiri"
	case last.Role == AsSystem.String():
		who = "Portal"
	case last.Role == AsNeighbour.String():
		who = "Ketua RT/RW"
	case last.Role == AsApplicant.String():
		who = "Pemohon"
	case last.Title != "":
		who += " (" + last.Title + ")"
	}
	return errs.New(errs.Conflict, who+" lebih dahulu mengubah surat ini: sekarang "+c.Status.Label()+
		". Muat ulang halaman, lalu putuskan lagi bila masih perlu.")
}

// follow writes what goes along with the row's change from c to next.
func (m *Module) follow(ctx context.Context, tx pgx.Tx, c *Case, next State, mo Moment, e Event, after func(pgx.Tx, *Case, Event) error) error {
	if err := insertEvent(ctx, tx, c.ID, e); err != nil {
		return err
	}
	if err := m.trace(ctx, tx, c, mo, e); err != nil {
		return err
	}
	c.State = next
	if after != nil {
		if err := after(tx, c, e); err != nil {
			return err
		}
	}
	if err := m.tell(ctx, tx, c, e); err != nil {
		return err
	}
	if err := live.Notify(ctx, tx, LiveLetter(c.ID)); err != nil {
		return err
	}
	return live.Notify(ctx, tx, LiveLetters)
}

// read notes that personal data in a letter was looked at. What cannot be written
// down is not shown.
func (m *Module) read(ctx context.Context, q pg.Querier, a authz.Actor, verb string, c *Case, detail map[string]any) error {
	return audit.Write(ctx, q, a, m.now(), audit.Entry{
		Action: "epemerintahan.letter." + verb, Object: object, ObjectID: c.ID, UnitID: c.KelurahanID, Detail: detail,
	})
}

const sqlWaitedSince = `
SELECT at FROM epemerintahan_letter_event
WHERE letter_id = $1 AND to_status IN ('menunggu_ttd', 'menunggu_camat') ORDER BY seq DESC LIMIT 1`

// trace writes the audit entry and, for work, the ledger entry.
func (m *Module) trace(ctx context.Context, tx pgx.Tx, c *Case, mo Moment, e Event) error {
	err := audit.Write(ctx, tx, mo.Actor, mo.Now, audit.Entry{
		Action: "epemerintahan.letter." + string(e.Action), Object: object, ObjectID: c.ID, UnitID: c.KelurahanID,
		Detail: map[string]any{"jenis": c.KindCode, "dari": e.From, "ke": e.To, "penduduk": c.ResidentID},
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
	work, ok := ledgerEntry(c, mo, e, since)
	if !ok {
		return nil
	}
	return workledger.Record(ctx, tx, mo.Now, work)
}
