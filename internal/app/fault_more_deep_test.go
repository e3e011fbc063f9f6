//go:build deep

package app_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"makassartidakrantasa.com/portal/internal/app"
	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
	"makassartidakrantasa.com/portal/migrations"
)

// awayMail is a mail server that can be gone.
type awayMail struct {
	*apptest.Mailbox
	away     atomic.Bool
	attempts atomic.Int64
}

func (m *awayMail) SendMail(ctx context.Context, mail notify.Mail) error {
	m.attempts.Add(1)
	if m.away.Load() {
		return errors.New("dial tcp: connection refused")
	}
	return m.Mailbox.SendMail(ctx, mail)
}

// TestMailServerGoneAndBack has reports come in while no mail can be sent: none is refused,
// and each reporter gets one message afterwards.
func TestMailServerGoneAndBack(t *testing.T) {
	const n = 20
	mail := &awayMail{Mailbox: &apptest.Mailbox{}}
	mail.away.Store(true)
	p := newPortal(t, pgtest.New(t).URL, t.TempDir(), mail.Mailbox, func(o *app.Options) { o.Mail = mail })
	for i := range n {
		began := time.Now()
		if !p.send(p.draft(i, nil)) {
			t.Errorf("report %d was refused", i)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("report %d waited %v for the mail server", i, took)
		}
	}
	until(t, "mail was tried", time.Minute, func() bool { return mail.attempts.Load() >= n })
	if got := len(mail.All()); got != 0 {
		t.Fatalf("%d messages went out without a server", got)
	}
	mail.away.Store(false)
	back := time.Now()
	until(t, "all messages are out", 3*time.Minute, func() bool { return len(mail.All()) >= n })
	for i := range n {
		if got := len(mail.To(fmt.Sprintf("warga%d@contoh.id", i))); got != 1 {
			t.Errorf("reporter %d got %d messages, want 1", i, got)
		}
	}
	t.Logf("%d messages were out %v after the server was back", n, time.Since(back).Round(time.Second))
}

// steppedClock is the real one, set wrongly.
type steppedClock struct{ off atomic.Int64 }

func (c *steppedClock) Now() time.Time { return time.Now().Add(time.Duration(c.off.Load())) }

// TestClockSteps sets the portal's clock forward and back by hours while reports come in:
// none is refused, numbers have no gap, every history is in order and the trail's chain
// holds.
func TestClockSteps(t *testing.T) {
	const n = 60
	clock := &steppedClock{}
	p := newPortal(t, pgtest.New(t).URL, t.TempDir(), &apptest.Mailbox{}, func(o *app.Options) { o.Clock = clock })
	tokens := p.drafts(n, nil)
	// A day's step would end the drafts, as it should: they live for 24 hours.
	steps := []time.Duration{0, 3 * time.Hour, -2 * time.Hour, 20 * time.Hour, 0}
	var all sync.WaitGroup
	for k, step := range steps {
		clock.off.Store(int64(step))
		for i := k * n / len(steps); i < (k+1)*n/len(steps); i++ {
			all.Go(func() {
				if !p.send(tokens[i]) {
					t.Errorf("report %d was refused with the clock %v off", i, step)
				}
			})
		}
		all.Wait()
	}
	for what, sql := range map[string]string{
		"reports missing":         fmt.Sprintf(`SELECT %d - count(*) FROM mtr_report`, n),
		"numbers left out":        `SELECT COALESCE(max(right(number, 6)::int), 0) - count(*) FROM mtr_report`,
		"histories with a gap":    `SELECT count(*) FROM (SELECT report_id FROM mtr_event GROUP BY report_id HAVING max(seq) <> count(*)) x`,
		"rows beside their event": `SELECT count(*) FROM mtr_report r WHERE r.seq <> (SELECT max(seq) FROM mtr_event e WHERE e.report_id = r.id)`,
		"evidence of another day": `SELECT count(*) FROM work_event WHERE abs(extract(epoch FROM recorded_at - now())) > 3600`,
	} {
		if got := query[int](p, sql); got != 0 {
			t.Errorf("%d %s", got, what)
		}
	}
	until(t, "the trail is chained", time.Minute, func() bool {
		return query[int](p, `SELECT count(*) FROM audit_entry e WHERE NOT EXISTS (SELECT FROM audit_seal s WHERE s.trail = 'audit' AND s.entry_id = e.id)`) == 0
	})
	if _, err := audit.Verify(t.Context(), p.Pool, p.Box, nil); err != nil {
		t.Errorf("the chain: %v", err)
	}
}

// TestMigrationBreaksOff has a migration fail in its middle: nothing of it stays, the
// portal goes on with the schema that was, and the mended one is applied.
func TestMigrationBreaksOff(t *testing.T) {
	db := pgtest.New(t)
	p := newPortal(t, db.URL, t.TempDir(), &apptest.Mailbox{})
	files := fstest.MapFS{}
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		b, err := fs.ReadFile(migrations.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: b}
	}
	const up = "999999_uji_setengah.up.sql"
	files[up] = &fstest.MapFile{Data: []byte("CREATE TABLE uji_setengah (id bigint); INSERT INTO uji_setengah SELECT generate_series(1, 1000); SELECT 1 / 0;")}
	files["999999_uji_setengah.down.sql"] = &fstest.MapFile{Data: []byte("DROP TABLE uji_setengah;")}
	owner := db.URLFor("portal_owner")
	if err := pg.MigrateUp(t.Context(), owner, files); err == nil || !strings.Contains(err.Error(), "migration 999999") {
		t.Fatalf("the failure does not name its migration: %v", err)
	}
	if query[bool](p, `SELECT to_regclass('uji_setengah') IS NOT NULL`) {
		t.Error("half of the migration stayed")
	}
	if s, err := pg.MigrateStatus(t.Context(), owner, migrations.Files); err != nil || !s.Ready() {
		t.Errorf("the portal may not go on: %+v, %v", s, err)
	}
	if !p.send(p.draft(1, nil)) {
		t.Error("a report is refused after the failure")
	}
	files[up] = &fstest.MapFile{Data: []byte("CREATE TABLE uji_setengah (id bigint);")}
	if err := pg.MigrateUp(t.Context(), owner, files); err != nil {
		t.Fatal(err)
	}
	if !query[bool](p, `SELECT to_regclass('uji_setengah') IS NOT NULL`) {
		t.Error("the mended migration is not there")
	}
}
