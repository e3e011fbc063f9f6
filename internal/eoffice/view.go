package eoffice

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/eoffice/kind"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Detail is a letter as somebody may see it: of an envelope Content, Files and Events are
// empty.
type Detail struct {
	Case
	Kind             kind.Kind
	See              View
	Content          Content
	Copies           Copies // of a secret letter that is shown whole
	Sender           Sender // of a letter from outside
	Files            []File
	Waivers          []File // by which who only stands in signed
	Recipients       []Recipient
	RecipientActions map[int64][]Action
	Orders           []OrderView // that the reader sees, each after the one above it
	Opinions         []OpinionView
	Events           []Happening
	Links            []Reference    // what it refers to and what refers to it
	Thread           []ThreadLetter // those and all that they are tied to; empty without any
	Folders          []LetterFolder // where it lies in the archive
	Gone             *Gone          // how it was destroyed; nil: it was not
	Actions          []Action
	DeskTitle        string // where it lies
	DeskHolder       string // who sits there
	Moment           Moment
}

// Sender is who wrote a letter from outside, and how it came.
type Sender struct {
	Sender       string
	SenderNumber string
	LetterDate   *time.Time
	ReceivedOn   *time.Time
	Channel      string
	PaperPlace   string
	Other        string // its numbers in other systems
}

// Happening is an event with who did it, of the letter or of one of its recipients.
type Happening struct {
	ID       int64
	Object   string
	ObjectID int64
	Action   Action
	From, To Status
	At       time.Time
	Name     string // of who did it
	Title    string
	Seat     string
	Role     string
	Reason   string  // or the report of an order
	Words    *Words  // the same where it is not in the open
	Secrecy  Secrecy // that it brought the letter, where it did
	Whom     string  // recipient or desk that it concerns
	Stance   Stance  // of an opinion
	Cause    Cause   // of a return
}

// Reference is a letter that another one refers to, as far as the reader may know of it.
type Reference struct {
	ID      int64
	Kind    Tie
	From    bool // the other one refers to this
	Number  string
	Subject string
	Status  Status
}

// Of what happened, everybody who may see all of the letter sees how far it came at whom. How
// it came about is for who is behind it ($2), what was said at a recipient for its office ($3),
// an order and what it says for the offices that it came through ($4); why it was given back
// for who sent it too.
const sqlHappenings = `
SELECT e.id, e.object, e.object_id, e.action, e.from_status AS "from", e.to_status AS "to", e.at, COALESCE(a.name, '') AS name, e.title, e.occupancy AS seat,
	e.role, CASE WHEN s.said THEN e.reason ELSE '' END AS reason, CASE WHEN s.said THEN e.detail -> 'kata' END AS words, COALESCE(e.detail ->> 'sifat', '') AS secrecy, COALESCE(p.title, r.name, dp.title, op.title, '') AS whom, COALESCE(e.detail ->> 'pendapat', '') AS stance,
	COALESCE(e.detail ->> 'sebab', '') AS cause
FROM eoffice_event e LEFT JOIN authn_account a ON a.id = e.actor_id
LEFT JOIN eoffice_recipient r ON e.object = 'kiriman' AND r.id = e.object_id LEFT JOIN org_position p ON p.id = r.position_id
LEFT JOIN eoffice_disposition d ON e.object = 'disposisi' AND d.id = e.object_id LEFT JOIN org_position dp ON dp.id = d.to_id
LEFT JOIN eoffice_opinion o ON e.object = 'pendapat' AND o.id = e.object_id LEFT JOIN org_position op ON op.id = o.desk_id
CROSS JOIN (SELECT min(seq) AS seq FROM eoffice_event WHERE object = 'naskah' AND object_id = $1 AND to_status = 'terkirim') n
CROSS JOIN LATERAL (SELECT e.object <> 'kiriman' OR COALESCE(r.unit_id = ANY ($3), false) OR $2 AND e.action = 'kembalikan' AS said) s
WHERE e.letter_id = $1 AND CASE e.object WHEN 'disposisi' THEN e.object_id = ANY ($4) WHEN 'pendapat' THEN $2
	WHEN 'naskah' THEN $2 OR e.seq >= n.seq OR e.action IN ('ditandatangani', 'pindai') ELSE true END
ORDER BY e.id`

