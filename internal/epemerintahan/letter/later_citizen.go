package letter

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// ---- Identity (identity_*.go) ----

// IdentityStatus is where an account stands with proving who its owner is.
type IdentityStatus string

// The statuses; "" is nothing asked yet.
const (
	IdentityWaiting IdentityStatus = "menunggu"
	IdentityProved  IdentityStatus = "sah"
	IdentityRefused IdentityStatus = "ditolak"
	IdentityRevoked IdentityStatus = "dicabut"
)

// Controls of the identity form.
const (
	ControlNIK       = "nik"
	ControlKelurahan = "kelurahan"
	ControlKTP       = "ktp"
)

// Identity is an account's latest claim to be a resident.
type Identity struct {
	Status        IdentityStatus
	NIK           string // masked to the last four
	KelurahanID   int64
	KelurahanName string
	ResidentID    int64 // once proved
	AskedAt       time.Time
	DecidedAt     *time.Time
	Reason        string // why it was refused or revoked
}

// MyIdentity is the account's latest claim; the zero value when there is none.
func (m *Module) MyIdentity(ctx context.Context, a authz.Actor) (Identity, error) {
	return Identity{}, errLater
}

// ClaimIdentity asks a kelurahan to confirm that the account's owner is the resident with
// the NIK. photo shows the KTP; nil: the owner comes to the counter. The answer is the
// same whether or not such a resident exists. Asking again replaces a claim that waits;
// a proved one is errs.Conflict. Wrong input is errs.Invalid by the controls above.
func (m *Module) ClaimIdentity(ctx context.Context, a authz.Actor, nik string, kelurahanID int64, photo *File) error {
	return errLater
}

// IdentityCode draws six digits that the account's owner shows at the counter, in place
// of earlier ones; they are good until the time told.
func (m *Module) IdentityCode(ctx context.Context, a authz.Actor) (code string, until time.Time, err error) {
	return "", time.Time{}, errLater
}

// WithdrawIdentity takes a claim back, waiting or proved.
func (m *Module) WithdrawIdentity(ctx context.Context, a authz.Actor) error { return errLater }

// ---- The applicant, besides later.go ----

// DiscardDraft throws a draft of the account away with its scans.
func (m *Module) DiscardDraft(ctx context.Context, a authz.Actor, ref string) error { return errLater }
