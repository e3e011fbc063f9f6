package authn

import (
	"context"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/session"
)

// What the owner of an account does with it. Callers of the functions that change how
// one signs in have checked the password (CheckPassword) first.

// Rename changes the owner's name. Staff are named by the city's directory.
func (s *Service) Rename(ctx context.Context, a authz.Actor, name string) (err error) {
	defer errs.In(&err, "authn.Rename(%d)", a.AccountID)
	clean, wrong := CleanName(name)
	if wrong != "" {
		return errs.Invalid(errs.Field{Name: "nama", Message: wrong})
	}
	if a.IsStaff() {
		return errs.New(errs.Forbidden, "Nama pegawai diubah oleh administrator.")
	}
	return pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		if err := pg.Changed(tx.Exec(ctx, sqlSetName, a.AccountID, clean)); err != nil {
			return err
		}
		return s.audit(ctx, tx, a, "authn.account.rename", a.AccountID, nil)
	})
}

// ChangePassword replaces the password and ends all other sessions.
func (s *Service) ChangePassword(ctx context.Context, a authz.Actor, keepSession int64, password string) (err error) {
	defer errs.In(&err, "authn.ChangePassword(%d)", a.AccountID)
	row, err := pg.One[accountRow](ctx, s.Pool, sqlAccount, a.AccountID)
	if err != nil {
		return err
	}
	hash, err := s.newPassword(ctx, row, password)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		if err := s.setPassword(ctx, tx, row, hash, keepSession); err != nil {
			return err
		}
		return s.audit(ctx, tx, a, "authn.password.change", row.ID, nil)
	})
}

// StartContact sends a code to a new e-mail address or phone number of the owner. One
// that belongs to another account gets a note instead, and the caller cannot tell.
func (s *Service) StartContact(ctx context.Context, a authz.Actor, typed string, address netip.Addr) (_ Challenge, err error) {
	defer errs.In(&err, "authn.StartContact(%d)", a.AccountID)
	contact, ok := ParseContact(typed)
	if !ok {
		return Challenge{}, errs.Invalid(s.notAContact())
	}
	if err := s.checkSendable(contact, "kontak"); err != nil {
		return Challenge{}, err
	}
	if err := s.trySend(ctx, contact, address); err != nil {
		return Challenge{}, err
	}
	n := newCode{purpose: forContact, contact: contact, accountID: a.AccountID, code: crypt.SixDigits(), expires: s.Clock.Now().Add(codeFor)}
	subject, text := "Kode konfirmasi", codeText(n.code, "menambahkan kontak ini ke akun Anda")
	ch := Challenge{Contact: contact, ExpiresAt: n.expires}
	return ch, pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		owner, found, err := s.find(ctx, tx, contact)
		if err != nil {
			return err
		}
		if found && owner.ID != a.AccountID {
			n.code = ""
			subject, text = "Kontak Anda", "Seseorang mencoba memakai kontak ini untuk akun lain. Tidak ada yang berubah; Anda tidak perlu melakukan apa pun."
		}
		if ch.ID, err = s.storeCode(ctx, tx, n); err != nil {
			return err
		}
		return s.sendText(ctx, tx, contact, subject, text, n.expires)
	})
}

// FinishContact makes a verified contact the owner's; the former e-mail address hears
// of it.
func (s *Service) FinishContact(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "authn.FinishContact(%d, %d)", a.AccountID, id)
	err = pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		pl, code, err := s.verified(ctx, tx, id, forContact)
		if err != nil {
			return err
		}
		if code.AccountID != a.AccountID {
			return errCodeOver
		}
		if err := s.useCode(ctx, tx, id); err != nil {
			return err
		}
		row, err := pg.One[accountRow](ctx, tx, sqlAccountLocked, a.AccountID)
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		if pl.Email != "" {
			if row.Email != "" {
				if err := s.sendText(ctx, tx, Contact{Email: row.Email}, "Alamat email akun Anda diganti",
					"Alamat email akun Anda di "+s.PortalName+" baru saja diganti. Jika bukan Anda, segera hubungi kami.", time.Time{}); err != nil {
					return err
				}
			}
			err = pg.Changed(tx.Exec(ctx, sqlSetEmail, row.ID, pl.Email, now))
		} else {
			err = pg.Changed(tx.Exec(ctx, sqlSetPhone, row.ID, s.Box.Seal(pl.Phone, notify.PhoneContext), s.phoneHash(pl.Phone), now))
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, a, "authn.contact.change", row.ID, map[string]any{"jenis": way(pl)})
	})
	if taken(err) {
		return errs.Wrap(errs.Conflict, err, "Kontak ini baru saja dipakai akun lain.")
	}
	return err
}

