package authn_test

import (
	"fmt"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

func TestWrongNameAndWrongPasswordAreAnsweredAlike(t *testing.T) {
	w := newWorld(t)
	w.citizen("rahma@contoh.id")
	_, a := w.Login(w.Context(), authn.Login{Name: "rahma@contoh.id", Password: "salah sekali", Address: home})
	_, b := w.Login(w.Context(), authn.Login{Name: "tiada@contoh.id", Password: "salah sekali", Address: home})
	if fmt.Sprint(errs.FieldsOf(a)) != fmt.Sprint(errs.FieldsOf(b)) || len(errs.FieldsOf(a)) != 1 {
		t.Errorf("%v and %v", a, b)
	}
}

func TestGuessesAtOneAccountAreThrottledAlsoAtOnce(t *testing.T) {
	for _, name := range []string{"rahma@contoh.id", "tiada@contoh.id"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.citizen("rahma@contoh.id")
			_, failures := together(40, func(i int) error {
				// Each from an address of its own: the account is what counts.
				from := netip.AddrFrom4([4]byte{198, 51, 100, byte(i)})
				_, err := w.Login(w.Context(), authn.Login{Name: name, Password: "salah sekali", Address: from})
				return err
			})
			judged := 0
			for _, err := range failures {
				switch errs.KindOf(err) {
				case errs.Unprocessable:
					judged++
				case errs.TooMany:
				default:
					t.Error(err)
				}
			}
			if judged != 5 {
				t.Errorf("%d guesses of 40 were judged, want 5", judged)
			}
			// Not even the right password is looked at now; after the pause it is.
			_, err := w.Login(w.Context(), authn.Login{Name: name, Password: good, Address: home})
			w.wantKind(err, errs.TooMany)
			w.clock.Advance(30 * time.Second)
			_, err = w.Login(w.Context(), authn.Login{Name: strings.ToUpper(name), Password: good, Address: home})
			if name == "rahma@contoh.id" {
				w.must(err)
			} else {
				w.wantKind(err, errs.Unprocessable)
			}
		})
	}
}

func TestAnAddressAloneBlocksNobody(t *testing.T) {
	w := newWorld(t)
	w.citizen("rahma@contoh.id")
	for i := range 100 {
		_, err := w.Login(w.Context(), authn.Login{Name: fmt.Sprintf("orang%d@contoh.id", i), Password: "salah sekali", Address: home})
		w.wantKind(err, errs.Unprocessable)
	}
	_, err := w.Login(w.Context(), authn.Login{Name: "rahma@contoh.id", Password: good, Address: home})
	w.must(err)
	// Guessing on from there is slower per account than elsewhere.
	judged := 0
	for range 5 {
		_, err := w.Login(w.Context(), authn.Login{Name: "lain@contoh.id", Password: "salah sekali", Address: home})
		if errs.KindOf(err) == errs.Unprocessable {
			judged++
		}
	}
	if judged != 2 {
		t.Errorf("%d guesses per account from a hot address, want 2", judged)
	}
}

func TestADisabledAccountIsToldSoOnlyToItsOwner(t *testing.T) {
	w := newWorld(t)
	id := w.citizen("rahma@contoh.id")
	if _, err := w.db.Owner().Exec(w.Context(), `UPDATE authn_account SET status = 'disabled', disabled_at = now() WHERE id = $1`, id); err != nil {
		t.Fatal(err)
	}
	_, err := w.Login(w.Context(), authn.Login{Name: "rahma@contoh.id", Password: "salah sekali", Address: home})
	w.wantKind(err, errs.Unprocessable)
	_, err = w.Login(w.Context(), authn.Login{Name: "rahma@contoh.id", Password: good, Address: home})
	w.wantKind(err, errs.Forbidden)
	_, err = w.Actor(w.Context(), id)
	w.wantKind(err, errs.Unauthenticated)
}

