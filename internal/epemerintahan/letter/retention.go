package letter

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/hold"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// scansGo is when scan s of letter l, which has come to its end, goes. v is its kind.
const scansGo = `GREATEST(s.uploaded_at + interval '30 days', COALESCE(l.issued_at, l.status_at)
	+ make_interval(days => GREATEST(30, COALESCE(NULLIF((v.definition ->> 'keep_days')::integer, 0), 365))))`

// inForce is the condition of a hold h that somebody wants something as it is, or did within the
// day before $1: what was held by mistake no more can be held again.
const inForce = `(h.lifted_at IS NULL OR h.lifted_at > $1::timestamptz - interval '1 day')`

// kept is the condition that the papers of letter l are held, photoKept that the photo of claim i is.
const (
	kept      = `EXISTS (SELECT FROM epemerintahan_letter_hold h WHERE h.letter_id = l.id AND ` + inForce + `)`
	photoKept = `EXISTS (SELECT FROM epemerintahan_letter_hold h WHERE h.claim_id = i.id AND ` + inForce + `)`
)

// photoGoes is when the photo of claim i, which is decided or ended, goes.
const photoGoes = `i.decided_at + interval '30 days'`

// claimPrefix begins the number by which a claim of identity is called on paper.
const claimPrefix = "KTP-"

// ClaimNumber is what the claim with an ID is called on paper.
func ClaimNumber(id int64) string { return claimPrefix + strconv.FormatInt(id, 10) }

// FilesDue are the scans of a letter, or the photo of a KTP, that go soon or would if they were
// not held. It has no words and no names: whoever looks need not know what it is about.
type FilesDue struct {
	Number    string
	Photo     bool // of a KTP, not scans of a letter
	Kelurahan string
	Files     int
	GoesAt    time.Time
	Held      bool
}

// A letter keeps the version of its kind, so how long its scans stay never changes: what goes was
// on the list before.
const sqlFilesDue = `
SELECT COALESCE(l.request_number, '') AS number, false AS photo, u.name AS kelurahan, count(*)::int AS files, min(` + scansGo + `) AS goes_at, ` + kept + ` AS held
FROM epemerintahan_letter_scan s JOIN epemerintahan_letter l ON l.id = s.letter_id
JOIN epemerintahan_kind_version v ON v.id = l.kind_version_id JOIN org_unit u ON u.id = l.kelurahan_id
WHERE s.purged_at IS NULL AND s.removed_at IS NULL AND NOT l.open AND u.ancestors && $2::bigint[] AND ` + scansGo + ` <= $1::timestamptz + make_interval(days => $3)
GROUP BY l.id, u.name
UNION ALL
SELECT '` + claimPrefix + `' || i.id, true, u.name, 1, ` + photoGoes + `, ` + photoKept + `
FROM epemerintahan_identity i JOIN org_unit u ON u.id = i.kelurahan_id
WHERE i.scan_key <> '' AND i.status <> 'menunggu' AND i.decided_at <= $1::timestamptz + make_interval(days => $3) - interval '30 days' AND u.ancestors && $2::bigint[]
ORDER BY goes_at, number LIMIT 500`

// FilesDue lists whose files go within [hold.PreviewDays], the earliest first, at most 500. Needs
// PermConfigure there.
func (m *Module) FilesDue(ctx context.Context, a authz.Actor) (_ []FilesDue, err error) {
	defer errs.In(&err, "letter.FilesDue")
	return pg.Many[FilesDue](ctx, m.db, sqlFilesDue, m.now(), a.Units(PermConfigure), hold.PreviewDays)
}

