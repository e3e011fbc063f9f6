package authn

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"image/png"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	qrcode "github.com/skip2/go-qrcode"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// The second factor is TOTP (RFC 6238): six digits, 30 seconds, SHA-1, since that is
// what every authenticator understands. A code is accepted one step early or late and
// once: the row remembers the step.
const (
	totpStep     = 30
	totpContext  = "authn_account.totp"
	recoveryWord = 5 // letters in each half of a recovery code
	recoveryN    = 10
)

var base32Plain = base32.StdEncoding.WithPadding(base32.NoPadding)

func accountKey(id int64) string { return strconv.FormatInt(id, 10) }

// Enrolment is what an authenticator needs to know.
type Enrolment struct {
	Secret string // base32 in groups of four, for typing
	URL    string // otpauth://
	PNG    []byte // the URL as a QR code
}

// StartTOTP returns the secret to enrol, the same until it is confirmed. With a factor
// confirmed already it is errs.Conflict.
func (s *Service) StartTOTP(ctx context.Context, a authz.Actor) (_ Enrolment, err error) {
	defer errs.In(&err, "authn.StartTOTP(%d)", a.AccountID)
	var secret, name string
	err = pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		row, err := pg.One[accountRow](ctx, tx, sqlAccountLocked, a.AccountID)
		if err != nil {
			return err
		}
		if row.HasTOTP {
			return errs.New(errs.Conflict, "Verifikasi dua langkah sudah aktif.")
		}
		name = row.Email
		if name == "" {
			name = row.Name
		}
		if row.TotpSealed != nil {
			secret, err = s.Box.Open(row.TotpSealed, totpContext)
			return err
		}
		secret = base32Plain.EncodeToString(randomBytes(20))
		return pg.Exec(ctx, tx, sqlStartTOTP, row.ID, s.Box.Seal(secret, totpContext))
	})
	if err != nil {
		return Enrolment{}, err
	}
	address := "otpauth://totp/" + url.PathEscape(s.PortalName+":"+name) +
		"?secret=" + secret + "&issuer=" + url.QueryEscape(s.PortalName)
	code, err := qrcode.New(address, qrcode.Medium)
	if err != nil {
		return Enrolment{}, err
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, code.Image(240)); err != nil {
		return Enrolment{}, err
	}
	return Enrolment{Secret: grouped(secret), URL: address, PNG: picture.Bytes()}, nil
}

func grouped(s string) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// ConfirmTOTP switches the second factor on with a first right code and returns the
// recovery codes, which are shown this once. Other sessions of the account end.
func (s *Service) ConfirmTOTP(ctx context.Context, a authz.Actor, keepSession int64, code string) (codes []string, err error) {
	defer errs.In(&err, "authn.ConfirmTOTP(%d)", a.AccountID)
	if err := s.try(ctx, s.Pool, secondLimit, accountKey(a.AccountID), false); err != nil {
		return nil, err
	}
	err = pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		row, err := pg.One[accountRow](ctx, tx, sqlAccountLocked, a.AccountID)
		if err != nil {
			return err
		}
		if row.HasTOTP || row.TotpSealed == nil {
			return errs.New(errs.Conflict, "Verifikasi dua langkah sudah aktif atau belum dimulai. Muat ulang halaman.")
		}
		step, err := s.matchStep(row, code)
		if err != nil {
			return err
		}
		if step == 0 {
			return errTOTP
		}
		if err := pg.Exec(ctx, tx, sqlConfirmTOTP, row.ID, s.Clock.Now(), step); err != nil {
			return err
		}
		if codes, err = s.newRecovery(ctx, tx, row.ID); err != nil {
			return err
		}
		if err := s.forgive(ctx, tx, secondLimit, accountKey(row.ID)); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, row.ID, keepSession); err != nil {
			return err
		}
		if err := s.tell(ctx, tx, row.ID, "Verifikasi dua langkah aktif", "Verifikasi dua langkah untuk akun Anda baru saja diaktifkan."); err != nil {
			return err
		}
		return s.audit(ctx, tx, a, "authn.totp.enable", row.ID, nil)
	})
	return codes, err
}

var errTOTP = errs.Invalid(errs.Field{Name: "kode", Message: "Kode tidak cocok. Tunggu kode berikutnya di aplikasi Anda, lalu tulis lagi. Periksa pula jam HP Anda."})

// matchStep returns the time step of a right code, 0 for a wrong one.
func (s *Service) matchStep(row accountRow, code string) (int64, error) {
	secret, err := s.Box.Open(row.TotpSealed, totpContext)
	if err != nil {
		return 0, err
	}
	now := s.Clock.Now().Unix() / totpStep
	match := int64(0)
	for _, step := range []int64{now - 1, now, now + 1} {
		want, err := hotp.GenerateCodeCustom(secret, uint64(step), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, err
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(digits(code))) == 1 {
			match = step
		}
	}
	return match, nil
}

