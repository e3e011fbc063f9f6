package mtr

import (
	"context"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// MaxDocuments of one proof.
const MaxDocuments = 5

// mayProve reports whether the actor may hand in proof now; sql says whether the
// report is held meanwhile.
func (m *Module) mayProve(ctx context.Context, q pg.Querier, sql string, a authz.Actor, reportID int64) (Case, error) {
	c, err := pg.One[Case](ctx, q, sql, reportID)
	if err != nil {
		return c, err
	}
	mo := Moment{Now: m.now(), Actor: a}
	if c.RolesOf(mo) == 0 {
		return c, errs.New(errs.NotFound, "")
	}
	return c, Allowed(&c, mo, ActSubmitProof)
}

// AddProofPhoto uploads a photo that SubmitProof then hands in.
func (m *Module) AddProofPhoto(ctx context.Context, a authz.Actor, reportID int64, in PhotoInput) (_ DeskPhoto, err error) {
	defer errs.In(&err, "mtr.AddProofPhoto(%d)", reportID)
	// Before any decoding: whoever may not hand in proof costs nothing.
	if _, err := m.mayProve(ctx, m.db, sqlCase, a, reportID); err != nil {
		return DeskPhoto{}, err
	}
	if n, err := pg.Scalar[int](ctx, m.db, sqlCountPendingPhotos, reportID, PhotoAfter); err != nil || n >= MaxPhotos {
		return DeskPhoto{}, orTooMany(err)
	}
	p, err := m.process(ctx, in)
	if err != nil {
		return DeskPhoto{}, err
	}
	ref, err := m.store(ctx, p, in, func(tx pgx.Tx) (photoOwner, error) {
		c, err := m.mayProve(ctx, tx, sqlCaseForUpdate, a, reportID)
		if err != nil {
			return photoOwner{}, err
		}
		if n, err := pg.Scalar[int](ctx, tx, sqlCountPendingPhotos, reportID, PhotoAfter); err != nil || n >= MaxPhotos {
			return photoOwner{}, orTooMany(err)
		}
		owner := photoOwner{reportID: reportID, uploadedBy: a.AccountID, kind: PhotoAfter}
		return owner, m.auditProof(ctx, tx, a, &c, "add", "foto")
	})
	return DeskPhoto{Ref: ref, Kind: PhotoAfter, Width: p.W, Height: p.H, At: m.now()}, err
}

// AddProofDocument uploads a PDF that SubmitProof then hands in.
func (m *Module) AddProofDocument(ctx context.Context, a authz.Actor, reportID int64, in DocumentInput) (_ DeskDocument, err error) {
	defer errs.In(&err, "mtr.AddProofDocument(%d)", reportID)
	if _, err := m.mayProve(ctx, m.db, sqlCase, a, reportID); err != nil {
		return DeskDocument{}, err
	}
	size, err := media.CheckPDF(in.File, MaxDocumentBytes)
	if errs.KindOf(err) == errs.Unprocessable {
		err = errs.Invalid(errs.Field{Name: ControlDocument, Message: errs.MessageOf(err)})
	}
	if err != nil {
		return DeskDocument{}, err
	}
	d := DeskDocument{Ref: crypt.Token(), Name: documentName(in.Name), Size: size, At: m.now()}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		c, err := m.mayProve(ctx, tx, sqlCaseForUpdate, a, reportID)
		if err != nil {
			return err
		}
		n, err := pg.Scalar[int](ctx, tx, sqlCountPendingDocuments, reportID)
		if err != nil {
			return err
		}
		if n >= MaxDocuments {
			return errs.Invalid(errs.Field{Name: ControlDocument, Message: "Paling banyak 5 dokumen. Hapus satu dokumen lebih dahulu."})
		}
		if err := pg.Exec(ctx, tx, sqlInsertDocument, d.Ref, reportID, a.AccountID, d.Name, d.Size, d.At); err != nil {
			return err
		}
		return m.auditProof(ctx, tx, a, &c, "add", "dokumen")
	})
	if err != nil {
		return DeskDocument{}, err
	}
	if err = m.blobs.Put(ctx, documentKey(d.Ref), in.File, d.Size, media.PDFType); err == nil {
		err = pg.Changed(m.db.Exec(ctx, sqlDocumentStored, d.Ref))
	}
	if err != nil {
		_ = m.dropDocument(context.WithoutCancel(ctx), d.Ref) // the sweeper comes by later
		return DeskDocument{}, err
	}
	return d, nil
}

