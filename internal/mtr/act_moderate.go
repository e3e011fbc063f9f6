package mtr

import (
	"context"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Hide takes the report out of everything public.
func (m *Module) Hide(ctx context.Context, a authz.Actor, in ReasonInput) error {
	return m.say(ctx, a, ActHide, in, "Tulis alasan menyembunyikan. Pelapor membacanya.")
}

// Unhide shows it again.
func (m *Module) Unhide(ctx context.Context, a authz.Actor, in ReasonInput) error {
	return m.say(ctx, a, ActUnhide, in, "Tulis alasan menampilkan lagi. Pelapor membacanya.")
}

// HidePhoto hides one photo.
func (m *Module) HidePhoto(ctx context.Context, a authz.Actor, in HidePhotoInput) error {
	return m.act(ctx, staff(a, in.Act), ActHidePhoto, func(tx pgx.Tx, c *Case, mo Moment) (Intent, error) {
		var r reading
		reason := r.words(ControlReason, in.Reason, "Tulis alasan menyembunyikan foto ini.", MaxReason)
		if err := r.err(); err != nil {
			return Intent{}, err
		}
		tag, err := tx.Exec(ctx, sqlHidePhoto, c.ID, in.Ref, mo.Now)
		if err == nil && tag.RowsAffected() == 0 {
			err = errs.New(errs.Conflict, "Foto ini sudah disembunyikan atau tidak ada lagi.")
		}
		return Intent{Reason: reason, Change: Change{Photo: in.Ref}}, err
	}, nil)
}

// Release lets a held report through.
func (m *Module) Release(ctx context.Context, a authz.Actor, in ReasonInput) error {
	return m.say(ctx, a, ActRelease, in, "Tulis alasan melepaskan laporan ini.")
}

// ReleaseDays are for how long something may be released to the field.
var ReleaseDays = []int{1, 3, 7, 14}

// ReleasePhotos shows the photos of an anonymous report to the field officers for some days.
func (m *Module) ReleasePhotos(ctx context.Context, a authz.Actor, in ReleaseInput) error {
	return m.release(ctx, a, ActReleasePhoto, in, "Tulis mengapa petugas lapangan perlu melihat fotonya.", nil)
}

// ReleaseOriginals lets the field officers open what was blacked out, for some days.
func (m *Module) ReleaseOriginals(ctx context.Context, a authz.Actor, in ReleaseInput) error {
	return m.release(ctx, a, ActReleaseOriginal, in, "Tulis mengapa petugas perlu melihat yang ditutup.", func(tx pgx.Tx, c *Case) error {
		any, err := pg.Scalar[bool](ctx, tx, sqlAnyRedaction, c.ID)
		if err == nil && !any {
			err = errs.New(errs.Conflict, "Tidak ada yang ditutup di laporan ini.")
		}
		return err
	})
}

const sqlAnyRedaction = `SELECT EXISTS (SELECT FROM mtr_redaction WHERE report_id = $1)`

func (m *Module) release(ctx context.Context, a authz.Actor, action Action, in ReleaseInput, missing string, check func(pgx.Tx, *Case) error) error {
	return m.act(ctx, staff(a, in.Act), action, func(tx pgx.Tx, c *Case, mo Moment) (Intent, error) {
		var r reading
		reason := r.words(ControlReason, in.Reason, missing, MaxReason)
		if !has(ReleaseDays, in.Days) {
			r.fail(ControlDays, "Pilih berapa lama.")
		}
		if err := r.err(); err != nil {
			return Intent{}, err
		}
		if check != nil {
			if err := check(tx, c); err != nil {
				return Intent{}, err
			}
		}
		until := mo.Now.AddDate(0, 0, in.Days)
		return Intent{Reason: reason, Change: Change{Until: &until}}, nil
	}, nil)
}

// minRevealReason keeps "-" from being a reason to open who reported.
const minRevealReason = 10

// RevealIdentity opens who reported. It needs a reason and is audited; for anonymous
// and rahasia reports it needs PermReveal, otherwise PermDispatch, PermHandle or PermReveal.
func (m *Module) RevealIdentity(ctx context.Context, a authz.Actor, in ReasonInput) (who Identity, err error) {
	err = m.act(ctx, staff(a, in.Act), ActReveal, func(pgx.Tx, *Case, Moment) (Intent, error) {
		var r reading
		const missing = "Tulis mengapa identitas pelapor perlu dibuka, paling sedikit 10 huruf."
		reason := r.words(ControlReason, in.Reason, missing, MaxReason)
		if n := utf8.RuneCountInString(reason); n > 0 && n < minRevealReason {
			r.fail(ControlReason, missing)
		}
		return Intent{Reason: reason}, r.err()
	}, func(tx pgx.Tx, c *Case, _ Event) (err error) {
		who, err = m.identity(ctx, tx, c.ID)
		return err
	})
	if err != nil {
		return Identity{}, err
	}
	return who, nil
}

func (m *Module) identity(ctx context.Context, q pg.Querier, reportID int64) (who Identity, err error) {
	type row struct {
		sealedReporter
		EmailVerified, PhoneVerified bool
		Behalf                       Behalf
		AccountName, Neighbourhood   string
	}
	r, err := pg.One[row](ctx, q, sqlIdentity, reportID)
	if err != nil {
		return Identity{}, err
	}
	who, err = r.open(m)
	who.EmailVerified, who.PhoneVerified, who.OnBehalf = r.EmailVerified, r.PhoneVerified, r.Behalf
	who.AccountName, who.Neighbourhood = r.AccountName, r.Neighbourhood
	return who, err
}

// sealedReporter is who reported, as the database keeps it.
type sealedReporter struct{ NameSealed, EmailSealed, PhoneSealed, BehalfNameSealed []byte }

func (r sealedReporter) open(m *Module) (who Identity, err error) {
	for _, part := range []struct {
		to      *string
		sealed  []byte
		context string
	}{
		{&who.Name, r.NameSealed, contextName}, {&who.Email, r.EmailSealed, contextEmail},
		{&who.Phone, r.PhoneSealed, contextPhone}, {&who.BehalfName, r.BehalfNameSealed, contextName},
	} {
		if part.sealed == nil {
			continue
		}
		if *part.to, err = m.box.Open(part.sealed, part.context); err != nil {
			return Identity{}, err
		}
	}
	return who, nil
}
