package pg_test

import (
	"context"
	"errors"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/pg"
)

type onceKey int

func TestOnceAsksOnceForAnAnswer(t *testing.T) {
	t.Parallel()
	asked, fails := 0, errors.New("gagal")
	ask := func(ctx context.Context, key onceKey, err error) int {
		n, got := pg.Once(ctx, key, func() (int, error) { asked++; return asked, err })
		if !errors.Is(got, err) {
			t.Errorf("%v, want %v", got, err)
		}
		return n
	}
	if a, b := ask(t.Context(), 1, nil), ask(t.Context(), 1, nil); a == b {
		t.Error("what was asked outside an answer is remembered")
	}
	one, other := pg.WithOnce(t.Context()), pg.WithOnce(t.Context())
	ask(one, 1, fails)
	first := ask(one, 1, nil)
	if again := ask(one, 1, nil); again != first {
		t.Errorf("asked again: %d, %d", first, again)
	}
	if ask(one, 2, nil) == first || ask(other, 1, nil) == first {
		t.Error("one question was answered with another's answer")
	}
}
