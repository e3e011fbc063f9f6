package mtr

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// supportLife is how long an address that nobody confirmed is kept.
const supportLife = 3 * 24 * time.Hour

var topicSupport = notify.RegisterTopic(notify.Topic{
	Code: "mtr_dukungan", Name: "Laporan yang saya dukung", Hint: "Perkembangan laporan orang lain yang masalahnya sama dengan masalah Anda."})

// Supported is a report as somebody sees it who may support it.
type Supported struct {
	ID       int64
	Number   string
	Title    string
	Status   Status
	Supports int
	Mine     bool // whoever asks supports it
	Open     bool // it can still be supported
}

// supportsOf counts who supports mtr_report r.
const supportsOf = `(SELECT count(*) FROM mtr_support s WHERE s.report_id = r.id AND s.verified_at IS NOT NULL AND s.ended_at IS NULL)`

const sqlSupported = `
SELECT r.id, r.number, r.title, r.status, ` + supportsOf + ` AS supports, r.open AND r.status_group IN ('baru', 'proses') AS open,
	EXISTS (SELECT FROM mtr_support s WHERE s.report_id = r.id AND s.account_id = $2 AND s.ended_at IS NULL) AS mine
FROM mtr_report r WHERE r.number = $1 AND r.words_public`

// SupportOf is the published report that the actor may support; errs.NotFound otherwise.
func (m *Module) SupportOf(ctx context.Context, a authz.Actor, number string) (_ Supported, err error) {
	defer errs.In(&err, "mtr.SupportOf")
	if number = strings.ToUpper(number); !wholeNumber.MatchString(number) {
		return Supported{}, errs.New(errs.NotFound, "")
	}
	return pg.One[Supported](ctx, m.db, sqlSupported, number, a.AccountID)
}

const sqlSupportByAccount = `
INSERT INTO mtr_support AS s (report_id, contact_hash, account_id, created_at, verified_at) VALUES ($1, $2, $3, $4, $4)
ON CONFLICT (report_id, contact_hash) DO UPDATE SET account_id = $3, email_sealed = NULL, token_hash = NULL, token_sealed = NULL,
	verified_at = COALESCE(s.verified_at, $4), ended_at = NULL`

const sqlOwnReport = `
SELECT EXISTS (SELECT FROM mtr_report r JOIN mtr_contact k ON k.report_id = r.id
WHERE r.id = $1 AND (r.account_id = NULLIF($2::bigint, 0) OR k.email_hash = $3 AND k.email_verified_at IS NOT NULL))`

// Whoever calls and supports with an account counts once, if the number is proved there: at
// once, or when the sweeper finds that it was proved since. Who supports a report waits for the
// other who does, so that neither overlooks the other.
const (
	sqlLockSupported = `SELECT id FROM mtr_report WHERE id = $1 FOR NO KEY UPDATE`

	// Of one report, or with 0 of all.
	sqlDropCalls = `
DELETE FROM mtr_support s USING mtr_support o JOIN authn_account a ON a.id = o.account_id
WHERE o.report_id = s.report_id AND o.verified_at IS NOT NULL AND o.ended_at IS NULL
	AND s.phone_sealed IS NOT NULL AND a.phone_hash = s.contact_hash AND a.phone_verified_at IS NOT NULL AND (s.report_id = $1 OR $1 = 0)`

	sqlSupportsByAccount = `
SELECT EXISTS (SELECT FROM mtr_support s JOIN authn_account a ON a.id = s.account_id
WHERE s.report_id = $1 AND s.verified_at IS NOT NULL AND s.ended_at IS NULL AND a.phone_hash = $2 AND a.phone_verified_at IS NOT NULL)`
)

// Support counts the signed-in person among those who have the report's problem, once, and
// lets them follow it.
func (m *Module) Support(ctx context.Context, a authz.Actor, number string) (err error) {
	defer errs.In(&err, "mtr.Support")
	defer m.changed()
	if !a.SignedIn() {
		return errs.New(errs.Forbidden, "Masuk dulu, atau pakai alamat email.")
	}
	return m.onSupported(ctx, a, number, func(tx pgx.Tx, r Supported, now time.Time) error {
		if r.Mine { // the address of the account may have changed since
			return nil
		}
		hash := m.personHash(a)
		if err := m.notOwn(ctx, tx, r.ID, a.AccountID, hash); err != nil {
			return err
		}
		if err := pg.Exec(ctx, tx, sqlSupportByAccount, r.ID, hash, a.AccountID, now); err != nil {
			return err
		}
		return pg.Exec(ctx, tx, sqlDropCalls, r.ID)
	})
}

// personHash is the same for an account and for its e-mail address used without it.
func (m *Module) personHash(a authz.Actor) []byte {
	if a.Email == "" {
		return m.box.Hash(contextEmail, "akun:"+itoa(a.AccountID))
	}
	return m.seal(a.Email, "").EmailHash
}

