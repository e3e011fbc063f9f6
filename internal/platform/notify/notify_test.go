package notify_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

var (
	start = time.Date(2026, 11, 24, 9, 0, 0, 0, clock.Makassar)
	news  = notify.RegisterTopic(notify.Topic{Code: "uji", Name: "Kabar uji"})
)

// post is a real mail server that keeps what it takes.
type post struct {
	mu     sync.Mutex
	from   string
	to     []string
	raw    string
	refuse *smtp.SMTPError // said to the next recipient
}

func (p *post) Reset()        {}
func (p *post) Logout() error { return nil }
func (p *post) Mail(from string, _ *smtp.MailOptions) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.from, p.to = from, nil
	return nil
}

func (p *post) Rcpt(to string, _ *smtp.RcptOptions) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refuse != nil {
		return p.refuse
	}
	p.to = append(p.to, to)
	return nil
}

func (p *post) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.raw = string(b)
	return err
}

func (p *post) say(e *smtp.SMTPError) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuse = e
}

// letter parses the last message and returns its headers and its two texts.
func (p *post) letter(t *testing.T) (h mail.Header, text, html string) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	m, err := mail.ReadMessage(strings.NewReader(p.raw))
	if err != nil {
		t.Fatalf("%v in %q", err, p.raw)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("content type %q: %v", kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return m.Header, text, html
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(part.Header.Get("Content-Type"), "text/html") {
			html = string(b)
		} else {
			text = string(b)
		}
	}
}

func listen(t *testing.T) (p *post, address string) {
	t.Helper()
	p = &post{}
	srv := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return p, nil }))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close(); <-done })
	return p, l.Addr().String()
}

// world is a sender on a database of its own.
type world struct {
	*testing.T
	*notify.Sender
	clock *clock.Fake
	box   *crypt.Box
}

func newWorld(t *testing.T, change func(*notify.Config)) *world {
	t.Helper()
	t.Parallel()
	box, err := crypt.New(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, clock: clock.NewFake(start), box: box}
	c := notify.Config{Pool: pgtest.New(t).Pool, Box: box, Clock: w.clock, BaseURL: "https://portal.example", PortalName: "Portal “Uji”"}
	change(&c)
	w.Sender = notify.NewSender(c)
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) queue(m notify.Message) (id int64) {
	w.Helper()
	m.At = w.clock.Now()
	w.must(pg.InTx(w.Context(), w.Pool, func(tx pgx.Tx) error { return notify.Queue(w.Context(), tx, m) }))
	id, err := pg.Scalar[int64](w.Context(), w.Pool, `SELECT max(id) FROM notify_message`)
	w.must(err)
	return id
}

func (w *world) status(id int64) string {
	w.Helper()
	s, err := pg.Scalar[string](w.Context(), w.Pool, `SELECT status FROM notify_message WHERE id = $1`, id)
	w.must(err)
	return s
}

func withSMTP(t *testing.T, address string) func(*notify.Config) {
	t.Helper()
	return func(c *notify.Config) {
		m, err := notify.OpenSMTP("smtp://"+address+"?tls=none&from=layanan@portal.example", c.PortalName, "portal.example")
		if err != nil {
			t.Fatal(err)
		}
		c.Mail = m
	}
}

