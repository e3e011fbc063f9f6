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
	row, err := pg.One[actorRow](ctx, q, sqlActor, accountID, at)
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
const sqlActor = `
WITH held AS (
    SELECT p.id AS position_id, o.id AS occupancy_id, p.unit_id, p.title, u.name AS unit_name, o.kind
    FROM org_person n
    JOIN org_occupancy o ON o.person_id = n.id AND o.during @> $2::timestamptz
    JOIN org_position p ON p.id = o.position_id
    JOIN org_unit u ON u.id = p.unit_id
    WHERE n.account_id = $1
)
SELECT a.kind, a.name, coalesce(a.email, '') AS email,
    a.totp_confirmed_at IS NOT NULL AS has_totp,
    coalesce((SELECT n.id FROM org_person n WHERE n.account_id = a.id), 0) AS person_id,
    coalesce((
        SELECT jsonb_agg(jsonb_build_object('ID', position_id, 'OccupancyID', occupancy_id, 'UnitID', unit_id,
            'Title', title, 'UnitName', unit_name, 'Kind', kind) ORDER BY kind, occupancy_id)
        FROM held), '[]') AS positions,
    coalesce((
        SELECT jsonb_agg(DISTINCT jsonb_build_object('Permission', rp.permission, 'UnitID', g.unit_id))
        FROM authz_grant g
        JOIN authz_role_permission rp ON rp.role_id = g.role_id
        WHERE (g.account_id = $1 OR g.position_id IN (SELECT position_id FROM held))
          AND g.valid_from <= $2 AND (g.valid_to IS NULL OR g.valid_to > $2)), '[]') AS grants
FROM authn_account a
WHERE a.id = $1 AND a.status = 'active'`
