package mtr

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Subject is what somebody follows.
type Subject string

// What can be followed. Of a report one hears everything public; of the others, what is
// new and what is done.
const (
	FollowReport    Subject = "laporan"
	FollowCategory  Subject = "kategori"
	FollowKelurahan Subject = "kelurahan"
	FollowUnit      Subject = "unit"
)

// Pace is how soon one hears.
type Pace string

const (
	PaceNow   Pace = "segera"
	PaceDaily Pace = "harian"
)

// Label is the word people see.
func (p Pace) Label() string {
	if p == PaceDaily {
		return "Rangkuman sekali sehari"
	}
	return "Segera, setiap ada kabar"
}

func (p Pace) check() error {
	if p != PaceNow && p != PaceDaily {
		return errs.Invalid(errs.Field{Name: ControlPace, Message: "Pilih seberapa sering Anda ingin diberi kabar."})
	}
	return nil
}

// confirmFollow is how long a visitor may take to say yes by e-mail.
const confirmFollow = 48 * time.Hour

// maxFollows of one account or address.
const maxFollows = 200

// TopicFollow is the topic of news about what one follows.
var TopicFollow = notify.RegisterTopic(notify.Topic{
	Code: "mtr_ikuti", Name: "Laporan yang saya ikuti", Hint: "Kabar laporan, kategori, kelurahan, atau OPD yang Anda ikuti."})

// followObject names a following to notify, so that one may unsubscribe from it alone.
const followObject = "mtr_follow"

// FollowInput is what somebody wants to follow. Number is of FollowReport, ID of the
// others; Email is a visitor's.
type FollowInput struct {
	Subject  Subject
	Number   string
	ID       int64
	Email    string
	WhatsApp bool // only with an account whose phone is verified
	Pace     Pace
}

// Following is what somebody follows.
type Following struct {
	ID        int64
	Subject   Subject
	SubjectID int64
	Name      string // of the report, category, kelurahan or unit
	Number    string // of a report that is still public
	Channel   string
	Pace      Pace
	Confirmed bool
	Ended     bool
	CreatedAt time.Time
}

const sqlFollowedReport = `SELECT id FROM mtr_report WHERE number = $1 AND listed`

const sqlFollowable = `
SELECT CASE $1 WHEN 'kategori' THEN EXISTS (SELECT FROM mtr_category WHERE id = $2 AND active)
	WHEN 'kelurahan' THEN EXISTS (SELECT FROM org_unit WHERE id = $2 AND kind = 'kelurahan' AND valid_to IS NULL)
	WHEN 'unit' THEN EXISTS (SELECT FROM org_unit WHERE id = $2 AND kind NOT IN ('kota', 'rw', 'rt') AND valid_to IS NULL)
	ELSE false END`

const sqlCountFollows = `
SELECT count(*)::int FROM mtr_follow WHERE (account_id = NULLIF($1::bigint, 0) OR email_hash = $2) AND ended_at IS NULL`

// Following again changes how one hears, and makes a new token.
const sqlFollow = `
INSERT INTO mtr_follow AS f (subject, subject_id, account_id, email_sealed, email_hash, channel, pace, token_hash, created_at, confirmed_at, digest_at)
VALUES ($1, $2, NULLIF($3::bigint, 0), $4, $5, $6, $7, $8, $9, $10, $9)`

const sqlRefollowAccount = `
UPDATE mtr_follow SET channel = $4, pace = $5, digest_at = CASE WHEN pace = $5 THEN digest_at ELSE $6 END
WHERE account_id = $1 AND subject = $2 AND subject_id = $3 AND ended_at IS NULL`

// A visitor who asks again gets the mail again; nothing else changes until its link is used.
const sqlRefollowEmail = `
UPDATE mtr_follow SET token_hash = $4, pace = CASE WHEN confirmed_at IS NULL THEN $5 ELSE pace END, created_at = CASE WHEN confirmed_at IS NULL THEN $6 ELSE created_at END
WHERE email_hash = $1 AND subject = $2 AND subject_id = $3 AND ended_at IS NULL`

