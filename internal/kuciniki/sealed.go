package kuciniki

import (
	"slices"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
)

// Sealed are the columns of this module whose values are sealed.
func Sealed() []crypt.Column {
	return slices.Concat(
		crypt.In("kuciniki_event", "reason_sealed", sealContext),
		crypt.In("kuciniki_evaluation", "reflection_sealed", sealContext, "co_sealed", sealContext, "objection_sealed", sealContext),
		crypt.In("kuciniki_judgement", "reason_sealed", sealContext),
		crypt.In("kuciniki_note", "text_sealed", sealContext),
		crypt.In("kuciniki_log", "text_sealed", sealContext),
	)
}
