package mtr

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

func (c *city) supports(number string) Supported {
	c.t.Helper()
	s, err := c.SupportOf(c.ctx, authz.Actor{}, number)
	if err != nil {
		c.t.Fatal(err)
	}
	return s
}

// TestSupport: one for each verified person, news for them, and an end by one click.
func TestSupport(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w := c.crew()
	hidden := c.reportAt(w, Received)
	errstest.Kind(t, c.Support(c.ctx, c.citizen(), hidden.Number), errs.NotFound)
	r := c.reportAt(w, Forwarded)
	errstest.Kind(t, c.Support(c.ctx, authz.Actor{}, r.Number), errs.Forbidden)
	errstest.Field(t, c.AskSupport(c.ctx, r.Number, "bukan email"), ControlEmail)

	// Twenty clicks of one person at once count once.
	first := c.citizen()
	var clicks sync.WaitGroup
	for range 20 {
		clicks.Go(func() {
			if err := c.Support(c.ctx, first, r.Number); err != nil {
				t.Error(err)
			}
		})
	}
	clicks.Wait()
	// So does their address without the account.
	if err := c.AskSupport(c.ctx, r.Number, strings.ToUpper(first.Email)); err != nil {
		t.Fatal(err)
	}
	if got := c.supports(r.Number).Supports; got != 1 {
		t.Fatalf("%d supports, want 1", got)
	}

	// An address counts once its owner says so.
	if err := c.AskSupport(c.ctx, r.Number, "tetangga@contoh.id"); err != nil {
		t.Fatal(err)
	}
	if got := c.supports(r.Number).Supports; got != 1 {
		t.Errorf("%d supports before the address is confirmed, want 1", got)
	}
	letters := c.letters()
	last := letters[len(letters)-1]
	found := regexp.MustCompile(`/mtr/dukungan/([\w-]+)`).FindStringSubmatch(last.Text)
	if last.Email != "tetangga@contoh.id" || found == nil {
		t.Fatalf("no link was sent: %+v", last)
	}
	for range 2 {
		if err := c.ConfirmSupport(c.ctx, found[1]); err != nil {
			t.Fatal(err)
		}
	}
	if got := c.supports(r.Number).Supports; got != 2 {
		t.Errorf("%d supports, want 2", got)
	}

	// Both hear of it, and those of a report that is merged into it too.
	child := c.reportAt(w, Forwarded)
	third := c.citizen()
	if err := c.Support(c.ctx, third, child.Number); err != nil {
		t.Fatal(err)
	}
	c.do(w.dispatcher, child.ReportID, Intent{Action: ActMarkDuplicate, Change: Change{ParentID: r.ReportID}})
	before := len(c.letters())
	c.do(w.handler, r.ReportID, Intent{Action: ActStart})
	heard := map[string]bool{}
	for _, l := range c.letters()[before:] {
		if l.Topic == "mtr_dukungan" && strings.Contains(l.Text, "mulai dikerjakan") {
			heard[l.Email+itoa(l.AccountID)] = true
		}
	}
	for _, who := range []string{"tetangga@contoh.id0", itoa(first.AccountID), itoa(third.AccountID)} {
		if !heard[who] {
			t.Errorf("%s heard nothing: %v", who, heard)
		}
	}

	if err := c.EndSupport(c.ctx, found[1]); err != nil {
		t.Fatal(err)
	}
	if err := c.EndOwnSupport(c.ctx, first, r.Number); err != nil {
		t.Fatal(err)
	}
	if got := c.supports(r.Number).Supports; got != 0 {
		t.Errorf("%d supports after the end, want 0", got)
	}
	before = len(c.letters())
	c.do(w.handler, r.ReportID, Intent{Action: ActSubmitProof, Reason: "Sudah."})
	c.do(w.validator, r.ReportID, Intent{Action: ActValidate})
	for _, l := range c.letters()[before:] {
		if l.Topic == "mtr_dukungan" && l.AccountID != third.AccountID {
			t.Errorf("news after the end: %+v", l)
		}
	}
	errstest.Kind(t, c.Support(c.ctx, c.citizen(), r.Number), errs.Conflict)

	// What nobody confirms is forgotten.
	if err := c.AskSupport(c.ctx, c.reportAt(w, Forwarded).Number, "orang@contoh.id"); err != nil {
		t.Fatal(err)
	}
	c.clock.Advance(supportLife + time.Minute)
	if err := c.Sweep(c.ctx); err != nil {
		t.Fatal(err)
	}
	if n := one[int](c, `SELECT count(*) FROM mtr_support WHERE verified_at IS NULL`); n != 0 {
		t.Errorf("%d addresses that nobody confirmed are still there", n)
	}
}

