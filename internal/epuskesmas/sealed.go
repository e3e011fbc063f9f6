package epuskesmas

import (
	"slices"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/notify"
)

// Sealed are the columns of the queues whose values are sealed.
func Sealed() []crypt.Column {
	return slices.Concat(
		crypt.In("epuskesmas_site", "board_sealed", contextBoard, "kiosk_sealed", contextKiosk),
		crypt.In("epuskesmas_patient", "nik_sealed", contextNIK, "bpjs_sealed", contextBPJS, "phone_sealed", notify.PhoneContext),
		crypt.In("epuskesmas_visit", "token_sealed", contextToken, "complaint_sealed", contextComplaint),
		[]crypt.Column{{Table: "epuskesmas_visit", Name: "contact_sealed", // as contactContext says
			Context: "CASE WHEN t.contact_kind = " + crypt.Literal(byPhone) + " THEN " + crypt.Literal(contactContext(byPhone)) +
				" ELSE " + crypt.Literal(contactContext(byEmail)) + " END"}},
	)
}