// Follow begins to tell somebody. With an account it is settled; a visitor gets an e-mail
// whose link confirms it, and the answer is the same whether the address follows already.
func (m *Module) Follow(ctx context.Context, a authz.Actor, in FollowInput) (err error) {
	defer errs.In(&err, "mtr.Follow(%s)", in.Subject)
	if err := in.Pace.check(); err != nil {
		return err
	}
	in.ID, err = m.followable(ctx, in)
	if err != nil {
		return err
	}
	if a.SignedIn() {
		err := pg.InTx(ctx, m.db, func(tx pgx.Tx) error { return m.followAs(ctx, tx, a, in) })
		if pg.Violates(err, "mtr_follow_account_key") { // clicked twice
			return nil
		}
		return err
	}
	email, ok := cleanEmail(in.Email)
	if !ok {
		return errs.Invalid(errs.Field{Name: ControlEmail, Message: "Periksa alamat email, contoh: nama@contoh.id."})
	}
	in.Email = email
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error { return m.followBy(ctx, tx, in) })
}

// followable is the id of what is to be followed; what is not public is errs.NotFound.
func (m *Module) followable(ctx context.Context, in FollowInput) (int64, error) {
	if in.Subject == FollowReport {
		return pg.Scalar[int64](ctx, m.db, sqlFollowedReport, in.Number)
	}
	there, err := pg.Scalar[bool](ctx, m.db, sqlFollowable, in.Subject, in.ID)
	if err == nil && !there {
		err = errs.New(errs.NotFound, "")
	}
	return in.ID, err
}

var errTooManyFollows = errs.New(errs.TooMany, "Anda sudah mengikuti 200 hal. Berhentikan sebagian lebih dahulu.")

func (m *Module) followAs(ctx context.Context, tx pgx.Tx, a authz.Actor, in FollowInput) error {
	channel := notify.Email
	if in.WhatsApp {
		channel = notify.WhatsApp
	}
	now := m.now()
	stopped, err := notify.Rejoin(ctx, tx, m.box, a.AccountID, "", TopicFollow)
	if err != nil {
		return err
	}
	if err := m.beginAnew(ctx, tx, stopped, a.AccountID, nil, 0, 0); err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, sqlRefollowAccount, a.AccountID, in.Subject, in.ID, channel, in.Pace, now)
	if err != nil || tag.RowsAffected() > 0 {
		return pg.Classify(err)
	}
	if n, err := pg.Scalar[int](ctx, tx, sqlCountFollows, a.AccountID, []byte(nil)); err != nil || n >= maxFollows {
		return errors.Join(err, tooMany(n))
	}
	return pg.Exec(ctx, tx, sqlFollow, in.Subject, in.ID, a.AccountID, nil, nil, channel, in.Pace, crypt.HashToken(crypt.Token()), now, now)
}

// Whoever asks anew has stopped for good what they stopped in a message: the one thing, or
// ($1) all that they followed until now, but what $5 is.
const sqlBeginAnew = `
UPDATE mtr_follow f SET ended_at = $6 WHERE (f.account_id = NULLIF($2::bigint, 0) OR f.email_hash = $3 OR f.device_id = NULLIF($4::bigint, 0))
	AND f.ended_at IS NULL AND f.id <> $5
	AND ($1 OR EXISTS (SELECT FROM notify_unsubscribe u WHERE u.object = 'mtr_follow' AND u.object_id = f.id))`

func (m *Module) beginAnew(ctx context.Context, tx pgx.Tx, all bool, account int64, email []byte, device, but int64) error {
	return pg.Exec(ctx, tx, sqlBeginAnew, all, account, email, device, but, m.now())
}

func tooMany(n int) error {
	if n >= maxFollows {
		return errTooManyFollows
	}
	return nil
}

