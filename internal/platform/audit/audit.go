// Package audit is the append-only trail of everything that changed something
// or read personal data. Entries commit with the act itself; a sealer chains
// them within seconds, so that a later change or a deletion shows.
package audit

import (
	"context"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/obs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Entry is one act. Action is "module.object.verb" in lower case. Detail says
// what is needed to understand the act later and never holds personal data:
// identifiers, counts, names of fields, reasons.
type Entry struct {
	Action   string
	Object   string
	ObjectID int64
	UnitID   int64
	Detail   map[string]any
}

const sqlInsert = `
INSERT INTO audit_entry (at, account_id, actor, action, object, object_id, unit_id, request_id, detail)
VALUES ($1, NULLIF($2::bigint, 0), $3, $4, $5, NULLIF($6::bigint, 0), NULLIF($7::bigint, 0), $8, $9)`

// With what an assignment opened goes its number: of those that open the module of the act, the
// ones that cover its unit, or all where none does, for the unit may be that of who acts.
const sqlInsertAssigned = `
WITH opened AS (
	SELECT x.number, EXISTS (SELECT FROM org_unit u WHERE u.id = $7 AND u.ancestors @> ARRAY[t.unit]) AS covers
	FROM unnest($10::bigint[], $11::bigint[]) t (id, unit) JOIN authz_assignment x ON x.id = t.id
)
INSERT INTO audit_entry (at, account_id, actor, action, object, object_id, unit_id, request_id, detail)
SELECT $1, NULLIF($2::bigint, 0), $3, $4, $5, NULLIF($6::bigint, 0), NULLIF($7::bigint, 0), $8, $9::jsonb || jsonb_build_object('surat_tugas',
	COALESCE((SELECT jsonb_agg(DISTINCT number) FROM opened WHERE covers), (SELECT jsonb_agg(DISTINCT number) FROM opened)))`

// Write appends e in the caller's transaction. The request id comes from ctx. An act that an
// assignment lets its actor do names it.
func Write(ctx context.Context, q pg.Querier, a authz.Actor, at time.Time, e Entry) (err error) {
	defer errs.In(&err, "audit.Write(%s)", e.Action)
	actor := string(a.Kind)
	switch a.Kind {
	case authz.Machine:
		actor = "sistem:" + a.Name
	case "":
		actor = string(authz.Anonymous)
	}
	detail := e.Detail
	if detail == nil {
		detail = map[string]any{}
	}
	args := []any{at, a.AccountID, actor, e.Action, e.Object, e.ObjectID, e.UnitID, obs.RequestID(ctx), detail}
	module, _, _ := strings.Cut(e.Action, ".")
	if ids, units := a.Assigned(module); len(ids) > 0 {
		return pg.Exec(ctx, q, sqlInsertAssigned, append(args, ids, units)...)
	}
	return pg.Exec(ctx, q, sqlInsert, args...)
}
