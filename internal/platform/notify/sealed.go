package notify

import "makassartidakrantasa.com/portal/internal/platform/crypt"

// Sealed are the columns of this package whose values are sealed.
func Sealed() []crypt.Column {
	return append(crypt.In("notify_message", "phone_sealed", PhoneContext, "email_sealed", emailContext, "body_sealed", textContext),
		crypt.In("notify_device", "address_sealed", deviceContext)...)
}
