package eoffice

import (
	"context"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// waiver is the purpose of a file: the paper by which who only stands in may sign a letter
// that changes somebody's standing. It is no attachment: it does not go out with the letter.
const waiver = "mandat"

const (
	sqlWaivers = fileColumns + ` WHERE letter_id = $1 AND purpose = 'mandat' ORDER BY id`

	// One holds for the letter as it lies on a signer's desk: what was sent back, or comes to
	// the next signer, needs another.
	sqlWaived = `
SELECT EXISTS (SELECT FROM eoffice_file f WHERE f.letter_id = $1 AND f.purpose = 'mandat'
	AND f.uploaded_at >= (SELECT max(e.at) FROM eoffice_event e WHERE ` + cameToSign + `))`

	// The events with which a letter came to the desk of who signs it; that signing failed is none.
	cameToSign = `e.object = 'naskah' AND e.object_id = $1 AND e.to_status = 'menunggu_ttd' AND e.from_status <> 'menunggu_ttd' AND e.action <> 'ttd_gagal'`
)

// waivable: only where somebody's standing is at stake; of the most secret nothing is uploaded.
func waivable(c *Case, _ Moment) error {
	if !c.Strategic {
		return errs.New(errs.Conflict, "Naskah jenis ini tidak memerlukan mandat.")
	}
	if !c.Secrecy.Kept() {
		return errs.New(errs.Conflict, "Naskah sangat rahasia jenis ini hanya ditandatangani pejabat definitif.")
	}
	return nil
}

// waiversOf are the mandates of a letter, as far as the actor may see them.
func waiversOf(ctx context.Context, q pg.Querier, c *Case, mo Moment) ([]File, error) {
	if !c.Behind(mo) {
		return nil, nil
	}
	return pg.Many[File](ctx, q, sqlWaivers, c.ID)
}

// Waive keeps the paper that lets who only stands in sign a letter of a strategic kind, on
// record with what the reason says of it: its number, day and giver. PDF or photo; what is
// refused is errs.Unprocessable at [ControlFile].
func (m *Module) Waive(ctx context.Context, a authz.Actor, act Act, papers []Upload) (err error) {
	defer errs.In(&err, "eoffice.Waive(%d)", act.ID)
	c, mo, err := m.seen(ctx, m.db, a, act.ID)
	if err != nil {
		return err
	}
	if err := Allowed(&c, mo, ActWaive); err != nil {
		return err
	}
	if len(papers) != 1 {
		return errs.Invalid(errs.Field{Name: ControlFile, Message: "Pilih satu PDF atau foto surat mandatnya."})
	}
	f, err := m.keep(ctx, "mandat", papers[0].Upload)
	if err != nil {
		return err
	}
	f.LetterID, f.Purpose, f.Name = c.ID, waiver, "Mandat."+f.Ending()
	if !media.Inline(f.Type) {
		err = errs.Invalid(errs.Field{Name: ControlFile, Message: "Mandat berupa PDF atau foto."})
	} else {
		_, err = m.act(ctx, a, act, ActWaive, nil, func(tx pgx.Tx, _ *Case, mo Moment, e Event) error {
			return pg.Exec(ctx, tx, sqlAddFile, f.LetterID, f.Purpose, f.Name, f.BlobKey, f.Type, f.Size, f.Hash, e.At, mo.Actor.AccountID)
		})
	}
	if err != nil {
		m.drop(ctx, f.BlobKey)
	}
	return err
}
