package mtr

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// BlockKind is by what a sender is known again.
type BlockKind string

const (
	BlockEmail  BlockKind = "email"
	BlockPhone  BlockKind = "telepon"
	BlockDevice BlockKind = "perangkat" // network and browser
)

// Label is the word people see.
func (k BlockKind) Label() string {
	switch k {
	case BlockEmail:
		return "Alamat email"
	case BlockPhone:
		return "Nomor HP"
	}
	return "Jaringan dan peramban"
}

// How long a block may last, in days. A network and a browser are shared and change.
const (
	MaxBlockDays       = 365
	MaxDeviceBlockDays = 30
)

// deviceLife is how long a report keeps from which network and browser it came, and
// blockLife how long a block is kept after its end.
const (
	deviceLife = 30 * 24 * time.Hour
	blockLife  = 365 * 24 * time.Hour
)

// Slowed down: so many reports within the time are enough for now, of one person and from one
// network and browser, which may be many people's.
const (
	slowWithin  = 15 * time.Minute
	slowReports = 5
	slowDevice  = 20
)

// sender is where a report of the public form comes from.
type sender struct {
	device string // network and browser, in any form that is the same again; "" = unknown
	slowed bool   // too many at once have to wait
}

func (m *Module) deviceHash(device string) []byte {
	if device == "" {
		return nil
	}
	return m.box.Hash(contextDevice, device)
}

// SubmitFrom is Submit from a device. Who sends many at once waits: errs.TooMany, and the
// draft stays as it is.
func (m *Module) SubmitFrom(ctx context.Context, a authz.Actor, device, token string) (_ Receipt, err error) {
	defer errs.In(&err, "mtr.SubmitFrom")
	return m.submitOnce(ctx, a, sender{device: device, slowed: true}, token)
}

const sqlRecentReports = `
SELECT count(*) FILTER (WHERE theirs)::int AS theirs, count(*)::int AS of_device,
	COALESCE(min(at) FILTER (WHERE theirs), $1) AS oldest, COALESCE(min(at), $1) AS oldest_of_device
FROM (
	SELECT id, at, bool_or(theirs) AS theirs FROM (
		SELECT id, submitted_at AS at, true AS theirs FROM mtr_report WHERE account_id = NULLIF($2::bigint, 0) AND submitted_at > $1
		UNION ALL
		SELECT r.id, r.submitted_at, COALESCE(k.email_hash = $3, false) OR COALESCE(k.phone_hash = $4, false)
		FROM mtr_contact k JOIN mtr_report r ON r.id = k.report_id
		WHERE (k.email_hash = $3 OR k.phone_hash = $4 OR k.device_hash = $5) AND r.submitted_at > $1
	) t GROUP BY id, at
) t`

// slow refuses what comes too fast, before anything is written.
func (m *Module) slow(ctx context.Context, q pg.Querier, a authz.Actor, from sender, contact sealedContact, now time.Time) error {
	if !from.slowed || a.IsStaff() {
		return nil
	}
	r, err := pg.One[struct {
		Theirs, OfDevice       int
		Oldest, OldestOfDevice time.Time
	}](ctx, q, sqlRecentReports, now.Add(-slowWithin), a.AccountID, contact.EmailHash, contact.PhoneHash, m.deviceHash(from.device))
	if err != nil {
		return err
	}
	oldest := r.Oldest
	switch {
	case r.Theirs >= slowReports:
	case r.OfDevice >= slowDevice:
		oldest = r.OldestOfDevice
	default:
		return nil
	}
	wait := max(oldest.Add(slowWithin).Sub(now), time.Second)
	return errs.TooFast(wait, "Terlalu banyak laporan sekaligus. Tunggu "+indo.Span(wait.Truncate(time.Minute)+time.Minute)+
		", lalu kirim lagi. Isian laporan ini tidak hilang.")
}

const sqlIsBlocked = `
SELECT EXISTS (SELECT FROM mtr_block b WHERE b.ended_at IS NULL AND b.until_at > $4 AND (
	b.kind = 'email' AND b.sender_hash = ANY ($1::bytea[]) OR b.kind = 'telepon' AND b.sender_hash = $2 OR b.kind = 'perangkat' AND b.sender_hash = $3))`

func (m *Module) isBlocked(ctx context.Context, q pg.Querier, a authz.Actor, from sender, contact sealedContact, now time.Time) (bool, error) {
	emails := [][]byte{}
	if contact.EmailHash != nil {
		emails = append(emails, contact.EmailHash)
	}
	if a.Email != "" {
		emails = append(emails, m.seal(a.Email, "").EmailHash)
	}
	return pg.Scalar[bool](ctx, q, sqlIsBlocked, emails, contact.PhoneHash, m.deviceHash(from.device), now)
}

// BlockInput keeps the reports of a report's sender waiting. The sender reads Reason.
type BlockInput struct {
	Act
	Contact bool // their e-mail address and phone
	Device  bool // their network and browser
	Days    int
	Reason  string
}

