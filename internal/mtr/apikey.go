package mtr

import (
	"context"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// What a new key may send unless its form says otherwise, and at most.
const (
	DefaultPerMinute = 30
	DefaultPerDay    = 1000
	maxPerMinute     = 1000
	maxPerDay        = 100000
)

// APIKey lets another system send reports. The key itself is known only to its holder.
type APIKey struct {
	ID         int64
	Name       string // of the system
	Contact    string `db:"-"` // e-mail of those who run it; only in lists
	Beginning  string // first letters of the key
	Categories []string
	PerMinute  int
	PerDay     int
	CreatedAt  time.Time
	ExpiresAt  *time.Time
	RevokedAt  *time.Time
	SentToday  int
	SentEver   int
	LastDay    *time.Time // on which it last sent
}

// Valid reports whether the key may be used at t.
func (k APIKey) Valid(t time.Time) bool {
	return k.RevokedAt == nil && (k.ExpiresAt == nil || t.Before(*k.ExpiresAt))
}

// APIKeyInput is a key to be issued. No Categories means all; the zero ExpiresAt never.
type APIKeyInput struct {
	Name, Contact     string
	Categories        []string
	PerMinute, PerDay int
	ExpiresAt         time.Time
}

const sqlInsertAPIKey = `
INSERT INTO mtr_api_key (name, contact_sealed, key_hash, beginning, categories, per_minute, per_day, created_by, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, NULLIF($8::bigint, 0), $9, $10) RETURNING id`

const sqlAPIKeys = `
SELECT k.id, k.name, k.contact_sealed, k.beginning, k.categories, k.per_minute, k.per_day, k.created_at, k.expires_at, k.revoked_at,
	COALESCE((SELECT u.sent FROM mtr_api_use u WHERE u.key_id = k.id AND u.day = $1::date), 0) AS sent_today,
	COALESCE((SELECT sum(u.sent) FROM mtr_api_use u WHERE u.key_id = k.id), 0)::int AS sent_ever,
	(SELECT max(u.day) FROM mtr_api_use u WHERE u.key_id = k.id)::timestamptz AS last_day
FROM mtr_api_key k ORDER BY k.revoked_at IS NOT NULL, k.id DESC`

const sqlAPIKey = `
SELECT id, name, beginning, categories, per_minute, per_day, created_at, expires_at, revoked_at,
	0 AS sent_today, 0 AS sent_ever, NULL::timestamptz AS last_day
FROM mtr_api_key WHERE key_hash = $1`

const sqlRevokeAPIKey = `UPDATE mtr_api_key SET revoked_by = NULLIF($2::bigint, 0), revoked_at = $3 WHERE id = $1 AND revoked_at IS NULL`

const sqlRevokeNamesakes = `UPDATE mtr_api_key SET revoked_at = $2 WHERE name = $1 AND revoked_at IS NULL`

// Counts a report unless the minute or the day is full.
const sqlUseAPIKey = `
INSERT INTO mtr_api_use AS u (key_id, day, sent, minute, minute_sent) VALUES ($1, $2::date, 1, $3, 1)
ON CONFLICT (key_id, day) DO UPDATE SET sent = u.sent + 1, minute = $3,
	minute_sent = CASE WHEN u.minute = $3 THEN u.minute_sent + 1 ELSE 1 END
WHERE u.sent < $5 AND (u.minute <> $3 OR u.minute_sent < $4)
RETURNING u.sent`

const sqlDayFull = `SELECT sent >= $3 FROM mtr_api_use WHERE key_id = $1 AND day = $2::date`

// IssueAPIKey makes a key and returns it, this once. Needs PermConfigure.
func (m *Module) IssueAPIKey(ctx context.Context, a authz.Actor, in APIKeyInput) (key string, err error) {
	defer errs.In(&err, "mtr.IssueAPIKey")
	if err := m.needsCity(ctx, a, PermConfigure); err != nil {
		return "", err
	}
	key = crypt.Token()
	return key, m.issueAPIKey(ctx, a, in, key)
}

// SetDemoAPIKey makes key the only valid one of the demo's system.
func (m *Module) SetDemoAPIKey(ctx context.Context, name, key string) (err error) {
	defer errs.In(&err, "mtr.SetDemoAPIKey")
	if err := pg.Exec(ctx, m.db, sqlRevokeNamesakes, name, m.now()); err != nil {
		return err
	}
	return m.issueAPIKey(ctx, authz.System("demo"), APIKeyInput{Name: name, Contact: "aplikasi@portal.example"}, key)
}

func (m *Module) issueAPIKey(ctx context.Context, a authz.Actor, in APIKeyInput, key string) error {
	in.Name, in.Contact = strings.Join(strings.Fields(in.Name), " "), strings.TrimSpace(in.Contact)
	if in.PerMinute == 0 {
		in.PerMinute = DefaultPerMinute
	}
	if in.PerDay == 0 {
		in.PerDay = DefaultPerDay
	}
	known, err := m.Categories(ctx)
	if err != nil {
		return err
	}
	now := m.now()
	if err := invalid(checkAPIKey(in, known, now)); err != nil {
		return err
	}
	if in.Categories == nil {
		in.Categories = []string{}
	}
	var expires *time.Time
	if !in.ExpiresAt.IsZero() {
		expires = &in.ExpiresAt
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		id, err := pg.Scalar[int64](ctx, tx, sqlInsertAPIKey, in.Name, m.box.Seal(in.Contact, contextEmail), crypt.HashToken(key), key[:6],
			in.Categories, in.PerMinute, in.PerDay, a.AccountID, now, expires)
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, now, audit.Entry{Action: "mtr.api_key.issue", Object: "mtr_api_key", ObjectID: id,
			Detail: map[string]any{"sistem": in.Name, "kategori": in.Categories, "per_hari": in.PerDay}})
	})
}