const sqlSenderOf = `
SELECT sender, sender_number, letter_date, received_on, channel, paper_place,
	COALESCE((SELECT string_agg(o.system || ' ' || o.number, ', ' ORDER BY o.system) FROM eoffice_other_number o WHERE o.letter_id = l.id), '') AS other
FROM eoffice_letter l WHERE id = $1`

const sqlDeskNow = `
SELECT p.title, COALESCE((SELECT string_agg(o.name, ', ' ORDER BY s.kind, o.name) FROM eoffice_seat s JOIN org_person o ON o.id = s.person_id
	WHERE s.position_id = p.id AND s.starts_at <= $2 AND (s.ends_at IS NULL OR s.ends_at > $2)), '') AS holder
FROM org_position p WHERE p.id = $1`

// Open shows a letter to somebody: what the matrix of its secrecy lets them see. Seeing
// what it says is on the audit trail, and an addressee who opens it has read it. What is
// not theirs is errs.NotFound.
func (m *Module) Open(ctx context.Context, a authz.Actor, id int64) (d Detail, err error) {
	defer errs.In(&err, "eoffice.Open(%d)", id)
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if d.Case, d.Moment, err = m.seen(ctx, tx, a, id); err != nil {
			return err
		}
		c, mo := &d.Case, d.Moment
		d.See, d.Kind.Code = c.ViewOf(mo), c.KindCode
		if k, ok := kind.ByCode(c.KindCode); ok {
			d.Kind = k
		}
		if d.See == Whole || c.ClosenessOf(mo) == Named {
			if err := m.arrivalsRead(ctx, tx, a, c, mo); err != nil {
				return err
			}
			if err := m.ordersRead(ctx, tx, a, c, mo); err != nil {
				return err
			}
		}
		switch {
		case d.See == Whole:
			err = m.inside(ctx, tx, a, &d)
		case c.ClosenessOf(mo) == Named && !c.BodyKept: // there is no more to read
			err = markRead(ctx, tx, a, c, mo.Now)
		}
		if err != nil {
			return err
		}
		if d.Recipients, err = pg.Many[Recipient](ctx, tx, sqlRecipients, id); err != nil {
			return err
		}
		d.RecipientActions = map[int64][]Action{}
		for i := range d.Recipients {
			d.RecipientActions[d.Recipients[i].ID] = RecipientActionsFor(&d.Recipients[i], mo)
		}
		if d.Sender, err = pg.One[Sender](ctx, tx, sqlSenderOf, id); err != nil {
			return err
		}
		if d.opens(mo) {
			if d.Thread, err = m.thread(ctx, tx, a, id); err != nil {
				return err
			}
			d.Links = linksOf(d.Thread, id)
		}
		if d.Folders, err = foldersOf(ctx, tx, c, mo); err != nil {
			return err
		}
		if d.Gone, err = goneOf(ctx, tx, c); err != nil {
			return err
		}
		d.Actions = ActionsFor(c, mo)
		if c.DeskID != 0 {
			at, err := pg.One[struct{ Title, Holder string }](ctx, tx, sqlDeskNow, c.DeskID, mo.Now)
			if err != nil {
				return err
			}
			d.DeskTitle, d.DeskHolder = at.Title, at.Holder
		}
		return nil
	})
	return d, err
}

