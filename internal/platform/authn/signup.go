package authn

import (
	"context"
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// SignUp is what a citizen tells to get an account. Contact is as typed.
type SignUp struct {
	Name    string
	Contact string
	Address netip.Addr
}

// StartSignUp sends a code to the contact. When somebody has that contact already, its
// owner is told so instead, and the caller gets a Challenge like any other.
func (s *Service) StartSignUp(ctx context.Context, in SignUp) (_ Challenge, err error) {
	defer errs.In(&err, "authn.StartSignUp")
	name, nameErr := CleanName(in.Name)
	contact, ok := ParseContact(in.Contact)
	var wrong []errs.Field
	if nameErr != "" {
		wrong = append(wrong, errs.Field{Name: "nama", Message: nameErr})
	}
	if !ok {
		wrong = append(wrong, s.notAContact())
	}
	if wrong != nil {
		return Challenge{}, errs.Invalid(wrong...)
	}
	if err := s.checkSendable(contact, "kontak"); err != nil {
		return Challenge{}, err
	}
	if err := s.trySend(ctx, contact, in.Address); err != nil {
		return Challenge{}, err
	}
	n := newCode{purpose: forSignUp, contact: contact, name: name, code: crypt.SixDigits(), expires: s.Clock.Now().Add(codeFor)}
	subject, text := "Kode pendaftaran", codeText(n.code, "mendaftar di "+s.PortalName)
	ch := Challenge{Contact: contact, ExpiresAt: n.expires}
	err = pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		owner, taken, err := s.find(ctx, tx, contact)
		if err != nil {
			return err
		}
		if taken {
			n.code = ""
			subject, text = "Anda sudah punya akun", takenText(owner)
		}
		if ch.ID, err = s.storeCode(ctx, tx, n); err != nil {
			return err
		}
		return s.sendText(ctx, tx, contact, subject, text, n.expires)
	})
	return ch, err
}

func takenText(owner accountRow) string {
	if owner.Status != "active" {
		return "Seseorang, mungkin Anda, mencoba mendaftar dengan alamat ini. Akun dengan alamat ini sedang dinonaktifkan. Hubungi kantor kelurahan Anda bila ini keliru."
	}
	return "Seseorang, mungkin Anda, mencoba mendaftar dengan alamat ini. Alamat ini sudah punya akun.\n\n" +
		"Silakan masuk seperti biasa. Jika lupa sandi, pilih “Lupa sandi” di halaman masuk."
}

// CleanName trims a person's name and says in a sentence what is wrong with it, "" for nothing.
func CleanName(name string) (clean, wrong string) {
	clean = strings.Join(strings.Fields(name), " ")
	switch n := utf8.RuneCountInString(clean); {
	case n == 0:
		return "", "Tulis nama Anda."
	case n > 120:
		return "", "Nama terlalu panjang. Pakai paling banyak 120 huruf."
	case strings.ContainsAny(clean, "<>\x00") || strings.Contains(clean, "://"):
		return "", "Tulis nama saja, tanpa tanda < > atau alamat web."
	}
	return clean, ""
}

// FinishSignUp makes the account of a verified sign-up, with its first password, and
// returns its id. The contact having got an account meanwhile is errs.Conflict.
func (s *Service) FinishSignUp(ctx context.Context, id int64, password string) (account int64, err error) {
	defer errs.In(&err, "authn.FinishSignUp(%d)", id)
	pl, _, err := s.verified(ctx, s.Pool, id, forSignUp)
	if err != nil {
		return 0, err
	}
	if wrong := CheckNewPassword(password, pl.Name, pl.Email, pl.Phone); wrong != "" {
		return 0, errs.Invalid(errs.Field{Name: "sandi", Message: wrong})
	}
	hash, err := s.Hasher.Hash(ctx, password)
	if err != nil {
		return 0, err
	}
	now := s.Clock.Now()
	err = pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		if err := s.useCode(ctx, tx, id); err != nil {
			return err
		}
		account, err = s.create(ctx, tx, newAccount{
			kind: authz.Citizen, name: pl.Name, contact: Contact{Email: pl.Email, Phone: pl.Phone},
			verified: true, passwordHash: hash,
		}, now)
		if err != nil {
			return err
		}
		actor := authz.Actor{AccountID: account, Kind: authz.Citizen, Name: pl.Name}
		return s.audit(ctx, tx, actor, "authn.account.create", account, map[string]any{"cara": way(pl)})
	})
	if taken(err) {
		return 0, errs.Wrap(errs.Conflict, err, "Alamat ini sudah punya akun. Silakan masuk, atau pilih “Lupa sandi”.")
	}
	return account, err
}

func way(pl payload) string {
	if pl.Phone != "" {
		return "telepon"
	}
	return "email"
}

func taken(err error) bool {
	return pg.Violates(err, "authn_account_email_key") || pg.Violates(err, "authn_account_phone_key")
}

type newAccount struct {
	kind         authz.Kind
	name         string
	contact      Contact
	verified     bool
	loginNumber  string
	passwordHash string
}

func (s *Service) create(ctx context.Context, q pg.Querier, n newAccount, now time.Time) (int64, error) {
	var emailAt, phoneAt *time.Time
	var phoneSealed, phoneHash []byte
	if n.verified && n.contact.Email != "" {
		emailAt = &now
	}
	if n.contact.Phone != "" {
		phoneSealed, phoneHash = s.Box.Seal(n.contact.Phone, notify.PhoneContext), s.phoneHash(n.contact.Phone)
		if n.verified {
			phoneAt = &now
		}
	}
	return pg.Scalar[int64](ctx, q, sqlCreateAccount, n.kind, n.name, n.contact.Email, emailAt,
		phoneSealed, phoneHash, phoneAt, n.loginNumber, n.passwordHash, now)
}
