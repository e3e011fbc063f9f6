package portal

import (
	"context"
	"encoding/json"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// TrailEntry is a line of the audit trail as it is read.
type TrailEntry struct {
	ID        int64
	At        time.Time
	AccountID int64
	Actor     string // kind of actor, or the system's name
	ActorName string // empty for visitors and the system
	Action    string
	Object    string
	ObjectID  int64
	UnitID    int64
	UnitName  string
	RequestID string
	Detail    json.RawMessage
}

// TrailFilter narrows the trail; zero fields do not narrow.
type TrailFilter struct {
	From, To time.Time // [From, To)
	Actor    string    // part of a name, or an account's number
	Action   string    // the beginning of an action: "org.unit"
	Object   string
	ObjectID int64
	Before   int64 // only entries older than this one
}

// Trail returns entries newest first, at most limit, and notes the look. Whoever
// may read it only in some units sees what happened to these.
func (ad *Admin) Trail(ctx context.Context, a authz.Actor, f TrailFilter, limit int) (es []TrailEntry, err error) {
	defer errs.In(&err, "portal.Trail")
	if es, err = ad.trail(ctx, a, f, limit); err != nil {
		return nil, err
	}
	return es, ad.note(ctx, ad.DB, a, audit.Entry{Action: "audit.trail.read", Detail: trailDetail(f)})
}

func (ad *Admin) trail(ctx context.Context, a authz.Actor, f TrailFilter, limit int) ([]TrailEntry, error) {
	if !a.Has(PermAudit) {
		return nil, errs.New(errs.NotFound, "")
	}
	city, err := ad.InCity(ctx, a, PermAudit)
	if err != nil {
		return nil, err
	}
	return pg.Many[TrailEntry](ctx, ad.DB, sqlTrail, city, realm(a, PermAudit), zeroIsNil(f.From), zeroIsNil(f.To), f.Actor, f.Action,
		f.Object, f.ObjectID, f.Before, limit)
}

// trailBatch is how many entries ExportTrail reads at once.
const trailBatch = 1000

// ExportTrail hands every entry that matches to row, newest first, and notes
// the export before the first. It ends when ctx does.
func (ad *Admin) ExportTrail(ctx context.Context, a authz.Actor, f TrailFilter, row func(TrailEntry) error) (err error) {
	defer errs.In(&err, "portal.ExportTrail")
	batch, err := ad.trail(ctx, a, f, trailBatch)
	if err != nil {
		return err
	}
	if err := ad.note(ctx, ad.DB, a, audit.Entry{Action: "audit.trail.export", Detail: trailDetail(f)}); err != nil {
		return err
	}
	for {
		for _, e := range batch {
			if err := row(e); err != nil {
				return err
			}
			f.Before = e.ID
		}
		if len(batch) < trailBatch {
			return nil
		}
		if batch, err = ad.trail(ctx, a, f, trailBatch); err != nil {
			return err
		}
	}
}

// trailDetail says what was looked for, without names.
func trailDetail(f TrailFilter) map[string]any {
	d := map[string]any{}
	if !f.From.IsZero() {
		d["from"] = f.From.Format(time.RFC3339)
	}
	if !f.To.IsZero() {
		d["to"] = f.To.Format(time.RFC3339)
	}
	if f.Action != "" {
		d["action"] = f.Action
	}
	if f.Object != "" {
		d["object"], d["object_id"] = f.Object, f.ObjectID
	}
	d["actor"] = f.Actor != ""
	return d
}

func zeroIsNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

const sqlTrail = `SELECT e.id, e.at, coalesce(e.account_id, 0) AS account_id, e.actor, coalesce(a.name, '') AS actor_name, e.action,
	e.object, coalesce(e.object_id, 0) AS object_id, coalesce(e.unit_id, 0) AS unit_id, coalesce(u.name, '') AS unit_name, e.request_id, e.detail
FROM audit_entry e
LEFT JOIN authn_account a ON a.id = e.account_id
LEFT JOIN org_unit u ON u.id = e.unit_id
WHERE ($1::boolean OR u.ancestors && $2::bigint[])
	AND ($3::timestamptz IS NULL OR e.at >= $3) AND ($4::timestamptz IS NULL OR e.at < $4)
	AND ($5::text = '' OR e.account_id::text = $5 OR e.actor ILIKE '%' || $5 || '%'
		OR portal_unaccent(lower(a.name)) LIKE '%' || portal_unaccent(lower($5)) || '%')
	AND ($6::text = '' OR starts_with(e.action, $6))
	AND ($7::text = '' OR e.object = $7) AND ($8::bigint = 0 OR e.object_id = $8)
	AND ($9::bigint = 0 OR e.id < $9)
ORDER BY e.id DESC LIMIT $10`
