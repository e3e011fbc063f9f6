package authn

import (
	"slices"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/notify"
)

// Sealed are the columns of this package whose values are sealed.
func Sealed() []crypt.Column {
	return slices.Concat(
		crypt.In("authn_account", "phone_sealed", notify.PhoneContext, "totp_sealed", totpContext),
		crypt.In("authn_code", "payload_sealed", payloadContext),
	)
}
