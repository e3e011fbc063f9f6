package authn

import (
	"context"
	"crypto/hmac"
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Codes are six digits, good for a quarter of an hour and five guesses; what follows
// a right one must be done within half an hour.
const (
	codeFor     = 15 * time.Minute
	codeGuesses = 5
	verifiedFor = 30 * time.Minute
)

type purpose string

const (
	forSignUp     purpose = "signup"
	forReset      purpose = "reset"
	forContact    purpose = "contact"
	forActivation purpose = "activation"
)

// Challenge is a code under way. ID is not secret, but belongs in the session, not in
// the page: whoever holds it may spend its guesses.
type Challenge struct {
	ID        int64
	Contact   Contact
	ExpiresAt time.Time
}

// payload is what the step after the code needs, sealed in the row.
type payload struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	Phone string `json:"phone,omitempty"`
}

const payloadContext = "authn_code.payload"

// newCode is a code about to be stored.
type newCode struct {
	purpose   purpose
	contact   Contact
	key       string // what guesses are counted by; contact.key() when empty
	name      string
	accountID int64  // whose it is; 0 for a sign-up or nobody
	code      string // empty: a decoy that no guess can match
	expires   time.Time
}

func (s *Service) storeCode(ctx context.Context, q pg.Querier, n newCode) (int64, error) {
	plain, err := json.Marshal(payload{Name: n.name, Email: n.contact.Email, Phone: n.contact.Phone})
	if err != nil {
		return 0, err
	}
	if n.key == "" {
		n.key = n.contact.key()
	}
	contactHash := s.Box.Hash("authn_code.contact", n.key)
	hash := randomBytes(32)
	if n.code != "" {
		hash = s.codeHash(n.purpose, contactHash, n.code)
	}
	return pg.Scalar[int64](ctx, q, sqlStoreCode, n.purpose, contactHash, s.Box.Seal(string(plain), payloadContext),
		n.accountID, hash, s.Clock.Now(), n.expires)
}

func (s *Service) codeHash(p purpose, contactHash []byte, code string) []byte {
	return s.Box.MAC("authn_code", append([]byte(string(p)+"\x00"+code+"\x00"), contactHash...))
}

// notAContact asks for what a code can be sent to.
func (s *Service) notAContact() errs.Field {
	ways := "alamat email seperti nama@contoh.id atau nomor HP seperti 0812 3456 7890"
	switch {
	case !s.PhoneOn:
		ways = "alamat email seperti nama@contoh.id"
	case !s.EmailOn:
		ways = "nomor HP seperti 0812 3456 7890"
	}
	return errs.Field{Name: "kontak", Message: "Tulis " + ways + "."}
}

// checkSendable tells people at once when a code cannot reach them.
func (s *Service) checkSendable(c Contact, field string) error {
	switch {
	case c.Email != "" && !s.EmailOn:
		return errs.Invalid(errs.Field{Name: field, Message: "Pengiriman email sedang tidak aktif. Pakai nomor HP, atau datang ke loket kelurahan untuk dibuatkan akun."})
	case c.Phone != "" && !s.PhoneOn:
		return errs.Invalid(errs.Field{Name: field, Message: "Kode belum dapat dikirim ke nomor HP. Pakai alamat email, atau datang ke loket kelurahan untuk dibuatkan akun."})
	}
	return nil
}

// trySend counts a code to be sent to c, asked for from address.
func (s *Service) trySend(ctx context.Context, c Contact, address netip.Addr) error {
	hot, err := s.isHot(ctx, s.Pool, address)
	if err != nil {
		return err
	}
	if err := s.try(ctx, s.Pool, sendLimit, c.key(), hot); err != nil {
		return err
	}
	return s.failedFrom(ctx, s.Pool, address)
}

// sendText queues a secret text to a contact.
func (s *Service) sendText(ctx context.Context, tx pgx.Tx, c Contact, subject, text string, expires time.Time) error {
	m := notify.Message{
		Topic: notify.Account, Email: notify.SealEmail(s.Box, c.Email), Subject: subject,
		Secret: notify.SealText(s.Box, text), At: s.Clock.Now(), Expires: expires,
	}
	if c.Phone != "" {
		m.Phone = s.Box.Seal(c.Phone, notify.PhoneContext)
	}
	return notify.Queue(ctx, tx, m)
}

func codeText(code, what string) string {
	return "Kode Anda: " + code + "\n\nKode ini untuk " + what + " dan berlaku 15 menit. " +
		"Jangan berikan kepada siapa pun, termasuk petugas. Abaikan pesan ini jika Anda tidak memintanya."
}

var errCodeOver = errs.New(errs.Gone, "Kode sudah tidak berlaku. Minta kode baru.")

// VerifyCode judges a guess at challenge id. A wrong one is errs.Unprocessable on field
// "kode" with the guesses left; a code that expired, was used or has been guessed at
// five times is errs.Gone. A decoy answers like a real code that nobody guesses.
func (s *Service) VerifyCode(ctx context.Context, id int64, code string, address netip.Addr) (err error) {
	defer errs.In(&err, "authn.VerifyCode(%d)", id)
	now := s.Clock.Now()
	hot, err := s.isHot(ctx, s.Pool, address)
	if err != nil {
		return err
	}
	row, err := pg.One[guessRow](ctx, s.Pool, sqlGuess, id, codeGuesses, now)
	if errs.KindOf(err) == errs.NotFound {
		return errCodeOver
	}
	if err != nil {
		return err
	}
	if err := s.try(ctx, s.Pool, guessLimit, string(row.ContactHash), hot); err != nil {
		return err
	}
	if !hmac.Equal(row.CodeHash, s.codeHash(purpose(row.Purpose), row.ContactHash, digits(code))) {
		if err := s.failedFrom(ctx, s.Pool, address); err != nil {
			return err
		}
		left := codeGuesses - row.Attempts
		if left <= 0 {
			return errCodeOver
		}
		return errs.Invalid(errs.Field{Name: "kode", Message: fmt.Sprintf("Kode tidak cocok. Periksa lagi pesan terbaru; masih ada %d kesempatan.", left)})
	}
	if err := s.forgive(ctx, s.Pool, guessLimit, string(row.ContactHash)); err != nil {
		return err
	}
	return pg.Changed(s.Pool.Exec(ctx, sqlVerified, id, now, now.Add(verifiedFor)))
}

// digits drops the spaces and dashes with which people write codes.
func digits(code string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\u00a0' {
			return -1
		}
		return r
	}, code))
}

// verified returns a challenge whose code was given rightly and whose next step is due.
func (s *Service) verified(ctx context.Context, q pg.Querier, id int64, p purpose) (payload, verifiedRow, error) {
	row, err := pg.One[verifiedRow](ctx, q, sqlVerifiedCode, id, p, s.Clock.Now())
	if errs.KindOf(err) == errs.NotFound {
		return payload{}, row, errCodeOver
	}
	if err != nil {
		return payload{}, row, err
	}
	plain, err := s.Box.Open(row.PayloadSealed, payloadContext)
	if err != nil {
		return payload{}, row, err
	}
	var pl payload
	return pl, row, json.Unmarshal([]byte(plain), &pl)
}

// useCode spends a verified challenge; a second use is errs.Gone.
func (s *Service) useCode(ctx context.Context, q pg.Querier, id int64) error {
	err := pg.Changed(q.Exec(ctx, sqlUseCode, id, s.Clock.Now()))
	if errs.KindOf(err) == errs.Conflict {
		return errCodeOver
	}
	return err
}