// RemoveProof takes back a photo or document not yet handed in; one that is not there
// is no error.
func (m *Module) RemoveProof(ctx context.Context, a authz.Actor, reportID int64, ref string) (err error) {
	defer errs.In(&err, "mtr.RemoveProof(%d)", reportID)
	var photo, document bool
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		c, err := m.mayProve(ctx, tx, sqlCaseForUpdate, a, reportID)
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, sqlWithdrawPhoto, reportID, PhotoAfter, ref)
		if err != nil {
			return err
		}
		photo = tag.RowsAffected() == 1
		if tag, err = tx.Exec(ctx, sqlWithdrawDocument, reportID, ref); err != nil {
			return err
		}
		document = tag.RowsAffected() == 1
		switch {
		case photo:
			return m.auditProof(ctx, tx, a, &c, "remove", "foto")
		case document:
			return m.auditProof(ctx, tx, a, &c, "remove", "dokumen")
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case photo:
		return m.dropPhoto(ctx, ref)
	case document:
		return m.dropDocument(ctx, ref)
	}
	return nil
}

func (m *Module) auditProof(ctx context.Context, tx pgx.Tx, a authz.Actor, c *Case, what, file string) error {
	return audit.Write(ctx, tx, a, m.now(), audit.Entry{
		Action: "mtr.proof." + what, Object: "mtr_report", ObjectID: c.ID, UnitID: c.UnitID,
		Detail: map[string]any{"nomor": c.Number, "berkas": file},
	})
}

// SubmitProof hands in the proof that the category asks for.
func (m *Module) SubmitProof(ctx context.Context, a authz.Actor, in ProofInput) error {
	return m.submitProof(ctx, a, in, nil)
}

// submitProof is SubmitProof; bring, unless nil, adds to the proof in the same transaction.
func (m *Module) submitProof(ctx context.Context, a authz.Actor, in ProofInput, bring func(tx pgx.Tx) error) error {
	return m.act(ctx, staff(a, in.Act), ActSubmitProof, func(tx pgx.Tx, c *Case, _ Moment) (Intent, error) {
		if bring != nil {
			if err := bring(tx); err != nil {
				return Intent{}, err
			}
		}
		var r reading
		if err := missingProof(ctx, tx, c, &r); err != nil {
			return Intent{}, err
		}
		answer := r.words(ControlAnswer, in.Answer, "Tulis apa yang sudah dikerjakan. Pelapor dan umum membacanya.", MaxReason)
		return Intent{Reason: answer}, r.err()
	}, func(tx pgx.Tx, c *Case, e Event) error {
		if err := pg.Exec(ctx, tx, sqlSendPhotos, c.ID, PhotoAfter, e.Seq); err != nil {
			return err
		}
		return pg.Exec(ctx, tx, sqlSendDocuments, c.ID, e.Seq)
	})
}

// missingProof says which file the category asks for that nobody has uploaded.
func missingProof(ctx context.Context, tx pgx.Tx, c *Case, r *reading) error {
	switch c.Proof {
	case ProofPhoto:
		photos, err := pg.Many[DeskPhoto](ctx, tx, sqlPendingPhotos, c.ID, PhotoAfter)
		if err == nil && len(photos) == 0 {
			r.fail(ControlPhoto, "Kategori ini meminta foto sesudah dikerjakan. Tambahkan paling sedikit satu foto.")
		}
		return err
	case ProofDocument:
		n, err := pg.Scalar[int](ctx, tx, sqlCountStoredDocuments, c.ID)
		if err == nil && n == 0 {
			r.fail(ControlDocument, "Kategori ini meminta dokumen PDF. Tambahkan paling sedikit satu dokumen.")
		}
		return err
	}
	return nil
}

// Validate accepts the proof of somebody else.
func (m *Module) Validate(ctx context.Context, a authz.Actor, in ValidateInput) error {
	return m.say(ctx, a, ActValidate, ReasonInput{Act: in.Act, Reason: in.Note}, "")
}

// RejectProof sends the report back to work.
func (m *Module) RejectProof(ctx context.Context, a authz.Actor, in ReasonInput) error {
	return m.say(ctx, a, ActRejectProof, in, "Tulis apa yang masih kurang.")
}
