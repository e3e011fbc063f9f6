package authn

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// errNotDemo keeps accounts with a known password out of a real city.
var errNotDemo = errors.New("demo accounts exist in portal dev only")

// AddDemo makes an account of the demo in the caller's transaction and returns its id.
// Its address counts as verified; its password comes with SetDemoPassword.
func (s *Service) AddDemo(ctx context.Context, tx pgx.Tx, kind authz.Kind, name, email string) (id int64, err error) {
	defer errs.In(&err, "authn.AddDemo(%s)", email)
	if s.RequireTOTP {
		return 0, errNotDemo
	}
	id, err = s.create(ctx, tx, newAccount{kind: kind, name: name, contact: Contact{Email: email}, verified: true}, s.Clock.Now())
	if err != nil {
		return 0, err
	}
	return id, s.audit(ctx, tx, authz.System("portal dev"), "authn.account.create", id, nil)
}

// SetDemoPassword gives every account of a mail domain the same password and returns
// how many there are.
func (s *Service) SetDemoPassword(ctx context.Context, domain, password string) (n int64, err error) {
	defer errs.In(&err, "authn.SetDemoPassword")
	if s.RequireTOTP {
		return 0, errNotDemo
	}
	hash, err := s.Hasher.Hash(ctx, password)
	if err != nil {
		return 0, err
	}
	tag, err := s.Pool.Exec(ctx, sqlSetDemoPassword, domain, hash, s.Clock.Now())
	return tag.RowsAffected(), err
}

const sqlSetDemoPassword = `
UPDATE authn_account SET password_hash = $2, password_changed_at = $3
WHERE status = 'active' AND split_part(lower(email), '@', 2) = lower($1)`
