package eoffice

import (
	"context"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// ControlScreener is the control of who screens what comes for the head of an office.
const ControlScreener = "penyaring"

// Who screens a letter: the desk that the office named, for its head, while somebody sits
// there.
const sqlScreener = `
SELECT COALESCE((SELECT o.screener_id FROM eoffice_office o JOIN org_position p ON p.id = $2 AND p.kind = 'kepala' AND p.unit_id = o.unit_id
	WHERE o.unit_id = $1 AND o.screener_id <> $2 AND EXISTS (SELECT FROM eoffice_seat s
		WHERE s.position_id = o.screener_id AND s.starts_at <= $3 AND (s.ends_at IS NULL OR s.ends_at > $3))), 0)`

// screenerOf is the desk that screens a letter before its addressee, 0 when none does: what
// is confidential goes to the addressee alone, and copies are no work.
func screenerOf(ctx context.Context, q pg.Querier, r *Recipient, at time.Time) (int64, error) {
	if r.Copy() || r.UnitID == 0 || r.Secrecy.Confidential() {
		return 0, nil
	}
	return pg.Scalar[int64](ctx, q, sqlScreener, r.UnitID, r.PositionID, at)
}

// reached shows a letter that came to a desk and tells who has to do something: who screens
// it, else the addressee and their deputies.
func (m *Module) reached(ctx context.Context, tx pgx.Tx, c *Case, r Recipient, at time.Time) error {
	if err := pg.Exec(ctx, tx, sqlShow, c.ID, []int64{r.PositionID}, at, r.Role); err != nil {
		return err
	}
	key := eventKey(onRecipient, r.ID, r.Seq)
	if r.ScreenerID != 0 {
		if err := pg.Exec(ctx, tx, sqlShow, c.ID, []int64{r.ScreenerID}, at, "penyaring"); err != nil {
			return err
		}
		return m.tellDesk(ctx, tx, r.ScreenerID, at, c, said{"Perlu disaring"}, key)
	}
	if err := m.tellDeputies(ctx, tx, r.PositionID, at, c, arrived(c, r), key); err != nil {
		return err
	}
	return m.tellDesk(ctx, tx, r.PositionID, at, c, arrived(c, r), key)
}

// Screen passes a letter on to the head for whom it is, with a note of at most 500 letters.
func (m *Module) Screen(ctx context.Context, a authz.Actor, recipientID int64, note string) (err error) {
	defer errs.In(&err, "eoffice.Screen(%d)", recipientID)
	if utf8.RuneCountInString(note) > 500 {
		return errs.Invalid(errs.Field{Name: ControlReason, Message: "Catatan paling banyak 500 huruf."})
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error { return m.screen(ctx, tx, a, recipientID, note) })
}

func (m *Module) screen(ctx context.Context, tx pgx.Tx, a authz.Actor, recipientID int64, note string) error {
	r, err := m.actOnRecipient(ctx, tx, a, recipientID, ActScreen, note, nil)
	if err != nil {
		return err
	}
	c, err := readCase(ctx, tx, r.LetterID, a.PersonID, m.now())
	if err != nil {
		return err
	}
	return m.reached(ctx, tx, &c, r, m.now())
}

// What lies at a desk to be screened that nobody holds any more, or that is none any more.
const sqlUnattended = `
SELECT r.id FROM eoffice_recipient r WHERE r.screener_id IS NOT NULL AND NOT EXISTS (SELECT FROM eoffice_seat s
	WHERE s.position_id = r.screener_id AND s.starts_at <= $1 AND (s.ends_at IS NULL OR s.ends_at > $1))
ORDER BY r.id LIMIT 500`

// unattended is what the portal says when it passes a letter on itself.
const unattended = "Meja yang menyaring sedang kosong, jadi naskah ini diteruskan tanpa disaring."

// PassUnattended passes what waits to be screened at a vacant desk on to the head, with a word;
// it returns how many letters it passed on.
func (m *Module) PassUnattended(ctx context.Context) (n int, err error) {
	defer errs.In(&err, "eoffice.PassUnattended")
	ids, err := pg.Scalars[int64](ctx, m.db, sqlUnattended, m.now())
	if err != nil {
		return 0, err
	}
	var failed error
	for _, id := range ids {
		err := pg.InTx(ctx, m.db, func(tx pgx.Tx) error { return m.screen(ctx, tx, authz.System("e-office"), id, unattended) })
		switch {
		case err == nil:
			n++
		case errs.KindOf(err) != errs.Conflict: // the head was faster
			failed = errors.Join(failed, err)
		}
	}
	return n, failed
}

func unscreened(r *Recipient, _ Moment) error {
	if r.ScreenerID == 0 {
		return errs.New(errs.Conflict, "Naskah ini tidak menunggu disaring.")
	}
	return nil
}

const sqlScreeners = placeRows + `
WHERE (p.valid_to IS NULL OR p.valid_to > ($2 AT TIME ZONE 'Asia/Makassar')::date) AND p.kind NOT IN ('kepala', 'pelaksana') AND p.unit_id = $1
	OR p.superior_id = (SELECT k.id FROM org_position k WHERE k.unit_id = $1 AND k.kind = 'kepala' AND k.valid_to IS NULL LIMIT 1) AND p.valid_to IS NULL
ORDER BY p.kind <> 'sekretaris', p.title, p.id LIMIT 100`

// Screeners are the desks that may screen what comes for the head of an office: those of its
// own unit and those right below the head.
func (m *Module) Screeners(ctx context.Context, unitID int64) (_ []Place, err error) {
	defer errs.In(&err, "eoffice.Screeners(%d)", unitID)
	return pg.Many[Place](ctx, m.db, sqlScreeners, unitID, m.now())
}

// mayScreen refuses as screener of an office what is none of its desks.
func (m *Module) mayScreen(ctx context.Context, o Office) ([]errs.Field, error) {
	if o.ScreenerID == 0 {
		return nil, nil
	}
	all, err := m.Screeners(ctx, o.UnitID)
	if err != nil || slices.ContainsFunc(all, func(p Place) bool { return p.PositionID == o.ScreenerID }) {
		return nil, err
	}
	return []errs.Field{{Name: ControlScreener, Message: "Pilih jabatan di unit ini."}}, nil
}