// TestDuplicatesCanBeUndone: the report stands on its own again, with its whole history.
func TestDuplicatesCanBeUndone(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w := c.crew()
	parent, child := c.reportAt(w, Forwarded), c.reportAt(w, Forwarded)
	c.do(w.dispatcher, child.ReportID, Intent{Action: ActMarkDuplicate, Change: Change{ParentID: parent.ReportID}})
	errstest.Field(t, c.UnmarkDuplicate(c.ctx, w.dispatcher, ReasonInput{Act: Act{ReportID: child.ReportID}}), ControlReason)
	errstest.Kind(t, c.UnmarkDuplicate(c.ctx, w.handler, ReasonInput{Act: Act{ReportID: child.ReportID}, Reason: "Lain."}), errs.Forbidden)
	if err := c.UnmarkDuplicate(c.ctx, w.dispatcher, ReasonInput{Act: Act{ReportID: child.ReportID}, Reason: "Gotnya lain."}); err != nil {
		t.Fatal(err)
	}
	s := c.state(child.ReportID)
	if s.Status != Received || s.ParentID != 0 || s.ClosedAt != nil || s.DueKind != DueVerify || s.UnitID != 0 {
		t.Errorf("after the undoing: %+v", s)
	}
	history, err := events(c.ctx, c.db.Pool, child.ReportID)
	if err != nil || len(history) != 4 || history[2].Action != ActMarkDuplicate || history[3].Action != ActUnmark {
		t.Errorf("its history: %+v, %v", history, err)
	}
	c.bring(w, child.ReportID, Forwarded)
}

// Somebody who calls and supports with the account that has the number counts once, whichever
// comes first, when both come at once, and when the number or the address is proved only later.
func TestCallerAndAccountCountOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w := c.crew()
	for i, order := range []string{"account", "call", "both", "both", "later"} {
		a, phone := c.citizen(), fmt.Sprintf("+62812777700%02d", i)
		k := c.seal("", phone)
		prove := func() {
			one[int64](c, `UPDATE authn_account SET phone_sealed = $2, phone_hash = $3, phone_verified_at = created_at WHERE id = $1 RETURNING id`, a.AccountID, k.Phone, k.PhoneHash)
		}
		if order != "later" {
			prove()
		}
		r := c.reportAt(w, Forwarded)
		call := func() error {
			return c.SupportByPhone(c.ctx, w.handler, SupportCall{Act: Act{ReportID: r.ReportID}, Phone: phone, Consent: true})
		}
		sign := func() error { return c.Support(c.ctx, a, r.Number) }
		switch order {
		case "account":
			if err := sign(); err != nil {
				t.Fatal(err)
			}
			errstest.Field(t, call(), ControlPhone)
		case "call":
			for _, do := range []func() error{call, sign} {
				if err := do(); err != nil {
					t.Fatal(err)
				}
			}
		case "later":
			for _, do := range []func() error{call, sign, func() error { prove(); return c.Sweep(c.ctx) }, func() error {
				a.Email = "baru." + a.Email
				return sign()
			}} {
				if err := do(); err != nil {
					t.Fatal(err)
				}
			}
		default:
			var both sync.WaitGroup
			both.Go(func() {
				if err := call(); err != nil && errs.KindOf(err) != errs.Unprocessable {
					t.Error(err)
				}
			})
			both.Go(func() {
				if err := sign(); err != nil {
					t.Error(err)
				}
			})
			both.Wait()
		}
		if got := c.supports(r.Number); got.Supports != 1 {
			t.Errorf("%s: one person counts %d times", order, got.Supports)
		}
	}
}
