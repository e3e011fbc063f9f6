package epemerintahan

import (
	"slices"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
)

// Sealed are the columns of the register whose values are sealed.
func Sealed() []crypt.Column {
	return slices.Concat(
		crypt.In("epemerintahan_family", "kk_sealed", sealKK),
		crypt.In("epemerintahan_kk", "kk_sealed", sealKK),
		crypt.In("epemerintahan_resident", "nik_sealed", sealNIK),
		[]crypt.Column{{Table: "epemerintahan_import_row", Name: "sealed", // as rowContext says
			Context: crypt.Literal(sealImport+"/baris/") + " || t.import_id || '/' || t.line"}},
	)
}
