package eoffice

import (
	"cmp"
	"slices"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Cause is what a return is about; the reason says it in words.
type Cause string

// The causes of a return. Only the first is about how the draft was written.
const (
	Faulty    Cause = "isi"
	BadTime   Cause = "waktu"
	OtherWish Cause = "arahan"
)

// Causes in the order in which they are offered.
var Causes = []Cause{Faulty, BadTime, OtherWish}

// Label is the cause in words.
func (c Cause) Label() string {
	switch c {
	case BadTime:
		return "Hanya soal waktu atau prioritas"
	case OtherWish:
		return "Arahan pimpinan berubah"
	}
	return "Isi atau bentuknya perlu diperbaiki"
}

// ControlCause is the control of a cause.
const ControlCause = "sebab"

// caused brings the cause of a return; whoever names none found fault with the draft.
func caused(act Act, also func(c *Case)) func(pgx.Tx, *Case, Moment) (Change, error) {
	return func(_ pgx.Tx, c *Case, _ Moment) (ch Change, err error) {
		if ch.Cause = cmp.Or(act.Cause, Faulty); !slices.Contains(Causes, ch.Cause) {
			return ch, errs.Invalid(errs.Field{Name: ControlCause, Message: "Pilih sebabnya dari daftar."})
		}
		if also != nil {
			also(c)
		}
		return ch, nil
	}
}
