package mtr

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

var codeInText = regexp.MustCompile(`\b[0-9]{6}\b`)

// lastCode is the newest code that was sent.
func (c *city) lastCode() string {
	c.t.Helper()
	for all := c.letters(); len(all) > 0; all = all[:len(all)-1] {
		if l := all[len(all)-1]; l.Topic == topicCode {
			return codeInText.FindString(l.Text)
		}
	}
	c.t.Fatal("no code was sent")
	return ""
}

func TestUnverifiedContactGetsItsCodeAndNothingElse(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w := c.crew()
	r := c.submit(authz.Actor{}, func(a *Answers) { a.Email, a.Phone = "ani@contoh.id", "081234567890" })
	if !r.ContactPending || r.Held {
		t.Fatalf("receipt: %+v", r)
	}
	toContact := func() (out []letter) {
		for _, l := range c.letters() {
			if l.AccountID == 0 {
				out = append(out, l)
			}
		}
		return out
	}
	c.bring(w, r.ReportID, InProgress)
	if got := toContact(); len(got) != 1 || got[0].Topic != topicCode || got[0].Email != "ani@contoh.id" || strings.Contains(got[0].Text, r.Token) {
		t.Fatalf("an unverified contact got %+v", got)
	}
	key, code := keyOf(r), c.lastCode()
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	errstest.Field(t, c.ConfirmContact(c.ctx, authz.Actor{}, key, wrong), ControlCode)
	if err := c.ConfirmContact(c.ctx, authz.Actor{}, key, " "+code[:3]+" "+code[3:]); err != nil {
		t.Fatal(err)
	}
	errstest.Field(t, c.ConfirmContact(c.ctx, authz.Actor{}, key, code), ControlCode)
	v, err := c.ReporterView(c.ctx, authz.Actor{}, key)
	if err != nil || !v.ContactVerified {
		t.Fatalf("not verified: %v", err)
	}
	c.do(w.handler, r.ReportID, Intent{Action: ActSubmitProof, Reason: "Sudah diangkut."})
	got := toContact()
	if last := got[len(got)-1]; len(got) != 3 || !strings.Contains(last.Text, "/mtr/laporan/"+r.Number+"/"+r.Token) {
		t.Errorf("a verified contact got %+v", got)
	}
}

func TestAccountsOwnAddressNeedsNoCode(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	me := c.citizen()
	own := c.submit(me, func(a *Answers) { a.Email = me.Email })
	if v, err := c.ReporterView(c.ctx, me, ReporterKey{Number: own.Number}); err != nil || own.ContactPending || !v.ContactVerified {
		t.Errorf("own address: pending %v, verified %v, %v", own.ContactPending, v.ContactVerified, err)
	}
	if other := c.submit(me, func(a *Answers) { a.Email = "orang.lain@contoh.id" }); !other.ContactPending {
		t.Error("an account vouched for an address that is not its own")
	}
	if none := c.submit(me, nil); none.ContactPending {
		t.Error("a code for nobody")
	}
}

func TestGuessesOfAContactCodeEnd(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	r := c.submit(authz.Actor{}, func(a *Answers) { a.Email = "ani@contoh.id" })
	code := c.lastCode()
	_, fails := together(20, func(int) (struct{}, error) {
		return struct{}{}, c.ConfirmContact(c.ctx, authz.Actor{}, keyOf(r), "12")
	})
	for _, err := range fails {
		errstest.Field(t, err, ControlCode)
	}
	errstest.Field(t, c.ConfirmContact(c.ctx, authz.Actor{}, keyOf(r), code), ControlCode)
	if one[bool](c, `SELECT email_verified_at IS NOT NULL FROM mtr_contact`) {
		t.Error("verified after too many guesses")
	}
	c.clock.Advance(2 * time.Minute)
	if err := c.ResendCode(c.ctx, authz.Actor{}, keyOf(r)); err != nil {
		t.Fatal(err)
	}
	fresh := c.lastCode()
	c.clock.Advance(codeFor)
	errstest.Field(t, c.ConfirmContact(c.ctx, authz.Actor{}, keyOf(r), fresh), ControlCode)
}

