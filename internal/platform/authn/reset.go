package authn

import (
	"context"
	"errors"
	"net/netip"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/session"
)

// StartReset sends a code with which a forgotten password can be replaced. A contact
// that nobody has verified gets no message; the caller cannot tell.
func (s *Service) StartReset(ctx context.Context, typed string, address netip.Addr) (_ Challenge, err error) {
	defer errs.In(&err, "authn.StartReset")
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
	n, code := newCode{purpose: forReset, contact: contact, expires: s.Clock.Now().Add(codeFor)}, crypt.SixDigits()
	ch := Challenge{Contact: contact, ExpiresAt: n.expires}
	return ch, pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		row, found, err := s.find(ctx, tx, contact)
		if err != nil {
			return err
		}
		reachable := contact.Email != "" && row.EmailVerified || contact.Phone != "" && row.PhoneVerified
		if found && reachable && row.Status == "active" {
			n.accountID, n.code = row.ID, code
		}
		if ch.ID, err = s.storeCode(ctx, tx, n); err != nil {
			return err
		}
		// Written for everybody and taken back where nobody may have it, so that both take as long.
		err = pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error {
			err := s.sendText(ctx, tx, contact, "Kode atur ulang sandi", codeText(code, "mengganti sandi akun Anda"), n.expires)
			if err == nil && n.code == "" {
				return errNobody
			}
			return err
		})
		if errors.Is(err, errNobody) {
			return nil
		}
		return err
	})
}

var errNobody = errors.New("nobody to send it to")

// FinishReset sets the new password of a verified reset and ends all sessions of the
// account. It returns the account's id. A second factor stays in force.
func (s *Service) FinishReset(ctx context.Context, id int64, password string) (account int64, err error) {
	defer errs.In(&err, "authn.FinishReset(%d)", id)
	return s.finishPassword(ctx, id, forReset, password, "authn.password.reset", func(tx pgx.Tx, pl payload) error {
		// Whoever proved to own the contact need not wait for a guesser's pauses.
		return s.forgive(ctx, tx, loginLimit, Contact{Email: pl.Email, Phone: pl.Phone}.key())
	})
}

// finishPassword uses up the verified code id, sets the password of its account and
// ends the account's sessions. Besides runs in the same transaction.
func (s *Service) finishPassword(ctx context.Context, id int64, p purpose, password, action string, besides func(pgx.Tx, payload) error) (account int64, err error) {
	pl, code, err := s.verified(ctx, s.Pool, id, p)
	if err != nil {
		return 0, err
	}
	row, err := pg.One[accountRow](ctx, s.Pool, sqlAccount, code.AccountID)
	if err != nil {
		return 0, err
	}
	hash, err := s.newPassword(ctx, row, password)
	if err != nil {
		return 0, err
	}
	return row.ID, pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		if err := s.useCode(ctx, tx, id); err != nil {
			return err
		}
		if err := s.setPassword(ctx, tx, row, hash, 0); err != nil {
			return err
		}
		if err := besides(tx, pl); err != nil {
			return err
		}
		return s.audit(ctx, tx, self(row), action, row.ID, nil)
	})
}

// newPassword judges and hashes a password for row's owner.
func (s *Service) newPassword(ctx context.Context, row accountRow, password string) (string, error) {
	if wrong := CheckNewPassword(password, row.Name, row.Email); wrong != "" {
		return "", errs.Invalid(errs.Field{Name: "sandi", Message: wrong})
	}
	return s.Hasher.Hash(ctx, password)
}

// setPassword stores it, ends the other sessions and tells the owner.
func (s *Service) setPassword(ctx context.Context, tx pgx.Tx, row accountRow, hash string, keepSession int64) error {
	if err := pg.Changed(tx.Exec(ctx, sqlSetPassword, row.ID, hash, s.Clock.Now())); err != nil {
		return err
	}
	if err := endSessions(ctx, tx, row.ID, keepSession); err != nil {
		return err
	}
	if row.PasswordHash == "" {
		return nil
	}
	return s.tell(ctx, tx, row.ID, "Sandi Anda diganti",
		"Sandi akun Anda baru saja diganti dan perangkat lain dikeluarkan. Jika bukan Anda, segera pilih “Lupa sandi” di halaman masuk.")
}

func endSessions(ctx context.Context, q pg.Querier, accountID, keep int64) error {
	return session.EndOthers(ctx, q, accountID, keep)
}

// EndSessions ends every session of accountID when the caller's transaction commits,
// for modules that may not know about sessions.
func EndSessions(ctx context.Context, q pg.Querier, accountID int64) error {
	return endSessions(ctx, q, accountID, 0)
}
