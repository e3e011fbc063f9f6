package mtr

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// twice runs a job in two portals at once, then once more, and returns how often it
// did something.
func (c *city) twice(job func(context.Context) (int, error)) (n int) {
	c.t.Helper()
	run := func(int) (int, error) { return job(c.ctx) }
	counts, fails := together(2, run)
	again, err := run(0)
	for _, err := range append(fails, err) {
		if err != nil {
			c.t.Fatal(err)
		}
	}
	return counts[0] + counts[1] + again
}

func (c *city) events(action Action) int {
	c.t.Helper()
	return one[int](c, `SELECT count(*) FROM mtr_event WHERE action = $1`, string(action))
}

func TestUnconfirmedReportsLapse(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	held := func(email string) Receipt {
		return c.submit(authz.Actor{}, func(a *Answers) { a.Email, a.Body = email, "https://a.id https://b.id https://c.id"+email+a.Title })
	}
	for i := range 5 {
		if r := held(fmt.Sprintf("warga%d@contoh.id", i)); !r.Held || r.Moderated {
			t.Fatalf("held: %+v", r)
		}
	}
	other, unasked := c.submit(authz.Actor{}, nil), held("")
	c.clock.Advance(ConfirmWithin - time.Second)
	if n := c.twice(c.LapseUnconfirmed); n != 0 {
		t.Errorf("%d lapsed too early", n)
	}
	c.clock.Advance(time.Second)
	if n := c.twice(c.LapseUnconfirmed); n != 5 || c.events(ActLapse) != 5 {
		t.Errorf("%d lapsed, %d events, want 5", n, c.events(ActLapse))
	}
	told := map[string]int{}
	for _, l := range c.letters() {
		if strings.Contains(l.Text, "72 jam") && !strings.Contains(l.Text+l.Subject, "a.id") {
			told[l.Email]++
		}
	}
	if len(told) != 5 || told["warga3@contoh.id"] != 1 {
		t.Errorf("told how it ended: %v", told)
	}
	if s := c.state(other.ReportID).Status; s != Received {
		t.Errorf("the other report is at %s", s)
	}
	// Nobody is asked to confirm it, so it waits for a moderator.
	c.clock.Advance(30 * 24 * time.Hour)
	if n, s := c.twice(c.LapseUnconfirmed), c.state(unasked.ReportID); n != 0 || !unasked.Moderated || s.Status != Unconfirmed || s.DueKind != DueVerify {
		t.Errorf("without a contact: %+v at %+v, %d lapsed", unasked, s, n)
	}
}

func TestSilenceCloses(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w := c.crew()
	r := c.reportAt(w, Done)
	due := *c.state(r.ReportID).DueAt
	c.clock.Set(due.Add(-time.Second))
	if n := c.twice(c.CloseSettled); n != 0 {
		t.Errorf("%d closed too early", n)
	}
	c.clock.Set(due)
	if n := c.twice(c.CloseSettled); n != 1 || c.events(ActAutoClose) != 1 {
		t.Errorf("closed %d times", n)
	}
	if s := c.state(r.ReportID); s.Status != Closed || s.ClosedAt == nil {
		t.Errorf("state: %+v", s)
	}
}