func checkAPIKey(in APIKeyInput, known []Category, now time.Time) (wrong []errs.Field) {
	fail := func(control, message string) { wrong = append(wrong, errs.Field{Name: control, Message: message}) }
	if n := utf8.RuneCountInString(in.Name); n < 3 || n > 100 {
		fail(ControlName, "Tulis nama aplikasi atau sistemnya, 3 sampai 100 huruf.")
	}
	if _, err := mail.ParseAddress(in.Contact); err != nil || len(in.Contact) > 254 {
		fail(ControlEmail, "Tulis alamat email pengelolanya, contoh: tim@aplikasi.id.")
	}
	for _, code := range in.Categories {
		if !slices.ContainsFunc(known, func(c Category) bool { return c.Code == code }) {
			fail(ControlCategory, "Pilih kategori dari daftar.")
			break
		}
	}
	if in.PerMinute < 1 || in.PerMinute > maxPerMinute {
		fail(ControlPerMinute, "Tulis angka dari 1 sampai 1.000.")
	}
	if in.PerDay < 1 || in.PerDay > maxPerDay {
		fail(ControlPerDay, "Tulis angka dari 1 sampai 100.000.")
	}
	if !in.ExpiresAt.IsZero() && !in.ExpiresAt.After(now) {
		fail(ControlDate, "Pilih tanggal yang akan datang.")
	}
	return wrong
}

// APIKeys lists all keys, those in use first. Needs PermConfigure.
func (m *Module) APIKeys(ctx context.Context, a authz.Actor) (_ []APIKey, err error) {
	defer errs.In(&err, "mtr.APIKeys")
	if err := m.needsCity(ctx, a, PermConfigure); err != nil {
		return nil, err
	}
	type row struct {
		APIKey
		ContactSealed []byte
	}
	rows, err := pg.Many[row](ctx, m.db, sqlAPIKeys, m.today())
	out := make([]APIKey, len(rows))
	for i, r := range rows {
		out[i] = r.APIKey
		if out[i].Contact, err = m.box.Open(r.ContactSealed, contextEmail); err != nil {
			return nil, err
		}
	}
	return out, err
}

// RevokeAPIKey ends a key at once; one that ended already is errs.Conflict. Needs PermConfigure.
func (m *Module) RevokeAPIKey(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "mtr.RevokeAPIKey(%d)", id)
	if err := m.needsCity(ctx, a, PermConfigure); err != nil {
		return err
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		err := pg.Changed(tx.Exec(ctx, sqlRevokeAPIKey, id, a.AccountID, m.now()))
		if errs.KindOf(err) == errs.Conflict {
			return errs.New(errs.Conflict, "Kunci ini sudah tidak berlaku.")
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: "mtr.api_key.revoke", Object: "mtr_api_key", ObjectID: id})
	})
}

// AdmitAPIKey is the key that a system showed; unknown, revoked or expired is errs.Forbidden.
func (m *Module) AdmitAPIKey(ctx context.Context, key string) (_ APIKey, err error) {
	defer errs.In(&err, "mtr.AdmitAPIKey")
	refused := errs.New(errs.Forbidden, "api_key tidak berlaku.")
	if len(key) < 16 || len(key) > 100 {
		return APIKey{}, refused
	}
	k, err := pg.One[APIKey](ctx, m.db, sqlAPIKey, crypt.HashToken(key))
	if errs.KindOf(err) == errs.NotFound || err == nil && !k.Valid(m.now()) {
		return APIKey{}, refused
	}
	return k, err
}

// useAPIKey counts a report of the key; too many are errs.TooMany.
func (m *Module) useAPIKey(ctx context.Context, q pg.Querier, k APIKey) error {
	now := m.now()
	_, err := pg.Scalar[int](ctx, q, sqlUseAPIKey, k.ID, m.today(), now.Truncate(time.Minute), k.PerMinute, k.PerDay)
	if errs.KindOf(err) != errs.NotFound {
		return err
	}
	full, err := pg.Scalar[bool](ctx, q, sqlDayFull, k.ID, m.today(), k.PerDay)
	switch {
	case err != nil:
		return err
	case full:
		return errs.TooFast(untilTomorrow(now), "Kunci ini sudah mengirim laporan sebanyak yang boleh dalam sehari. Coba lagi besok.")
	}
	return errs.TooFast(now.Truncate(time.Minute).Add(time.Minute).Sub(now), "Kunci ini mengirim terlalu banyak laporan dalam satu menit. Tunggu sebentar.")
}

// today is the city's day.
func (m *Module) today() string { return m.now().In(clock.Makassar).Format(time.DateOnly) }