// DropContact removes the owner's e-mail address ("email") or phone number ("phone").
// The last way to sign in cannot go: errs.Conflict.
func (s *Service) DropContact(ctx context.Context, a authz.Actor, which string) (err error) {
	defer errs.In(&err, "authn.DropContact(%d, %q)", a.AccountID, which)
	query, ok := map[string]string{"email": sqlDropEmail, "phone": sqlDropPhone}[which]
	if !ok {
		return errs.New(errs.BadRequest, "")
	}
	if a.IsStaff() && which == "email" {
		return errs.New(errs.Forbidden, "Akun pegawai memerlukan alamat email.")
	}
	return pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		err := pg.Changed(tx.Exec(ctx, query, a.AccountID))
		if errs.KindOf(err) == errs.Conflict {
			return errs.New(errs.Conflict, "Kontak ini satu-satunya cara Anda masuk. Tambahkan kontak lain dahulu.")
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, a, "authn.contact.drop", a.AccountID, map[string]any{"jenis": which})
	})
}

// CloseAccount ends a citizen's account for good: contacts, password and name are
// erased, sessions end; what was sent to the city stays, without the account's name.
func (s *Service) CloseAccount(ctx context.Context, a authz.Actor) (err error) {
	defer errs.In(&err, "authn.CloseAccount(%d)", a.AccountID)
	if a.IsStaff() {
		return errs.New(errs.Forbidden, "Akun pegawai ditutup oleh administrator.")
	}
	return pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		row, err := pg.One[accountRow](ctx, tx, sqlAccountLocked, a.AccountID)
		if err != nil {
			return err
		}
		if row.Email != "" && row.EmailVerified {
			if err := s.sendText(ctx, tx, Contact{Email: row.Email}, "Akun Anda ditutup",
				"Akun Anda di "+s.PortalName+" sudah ditutup sesuai permintaan Anda. Terima kasih.", time.Time{}); err != nil {
				return err
			}
		}
		return s.close(ctx, tx, a, row.ID)
	})
}

// close erases what an account says of its owner, in tx, at the word of by.
func (s *Service) close(ctx context.Context, tx pgx.Tx, by authz.Actor, id int64) error {
	if err := pg.Changed(tx.Exec(ctx, sqlClose, id, s.Clock.Now())); err != nil {
		return err
	}
	if err := pg.Exec(ctx, tx, sqlDropRecovery, id); err != nil {
		return err
	}
	if err := pg.Exec(ctx, tx, sqlDropCodes, id); err != nil {
		return err
	}
	if err := notify.Forget(ctx, tx, id); err != nil {
		return err
	}
	if err := EndSessions(ctx, tx, id); err != nil {
		return err
	}
	return s.audit(ctx, tx, by, "authn.account.close", id, nil)
}

// Sessions returns the owner's live sessions, the latest used first.
func (s *Service) Sessions(ctx context.Context, a authz.Actor) ([]session.Info, error) {
	return session.List(ctx, s.Pool, a.AccountID, s.Clock.Now())
}

// RevokeSession ends one of the owner's sessions at once, and with id 0 all but keep.
func (s *Service) RevokeSession(ctx context.Context, a authz.Actor, id, keep int64) (err error) {
	defer errs.In(&err, "authn.RevokeSession(%d, %d)", a.AccountID, id)
	return pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		if id == 0 {
			err = session.EndOthers(ctx, tx, a.AccountID, keep)
		} else {
			err = session.Revoke(ctx, tx, a.AccountID, id)
		}
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, a, "authn.session.revoke", a.AccountID, map[string]any{"sesi": id})
	})
}

// SignedOut notes in the audit trail that the actor left.
func (s *Service) SignedOut(ctx context.Context, a authz.Actor) error {
	return s.audit(ctx, s.Pool, a, "authn.logout", a.AccountID, nil)
}