const sqlSender = `
SELECT k.email_hash, k.phone_hash, k.device_hash, COALESCE(a.email, '') AS email
FROM mtr_contact k JOIN mtr_report r ON r.id = k.report_id LEFT JOIN authn_account a ON a.id = r.account_id
WHERE k.report_id = $1`

const sqlEndOldBlock = `
UPDATE mtr_block SET ended_at = until_at, end_reason = 'Waktunya habis' WHERE kind = $1 AND sender_hash = $2 AND ended_at IS NULL AND until_at <= $3`

const sqlInsertBlock = `
INSERT INTO mtr_block (kind, sender_hash, report_id, reason, created_by, created_at, until_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (sender_hash, kind) WHERE ended_at IS NULL DO NOTHING
RETURNING id`

// Block puts the sender of a report on the block list, for its moderators. It tells nobody
// who that is. Already there: errs.Conflict.
func (m *Module) Block(ctx context.Context, a authz.Actor, in BlockInput) (err error) {
	defer errs.In(&err, "mtr.Block(%d)", in.ReportID)
	c, err := pg.One[Case](ctx, m.db, sqlCase, in.ReportID)
	if err != nil {
		return err
	}
	switch role := c.RolesOf(Moment{Now: m.now(), Actor: a}); {
	case !role.Has(anyStaff):
		return errs.New(errs.NotFound, "")
	case !role.Has(AsModerator):
		return errs.New(errs.Forbidden, "Memblokir pengirim adalah wewenang moderator.")
	}
	var r reading
	reason := r.words(ControlReason, in.Reason, "Tulis alasannya. Pengirim membacanya.", MaxReason)
	switch {
	case !in.Contact && !in.Device:
		r.fail(ControlBlock, "Pilih apa yang diblokir.")
	case in.Days < 1 || in.Days > MaxBlockDays:
		r.fail(ControlDays, "Tulis berapa hari, dari 1 sampai 365.")
	case in.Device && in.Days > MaxDeviceBlockDays:
		r.fail(ControlDays, "Jaringan dan peramban paling lama diblokir 30 hari: besok mungkin orang lain yang memakainya.")
	}
	if err := r.err(); err != nil {
		return err
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		s, err := pg.One[struct {
			EmailHash, PhoneHash, DeviceHash []byte
			Email                            string
		}](ctx, tx, sqlSender, c.ID)
		if err != nil {
			return err
		}
		if s.EmailHash == nil && s.Email != "" {
			s.EmailHash = m.seal(s.Email, "").EmailHash
		}
		now, known, added := m.now(), 0, 0
		for _, by := range []struct {
			kind BlockKind
			on   bool
			hash []byte
		}{{BlockEmail, in.Contact, s.EmailHash}, {BlockPhone, in.Contact, s.PhoneHash}, {BlockDevice, in.Device, s.DeviceHash}} {
			if !by.on || by.hash == nil {
				continue
			}
			known++
			if err := pg.Exec(ctx, tx, sqlEndOldBlock, by.kind, by.hash, now); err != nil {
				return err
			}
			id, err := pg.Scalar[int64](ctx, tx, sqlInsertBlock, by.kind, by.hash, c.ID, reason, a.AccountID, now, now.AddDate(0, 0, in.Days))
			if errs.KindOf(err) == errs.NotFound {
				continue
			}
			if err != nil {
				return err
			}
			added++
			err = audit.Write(ctx, tx, a, now, audit.Entry{Action: "mtr.block.add", Object: "mtr_block", ObjectID: id,
				Detail: map[string]any{"nomor": c.Number, "menurut": by.kind, "hari": in.Days, "alasan": reason}})
			if err != nil {
				return err
			}
		}
		switch {
		case known == 0:
			return errs.Invalid(errs.Field{Name: ControlBlock, Message: "Laporan ini tidak menyimpan itu, jadi tidak ada yang dapat diblokir."})
		case added == 0:
			return errs.New(errs.Conflict, "Pengirim laporan ini sudah diblokir. Lihat daftar blokir.")
		}
		return nil
	})
}

// Blocked is an entry of the block list. It never says who the sender is.
type Blocked struct {
	ID        int64
	Kind      BlockKind
	Number    string // of the report whose sender it is
	Reason    string
	ByName    string
	CreatedAt time.Time
	UntilAt   time.Time
	EndedBy   string
	EndedAt   *time.Time
	EndReason string
	Held      int // reports that wait because of it
}

const sqlBlocks = `
SELECT b.id, b.kind, r.number, b.reason, a.name AS by_name, b.created_at, b.until_at, COALESCE(e.name, '') AS ended_by,
	CASE WHEN b.ended_at IS NULL AND b.until_at <= $1 THEN b.until_at ELSE b.ended_at END AS ended_at, b.end_reason,
	(SELECT count(*) FROM mtr_contact k JOIN mtr_report h ON h.id = k.report_id
		WHERE h.open AND h.status = 'belum_konfirmasi' AND 'diblokir' = ANY (h.held_for)
			AND (b.kind = 'email' AND k.email_hash = b.sender_hash OR b.kind = 'telepon' AND k.phone_hash = b.sender_hash
				OR b.kind = 'perangkat' AND k.device_hash = b.sender_hash))::int AS held
FROM mtr_block b
JOIN mtr_report r ON r.id = b.report_id
JOIN authn_account a ON a.id = b.created_by
LEFT JOIN authn_account e ON e.id = b.ended_by
WHERE r.dispatch_unit_id IN (SELECT id FROM org_unit WHERE ancestors && $2)
ORDER BY b.ended_at IS NOT NULL OR b.until_at <= $1, b.id DESC LIMIT 200`

