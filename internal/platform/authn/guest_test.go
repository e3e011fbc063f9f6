package authn_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

func TestAGuestShowsAContact(t *testing.T) {
	w := newWorld(t)
	ctx := w.Context()
	for _, typed := range []string{"Fatimah@contoh.id", "0812 3456 7890"} {
		ch, err := w.StartGuest(ctx, typed, "mengambil nomor antrean", home)
		w.must(err)
		if _, err := w.GuestContact(ctx, ch.ID); errs.KindOf(err) != errs.Gone {
			t.Fatalf("before the code the contact gives %v", err)
		}
		code := sixDigits.FindString(w.last(ch.Contact.String()))
		wrong := "111111"
		if code == wrong {
			wrong = "222222"
		}
		if err := w.VerifyCode(ctx, ch.ID, wrong, home); errs.KindOf(err) != errs.Unprocessable {
			t.Fatalf("a wrong code gives %v", err)
		}
		w.must(w.VerifyCode(ctx, ch.ID, code, home))
		for range 2 { // a family takes several numbers
			c, err := w.GuestContact(ctx, ch.ID)
			w.must(err)
			if c != ch.Contact {
				t.Errorf("the contact is %v, want %v", c, ch.Contact)
			}
		}
		w.clock.Advance(31 * time.Minute)
		if _, err := w.GuestContact(ctx, ch.ID); errs.KindOf(err) != errs.Gone {
			t.Errorf("after half an hour the contact gives %v", err)
		}
	}
	_, err := w.StartGuest(ctx, "bukan kontak", "coba", home)
	if errs.KindOf(err) != errs.Unprocessable {
		t.Errorf("no contact gives %v", err)
	}
	// A sign-up's code is not a guest's.
	ch, err := w.StartSignUp(ctx, authn.SignUp{Name: "Rahma", Contact: "rahma@contoh.id", Address: home})
	w.must(err)
	w.must(w.VerifyCode(ctx, ch.ID, sixDigits.FindString(w.last("rahma@contoh.id")), home))
	if _, err := w.GuestContact(ctx, ch.ID); errs.KindOf(err) != errs.Gone {
		t.Errorf("a sign-up's code as a guest's gives %v", err)
	}
}

// Without a gateway a phone's owner brings the code that the desk has given on paper.
func TestACodeOnPaperFromADesk(t *testing.T) {
	w := newWorld(t, func(c *authn.Config) { c.PhoneOn = false })
	ctx := w.Context()
	_, err := w.StartGuest(ctx, "0812 3456 7890", "coba", home)
	if f := errs.FieldsOf(err); len(f) != 1 || !strings.Contains(f[0].Message, "loket") {
		t.Fatalf("without a code from the desk: %v", err)
	}
	var code string
	w.must(pg.InTx(ctx, w.db.Pool, func(tx pgx.Tx) (err error) {
		code, _, err = w.DeskCode(ctx, tx, "+62 812-3456-7890")
		return err
	}))
	w.clock.Advance(6 * 24 * time.Hour)
	ch, err := w.StartGuest(ctx, "0812 3456 7890", "coba", home)
	w.must(err)
	w.must(w.VerifyCode(ctx, ch.ID, code, home))
	_, err = w.GuestContact(ctx, ch.ID)
	w.must(err)
	if _, err := w.StartGuest(ctx, "0812 3456 7890", "coba", home); errs.KindOf(err) != errs.Unprocessable {
		t.Errorf("the code works once: %v", err)
	}
}
