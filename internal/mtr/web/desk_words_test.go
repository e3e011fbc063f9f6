package mtrweb_test

import (
	"testing"

	"makassartidakrantasa.com/portal/internal/mtr"
	mtrweb "makassartidakrantasa.com/portal/internal/mtr/web"
)

func TestEveryActHasWords(t *testing.T) {
	t.Parallel()
	for _, a := range mtr.Actions {
		if got := mtrweb.ActName("mtr.report." + string(a)); got == "" || got == string(a) {
			t.Errorf("the audit trail shows %q for %s", got, a)
		}
	}
	if got := mtrweb.ActName("org.unit.add"); got != "" {
		t.Errorf("words for another module's act: %q", got)
	}
}
