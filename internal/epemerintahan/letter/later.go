package letter

import (
	"context"
	"errors"
	"io"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
)

var errLater = errors.New("not built yet")

// ---- The applicant (apply_*.go) ----

// Household lists whom the account may ask letters for: the resident that its verified
// identity names, and their family. Empty without a verified identity.
func (m *Module) Household(ctx context.Context, a authz.Actor) (kelurahanID int64, people []Person, err error) {
	return 0, nil, errLater
}

// StartDraft begins a letter for a member of the household and returns the draft's
// random ref. The kind's rules are checked at once, so that nobody fills in a form in vain.
func (m *Module) StartDraft(ctx context.Context, a authz.Actor, code string, residentID int64) (ref string, err error) {
	return "", errLater
}

// Draft is an unsent letter of the account.
func (m *Module) Draft(ctx context.Context, a authz.Actor, ref string) (Details, error) {
	return Details{}, errLater
}

// SaveDraft keeps answers as they are, complete or not.
func (m *Module) SaveDraft(ctx context.Context, a authz.Actor, ref string, v Values) error {
	return errLater
}

// Submit sends a draft; sending it twice gives the same number.
func (m *Module) Submit(ctx context.Context, a authz.Actor, ref string) (number string, err error) {
	return "", errLater
}

// Resubmit sends a returned letter again, with mended answers.
func (m *Module) Resubmit(ctx context.Context, a authz.Actor, number string, v Values) error {
	return errLater
}

// CancelMine gives a letter up before it is signed.
func (m *Module) CancelMine(ctx context.Context, a authz.Actor, number, reason string) error {
	return errLater
}

// Mine lists the account's letters and drafts, newest first; after is the ID to go on from, 0 at first.
func (m *Module) Mine(ctx context.Context, a authz.Actor, after int64) ([]Summary, error) {
	return nil, errLater
}

// MyLetter is one of the account's letters.
func (m *Module) MyLetter(ctx context.Context, a authz.Actor, number string) (Details, error) {
	return Details{}, errLater
}

// OpenMine reads the letter's PDF (the signed paper's scan for wet ones). The reading is audited.
func (m *Module) OpenMine(ctx context.Context, a authz.Actor, number string) (io.ReadCloser, error) {
	return nil, errLater
}

// ---- RT and RW (neighbour_*.go) ----

// Asked is what the RT or RW head sees behind their link: no more than they need to know the person.
type Asked struct {
	RequestNumber, Title, Subject, Address, Purpose, KelurahanName string
	Answered                                                       bool
}

// Ask shows what the link asks; an unknown or expired one is errs.NotFound.
func (m *Module) Ask(ctx context.Context, token string) (Asked, error) { return Asked{}, errLater }

// Answer keeps what the RT or RW head says, once.
func (m *Module) Answer(ctx context.Context, token string, yes bool, note string) error {
	return errLater
}

// ---- Desk (desk_*.go, sign.go) ----

// ---- Register (register_*.go) ----

// Filter narrows the register; zero fields do not.
type Filter struct {
	Text        string // number, name in any spelling, NIK, words of the title
	KelurahanID int64
	Code        string
	Status      Status
	From, To    time.Time // day of issue, or of asking where not issued
	Signer      int64     // org_person
	ResidentID  int64
}

// Register lists the letters of the actor's realm, newest first; after is the ID to go on from.
func (m *Module) Register(ctx context.Context, a authz.Actor, f Filter, after int64) (list []Summary, more bool, err error) {
	return nil, false, errLater
}

// NumberLine is a line of the book of numbers: a number and what became of it.
type NumberLine struct {
	No     int64
	Number string   // as it stands on the letter
	Letter *Summary // nil: no letter has it
	// Gap says in words why the number carries no letter in force; "" when it does.
	Gap string
}

// Numbers is the book of a kelurahan's numbers in a year, newest first: every number
// that was ever taken is there; before is the number to go on from, 0 at first.
func (m *Module) Numbers(ctx context.Context, a authz.Actor, kelurahanID int64, year int, before int64) ([]NumberLine, error) {
	return nil, errLater
}
