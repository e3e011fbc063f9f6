package kuciniki

// Objects of events and kinds of entries of the work ledger.
const (
	objectSKP        = "skp"
	objectEvaluation = "penilaian"
	kindLog          = "log_manual"
	kindWitness      = "kesaksian"
)

// LedgerKinds lists the kinds of entries that plans, evaluations, notes and the manual log
// leave in the work ledger: that something was done and when, never what was said.
func LedgerKinds() []string {
	return []string{objectSKP, objectEvaluation, Feedback, Talk, kindLog, kindWitness}
}
