package app

import (
	"slices"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/epuskesmas/bpjs"
	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/mtr/misconduct"
	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/sign"
	"makassartidakrantasa.com/portal/internal/survey"
)

// Sealed is every place in the database that holds a sealed value for longer than a day.
func Sealed() []crypt.Column {
	return slices.Concat(authn.Sealed(), notify.Sealed(), sign.Sealed(), mtr.Sealed(), misconduct.Sealed(), epemerintahan.Sealed(), letter.Sealed(),
		epuskesmas.Sealed(), bpjs.Sealed(), eoffice.Sealed(), survey.Sealed(), kuciniki.Sealed(), evidence.Sealed())
}
