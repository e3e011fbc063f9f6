package app_test

import (
	"testing"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/mtr"
)

// Kuciniki declares every kind of entry that the modules leave in the work ledger, and
// nothing that they do not.
func TestEveryKindOfWorkIsDeclared(t *testing.T) {
	t.Parallel()
	left := map[string]bool{}
	for module, kinds := range map[string][]string{
		"mtr": mtr.LedgerKinds(), "epemerintahan": letter.LedgerKinds(), "eoffice": eoffice.LedgerKinds(), "epuskesmas": epuskesmas.LedgerKinds(), "kuciniki": kuciniki.LedgerKinds(),
	} {
		for _, k := range kinds {
			left[module+"."+k] = true
		}
	}
	for _, k := range evidence.LedgerKinds() {
		left["mtr."+k] = true
	}
	for _, k := range evidence.Kinds {
		if !left[k.Module+"."+k.Kind] {
			t.Errorf("nothing leaves %s.%s", k.Module, k.Kind)
		}
		delete(left, k.Module+"."+k.Kind)
	}
	for k := range left {
		t.Errorf("%s is not declared", k)
	}
}
