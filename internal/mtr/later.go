package mtr

import (
	"context"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

var errLater = errs.New(errs.Unavailable, "")

// ---- drafts

// Submit turns the draft into a report, once: sending it again returns the same
// receipt. What is missing is errs.Invalid with the Control names.
func (m *Module) Submit(ctx context.Context, a authz.Actor, token string) (Receipt, error) {
	return Receipt{}, errLater
}

// ---- the reporter

// OpenByCode exchanges number and short code for a fresh secret link. Wrong guesses
// are counted per number in the database: errs.TooMany after ten within the hour.
func (m *Module) OpenByCode(ctx context.Context, number, code string) (token string, err error) {
	return "", errLater
}

// ReporterView is the report for whoever holds its link or account; otherwise errs.NotFound.
func (m *Module) ReporterView(ctx context.Context, a authz.Actor, k ReporterKey) (ReporterReport, error) {
	return ReporterReport{}, errLater
}

// MyReports lists the reports of the signed-in citizen, newest first.
func (m *Module) MyReports(ctx context.Context, a authz.Actor, p Page) (PublicPage, error) {
	return PublicPage{}, errLater
}

// SetContact sets or replaces the contact and sends a code to it, nothing else.
func (m *Module) SetContact(ctx context.Context, a authz.Actor, k ReporterKey, in ContactInput) error {
	return errLater
}

// ResendCode sends a new code, at most once a minute and five times a day.
func (m *Module) ResendCode(ctx context.Context, a authz.Actor, k ReporterKey) error { return errLater }

// ConfirmContact checks the code; a held report is let through by it.
func (m *Module) ConfirmContact(ctx context.Context, a authz.Actor, k ReporterKey, code string) error {
	return errLater
}

// AddInfoPhoto uploads a photo that GiveInfo or Dispute then sends.
func (m *Module) AddInfoPhoto(ctx context.Context, a authz.Actor, k ReporterKey, in PhotoInput) (PublicPhoto, error) {
	return PublicPhoto{}, errLater
}

// RemoveInfoPhoto takes back a photo not yet sent.
func (m *Module) RemoveInfoPhoto(ctx context.Context, a authz.Actor, k ReporterKey, ref string) error {
	return errLater
}

// GiveInfo answers a question (and starts the clock again) or adds something unasked.
func (m *Module) GiveInfo(ctx context.Context, a authz.Actor, k ReporterKey, in GiveInfoInput) error {
	return errLater
}

// Confirm says that the problem is solved.
func (m *Module) Confirm(ctx context.Context, a authz.Actor, k ReporterKey) error { return errLater }

// Dispute says that it is not, within 10 working days.
func (m *Module) Dispute(ctx context.Context, a authz.Actor, k ReporterKey, in DisputeInput) error {
	return errLater
}

// Rate gives 1 to 5, once.
func (m *Module) Rate(ctx context.Context, a authz.Actor, k ReporterKey, in RateInput) error {
	return errLater
}

// Cancel takes the report back before work starts.
func (m *Module) Cancel(ctx context.Context, a authz.Actor, k ReporterKey, in CancelInput) error {
	return errLater
}
