package epuskesmas

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/jobs"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// TopicTicket is what the owner of a ticket is told about.
var TopicTicket = notify.RegisterTopic(notify.Topic{
	Code: "epuskesmas", Name: "Antrean puskesmas", Hint: "Nomor antrean Anda, pengingat, dan perubahan jadwal dokter.", Required: true})

const (
	soon    = 2 * time.Hour
	evening = 18 // the hour of the day before
)

// Workers adds the module's workers.
func (m *Module) Workers(ws *river.Workers) {
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, _ *river.Job[remindArgs]) error { return m.Remind(ctx) }))
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, _ *river.Job[closeArgs]) error {
		_, err := m.CloseForgotten(ctx)
		return err
	}))
}

// Periodic returns the module's periodic jobs.
func (m *Module) Periodic() []*river.PeriodicJob {
	return []*river.PeriodicJob{jobs.Every(time.Minute, remindArgs{}), jobs.Every(time.Hour, closeArgs{})}
}

type remindArgs struct{}

func (remindArgs) Kind() string { return "epuskesmas_remind" }

type closeArgs struct{}

func (closeArgs) Kind() string { return "epuskesmas_close" }

// dueRow is a visit whose owner should hear something now.
type dueRow struct {
	VisitID       int64
	TokenSealed   []byte
	ContactKind   string
	ContactSealed []byte
	Code          string
	Poli          string
	Site          string
	StartsAt      time.Time
	EndsAt        time.Time
	// What the owner was told of the time last; nil: nothing yet.
	P10, P50, P90 *time.Time
}

// times says when to expect to be served and by when to come, as of now; "" when nobody knows.
func (v dueRow) times(now time.Time) string {
	if v.P50 == nil {
		return ""
	}
	p := Promise{P10: *v.P10, P50: *v.P50, P90: *v.P90}
	from, likely, to := p.Rounded()
	s := "Perkiraan dilayani sekitar " + indo.Clock(likely) + ", antara " + indo.Clock(from) + "–" + indo.Clock(to) + " WITA."
	if by := p.ComeBy(); by.After(now) {
		s += " Datang paling lambat pukul " + indo.Clock(by) + " WITA."
	}
	return s + "\n\n"
}

// Remind sends the link of a new ticket, and reminds on the evening before and two hours
// before the session. Each is sent once, whoever runs it.
func (m *Module) Remind(ctx context.Context) (err error) {
	defer errs.In(&err, "epuskesmas.Remind")
	now := m.now()
	local := now.In(clock.Makassar)
	for _, r := range []struct {
		sql  string
		on   bool
		args []any
		text func(dueRow, time.Time) (subject, text string)
	}{
		{sqlTellNew, true, []any{now, maxNotices}, newTicket},
		{sqlTellSoon, true, []any{now, maxNotices, now.Add(soon)}, reminder},
		{sqlTellEvening, local.Hour() >= evening, []any{now, maxNotices, dateOf(now.AddDate(0, 0, 1))}, reminder},
	} {
		for more := r.on; more; {
			var n int
			err := pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
				rows, err := pg.Many[dueRow](ctx, tx, r.sql, r.args...)
				if err != nil {
					return err
				}
				for _, v := range rows {
					subject, text := r.text(v, now)
					if err := m.tell(ctx, tx, v, subject, text, now); err != nil {
						return err
					}
				}
				n = len(rows)
				return nil
			})
			if err != nil {
				return err
			}
			more = n == maxNotices
		}
	}
	return nil
}

const maxNotices = 200

// tell writes to the contact that booked a visit. The link of the ticket is secret.
func (m *Module) tell(ctx context.Context, tx pgx.Tx, v dueRow, subject, text string, now time.Time) error {
	if v.ContactSealed == nil {
		return nil
	}
	token, err := m.box.Open(v.TokenSealed, contextToken)
	if err != nil {
		return err
	}
	msg := notify.Message{Topic: TopicTicket, Subject: subject, At: now, Expires: v.EndsAt,
		Secret: notify.SealText(m.box, text+"\n\nTiket Anda: "+m.baseURL+"/antrean/"+token)}
	if v.ContactKind == byPhone {
		msg.Phone = v.ContactSealed
		return notify.Queue(ctx, tx, msg)
	}
	msg.Channel = notify.Email
	if msg.Email, err = notify.ResealEmail(m.box, v.ContactSealed, contextContact); err != nil {
		return err
	}
	return notify.Queue(ctx, tx, msg)
}

func newTicket(v dueRow, now time.Time) (subject, text string) {
	return "Nomor antrean " + v.Code + ", " + v.Site, "Nomor antrean Anda " + v.Code + " untuk " + v.Poli + ", " + v.Site + ", " +
		indo.LongDate(v.StartsAt) + ", sesi pukul " + indo.Clock(v.StartsAt) + "–" + indo.Clock(v.EndsAt) + " WITA.\n\n" + v.times(now) +
		"Buka tiket untuk melihat giliran Anda, mengganti hari, atau membatalkan."
}

func reminder(v dueRow, now time.Time) (subject, text string) {
	return "Pengingat: nomor antrean " + v.Code + ", " + v.Site, "Anda punya nomor antrean " + v.Code + " untuk " + v.Poli + ", " + v.Site + ", " +
		indo.LongDate(v.StartsAt) + ", sesi pukul " + indo.Clock(v.StartsAt) + "–" + indo.Clock(v.EndsAt) + " WITA.\n\n" + v.times(now) +
		"Jika tidak jadi datang, batalkan lewat tiket supaya tempatnya dapat dipakai orang lain."
}
