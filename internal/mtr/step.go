package mtr

// Action is what somebody does to a report.
type Action string

const (
	ActSubmit          Action = "submit"          // the draft becomes a report
	ActHold            Action = "hold"            // the same, held by the abuse rules
	ActConfirmContact  Action = "confirm_contact" // the reporter types the code sent to the contact
	ActRelease         Action = "release"         // a moderator lets a held report through
	ActLapse           Action = "lapse"           // 72 hours unconfirmed
	ActForward         Action = "forward"
	ActReject          Action = "reject"
	ActMarkDuplicate   Action = "mark_duplicate"
	ActUnmark          Action = "unmark_duplicate" // it was another problem after all
	ActReferOut        Action = "refer_out"
	ActAgencyAnswer    Action = "agency_answer" // what the other agency said
	ActAskInfo         Action = "ask_info"
	ActGiveInfo        Action = "give_info" // the reporter answers, or adds unasked
	ActResume          Action = "resume"    // staff go on without the answer
	ActBounce          Action = "bounce"    // not our task
	ActRecategorize    Action = "recategorize"
	ActPrioritize      Action = "prioritize"
	ActAssign          Action = "assign"
	ActStart           Action = "start"
	ActSchedule        Action = "schedule"
	ActSubmitProof     Action = "submit_proof"
	ActValidate        Action = "validate"
	ActRejectProof     Action = "reject_proof"
	ActConfirm         Action = "confirm"
	ActDispute         Action = "dispute"
	ActAutoClose       Action = "auto_close"
	ActRate            Action = "rate"
	ActAppeal          Action = "appeal" // the sender objects to being held by the block list
	ActCancel          Action = "cancel"
	ActRespond         Action = "respond" // words for the reporter and the public
	ActNote            Action = "note"    // words among staff
	ActHide            Action = "hide"
	ActUnhide          Action = "unhide"
	ActHidePhoto       Action = "hide_photo"
	ActRedact          Action = "redact"           // words are blacked out
	ActRedactPhoto     Action = "redact_photo"     // parts of a photo are
	ActAnonymize       Action = "anonymize"        // the reporter turns anonymous afterwards
	ActOpenOriginal    Action = "open_original"    // what was blacked out was opened
	ActReleaseOriginal Action = "release_original" // the field may open it for a time
	ActReveal          Action = "reveal"           // the reporter's identity was opened
	ActReleasePhoto    Action = "release_photo"    // field staff may see the photos of an anonymous report
	ActEscalateUnit    Action = "escalate_unit"    // 24 hours without a response
	ActEscalateMayor   Action = "escalate_mayor"
)

// Actions lists every action once.
var Actions = []Action{
	ActSubmit, ActHold, ActConfirmContact, ActRelease, ActLapse, ActForward, ActReject, ActMarkDuplicate, ActUnmark,
	ActReferOut, ActAgencyAnswer, ActAskInfo, ActGiveInfo, ActResume, ActBounce, ActRecategorize, ActPrioritize, ActAssign, ActStart,
	ActSchedule, ActSubmitProof, ActValidate, ActRejectProof, ActConfirm, ActDispute, ActAutoClose, ActRate,
	ActAppeal, ActCancel, ActRespond, ActNote, ActHide, ActUnhide, ActHidePhoto, ActRedact, ActRedactPhoto, ActAnonymize,
	ActOpenOriginal, ActReleaseOriginal, ActReveal, ActReleasePhoto,
	ActEscalateUnit, ActEscalateMayor,
}

// Role is what somebody is to one report; see [Case.RolesOf].
type Role uint16

const (
	AsReporter Role = 1 << iota
	AsDispatcher
	AsHandler
	AsWorker // the report is assigned to a position they hold
	AsValidator
	AsSupervisor
	AsModerator
	AsRevealer
	AsSystem
)

// Has reports whether the set r holds any of want.
func (r Role) Has(want Role) bool { return r&want != 0 }

