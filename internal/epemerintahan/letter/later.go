package letter

import (
	"context"
	"errors"
	"io"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
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

// AddScan keeps a scan for a requirement of a draft or of a returned letter (ref of
// the draft or its request number). Photos are encoded anew, PDFs checked; at most 10 MB.
func (m *Module) AddScan(ctx context.Context, a authz.Actor, ref, requirement string, f File) error {
	return errLater
}

// RemoveScan takes one back.
func (m *Module) RemoveScan(ctx context.Context, a authz.Actor, ref, scan string) error {
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

// Entry is a letter entered at the counter.
type Entry struct {
	KelurahanID int64
	Code        string
	Subject     Person // ResidentID set for residents; an outsider is written out
	Values      Values
	Checked     []string // papers seen
	WithCamat   bool
	// Key makes a resend give the same letter.
	Key string
}

// Enter makes a letter at the counter, checked at once: it waits for the paraf.
func (m *Module) Enter(ctx context.Context, a authz.Actor, e Entry) (id int64, err error) {
	return 0, errLater
}

// QueueName is one of the desk's lists.
type QueueName string

// The queues: each names what its reader has to do.
const (
	QueueCheck QueueName = "periksa"
	QueueParaf QueueName = "paraf"
	QueueSign  QueueName = "tanda-tangan"
	QueueScan  QueueName = "pindai"
	QueueWait  QueueName = "menunggu" // for the applicant, the RT, or somebody else
)

// Queues counts what waits in the actor's realm, by queue; only those that the actor works on.
func (m *Module) Queues(ctx context.Context, a authz.Actor) (map[QueueName]int, error) {
	return nil, errLater
}

// Queue lists one, most urgent first; after is the ID to go on from.
func (m *Module) Queue(ctx context.Context, a authz.Actor, q QueueName, after int64) ([]Summary, error) {
	return nil, errLater
}

// View is a letter for the desk. The reading is audited.
func (m *Module) View(ctx context.Context, a authz.Actor, id int64) (Details, error) {
	return Details{}, errLater
}

// Act is a decision on a letter that the actor saw in a version.
type Act struct {
	ID      int64
	Version int    // 0 = whatever it is now
	Reason  string // for ActReturn, ActSendBack, ActReject, ActVoid: 10 to 500 letters
}

// Checking is what the operator found.
type Checking struct {
	Act
	Checked   []string
	WithCamat bool
}

// Check sends a letter on: papers complete.
func (m *Module) Check(ctx context.Context, a authz.Actor, c Checking) error { return errLater }

// Edit corrects the answers of a letter that is being checked.
func (m *Module) Edit(ctx context.Context, a authz.Actor, act Act, v Values) error { return errLater }

// Do takes a step that needs no more than a reason: ActReturn, ActSkipRT, ActParaf, ActSendBack,
// ActReject, ActVoid, ActHandOver, and ActCancel for the operator on behalf of a visitor.
func (m *Module) Do(ctx context.Context, a authz.Actor, action Action, act Act) error {
	return errLater
}

// SignResult is how signing one letter ended.
type SignResult struct {
	ID     int64
	Number string
	Err    error
}

// Sign signs letters, each in its three steps, as lurah, on their behalf, or as camat.
// passphrase is needed when [Module.NeedsPassphrase]; it is nowhere kept. The results
// are in the order of acts; one failure does not stop the others.
func (m *Module) Sign(ctx context.Context, a authz.Actor, acts []Act, passphrase string) []SignResult {
	return nil
}

// Print gives a wet letter its number and its numbered print. From AwaitingSign by who
// may sign; from Submitted and AwaitingParaf by the operator where the office allows printing at the counter.
func (m *Module) Print(ctx context.Context, a authz.Actor, act Act) error { return errLater }

// AttachScan takes the signed paper back: the letter is issued.
func (m *Module) AttachScan(ctx context.Context, a authz.Actor, act Act, f File) error {
	return errLater
}

// Reissue makes a new letter from a voided one, for the operator to correct.
func (m *Module) Reissue(ctx context.Context, a authz.Actor, id int64) (newID int64, err error) {
	return 0, errLater
}

// Preview is the letter as it would be now, for pages that show it without a PDF. The
// reading is audited.
func (m *Module) Preview(ctx context.Context, a authz.Actor, id int64) (naskah.Document, error) {
	return naskah.Document{}, errLater
}

// Reveal notes that the actor opened the NIK and KK of the people in a letter; whoever
// reads the letter and may check or sign it may. It comes before they are shown.
func (m *Module) Reveal(ctx context.Context, a authz.Actor, id int64) error { return errLater }

// NeedsPassphrase tells whether signing asks for the signer's passphrase (BSrE).
func (m *Module) NeedsPassphrase() bool { return false }

// QueuePage is how many letters Queue and Register give at once.
const QueuePage = 25

// LiveLetters is the topic that every change of a letter announces, beside the
// letter's own.
const LiveLetters = "epemerintahan.letters"

// Which file of a letter.
type Which string

// The files.
const (
	FilePDF   Which = "surat"
	FilePrint Which = "cetak"
	FileScan  Which = "pindaian"
	// FilePreview is the letter as it would be, watermarked, not kept.
	FilePreview Which = "pratinjau"
)

// OpenFile reads one of a letter's PDFs. It is audited.
func (m *Module) OpenFile(ctx context.Context, a authz.Actor, id int64, w Which) (io.ReadCloser, error) {
	return nil, errLater
}

// OpenScan reads a requirement's scan, for the desk or its applicant. It is audited.
func (m *Module) OpenScan(ctx context.Context, a authz.Actor, ref string) (io.ReadCloser, Scan, error) {
	return nil, Scan{}, errLater
}

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
