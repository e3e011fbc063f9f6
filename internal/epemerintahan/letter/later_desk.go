package letter

import (
	"context"
	"io"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// ---- Identity at the desk (identity_*.go), besides later_citizen.go; all of it needs PermIdentity ----

// Claim is an account's claim to be a resident, for the desk that confirms it.
type Claim struct {
	ID            int64
	AccountName   string
	NIK           string // in full: it is compared with the KTP; pages mask it
	KelurahanID   int64
	KelurahanName string
	AskedAt       time.Time
	HasPhoto      bool
	// Resident is who has the NIK in the claimed kelurahan's register; nil: nobody.
	Resident *Person
	// Taken: another account is proved to be this resident already.
	Taken bool
}

// Claims lists those that wait in the actor's realm, oldest first; after is the ID to go
// on from. The reading is audited.
func (m *Module) Claims(ctx context.Context, a authz.Actor, after int64) ([]Claim, error) {
	return nil, errLater
}

// ClaimOf is one that waits; the reading is audited. One that was decided is errs.Conflict
// with who was faster, one elsewhere errs.NotFound.
func (m *Module) ClaimOf(ctx context.Context, a authz.Actor, id int64) (Claim, error) {
	return Claim{}, errLater
}

// ClaimByCode finds the claim whose owner shows the six digits at the counter; a wrong
// or old code is errs.NotFound, and guessing is slowed down.
func (m *Module) ClaimByCode(ctx context.Context, a authz.Actor, code string) (Claim, error) {
	return Claim{}, errLater
}

// OpenClaimPhoto reads the photo of the KTP. It is audited.
func (m *Module) OpenClaimPhoto(ctx context.Context, a authz.Actor, id int64) (body io.ReadCloser, contentType string, err error) {
	return nil, "", errLater
}

// ConfirmIdentity proves a claim: the account's owner is the resident. Without a resident
// it is errs.Unprocessable, taken or decided already errs.Conflict.
func (m *Module) ConfirmIdentity(ctx context.Context, a authz.Actor, id int64) error { return errLater }

// RefuseIdentity tells the account's owner why not: 10 to 500 letters.
func (m *Module) RefuseIdentity(ctx context.Context, a authz.Actor, id int64, reason string) error {
	return errLater
}
