package misconduct

import "makassartidakrantasa.com/portal/internal/platform/crypt"

// Sealed are the columns of this package whose values are sealed, each under its case's ref.
func Sealed() []crypt.Column {
	of := crypt.Literal(contextOf("")) + " || (SELECT c.ref FROM mtr_misconduct c WHERE c.id = t.case_id)"
	return []crypt.Column{
		{Table: "mtr_misconduct_entry", Name: "body_sealed", Context: of},
		{Table: "mtr_misconduct_file", Name: "content_sealed", Context: of},
	}
}
