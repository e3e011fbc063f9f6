package mtrweb

import (
	"testing"

	"makassartidakrantasa.com/portal/internal/mtr"
)

func TestEveryActHasWords(t *testing.T) {
	t.Parallel()
	for _, a := range mtr.Actions {
		if got := ActName("mtr.report." + string(a)); got == "" || got == string(a) {
			t.Errorf("the audit trail shows %q for %s", got, a)
		}
	}
	if got := ActName("org.unit.add"); got != "" {
		t.Errorf("words for another module's act: %q", got)
	}
}