func TestCodesAreFewADay(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	r := c.submit(authz.Actor{}, func(a *Answers) { a.Email = "ani@contoh.id" })
	errstest.Kind(t, c.ResendCode(c.ctx, authz.Actor{}, keyOf(r)), errs.TooMany)
	for range codesPerDay - 1 {
		c.clock.Advance(codePause)
		if err := c.ResendCode(c.ctx, authz.Actor{}, keyOf(r)); err != nil {
			t.Fatal(err)
		}
	}
	c.clock.Advance(codePause)
	err := c.ResendCode(c.ctx, authz.Actor{}, keyOf(r))
	errstest.Kind(t, err, errs.TooMany)
	if errs.RetryAfterOf(err) <= 0 {
		t.Error("does not say when to try again")
	}
	// Nor may another report fill the same mailbox, written otherwise or not.
	other := c.submit(authz.Actor{}, func(a *Answers) { a.Email = "ANI@contoh.id" })
	if other.ContactPending {
		t.Error("a sixth code went to one contact")
	}
	third := c.submit(authz.Actor{}, nil)
	errstest.Kind(t, c.SetContact(c.ctx, authz.Actor{}, keyOf(third), ContactInput{Email: "ani@contoh.id"}), errs.TooMany)
	if got := len(c.letters()); got != codesPerDay {
		t.Errorf("%d messages, want %d", got, codesPerDay)
	}
	c.clock.Advance(24 * time.Hour)
	if err := c.ResendCode(c.ctx, authz.Actor{}, keyOf(other)); err != nil {
		t.Error(err)
	}
}

