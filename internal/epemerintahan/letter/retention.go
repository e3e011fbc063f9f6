package letter

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// PreviewDays is for how many days ahead one sees which scans go. A letter keeps the version of
// its kind, so how long its scans stay never changes: what goes was on the list before.
const PreviewDays = 7

// Controls of a hold.
const (
	ControlHoldNumber = "nomor"
	ControlAskedBy    = "diminta_oleh"
	ControlHoldReason = "alasan"
)

// scansGo is when scan s of letter l, which has come to its end, goes. v is its kind.
const scansGo = `GREATEST(s.uploaded_at + interval '30 days', COALESCE(l.issued_at, l.status_at)
	+ make_interval(days => GREATEST(30, COALESCE(NULLIF((v.definition ->> 'keep_days')::integer, 0), 365))))`

// kept is the condition that somebody wants the papers of letter l as they are, or did within the
// day before $1: what was held by mistake no more can be held again.
const kept = `EXISTS (SELECT FROM epemerintahan_letter_hold h WHERE h.letter_id = l.id AND (h.lifted_at IS NULL OR h.lifted_at > $1::timestamptz - interval '1 day'))`

// ScansDue is a letter whose scans go soon, or would if it were not held. It has no words and no
// names: whoever looks need not know what it is about.
type ScansDue struct {
	ID        int64
	Number    string
	Kelurahan string
	Scans     int
	GoesAt    time.Time
	Held      bool
}

const sqlScansDue = `
SELECT l.id, COALESCE(l.request_number, '') AS number, u.name AS kelurahan, count(*)::int AS scans, min(` + scansGo + `) AS goes_at, ` + kept + ` AS held
FROM epemerintahan_letter_scan s JOIN epemerintahan_letter l ON l.id = s.letter_id
JOIN epemerintahan_kind_version v ON v.id = l.kind_version_id JOIN org_unit u ON u.id = l.kelurahan_id
WHERE s.purged_at IS NULL AND s.removed_at IS NULL AND NOT l.open AND u.ancestors && $2::bigint[] AND ` + scansGo + ` <= $1::timestamptz + make_interval(days => $3)
GROUP BY l.id, u.name ORDER BY goes_at, l.id LIMIT 500`

// ScansDue lists the letters whose scans go within [PreviewDays], the earliest first, at most
// 500. Needs PermConfigure there.
func (m *Module) ScansDue(ctx context.Context, a authz.Actor) (_ []ScansDue, err error) {
	defer errs.In(&err, "letter.ScansDue")
	return pg.Many[ScansDue](ctx, m.db, sqlScansDue, m.now(), a.Units(PermConfigure), PreviewDays)
}

// Hold keeps the scans of a letter, because a court, the police or the Inspektorat asked.
type Hold struct {
	ID      int64
	Number  string
	AskedBy string
	Reason  string
	SetBy   string // name
	SetAt   time.Time
}

const (
	sqlHolds = `
SELECT h.id, COALESCE(l.request_number, '') AS number, h.asked_by, h.reason, n.name AS set_by, h.set_at
FROM epemerintahan_letter_hold h JOIN epemerintahan_letter l ON l.id = h.letter_id JOIN org_unit u ON u.id = l.kelurahan_id JOIN authn_account n ON n.id = h.set_by
WHERE h.lifted_at IS NULL AND u.ancestors && $1::bigint[] ORDER BY h.id DESC LIMIT 500`

	// The row stays locked: none of its scans goes meanwhile.
	sqlLetterToHold = `
SELECT l.id AS letter_id, l.kelurahan_id FROM epemerintahan_letter l JOIN org_unit u ON u.id = l.kelurahan_id WHERE l.request_number = $1 AND u.ancestors && $2::bigint[] FOR UPDATE OF l`

	sqlScansLeft = `SELECT EXISTS (SELECT FROM epemerintahan_letter_scan WHERE letter_id = $1 AND purged_at IS NULL)`

	sqlInsertHold = `INSERT INTO epemerintahan_letter_hold (letter_id, asked_by, reason, set_by, set_at) VALUES ($1, $2, $3, $4, $5) RETURNING id`

	sqlLiftHold = `
UPDATE epemerintahan_letter_hold h SET lifted_by = $2, lifted_at = $3 FROM epemerintahan_letter l JOIN org_unit u ON u.id = l.kelurahan_id
WHERE h.id = $1 AND h.lifted_at IS NULL AND l.id = h.letter_id AND u.ancestors && $4::bigint[] RETURNING h.letter_id, l.kelurahan_id`
)

