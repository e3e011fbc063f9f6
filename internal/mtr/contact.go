package mtr

import (
	"context"
	"crypto/hmac"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// A code proves that a contact belongs to the reporter. Both the report and the
// contact have a number of codes a day: nobody can fill a stranger's mailbox.
const (
	codeFor     = 30 * time.Minute
	codeGuesses = 5
	codePause   = time.Minute
	codesPerDay = 5
)

// sealedContact is a contact as the database keeps it.
type sealedContact struct{ Email, EmailHash, Phone, PhoneHash []byte }

func (k sealedContact) empty() bool { return k.Email == nil && k.Phone == nil }

// seal takes contacts in normal form.
func (m *Module) seal(email, phone string) (k sealedContact) {
	if email != "" {
		k.Email, k.EmailHash = m.box.Seal(email, contextEmail), m.box.Hash(contextEmail, strings.ToLower(email))
	}
	if phone != "" {
		k.Phone, k.PhoneHash = m.box.Seal(phone, contextPhone), m.box.Hash(contextPhone, phone)
	}
	return k
}

// contactRow is a report's contact and the code under way.
type contactRow struct {
	EmailSealed, EmailHash           []byte
	EmailVerifiedAt, PhoneVerifiedAt *time.Time
	PhoneSealed, PhoneHash           []byte
	CodeSentAt                       *time.Time
	CodesToday                       int
}

const (
	byEmail = "email"
	byPhone = "phone"
)

// unverified is the channel that waits for a code; "" = none.
func (k contactRow) unverified() string {
	switch {
	case k.EmailSealed != nil && k.EmailVerifiedAt == nil:
		return byEmail
	case k.PhoneSealed != nil && k.PhoneVerifiedAt == nil:
		return byPhone
	}
	return ""
}

func (k contactRow) hash(channel string) []byte {
	if channel == byPhone {
		return k.PhoneHash
	}
	return k.EmailHash
}

const sqlContactForUpdate = `
SELECT email_sealed, email_hash, email_verified_at, phone_sealed, phone_hash, phone_verified_at, code_sent_at,
	CASE WHEN codes_day = $2::date THEN codes_sent ELSE 0 END AS codes_today
FROM mtr_contact WHERE report_id = $1 FOR UPDATE`

const sqlCountCode = `
INSERT INTO mtr_code_day AS d (contact_hash, day, sent) VALUES ($1, $2::date, 1)
ON CONFLICT (contact_hash, day) DO UPDATE SET sent = d.sent + 1 WHERE d.sent < $3
RETURNING d.sent`

const sqlCodeSent = `
UPDATE mtr_contact SET code_hash = $2, code_channel = $3, code_sent_at = $4, code_expires_at = $5, code_attempts = 0,
	codes_day = $6::date, codes_sent = $7
WHERE report_id = $1`

// sendCode sends a new code to the contact that is not verified yet; an earlier code
// ends. Too soon or too often is errs.TooMany.
func (m *Module) sendCode(ctx context.Context, tx pgx.Tx, c *Case) error {
	now := m.now()
	day := codeDay(now)
	k, err := pg.One[contactRow](ctx, tx, sqlContactForUpdate, c.ID, day)
	if err != nil {
		return err
	}
	channel := k.unverified()
	if channel == "" {
		return errs.New(errs.Conflict, "Tidak ada kontak yang menunggu kode.")
	}
	if k.CodeSentAt != nil && now.Before(k.CodeSentAt.Add(codePause)) {
		return errs.TooFast(k.CodeSentAt.Add(codePause).Sub(now), "Kode baru saja dikirim. Tunggu satu menit, lalu minta lagi.")
	}
	free, err := freeCode(ctx, tx, k.hash(channel), day)
	if err != nil {
		return err
	}
	if k.CodesToday >= codesPerDay || !free {
		return errs.TooFast(untilTomorrow(now), "Kode sudah lima kali dikirim hari ini. Coba lagi besok.")
	}
	return m.putCode(ctx, tx, c, k, now)
}

// codeDay is the day that codes are counted by.
func codeDay(t time.Time) string { return t.In(clock.Makassar).Format(time.DateOnly) }

// freeCode counts a code that is sent to a contact; false when it had its codes for the day.
func freeCode(ctx context.Context, tx pgx.Tx, contactHash []byte, day string) (bool, error) {
	_, err := pg.Scalar[int](ctx, tx, sqlCountCode, contactHash, day, codesPerDay)
	if errs.KindOf(err) == errs.NotFound {
		return false, nil
	}
	return err == nil, err
}

// putCode sends a counted code.
func (m *Module) putCode(ctx context.Context, tx pgx.Tx, c *Case, k contactRow, now time.Time) error {
	channel, code, expires := k.unverified(), crypt.SixDigits(), now.Add(codeFor)
	err := pg.Exec(ctx, tx, sqlCodeSent, c.ID, m.confirmHash(c.ID, k.hash(channel), code), channel, now, expires, codeDay(now), k.CodesToday+1)
	if err != nil {
		return err
	}
	msg := notify.Message{
		Topic: topicCode, Subject: "Kode untuk laporan " + c.Number, At: now, Expires: expires,
		Secret: notify.SealText(m.box, "Kode Anda: "+code+"\n\nMasukkan kode ini di halaman laporan "+c.Number+
			" supaya kabar laporan sampai ke Anda. Kode berlaku 30 menit. Abaikan pesan ini jika Anda tidak melapor."),
	}
	return m.queueTo(ctx, tx, k, channel, msg)
}

// queueTo sends a message to a contact by one of its channels.
func (m *Module) queueTo(ctx context.Context, tx pgx.Tx, k contactRow, channel string, msg notify.Message) (err error) {
	if channel == byPhone {
		msg.Phone = k.PhoneSealed
		return notify.Queue(ctx, tx, msg)
	}
	msg.Channel = notify.Email
	if msg.Email, err = notify.ResealEmail(m.box, k.EmailSealed, contextEmail); err != nil {
		return err
	}
	return notify.Queue(ctx, tx, msg)
}

// tellLapsed tells the contact that nobody confirmed, once, how its report ended. It may be a
// stranger's: the letter says nothing of the report, and counts like a code.
func (m *Module) tellLapsed(ctx context.Context, tx pgx.Tx, c *Case, e Event) error {
	day := codeDay(e.At)
	k, err := pg.One[contactRow](ctx, tx, sqlContactForUpdate, c.ID, day)
	if err != nil {
		return err
	}
	channel := k.unverified()
	if channel == "" {
		return nil
	}
	if free, err := freeCode(ctx, tx, k.hash(channel), day); err != nil || !free {
		return err
	}
	return m.queueTo(ctx, tx, k, channel, notify.Message{
		Topic: topicCode, Subject: "Laporan " + c.Number + " tidak kami proses", At: e.At, Key: eventKey(c.ID, e.Seq, "kontak"),
		Secret: notify.SealText(m.box, "Laporan "+c.Number+" berakhir karena kode kontaknya tidak dimasukkan dalam 72 jam."+
			" Masalahnya masih ada? Kirim laporan baru di "+m.baseURL+"/mtr/lapor. Abaikan pesan ini jika Anda tidak melapor."),
	})
}

// confirmHash binds a code to the report and to the contact it went to.
func (m *Module) confirmHash(reportID int64, contactHash []byte, code string) []byte {
	return m.box.MAC(contextConfirm, append([]byte(itoa(reportID)+"\x00"+code+"\x00"), contactHash...))
}

func untilTomorrow(now time.Time) time.Duration {
	y, mo, d := now.In(clock.Makassar).Date()
	return time.Date(y, mo, d+1, 0, 0, 0, 0, clock.Makassar).Sub(now)
}

const sqlReplaceContact = `
UPDATE mtr_contact SET
	email_verified_at = CASE WHEN email_hash = $3 THEN email_verified_at END, email_sealed = $2, email_hash = $3,
	phone_verified_at = CASE WHEN phone_hash = $5 THEN phone_verified_at END, phone_sealed = $4, phone_hash = $5,
	code_hash = NULL, code_channel = NULL, code_expires_at = NULL
WHERE report_id = $1`

// SetContact sets or replaces the contact and sends a code to it, nothing else.
func (m *Module) SetContact(ctx context.Context, a authz.Actor, k ReporterKey, in ContactInput) (err error) {
	defer errs.In(&err, "mtr.SetContact")
	email, phone := strings.TrimSpace(in.Email), strings.TrimSpace(in.Phone)
	return m.onContact(ctx, a, k, "mtr.contact.set", func(tx pgx.Tx, c *Case) error {
		wrong := checkContact(email, phone)
		if email == "" && phone == "" {
			wrong = []errs.Field{{Name: ControlEmail, Message: "Isi alamat email atau nomor HP."}}
		}
		if len(wrong) > 0 {
			return errs.Invalid(wrong...)
		}
		email, _ := cleanEmail(email)
		phone, _ := indo.Phone(phone)
		s := m.seal(email, phone)
		if err := pg.Exec(ctx, tx, sqlReplaceContact, c.ID, s.Email, s.EmailHash, s.Phone, s.PhoneHash); err != nil {
			return err
		}
		err := m.sendCode(ctx, tx, c)
		if errs.KindOf(err) == errs.Conflict { // all of it was verified before
			return nil
		}
		return err
	})
}

// ResendCode sends a new code, at most once a minute and five times a day.
func (m *Module) ResendCode(ctx context.Context, a authz.Actor, k ReporterKey) (err error) {
	defer errs.In(&err, "mtr.ResendCode")
	return m.onContact(ctx, a, k, "mtr.contact.resend", func(tx pgx.Tx, c *Case) error { return m.sendCode(ctx, tx, c) })
}

// onContact changes the contact of one's own report, as long as a code would still be
// of use.
func (m *Module) onContact(ctx context.Context, a authz.Actor, k ReporterKey, action string, change func(pgx.Tx, *Case) error) error {
	who, err := m.reporter(ctx, a, k)
	if err != nil {
		return err
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		c, err := lockCase(ctx, tx, who.reportID)
		if err != nil {
			return err
		}
		now := m.now()
		if err := Allowed(&c, Moment{Now: now, Actor: a, Reporter: true}, ActConfirmContact); err != nil {
			return err
		}
		if err := change(tx, &c); err != nil {
			return err
		}
		return audit.Write(ctx, tx, inTrail(a, &c, true), now, audit.Entry{
			Action: action, Object: object, ObjectID: c.ID, Detail: map[string]any{"nomor": c.Number},
		})
	})
}

