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

// ---- public reads

// PublicList is a stretch of the public list, newest first.
func (m *Module) PublicList(ctx context.Context, f Filter, p Page) (PublicPage, error) {
	return PublicPage{}, errLater
}

// PublicView is the public page of a report; what is not public is errs.NotFound.
func (m *Module) PublicView(ctx context.Context, number string) (PublicReport, error) {
	return PublicReport{}, errLater
}

// Map is the piece of the public map at a zoom level (0..19).
func (m *Module) Map(ctx context.Context, f Filter, b BBox, zoom int) (MapData, error) {
	return MapData{}, errLater
}

// HomeFigures are computed at most once a minute.
func (m *Module) HomeFigures(ctx context.Context) (Figures, error) { return Figures{}, errLater }

// ---- the desk

// Queues lists the queues the actor has, with counts.
func (m *Module) Queues(ctx context.Context, a authz.Actor) ([]QueueCount, error) {
	return nil, errLater
}

// Queue is a stretch of a queue, most urgent first; a queue that is not the actor's
// is errs.NotFound. cursor nil = from the start; limit 0 = 25.
func (m *Module) Queue(ctx context.Context, a authz.Actor, key QueueKey, f DeskFilter, cursor *DeskCursor, limit int) (DeskPage, error) {
	return DeskPage{}, errLater
}

// DeskView is the desk's page of a report; out of the actor's scope is errs.NotFound.
// Reading a rahasia report is audited.
func (m *Module) DeskView(ctx context.Context, a authz.Actor, number string) (DeskReport, error) {
	return DeskReport{}, errLater
}

// Assignees lists to whom the report may be assigned. Needs PermHandle in its unit.
func (m *Module) Assignees(ctx context.Context, a authz.Actor, reportID int64) ([]Assignee, error) {
	return nil, errLater
}

// ForwardUnits lists the units a report may be forwarded to.
func (m *Module) ForwardUnits(ctx context.Context, a authz.Actor) ([]UnitChoice, error) {
	return nil, errLater
}

// UnitChoice is a unit in a select.
type UnitChoice struct {
	ID       int64
	Name     string
	Kind     string
	ParentID int64
}

// The acts of staff. Each checks the state machine, the actor's role for this
// report and the version, and writes everything in one transaction. Not possible
// now: errs.Conflict with a sentence. Out of scope: errs.NotFound. Not their part:
// errs.Forbidden. Wrong input: errs.Invalid with the Control names.

// Forward accepts the report, publishes its words and photos, and sends it to a unit.
func (m *Module) Forward(ctx context.Context, a authz.Actor, in ForwardInput) error { return errLater }

// Reject ends the report with a public reason.
func (m *Module) Reject(ctx context.Context, a authz.Actor, in RejectInput) error { return errLater }

// MarkDuplicate ends the report in favour of another.
func (m *Module) MarkDuplicate(ctx context.Context, a authz.Actor, in DuplicateInput) error {
	return errLater
}

// ReferOut ends the report in favour of another agency.
func (m *Module) ReferOut(ctx context.Context, a authz.Actor, in ReferInput) error { return errLater }

// RecordAgencyAnswer notes what the other agency answered.
func (m *Module) RecordAgencyAnswer(ctx context.Context, a authz.Actor, in AgencyAnswerInput) error {
	return errLater
}

// AskInfo asks the reporter and stops the clock.
func (m *Module) AskInfo(ctx context.Context, a authz.Actor, in AskInfoInput) error { return errLater }

// Resume goes on without the answer.
func (m *Module) Resume(ctx context.Context, a authz.Actor, in ReasonInput) error { return errLater }

// Bounce gives the report back to the dispatchers: not our task.
func (m *Module) Bounce(ctx context.Context, a authz.Actor, in ReasonInput) error { return errLater }

// Assign gives the report to a position of the unit.
func (m *Module) Assign(ctx context.Context, a authz.Actor, in AssignInput) error { return errLater }

// Start begins the work.
func (m *Module) Start(ctx context.Context, a authz.Actor, in StartInput) error { return errLater }

// Schedule promises a date.
func (m *Module) Schedule(ctx context.Context, a authz.Actor, in ScheduleInput) error {
	return errLater
}

// AddProofPhoto uploads a photo that SubmitProof then hands in.
func (m *Module) AddProofPhoto(ctx context.Context, a authz.Actor, reportID int64, in PhotoInput) (DeskPhoto, error) {
	return DeskPhoto{}, errLater
}

// AddProofDocument uploads a PDF that SubmitProof then hands in.
func (m *Module) AddProofDocument(ctx context.Context, a authz.Actor, reportID int64, in DocumentInput) (DeskDocument, error) {
	return DeskDocument{}, errLater
}

// RemoveProof takes back a photo or document not yet handed in.
func (m *Module) RemoveProof(ctx context.Context, a authz.Actor, reportID int64, ref string) error {
	return errLater
}

// SubmitProof hands in the proof that the category asks for.
func (m *Module) SubmitProof(ctx context.Context, a authz.Actor, in ProofInput) error {
	return errLater
}

// Validate accepts the proof of somebody else.
func (m *Module) Validate(ctx context.Context, a authz.Actor, in ValidateInput) error {
	return errLater
}

// RejectProof sends the report back to work.
func (m *Module) RejectProof(ctx context.Context, a authz.Actor, in ReasonInput) error {
	return errLater
}

// Respond writes a public answer without changing the status.
func (m *Module) Respond(ctx context.Context, a authz.Actor, in ReasonInput) error { return errLater }

// Note writes a remark among staff.
func (m *Module) Note(ctx context.Context, a authz.Actor, in ReasonInput) error { return errLater }

// Hide takes the report out of everything public.
func (m *Module) Hide(ctx context.Context, a authz.Actor, in ReasonInput) error { return errLater }

// Unhide shows it again.
func (m *Module) Unhide(ctx context.Context, a authz.Actor, in ReasonInput) error { return errLater }

// HidePhoto hides one photo.
func (m *Module) HidePhoto(ctx context.Context, a authz.Actor, in HidePhotoInput) error {
	return errLater
}

// Release lets a held report through.
func (m *Module) Release(ctx context.Context, a authz.Actor, in ReasonInput) error { return errLater }

// ReleasePhotos shows the photos of an anonymous report to the field officers.
func (m *Module) ReleasePhotos(ctx context.Context, a authz.Actor, in ReasonInput) error {
	return errLater
}

// RevealIdentity opens who reported. It needs a reason and is audited; for anonymous
// and rahasia reports it needs PermReveal, otherwise PermDispatch, PermHandle or PermReveal.
func (m *Module) RevealIdentity(ctx context.Context, a authz.Actor, in ReasonInput) (Identity, error) {
	return Identity{}, errLater
}