func TestCodesAreFewADayAtOnceToo(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	tokens := make([]string, 3*codesPerDay)
	for i := range tokens {
		tokens[i] = c.draft(func(a *Answers) { a.Email = "korban@contoh.id" })
	}
	_, fails := together(len(tokens), func(i int) (Receipt, error) { return c.Submit(c.ctx, authz.Actor{}, tokens[i]) })
	for _, err := range fails {
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := len(c.letters()); got != codesPerDay {
		t.Errorf("%d codes, want %d", got, codesPerDay)
	}
}

func TestConfirmingLetsAHeldReportThrough(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	r := c.submit(authz.Actor{}, func(a *Answers) { a.Body, a.Phone = "https://a.id https://b.id https://c.id", "081234567890" })
	if !r.Held || !r.ContactPending {
		t.Fatalf("receipt: %+v", r)
	}
	if err := c.ConfirmContact(c.ctx, authz.Actor{}, keyOf(r), c.lastCode()); err != nil {
		t.Fatal(err)
	}
	s := c.state(r.ReportID)
	if s.Status != Received || s.DueKind != DueVerify || s.ReceivedAt == nil {
		t.Errorf("state: %+v", s)
	}
	if all := c.letters(); len(all) != 2 || !all[1].Phone || !strings.Contains(all[1].Subject, "kami terima") {
		t.Errorf("letters: %+v", all)
	}
}

func TestReplacingAContactTakesTrustAway(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w := c.crew()
	r := c.submit(authz.Actor{}, func(a *Answers) { a.Email = "ani@contoh.id" })
	key := keyOf(r)
	if err := c.ConfirmContact(c.ctx, authz.Actor{}, key, c.lastCode()); err != nil {
		t.Fatal(err)
	}
	for _, in := range []ContactInput{{}, {Email: "bukan alamat"}} {
		errstest.Field(t, c.SetContact(c.ctx, authz.Actor{}, key, in), ControlEmail)
	}
	errstest.Field(t, c.SetContact(c.ctx, authz.Actor{}, key, ContactInput{Phone: "123"}), ControlPhone)
	c.clock.Advance(codePause)
	if err := c.SetContact(c.ctx, authz.Actor{}, key, ContactInput{Email: "budi@contoh.id"}); err != nil {
		t.Fatal(err)
	}
	before := len(c.letters())
	c.do(w.dispatcher, r.ReportID, Intent{Action: ActRespond, Reason: "Kami cek."})
	if got := len(c.letters()); got != before {
		t.Errorf("a contact not verified yet got news")
	}
	v, err := c.ReporterView(c.ctx, authz.Actor{}, key)
	if err != nil || v.ContactVerified || v.CodeSentTo != "b•••@contoh.id" {
		t.Errorf("view: %v %q, %v", v.ContactVerified, v.CodeSentTo, err)
	}
}

func TestShortCodeOpensAndIsThrottled(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	r := c.submit(authz.Actor{}, nil)
	spoken := strings.ToLower(strings.ReplaceAll(r.Code, "-", " "))
	token, err := c.OpenByCode(c.ctx, strings.ToLower(r.Number), spoken)
	if err != nil {
		t.Fatal(err)
	}
	if token == r.Token {
		t.Error("the code gave the receipt's own link away")
	}
	if _, err := c.ReporterView(c.ctx, authz.Actor{}, ReporterKey{r.Number, token}); err != nil {
		t.Error(err)
	}
	_, fails := together(40, func(int) (string, error) { return c.OpenByCode(c.ctx, r.Number, "KAPAL-XXXX") })
	kinds := map[errs.Kind]int{}
	for _, err := range fails {
		kinds[errs.KindOf(err)]++
	}
	if kinds[errs.NotFound] != maxGuesses || kinds[errs.TooMany] != 40-maxGuesses {
		t.Errorf("guesses at once: %v", kinds)
	}
	_, err = c.OpenByCode(c.ctx, r.Number, r.Code)
	errstest.Kind(t, err, errs.TooMany)
	if after := errs.RetryAfterOf(err); after <= 0 || after > guessWindow {
		t.Errorf("try again after %v", after)
	}
	other := c.submit(authz.Actor{}, nil)
	_, err = c.OpenByCode(c.ctx, other.Number, r.Code)
	errstest.Kind(t, err, errs.NotFound)
	_, err = c.OpenByCode(c.ctx, "MTR-26-999999", r.Code)
	errstest.Kind(t, err, errs.NotFound)
	c.clock.Advance(guessWindow)
	if _, err := c.OpenByCode(c.ctx, r.Number, r.Code); err != nil {
		t.Errorf("an hour later: %v", err)
	}
	c.clock.Advance(codeKeyLife)
	_, err = c.ReporterView(c.ctx, authz.Actor{}, ReporterKey{r.Number, token})
	errstest.Kind(t, err, errs.NotFound)
	if _, err := c.ReporterView(c.ctx, authz.Actor{}, keyOf(r)); err != nil {
		t.Errorf("the receipt's link ran out: %v", err)
	}
}

func TestOnlyTheReporterSeesTheirPage(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	owner, other := c.citizen(), c.citizen()
	mine, another := c.submit(owner, nil), c.submit(other, nil)
	for name, tt := range map[string]struct {
		a   authz.Actor
		k   ReporterKey
		yes bool
	}{
		"link":                   {authz.Actor{}, keyOf(mine), true},
		"account":                {owner, ReporterKey{Number: mine.Number}, true},
		"nobody":                 {authz.Actor{}, ReporterKey{Number: mine.Number}, false},
		"another account":        {other, ReporterKey{Number: mine.Number}, false},
		"link of another report": {authz.Actor{}, ReporterKey{mine.Number, another.Token}, false},
		"dispatcher":             {c.hire(everywhere, PermDispatch), ReporterKey{Number: mine.Number}, false},
		"no such report":         {owner, ReporterKey{Number: "MTR-26-777777"}, false},
		"nonsense":               {owner, ReporterKey{Number: "'; --", Token: "x"}, false},
	} {
		_, err := c.ReporterView(c.ctx, tt.a, tt.k)
		if tt.yes != (err == nil) || err != nil && errs.KindOf(err) != errs.NotFound {
			t.Errorf("%s: %v", name, err)
		}
		if err := c.Cancel(c.ctx, tt.a, tt.k, CancelInput{Reason: strings.Repeat("x", MaxBody+1)}); tt.yes != (errs.KindOf(err) == errs.Unprocessable) {
			t.Errorf("%s cancels: %v", name, err)
		}
	}
}

func TestMyReportsPages(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	me := c.citizen()
	var all []string
	for range 5 {
		all = append([]string{c.submit(me, nil).Number}, all...)
		c.submit(authz.Actor{}, nil)
	}
	numbers := func(p PublicPage) (out []string) {
		for _, i := range p.Items {
			out = append(out, i.Number)
		}
		return out
	}
	first, err := c.MyReports(c.ctx, me, Page{Limit: 2})
	if err != nil || strings.Join(numbers(first), " ") != strings.Join(all[:2], " ") || first.Newer != 0 || first.Older == 0 {
		t.Fatalf("first page: %+v, %v", first, err)
	}
	second, err := c.MyReports(c.ctx, me, Page{Limit: 2, Before: first.Older})
	if err != nil || strings.Join(numbers(second), " ") != strings.Join(all[2:4], " ") {
		t.Fatalf("second page: %+v, %v", second, err)
	}
	back, err := c.MyReports(c.ctx, me, Page{Limit: 2, After: second.Newer})
	if err != nil || strings.Join(numbers(back), " ") != strings.Join(all[:2], " ") || back.Newer != 0 {
		t.Fatalf("back: %+v, %v", back, err)
	}
	_, err = c.MyReports(c.ctx, authz.Actor{}, Page{})
	errstest.Kind(t, err, errs.Unauthenticated)
}

func TestTheReporterAnswersDisputesAndRates(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w := c.crew()
	r := c.reportAt(w, NeedsInfo)
	key := keyOf(r)
	v, err := c.ReporterView(c.ctx, authz.Actor{}, key)
	if err != nil || v.InfoAsked != "Di sebelah mana?" {
		t.Fatalf("asked %q, %v", v.InfoAsked, err)
	}
	photo, err := c.AddInfoPhoto(c.ctx, authz.Actor{}, key, photoInput())
	if err != nil {
		t.Fatal(err)
	}
	gone, err := c.AddInfoPhoto(c.ctx, authz.Actor{}, key, photoInput())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.RemoveInfoPhoto(c.ctx, authz.Actor{}, key, gone.Ref); err != nil {
		t.Fatal(err)
	}
	errstest.Field(t, second(c.AddInfoPhoto(c.ctx, authz.Actor{}, key, PhotoInput{File: strings.NewReader("bad"), Size: 3})), ControlPhoto)
	errstest.Field(t, c.GiveInfo(c.ctx, authz.Actor{}, key, GiveInfoInput{Body: " \n"}), ControlBody)
	if err := c.GiveInfo(c.ctx, authz.Actor{}, key, GiveInfoInput{Body: "Di kiri."}); err != nil {
		t.Fatal(err)
	}
	if err := c.RemoveInfoPhoto(c.ctx, authz.Actor{}, key, photo.Ref); err != nil {
		t.Fatal(err)
	}
	if v, err = c.ReporterView(c.ctx, authz.Actor{}, key); err != nil {
		t.Fatal(err)
	}
	if v.Status != Received || v.InfoAsked != "" || len(v.Messages) != 1 || v.Messages[0].Body != "Di kiri." ||
		len(v.Messages[0].Photos) != 1 || v.Messages[0].Photos[0].Ref != photo.Ref || len(v.Pending) != 0 {
		t.Errorf("after the answer: %s %+v, pending %v", v.Status, v.Messages, v.Pending)
	}
	c.bring(w, r.ReportID, Done)
	errstest.Field(t, c.Dispute(c.ctx, authz.Actor{}, key, DisputeInput{Reason: "Tak"}), ControlReason)
	if err := c.Dispute(c.ctx, authz.Actor{}, key, DisputeInput{Reason: "Masih menumpuk."}); err != nil {
		t.Fatal(err)
	}
	if s := c.state(r.ReportID); s.Status != InProgress || !s.Disputed || s.Reopens != 1 {
		t.Errorf("after the dispute: %+v", s)
	}
	c.do(w.handler, r.ReportID, Intent{Action: ActSubmitProof, Reason: "Diangkut lagi."})
	c.do(w.validator, r.ReportID, Intent{Action: ActValidate})
	if err := c.Confirm(c.ctx, authz.Actor{}, key); err != nil {
		t.Fatal(err)
	}
	for _, stars := range []int{0, 6, -1} {
		errstest.Field(t, c.Rate(c.ctx, authz.Actor{}, key, RateInput{Stars: stars}), ControlStars)
	}
	if err := c.Rate(c.ctx, authz.Actor{}, key, RateInput{Stars: 4, Comment: "Cepat."}); err != nil {
		t.Fatal(err)
	}
	errstest.Kind(t, c.Rate(c.ctx, authz.Actor{}, key, RateInput{Stars: 5}), errs.Conflict)
	if v, err = c.ReporterView(c.ctx, authz.Actor{}, key); err != nil || v.Rating != 4 || len(v.Messages) != 3 {
		t.Errorf("at the end: %+v, %v", v, err)
	}
	if one[bool](c, `SELECT EXISTS (SELECT FROM mtr_event WHERE role = 'pelapor' AND reason <> '')`) {
		t.Error("the reporter's words are in the history that cannot be erased")
	}
}

func second[T any](_ T, err error) error { return err }

func TestDisputeOnlyWithinTenWorkingDays(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w := c.crew()
	early, late := c.reportAt(w, Done), c.reportAt(w, Done)
	due := *c.state(late.ReportID).DueAt
	c.clock.Set(due.Add(-time.Microsecond))
	if err := c.Dispute(c.ctx, authz.Actor{}, keyOf(early), DisputeInput{Reason: "Belum beres."}); err != nil {
		t.Errorf("in the last moment: %v", err)
	}
	c.clock.Set(due)
	errstest.Kind(t, c.Dispute(c.ctx, authz.Actor{}, keyOf(late), DisputeInput{Reason: "Belum beres."}), errs.Gone)
	if working := due.Sub(start).Hours() / 24; working < 11 || working > 24 {
		t.Errorf("ten working days took %.1f days", working)
	}
}

func TestInfoPhotosAreFew(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	r := c.submit(authz.Actor{}, nil)
	_, fails := together(3*MaxPhotos, func(int) (PublicPhoto, error) { return c.AddInfoPhoto(c.ctx, authz.Actor{}, keyOf(r), photoInput()) })
	ok := 0
	for _, err := range fails {
		if err == nil {
			ok++
			continue
		}
		errstest.Field(t, err, ControlPhoto)
	}
	if ok != MaxPhotos {
		t.Errorf("%d photos, want %d", ok, MaxPhotos)
	}
	if err := c.Cancel(c.ctx, authz.Actor{}, keyOf(r), CancelInput{}); err != nil {
		t.Fatal(err)
	}
	errstest.Kind(t, second(c.AddInfoPhoto(c.ctx, authz.Actor{}, keyOf(r), photoInput())), errs.Conflict)
	errstest.Kind(t, c.Cancel(context.WithoutCancel(c.ctx), authz.Actor{}, keyOf(r), CancelInput{}), errs.Conflict)
}

// Auditors see that the reporter of an anonymous or rahasia report did something, and
// not who that is: opening it takes a permission of its own.
func TestTheTrailDoesNotNameWhoReportsInSecret(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	for _, k := range []struct {
		anonymous, confidential bool
		named                   int
	}{{false, false, 3}, {true, false, 0}, {false, true, 0}} {
		a := c.citizen()
		r := c.submit(a, func(in *Answers) { in.Anonymous, in.Confidential = k.anonymous, k.confidential })
		own := ReporterKey{Number: r.Number}
		if err := c.GiveInfo(c.ctx, a, own, GiveInfoInput{Body: "Masih ada."}); err != nil {
			t.Fatal(err)
		}
		if err := c.SetContact(c.ctx, a, own, ContactInput{Email: "kabar@contoh.id"}); err != nil {
			t.Fatal(err)
		}
		if n := one[int](c, `SELECT count(*)::int FROM audit_entry WHERE object = 'mtr_report' AND object_id = $1`, r.ReportID); n != 3 {
			t.Errorf("%+v: %d entries, want 3", k, n)
		}
		if n := one[int](c, `SELECT count(*)::int FROM audit_entry WHERE account_id = $1`, a.AccountID); n != k.named {
			t.Errorf("%+v: %d entries name the reporter, want %d", k, n, k.named)
		}
		if n := one[int](c, `SELECT count(*)::int FROM mtr_event WHERE actor_id = $1`, a.AccountID); n != 2 {
			t.Errorf("%+v: %d events keep who it was, want 2", k, n)
		}
	}
}
