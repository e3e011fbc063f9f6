package eoffice

import (
	"bytes"
	"context"
	"io"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Prove keeps what shows that a letter sent by post came to somebody outside: one PDF, or
// photos of a receipt. It is for the tata usaha that sent it, once.
func (m *Module) Prove(ctx context.Context, a authz.Actor, recipientID int64, pages []Upload) (err error) {
	defer errs.In(&err, "eoffice.Prove(%d)", recipientID)
	if _, _, err := m.posted(ctx, a, recipientID); err != nil {
		return err
	}
	pdf, err := m.scanned(ctx, pages)
	if err != nil {
		return err
	}
	key := "eoffice/bukti/" + crypt.Token() + ".pdf"
	if err := m.blobs.Put(ctx, key, bytes.NewReader(pdf), int64(len(pdf)), media.PDFType); err != nil {
		return err
	}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		_, err := m.actOnRecipient(ctx, tx, a, recipientID, ActProve, "", func(*Recipient, Moment) (Change, error) { return Change{Scan: key}, nil })
		return err
	})
	if err != nil {
		m.drop(ctx, key)
	}
	return err
}

// OpenProof reads the proof that a letter came to somebody outside, for who may see its
// envelope; it is audited.
func (m *Module) OpenProof(ctx context.Context, a authz.Actor, recipientID int64) (_ io.ReadCloser, err error) {
	defer errs.In(&err, "eoffice.OpenProof(%d)", recipientID)
	r, c, err := m.posted(ctx, a, recipientID)
	if err != nil {
		return nil, err
	}
	if r.ProofKey == "" {
		return nil, errs.New(errs.NotFound, "Bukti terima naskah ini belum ada.")
	}
	if err := m.read(ctx, m.db, a, "proof", &c); err != nil {
		return nil, err
	}
	body, _, err := m.blobs.Get(ctx, r.ProofKey)
	return body, err
}

// posted is a recipient with its letter, of which the actor sees at least the envelope.
func (m *Module) posted(ctx context.Context, a authz.Actor, recipientID int64) (r Recipient, c Case, err error) {
	if r, err = pg.One[Recipient](ctx, m.db, sqlRecipient, recipientID); err != nil {
		return r, c, absent(err)
	}
	c, _, err = m.seen(ctx, m.db, a, r.LetterID)
	return r, c, err
}
