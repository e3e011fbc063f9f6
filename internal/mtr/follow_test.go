package mtr

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// told are the letters of the topic to an address or an account, "" and 0 for all.
func (c *city) told(email string, account int64) (out []letter) {
	c.t.Helper()
	for _, l := range c.letters() {
		if l.Topic == TopicFollow && (email == "" || l.Email == email) && (account == 0 || l.AccountID == account) {
			out = append(out, l)
		}
	}
	return out
}

// tellAll does the jobs that events left behind, as the runner would, twice over.
func (c *city) tellAll() {
	c.t.Helper()
	rows, err := c.db.Owner().Query(c.ctx, `SELECT (args ->> 'report_id')::bigint, (args ->> 'seq')::int FROM river_job WHERE kind = 'mtr_tell' ORDER BY id`)
	if err != nil {
		c.t.Fatal(err)
	}
	var all []tellArgs
	for rows.Next() {
		var a tellArgs
		if err := rows.Scan(&a.ReportID, &a.Seq); err != nil {
			c.t.Fatal(err)
		}
		all = append(all, a)
	}
	for range 2 {
		for _, a := range all {
			if err := c.tellNow(c.ctx, a.ReportID, a.Seq); err != nil {
				c.t.Fatal(err)
			}
		}
	}
}

// linkIn is the token of the link in the last letter to an address.
func (c *city) linkIn(email string) string {
	c.t.Helper()
	token := ""
	for _, l := range c.letters() {
		if _, after, ok := strings.Cut(l.Text, "/mtr/ikuti/"); ok && l.Email == email {
			token, _, _ = strings.Cut(after, "\n")
		}
	}
	if token == "" {
		c.t.Fatal("no letter with a link")
	}
	return token
}

func TestVisitorsHearOnlyAfterTheySaidYes(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w := c.crew()
	r := c.reportAt(w, Received)
	in := FollowInput{Subject: FollowReport, Number: r.Number, Email: "warga@contoh.id", Pace: PaceNow}
	if err := c.Follow(c.ctx, authz.Actor{}, in); err != nil {
		t.Fatal(err)
	}
	token := c.linkIn(in.Email)
	c.bring(w, r.ReportID, Forwarded)
	c.tellAll()
	if got := c.told("", 0); len(got) != 0 {
		t.Fatalf("before the yes came %v", got)
	}
	if f, err := c.FollowingOf(c.ctx, token); err != nil || f.Confirmed || !strings.HasPrefix(f.Name, r.Number) {
		t.Fatalf("the link is about %+v, %v", f, err)
	}
	c.clock.Advance(time.Hour)
	if err := c.ConfirmFollow(c.ctx, token, PaceNow); err != nil {
		t.Fatal(err)
	}
	c.clock.Advance(time.Hour)
	c.do(w.handler, r.ReportID, Intent{Action: ActStart, Reason: "Truk berangkat."})
	c.do(w.handler, r.ReportID, Intent{Action: ActNote, Reason: "Kata di antara petugas."})
	c.tellAll()
	got := c.told(in.Email, 0)
	if len(got) != 1 || !strings.Contains(got[0].Subject, "mulai dikerjakan") || !strings.Contains(got[0].Text, "Truk berangkat.") {
		t.Fatalf("the letters are %v", got)
	}
	// Hidden before it is told: nobody hears.
	c.do(w.handler, r.ReportID, Intent{Action: ActSubmitProof, Reason: "Sudah diangkut."})
	c.do(w.moderator, r.ReportID, Intent{Action: ActHide, Reason: "Ada nomor telepon."})
	c.tellAll()
	if got := c.told("", 0); len(got) != 1 {
		t.Errorf("of a hidden report came %v", got[1:])
	}
	if f, err := c.FollowingOf(c.ctx, token); err != nil || f.Number != "" || strings.Contains(f.Name, "Sampah") {
		t.Errorf("the page of a hidden report says %+v, %v", f, err)
	}
	c.do(w.moderator, r.ReportID, Intent{Action: ActUnhide, Reason: "Sudah disamarkan."})
	if err := c.EndFollow(c.ctx, token); err != nil {
		t.Fatal(err)
	}
	c.do(w.validator, r.ReportID, Intent{Action: ActValidate})
	c.tellAll()
	if got := c.told("", 0); len(got) > 2 { // the proof, once it is shown again
		t.Errorf("after the end came %v", got)
	}
	errstest.Kind(t, c.ConfirmFollow(c.ctx, token, PaceNow), errs.Gone)
	// What nobody may know of cannot be followed; too many letters to one address neither.
	secret := c.submit(authz.Actor{}, func(a *Answers) { a.Confidential = true })
	in.Number = secret.Number
	errstest.Kind(t, c.Follow(c.ctx, authz.Actor{}, in), errs.NotFound)
	in = FollowInput{Subject: FollowCategory, ID: c.category("SAMPAH"), Email: in.Email, Pace: PaceDaily}
	for range codesPerDay - 1 {
		if err := c.Follow(c.ctx, authz.Actor{}, in); err != nil {
			t.Fatal(err)
		}
	}
	errstest.Kind(t, c.Follow(c.ctx, authz.Actor{}, in), errs.TooMany)
	in.Email = "bukan"
	errstest.Field(t, c.Follow(c.ctx, authz.Actor{}, in), ControlEmail)
	// A link that nobody used is gone, and so is the address.
	c.clock.Advance(confirmFollow + time.Minute)
	if err := c.Sweep(c.ctx); err != nil {
		t.Fatal(err)
	}
	if n := one[int](c, `SELECT count(*) FROM mtr_follow`); n != 0 {
		t.Errorf("%d followings stay", n)
	}
}

func TestAccountsFollowAreasAndHearOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w, a := c.crew(), c.citizen()
	follow := func(in FollowInput) {
		t.Helper()
		if err := c.Follow(c.ctx, a, in); err != nil {
			t.Fatal(err)
		}
	}
	var clicks sync.WaitGroup
	for range 6 {
		clicks.Go(func() {
			if err := c.Follow(c.ctx, a, FollowInput{Subject: FollowKelurahan, ID: c.kelurahan(), Pace: PaceNow}); err != nil {
				t.Error(err)
			}
		})
	}
	clicks.Wait()
	follow(FollowInput{Subject: FollowCategory, ID: c.category("SAMPAH"), Pace: PaceNow})
	follow(FollowInput{Subject: FollowUnit, ID: c.unit("DLH"), Pace: PaceNow, WhatsApp: true})
	r := c.reportAt(w, Received)
	follow(FollowInput{Subject: FollowReport, Number: r.Number, Pace: PaceNow})
	c.bring(w, r.ReportID, Done)
	c.tellAll()
	var subjects []string
	for _, l := range c.told("", a.AccountID) {
		subjects = append(subjects, strings.TrimPrefix(l.Subject, "Laporan "+r.Number+" "))
	}
	want := "[diteruskan ke Dinas Lingkungan Hidup mulai dikerjakan selesai dikerjakan, buktinya sedang diperiksa selesai]"
	if got := fmt.Sprint(subjects); got != want {
		t.Errorf("one follower of everything heard %s, want %s", got, want)
	}
	all, err := c.Followings(c.ctx, a)
	if err != nil || len(all) != 4 {
		t.Fatalf("they follow %+v, %v", all, err)
	}
	for _, f := range all {
		if f.Subject == FollowReport {
			if err := c.Unfollow(c.ctx, a, f.ID); err != nil {
				t.Fatal(err)
			}
			errstest.Kind(t, c.Unfollow(c.ctx, c.citizen(), f.ID), errs.NotFound)
		}
	}
	// Of a kelurahan one hears what is new and what is done, and not every step.
	next := c.reportAt(w, ToValidate)
	c.tellAll()
	heard := 0
	for _, l := range c.told("", a.AccountID) {
		if strings.Contains(l.Subject, next.Number) {
			heard++
		}
	}
	if heard != 1 {
		t.Errorf("of three steps the follower of a kelurahan heard %d", heard)
	}
	errstest.Kind(t, c.Follow(c.ctx, a, FollowInput{Subject: FollowUnit, ID: 1 << 40, Pace: PaceNow}), errs.NotFound)
	errstest.Field(t, c.Follow(c.ctx, a, FollowInput{Subject: FollowKelurahan, ID: c.kelurahan(), Pace: "nanti"}), ControlPace)
}

