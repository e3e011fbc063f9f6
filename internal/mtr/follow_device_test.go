package mtr

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/notify/pushtest"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// withPush lets the city tell browsers by a push service; sent delivers all that waits.
func (c *city) withPush() (service *pushtest.Service, sent func()) {
	c.t.Helper()
	service = pushtest.New(c.t)
	p, err := notify.OpenPush(service.Host, c.box, "https://portal.test", service.Client)
	if err != nil {
		c.t.Fatal(err)
	}
	c.push = p
	sender := notify.NewSender(notify.Config{Pool: c.db.Pool, Box: c.box, Clock: c.clock, Push: p, BaseURL: "https://portal.test"})
	return service, func() {
		c.t.Helper()
		ids, err := pg.Scalars[int64](c.ctx, c.db.Pool, `SELECT id FROM notify_message WHERE status = 'queued' AND channel = 'push' ORDER BY id`)
		if err != nil {
			c.t.Fatal(err)
		}
		for _, id := range ids {
			if err := sender.Send(c.ctx, id, false); err != nil {
				c.t.Fatal(err)
			}
		}
	}
}

// What comes to the screen of a phone says no more than the public page of a report, and
// nothing of one that has none.
func TestPhonesAreToldNothingThatIsNotPublic(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	service, send := c.withPush()
	w, phone := c.crew(), service.Subscribe()
	var clicks sync.WaitGroup
	for _, in := range []FollowInput{
		{Subject: FollowKelurahan, ID: c.kelurahan()}, {Subject: FollowKelurahan, ID: c.kelurahan()}, {Subject: FollowKelurahan, ID: c.kelurahan()},
		{Subject: FollowCategory, ID: c.category("SAMPAH")}, {Subject: FollowUnit, ID: c.unit("DLH")},
	} {
		in.Pace = PaceNow
		clicks.Go(func() {
			if err := c.FollowByDevice(c.ctx, authz.Actor{}, in, phone.Device); err != nil {
				t.Error(err)
			}
		})
	}
	clicks.Wait()
	if all, err := c.DeviceFollowings(c.ctx, phone.Endpoint); err != nil || len(all) != 3 || one[int](c, `SELECT count(*) FROM notify_device`) != 1 {
		t.Fatalf("after five clicks it follows %+v, %v", all, err)
	}
	file := func(change func(*Answers)) Receipt {
		return c.submit(authz.Actor{}, func(a *Answers) {
			a.Name, a.Body, a.Landmark = "Namapelapor", "Uraianlaporan panjang sekali.", "Patokanrumah"
			change(a)
		})
	}
	open := file(func(a *Answers) { a.Title = "Judulterbuka" })
	anonymous := file(func(a *Answers) { a.Title, a.Anonymous = "Judulanonim", true })
	secret := file(func(a *Answers) { a.Title, a.Confidential = "Judulrahasia", true })
	hidden := file(func(a *Answers) { a.Title = "Judulsembunyi" })
	dlh := c.unit("DLH")
	for _, r := range []Receipt{open, anonymous, secret, hidden} {
		c.do(w.dispatcher, r.ReportID, Intent{Action: ActForward, Reason: "Catatanpetugas", Change: Change{UnitID: &dlh}})
	}
	c.do(w.moderator, hidden.ReportID, Intent{Action: ActHide, Reason: "Ada nama orang."})
	c.tellAll()
	send()
	told := fmt.Sprintf("%+v", service.Got(phone))
	if n := len(service.Got(phone)); n != 2 || strings.Count(told, "Judulterbuka") != 1 || strings.Count(told, "Judulanonim") != 1 {
		t.Errorf("of four reports, one secret and one hidden, it is told %d times: %s", n, told)
	}
	for _, word := range []string{"Namapelapor", "Uraianlaporan", "Patokanrumah", "Catatanpetugas", "Judulrahasia", "Judulsembunyi", secret.Number, hidden.Number, secret.Token, open.Token, open.Code} {
		if strings.Contains(told, word) {
			t.Errorf("it is told %q", word)
		}
	}
	err := c.FollowByDevice(c.ctx, authz.Actor{}, FollowInput{Subject: FollowReport, Number: secret.Number, Pace: PaceNow}, phone.Device)
	errstest.Kind(t, err, errs.NotFound)
	foreign := phone.Device
	foreign.Endpoint = "https://127.0.0.1/dalam"
	errstest.Kind(t, c.FollowByDevice(c.ctx, authz.Actor{}, FollowInput{Subject: FollowReport, Number: open.Number, Pace: PaceNow}, foreign), errs.Unprocessable)
}

