package notify

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/jobs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Mail is an e-mail ready to be sent.
type Mail struct {
	ID          int64 // makes the Message-ID, the same at each attempt
	To          string
	Subject     string
	Text        string
	HTML        string
	Unsubscribe string // address for the List-Unsubscribe header, "" for none
	At          time.Time
	Secret      bool // Text carries a code or a secret link
}

// Mailer sends one e-mail. ErrRefused in the error's chain says that trying again is
// useless.
type Mailer interface {
	SendMail(ctx context.Context, m Mail) error
}

// Gateway sends one text to a phone number in normal form (+62…).
type Gateway interface {
	SendText(ctx context.Context, id int64, phone, text string) error
}

// ErrRefused marks a refusal for good: no such mailbox, a malformed number.
var ErrRefused = errors.New("refused for good")

// Config of a Sender. A nil Mail, WhatsApp, SMS or Push is a channel that is off.
type Config struct {
	Pool       *pgxpool.Pool
	Box        *crypt.Box
	Clock      clock.Clock
	Mail       Mailer
	WhatsApp   Gateway
	SMS        Gateway
	Push       *Push
	BaseURL    string // of the portal, without a slash at the end
	PortalName string
	Logger     *slog.Logger
}

// Sender is the worker behind Queue.
type Sender struct{ Config }

// NewSender returns the worker that sends what Queue stored.
func NewSender(c Config) *Sender {
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	return &Sender{c}
}

// EmailOn and PhoneOn say whether a code can reach a contact of that sort at all.
func (s *Sender) EmailOn() bool { return s.Mail != nil }

// PhoneOn, see EmailOn.
func (s *Sender) PhoneOn() bool { return s.WhatsApp != nil || s.SMS != nil }

// Workers adds the package's workers.
func (s *Sender) Workers(ws *river.Workers) {
	river.AddWorker(ws, &sendWorker{s: s})
	river.AddWorker(ws, &purgeWorker{s: s})
}

// Periodic returns the package's periodic jobs.
func (s *Sender) Periodic() []*river.PeriodicJob {
	return []*river.PeriodicJob{jobs.Every(6*time.Hour, purgeArgs{})}
}

type sendWorker struct {
	river.WorkerDefaults[SendArgs]
	s *Sender
}

func (w *sendWorker) Work(ctx context.Context, job *river.Job[SendArgs]) error {
	err := w.s.Send(ctx, job.Args.MessageID, job.Attempt >= job.MaxAttempts)
	if errors.Is(err, ErrRefused) {
		return river.JobCancel(err)
	}
	return err
}

// Send sends the message with that id if it still is to be sent. It returns an error
// when trying again later makes sense, and one with ErrRefused when it does not;
// final says that there is no later.
func (s *Sender) Send(ctx context.Context, id int64, final bool) (err error) {
	defer errs.In(&err, "notify.Send(%d)", id)
	m, st, err := s.claim(ctx, id)
	if err != nil || st.end != "" {
		return err
	}
	sendErr := s.deliver(ctx, m, st)
	// The outcome must be noted even when the job's time is over.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if sendErr == nil {
		return s.sent(ctx, id)
	}
	if final || errors.Is(sendErr, ErrRefused) {
		if err := finish(ctx, s.Pool, id, "failed", sendErr.Error(), s.Clock.Now()); err != nil {
			return err
		}
		return sendErr
	}
	if err := requeue(ctx, s.Pool, id, sendErr.Error()); err != nil {
		return err
	}
	return sendErr
}

// sent notes that a message went out. A database that is away for a moment is waited for, or
// the message would go out again.
func (s *Sender) sent(ctx context.Context, id int64) error {
	for {
		err := finish(ctx, s.Pool, id, "sent", "", s.Clock.Now())
		if err == nil || errs.KindOf(err) != errs.Unavailable {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(250 * time.Millisecond):
		}
	}
}

// claim decides what to do and marks the message accordingly, in one transaction.
func (s *Sender) claim(ctx context.Context, id int64) (m stored, st step, err error) {
	err = pg.InTx(ctx, s.Pool, func(tx pgx.Tx) error {
		m, err = lock(ctx, tx, id)
		if errs.KindOf(err) == errs.NotFound {
			st = step{end: "gone"}
			return nil
		}
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		if m.EmailSealed != nil && (m.Status == "queued" || m.Status == "sending") {
			if m.Email, err = s.Box.Open(m.EmailSealed, emailContext); err != nil {
				st = step{end: "failed"}
				return finish(ctx, tx, id, st.end, "the address cannot be opened", now)
			}
		}
		st = plan(m, able{email: s.Mail != nil, whatsapp: s.WhatsApp != nil, sms: s.SMS != nil, push: s.Push != nil}, now)
		if st.end == m.Status {
			return nil
		}
		if st.end != "" {
			return finish(ctx, tx, id, st.end, "", now)
		}
		recipient := s.recipientHash(m, st)
		stopped, err := isStopped(ctx, tx, recipient, m.Topic, m.Object, m.ObjectID)
		if err != nil {
			return err
		}
		if t, _ := topicOf(m.Topic); stopped && !t.Required {
			st = step{end: "suppressed"}
			return finish(ctx, tx, id, st.end, "", now)
		}
		lastError := ""
		if m.Status == "sending" {
			lastError = crashed
		}
		return begin(ctx, tx, id, recipient, hashToken(s.unsubscribeToken(m.ID)), lastError, now)
	})
	return m, st, err
}

