package authn_test

import (
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

func TestACodeOfTheAuthenticatorWorksOnceAlsoAtOnce(t *testing.T) {
	w := newWorld(t)
	id := w.citizen("rahma@contoh.id")
	secret, _ := w.enrol(w.actor(id))
	first := w.totp(secret)
	res, err := w.Login(w.Context(), authn.Login{Name: "rahma@contoh.id", Password: good, Address: home})
	w.must(err)
	if !res.NeedsCode {
		t.Fatal("the second factor is not asked for")
	}
	// The code that switched it on is spent.
	w.wantKind(w.CheckSecond(w.Context(), id, first, home), errs.Unprocessable)
	w.clock.Advance(30 * time.Second)
	code := w.totp(secret)
	passed, failures := together(4, func(int) error { return w.CheckSecond(w.Context(), id, code, home) })
	if passed != 1 {
		t.Errorf("one code let %d in: %v", passed, failures)
	}
	// A step early or late is fine, but never back in time.
	w.clock.Advance(90 * time.Second)
	late := w.totp(secret)
	w.clock.Advance(30 * time.Second)
	w.must(w.CheckSecond(w.Context(), id, late, home))
	w.wantKind(w.CheckSecond(w.Context(), id, late, home), errs.Unprocessable)
	w.must(w.CheckSecond(w.Context(), id, w.totp(secret), home))
	w.wantKind(w.CheckSecond(w.Context(), id, late, home), errs.Unprocessable)
}

func TestARecoveryCodeWorksOnceAlsoAtOnce(t *testing.T) {
	w := newWorld(t)
	id := w.citizen("rahma@contoh.id")
	_, recovery := w.enrol(w.actor(id))
	if len(recovery) != 10 {
		t.Fatalf("%d codes", len(recovery))
	}
	passed, _ := together(4, func(int) error { return w.CheckSecond(w.Context(), id, recovery[0], home) })
	if passed != 1 {
		t.Errorf("one recovery code let %d in", passed)
	}
	acc, err := w.Account(w.Context(), id)
	w.must(err)
	if acc.RecoveryLeft != 9 {
		t.Errorf("%d codes left", acc.RecoveryLeft)
	}
	fresh, err := w.RenewRecovery(w.Context(), w.actor(id))
	w.must(err)
	w.wantKind(w.CheckSecond(w.Context(), id, recovery[1], home), errs.Unprocessable)
	w.must(w.CheckSecond(w.Context(), id, fresh[1], home))
}

func TestGuessesAtTheSecondFactorAreThrottled(t *testing.T) {
	w := newWorld(t)
	id := w.citizen("rahma@contoh.id")
	secret, recovery := w.enrol(w.actor(id))
	_, failures := together(20, func(int) error { return w.CheckSecond(w.Context(), id, "12345A", home) })
	judged := 0
	for _, err := range failures {
		if errs.KindOf(err) == errs.Unprocessable {
			judged++
		}
	}
	if judged != 5 {
		t.Errorf("%d guesses of 20 were judged, want 5", judged)
	}
	w.wantKind(w.CheckSecond(w.Context(), id, recovery[0], home), errs.TooMany)
	w.clock.Advance(time.Minute)
	w.must(w.CheckSecond(w.Context(), id, w.totp(secret), home))
}

func TestStaffMustHaveASecondFactor(t *testing.T) {
	w := newWorld(t)
	id, token := w.staff("andi@kota.example")
	_, err := w.AcceptInvitation(w.Context(), token, good)
	w.must(err)
	if !w.actor(id).NeedsTOTP {
		t.Error("staff without a second factor need none")
	}
	w.enrol(w.actor(id))
	a := w.actor(id)
	if a.NeedsTOTP {
		t.Error("enrolling was not enough")
	}
	w.wantKind(w.DisableTOTP(w.Context(), a), errs.Forbidden)
	if w.count(`SELECT count(*) FROM authn_account WHERE id = $1 AND totp_sealed IS NOT NULL`, id) != 1 {
		t.Error("the factor is gone")
	}
}