// followBy asks the owner of an address.
func (m *Module) followBy(ctx context.Context, tx pgx.Tx, in FollowInput) error {
	now, k, token := m.now(), m.seal(in.Email, ""), crypt.Token()
	_, err := pg.Scalar[int](ctx, tx, sqlCountCode, k.EmailHash, m.today(), codesPerDay)
	if errs.KindOf(err) == errs.NotFound {
		return errs.TooFast(untilTomorrow(now), "Surat ke alamat ini sudah lima kali dikirim hari ini. Coba lagi besok.")
	}
	if err != nil {
		return err
	}
	if err := m.beginAnew(ctx, tx, false, 0, k.EmailHash, 0, 0); err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, sqlRefollowEmail, k.EmailHash, in.Subject, in.ID, crypt.HashToken(token), in.Pace, now)
	if err != nil {
		return pg.Classify(err)
	}
	if tag.RowsAffected() == 0 {
		if n, err := pg.Scalar[int](ctx, tx, sqlCountFollows, int64(0), k.EmailHash); err != nil || n >= maxFollows {
			return errors.Join(err, tooMany(n))
		}
		err := pg.Exec(ctx, tx, sqlFollow, in.Subject, in.ID, 0, k.Email, k.EmailHash, notify.Email, in.Pace, crypt.HashToken(token), now, nil)
		if err != nil {
			return err
		}
	}
	return notify.Queue(ctx, tx, notify.Message{
		Topic: topicCode, Channel: notify.Email, Email: notify.SealEmail(m.box, in.Email), Subject: "Konfirmasi: ikuti kabar laporan warga", At: now, Expires: now.Add(confirmFollow),
		Secret: notify.SealText(m.box, "Seseorang, mungkin Anda, ingin alamat ini menerima kabar laporan warga. Buka tautan ini untuk menyetujui, mengatur, atau berhenti:\n"+
			m.baseURL+"/mtr/ikuti/"+token+"\n\nBukan Anda? Abaikan surat ini; kami tidak akan mengirim apa pun."),
	})
}

const sqlFollowing = `
SELECT f.id, f.subject, f.subject_id, f.channel, f.pace, f.confirmed_at IS NOT NULL AS confirmed, f.ended_at IS NOT NULL AS ended, f.created_at,
	CASE f.subject
		WHEN 'laporan' THEN COALESCE((SELECT r.number || CASE WHEN r.words_public THEN ', ' || r.title ELSE '' END
			FROM mtr_report r WHERE r.id = f.subject_id AND r.listed), 'Laporan yang tidak lagi ditampilkan')
		WHEN 'kategori' THEN (SELECT c.name FROM mtr_category c WHERE c.id = f.subject_id)
		WHEN 'kelurahan' THEN (SELECT 'Kelurahan ' || k.short_name FROM org_unit k WHERE k.id = f.subject_id)
		ELSE (SELECT u.name FROM org_unit u WHERE u.id = f.subject_id) END AS name,
	COALESCE((SELECT r.number FROM mtr_report r WHERE f.subject = 'laporan' AND r.id = f.subject_id AND r.listed), '') AS number
FROM mtr_follow f `

// followsOf is the condition that following f is an account's ($1), or of a browser in which
// it was signed in.
const followsOf = `(f.account_id = $1 OR f.device_id IN (SELECT d.id FROM notify_device d WHERE d.account_id = $1))`

// Followings lists what an account follows, newest first.
func (m *Module) Followings(ctx context.Context, a authz.Actor) (_ []Following, err error) {
	defer errs.In(&err, "mtr.Followings")
	return pg.Many[Following](ctx, m.db, sqlFollowing+`WHERE `+followsOf+` AND f.ended_at IS NULL ORDER BY f.id DESC`, a.AccountID)
}