func TestUnansweredReportsClimb(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	w := c.crew()
	lurah := c.hireAs("kepala", one[string](c, `SELECT code FROM org_unit WHERE id = $1`, c.kelurahan()))
	mayor := c.hireAs("kepala", everywhere)
	open := c.submit(authz.Actor{}, func(a *Answers) { a.Confidential = true })
	answered := c.reportAt(w, Forwarded)
	told := func(a authz.Actor) (out []letter) {
		for _, l := range c.letters() {
			if l.AccountID == a.AccountID && l.Topic == TopicOversight {
				out = append(out, l)
			}
		}
		return out
	}
	c.clock.Advance(EscalateUnit - time.Second)
	if n := c.twice(c.EscalateToUnit); n != 0 {
		t.Errorf("%d too early", n)
	}
	c.clock.Advance(time.Second)
	if n := c.twice(c.EscalateToUnit); n != 1 || c.events(ActEscalateUnit) != 1 || len(told(lurah)) != 1 {
		t.Errorf("told the head %d times: %+v", n, told(lurah))
	}
	if n := c.twice(c.EscalateToMayor); n != 0 {
		t.Errorf("%d on the mayor's desk after a day", n)
	}
	c.clock.Advance(EscalateMayor - EscalateUnit)
	if n := c.twice(c.EscalateToMayor); n != 1 || c.events(ActEscalateMayor) != 1 {
		t.Errorf("on the mayor's desk %d times", n)
	}
	if s := c.state(answered.ReportID); s.EscalatedUnitAt != nil || s.EscalatedMayorAt != nil {
		t.Error("a report that was answered climbed")
	}
	digest := func(ctx context.Context) (int, error) {
		did, err := c.SendDigest(ctx)
		if did {
			return 1, err
		}
		return 0, err
	}
	if n := c.twice(digest); n != 1 {
		t.Errorf("the day's digest went out %d times", n)
	}
	got := told(mayor)
	if len(got) != 1 || !strings.Contains(got[0].Text, open.Number) || strings.Contains(got[0].Text, answered.Number) {
		t.Fatalf("digest: %+v", got)
	}
	if strings.Contains(got[0].Text, "Sampah") {
		t.Error("the digest says what a rahasia report is about")
	}
	c.clock.Set(time.Date(2026, 11, 27, 6, 59, 0, 0, start.Location()))
	if n := c.twice(digest); n != 0 {
		t.Error("a digest before the morning")
	}
	c.clock.Advance(time.Minute)
	if n := c.twice(digest); n != 1 || len(told(mayor)) != 2 {
		t.Errorf("the next day: %d", n)
	}
	c.do(w.dispatcher, open.ReportID, Intent{Action: ActRespond, Reason: "Kami cek."})
	c.clock.Advance(24 * time.Hour)
	if n := c.twice(digest); n != 1 || len(told(mayor)) != 2 {
		t.Errorf("a digest with nothing in it: %+v", told(mayor))
	}
}

// shaky is a store whose Put or Delete fails when told to.
type shaky struct {
	blob.Store
	put, del bool
}

func (s *shaky) Put(ctx context.Context, key string, r io.Reader, n int64, typ string) error {
	if s.put && strings.HasSuffix(key, "besar.jpg") {
		return errors.New("disk full")
	}
	return s.Store.Put(ctx, key, r, n, typ)
}

func (s *shaky) Delete(ctx context.Context, key string) error {
	if s.del {
		return errors.New("store away")
	}
	return s.Store.Delete(ctx, key)
}

// blobThere tells whether any size of a photo is in the store.
func (c *city) blobThere(ref string) bool {
	c.t.Helper()
	for _, size := range []PhotoSize{Large, Small} {
		body, _, err := c.blobs.Get(c.ctx, photoKey(ref, size))
		if err == nil {
			body.Close()
			return true
		}
		if errs.KindOf(err) != errs.NotFound {
			c.t.Fatal(err)
		}
	}
	return false
}

func (c *city) sweep() {
	c.t.Helper()
	_, fails := together(2, func(int) (struct{}, error) { return struct{}{}, c.Sweep(c.ctx) })
	for _, err := range fails {
		if err != nil {
			c.t.Fatal(err)
		}
	}
}

