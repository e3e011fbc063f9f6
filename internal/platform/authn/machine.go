package authn

import (
	"context"
	"net/netip"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Other systems have long passwords that no person types, and one address for many of
// them: each is counted by itself from each address, and loosely from everywhere, so that
// nobody shuts it out by guessing from elsewhere.
var (
	machineLimit = limit{scope: "machine", free: 10, base: 30 * time.Second, max: 15 * time.Minute, forget: time.Hour}
	machineAll   = limit{scope: "machine.all", free: 200, base: time.Second, max: 30 * time.Second, forget: time.Hour}
)

// Machine is one try of another system to sign in.
type Machine struct {
	Name     string // with what kind of system it is: "bpjs:kassi"
	Password string
	Hash     string // "" for a name that nobody has
	Address  netip.Addr
}

// CheckMachine tells whether the password is right. Too many tries of a name are
// errs.TooMany, the same for one that nobody has.
func (s *Service) CheckMachine(ctx context.Context, in Machine) (right bool, err error) {
	defer errs.In(&err, "authn.CheckMachine")
	hot, err := s.isHot(ctx, s.Pool, in.Address)
	if err != nil {
		return false, err
	}
	here := in.Name + "\x00" + string(s.addressHash(in.Address))
	if err := s.try(ctx, s.Pool, machineLimit, here, hot); err != nil {
		return false, err
	}
	if err := s.try(ctx, s.Pool, machineAll, in.Name, false); err != nil {
		return false, err
	}
	if right, err = s.Hasher.Verify(ctx, in.Password, in.Hash, hot); err != nil {
		return false, err
	}
	if !right {
		return false, s.failedFrom(ctx, s.Pool, in.Address)
	}
	if err := s.forgive(ctx, s.Pool, machineLimit, here); err != nil {
		return false, err
	}
	return true, s.forgive(ctx, s.Pool, machineAll, in.Name)
}

// HashMachine is the hash to keep of another system's password.
func (s *Service) HashMachine(ctx context.Context, password string) (string, error) {
	return s.Hasher.Hash(ctx, password)
}
