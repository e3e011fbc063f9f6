package mtr

import (
	"context"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// KeptProof is a proof that a field officer's phone kept until it had network.
type KeptProof struct {
	Key       string // made by the phone, as in [KeptReport]
	AccountID int64  // who wrote it: somebody else may be signed in by now
	Number    string
	Answer    string
	Photos    []PhotoInput
}

// SendKeptProof hands in what a phone had kept, by the rules of [Module.SubmitProof]; work
// that was not begun yet begins with it. Sent again under its key it is the same proof.
func (m *Module) SendKeptProof(ctx context.Context, a authz.Actor, in KeptProof) (err error) {
	defer errs.In(&err, "mtr.SendKeptProof")
	switch {
	case !keyShape.MatchString(in.Key):
		return errs.New(errs.BadRequest, "Kiriman ini tidak lengkap. Tulis buktinya sekali lagi.")
	case in.AccountID != a.AccountID:
		return errs.New(errs.Forbidden, "Bukti ini ditulis dengan akun lain. Masuk dengan akun itu, lalu kirim lagi.")
	case len(in.Photos) > MaxPhotos:
		return errTooManyPhotos
	}
	// Not the hash under which a citizen's phone asks for its receipt.
	hash := crypt.HashToken("bukti\x00" + in.Key)
	sent := func() bool {
		_, err := pg.Scalar[int64](ctx, m.db, sqlReplayed, hash)
		return err == nil
	}
	if sent() {
		return nil
	}
	v, err := m.DeskView(ctx, a, in.Number)
	if err != nil {
		return err
	}
	act := Act{ReportID: v.ID}
	if v.May(ActStart) && !v.May(ActSubmitProof) {
		// Another sending may have begun it: what follows has the last word.
		if err := m.Start(ctx, a, StartInput{Act: act}); errs.KindOf(err) == errs.Internal && err != nil {
			return err
		}
	}
	// The photos wait in a draft of this sending alone, so that two at once do not mix theirs.
	token, err := m.CreateDraft(ctx, a)
	if err != nil {
		return err
	}
	defer func() { _ = m.DiscardDraft(context.WithoutCancel(ctx), token) }() // the sweeper comes by later
	if err := m.addEach(ctx, token, in.Photos); err != nil {
		return err
	}
	err = m.submitProof(ctx, a, ProofInput{Act: act, Answer: in.Answer}, func(tx pgx.Tx) error {
		if err := pg.Exec(ctx, tx, sqlTakeProofPhotos, crypt.HashToken(token), v.ID, a.AccountID); err != nil {
			return err
		}
		if n, err := pg.Scalar[int](ctx, tx, sqlCountPendingPhotos, v.ID, PhotoAfter); err != nil || n > MaxPhotos {
			return orTooMany(err)
		}
		return pg.Changed(tx.Exec(ctx, sqlInsertReplay, hash, v.ID, m.now()))
	})
	if err != nil && sent() { // by another request meanwhile
		return nil
	}
	return err
}

const sqlTakeProofPhotos = `
UPDATE mtr_photo p SET draft_id = NULL, report_id = $2, kind = 'sesudah', uploaded_by = NULLIF($3::bigint, 0)
FROM mtr_draft d WHERE d.token_hash = $1 AND p.draft_id = d.id AND p.stored`
