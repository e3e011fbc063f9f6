package errs

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

func TestKindSurvivesWrapping(t *testing.T) {
	t.Parallel()
	cases := []struct {
		err  error
		kind Kind
		msg  string
	}{
		{errors.New("x"), Internal, Internal.Sentence()},
		{New(Conflict, "Sudah diproses."), Conflict, "Sudah diproses."},
		{fmt.Errorf("a: %w", New(NotFound, "")), NotFound, NotFound.Sentence()},
		{fmt.Errorf("q: %w", context.DeadlineExceeded), Unavailable, Unavailable.Sentence()},
		{Wrap(Unavailable, errors.New("dial tcp"), "Tunggu."), Unavailable, "Tunggu."},
	}
	for _, c := range cases {
		if got := KindOf(c.err); got != c.kind {
			t.Errorf("KindOf(%v) = %v, want %v", c.err, got, c.kind)
		}
		if got := MessageOf(c.err); got != c.msg {
			t.Errorf("MessageOf(%v) = %q, want %q", c.err, got, c.msg)
		}
	}
}

func TestInAddsContextOnlyToFailures(t *testing.T) {
	t.Parallel()
	run := func(in error) (err error) {
		defer In(&err, "f(%d)", 7)
		return in
	}
	if err := run(nil); err != nil {
		t.Fatalf("no failure became %v", err)
	}
	err := run(Invalid(Field{"judul", "Tulis judul."}))
	if got := err.Error(); got != "f(7): invalid: judul Tulis judul." {
		t.Errorf("got %q", got)
	}
	if fs := FieldsOf(err); len(fs) != 1 || fs[0].Name != "judul" {
		t.Errorf("fields lost: %v", fs)
	}
}
