package evidence

import "testing"

// Every kind that is drawn is found as itself; one of another version is an error.
func TestSampledAs(t *testing.T) {
	for _, want := range Sampled {
		if got, err := sampledAs(want.Module, want.Kind); err != nil || got != want {
			t.Errorf("%s.%s is %+v, %v", want.Module, want.Kind, got, err)
		}
	}
	for _, k := range []SampleKind{{Module: "mtr", Kind: "kind_of_another_version"}, {Module: "no_module", Kind: Sampled[0].Kind}} {
		if got, err := sampledAs(k.Module, k.Kind); err == nil || got != (SampleKind{}) {
			t.Errorf("%s.%s is %+v, %v", k.Module, k.Kind, got, err)
		}
	}
}