// notOwn: who reported it is counted already.
func (m *Module) notOwn(ctx context.Context, tx pgx.Tx, reportID, account int64, hash []byte) error {
	own, err := pg.Scalar[bool](ctx, tx, sqlOwnReport, reportID, account, hash)
	if err == nil && own {
		return errs.New(errs.Conflict, "Ini laporan Anda sendiri. Kabarnya sudah sampai kepada Anda.")
	}
	return err
}

func (m *Module) onSupported(ctx context.Context, a authz.Actor, number string, do func(tx pgx.Tx, r Supported, now time.Time) error) error {
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		r, err := pg.One[Supported](ctx, tx, sqlSupported, strings.ToUpper(number), a.AccountID)
		if err != nil {
			return err
		}
		if !r.Open {
			return errs.New(errs.Conflict, "Laporan ini sudah "+strings.ToLower(r.Status.Label())+". Buat laporan baru bila masalahnya masih ada.")
		}
		if err := pg.Exec(ctx, tx, sqlLockSupported, r.ID); err != nil {
			return err
		}
		return do(tx, r, m.now())
	})
}

const sqlAskSupport = `
INSERT INTO mtr_support AS s (report_id, contact_hash, email_sealed, token_hash, token_sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (report_id, contact_hash) DO UPDATE SET email_sealed = $3, token_hash = $4, token_sealed = $5, created_at = $6,
	verified_at = NULL, ended_at = NULL
WHERE s.account_id IS NULL AND (s.verified_at IS NULL OR s.ended_at IS NOT NULL)
RETURNING id`

// AskSupport sends a link to the address; whoever opens it and says so supports the report.
// The answer is the same whether the address supports it already or not. A wrong address is
// errs.Invalid, too many messages to one address errs.TooMany.
func (m *Module) AskSupport(ctx context.Context, number, email string) (err error) {
	defer errs.In(&err, "mtr.AskSupport")
	email = strings.TrimSpace(email)
	if email == "" {
		return errs.Invalid(errs.Field{Name: ControlEmail, Message: "Isi alamat email Anda."})
	}
	if wrong := checkContact(email, ""); len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	email, _ = cleanEmail(email)
	return m.onSupported(ctx, authz.Actor{}, number, func(tx pgx.Tx, r Supported, now time.Time) error {
		k, token := m.seal(email, ""), crypt.Token()
		if own := m.notOwn(ctx, tx, r.ID, 0, k.EmailHash); own != nil {
			if errs.KindOf(own) == errs.Conflict {
				return nil // said to nobody: it would tell who reported
			}
			return own
		}
		_, err := pg.Scalar[int64](ctx, tx, sqlAskSupport, r.ID, k.EmailHash, k.Email, crypt.HashToken(token), m.box.Seal(token, contextSupport), now)
		if errs.KindOf(err) == errs.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		_, err = pg.Scalar[int](ctx, tx, sqlCountCode, k.EmailHash, now.In(clock.Makassar).Format(time.DateOnly), codesPerDay)
		if errs.KindOf(err) == errs.NotFound {
			return errs.TooFast(untilTomorrow(now), "Sudah lima pesan dikirim ke alamat itu hari ini. Coba lagi besok.")
		}
		if err != nil {
			return err
		}
		return notify.Queue(ctx, tx, notify.Message{
			Topic: topicCode, Channel: notify.Email, Email: notify.SealEmail(m.box, email), At: now, Expires: now.Add(supportLife),
			Subject: "Konfirmasi: laporan " + r.Number + " juga masalah Anda",
			Secret: notify.SealText(m.box, "Seseorang memasukkan alamat ini untuk mendukung laporan "+r.Number+".\n\nBenar Anda? Buka tautan ini, lalu tekan \"Ya\":\n"+
				m.supportURL(token)+"\n\nBukan Anda? Abaikan saja. Tanpa konfirmasi, alamat Anda kami hapus dalam tiga hari."),
		})
	})
}

func (m *Module) supportURL(token string) string { return m.baseURL + "/mtr/dukungan/" + token }

const sqlSupportByToken = `
SELECT r.id, r.number, CASE WHEN r.words_public THEN r.title ELSE '' END AS title, r.status, ` + supportsOf + ` AS supports,
	r.open AND r.status_group IN ('baru', 'proses') AS open, s.verified_at IS NOT NULL AND s.ended_at IS NULL AS mine
FROM mtr_support s JOIN mtr_report r ON r.id = s.report_id WHERE s.token_hash = $1`

// SupportByToken is the report of a link sent by [Module.AskSupport].
func (m *Module) SupportByToken(ctx context.Context, token string) (_ Supported, err error) {
	defer errs.In(&err, "mtr.SupportByToken")
	r, err := pg.One[Supported](ctx, m.db, sqlSupportByToken, crypt.HashToken(token))
	if errs.KindOf(err) == errs.NotFound {
		return r, errs.New(errs.NotFound, "Tautan ini sudah tidak berlaku.")
	}
	return r, err
}

const sqlConfirmSupport = `
UPDATE mtr_support SET verified_at = COALESCE(verified_at, $2), ended_at = NULL WHERE token_hash = $1 RETURNING report_id`

