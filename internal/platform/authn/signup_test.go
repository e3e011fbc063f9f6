package authn_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

func TestSignUpWithACodeByEmailOrPhone(t *testing.T) {
	w := newWorld(t)
	for typed, normal := range map[string]string{"Rahma@Contoh.ID": "Rahma@contoh.id", "0812-3456-7890": "+6281234567890"} {
		id := w.citizen(typed)
		acc, err := w.Account(w.Context(), id)
		w.must(err)
		got := acc.Email + acc.Phone
		if got != normal || acc.EmailVerified == acc.PhoneVerified || acc.Kind != authz.Citizen {
			t.Errorf("%s became %+v", typed, acc)
		}
		res, err := w.Login(w.Context(), authn.Login{Name: typed, Password: good, Address: home})
		w.must(err)
		if res.AccountID != id || res.NeedsCode {
			t.Errorf("%s signed in as %+v", typed, res)
		}
	}
	// A number is nowhere in clear.
	if n := w.count(`SELECT count(*) FROM authn_account WHERE phone_sealed::text LIKE '%81234567890%' OR encode(phone_sealed, 'escape') LIKE '%81234567890%'`); n != 0 {
		t.Error("a phone number lies in the database as it is")
	}
}

func TestSignUpSaysTheSameForKnownAndUnknownContacts(t *testing.T) {
	w := newWorld(t)
	w.citizen("lama@contoh.id")
	known, err := w.StartSignUp(w.Context(), authn.SignUp{Name: "Sitti", Contact: "lama@contoh.id", Address: home})
	w.must(err)
	unknown, err := w.StartSignUp(w.Context(), authn.SignUp{Name: "Sitti", Contact: "baru@contoh.id", Address: home})
	w.must(err)
	if known.ExpiresAt != unknown.ExpiresAt || known.ID == 0 || unknown.ID == 0 {
		t.Errorf("challenges differ: %+v, %+v", known, unknown)
	}
	// The owner hears that an account exists, and no code works.
	if text := w.last("lama@contoh.id"); !strings.Contains(text, "sudah punya akun") || sixDigits.MatchString(text) {
		t.Errorf("the owner was told %q", text)
	}
	for range 2 {
		a, b := w.VerifyCode(w.Context(), known.ID, "000000", home), w.VerifyCode(w.Context(), unknown.ID, "000000", home)
		if diff := cmp.Diff(errs.FieldsOf(a), errs.FieldsOf(b)); diff != "" {
			t.Errorf("wrong codes are answered differently: %s", diff)
		}
	}
}

func TestResetSaysTheSameForKnownAndUnknownContacts(t *testing.T) {
	w := newWorld(t)
	w.citizen("lama@contoh.id")
	known, err := w.StartReset(w.Context(), "lama@contoh.id", home)
	w.must(err)
	unknown, err := w.StartReset(w.Context(), "baru@contoh.id", home)
	w.must(err)
	if known.ID == 0 || unknown.ID == 0 || known.ExpiresAt != unknown.ExpiresAt {
		t.Errorf("challenges differ: %+v, %+v", known, unknown)
	}
	if text := w.last("baru@contoh.id"); text != "" {
		t.Errorf("a stranger got %q", text)
	}
	a, b := w.VerifyCode(w.Context(), known.ID, "abc", home), w.VerifyCode(w.Context(), unknown.ID, "abc", home)
	if diff := cmp.Diff(errs.FieldsOf(a), errs.FieldsOf(b)); diff != "" {
		t.Errorf("wrong codes are answered differently: %s", diff)
	}
}

func TestACodeAllowsFiveGuessesAlsoAtOnce(t *testing.T) {
	w := newWorld(t)
	ch, err := w.StartSignUp(w.Context(), authn.SignUp{Name: "Sitti", Contact: "rahma@contoh.id", Address: home})
	w.must(err)
	right := w.code("rahma@contoh.id")
	wrong := "000000"
	if right == wrong {
		wrong = "000001"
	}
	ok, failures := together(30, func(int) error { return w.VerifyCode(w.Context(), ch.ID, wrong, home) })
	judged := 0
	for _, err := range failures {
		if errs.KindOf(err) == errs.Unprocessable {
			judged++
		}
	}
	if ok != 0 || judged != 4 {
		t.Errorf("%d wrong guesses passed, %d were asked to try again; want 0 and 4", ok, judged)
	}
	// The fifth said that the code is over; the right one comes too late.
	w.wantKind(w.VerifyCode(w.Context(), ch.ID, right, home), errs.Gone)
	if n := w.count(`SELECT attempts FROM authn_code WHERE id = $1`, ch.ID); n != 5 {
		t.Errorf("%d attempts were counted", n)
	}
}

func TestACodeRunsOutAndWorksOnce(t *testing.T) {
	w := newWorld(t)
	ch, err := w.StartSignUp(w.Context(), authn.SignUp{Name: "Sitti", Contact: "rahma@contoh.id", Address: home})
	w.must(err)
	code := w.code("rahma@contoh.id")
	w.clock.Advance(15 * time.Minute)
	w.wantKind(w.VerifyCode(w.Context(), ch.ID, code, home), errs.Gone)

	ch, err = w.StartSignUp(w.Context(), authn.SignUp{Name: "Sitti", Contact: "rahma@contoh.id", Address: home})
	w.must(err)
	_, err = w.FinishSignUp(w.Context(), ch.ID, good)
	w.wantKind(err, errs.Gone) // the code was never given
	w.must(w.VerifyCode(w.Context(), ch.ID, w.code("rahma@contoh.id"), home))
	_, err = w.FinishSignUp(w.Context(), ch.ID, "pendek")
	w.wantKind(err, errs.Unprocessable) // and may be mended
	made, failures := together(8, func(int) error { _, err := w.FinishSignUp(w.Context(), ch.ID, good); return err })
	if made != 1 {
		t.Errorf("one code made %d accounts: %v", made, failures)
	}
	for _, err := range failures {
		w.wantKind(err, errs.Gone)
	}
}

