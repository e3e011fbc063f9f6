package evidence

import "makassartidakrantasa.com/portal/internal/platform/crypt"

// Sealed are the columns of this package whose values are sealed.
func Sealed() []crypt.Column { return crypt.In("kuciniki_flag_word", "text_sealed", flagContext) }
