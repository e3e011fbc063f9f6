package mtr

import (
	"slices"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
)

// Sealed are the columns of this module whose values are sealed.
func Sealed() []crypt.Column {
	return slices.Concat(
		crypt.In("mtr_draft", "answers_sealed", contextDraft),
		crypt.In("mtr_report", "code_sealed", contextCode),
		crypt.In("mtr_contact", "name_sealed", contextName, "email_sealed", contextEmail, "phone_sealed", contextPhone,
			"behalf_name_sealed", contextName, "link_sealed", contextLink),
		crypt.In("mtr_api_key", "contact_sealed", contextEmail),
		crypt.In("mtr_follow", "email_sealed", contextEmail),
		crypt.In("mtr_support", "email_sealed", contextEmail, "phone_sealed", contextPhone, "token_sealed", contextSupport),
		crypt.In("mtr_redaction", "words_sealed", contextOriginal),
	)
}