// String names the strongest role of the set, as events record it.
func (r Role) String() string {
	for _, n := range []struct {
		role Role
		name string
	}{
		{AsSystem, "sistem"}, {AsReporter, "pelapor"}, {AsDispatcher, "dispatcher"}, {AsHandler, "opd"},
		{AsWorker, "petugas"}, {AsValidator, "validator"}, {AsModerator, "moderator"},
		{AsSupervisor, "pengawas"}, {AsRevealer, "pembuka_identitas"},
	} {
		if r.Has(n.role) {
			return n.name
		}
	}
	return ""
}

// Step is one cell of the table: where the action leads, who may take it and
// what must hold besides. A nil Guard always holds.
type Step struct {
	To    Status
	Who   Role
	Guard func(*Case, Moment) error
}

const (
	staffOnUnit = AsHandler | AsWorker
	anyStaff    = AsDispatcher | AsHandler | AsWorker | AsValidator | AsSupervisor | AsModerator
)

// Steps is the state machine: Steps[from][action]. The empty status is "not yet".
// What is absent cannot happen, in code and in the database.
var Steps = buildSteps()

func buildSteps() map[Status]map[Action]Step {
	t := map[Status]map[Action]Step{
		"": {
			ActSubmit: {To: Received, Who: AsReporter},
			ActHold:   {To: Unconfirmed, Who: AsReporter},
		},
		Unconfirmed: {
			ActConfirmContact: {To: Received, Who: AsReporter, Guard: notBlocked},
			ActAppeal:         {To: Unconfirmed, Who: AsReporter, Guard: isBlockedCase},
			ActReject:         {To: Rejected, Who: AsModerator},
			ActRelease:        {To: Received, Who: AsModerator},
			ActLapse:          {To: Lapsed, Who: AsSystem, Guard: confirmationOver},
			ActCancel:         {To: Cancelled, Who: AsReporter},
		},
		Received: {
			ActForward:       {To: Forwarded, Who: AsDispatcher, Guard: cityDecides},
			ActRecategorize:  {To: Received, Who: AsDispatcher},
			ActReject:        {To: Rejected, Who: AsDispatcher},
			ActMarkDuplicate: {To: Duplicate, Who: AsDispatcher},
			ActReferOut:      {To: Referred, Who: AsDispatcher},
			ActAskInfo:       {To: NeedsInfo, Who: AsDispatcher},
			ActCancel:        {To: Cancelled, Who: AsReporter},
		},
		NeedsInfo: {
			ActGiveInfo: {To: back, Who: AsReporter},
			ActResume:   {To: back, Who: AsDispatcher | staffOnUnit, Guard: asksAgain},
			ActReject:   {To: Rejected, Who: AsDispatcher, Guard: askedByDispatcher},
			ActReferOut: {To: Referred, Who: AsDispatcher, Guard: askedByDispatcher},
			ActCancel:   {To: Cancelled, Who: AsReporter, Guard: workNotStarted},
		},
		Forwarded: {
			ActBounce:        {To: Received, Who: AsHandler},
			ActRecategorize:  {To: Forwarded, Who: AsHandler},
			ActStart:         {To: InProgress, Who: staffOnUnit},
			ActAskInfo:       {To: NeedsInfo, Who: AsHandler},
			ActMarkDuplicate: {To: Duplicate, Who: AsDispatcher},
			ActCancel:        {To: Cancelled, Who: AsReporter},
		},
		InProgress: {
			ActSchedule:      {To: Scheduled, Who: staffOnUnit},
			ActAskInfo:       {To: NeedsInfo, Who: staffOnUnit},
			ActSubmitProof:   {To: ToValidate, Who: staffOnUnit},
			ActMarkDuplicate: {To: Duplicate, Who: AsDispatcher},
		},
		Scheduled: {
			ActStart:    {To: InProgress, Who: staffOnUnit},
			ActSchedule: {To: Scheduled, Who: staffOnUnit},
		},
		ToValidate: {
			ActValidate:    {To: Done, Who: AsValidator, Guard: notOwnProof},
			ActRejectProof: {To: InProgress, Who: AsValidator, Guard: notOwnProof},
		},
		Done: {
			ActConfirm:   {To: Closed, Who: AsReporter},
			ActDispute:   {To: InProgress, Who: AsReporter, Guard: withinDispute},
			ActAutoClose: {To: Closed, Who: AsSystem, Guard: disputeOver},
		},
		Duplicate: {ActUnmark: {To: Received, Who: AsDispatcher}},
		Closed:    {}, Rejected: {}, Referred: {}, Cancelled: {}, Lapsed: {},
	}
	stay := func(a Action, who Role, guard func(*Case, Moment) error, in ...Status) {
		for _, s := range in {
			t[s][a] = Step{To: s, Who: who, Guard: guard}
		}
	}
	live := []Status{Received, NeedsInfo, Forwarded, InProgress, Scheduled, ToValidate, Done}
	all := append(append([]Status{}, live...), Closed, Rejected, Duplicate, Referred, Cancelled)
	stay(ActConfirmContact, AsReporter, nil, all...)
	stay(ActGiveInfo, AsReporter, nil, Received, Forwarded, InProgress, Scheduled, ToValidate)
	stay(ActAssign, AsHandler, nil, Forwarded, InProgress, Scheduled)
	stay(ActPrioritize, AsDispatcher|AsHandler|AsSupervisor, nil, Received, NeedsInfo, Forwarded, InProgress, Scheduled, ToValidate)
	stay(ActRate, AsReporter, notYetRated, Done, Closed)
	stay(ActRespond, AsDispatcher|AsHandler, nil, all...)
	stay(ActNote, anyStaff, nil, append([]Status{Unconfirmed, Lapsed}, all...)...)
	stay(ActAgencyAnswer, AsDispatcher, nil, Referred)
	stay(ActHide, AsModerator|AsDispatcher, isShown, all...)
	stay(ActUnhide, AsModerator, isHidden, all...)
	stay(ActHidePhoto, AsModerator|AsDispatcher, nil, all...)
	stay(ActRedact, AsModerator|AsDispatcher, nil, all...)
	stay(ActRedactPhoto, AsModerator|AsDispatcher, nil, all...)
	stay(ActOpenOriginal, AsModerator|AsRevealer|AsSupervisor|staffOnUnit, mayOpenOriginal, all...)
	stay(ActReleaseOriginal, AsSupervisor, nil, all...)
	stay(ActAnonymize, AsReporter, notYetAnonymous, append([]Status{Unconfirmed}, all...)...)
	stay(ActReveal, AsRevealer|AsDispatcher|AsHandler, mayReveal, append([]Status{Unconfirmed}, all...)...)
	stay(ActReleasePhoto, AsSupervisor|AsHandler, photoLocked, Forwarded, NeedsInfo, InProgress, Scheduled, ToValidate)
	stay(ActEscalateUnit, AsSystem, notYetEscalatedUnit, Received, NeedsInfo, Forwarded, InProgress, Scheduled, ToValidate)
	stay(ActEscalateMayor, AsSystem, notYetEscalatedMayor, Received, NeedsInfo, Forwarded, InProgress, Scheduled, ToValidate)
	return t
}

// Transition is one edge of the state machine with the statuses spelled out, as
// the database keeps them.
type Transition struct {
	From   Status
	Action Action
	To     Status
}

// Transitions spells out [Steps]: a step back from perlu_info becomes one edge
// for each status that can be interrupted.
func Transitions() []Transition {
	var out []Transition
	for from, actions := range Steps {
		for action, step := range actions {
			if step.To != back {
				out = append(out, Transition{from, action, step.To})
				continue
			}
			for origin, steps := range Steps {
				if _, asks := steps[ActAskInfo]; asks {
					out = append(out, Transition{from, action, origin})
				}
			}
		}
	}
	return out
}
