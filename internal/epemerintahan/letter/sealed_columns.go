package letter

import (
	"slices"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
)

// Sealed are the columns of the letters whose values are sealed.
func Sealed() []crypt.Column {
	return slices.Concat(
		crypt.In("epemerintahan_letter", "subject_sealed", sealSubject, "values_sealed", sealValues, "token_sealed", sealToken),
		crypt.In("epemerintahan_identity", "nik_sealed", sealIdentity),
		crypt.In("epemerintahan_neighbour", "phone_sealed", sealContact, "email_sealed", sealEmail),
	)
}