func TestNewsGoesOutByMailAndCanBeStoppedWithOneClick(t *testing.T) {
	server, address := listen(t)
	w := newWorld(t, withSMTP(t, address))
	message := notify.Message{
		Topic: news, Email: notify.SealEmail(w.box, "rahma@contoh.id"), Subject: "Laporan\r\nBcc: x@y.id diteruskan ke Dinas PU é", Text: "Baris satu\nbaris <b>dua</b>\n\nAlinea dua",
		Link: notify.Link{Label: "Lihat laporan", URL: "/mtr/laporan/MTR-26-000001"}, Object: "mtr_report", ObjectID: 7,
	}
	id := w.queue(message)
	w.must(w.Send(w.Context(), id, false))
	h, text, html := server.letter(t)
	if server.from != "layanan@portal.example" || len(server.to) != 1 || server.to[0] != "rahma@contoh.id" {
		t.Errorf("envelope %s → %v", server.from, server.to)
	}
	if subject, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject")); err != nil || subject != "Laporan Bcc: x@y.id diteruskan ke Dinas PU é" {
		t.Errorf("subject %q, %v", subject, err)
	}
	from, err := h.AddressList("From")
	if err != nil || from[0].Name != "Portal “Uji”" {
		t.Errorf("from %v, %v", from, err)
	}
	stop := strings.Trim(h.Get("List-Unsubscribe"), "<>")
	if !strings.HasPrefix(stop, "https://portal.example/berhenti/") || h.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
		t.Errorf("unsubscribe headers %q, %q", h.Get("List-Unsubscribe"), h.Get("List-Unsubscribe-Post"))
	}
	if h.Get("Auto-Submitted") != "auto-generated" || h.Get("Bcc") != "" {
		t.Errorf("headers %v", h)
	}
	for _, want := range []string{"baris <b>dua</b>", "https://portal.example/mtr/laporan/MTR-26-000001", stop} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q", want)
		}
	}
	if strings.Contains(html, "<b>dua</b>") || !strings.Contains(html, "baris &lt;b&gt;dua&lt;/b&gt;") {
		t.Error("the letter's HTML carries somebody's markup")
	}

	// Only about this thing, then about all of the topic, then again.
	s, err := notify.FindSubscription(w.Context(), w.Pool, stop[strings.LastIndexByte(stop, '/')+1:])
	w.must(err)
	sends := func(m notify.Message) bool {
		t.Helper()
		id := w.queue(m)
		w.must(w.Send(w.Context(), id, false))
		return w.status(id) == "sent"
	}
	other, required := message, message
	other.ObjectID, required.Topic = 8, notify.Account
	w.must(notify.Stop(w.Context(), w.Pool, s, true, w.clock.Now()))
	if sends(message) || !sends(other) {
		t.Error("stopping one thing stopped the wrong ones")
	}
	w.must(notify.Stop(w.Context(), w.Pool, s, false, w.clock.Now()))
	w.must(notify.Stop(w.Context(), w.Pool, s, false, w.clock.Now()))
	if sends(other) {
		t.Error("news came after everything was stopped")
	}
	if !sends(required) {
		t.Error("codes stopped with the news")
	}
	w.must(notify.Resume(w.Context(), w.Pool, s))
	if !sends(message) || !sends(other) {
		t.Error("nothing came after starting again")
	}
	if _, err := notify.FindSubscription(w.Context(), w.Pool, "tiada"); errs.KindOf(err) != errs.NotFound {
		t.Errorf("an unknown link: %v", err)
	}
}

func TestCodesCarryNoUnsubscribeAndAreDestroyedOnceSent(t *testing.T) {
	server, address := listen(t)
	w := newWorld(t, withSMTP(t, address))
	id := w.queue(notify.Message{Topic: notify.Account, Email: notify.SealEmail(w.box, "rahma@contoh.id"), Subject: "Kode", Secret: notify.SealText(w.box, "Kode Anda: 123456")})
	w.must(w.Send(w.Context(), id, false))
	h, text, _ := server.letter(t)
	if h.Get("List-Unsubscribe") != "" || !strings.Contains(text, "123456") {
		t.Errorf("headers %v, text %q", h, text)
	}
	left, err := pg.Scalar[bool](t.Context(), w.Pool, `SELECT body_sealed IS NOT NULL FROM notify_message WHERE id = $1`, id)
	if err != nil || left {
		t.Errorf("the code is still there: %v", err)
	}
}

func TestRefusalsForGoodAndForNow(t *testing.T) {
	server, address := listen(t)
	w := newWorld(t, withSMTP(t, address))
	id := w.queue(notify.Message{Topic: news, Email: notify.SealEmail(w.box, "penuh@contoh.id"), Subject: "a", Text: "b"})
	server.say(&smtp.SMTPError{Code: 451, Message: "later"})
	if err := w.Send(w.Context(), id, false); err == nil || errors.Is(err, notify.ErrRefused) || w.status(id) != "queued" {
		t.Errorf("busy: %v, %s", err, w.status(id))
	}
	server.say(&smtp.SMTPError{Code: 550, Message: "<penuh@contoh.id> has no mailbox"})
	err := w.Send(w.Context(), id, false)
	if !errors.Is(err, notify.ErrRefused) || w.status(id) != "failed" {
		t.Errorf("no mailbox: %v, %s", err, w.status(id))
	}
	// Errors are logged.
	noted, noteErr := pg.Scalar[string](t.Context(), w.Pool, `SELECT last_error FROM notify_message WHERE id = $1`, id)
	if noteErr != nil || strings.Contains(err.Error()+noted, "penuh") || !strings.Contains(noted, "550") {
		t.Errorf("the error names the recipient or not the reason: %v; %q, %v", err, noted, noteErr)
	}
	server.say(nil)
	w.must(w.Send(w.Context(), id, false)) // over: nothing happens
	if w.status(id) != "failed" {
		t.Error("a message that ended was sent")
	}
}

