package eoffice

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// What lies on a desk is reminded of on the day before it is due and on every working day that
// it is late, once a day whoever asks how often at once, for as long as the city sets; a draft
// that was left lying once. Of what is secret a reminder says nothing.
func TestDesksAreRemindedOnceADay(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	b := c.bureau()
	c.clock.Set(time.Date(2026, 11, 23, 9, 0, 0, 0, clock.Makassar)) // a Monday
	draft := c.begin(b.people, b.draft())
	paraf := c.submit(b.people, b.draft())
	d := b.draft()
	d.Secrecy, d.Subject = Secret, "Kerbau Putih"
	hidden := c.sent(b.people, d)
	letter := c.sent(b.people, b.draft())
	c.open(b.other, letter)
	orders, err := c.Give(c.ctx, b.other.Actor, Giving{RecipientID: c.recipient(letter, b.other.desk).ID,
		Orders: []NewOrder{{To: b.bidang.desk, Lead: true, Instructions: []string{"Tindak lanjuti"}}}})
	c.must(err)
	due := time.Date(2026, 12, 3, 15, 0, 0, 0, clock.Makassar) // a Thursday
	c.exec(`UPDATE eoffice_letter SET due_at = $2 WHERE id = $1`, paraf, due)
	c.exec(`UPDATE eoffice_recipient SET due_at = $2 WHERE letter_id = $1 AND role = 'kepada'`, hidden, due)
	c.exec(`UPDATE eoffice_disposition SET due_at = $2 WHERE id = $1`, orders[0], due)
	c.exec(`UPDATE eoffice_recipient SET due_at = NULL WHERE letter_id = $1`, letter)
	on := func(day, hour int, want ...string) {
		t.Helper()
		c.clock.Set(time.Date(2026, 12, day, hour, 0, 0, 0, clock.Makassar))
		before := one[int](c, `SELECT COALESCE(max(id), 0) FROM notify_message`)
		var n atomic.Int64
		var wait sync.WaitGroup
		for range 3 {
			wait.Go(func() {
				did, err := c.Remind(c.ctx)
				if n.Add(int64(did)); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		got := one[string](c, `SELECT COALESCE(string_agg(a.name || ': ' || m.subject, '; ' ORDER BY a.name), '') FROM notify_message m JOIN authn_account a ON a.id = m.account_id WHERE m.id > $1`, before)
		if int(n.Load()) != len(want) || strings.Count(got, "; ") != max(0, len(want)-1) {
			t.Errorf("on the %d. at %d: %d reminders: %s", day, hour, n.Load(), got)
		}
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("on the %d. at %d: %q is not in %s", day, hour, w, got)
			}
		}
	}
	secret := b.other.Name + ": Anda punya naskah rahasia"
	late := []string{b.verifier.Name + ": Terlambat di meja Anda: Perbaikan drainase", b.bidang.Name + ": Disposisi terlambat: Perbaikan drainase", secret}
	on(1, 10, b.drafter.Name+": Konsep Anda belum diajukan: Perbaikan drainase")
	on(2, 6) // nobody is at work yet
	on(2, 16, b.verifier.Name+": Hampir lewat batas waktu di meja Anda: Perbaikan drainase", b.bidang.Name+": Disposisi hampir lewat batas waktu: Perbaikan drainase", secret)
	on(2, 17)
	on(4, 8, late...)
	on(5, 8) // a Saturday
	on(7, 8, late...)
	boss := c.boss()
	errstest.Field(t, c.SetReminding(c.ctx, boss.Actor, Reminding{LateDays: 61, DraftDays: 2}), ControlLateDays)
	errstest.Field(t, c.SetReminding(c.ctx, boss.Actor, Reminding{LateDays: 3}), ControlDraftDays)
	errstest.Kind(t, c.SetReminding(c.ctx, b.head.Actor, Reminding{3, 2}), errs.NotFound)
	c.must(c.SetReminding(c.ctx, boss.Actor, Reminding{LateDays: 3, DraftDays: 2}))
	on(8, 8) // late for longer than that
	_, k, err := c.DraftOf(c.ctx, b.drafter.Actor, draft)
	c.must(err)
	_, err = c.SaveDraft(c.ctx, b.drafter.Actor, draft, 1, k) // touched
	c.must(err)
	on(9, 8)
	on(11, 8, b.drafter.Name+": Konsep Anda belum diajukan")
	on(14, 8)
}
