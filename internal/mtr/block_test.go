package mtr

import (
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// A blocked sender is held and told so, may object once, and is never dropped; the block is
// on record, ends by itself, and can be ended.
func TestBlockedSenders(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w := c.crew()
	const spammer = "iklan@contoh.id"
	from := func(email, device string) Receipt {
		t.Helper()
		r, err := c.SubmitFrom(c.ctx, authz.Actor{}, device, c.draft(func(a *Answers) { a.Email = email }))
		if err != nil {
			t.Fatal(err)
		}
		c.clock.Advance(time.Hour)
		return r
	}
	first := from(spammer, "warnet")
	block := func(a authz.Actor, change func(*BlockInput)) error {
		in := BlockInput{Act: Act{ReportID: first.ReportID}, Contact: true, Days: 30, Reason: "Sepuluh iklan dalam sehari."}
		if change != nil {
			change(&in)
		}
		return c.Block(c.ctx, a, in)
	}
	errstest.Kind(t, block(w.handler, nil), errs.NotFound)
	errstest.Kind(t, block(w.dispatcher, nil), errs.Forbidden)
	errstest.Field(t, block(w.moderator, func(in *BlockInput) { in.Reason = " " }), ControlReason)
	errstest.Field(t, block(w.moderator, func(in *BlockInput) { in.Contact = false }), ControlBlock)
	errstest.Field(t, block(w.moderator, func(in *BlockInput) { in.Days = 400 }), ControlDays)
	errstest.Field(t, block(w.moderator, func(in *BlockInput) { in.Device, in.Days = true, 31 }), ControlDays)
	if err := block(w.moderator, nil); err != nil {
		t.Fatal(err)
	}
	errstest.Kind(t, block(w.moderator, nil), errs.Conflict)
	if n := one[int](c, `SELECT count(*) FROM audit_entry WHERE action = 'mtr.block.add' AND account_id = $1 AND detail::text NOT LIKE '%contoh.id%'`, w.moderator.AccountID); n != 1 {
		t.Errorf("%d audit entries", n)
	}

	// By another device it is the same sender; the same device is others' too.
	sent := len(c.letters())
	held := from(strings.ToUpper(spammer[:5])+spammer[5:], "rumah")
	if !held.Held || !held.Blocked || held.ContactPending || len(c.letters()) != sent {
		t.Errorf("a blocked sender's report: %+v", held)
	}
	if r := from("tetangga@contoh.id", "warnet"); r.Held {
		t.Errorf("somebody else at the same place is held: %+v", r)
	}
	// What it is: the sender reads why, a code does not open it, time does not end it.
	view, err := c.ReporterView(c.ctx, authz.Actor{}, keyOf(held))
	if err != nil || !view.Blocked || view.BlockNote.Reason != "Sepuluh iklan dalam sehari." || !view.May(ActAppeal) || view.May(ActConfirmContact) {
		t.Errorf("the sender's page: %+v, %v", view, err)
	}
	errstest.Kind(t, c.ResendCode(c.ctx, authz.Actor{}, keyOf(held)), errs.Conflict)
	c.clock.Advance(10 * 24 * time.Hour)
	if _, err := c.LapseUnconfirmed(c.ctx); err != nil || c.state(held.ReportID).Status != Unconfirmed {
		t.Errorf("time dropped it: %v", err)
	}
	errstest.Field(t, c.Appeal(c.ctx, authz.Actor{}, keyOf(held), "Salah"), ControlBody)
	errstest.Kind(t, c.Appeal(c.ctx, authz.Actor{}, keyOf(first), "Ini tidak ditahan sama sekali."), errs.Conflict)
	// Five at once are one objection.
	won := 0
	results := make(chan error, 5)
	for range 5 {
		go func() {
			results <- c.Appeal(c.ctx, authz.Actor{}, keyOf(held), "Saya bukan orang itu, lampunya sungguh mati.")
		}()
	}
	for range 5 {
		if err := <-results; err == nil {
			won++
		} else if errs.KindOf(err) != errs.Conflict {
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d objections", won)
	}
	page, err := c.Queue(c.ctx, w.moderator, QueueHeld, DeskFilter{}, nil, 0)
	if err != nil || len(page.Items) != 1 || !page.Items[0].Late {
		t.Errorf("the moderators' queue: %+v, %v", page.Items, err)
	}
	desk, err := c.DeskView(c.ctx, w.moderator, held.Number)
	if err != nil || len(desk.Messages) != 1 || !strings.Contains(desk.Messages[0].Body, "bukan orang itu") || !desk.May(ActReject) || !desk.May(ActRelease) {
		t.Errorf("at the moderators' desk: %+v, %v", desk.Messages, err)
	}
	if err := c.Release(c.ctx, w.moderator, ReasonInput{Act: Act{ReportID: held.ReportID}, Reason: "Keberatannya benar."}); err != nil {
		t.Fatal(err)
	}
	// A report that is only an advertisement ends with a reason, seen by nobody else.
	ad := from(spammer, "rumah")
	if err := c.Reject(c.ctx, w.moderator, RejectInput{Act: Act{ReportID: ad.ReportID}, Reason: "Ini iklan."}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.PublicView(c.ctx, ad.Number); errs.KindOf(err) != errs.NotFound {
		t.Errorf("the public sees it: %v", err)
	}

	all, err := c.Blocks(c.ctx, w.moderator)
	if err != nil || len(all) != 1 || all[0].Number != first.Number || all[0].EndedAt != nil {
		t.Fatalf("the list: %+v, %v", all, err)
	}
	if _, err := c.Blocks(c.ctx, w.dispatcher); errs.KindOf(err) != errs.Forbidden {
		t.Errorf("a dispatcher reads it: %v", err)
	}
	// A moderator of another place neither sees nor ends it; one of that place does.
	place := one[string](c, `SELECT u.code FROM mtr_report r JOIN org_unit u ON u.id = r.dispatch_unit_id WHERE r.id = $1`, first.ReportID)
	elsewhere := c.hire("DLH", PermModerate)
	if seen, err := c.Blocks(c.ctx, elsewhere); err != nil || len(seen) != 0 {
		t.Errorf("seen from elsewhere: %+v, %v", seen, err)
	}
	errstest.Kind(t, c.EndBlock(c.ctx, elsewhere, all[0].ID, "Bukan urusan saya."), errs.NotFound)
	if seen, err := c.Blocks(c.ctx, c.hire(place, PermModerate)); err != nil || len(seen) != 1 {
		t.Errorf("seen from its place: %+v, %v", seen, err)
	}
	errstest.Field(t, c.EndBlock(c.ctx, w.moderator, all[0].ID, ""), ControlReason)
	errstest.Kind(t, c.EndBlock(c.ctx, w.dispatcher, all[0].ID, "Sudah."), errs.Forbidden)
	if err := c.EndBlock(c.ctx, w.moderator, all[0].ID, "Sudah berjanji."); err != nil {
		t.Fatal(err)
	}
	errstest.Kind(t, c.EndBlock(c.ctx, w.moderator, all[0].ID, "Lagi."), errs.Conflict)
	if r := from(spammer, "rumah"); r.Blocked {
		t.Error("held after the end of the block")
	}
	// Again, by device: it ends by itself.
	first = from("lain@contoh.id", "warnet")
	if err := block(w.moderator, func(in *BlockInput) { in.Contact, in.Device, in.Days = false, true, 2 }); err != nil {
		t.Fatal(err)
	}
	if r := from("baru@contoh.id", "warnet"); !r.Blocked {
		t.Error("the device is not blocked")
	}
	c.clock.Advance(3 * 24 * time.Hour)
	if r := from("baru2@contoh.id", "warnet"); r.Blocked {
		t.Error("the block outlived its end")
	}
	if err := block(w.moderator, func(in *BlockInput) { in.Contact, in.Device, in.Days = false, true, 2 }); err != nil {
		t.Errorf("blocked again: %v", err)
	}
	c.clock.Advance(40 * 24 * time.Hour)
	if err := c.Sweep(c.ctx); err != nil {
		t.Fatal(err)
	}
	if n := one[int](c, `SELECT count(*) FROM mtr_contact WHERE device_hash IS NOT NULL`); n != 0 {
		t.Errorf("%d reports still tell the device", n)
	}
}

// Many at once have to wait, with nothing lost; after that they go on. One network and browser
// may be many people's.
func TestManyAtOnceWait(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	by := func(email string) string { return c.draft(func(a *Answers) { a.Email = email }) }
	send := func(token string) error {
		_, err := c.SubmitFrom(c.ctx, authz.Actor{}, "hp", token)
		return err
	}
	for range slowReports {
		if err := send(by("rajin@contoh.id")); err != nil {
			t.Fatal(err)
		}
	}
	token := by("rajin@contoh.id")
	err := send(token)
	if errs.KindOf(err) != errs.TooMany || !strings.Contains(errs.MessageOf(err), "Isian laporan ini tidak hilang") {
		t.Fatalf("one more: %v", err)
	}
	if d, err := c.Draft(c.ctx, token); err != nil || d.Answers.Title == "" || d.Receipt != nil {
		t.Errorf("its draft: %+v, %v", d, err)
	}
	for range slowDevice - slowReports {
		if err := send(c.draft(nil)); err != nil {
			t.Fatalf("others at the same place: %v", err)
		}
	}
	errstest.Kind(t, send(c.draft(nil)), errs.TooMany)
	if _, err := c.SubmitFrom(c.ctx, authz.Actor{}, "hp lain", c.draft(nil)); err != nil {
		t.Errorf("elsewhere: %v", err)
	}
	c.clock.Advance(slowWithin + time.Second)
	if err := send(token); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
