// Package errstest holds errors against what a test wants of them.
package errstest

import (
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Kind fails unless err is of the kind.
func Kind(t testing.TB, err error, kind errs.Kind) {
	t.Helper()
	if err == nil || errs.KindOf(err) != kind {
		t.Fatalf("got %v, want %s", err, kind)
	}
}

// Field fails unless err says, in words, that the control is wrong.
func Field(t testing.TB, err error, control string) {
	t.Helper()
	Kind(t, err, errs.Unprocessable)
	for _, f := range errs.FieldsOf(err) {
		if f.Name == control && f.Message != "" {
			return
		}
	}
	t.Fatalf("got fields %v, want %s", errs.FieldsOf(err), control)
}