// FollowingOf is what a visitor's link is about; an unknown one, and one that nobody
// confirmed in time, is errs.NotFound.
func (m *Module) FollowingOf(ctx context.Context, token string) (_ Following, err error) {
	defer errs.In(&err, "mtr.FollowingOf")
	return pg.One[Following](ctx, m.db, sqlFollowing+`WHERE f.token_hash = $1 AND f.email_hash IS NOT NULL
		AND (f.confirmed_at IS NOT NULL OR f.created_at > $2)`, crypt.HashToken(token), m.now().Add(-confirmFollow))
}

const sqlConfirmFollow = `
UPDATE mtr_follow SET confirmed_at = COALESCE(confirmed_at, $2), digest_at = CASE WHEN confirmed_at IS NULL OR pace <> $3 THEN $2 ELSE digest_at END, pace = $3
WHERE token_hash = $1 AND ended_at IS NULL AND email_hash IS NOT NULL AND (confirmed_at IS NOT NULL OR created_at > $4)
RETURNING id, email_sealed, email_hash`

// ConfirmFollow says yes to what a link is about, at a pace. What ended is errs.Gone.
func (m *Module) ConfirmFollow(ctx context.Context, token string, pace Pace) (err error) {
	defer errs.In(&err, "mtr.ConfirmFollow")
	if err := pace.check(); err != nil {
		return err
	}
	now := m.now()
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		f, err := pg.One[struct {
			ID                     int64
			EmailSealed, EmailHash []byte
		}](ctx, tx, sqlConfirmFollow, crypt.HashToken(token), now, pace, now.Add(-confirmFollow))
		if errs.KindOf(err) == errs.NotFound {
			return errs.New(errs.Gone, "Anda sudah berhenti mengikuti ini. Ikuti lagi dari halaman laporannya.")
		}
		if err != nil {
			return err
		}
		email, err := m.box.Open(f.EmailSealed, contextEmail)
		if err != nil {
			return err
		}
		stopped, err := notify.Rejoin(ctx, tx, m.box, 0, email, TopicFollow)
		if err != nil || !stopped {
			return err
		}
		return m.beginAnew(ctx, tx, true, 0, f.EmailHash, 0, f.ID)
	})
}

// EndFollow stops what a visitor's link is about. Doing it again changes nothing.
func (m *Module) EndFollow(ctx context.Context, token string) (err error) {
	defer errs.In(&err, "mtr.EndFollow")
	return pg.Exec(ctx, m.db, `UPDATE mtr_follow SET ended_at = COALESCE(ended_at, $2) WHERE token_hash = $1 AND email_hash IS NOT NULL`,
		crypt.HashToken(token), m.now())
}

// Unfollow stops one of an account's own; another's is errs.NotFound.
func (m *Module) Unfollow(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "mtr.Unfollow(%d)", id)
	err = pg.Changed(m.db.Exec(ctx, `UPDATE mtr_follow f SET ended_at = COALESCE(ended_at, $3) WHERE id = $2 AND `+followsOf, a.AccountID, id, m.now()))
	if errs.KindOf(err) == errs.Conflict {
		return errs.New(errs.NotFound, "")
	}
	return err
}

// Follows reports whether an account follows a report.
func (m *Module) Follows(ctx context.Context, a authz.Actor, reportID int64) (_ bool, err error) {
	defer errs.In(&err, "mtr.Follows(%d)", reportID)
	if !a.SignedIn() {
		return false, nil
	}
	return pg.Scalar[bool](ctx, m.db, `SELECT EXISTS (SELECT FROM mtr_follow WHERE account_id = $1 AND subject = 'laporan' AND subject_id = $2 AND ended_at IS NULL)`,
		a.AccountID, reportID)
}

// Forgotten: who never said yes, and who stopped. Their addresses go.
const sqlPurgeFollows = `
DELETE FROM mtr_follow WHERE confirmed_at IS NULL AND created_at <= $1 OR ended_at <= $1`
