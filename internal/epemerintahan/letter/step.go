package letter

import "slices"

// Role is what somebody is to one letter; see [Case.RolesOf].
type Role uint16

// The roles; see [Steps] for what each may do.
const (
	AsApplicant Role = 1 << iota // whose account asked for it
	AsNeighbour                  // the RT or RW head, by the secret link
	AsOperator
	AsSecretary
	AsLurah  // decides for the kelurahan now: definitif, Plt or Plh
	AsDeputy // signs on the lurah's behalf (a.n.)
	AsCamat  // decides for the kecamatan now
	AsReader // may look
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
		{AsSystem, "sistem"}, {AsLurah, "lurah"}, {AsDeputy, "atas_nama"}, {AsCamat, "camat"}, {AsSecretary, "sekretaris"},
		{AsOperator, "operator"}, {AsNeighbour, "rt_rw"}, {AsApplicant, "pemohon"}, {AsReader, "pembaca"},
	} {
		if r.Has(n.role) {
			return n.name
		}
	}
	return ""
}

// Step is one cell of the table: where the action leads, who may take it and what must
// hold besides. A nil Guard always holds.
type Step struct {
	To    Status
	Who   Role
	Guard func(*Case, Moment) error
}

// Where steps lead that do not always lead to the same status.
const (
	onward Status = "(lanjut)"  // terbit, or menunggu_camat when the camat signs too
	back   Status = "(kembali)" // to where signing began
)

const signers = AsLurah | AsDeputy

// Steps is the state machine: Steps[from][action]. The empty status is "not yet".
// What is absent cannot happen.
var Steps = buildSteps()

func buildSteps() map[Status]map[Action]Step {
	t := map[Status]map[Action]Step{
		"": {
			ActEnter:   {To: AwaitingParaf, Who: AsOperator},
			ActReissue: {To: Submitted, Who: AsOperator},
		},
		Draft: {
			ActSubmit: {To: Submitted, Who: AsApplicant},
			ActAskRT:  {To: AwaitingRT, Who: AsApplicant},
		},
		AwaitingRT: {
			ActConfirmRT: {To: Submitted, Who: AsNeighbour},
			ActDenyRT:    {To: Submitted, Who: AsNeighbour},
			ActSkipRT:    {To: Submitted, Who: AsOperator | AsSystem},
			ActCancel:    {To: Cancelled, Who: AsApplicant | AsOperator},
		},
		Submitted: {
			ActReturn: {To: Returned, Who: AsOperator},
			ActEdit:   {To: Submitted, Who: AsOperator},
			ActCheck:  {To: AwaitingParaf, Who: AsOperator},
			ActPrint:  {To: Printed, Who: AsOperator, Guard: atCounter},
			ActReject: {To: Rejected, Who: AsOperator},
			ActCancel: {To: Cancelled, Who: AsApplicant | AsOperator},
		},
		Returned: {
			ActResubmit: {To: Submitted, Who: AsApplicant | AsOperator},
			ActReject:   {To: Rejected, Who: AsOperator},
			ActCancel:   {To: Cancelled, Who: AsApplicant | AsOperator},
		},
		AwaitingParaf: {
			ActParaf:    {To: AwaitingSign, Who: AsSecretary},
			ActSendBack: {To: Submitted, Who: AsSecretary},
			ActPrint:    {To: Printed, Who: AsOperator, Guard: atCounter},
			ActReject:   {To: Rejected, Who: AsSecretary},
			ActCancel:   {To: Cancelled, Who: AsApplicant | AsOperator},
		},
		AwaitingSign: {
			ActSign:     {To: Signing, Who: signers, Guard: electronic},
			ActPrint:    {To: Printed, Who: signers, Guard: wet},
			ActSendBack: {To: Submitted, Who: signers},
			ActReject:   {To: Rejected, Who: signers},
			ActCancel:   {To: Cancelled, Who: AsApplicant | AsOperator},
		},
		AwaitingCamat: {
			ActSign:     {To: Signing, Who: AsCamat, Guard: namedCamat},
			ActSendBack: {To: Submitted, Who: AsCamat},
			ActReject:   {To: Rejected, Who: AsCamat},
		},
		Signing: {
			ActSigned:   {To: onward, Who: signers | AsCamat},
			ActSignFail: {To: back, Who: AsSystem},
		},
		Printed: {
			ActScan:     {To: Issued, Who: AsOperator},
			ActSendBack: {To: Submitted, Who: AsOperator | signers},
			ActReject:   {To: Rejected, Who: signers},
			ActCancel:   {To: Cancelled, Who: AsOperator},
		},
		Issued: {
			ActVoid:     {To: Voided, Who: AsLurah | AsCamat},
			ActHandOver: {To: Issued, Who: AsOperator},
			ActOffer:    {To: Issued, Who: AsOperator, Guard: offers},
		},
		Rejected: {}, Cancelled: {}, Voided: {},
	}
	return t
}

// Leads lists where the action may lead from a status.
func Leads(from Status, action Action) []Status {
	s, ok := Steps[from][action]
	switch {
	case !ok:
		return nil
	case s.To == onward:
		return []Status{Issued, AwaitingCamat}
	case s.To == back:
		return []Status{AwaitingSign, AwaitingCamat}
	}
	return []Status{s.To}
}

// reasoned are the actions that need a reason.
var reasoned = []Action{ActReturn, ActSendBack, ActReject, ActVoid, ActCancel}

// NeedsReason tells whether the action asks for a reason of 10 to 500 letters.
func (a Action) NeedsReason() bool { return slices.Contains(reasoned, a) }