// recipientHash names who gets the message without saying it: stopping must outlive
// the address being forgotten.
func (s *Sender) recipientHash(m stored, st step) []byte {
	if m.AccountID != 0 && m.Email == "" && m.PhoneSealed == nil {
		return hashAccount(s.Box, m.AccountID)
	}
	if st.channel == WebPush {
		return DeviceHash(s.Box, m.DeviceID)
	}
	if st.channel == Email {
		return hashEmail(s.Box, st.email)
	}
	phone, err := s.Box.Open(st.phone, PhoneContext)
	if err != nil {
		return s.Box.Hash("notify.message", strconv.FormatInt(m.ID, 10))
	}
	return s.Box.Hash("notify.phone", phone)
}

func hashAccount(box *crypt.Box, id int64) []byte {
	return box.Hash("notify.account", strconv.FormatInt(id, 10))
}

func hashEmail(box *crypt.Box, email string) []byte {
	return box.Hash("notify.email", strings.ToLower(email))
}

// unsubscribeToken is the secret of a message's unsubscribe link. It is computed, not
// stored, so that a message sent twice after a crash carries the same link.
func (s *Sender) unsubscribeToken(id int64) string {
	mac := s.Box.MAC("notify.unsubscribe", strconv.AppendInt(nil, id, 10))
	return base64.RawURLEncoding.EncodeToString(mac[:16])
}

func hashToken(token string) []byte { return crypt.HashToken(token) }

func (s *Sender) deliver(ctx context.Context, m stored, st step) error {
	text := m.Body
	if m.BodySealed != nil {
		plain, err := s.Box.Open(m.BodySealed, textContext)
		if err != nil {
			return fmt.Errorf("open text: %w: %w", ErrRefused, err)
		}
		text = plain
	}
	l := letter{
		Portal: s.PortalName, Home: s.BaseURL, Subject: m.Subject, Paragraphs: paragraphs(text),
		Label: m.LinkLabel, URL: s.absolute(m.LinkURL),
	}
	switch st.channel {
	case Email:
		mail := Mail{ID: m.ID, To: st.email, Subject: m.Subject, At: s.Clock.Now(), Secret: m.BodySealed != nil}
		if t, _ := topicOf(m.Topic); !t.Required {
			l.Unsubscribe = s.BaseURL + "/berhenti/" + s.unsubscribeToken(m.ID)
			mail.Unsubscribe = l.Unsubscribe
		}
		var err error
		if mail.HTML, err = l.html(); err != nil {
			return fmt.Errorf("%w: %w", ErrRefused, err)
		}
		mail.Text = l.text()
		return s.Mail.SendMail(ctx, mail)
	case WhatsApp, SMS:
		phone, err := s.Box.Open(st.phone, PhoneContext)
		if err != nil {
			return fmt.Errorf("open number: %w: %w", ErrRefused, err)
		}
		g := s.WhatsApp
		if st.channel == SMS {
			g = s.SMS
		}
		return g.SendText(ctx, m.ID, phone, l.short())
	case WebPush:
		return s.push(ctx, m, st)
	}
	return fmt.Errorf("%w: no channel %q", ErrRefused, st.channel)
}

// push tells a device. One that has unsubscribed is forgotten, and with it what it followed.
func (s *Sender) push(ctx context.Context, m stored, st step) error {
	if m.BodySealed != nil {
		return fmt.Errorf("%w: a secret is not shown on a locked screen", ErrRefused)
	}
	d, err := openDevice(s.Box, st.device)
	if err != nil {
		return fmt.Errorf("open device: %w: %w", ErrRefused, err)
	}
	err = s.Push.send(ctx, d, pushed{Title: m.Subject, Text: brief(m.Body), Path: m.LinkURL, Stop: "/berhenti/" + s.unsubscribeToken(m.ID)})
	if errors.Is(err, errGone) {
		return errors.Join(fmt.Errorf("%w: %w", ErrRefused, err), ForgetDevices(ctx, s.Pool, []int64{m.DeviceID}, s.Clock.Now()))
	}
	return err
}

func (s *Sender) absolute(path string) string {
	if strings.HasPrefix(path, "/") {
		return s.BaseURL + path
	}
	return path
}

type purgeArgs struct{}

func (purgeArgs) Kind() string { return "notify_purge" }

type purgeWorker struct {
	river.WorkerDefaults[purgeArgs]
	s *Sender
}

func (w *purgeWorker) Work(ctx context.Context, _ *river.Job[purgeArgs]) error {
	return Purge(ctx, w.s.Pool, w.s.Clock.Now())
}

// Purge empties texts and addresses of messages that ended 30 days ago and deletes
// them, and read inbox entries, after a year. Unsubscribe links work until then.
func Purge(ctx context.Context, q pg.Querier, now time.Time) (err error) {
	defer errs.In(&err, "notify.Purge")
	if err := pg.Exec(ctx, q, sqlForget, now.AddDate(0, 0, -30)); err != nil {
		return err
	}
	if err := pg.Exec(ctx, q, sqlPurge, now.AddDate(-1, 0, 0)); err != nil {
		return err
	}
	return pg.Exec(ctx, q, sqlPurgeInbox, now.AddDate(-1, 0, 0))
}