// $1 are the units; what lies elsewhere does not exist.
const (
	sqlHolds = `
SELECT h.id, COALESCE(l.request_number, '` + claimPrefix + `' || h.claim_id, '') AS number, h.asked_by, h.reason, n.name AS set_by, h.set_at
FROM epemerintahan_letter_hold h LEFT JOIN epemerintahan_letter l ON l.id = h.letter_id LEFT JOIN epemerintahan_identity i ON i.id = h.claim_id
JOIN org_unit u ON u.id = COALESCE(l.kelurahan_id, i.kelurahan_id) JOIN authn_account n ON n.id = h.set_by
WHERE h.lifted_at IS NULL AND u.ancestors && $1::bigint[] ORDER BY h.id DESC LIMIT 500`

	// The row stays locked: none of its files goes meanwhile.
	sqlLetterToHold = `
SELECT l.id AS letter_id, 0::bigint AS claim_id, l.kelurahan_id FROM epemerintahan_letter l JOIN org_unit u ON u.id = l.kelurahan_id WHERE u.ancestors && $1::bigint[] AND l.request_number = $2 FOR UPDATE OF l`

	sqlClaimToHold = `
SELECT 0::bigint AS letter_id, i.id AS claim_id, i.kelurahan_id FROM epemerintahan_identity i JOIN org_unit u ON u.id = i.kelurahan_id
WHERE u.ancestors && $1::bigint[] AND '` + claimPrefix + `' || i.id = $2 FOR UPDATE OF i`

	sqlFilesLeft = `
SELECT EXISTS (SELECT FROM epemerintahan_letter_scan WHERE letter_id = $1 AND purged_at IS NULL)
	OR EXISTS (SELECT FROM epemerintahan_identity WHERE id = $2 AND scan_key <> '')`

	sqlInsertHold = `
INSERT INTO epemerintahan_letter_hold (letter_id, claim_id, asked_by, reason, set_by, set_at) VALUES (NULLIF($1::bigint, 0), NULLIF($2::bigint, 0), $3, $4, $5, $6) RETURNING id`

	sqlLiftHold = `
UPDATE epemerintahan_letter_hold h SET lifted_by = $3, lifted_at = $4 FROM org_unit u
WHERE h.id = $2 AND h.lifted_at IS NULL AND u.ancestors && $1::bigint[]
	AND u.id = COALESCE((SELECT kelurahan_id FROM epemerintahan_letter WHERE id = h.letter_id), (SELECT kelurahan_id FROM epemerintahan_identity WHERE id = h.claim_id))
RETURNING COALESCE(h.letter_id, 0) AS letter_id, COALESCE(h.claim_id, 0) AS claim_id, u.id AS kelurahan_id`
)

// Holds are the letters and claims that are held now, newest first. Needs PermConfigure there.
func (m *Module) Holds(ctx context.Context, a authz.Actor) (_ []hold.Hold, err error) {
	defer errs.In(&err, "letter.Holds")
	return pg.Many[hold.Hold](ctx, m.db, sqlHolds, a.Units(PermConfigure))
}

// held is a letter or a claim as a hold is set or lifted.
type held struct{ LetterID, ClaimID, KelurahanID int64 }

// trail writes down that a hold was set or lifted.
func (h held) trail(ctx context.Context, tx pgx.Tx, a authz.Actor, at time.Time, verb string, holdID int64) error {
	e := audit.Entry{Action: "epemerintahan.letter." + verb, Object: object, ObjectID: h.LetterID, UnitID: h.KelurahanID, Detail: map[string]any{"penahanan": holdID}}
	if h.ClaimID != 0 {
		e.Action, e.Object, e.ObjectID = "epemerintahan.identity."+verb, objectIdentity, h.ClaimID
	}
	return audit.Write(ctx, tx, a, at, e)
}

// HoldFiles keeps the scans of a letter, or the photo of a claim, until the hold is lifted. A
// number that is none of the actor's is a wrong field; held already, or without files any more, is
// errs.Conflict. Needs PermConfigure there.
func (m *Module) HoldFiles(ctx context.Context, a authz.Actor, in hold.Input) (err error) {
	defer errs.In(&err, "letter.HoldFiles")
	in, wrong := in.Tidy()
	find := sqlLetterToHold
	if strings.HasPrefix(in.Number, claimPrefix) {
		find = sqlClaimToHold
	}
	now := m.now()
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		h, err := pg.One[held](ctx, tx, find, a.Units(PermConfigure), in.Number)
		if err != nil && errs.KindOf(err) == errs.NotFound {
			wrong = append([]errs.Field{{Name: hold.ControlNumber, Message: "Tidak ada permohonan dengan nomor ini di wilayah Anda."}}, wrong...)
			err = nil
		}
		if err != nil {
			return err
		}
		if len(wrong) > 0 {
			return errs.Invalid(wrong...)
		}
		left, err := pg.Scalar[bool](ctx, tx, sqlFilesLeft, h.LetterID, h.ClaimID)
		if err != nil {
			return err
		}
		if !left {
			return errs.New(errs.Conflict, "Permohonan ini tidak mempunyai pindaian atau foto, atau sudah terhapus.")
		}
		id, err := pg.Scalar[int64](ctx, tx, sqlInsertHold, h.LetterID, h.ClaimID, in.AskedBy, in.Reason, a.AccountID, now)
		if err != nil {
			return err
		}
		return h.trail(ctx, tx, a, now, "hold", id)
	})
	if pg.Violates(err, "epemerintahan_letter_hold_letter_key") || pg.Violates(err, "epemerintahan_letter_hold_claim_key") {
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
		h, err := pg.One[held](ctx, tx, sqlLiftHold, a.Units(PermConfigure), id, a.AccountID, now)
		if err != nil {
			return err
		}
		return h.trail(ctx, tx, a, now, "lift_hold", id)
	})
}
