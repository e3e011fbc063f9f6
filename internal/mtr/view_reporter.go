package mtr

import "time"

// ReporterKey is how somebody shows to be the reporter: the token of the secret
// link, or an account signed in (then Token is empty).
type ReporterKey struct {
	Number string
	Token  string
}

// ReporterReport is what the reporter sees of their own report: everything public
// and what is theirs.
type ReporterReport struct {
	PublicReport
	UnitID          int64  // who holds it; 0 = the dispatchers
	Code            string // KAPAL-4821
	Anonymous       bool
	Confidential    bool
	ExactPlace      *Point
	ExactLandmark   string
	Extra           []AnsweredQuestion
	ContactMasked   string // "a•••@contoh.id"; "" = none
	ContactVerified bool
	CodeSentTo      string    // masked, while a code waits to be typed
	Blocked         bool      // held by the block list
	BlockNote       BlockNote // while it holds
	Appealed        bool
	Unsubscribed    bool
	OnBehalf        Behalf
	Messages        []Message
	InfoAsked       string // the open question of perlu_info
	DisputeUntil    *time.Time
	Pending         []PublicPhoto // uploaded but not yet sent with information or a dispute
	HiddenNote      string        // why a moderator hid it
	Actions         []Action      // what the reporter may do now
	Version         int
}

// May reports whether the reporter may do a.
func (r ReporterReport) May(a Action) bool { return has(r.Actions, a) }

// AnsweredQuestion is an extra question with its answer in words.
type AnsweredQuestion struct{ Code, Text, Answer string }

// Message is what the reporter wrote after submitting.
type Message struct {
	At     time.Time
	Action Action // give_info, dispute, rate, cancel
	Body   string
	Photos []PublicPhoto
}

func has[T comparable](all []T, one T) bool {
	for _, x := range all {
		if x == one {
			return true
		}
	}
	return false
}