// A browser is known for as long as it follows something, and goes with the account.
func TestPhonesAreForgotten(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	service, send := c.withPush()
	w, a := c.crew(), c.citizen()
	mine, other := service.Subscribe(), service.Subscribe()
	r := c.reportAt(w, Received)
	follow := func(a authz.Actor, b *pushtest.Browser, in FollowInput) {
		t.Helper()
		if err := c.FollowByDevice(c.ctx, a, in, b.Device); err != nil {
			t.Fatal(err)
		}
	}
	report, area := FollowInput{Subject: FollowReport, Number: r.Number, Pace: PaceNow}, FollowInput{Subject: FollowKelurahan, ID: c.kelurahan(), Pace: PaceNow}
	devices := func(want int) {
		t.Helper()
		if n := one[int](c, `SELECT count(*) FROM notify_device`); n != want {
			t.Fatalf("%d browsers are known, want %d", n, want)
		}
	}
	follow(a, mine, report)
	follow(a, mine, area)
	follow(authz.Actor{}, other, report)
	all, err := c.Followings(c.ctx, a)
	if err != nil || len(all) != 2 || all[1].Name == "" || all[1].Channel != "push" {
		t.Fatalf("the account follows %+v, %v", all, err)
	}
	// Nobody ends what another browser follows.
	if err := c.UnfollowByDevice(c.ctx, other.Endpoint, all[0].ID); err != nil {
		t.Fatal(err)
	}
	if err := c.Unfollow(c.ctx, a, all[1].ID); err != nil {
		t.Fatal(err)
	}
	if left, err := c.DeviceFollowings(c.ctx, mine.Endpoint); err != nil || len(left) != 1 || left[0].ID != all[0].ID {
		t.Errorf("of two one is left: %+v, %v", left, err)
	}
	c.bring(w, r.ReportID, Forwarded)
	c.tellAll()
	send()
	if n, m := len(service.Got(mine)), len(service.Got(other)); n != 1 || m != 1 { // by the kelurahan, by the report
		t.Errorf("told %d and %d times", n, m)
	}
	// Stopped in the notification it follows no more, and may begin again.
	stopped := func(n int, only bool) error {
		s, err := notify.FindSubscription(c.ctx, c.db.Pool, strings.TrimPrefix(service.Got(mine)[n].Stop, "/berhenti/"))
		if err != nil {
			return err
		}
		return notify.Stop(c.ctx, c.db.Pool, s, only, c.clock.Now())
	}
	err = stopped(0, true)
	if left, err2 := c.DeviceFollowings(c.ctx, mine.Endpoint); err != nil || err2 != nil || len(left) != 0 {
		t.Errorf("stopped, it follows %+v, %v, %v", left, err, err2)
	}
	follow(a, mine, area)
	next := c.reportAt(w, Forwarded)
	c.tellAll()
	send()
	if got := service.Got(mine); len(got) != 2 || !strings.Contains(got[1].Title, next.Number) {
		t.Errorf("begun again, it is told %+v", got)
	}
	devices(2)
	// Whoever stopped all of it and asks for one thing gets that alone.
	err = stopped(1, false)
	follow(a, mine, FollowInput{Subject: FollowCategory, ID: c.category("SAMPAH"), Pace: PaceDaily})
	if left, err2 := c.DeviceFollowings(c.ctx, mine.Endpoint); err != nil || err2 != nil || len(left) != 1 || left[0].Subject != FollowCategory {
		t.Errorf("after all was stopped, it follows %+v, %v, %v", left, err, err2)
	}
	// Once a day, when there is something to tell.
	c.clock.Advance(time.Minute)
	done := c.reportAt(w, Done)
	c.reportAt(w, Forwarded)
	for _, day := range []int{1, 0} {
		c.tellAll()
		c.clock.Advance(24 * time.Hour)
		if n, err := c.SendFollowDigests(c.ctx); err != nil || n != day {
			t.Errorf("%d digests, want %d, %v", n, day, err)
		}
		send()
	}
	got := service.Got(mine)
	if last := got[len(got)-1]; len(got) != 3 || last.Title != "3 kabar laporan yang Anda ikuti" || !strings.Contains(last.Text, done.Number+" selesai") || last.Path != "/mtr" {
		t.Errorf("the digest is %+v", got)
	}
	// A browser that was told to be silent is forgotten, unless that is taken back within a day.
	err = stopped(2, false)
	for _, want := range []int{2, 1} {
		c.clock.Advance(23 * time.Hour)
		if err := errors.Join(err, c.Sweep(c.ctx)); err != nil {
			t.Fatal(err)
		}
		devices(want)
	}
	follow(a, mine, area)
	devices(2)
	if err := c.UnfollowByDevice(c.ctx, other.Endpoint, 0); err != nil {
		t.Fatal(err)
	}
	devices(1)
	dump := one[string](c, `SELECT string_agg(f::text, ' ') || (SELECT string_agg(d::text, ' ') FROM notify_device d) || (SELECT string_agg(j.args::text, ' ') FROM river_job j) FROM mtr_follow f`)
	if strings.Contains(dump, mine.Endpoint) || strings.Contains(dump, mine.Auth) || strings.Contains(dump, mine.Key) {
		t.Error("the database holds a browser's address in the open")
	}
	// The account's own: told to its owner, erased at their wish.
	part, err := c.Dossier(c.ctx, a.AccountID)
	if err != nil || !strings.Contains(fmt.Sprintf("%+v", part), "Mengikuti kelurahan") {
		t.Errorf("the owner is told %+v, %v", part, err)
	}
	err = pg.InTx(c.ctx, c.db.Pool, func(tx pgx.Tx) error {
		_, err := c.Forget(c.ctx, tx, authz.System("uji"), a.AccountID, c.clock.Now())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	c.clock.Advance(2 * time.Hour)
	if err := c.Sweep(c.ctx); err != nil {
		t.Fatal(err)
	}
	devices(0)
	follow(a, mine, area)
	if err := notify.Forget(c.ctx, c.db.Pool, a.AccountID); err != nil { // the account is closed
		t.Fatal(err)
	}
	devices(0)
}