func TestABrokenUploadIsSweptAway(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	store := &shaky{Store: c.blobs, put: true, del: true}
	c.blobs = store
	token := c.draft(nil)
	if _, err := c.AddPhoto(c.ctx, token, photoInput()); err == nil {
		t.Fatal("the store was full and nobody said so")
	}
	ref := one[string](c, `SELECT ref FROM mtr_photo WHERE NOT stored`)
	// What a crash in between leaves: a blob, and the row that knows of it.
	if err := store.Store.Put(c.ctx, photoKey(ref, Small), bytes.NewReader([]byte("x")), 1, "image/jpeg"); err != nil {
		t.Fatal(err)
	}
	r, err := c.Submit(c.ctx, authz.Actor{}, token)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := c.ReporterView(c.ctx, authz.Actor{}, keyOf(r)); err != nil || len(v.Photos) != 0 {
		t.Errorf("half a photo became part of the report: %v, %v", v.Photos, err)
	}
	c.clock.Advance(DraftLife + sweepGrace)
	if err := c.Sweep(c.ctx); err == nil {
		t.Error("the sweep hid that the store is away")
	}
	if one[int](c, `SELECT count(*) FROM mtr_photo`) != 1 {
		t.Fatal("the row went before its blob")
	}
	store.put, store.del = false, false
	c.sweep()
	if one[int](c, `SELECT count(*) FROM mtr_photo`) != 0 || c.blobThere(ref) || one[int](c, `SELECT count(*) FROM mtr_draft`) != 0 {
		t.Error("leftovers stayed")
	}
	if _, err := c.ReporterView(c.ctx, authz.Actor{}, keyOf(r)); err != nil {
		t.Errorf("the report went too: %v", err)
	}
}

func TestSweepKeepsWhatIsInUse(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	old := c.draft(nil)
	photo, err := c.AddPhoto(c.ctx, old, photoInput())
	if err != nil {
		t.Fatal(err)
	}
	sentDraft := c.draft(nil)
	kept, err := c.AddPhoto(c.ctx, sentDraft, photoInput())
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Submit(c.ctx, authz.Actor{}, sentDraft)
	if err != nil {
		t.Fatal(err)
	}
	pending, err := c.AddInfoPhoto(c.ctx, authz.Actor{}, keyOf(r), photoInput())
	if err != nil {
		t.Fatal(err)
	}
	token, err := c.OpenByCode(c.ctx, r.Number, r.Code)
	if err != nil {
		t.Fatal(err)
	}
	c.clock.Advance(DraftLife)
	fresh := c.draft(nil)
	freshPhoto, err := c.AddPhoto(c.ctx, fresh, photoInput())
	if err != nil {
		t.Fatal(err)
	}
	c.clock.Advance(sweepGrace)
	c.sweep()
	for ref, want := range map[string]bool{photo.Ref: false, kept.Ref: true, pending.Ref: false, freshPhoto.Ref: true} {
		if c.blobThere(ref) != want || (one[int](c, `SELECT count(*) FROM mtr_photo WHERE ref = $1`, ref) == 1) != want {
			t.Errorf("photo kept: %v, want %v", !want, want)
		}
	}
	if _, err := c.Draft(c.ctx, fresh); err != nil {
		t.Errorf("the open draft is gone: %v", err)
	}
	if n := one[int](c, `SELECT count(*) FROM mtr_draft`); n != 1 {
		t.Errorf("%d drafts left", n)
	}
	if _, err := c.ReporterView(c.ctx, authz.Actor{}, ReporterKey{r.Number, token}); err != nil {
		t.Errorf("a good key is gone: %v", err)
	}
	c.clock.Advance(codeKeyLife)
	c.sweep()
	if n := one[int](c, `SELECT count(*) FROM mtr_key`); n != 1 {
		t.Errorf("%d keys left, want the receipt's", n)
	}
}

func TestDiscardingRacesSending(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	for range 10 {
		token := c.draft(nil)
		photo, err := c.AddPhoto(c.ctx, token, photoInput())
		if err != nil {
			t.Fatal(err)
		}
		var r Receipt
		_, fails := together(2, func(i int) (_ struct{}, err error) {
			if i == 0 {
				return struct{}{}, c.DiscardDraft(c.ctx, token)
			}
			r, err = c.Submit(c.ctx, authz.Actor{}, token)
			return struct{}{}, err
		})
		if fails[0] != nil {
			t.Fatal(fails[0])
		}
		if fails[1] != nil {
			errstest.Kind(t, fails[1], errs.NotFound)
			if c.blobThere(photo.Ref) {
				t.Fatal("a discarded photo stayed")
			}
			continue
		}
		v, err := c.ReporterView(c.ctx, authz.Actor{}, keyOf(r))
		if err != nil || len(v.Photos) != 1 || !c.blobThere(photo.Ref) {
			t.Fatalf("a sent report lost its photo: %v, %v", v.Photos, err)
		}
	}
}