// Holds are the letters that are held now, newest first. Needs PermConfigure there.
func (m *Module) Holds(ctx context.Context, a authz.Actor) (_ []Hold, err error) {
	defer errs.In(&err, "letter.Holds")
	return pg.Many[Hold](ctx, m.db, sqlHolds, a.Units(PermConfigure))
}

// heldLetter is a letter as a hold is set or lifted.
type heldLetter struct{ LetterID, KelurahanID int64 }

// HoldLetter keeps the scans of a letter until the hold is lifted. A number that is none of the
// actor's is a wrong field; held already, or without scans any more, is errs.Conflict. Needs
// PermConfigure there.
func (m *Module) HoldLetter(ctx context.Context, a authz.Actor, number, askedBy, reason string) (err error) {
	defer errs.In(&err, "letter.HoldLetter")
	number, askedBy, reason = strings.ToUpper(strings.TrimSpace(number)), strings.TrimSpace(askedBy), strings.TrimSpace(reason)
	var wrong []errs.Field
	if n := utf8.RuneCountInString(askedBy); n < 3 || n > 200 {
		wrong = append(wrong, errs.Field{Name: ControlAskedBy, Message: "Tulis siapa yang memintanya, 3 sampai 200 huruf."})
	}
	if n := utf8.RuneCountInString(reason); n < 5 || n > 2000 {
		wrong = append(wrong, errs.Field{Name: ControlHoldReason, Message: "Tulis alasannya, misalnya nomor surat permintaannya."})
	}
	now := m.now()
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		l, err := pg.One[heldLetter](ctx, tx, sqlLetterToHold, number, a.Units(PermConfigure))
		if err != nil && errs.KindOf(err) == errs.NotFound {
			wrong = append([]errs.Field{{Name: ControlHoldNumber, Message: "Tidak ada permohonan dengan nomor ini di wilayah Anda."}}, wrong...)
			err = nil
		}
		if err != nil {
			return err
		}
		if len(wrong) > 0 {
			return errs.Invalid(wrong...)
		}
		left, err := pg.Scalar[bool](ctx, tx, sqlScansLeft, l.LetterID)
		if err != nil {
			return err
		}
		if !left {
			return errs.New(errs.Conflict, "Permohonan ini tidak mempunyai pindaian, atau pindaiannya sudah terhapus.")
		}
		hold, err := pg.Scalar[int64](ctx, tx, sqlInsertHold, l.LetterID, askedBy, reason, a.AccountID, now)
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, now, audit.Entry{Action: "epemerintahan.letter.hold", Object: object, ObjectID: l.LetterID, UnitID: l.KelurahanID, Detail: map[string]any{"penahanan": hold, "nomor": number}})
	})
	if pg.Violates(err, "epemerintahan_letter_hold_letter_key") {
		return errs.New(errs.Conflict, "Permohonan ini sudah ditahan.")
	}
	return err
}

// LiftHold ends a hold; what is over goes a day later. Ended already, or of another kelurahan, is
// errs.NotFound. Needs PermConfigure there.
func (m *Module) LiftHold(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "letter.LiftHold(%d)", id)
	now := m.now()
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		l, err := pg.One[heldLetter](ctx, tx, sqlLiftHold, id, a.AccountID, now, a.Units(PermConfigure))
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, now, audit.Entry{Action: "epemerintahan.letter.lift_hold", Object: object, ObjectID: l.LetterID, UnitID: l.KelurahanID, Detail: map[string]any{"penahanan": id}})
	})
}