func TestDigestsComeOnceADay(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w, a := c.crew(), c.citizen()
	for _, in := range []FollowInput{
		{Subject: FollowKelurahan, ID: c.kelurahan(), Pace: PaceDaily}, {Subject: FollowCategory, ID: c.category("SAMPAH"), Pace: PaceDaily},
	} {
		if err := c.Follow(c.ctx, a, in); err != nil {
			t.Fatal(err)
		}
	}
	c.clock.Advance(time.Minute)
	one, secret := c.reportAt(w, Forwarded), c.reportAt(w, Forwarded)
	c.do(w.moderator, secret.ReportID, Intent{Action: ActHide, Reason: "Ada nama orang."})
	send := func(want int) {
		t.Helper()
		var all sync.WaitGroup
		told := make([]int, 4)
		for i := range told {
			all.Go(func() {
				n, err := c.SendFollowDigests(c.ctx)
				if err != nil {
					t.Error(err)
				}
				told[i] = n
			})
		}
		all.Wait()
		sum := 0
		for _, n := range told {
			sum += n
		}
		if sum != want {
			t.Errorf("at %s %d were told, want %d", c.clock.Now().Format(time.DateTime), sum, want)
		}
	}
	send(0) // today's morning was before they began
	c.clock.Advance(21 * time.Hour)
	send(0) // six in the morning
	c.clock.Advance(2 * time.Hour)
	send(1)
	send(0)
	got := c.told("", a.AccountID)
	if len(got) != 1 || got[0].Subject != "1 kabar laporan yang Anda ikuti" || !strings.Contains(got[0].Text, one.Number) || strings.Contains(got[0].Text, secret.Number) {
		t.Fatalf("the digest is %v", got)
	}
	c.clock.Advance(24 * time.Hour)
	send(0) // nothing new
}

// Whoever supports a report and follows it hears of each event once, with the account or with
// its bare address.
func TestWhoSupportsAndFollowsHearsOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w, a, b := c.crew(), c.citizen(), c.citizen()
	r := c.reportAt(w, Forwarded)
	if err := c.Support(c.ctx, a, r.Number); err != nil {
		t.Fatal(err)
	}
	if err := c.AskSupport(c.ctx, r.Number, strings.ToUpper(b.Email)); err != nil {
		t.Fatal(err)
	}
	_, token, _ := strings.Cut(c.letters()[len(c.letters())-1].Text, "/mtr/dukungan/")
	token, _, _ = strings.Cut(token, "\n")
	if err := c.ConfirmSupport(c.ctx, token); err != nil {
		t.Fatal(err)
	}
	for _, who := range []authz.Actor{a, b} {
		if err := c.Follow(c.ctx, who, FollowInput{Subject: FollowReport, Number: r.Number, Pace: PaceNow}); err != nil {
			t.Fatal(err)
		}
	}
	c.do(w.handler, r.ReportID, Intent{Action: ActStart})
	c.do(w.handler, r.ReportID, Intent{Action: ActSubmitProof, Reason: "Sudah diangkut."})
	c.do(w.validator, r.ReportID, Intent{Action: ActValidate})
	c.tellAll()
	for _, who := range []authz.Actor{a, b} {
		var heard []string
		for _, l := range c.letters() {
			if l.AccountID == who.AccountID || strings.EqualFold(l.Email, who.Email) && l.Topic != topicCode {
				heard = append(heard, l.Topic)
			}
		}
		if want := []string{topicSupport, topicSupport, TopicFollow}; fmt.Sprint(heard) != fmt.Sprint(want) { // the proof is for followers only
			t.Errorf("%s: of three events they heard %v, want %v", who.Email, heard, want)
		}
	}
}

// Messages that wait, and inboxes, lose what is blacked out of a title.
func TestWaitingMessagesAreBlackedOut(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w, a := c.crew(), c.citizen()
	r := c.submit(authz.Actor{}, func(in *Answers) { in.Title = "Bising di rumah Pak Amir" })
	for _, pace := range []Pace{PaceNow, PaceDaily} {
		who := a
		if pace == PaceDaily {
			who = c.citizen()
		}
		if err := c.Follow(c.ctx, who, FollowInput{Subject: FollowReport, Number: r.Number, Pace: pace}); err != nil {
			t.Fatal(err)
		}
	}
	c.clock.Advance(time.Minute)
	c.bring(w, r.ReportID, Forwarded)
	c.tellAll()
	c.clock.Advance(24 * time.Hour)
	if n, err := c.SendFollowDigests(c.ctx); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	const holding = `SELECT (SELECT count(*) FROM notify_message WHERE body LIKE '%Amir%') + (SELECT count(*) FROM notify_inbox WHERE body LIKE '%Amir%')`
	if n := one[int](c, holding); n != 4 {
		t.Fatalf("%d messages and entries hold the title, want 4", n)
	}
	err := c.Redact(c.ctx, w.moderator, RedactInput{Act: Act{ReportID: r.ReportID}, Passages: "Pak Amir", Reason: "Nama orang."})
	if n := one[int](c, holding); err != nil || n != 0 {
		t.Errorf("%d still do, %v", n, err)
	}
	if text := c.told("", a.AccountID)[0].Text; !strings.Contains(text, named(r.Number, "Bising di rumah "+blackBar)) {
		t.Errorf("it reads %q", text)
	}
}