const sqlEndSupport = `
UPDATE mtr_support SET ended_at = $2 WHERE token_hash = $1 AND verified_at IS NOT NULL AND ended_at IS NULL RETURNING report_id`

const sqlEndOwnSupport = `
UPDATE mtr_support s SET ended_at = $3 FROM mtr_report r
WHERE r.id = s.report_id AND r.number = $1 AND s.account_id = $2 AND s.ended_at IS NULL RETURNING s.report_id`

// ConfirmSupport counts the holder of the link; again changes nothing.
func (m *Module) ConfirmSupport(ctx context.Context, token string) (err error) {
	defer errs.In(&err, "mtr.ConfirmSupport")
	return m.endOrBegin(ctx, authz.Actor{}, "mtr.support.confirm", sqlConfirmSupport, crypt.HashToken(token))
}

// EndSupport ends support and news for the holder of the link; again changes nothing.
func (m *Module) EndSupport(ctx context.Context, token string) (err error) {
	defer errs.In(&err, "mtr.EndSupport")
	return m.endOrBegin(ctx, authz.Actor{}, "mtr.support.end", sqlEndSupport, crypt.HashToken(token))
}

// EndOwnSupport ends it for the account; again changes nothing.
func (m *Module) EndOwnSupport(ctx context.Context, a authz.Actor, number string) (err error) {
	defer errs.In(&err, "mtr.EndOwnSupport")
	return m.endOrBegin(ctx, a, "mtr.support.end", sqlEndOwnSupport, strings.ToUpper(number), a.AccountID)
}

func (m *Module) endOrBegin(ctx context.Context, a authz.Actor, action, sql string, args ...any) error {
	defer m.changed()
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		now := m.now()
		id, err := pg.Scalar[int64](ctx, tx, sql, append(args, now)...)
		if errs.KindOf(err) == errs.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, now, audit.Entry{Action: action, Object: object, ObjectID: id})
	})
}

const sqlPurgeSupports = `DELETE FROM mtr_support WHERE verified_at IS NULL AND created_at <= $1`

// Supporters of the report and of those that became duplicates of it.
const sqlSupporters = `
WITH RECURSIVE f AS (
	SELECT $1::bigint AS id
	UNION
	SELECT r.id FROM mtr_report r JOIN f ON r.parent_id = f.id WHERE r.status = 'duplikat'
)
SELECT s.id, COALESCE(s.account_id, 0) AS account_id, s.email_sealed, s.phone_sealed, s.token_sealed, r.number
FROM f JOIN mtr_support s ON s.report_id = f.id JOIN mtr_report r ON r.id = s.report_id
WHERE s.verified_at IS NOT NULL AND s.ended_at IS NULL AND num_nonnulls(s.account_id, s.email_sealed, s.phone_sealed) = 1 ORDER BY s.id`

// tellSupporters tells those who have the same problem.
func (m *Module) tellSupporters(ctx context.Context, tx pgx.Tx, c *Case, e Event, news string) error {
	type supporter struct {
		ID, AccountID                         int64
		EmailSealed, PhoneSealed, TokenSealed []byte
		Number                                string
	}
	all, err := pg.Many[supporter](ctx, tx, sqlSupporters, c.ID)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.AccountID != 0 && s.AccountID == e.ActorID {
			continue
		}
		text := "Laporan " + c.Number + ", yang juga masalah Anda, sekarang " + news + "."
		if s.Number != c.Number {
			text = "Laporan " + s.Number + ", yang juga masalah Anda, digabung dengan " + c.Number + ". Laporan itu sekarang " + news + "."
		}
		if e.Reason != "" {
			text += "\n\nKeterangan petugas: " + e.Reason
		}
		msg := notify.Message{
			Topic: topicSupport, Subject: "Kabar untuk laporan " + c.Number, Object: object, ObjectID: c.ID, At: e.At,
			Key: eventKey(c.ID, e.Seq, "pendukung"+itoa(s.ID)),
		}
		if s.AccountID != 0 {
			msg.AccountID, msg.Text = s.AccountID, text
			msg.Link = notify.Link{Label: "Buka laporan", URL: "/mtr/laporan/" + c.Number}
		} else {
			token, err := m.box.Open(s.TokenSealed, contextSupport)
			if err != nil {
				return err
			}
			if s.PhoneSealed != nil {
				msg.Phone, msg.Channel = s.PhoneSealed, notify.Auto
			} else if msg.Email, err = notify.ResealEmail(m.box, s.EmailSealed, contextEmail); err != nil {
				return err
			} else {
				msg.Channel = notify.Email
			}
			msg.Secret = notify.SealText(m.box, text+"\n\nBuka laporan: "+m.baseURL+"/mtr/laporan/"+c.Number+"\n\nTidak mau kabar lagi? "+m.supportURL(token))
		}
		if err := notify.Queue(ctx, tx, msg); err != nil {
			return err
		}
	}
	return nil
}
