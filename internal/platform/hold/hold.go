// Package hold is what keeps personal data that a court, the police or the Inspektorat asked for
// from the job that would delete them. Modules keep their own holds; the words are the same.
package hold

import (
	"strings"
	"time"
	"unicode/utf8"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// PreviewDays is for how many days ahead one sees what a job will delete.
const PreviewDays = 7

// Controls of the form that sets a hold.
const (
	ControlNumber  = "nomor"
	ControlAskedBy = "diminta_oleh"
	ControlReason  = "alasan"
)

// What is written at most, in letters.
const (
	MaxAskedBy = 200
	MaxReason  = 2000
)

// Hold is one that is in force.
type Hold struct {
	ID      int64
	Number  string // of what is held
	AskedBy string
	Reason  string
	SetBy   string // name
	SetAt   time.Time
}

// Input is a hold as somebody asks for it.
type Input struct{ Number, AskedBy, Reason string }

// Tidy is in without blanks around it, the number in capitals, and what is wrong with the rest:
// which numbers there are knows the module.
func (in Input) Tidy() (Input, []errs.Field) {
	in = Input{strings.ToUpper(strings.TrimSpace(in.Number)), strings.TrimSpace(in.AskedBy), strings.TrimSpace(in.Reason)}
	var wrong []errs.Field
	if n := utf8.RuneCountInString(in.AskedBy); n < 3 || n > MaxAskedBy {
		wrong = append(wrong, errs.Field{Name: ControlAskedBy, Message: "Tulis siapa yang memintanya, 3 sampai 200 huruf."})
	}
	if n := utf8.RuneCountInString(in.Reason); n < 5 || n > MaxReason {
		wrong = append(wrong, errs.Field{Name: ControlReason, Message: "Tulis alasannya, misalnya nomor surat permintaannya."})
	}
	return in, wrong
}
