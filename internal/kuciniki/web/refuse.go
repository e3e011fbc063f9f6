package kucinikiweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/platform/form"
)

// status is 200, or 422 where the form holds what is wrong.
func status(f *form.Form) int {
	if f.OK() {
		return http.StatusOK
	}
	return http.StatusUnprocessableEntity
}
