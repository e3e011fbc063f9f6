package notify

import "makassartidakrantasa.com/portal/internal/platform/crypt"

// Sealed are the columns of this package whose values are sealed.
func Sealed() []crypt.Column {
	return crypt.In("notify_message", "phone_sealed", PhoneContext, "body_sealed", textContext)
}
