package eoffice

import (
	"slices"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
)

// Sealed are the places in this module's tables whose values are sealed.
func Sealed() []crypt.Column {
	return slices.Concat(
		crypt.In("eoffice_letter", "content_sealed", sealContent, "token_sealed", sealToken),
		crypt.In("eoffice_version", "content_sealed", sealContent),
		crypt.In("eoffice_disposition", "note_sealed", sealWords, "report_sealed", sealWords),
		crypt.In("eoffice_opinion", "question_sealed", sealWords, "words_sealed", sealWords),
		crypt.In("eoffice_agenda", "place_sealed", sealWords),
		crypt.In("eoffice_view", "query_sealed", sealQuery),
		[]crypt.Column{{Table: "eoffice_event", Name: "detail", Path: "{kata,segel}", Context: crypt.Literal(sealWords)}},
	)
}