// inside reads what the letter says and notes that it was read.
func (m *Module) inside(ctx context.Context, tx pgx.Tx, a authz.Actor, d *Detail) (err error) {
	if d.Content, err = m.contentOf(ctx, tx, d.ID); err != nil {
		return err
	}
	if d.Secrecy == Secret {
		if d.Copies, err = copiesOf(ctx, tx, &d.Case, d.Moment); err != nil {
			return err
		}
	}
	if d.Files, err = filesOf(ctx, tx, d.ID); err != nil {
		return err
	}
	if d.Waivers, err = waiversOf(ctx, tx, &d.Case, d.Moment); err != nil {
		return err
	}
	behind := d.Behind(d.Moment)
	seen, err := seenOrders(ctx, tx, &d.Case, d.Moment)
	if err != nil {
		return err
	}
	if d.Events, err = pg.Many[Happening](ctx, tx, sqlHappenings, d.ID, behind, seen.offices, seen.own()); err != nil {
		return err
	}
	for i, e := range d.Events {
		if e.Words == nil {
			continue
		}
		if d.Events[i].Reason, err = m.said(*e.Words); err != nil {
			return err
		}
	}
	if d.Orders, err = m.ordersOf(ctx, tx, d.ID, d.Moment, seen); err != nil {
		return err
	}
	if d.Opinions, err = m.opinionsOf(ctx, tx, d.ID, d.Moment, behind); err != nil {
		return err
	}
	if err := markRead(ctx, tx, a, &d.Case, d.Moment.Now); err != nil {
		return err
	}
	return m.read(ctx, tx, a, "open", &d.Case)
}

// seen is a letter that the actor may see at least the envelope of.
func (m *Module) seen(ctx context.Context, q pg.Querier, a authz.Actor, id int64) (c Case, mo Moment, err error) {
	if c, err = readCase(ctx, q, id, a.PersonID, m.now()); err != nil {
		return c, mo, absent(err)
	}
	if mo, err = m.moment(ctx, q, a, &c); err != nil {
		return c, mo, err
	}
	if c.ViewOf(mo) == Nothing {
		return c, mo, errNoLetter
	}
	return c, mo, nil
}

// DraftOf is a letter as its drafter may still change it, with its counter of saves. What a
// most secret one says is not in it: [Module.OpenBody] has that.
func (m *Module) DraftOf(ctx context.Context, a authz.Actor, id int64) (c Case, d Draft, err error) {
	defer errs.In(&err, "eoffice.DraftOf(%d)", id)
	c, mo, err := m.seen(ctx, m.db, a, id)
	if err != nil {
		return c, d, err
	}
	if err := Allowed(&c, mo, ActSubmit); err != nil {
		return c, d, err
	}
	if d, err = m.draftOf(ctx, m.db, id); !d.Secrecy.Kept() {
		d.Content = Content{}
	}
	return c, d, err
}

// Version is what a letter said at one time.
type Version struct {
	Version int
	At      time.Time
	Name    string
	Title   string
	Content Content  `db:"-"`
	Files   []string `db:"-"` // names of the attachments
	stored
}

const sqlVersions = `
SELECT v.version, v.at, COALESCE(a.name, '') AS name, v.title, v.subject, v.body, v.content_sealed
FROM eoffice_version v LEFT JOIN authn_account a ON a.id = v.actor_id WHERE v.letter_id = $1 ORDER BY v.version`

// Versions lists what a letter said, version by version; errs.NotFound for who may not open it
// or only got it.
func (m *Module) Versions(ctx context.Context, a authz.Actor, id int64) (_ []Version, err error) {
	defer errs.In(&err, "eoffice.Versions(%d)", id)
	c, mo, err := m.seen(ctx, m.db, a, id)
	if err != nil {
		return nil, err
	}
	if c.ViewOf(mo) != Whole || !c.Behind(mo) {
		return nil, errNoLetter
	}
	list, err := pg.Many[Version](ctx, m.db, sqlVersions, id)
	if err != nil {
		return nil, err
	}
	files, err := pg.Many[File](ctx, m.db, sqlEverFiles, id)
	if err != nil {
		return nil, err
	}
	for i, v := range list {
		list[i].Files = AttachmentsAt(files, v.At)
		if list[i].Content, err = m.opened(v.stored); err != nil {
			return nil, err
		}
	}
	return list, m.read(ctx, m.db, a, "versions", &c)
}