// A guess is counted before it is judged, so that guesses sent at once count too.
const sqlGuessCode = `
UPDATE mtr_contact SET code_attempts = code_attempts + 1
WHERE report_id = $1 AND code_expires_at > $2 AND code_attempts < $3
RETURNING code_hash, CASE code_channel WHEN 'email' THEN email_hash ELSE phone_hash END AS contact_hash, code_attempts AS attempts`

const sqlContactConfirmed = `
UPDATE mtr_contact SET
	email_verified_at = CASE WHEN code_channel = 'email' THEN $3 ELSE email_verified_at END,
	phone_verified_at = CASE WHEN code_channel = 'phone' THEN $3 ELSE phone_verified_at END,
	code_hash = NULL, code_channel = NULL, code_expires_at = NULL
WHERE report_id = $1 AND code_hash = $2`

// ConfirmContact checks the code; a held report is let through by it.
func (m *Module) ConfirmContact(ctx context.Context, a authz.Actor, k ReporterKey, code string) (err error) {
	defer errs.In(&err, "mtr.ConfirmContact")
	who, err := m.reporter(ctx, a, k)
	if err != nil {
		return err
	}
	over := errs.Invalid(errs.Field{Name: ControlCode, Message: "Kode sudah tidak berlaku. Minta kode baru."})
	type guess struct {
		CodeHash, ContactHash []byte
		Attempts              int
	}
	g, err := pg.One[guess](ctx, m.db, sqlGuessCode, who.reportID, m.now(), codeGuesses)
	if errs.KindOf(err) == errs.NotFound {
		return over
	}
	if err != nil {
		return err
	}
	typed := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, code)
	if !hmac.Equal(g.CodeHash, m.confirmHash(who.reportID, g.ContactHash, typed)) {
		left := codeGuesses - g.Attempts
		if left <= 0 {
			return over
		}
		return errs.Invalid(errs.Field{Name: ControlCode, Message: fmt.Sprintf("Kode tidak cocok. Periksa lagi pesan terbaru; masih ada %d kesempatan.", left)})
	}
	return m.act(ctx, who, ActConfirmContact, func(tx pgx.Tx, c *Case, mo Moment) (Intent, error) {
		err := pg.Changed(tx.Exec(ctx, sqlContactConfirmed, c.ID, g.CodeHash, mo.Now))
		if errs.KindOf(err) == errs.Conflict {
			return Intent{}, over
		}
		return Intent{}, err
	}, nil)
}
