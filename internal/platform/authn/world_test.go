package authn_test

import (
	"context"
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"makassartidakrantasa.com/portal/internal/platform/authn"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

const good = "perahu kuning di losari"

var (
	start = time.Date(2026, 11, 24, 9, 0, 0, 0, clock.Makassar)
	home  = netip.MustParseAddr("203.0.113.7")
	cheap = authn.Cost{MemoryKiB: 8, Passes: 1}
)

// world is a service on a database of its own, with the messages it sends.
type world struct {
	*testing.T
	*authn.Service
	db    *pgtest.DB
	clock *clock.Fake
	send  *notify.Sender

	mu   sync.Mutex
	sent map[string][]string // texts by address or number
}

func newWorld(t *testing.T, change ...func(*authn.Config)) *world {
	t.Helper()
	t.Parallel()
	w := &world{T: t, db: pgtest.New(t), clock: clock.NewFake(start), sent: map[string][]string{}}
	box, err := crypt.New(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	c := authn.Config{
		Pool: w.db.Pool, Box: box, Clock: w.clock, Hasher: authn.NewHasher(cheap),
		EmailOn: true, PhoneOn: true, RequireTOTP: true, PortalName: "Portal Uji", BaseURL: "https://portal.example/",
	}
	for _, f := range change {
		f(&c)
	}
	w.Service = authn.New(c)
	w.send = notify.NewSender(notify.Config{Pool: w.db.Pool, Box: box, Clock: w.clock, Mail: w, SMS: w, BaseURL: c.BaseURL, PortalName: c.PortalName})
	return w
}

func (w *world) SendMail(_ context.Context, m notify.Mail) error {
	w.keep(m.To, m.Text)
	return nil
}

func (w *world) SendText(_ context.Context, _ int64, phone, text string) error {
	w.keep(phone, text)
	return nil
}

func (w *world) keep(to, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent[to] = append(w.sent[to], text)
}

// last delivers what is queued and returns the newest text to an address.
func (w *world) last(to string) string {
	w.Helper()
	ids, err := pg.Many[struct{ ID int64 }](w.Context(), w.db.Pool, `SELECT id FROM notify_message WHERE status = 'queued' ORDER BY id`)
	w.must(err)
	for _, m := range ids {
		w.must(w.send.Send(w.Context(), m.ID, true))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if n := len(w.sent[to]); n > 0 {
		return w.sent[to][n-1]
	}
	return ""
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

func (w *world) code(to string) string {
	w.Helper()
	code := sixDigits.FindString(w.last(to))
	if code == "" {
		w.Fatalf("no code came to %s: %q", to, w.last(to))
	}
	return code
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) wantKind(err error, want errs.Kind) {
	w.Helper()
	if errs.KindOf(err) != want || err == nil {
		w.Fatalf("error %v, want kind %v", err, want)
	}
}

// citizen signs somebody up through the front door.
func (w *world) citizen(contact string) int64 {
	w.Helper()
	ch, err := w.StartSignUp(w.Context(), authn.SignUp{Name: "Sitti Rahma", Contact: contact, Address: home})
	w.must(err)
	w.must(w.VerifyCode(w.Context(), ch.ID, w.code(ch.Contact.String()), home))
	id, err := w.FinishSignUp(w.Context(), ch.ID, good)
	w.must(err)
	return id
}

func (w *world) actor(id int64) authz.Actor {
	w.Helper()
	a, err := w.Actor(w.Context(), id)
	w.must(err)
	return a
}

// staff invites somebody and returns the account and the token of the link.
func (w *world) staff(email string) (id int64, token string) {
	w.Helper()
	var inv authn.Invitation
	w.must(pg.InTx(w.Context(), w.db.Pool, func(tx pgx.Tx) (err error) {
		inv, err = w.Invite(w.Context(), tx, authz.System("uji"), "Andi Pegawai", email)
		return err
	}))
	return inv.AccountID, inv.Link[strings.LastIndexByte(inv.Link, '/')+1:]
}

// enrol switches the second factor on and returns its secret and recovery codes.
func (w *world) enrol(a authz.Actor) (secret string, recovery []string) {
	w.Helper()
	e, err := w.StartTOTP(w.Context(), a)
	w.must(err)
	secret = strings.ReplaceAll(e.Secret, " ", "")
	recovery, err = w.ConfirmTOTP(w.Context(), a, 0, w.totp(secret))
	w.must(err)
	return secret, recovery
}

func (w *world) totp(secret string) string {
	w.Helper()
	code, err := totp.GenerateCodeCustom(secret, w.clock.Now(), totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	w.must(err)
	return code
}

func (w *world) count(sql string, args ...any) int {
	w.Helper()
	n, err := pg.Scalar[int](w.Context(), w.db.Owner(), sql, args...)
	w.must(err)
	return n
}

// together runs f n times at once and returns how often it succeeded.
func together(n int, f func(i int) error) (succeeded int, failures []error) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	gate := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-gate
			err := f(i)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				succeeded++
			} else {
				failures = append(failures, err)
			}
		})
	}
	close(gate)
	wg.Wait()
	return succeeded, failures
}
