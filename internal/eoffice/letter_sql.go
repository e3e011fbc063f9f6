package eoffice

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// caseColumns select a Case for a person ($2) at a moment ($3) from eoffice_letter l.
const caseColumns = `
	l.seq, l.status, l.status_at, l.secrecy, l.urgency, l.mode, l.version, l.content_hash, l.chain, l.step, COALESCE(l.desk_id, 0) AS desk_id,
	l.due_at, COALESCE(l.letter_year, 0) AS letter_year, COALESCE(l.letter_no, 0) AS letter_no, COALESCE(l.letter_number, '') AS letter_number,
	l.dated_at, l.blocks, l.pdf_key, l.scan_key, l.pdf_hash, l.signed_at, l.sent_at, l.revoke_reason,
	l.id, l.origin, l.kind_code, l.unit_id, u.name AS unit_name, u.ancestors, l.drafter_id, l.drafted_by, l.created_at, l.saved, l.kka,
	l.sender_number, l.counted_secret,
	l.secrecy = 'SR' AND l.content_sealed IS NOT NULL AND (SELECT keep_most_secret FROM eoffice_city) AS body_kept,
	COALESCE((SELECT jsonb_agg(ru.ancestors) FROM eoffice_recipient r JOIN org_unit ru ON ru.id = r.unit_id
		WHERE r.letter_id = l.id AND r.sent_at IS NOT NULL), '[]') AS receivers,
	ARRAY(SELECT r.position_id FROM eoffice_recipient r
		WHERE r.letter_id = l.id AND r.sent_at IS NOT NULL AND r.role = 'kepada' AND r.position_id IS NOT NULL) AS addressees,
	(SELECT min(r.at) FROM ` + itsReaders + `) AS reader_since,
	EXISTS (SELECT FROM ` + itsReaders + ` AND r.why IN ('konseptor', 'rantai')) AS wrote
FROM eoffice_letter l
JOIN org_unit u ON u.id = l.unit_id`

// itsReaders are the desks r that had the letter l and at which the person ($2) sits s at a
// moment ($3). Who only stands in sees what is confidential only where it came in their time,
// and the most secret not at all; a deputy sees nothing confidential.
const itsReaders = `eoffice_reader r JOIN (SELECT * FROM eoffice_seat UNION ALL SELECT * FROM eoffice_deputy_seat) s ON s.position_id = r.position_id
		WHERE r.letter_id = l.id AND s.person_id = $2 AND s.starts_at <= $3 AND (s.ends_at IS NULL OR s.ends_at > $3)
			AND (s.kind = 'definitif' OR l.secrecy IN ('B', 'T') OR l.secrecy = 'R' AND s.kind NOT IN ('sekretaris', 'limpahan') AND r.at >= s.starts_at)`

const sqlCase = `SELECT` + caseColumns + ` WHERE l.id = $1`

const sqlLockCase = sqlCase + ` FOR UPDATE OF l`

const sqlUpdateState = `
UPDATE eoffice_letter SET
	seq = $4, status = $5, status_at = $6, secrecy = $7, urgency = $8, mode = $9, version = $10, content_hash = $11, chain = $12, step = $13,
	desk_id = NULLIF($14::bigint, 0), due_at = $15, letter_year = NULLIF($16::integer, 0), letter_no = NULLIF($17::bigint, 0),
	letter_number = NULLIF($18::text, ''), dated_at = $19, blocks = $20, pdf_key = $21, scan_key = $22, pdf_hash = $23,
	signed_at = $24, sent_at = $25, revoke_reason = $26, updated_at = $27,
	counted_secret = CASE WHEN letter_no IS NULL THEN $7 IN ('R', 'SR') ELSE counted_secret END
WHERE id = $1 AND status = $2 AND seq = $3`

const sqlInsertEvent = `
INSERT INTO eoffice_event (letter_id, object, object_id, seq, action, from_status, to_status, at, actor_id, position_id, occupancy, title, role,
	minutes, reason, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULLIF($9::bigint, 0), NULLIF($10::bigint, 0), $11, $12, $13, $14, $15, $16)`

const sqlEvents = `
SELECT seq, action, from_status AS "from", to_status AS "to", at, COALESCE(actor_id, 0) AS actor_id, COALESCE(position_id, 0) AS position_id,
	occupancy AS seat, title, role, minutes, reason, detail AS change
FROM eoffice_event WHERE object = 'naskah' AND object_id = $1 ORDER BY seq`

// Show is who may open a letter from now on. A desk that had it already keeps its day.
const sqlShow = `
INSERT INTO eoffice_reader (letter_id, position_id, at, why) SELECT $1, p, $3, $4 FROM unnest($2::bigint[]) p
ON CONFLICT (letter_id, position_id) DO NOTHING`

// lockCase reads the letter as a person finds it at a moment and holds its row until the
// transaction ends.
func lockCase(ctx context.Context, q pg.Querier, id, personID int64, at time.Time) (Case, error) {
	c, err := caseOf(pg.One[Case](ctx, q, sqlLockCase, id, personID, at))
	return awaiting(ctx, q, c, err)
}

func readCase(ctx context.Context, q pg.Querier, id, personID int64, at time.Time) (Case, error) {
	c, err := caseOf(pg.One[Case](ctx, q, sqlCase, id, personID, at))
	return awaiting(ctx, q, c, err)
}

// awaiting adds what signing waits for, counted after the row is held: who asks for an
// opinion holds it too.
func awaiting(ctx context.Context, q pg.Querier, c Case, err error) (Case, error) {
	if err == nil && c.Status == AwaitingSign {
		c.Awaited, err = pg.Scalar[int](ctx, q, sqlAwaited, c.ID)
		if err == nil && c.Strategic {
			c.Waived, err = pg.Scalar[bool](ctx, q, sqlWaived, c.ID)
		}
	}
	return c, err
}

// columns of the row that follow from the state, in the order of [sqlUpdateState].
func (s State) columns(at time.Time) []any {
	return []any{
		s.Seq, s.Status, s.StatusAt, s.Secrecy, s.Urgency, s.Mode, s.Version, bytesOf(s.ContentHash), listOf(s.Chain), s.Step,
		s.DeskID, s.DueAt, s.LetterYear, s.LetterNo,
		s.LetterNumber, s.DatedAt, listOf(s.Blocks), s.PDFKey, s.ScanKey, s.PDFHash,
		s.SignedAt, s.SentAt, s.RevokeReason, at,
	}
}

// listOf is a list that the database does not take for NULL.
func listOf[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func bytesOf(b []byte) []byte { return listOf(b) }

// saveState is the compare-and-set of the row: old is what the decision rested on.
func saveState(ctx context.Context, q pg.Querier, id int64, old, s State, at time.Time) error {
	return pg.Changed(q.Exec(ctx, sqlUpdateState, append([]any{id, old.Status, old.Seq}, s.columns(at)...)...))
}

// What an event of [eoffice_event] happened to.
const (
	onLetter      = "naskah"
	onRecipient   = "kiriman"
	onDisposition = "disposisi"
)

func insertEvent(ctx context.Context, q pg.Querier, letterID int64, e Event) error {
	return pg.Exec(ctx, q, sqlInsertEvent, letterID, onLetter, letterID, e.Seq, e.Action, e.From, e.To, e.At, e.ActorID, e.PositionID, e.Seat, e.Title,
		e.Role, e.Minutes, e.Reason, e.Change)
}
