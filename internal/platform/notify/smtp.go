package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/wneessen/go-mail"
)

// smtpTimeout bounds one whole conversation with the mail server.
const smtpTimeout = 30 * time.Second

// OpenSMTP reads an SMTP_URL:
//
//	smtp://user:password@host:587?tls=starttls&from=layanan@example.go.id
//
// tls is none, starttls (the default) or tls (from the first byte; the default for
// smtps://). from is the sender; without it no-reply@ the portal's host. The error
// never quotes the address, which holds a password.
func OpenSMTP(raw, portalName, portalHost string) (Mailer, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errors.New("SMTP_URL: expected smtp://[user:password@]host[:port][?tls=none|starttls|tls][&from=address]")
	}
	q := u.Query()
	mode := q.Get("tls")
	if mode == "" {
		mode = map[string]string{"smtp": "starttls", "smtps": "tls"}[u.Scheme]
	}
	port := map[string]int{"none": 25, "starttls": 587, "tls": 465}[mode]
	if port == 0 {
		return nil, errors.New("SMTP_URL: tls must be none, starttls or tls")
	}
	if p := u.Port(); p != "" {
		if port, err = strconv.Atoi(p); err != nil {
			return nil, errors.New("SMTP_URL: the port must be a number")
		}
	}
	options := []mail.Option{mail.WithTimeout(smtpTimeout), mail.WithPort(port), mail.WithHELO(portalHost)}
	switch mode {
	case "none":
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	case "starttls":
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	case "tls":
		options = append(options, mail.WithSSL())
	}
	if u.User != nil {
		password, _ := u.User.Password()
		options = append(options, mail.WithUsername(u.User.Username()), mail.WithPassword(password),
			mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover))
	}
	client, err := mail.NewClient(u.Hostname(), options...)
	if err != nil {
		return nil, errors.New("SMTP_URL: the mail library refuses these settings")
	}
	from := q.Get("from")
	if from == "" {
		from = "no-reply@" + portalHost
	}
	m := &smtpMailer{client: client, look: look{from: from, name: portalName, host: portalHost}}
	if _, err := m.compose(Mail{ID: 1, To: from, Subject: "-", At: time.Now()}); err != nil {
		return nil, errors.New("SMTP_URL: from must be an e-mail address")
	}
	return m, nil
}

// look is who letters come from.
type look struct{ from, name, host string }

func (l look) compose(m Mail) (*mail.Msg, error) {
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := msg.FromFormat(l.name, l.from); err != nil {
		return nil, err
	}
	if msg.To(m.To) != nil { // the error would quote the address
		return nil, fmt.Errorf("%w: no e-mail address", ErrRefused)
	}
	msg.Subject(m.Subject)
	msg.SetDateWithValue(m.At)
	msg.SetMessageIDWithValue(fmt.Sprintf("kabar-%d@%s", m.ID, l.host))
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	if m.Unsubscribe != "" {
		msg.SetListUnsubscribe(m.Unsubscribe)
		msg.SetListUnsubscribePost()
	}
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	return msg, nil
}

type smtpMailer struct {
	client *mail.Client
	look
}

func (s *smtpMailer) SendMail(ctx context.Context, m Mail) error {
	msg, err := s.compose(m)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, smtpTimeout)
	defer cancel()
	err = s.client.DialAndSendWithContext(ctx, msg)
	if err == nil {
		return nil
	}
	var refused *mail.SendError
	if errors.As(err, &refused) {
		if refused.Reason == mail.ErrSMTPReset || refused.Reason == mail.ErrConnCheck {
			// The server had already taken the message; what failed is saying goodbye.
			return nil
		}
		// Neither the library's nor the server's words: they name the recipient.
		code := refused.ErrorCode()
		err = fmt.Errorf("mail server answered %d to %s", code, refused.Reason)
		if code >= 500 && code < 600 {
			err = fmt.Errorf("%w: %w", ErrRefused, err)
		}
	}
	return err
}

// NewMailDir returns a Mailer for machines without a mail server: each letter becomes
// an .eml file in dir, and the log says to whom and about what. With showSecrets, for
// `portal dev` alone, the log also tells codes, so that a newcomer can sign up.
func NewMailDir(dir, portalName, portalHost string, showSecrets bool, log *slog.Logger) Mailer {
	return &dirMailer{dir: dir, show: showSecrets, log: log, look: look{from: "no-reply@" + portalHost, name: portalName, host: portalHost}}
}

type dirMailer struct {
	dir  string
	show bool
	log  *slog.Logger
	look
}

func (d *dirMailer) SendMail(ctx context.Context, m Mail) error {
	msg, err := d.compose(m)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return err
	}
	name := filepath.Join(d.dir, fmt.Sprintf("%s-%d.eml", m.At.UTC().Format("20060102-150405"), m.ID))
	if err := msg.WriteToFile(name); err != nil {
		return err
	}
	attrs := []slog.Attr{slog.String("to", m.To), slog.String("subject", m.Subject), slog.String("file", name)}
	if d.show && m.Secret {
		attrs = append(attrs, slog.String("text", m.Text))
	}
	d.log.LogAttrs(ctx, slog.LevelInfo, "mail written", attrs...)
	return nil
}