// CheckSecond ends a sign-in whose password was right: with a code of the
// authenticator, or with a recovery code. Each works once. A wrong or repeated one is
// errs.Unprocessable on field "kode".
func (s *Service) CheckSecond(ctx context.Context, accountID int64, code string, address netip.Addr) (err error) {
	defer errs.In(&err, "authn.CheckSecond(%d)", accountID)
	hot, err := s.isHot(ctx, s.Pool, address)
	if err != nil {
		return err
	}
	if err := s.try(ctx, s.Pool, secondLimit, accountKey(accountID), hot); err != nil {
		return err
	}
	right := false
	err = pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		row, err := pg.One[accountRow](ctx, tx, sqlAccountLocked, accountID)
		if err != nil {
			return err
		}
		if row.Status != "active" || !row.HasTOTP {
			return errs.New(errs.Unauthenticated, "")
		}
		how := "totp"
		if len(digits(code)) == 6 {
			right, err = s.spendTOTP(ctx, tx, row, code)
		} else {
			how = "kode pemulihan"
			right, err = s.spendRecovery(ctx, tx, row, code)
		}
		if err != nil {
			return err
		}
		if !right {
			if err := s.failedFrom(ctx, tx, address); err != nil {
				return err
			}
			return s.audit(ctx, tx, authz.Actor{}, "authn.second.refuse", row.ID, map[string]any{"dengan": how})
		}
		if err := s.forgive(ctx, tx, secondLimit, accountKey(row.ID)); err != nil {
			return err
		}
		return s.loggedIn(ctx, tx, row, how)
	})
	if err == nil && !right {
		return errTOTP
	}
	return err
}

func (s *Service) spendTOTP(ctx context.Context, q pg.Querier, row accountRow, code string) (bool, error) {
	step, err := s.matchStep(row, code)
	if err != nil || step == 0 {
		return false, err
	}
	tag, err := q.Exec(ctx, sqlSpendStep, row.ID, step)
	return tag.RowsAffected() == 1, err
}

func (s *Service) spendRecovery(ctx context.Context, tx pgx.Tx, row accountRow, code string) (bool, error) {
	tag, err := tx.Exec(ctx, sqlSpendRecovery, row.ID, s.recoveryHash(row.ID, code), s.Clock.Now())
	if err != nil || tag.RowsAffected() == 0 {
		return false, err
	}
	return true, s.tell(ctx, tx, row.ID, "Kode pemulihan dipakai",
		fmt.Sprintf("Satu kode pemulihan akun Anda baru saja dipakai untuk masuk. Sisa: %d. Jika bukan Anda, segera ganti sandi.", row.RecoveryLeft-1))
}

func (s *Service) recoveryHash(accountID int64, code string) []byte {
	return s.Box.Hash("authn_recovery_code", accountKey(accountID)+"\x00"+digits(code))
}

// newRecovery replaces the recovery codes of an account.
func (s *Service) newRecovery(ctx context.Context, q pg.Querier, accountID int64) ([]string, error) {
	codes := make([]string, recoveryN)
	hashes := make([][]byte, recoveryN)
	for i := range codes {
		codes[i] = readable(recoveryWord) + "-" + readable(recoveryWord)
		hashes[i] = s.recoveryHash(accountID, codes[i])
	}
	if err := pg.Exec(ctx, q, sqlDropRecovery, accountID); err != nil {
		return nil, err
	}
	return codes, pg.Exec(ctx, q, sqlAddRecovery, accountID, hashes, s.Clock.Now())
}

// readable returns n random letters and digits that nobody takes for one another.
func readable(n int) string {
	const letters = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
	out := make([]byte, 0, n)
	for len(out) < n {
		var b [1]byte
		rand.Read(b[:])              // never fails: the runtime aborts without randomness
		if i := int(b[0]); i < 240 { // 240 = 8 × 30: no letter is likelier
			out = append(out, letters[i%len(letters)])
		}
	}
	return string(out)
}

// RenewRecovery replaces all recovery codes, used or not. The caller has checked the
// password.
func (s *Service) RenewRecovery(ctx context.Context, a authz.Actor) (codes []string, err error) {
	defer errs.In(&err, "authn.RenewRecovery(%d)", a.AccountID)
	err = pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		row, err := pg.One[accountRow](ctx, tx, sqlAccountLocked, a.AccountID)
		if err != nil {
			return err
		}
		if !row.HasTOTP {
			return errs.New(errs.Conflict, "Verifikasi dua langkah belum aktif.")
		}
		if codes, err = s.newRecovery(ctx, tx, row.ID); err != nil {
			return err
		}
		return s.audit(ctx, tx, a, "authn.recovery.renew", row.ID, nil)
	})
	return codes, err
}

// DisableTOTP switches the owner's second factor off. The caller has checked the
// password. Staff who must have one get errs.Forbidden.
func (s *Service) DisableTOTP(ctx context.Context, a authz.Actor) (err error) {
	defer errs.In(&err, "authn.DisableTOTP(%d)", a.AccountID)
	if a.IsStaff() && s.RequireTOTP {
		return errs.New(errs.Forbidden, "Pegawai wajib memakai verifikasi dua langkah. Untuk mengganti HP, minta administrator mengatur ulang.")
	}
	return pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		if err := s.dropTOTP(ctx, tx, a.AccountID); err != nil {
			return err
		}
		if err := s.tell(ctx, tx, a.AccountID, "Verifikasi dua langkah dimatikan", "Verifikasi dua langkah untuk akun Anda baru saja dimatikan. Jika bukan Anda, segera ganti sandi."); err != nil {
			return err
		}
		return s.audit(ctx, tx, a, "authn.totp.disable", a.AccountID, nil)
	})
}

func (s *Service) dropTOTP(ctx context.Context, tx pgx.Tx, accountID int64) error {
	if err := pg.Exec(ctx, tx, sqlDropTOTP, accountID); err != nil {
		return err
	}
	return pg.Exec(ctx, tx, sqlDropRecovery, accountID)
}
