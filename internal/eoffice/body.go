package eoffice

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// ControlKeepBodies is the control of the city's word about the most secret letters.
const ControlKeepBodies = "simpan_isi"

// BodyOpenFor is how long who proved once more who they are may open the bodies of most
// secret letters.
const BodyOpenFor = 10 * time.Minute

const (
	sqlKeepsBodies   = `SELECT keep_most_secret FROM eoffice_city`
	sqlSetKeepBodies = `UPDATE eoffice_city SET keep_most_secret = $1`
	sqlBody          = `SELECT subject, body, content_sealed FROM eoffice_letter WHERE id = $1`
)

// KeepsBodies tells whether the city keeps what its most secret letters say. They are paper
// otherwise.
func (m *Module) KeepsBodies(ctx context.Context) (_ bool, err error) {
	defer errs.In(&err, "eoffice.KeepsBodies")
	return pg.Scalar[bool](ctx, m.db, sqlKeepsBodies)
}

// SetKeepBodies turns that on or off, for who sets what holds for the city. What is kept
// already stays under seal when it is turned off, and nobody opens it until it is on again.
func (m *Module) SetKeepBodies(ctx context.Context, a authz.Actor, keep bool) (err error) {
	defer errs.In(&err, "eoffice.SetKeepBodies")
	return m.setting(ctx, a, "eoffice.secrecy", map[string]any{"simpan_sr": keep}, func(tx pgx.Tx) error {
		return pg.Exec(ctx, tx, sqlSetKeepBodies, keep)
	})
}

// keepBody keeps what the draft of a most secret letter says, where the city does.
func (m *Module) keepBody(ctx context.Context, q pg.Querier, d *Draft) (st stored, err error) {
	keeps, err := pg.Scalar[bool](ctx, q, sqlKeepsBodies)
	if err != nil || !keeps {
		d.Content = Content{}
	}
	if err != nil || d.Content == (Content{}) {
		return st, err
	}
	b, err := json.Marshal(d.Content)
	return stored{ContentSealed: m.box.Seal(string(b), sealContent)}, err
}

// OpensBody tells whether somebody may open what a most secret letter says, where it is kept:
// who holds a desk that had it, by right and not standing in, and who writes it.
func (c *Case) OpensBody(mo Moment) bool {
	writes := (c.Status == Drafting || c.Status == Mending) && c.DraftedBy == mo.Actor.AccountID && mo.sits(c.DrafterID)
	return c.BodyKept && mo.Actor.IsStaff() && (c.ReaderSince != nil || writes)
}

// Body is what a most secret letter says, for one reader to look at.
type Body struct {
	Case
	Content Content
	Copies  Copies
	Moment  Moment
}

var errNotOpened = errs.New(errs.Forbidden, "Isi naskah sangat rahasia hanya dibuka oleh pemegang jabatan yang disebut di dalamnya.")

// MayOpenBody refuses as [Module.OpenBody] does, and opens nothing.
func (m *Module) MayOpenBody(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "eoffice.MayOpenBody(%d)", id)
	c, mo, err := m.seen(ctx, m.db, a, id)
	if err == nil && !c.OpensBody(mo) {
		err = errNotOpened
	}
	return err
}

// OpenBody shows what a most secret letter says, where the city keeps that. It is the only way
// to it. Whoever calls it has had the actor prove within [BodyOpenFor] who they are. It is
// audited, and who opened it has read the letter. Who may see no more than the envelope gets
// errs.Forbidden.
func (m *Module) OpenBody(ctx context.Context, a authz.Actor, id int64) (b Body, err error) {
	defer errs.In(&err, "eoffice.OpenBody(%d)", id)
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if b.Case, b.Moment, err = m.seen(ctx, tx, a, id); err != nil {
			return err
		}
		if !b.OpensBody(b.Moment) {
			return errNotOpened
		}
		st, err := pg.One[stored](ctx, tx, sqlBody, id)
		if err != nil {
			return err
		}
		if b.Content, err = m.opened(st); err != nil {
			return err
		}
		if b.Copies, err = copiesOf(ctx, tx, &b.Case, b.Moment); err != nil {
			return err
		}
		if err := markRead(ctx, tx, a, &b.Case, b.Moment.Now); err != nil {
			return err
		}
		return m.read(ctx, tx, a, "body", &b.Case)
	})
	return b, err
}
