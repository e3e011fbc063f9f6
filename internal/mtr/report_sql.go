package mtr

import (
	"context"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// caseColumns select a Case from mtr_report r with its joins.
const caseColumns = `
	r.seq, r.status, r.resume, COALESCE(r.unit_id, 0) AS unit_id, COALESCE(r.assignee_id, 0) AS assignee_id,
	COALESCE(r.assignee_person, 0) AS assignee_person, r.bounces, r.hops, r.priority, r.priority_set, r.reopens, r.due_kind, r.due_at, r.warn_at,
	r.work_due_at, r.paused_at, r.paused_secs, r.paused_early, r.expected_at, r.received_at, r.published_at, r.hidden_at, r.responded_at,
	r.forwarded_at, r.started_at, r.done_at, r.first_done_at, r.closed_at, COALESCE(r.proof_by, 0) AS proof_by,
	COALESCE(r.validated_by, 0) AS validated_by, COALESCE(r.parent_id, 0) AS parent_id, r.agency, r.agency_ref,
	r.agency_answer, r.disputed, r.photos_released_at, r.photos_until, r.originals_until, r.rating, r.escalated_unit_at, r.escalated_mayor_at,
	r.status_changed_at,
	r.id, r.number, r.title, c.code AS category_code, r.class, r.confidential, r.anonymous, 'diblokir' = ANY (r.held_for) AS blocked, r.field_check, r.proof,
	COALESCE(r.account_id, 0) AS account_id, r.dispatch_unit_id, d.ancestors AS dispatch_ancestors,
	COALESCE(u.ancestors, '{}') AS unit_ancestors, COALESCE(u.name, '') AS unit_name,
	ARRAY(
		SELECT e.actor_id FROM mtr_event e
		WHERE e.report_id = r.id AND e.actor_id IS NOT NULL AND (e.action = 'submit_proof' OR e.role = 'petugas')
		UNION
		SELECT p.uploaded_by FROM mtr_photo p
		WHERE p.report_id = r.id AND p.kind = 'sesudah' AND p.event_seq IS NOT NULL AND p.uploaded_by IS NOT NULL
		UNION
		SELECT d.uploaded_by FROM mtr_document d
		WHERE d.report_id = r.id AND d.event_seq IS NOT NULL AND d.uploaded_by IS NOT NULL
	) AS doers`

const caseJoins = `
FROM mtr_report r
JOIN mtr_category c ON c.id = r.category_id
JOIN org_unit d ON d.id = r.dispatch_unit_id
LEFT JOIN org_unit u ON u.id = r.unit_id`

const sqlCase = `SELECT` + caseColumns + caseJoins + ` WHERE r.id = $1`

const sqlCaseForUpdate = sqlCase + ` FOR UPDATE OF r`

const sqlCaseByNumber = `SELECT` + caseColumns + caseJoins + ` WHERE r.number = $1`

const sqlUpdateState = `
UPDATE mtr_report SET
	seq = $4, status = $5, resume = $6, unit_id = NULLIF($7::bigint, 0), assignee_id = NULLIF($8::bigint, 0),
	assignee_person = NULLIF($9::bigint, 0), bounces = $10, reopens = $11, due_kind = $12, due_at = $13, warn_at = $14,
	work_due_at = $15, paused_at = $16, expected_at = $17, received_at = $18, published_at = $19, hidden_at = $20,
	responded_at = $21, forwarded_at = $22, started_at = $23, done_at = $24, closed_at = $25,
	proof_by = NULLIF($26::bigint, 0), validated_by = NULLIF($27::bigint, 0), parent_id = NULLIF($28::bigint, 0),
	agency = $29, agency_ref = $30, agency_answer = $31, disputed = $32, photos_released_at = $33, rating = $34,
	escalated_unit_at = $35, escalated_mayor_at = $36, status_changed_at = $37, paused_secs = $38, paused_early = $39, first_done_at = $40,
	photos_until = $41, originals_until = $42, hops = $43, priority = $44, priority_set = $45
WHERE id = $1 AND status = $2 AND seq = $3`

const sqlInsertEvent = `
INSERT INTO mtr_event (report_id, seq, action, from_status, to_status, at, actor_id, actor_kind, role, unit_id,
	position_id, audience, reason, change)
VALUES ($1, $2, $3, $4, $5, $6, NULLIF($7::bigint, 0), $8, $9, NULLIF($10::bigint, 0), NULLIF($11::bigint, 0), $12, $13, $14)`

const sqlEvents = `
SELECT seq, action, from_status AS "from", to_status AS "to", at, COALESCE(actor_id, 0) AS actor_id, actor_kind, role,
	COALESCE(unit_id, 0) AS unit_id, COALESCE(position_id, 0) AS position, audience, reason, change
FROM mtr_event WHERE report_id = $1 ORDER BY seq`

const sqlInsertMessage = `INSERT INTO mtr_message (report_id, event_seq, body) VALUES ($1, $2, $3)`

// lockCase reads the report and holds its row until the transaction ends.
func lockCase(ctx context.Context, tx pgx.Tx, id int64) (Case, error) {
	c, err := pg.One[Case](ctx, tx, sqlCaseForUpdate, id)
	if errs.KindOf(err) == errs.NotFound {
		// Somebody put it under another category while this waited: what was joined is not
		// its row's any more.
		return pg.One[Case](ctx, tx, sqlCaseForUpdate, id)
	}
	return c, err
}

// saveState is the compare-and-set of the row: old is what the decision rested on.
func saveState(ctx context.Context, q pg.Querier, id int64, old, s State) error {
	err := pg.Changed(q.Exec(ctx, sqlUpdateState, id, old.Status, old.Seq,
		s.Seq, s.Status, s.Resume, s.UnitID, s.AssigneeID, s.AssigneePerson, s.Bounces, s.Reopens, s.DueKind, s.DueAt,
		s.WarnAt, s.WorkDueAt, s.PausedAt, s.ExpectedAt, s.ReceivedAt, s.PublishedAt, s.HiddenAt, s.RespondedAt,
		s.ForwardedAt, s.StartedAt, s.DoneAt, s.ClosedAt, s.ProofBy, s.ValidatedBy, s.ParentID, s.Agency, s.AgencyRef,
		s.AgencyAnswer, s.Disputed, s.PhotosReleasedAt, s.Rating, s.EscalatedUnitAt, s.EscalatedMayorAt, s.StatusChangedAt,
		s.PausedSecs, s.PausedEarly, s.FirstDoneAt, s.PhotosUntil, s.OriginalsUntil, s.Hops, s.Priority, s.PrioritySet))
	if pg.Violates(err, "mtr_report_code_key") { // it was free while the report was closed
		return errs.New(errs.Conflict, "Kode singkat laporan ini sedang dipakai laporan lain. Coba lagi sesudah laporan itu ditutup.")
	}
	if pg.Violates(err, "mtr_report_validation_check") {
		return errs.New(errs.Forbidden, "Bukti harus divalidasi oleh orang lain.")
	}
	return err
}

func insertEvent(ctx context.Context, q pg.Querier, reportID int64, e Event) error {
	return pg.Exec(ctx, q, sqlInsertEvent, reportID, e.Seq, e.Action, e.From, e.To, e.At, e.ActorID, e.ActorKind, e.Role,
		e.UnitID, e.Position, e.Audience, e.Reason, e.Change)
}

// events of a report, oldest first.
func events(ctx context.Context, q pg.Querier, reportID int64) ([]Event, error) {
	return pg.Many[Event](ctx, q, sqlEvents, reportID)
}
