package sign

import "makassartidakrantasa.com/portal/internal/platform/crypt"

// Sealed are the columns of this package whose values are sealed.
func Sealed() []crypt.Column { return crypt.In("sign_authority", "key_sealed", keyContext) }
