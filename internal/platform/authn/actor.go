package authn

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// LoadActor returns accountID as the actor of a request at that time: the positions
// held then, and what the account and these positions may do where. NeedsTOTP is set
// for staff without a confirmed second factor; whether that matters is configuration.
//
// An account that does not exist, is disabled or closed is errs.Unauthenticated.
func LoadActor(ctx context.Context, q pg.Querier, accountID int64, at time.Time) (_ authz.Actor, err error) {
	defer errs.In(&err, "authn.LoadActor(%d)", accountID)
	row, err := pg.One[actorRow](ctx, q, sqlActor, accountID, at, authz.Overseen)
	if errs.KindOf(err) == errs.NotFound {
		return authz.Actor{}, errs.Wrap(errs.Unauthenticated, err, "")
	}
	if err != nil {
		return authz.Actor{}, err
	}
	return authz.Actor{
		AccountID: accountID,
		Kind:      authz.Kind(row.Kind),
		Name:      row.Name,
		Email:     row.Email,
		PersonID:  row.PersonID,
		Positions: row.Positions,
		Grants:    row.Grants,
		NeedsTOTP: row.Kind == string(authz.Staff) && !row.HasTOTP,
	}, nil
}

type actorRow struct {
	Kind      string
	Name      string
	Email     string
	HasTOTP   bool
	PersonID  int64
	Positions []authz.Position
	Grants    []authz.Grant
}

// One round trip for the whole actor: it runs with every request of a signed-in
// person. The JSON keys are the field names of authz.Position and authz.Grant.
//
// This is the one place that binds the Inspektorat: what a post in it is granted over the
// material of others ($3 are the modules) shrinks to the Inspektorat itself (own), and reaches
// beyond it where a running assignment names the person and covers the unit (assigned). What was
// granted to the account while its owner had a post there is bound like it, and over when they
// have none any more (ended): what they need elsewhere is granted anew.
const sqlActor = `
WITH held AS (
    SELECT p.id AS position_id, o.id AS occupancy_id, p.unit_id, p.title, u.name AS unit_name, o.kind, n.id AS person_id,
        (SELECT i.id FROM org_unit i WHERE i.id = ANY (u.ancestors) AND i.kind = 'inspektorat' LIMIT 1) AS inspectorate
    FROM org_person n
    JOIN org_occupancy o ON o.person_id = n.id AND o.during @> $2::timestamptz
    JOIN org_position p ON p.id = o.position_id
    JOIN org_unit u ON u.id = p.unit_id
    WHERE n.account_id = $1
), given AS (
    SELECT rp.permission, split_part(rp.permission, '.', 1) AS module, g.unit_id,
        CASE WHEN split_part(rp.permission, '.', 1) <> ALL ($3::text[]) THEN NULL
            WHEN g.position_id IS NULL THEN (SELECT max(inspectorate) FROM held) ELSE h.inspectorate END AS inspectorate
    FROM authz_grant g
    JOIN authz_role_permission rp ON rp.role_id = g.role_id
    LEFT JOIN held h ON h.position_id = g.position_id
    WHERE (g.account_id = $1 OR g.position_id IN (SELECT position_id FROM held))
      AND g.valid_from <= $2 AND (g.valid_to IS NULL OR g.valid_to > $2)
      AND NOT (g.account_id IS NOT NULL AND split_part(rp.permission, '.', 1) = ANY ($3::text[])
        AND NOT EXISTS (SELECT FROM held WHERE inspectorate IS NOT NULL)
        AND EXISTS ( -- ended
            SELECT FROM org_person n JOIN org_occupancy o ON o.person_id = n.id AND (o.during @> g.created_at OR o.during @> g.valid_from)
            JOIN org_position p ON p.id = o.position_id JOIN org_unit u ON u.id = p.unit_id
            JOIN org_unit i ON i.id = ANY (u.ancestors) AND i.kind = 'inspektorat'
            WHERE n.account_id = $1))
), reach AS (
    SELECT permission, unit_id, 0::bigint AS assignment_id FROM given WHERE inspectorate IS NULL
    UNION ALL -- own
    SELECT g.permission, CASE WHEN i.ancestors @> ARRAY[g.unit_id] THEN i.id ELSE g.unit_id END, 0
    FROM given g JOIN org_unit i ON i.id = g.inspectorate JOIN org_unit u ON u.id = g.unit_id
    WHERE i.ancestors @> ARRAY[g.unit_id] OR u.ancestors @> ARRAY[i.id]
    UNION ALL -- assigned
    SELECT g.permission, CASE WHEN c.ancestors @> ARRAY[g.unit_id] THEN c.id ELSE g.unit_id END, x.id
    FROM given g JOIN org_unit u ON u.id = g.unit_id
    JOIN authz_assignment_member m ON m.person_id = (SELECT max(person_id) FROM held)
    JOIN authz_assignment x ON x.id = m.assignment_id AND x.revoked_at IS NULL AND x.starts_at <= $2 AND x.ends_at > $2
    JOIN authz_assignment_scope s ON s.assignment_id = x.id AND s.module = g.module
    JOIN org_unit c ON c.id = s.unit_id
    WHERE g.inspectorate IS NOT NULL AND (c.ancestors @> ARRAY[g.unit_id] OR u.ancestors @> ARRAY[c.id])
)
SELECT a.kind, a.name, coalesce(a.email, '') AS email,
    a.totp_confirmed_at IS NOT NULL AS has_totp,
    coalesce((SELECT n.id FROM org_person n WHERE n.account_id = a.id), 0) AS person_id,
    coalesce((
        SELECT jsonb_agg(jsonb_build_object('ID', position_id, 'OccupancyID', occupancy_id, 'UnitID', unit_id,
            'Title', title, 'UnitName', unit_name, 'Kind', kind) ORDER BY kind, occupancy_id)
        FROM held), '[]') AS positions,
    coalesce((
        SELECT jsonb_agg(DISTINCT jsonb_build_object('Permission', permission, 'UnitID', unit_id, 'AssignmentID', assignment_id))
        FROM reach), '[]') AS grants
FROM authn_account a
WHERE a.id = $1 AND a.status = 'active'`