// Blocks lists the blocks of senders from where the actor moderates, those that hold first, the
// newest 200. Needs PermModerate.
func (m *Module) Blocks(ctx context.Context, a authz.Actor) (_ []Blocked, err error) {
	defer errs.In(&err, "mtr.Blocks")
	if err := needs(a, PermModerate); err != nil {
		return nil, err
	}
	return pg.Many[Blocked](ctx, m.db, sqlBlocks, m.now(), a.Units(PermModerate))
}

const sqlBlockWithin = `
SELECT b.id FROM mtr_block b JOIN mtr_report r ON r.id = b.report_id JOIN org_unit u ON u.id = r.dispatch_unit_id
WHERE b.id = $1 AND u.ancestors && $2`

const sqlEndBlock = `
UPDATE mtr_block SET ended_at = $2, ended_by = $3, end_reason = $4 WHERE id = $1 AND ended_at IS NULL AND until_at > $2`

// EndBlock takes a sender off the list. What waits because of it still waits for a moderator.
// A block of elsewhere is errs.NotFound.
func (m *Module) EndBlock(ctx context.Context, a authz.Actor, id int64, reason string) (err error) {
	defer errs.In(&err, "mtr.EndBlock(%d)", id)
	if err := needs(a, PermModerate); err != nil {
		return err
	}
	var r reading
	reason = r.words(ControlReason, reason, "Tulis mengapa blokirnya diakhiri.", MaxReason)
	if err := r.err(); err != nil {
		return err
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if _, err := pg.Scalar[int64](ctx, tx, sqlBlockWithin, id, a.Units(PermModerate)); err != nil {
			return err
		}
		err := pg.Changed(tx.Exec(ctx, sqlEndBlock, id, m.now(), a.AccountID, reason))
		if errs.KindOf(err) == errs.Conflict {
			return errs.New(errs.Conflict, "Blokir ini sudah berakhir.")
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: "mtr.block.end", Object: "mtr_block", ObjectID: id, Detail: map[string]any{"alasan": reason}})
	})
}

// BlockNote is what the sender of a report that is held by the block list reads about it.
type BlockNote struct {
	Reason  string
	UntilAt time.Time
}

const sqlBlockOf = `
SELECT b.reason, b.until_at FROM mtr_contact k JOIN mtr_block b ON b.kind = 'email' AND b.sender_hash = k.email_hash
	OR b.kind = 'telepon' AND b.sender_hash = k.phone_hash OR b.kind = 'perangkat' AND b.sender_hash = k.device_hash
WHERE k.report_id = $1 AND b.ended_at IS NULL AND b.until_at > $2 ORDER BY b.until_at DESC LIMIT 1`

func (m *Module) blockOf(ctx context.Context, q pg.Querier, reportID int64) (BlockNote, error) {
	n, err := pg.One[BlockNote](ctx, q, sqlBlockOf, reportID, m.now())
	if errs.KindOf(err) == errs.NotFound { // ended since, or by the account's own address
		return BlockNote{}, nil
	}
	return n, err
}

// Appeal objects to being held by the block list, once for each report; moderators read it.
func (m *Module) Appeal(ctx context.Context, a authz.Actor, k ReporterKey, words string) (err error) {
	defer errs.In(&err, "mtr.Appeal")
	words = strings.TrimSpace(words)
	err = m.asReporter(ctx, a, k, ActAppeal, Change{}, words, func() []errs.Field {
		return checkLength(ControlBody, words, 10, "Tulis mengapa laporan ini perlu diproses.")
	})
	if pg.Violates(err, "mtr_event_appeal_key") {
		return errs.New(errs.Conflict, "Keberatan Anda sudah kami terima. Petugas sedang memeriksanya.")
	}
	return err
}

func isBlockedCase(c *Case, _ Moment) error {
	if !c.Blocked {
		return errs.New(errs.Conflict, "Laporan ini tidak ditahan karena blokir.")
	}
	return nil
}

// notBlocked: only a moderator lets a blocked sender's report through.
func notBlocked(c *Case, _ Moment) error {
	if c.Blocked {
		return errs.New(errs.Conflict, "Laporan ini ditahan sampai petugas memeriksanya; kode kontak tidak diperlukan.")
	}
	return nil
}

const (
	sqlForgetDevices = `
UPDATE mtr_contact k SET device_hash = NULL FROM mtr_report r WHERE r.id = k.report_id AND k.device_hash IS NOT NULL AND r.submitted_at <= $1`
	sqlPurgeBlocks = `DELETE FROM mtr_block WHERE COALESCE(ended_at, until_at) <= $1`
)