func TestTwoSignUpsOfOneContactMakeOneAccount(t *testing.T) {
	w := newWorld(t)
	var ids []int64
	for range 2 {
		ch, err := w.StartSignUp(w.Context(), authn.SignUp{Name: "Sitti", Contact: "0812 3456 7890", Address: home})
		w.must(err)
		w.must(w.VerifyCode(w.Context(), ch.ID, w.code("+6281234567890"), home))
		ids = append(ids, ch.ID)
	}
	made, failures := together(2, func(i int) error { _, err := w.FinishSignUp(w.Context(), ids[i], good); return err })
	if made != 1 {
		t.Fatalf("%d accounts", made)
	}
	w.wantKind(failures[0], errs.Conflict)
}

func TestCodesAreNotSentWithoutEnd(t *testing.T) {
	w := newWorld(t)
	sent, failures := together(20, func(int) error {
		_, err := w.StartSignUp(w.Context(), authn.SignUp{Name: "Sitti", Contact: "rahma@contoh.id", Address: home})
		return err
	})
	if sent != 3 {
		t.Errorf("%d codes were sent at once, want 3", sent)
	}
	for _, err := range failures {
		w.wantKind(err, errs.TooMany)
		if errs.RetryAfterOf(err) <= 0 {
			t.Error("nobody said when to come back")
		}
	}
	w.clock.Advance(2 * time.Minute)
	_, err := w.StartReset(w.Context(), "rahma@contoh.id", home)
	w.must(err)
}

func TestWhatCannotBeSentIsSaidAtOnce(t *testing.T) {
	w := newWorld(t, func(c *authn.Config) { c.PhoneOn = false })
	_, err := w.StartSignUp(w.Context(), authn.SignUp{Name: "Sitti", Contact: "0812 3456 7890", Address: home})
	w.wantKind(err, errs.Unprocessable)
	for _, bad := range []string{"", "rahma", "rahma@", "@contoh.id", "a@b", "021 555 1234", "rahma@contoh.id\r\nBcc: x@y.id", strings.Repeat("a", 300) + "@contoh.id", "Rahma <rahma@contoh.id>"} {
		_, err := w.StartSignUp(w.Context(), authn.SignUp{Name: "Sitti", Contact: bad, Address: home})
		w.wantKind(err, errs.Unprocessable)
	}
	for _, bad := range []string{"", " ", strings.Repeat("a", 121), "<b>Sitti</b>", "http://contoh.id"} {
		_, err := w.StartSignUp(w.Context(), authn.SignUp{Name: bad, Contact: "rahma@contoh.id", Address: home})
		w.wantKind(err, errs.Unprocessable)
	}
}

func TestActivationByACodeFromACounter(t *testing.T) {
	w := newWorld(t)
	counter := authz.Actor{AccountID: 0, Kind: authz.Staff, Name: "Loket", Grants: []authz.Grant{{Permission: authn.PermCounter, UnitID: 1}}}
	_, err := w.Activate(w.Context(), authz.Actor{Kind: authz.Staff}, "Daeng Nai")
	w.wantKind(err, errs.Forbidden)
	act, err := w.Activate(w.Context(), counter, "Daeng Nai")
	w.must(err)
	if len(act.LoginNumber) != 8 || act.LoginNumber[0] == '0' {
		t.Errorf("number %q", act.LoginNumber)
	}
	// A number that nobody has is answered like one with a code.
	stranger, err := w.StartActivation(w.Context(), "99999999")
	w.must(err)
	ch, err := w.StartActivation(w.Context(), act.LoginNumber[:4]+" "+act.LoginNumber[4:])
	w.must(err)
	a, b := w.VerifyCode(w.Context(), stranger.ID, "AAAA-AAAA", home), w.VerifyCode(w.Context(), ch.ID, "AAAA-AAAA", home)
	if diff := cmp.Diff(errs.FieldsOf(a), errs.FieldsOf(b)); diff != "" {
		t.Error(diff)
	}
	w.must(w.VerifyCode(w.Context(), ch.ID, strings.ToLower(act.Code), home))
	id, err := w.FinishActivation(w.Context(), ch.ID, good)
	w.must(err)
	if id != act.AccountID {
		t.Errorf("account %d, want %d", id, act.AccountID)
	}
	res, err := w.Login(w.Context(), authn.Login{Name: act.LoginNumber, Password: good, Address: home})
	w.must(err)
	if res.AccountID != id {
		t.Error("the number does not sign in")
	}
	_, err = w.FinishActivation(w.Context(), ch.ID, good)
	w.wantKind(err, errs.Gone)
	// A new sheet ends the old one.
	again, err := w.ActivateAgain(w.Context(), counter, id)
	w.must(err)
	ch, err = w.StartActivation(w.Context(), again.LoginNumber)
	w.must(err)
	w.wantKind(w.VerifyCode(w.Context(), ch.ID, act.Code, home), errs.Unprocessable)
	w.must(w.VerifyCode(w.Context(), ch.ID, again.Code, home))
}
