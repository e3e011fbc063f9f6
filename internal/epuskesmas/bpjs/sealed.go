package bpjs

import "makassartidakrantasa.com/portal/internal/platform/crypt"

// Sealed are the columns of this package whose values are sealed.
func Sealed() []crypt.Column {
	return crypt.In("epuskesmas_bpjs", "cons_id_sealed", contextConsID, "secret_sealed", contextSecret, "user_key_sealed", contextUserKey,
		"client_id_sealed", contextClientID, "client_key_sealed", contextClientKey)
}