func TestMailIsNeverSentInClearWhereTLSWasAsked(t *testing.T) {
	server, address := listen(t)
	m, err := notify.OpenSMTP("smtp://user:sandi@"+address+"?tls=starttls", "Portal", "portal.example")
	if err != nil {
		t.Fatal(err)
	}
	err = m.SendMail(t.Context(), notify.Mail{ID: 1, To: "a@contoh.id", Subject: "a", Text: "b", HTML: "b", At: start})
	if err == nil || server.raw != "" {
		t.Errorf("sent over a plain line: %v", err)
	}
	if err != nil && strings.Contains(err.Error(), "sandi") {
		t.Error("the error tells the password")
	}
	for _, bad := range []string{"", "http://x", "smtp://", "smtp://x?tls=maybe", "smtp://x:abc", "smtp://x?from=kosong"} {
		if _, err := notify.OpenSMTP(bad, "Portal", "portal.example"); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestTextsGoThroughTheSignedWebhook(t *testing.T) {
	t.Parallel()
	type call struct {
		body   map[string]string
		key    string
		signed bool
	}
	calls, answer := make(chan call, 8), make(chan int, 8)
	gateway := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		c := call{key: r.Header.Get("Idempotency-Key")}
		_ = json.Unmarshal(raw, &c.body)
		at, sum, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("X-Portal-Signature"), "t="), ",v1=")
		mac := hmac.New(sha256.New, []byte("kunci"))
		mac.Write([]byte(at + "."))
		mac.Write(raw)
		c.signed = hex.EncodeToString(mac.Sum(nil)) == sum
		calls <- c
		rw.WriteHeader(<-answer)
	}))
	t.Cleanup(gateway.Close)
	box, err := crypt.New(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	c := clock.NewFake(start)
	g, err := notify.OpenGateway("WHATSAPP_URL", strings.Replace(gateway.URL, "http://", "http://kota:kunci@", 1), c)
	if err != nil {
		t.Fatal(err)
	}
	db := pgtest.New(t)
	w := &world{t, notify.NewSender(notify.Config{Pool: db.Pool, Box: box, Clock: c, WhatsApp: g, BaseURL: "https://portal.example", PortalName: "Portal"}), c, box}
	id := w.queue(notify.Message{Topic: notify.Account, Phone: box.Seal("+6281234567890", notify.PhoneContext), Subject: "Kode", Secret: notify.SealText(box, "Kode Anda: 123456")})
	answer <- 503
	if err := w.Send(t.Context(), id, false); err == nil || errors.Is(err, notify.ErrRefused) {
		t.Errorf("busy: %v", err)
	}
	answer <- 202
	w.must(w.Send(t.Context(), id, false))
	first, second := <-calls, <-calls
	if !first.signed || first.body["to"] != "+6281234567890" || !strings.Contains(first.body["text"], "123456") {
		t.Errorf("the gateway got %+v", first)
	}
	if first.key == "" || first.key != second.key {
		t.Errorf("keys %q and %q", first.key, second.key)
	}
	answer <- 422
	id = w.queue(notify.Message{Topic: notify.Account, Phone: box.Seal("+6281234567890", notify.PhoneContext), Subject: "Kode", Text: "x"})
	if err := w.Send(t.Context(), id, false); !errors.Is(err, notify.ErrRefused) || strings.Contains(err.Error(), "81234567890") {
		t.Errorf("refused: %v", err)
	}
	for _, bad := range []string{"", "ftp://a:b@c", "https://host/tanpa-kunci", "https://user@host"} {
		if _, err := notify.OpenGateway("SMS_URL", bad, c); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestAMessageGoesOutOnceAndNotTooLate(t *testing.T) {
	var mu sync.Mutex
	sent := 0
	w := newWorld(t, func(c *notify.Config) {
		c.SMS = gatewayFunc(func() { mu.Lock(); sent++; mu.Unlock() })
	})
	phone := w.box.Seal("+6281234567890", notify.PhoneContext)
	m := notify.Message{Topic: news, Phone: phone, Subject: "a", Text: "b", Key: "sekali"}
	id := w.queue(m)
	if again := w.queue(m); again != id {
		t.Error("a known key was queued twice")
	}
	w.must(w.Send(t.Context(), id, false))
	w.must(w.Send(t.Context(), id, false))
	if sent != 1 {
		t.Errorf("sent %d times", sent)
	}
	late := w.queue(notify.Message{Topic: news, Phone: phone, Subject: "a", Text: "b", Expires: start.Add(time.Minute)})
	w.clock.Advance(2 * time.Minute)
	w.must(w.Send(t.Context(), late, false))
	if w.status(late) != "expired" || sent != 1 {
		t.Errorf("a code that is over: %s", w.status(late))
	}
}

type gatewayFunc func()

func (g gatewayFunc) SendText(context.Context, int64, string, string) error { g(); return nil }
