package authn

import (
	"context"
	"net/netip"
	"strings"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Login is one try to sign in. Name is an e-mail address, a phone number or the
// account number printed at a counter, as typed.
type Login struct {
	Name     string
	Password string
	Address  netip.Addr
}

// LoginResult says who signed in. With NeedsCode the password was right and CheckSecond
// must follow before a session is given.
type LoginResult struct {
	AccountID int64
	Kind      authz.Kind
	NeedsCode bool
}

var errLogin = errs.Invalid(errs.Field{Name: "sandi", Message: "Nama masuk atau sandi tidak cocok. Periksa keduanya, atau pilih “Lupa sandi”."})

// Login checks name and password. Wrong ones are errs.Unprocessable, the same for a
// name that nobody has; too many are errs.TooMany. A disabled account with the right
// password is errs.Forbidden.
func (s *Service) Login(ctx context.Context, in Login) (_ LoginResult, err error) {
	defer errs.In(&err, "authn.Login")
	name, contact, number := readName(in.Name)
	hot, err := s.isHot(ctx, s.Pool, in.Address)
	if err != nil {
		return LoginResult{}, err
	}
	if err := s.try(ctx, s.Pool, loginLimit, name, hot); err != nil {
		return LoginResult{}, err
	}
	var phone []byte
	if contact.Phone != "" {
		phone = s.phoneHash(contact.Phone)
	}
	row, _, err := one(pg.One[accountRow](ctx, s.Pool, sqlAccountByContact, contact.Email, phone, number))
	if err != nil {
		return LoginResult{}, err
	}
	right, err := s.Hasher.Verify(ctx, in.Password, row.PasswordHash, hot)
	if err != nil {
		return LoginResult{}, err
	}
	if !right {
		if err := s.loginFailed(ctx, row, in.Address); err != nil {
			return LoginResult{}, err
		}
		return LoginResult{}, errLogin
	}
	if row.Status != "active" {
		return LoginResult{}, errs.New(errs.Forbidden, "Akun ini dinonaktifkan. Hubungi administrator portal.")
	}
	if s.Hasher.stale(row.PasswordHash) {
		if err := s.rehash(ctx, row, in.Password); err != nil {
			return LoginResult{}, err
		}
	}
	res := LoginResult{AccountID: row.ID, Kind: authz.Kind(row.Kind), NeedsCode: row.HasTOTP}
	return res, pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		if err := s.forgive(ctx, tx, loginLimit, name); err != nil {
			return err
		}
		if res.NeedsCode {
			return s.audit(ctx, tx, self(row), "authn.login.password", row.ID, nil)
		}
		return s.loggedIn(ctx, tx, row, "sandi")
	})
}

// loginFailed runs the same for known and unknown names.
func (s *Service) loginFailed(ctx context.Context, row accountRow, address netip.Addr) error {
	return pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		if err := s.failedFrom(ctx, tx, address); err != nil {
			return err
		}
		return s.audit(ctx, tx, authz.Actor{}, "authn.login.refuse", row.ID, nil)
	})
}

func (s *Service) loggedIn(ctx context.Context, q pg.Querier, row accountRow, how string) error {
	if err := pg.Exec(ctx, q, sqlLoggedIn, row.ID, s.Clock.Now()); err != nil {
		return err
	}
	return s.audit(ctx, q, self(row), "authn.login", row.ID, map[string]any{"dengan": how})
}

func (s *Service) rehash(ctx context.Context, row accountRow, password string) error {
	hash, err := s.Hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	return pg.Exec(ctx, s.Pool, sqlRehash, row.ID, hash, row.PasswordHash)
}

// readName makes of what was typed the key under which tries are counted, and what to
// look up. Nonsense is counted too, and looks up nothing.
func readName(typed string) (key string, c Contact, number string) {
	typed = strings.TrimSpace(typed)
	if c, ok := ParseContact(typed); ok {
		return c.key(), c, ""
	}
	if n := digits(typed); len(n) == loginNumberLength && strings.Trim(n, "0123456789") == "" {
		return "nomor:" + n, Contact{}, n
	}
	return "lain:" + strings.ToLower(typed), Contact{}, ""
}

// CheckPassword asks the signed-in owner for the password once more, before something
// that matters. A wrong one is errs.Unprocessable on field "sandi-lama".
func (s *Service) CheckPassword(ctx context.Context, accountID int64, password string) (err error) {
	defer errs.In(&err, "authn.CheckPassword(%d)", accountID)
	key := accountKey(accountID)
	if err := s.try(ctx, s.Pool, passwordLimit, key, false); err != nil {
		return err
	}
	row, err := pg.One[accountRow](ctx, s.Pool, sqlAccount, accountID)
	if err != nil {
		return err
	}
	right, err := s.Hasher.Verify(ctx, password, row.PasswordHash, false)
	if err != nil {
		return err
	}
	if !right {
		return errs.Invalid(errs.Field{Name: "sandi-lama", Message: "Sandi Anda sekarang tidak cocok."})
	}
	return s.forgive(ctx, s.Pool, passwordLimit, key)
}
