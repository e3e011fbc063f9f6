package mtr

import (
	"errors"
	"testing"
	"time"
)

func TestRecentRemembersUntilForgotten(t *testing.T) {
	t.Parallel()
	r := recent[string, int]{life: time.Hour}
	reads := 0
	read := func() (int, error) { reads++; return reads, nil }
	get := func(want int) {
		t.Helper()
		if got, err := r.get("a", read); err != nil || got != want {
			t.Fatalf("got %d, %v, want %d", got, err, want)
		}
	}
	get(1)
	get(1)
	r.forget()
	get(2)
	// A change while somebody reads: the reader may get the old answer, but
	// nobody after it.
	r.forget()
	if _, err := r.get("a", func() (int, error) { r.forget(); return read() }); err != nil {
		t.Fatal(err)
	}
	get(4)
	r.life = time.Nanosecond
	get(5)
	r.life = 0
	get(6)
	r.life = time.Hour
	if _, err := r.get("b", func() (int, error) { return 0, errors.New("away") }); err == nil {
		t.Fatal("the failure is lost")
	}
	if got, _ := r.get("b", read); got != 7 {
		t.Errorf("a failure was remembered: %d", got)
	}
	for i := range 3 * mostRemembered {
		if _, err := r.get(string(rune('一'+i)), read); err != nil || len(r.items) > mostRemembered {
			t.Fatalf("%d remembered, %v", len(r.items), err)
		}
	}
}