func TestHashesAreMadeAnewWhenTheCostChanges(t *testing.T) {
	w := newWorld(t)
	id := w.citizen("rahma@contoh.id")
	dearer := authn.New(func() authn.Config {
		c := w.Config
		c.Hasher = authn.NewHasher(authn.Cost{MemoryKiB: 16, Passes: 1})
		return c
	}())
	for range 2 {
		_, err := dearer.Login(w.Context(), authn.Login{Name: "rahma@contoh.id", Password: good, Address: home})
		w.must(err)
	}
	if n := w.count(`SELECT count(*) FROM authn_account WHERE id = $1 AND password_hash LIKE '$argon2id$v=19$m=16,t=1,p=1$%'`, id); n != 1 {
		t.Error("the hash kept its old cost")
	}
}

func TestPasswordsThatWillNotDo(t *testing.T) {
	t.Parallel()
	for password, fine := range map[string]bool{
		"": false, "pendek": false, "password123": false, "1234567890": false, "aaaaaaaaaaaa": false,
		"rahma12345": false, strings.Repeat("a1b2", 51): false, good: true, "rahma pergi ke pasar sentral": true,
	} {
		if wrong := authn.CheckNewPassword(password, "Sitti Rahma", "rahma@contoh.id"); (wrong == "") != fine {
			t.Errorf("%q: %q", password, wrong)
		}
	}
}

func TestAStormOfLoginsIsRefusedNotServed(t *testing.T) {
	t.Parallel()
	h := authn.NewHasher(cheap)
	gate := make(chan struct{})
	most := authn.WatchHashes(h, func() { <-gate })
	const sent = 500
	done := make(chan error, sent)
	for range sent {
		go func() { _, err := h.Verify(t.Context(), "x", "", false); done <- err }()
	}
	// While the first hashes take their time, all but the queue are sent away.
	served := authn.Slots + authn.QueueLength
	for range sent - served {
		if err := <-done; errs.KindOf(err) != errs.TooMany {
			t.Fatalf("one that found the queue full: %v", err)
		}
	}
	close(gate)
	for range served {
		if err := <-done; err != nil {
			t.Errorf("one that waited its turn: %v", err)
		}
	}
	if got := most(); got != authn.Slots {
		t.Errorf("%d hashes at once, want %d", got, authn.Slots)
	}
}

func TestAddressesThatFailALotLeaveASlotToOthers(t *testing.T) {
	t.Parallel()
	h := authn.NewHasher(cheap)
	gate, slow := make(chan struct{}), make(chan error, 8)
	most := authn.WatchHashes(h, func() { <-gate })
	for range 8 {
		go func() { _, err := h.Verify(t.Context(), "x", "", true); slow <- err }()
	}
	other := make(chan error, 1)
	go func() { _, err := h.Verify(t.Context(), "x", "", false); other <- err }()
	for most() < 2 { // one of the eight, and the other one
		runtime.Gosched()
	}
	close(gate)
	for range 8 {
		if err := <-slow; err != nil {
			t.Error(err)
		}
	}
	if err := <-other; err != nil {
		t.Error(err)
	}
}

func TestOnlyAVerifiedContactOfAnActiveAccountResets(t *testing.T) {
	w := newWorld(t)
	id := w.citizen("rahma@contoh.id")
	if _, err := w.db.Owner().Exec(w.Context(), `UPDATE authn_account SET status = 'disabled', disabled_at = now() WHERE id = $1`, id); err != nil {
		t.Fatal(err)
	}
	w.staff("andi@kota.example") // has not opened the invitation
	for _, contact := range []string{"rahma@contoh.id", "andi@kota.example"} {
		before := w.last(contact)
		ch, err := w.StartReset(w.Context(), contact, home)
		w.must(err)
		if text := w.last(contact); text != before {
			t.Errorf("%s was told %q", contact, text)
		}
		w.wantKind(w.VerifyCode(w.Context(), ch.ID, "000000", home), errs.Unprocessable)
	}
}
