package authn

import (
	"context"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const forGuest purpose = "guest"

// deskCodeFor is how long a code on paper is good.
const deskCodeFor = 7 * 24 * time.Hour

// StartGuest sends a code to the contact of somebody who needs no account; what says in
// Indonesian what it is for. Where no code can be sent to phones, one that a desk has
// given out for the number is asked for. Wrong contacts are errs.Unprocessable on
// field "kontak".
func (s *Service) StartGuest(ctx context.Context, typed, what string, address netip.Addr) (_ Challenge, err error) {
	defer errs.In(&err, "authn.StartGuest")
	contact, ok := ParseContact(typed)
	if !ok {
		return Challenge{}, errs.Invalid(s.notAContact())
	}
	if contact.Phone != "" && !s.PhoneOn {
		return s.deskCode(ctx, contact)
	}
	if err := s.checkSendable(contact, "kontak"); err != nil {
		return Challenge{}, err
	}
	if err := s.trySend(ctx, contact, address); err != nil {
		return Challenge{}, err
	}
	n := newCode{purpose: forGuest, contact: contact, code: crypt.SixDigits(), expires: s.Clock.Now().Add(codeFor)}
	ch := Challenge{Contact: contact, ExpiresAt: n.expires}
	err = pg.InTx(ctx, s.Pool, func(tx pgx.Tx) (err error) {
		if ch.ID, err = s.storeCode(ctx, tx, n); err != nil {
			return err
		}
		return s.sendText(ctx, tx, contact, "Kode untuk "+what, codeText(n.code, what), n.expires)
	})
	return ch, err
}

const sqlDeskCode = `
SELECT id, expires_at FROM authn_code
WHERE contact_hash = $1 AND purpose = 'guest' AND verified_at IS NULL AND used_at IS NULL AND expires_at > $2
ORDER BY id DESC LIMIT 1`

func (s *Service) deskCode(ctx context.Context, contact Contact) (Challenge, error) {
	ch := Challenge{Contact: contact}
	type row struct {
		ID        int64
		ExpiresAt time.Time
	}
	r, err := pg.One[row](ctx, s.Pool, sqlDeskCode, s.Box.Hash("authn_code.contact", contact.key()), s.Clock.Now())
	if errs.KindOf(err) == errs.NotFound && err != nil {
		return ch, errs.Invalid(errs.Field{Name: "kontak", Message: "Kode belum dapat dikirim ke nomor HP. Pakai alamat email, atau minta kode di loket."})
	}
	ch.ID, ch.ExpiresAt = r.ID, r.ExpiresAt
	return ch, err
}

// DeskCode makes a code for a phone number, to be handed over on paper by a desk that has
// seen its owner; it is good for a week. The caller has checked the desk's right.
func (s *Service) DeskCode(ctx context.Context, tx pgx.Tx, typed string) (code string, c Contact, err error) {
	defer errs.In(&err, "authn.DeskCode")
	c, ok := ParseContact(typed)
	if !ok || c.Phone == "" {
		return "", c, errs.Invalid(errs.Field{Name: "kontak", Message: "Tulis nomor HP seperti 0812 3456 7890."})
	}
	code = crypt.SixDigits()
	_, err = s.storeCode(ctx, tx, newCode{purpose: forGuest, contact: c, code: code, expires: s.Clock.Now().Add(deskCodeFor)})
	return code, c, err
}

// GuestContact is the contact of a challenge of StartGuest whose code was given rightly
// within the last half hour; errs.Gone otherwise.
func (s *Service) GuestContact(ctx context.Context, id int64) (_ Contact, err error) {
	defer errs.In(&err, "authn.GuestContact(%d)", id)
	pl, _, err := s.verified(ctx, s.Pool, id, forGuest)
	return Contact{Email: pl.Email, Phone: pl.Phone}, err
}
