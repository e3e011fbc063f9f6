package mtr

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// $1 is the time.
const sqlDeskReport = `SELECT` + caseColumns + `,
	r.body, r.landmark, r.lat, r.lng, r.place_source, r.extra, r.category_id, c.name AS category_name,
	COALESCE(r.kelurahan_id, 0) AS kelurahan_id, COALESCE(k.short_name, '') AS kelurahan_name,
	COALESCE(r.kecamatan_id, 0) AS kecamatan_id, COALESCE(e.short_name, '') AS kecamatan_name, r.behalf,
	r.account_id IS NOT NULL OR o.email_sealed IS NOT NULL OR o.phone_sealed IS NOT NULL AS has_contact,
	r.account_id IS NOT NULL OR o.email_verified_at IS NOT NULL OR o.phone_verified_at IS NOT NULL AS contact_ok,
	` + isLate + ` AS late, ` + isNear + ` AS near, r.held_for, COALESCE(t.number, '') AS parent_number,
	COALESCE(i.channel, '') AS channel, COALESCE(i.neighbourhood, '') AS neighbourhood, COALESCE(i.external_number, '') AS external_number, i.external_at, COALESCE(h.name, '') AS taken_by, COALESCE(y.name, '') AS system_name, COALESCE(i.media_url, '') AS media_url,
	` + supportsOf + ` AS supports, (SELECT count(*) FROM mtr_report q WHERE q.parent_id = r.id AND q.status = 'duplikat') AS merged,
	r.forgotten_at, ` + assigneeName + ` AS assignee` +
	caseJoins + `
LEFT JOIN org_unit k ON k.id = r.kelurahan_id
LEFT JOIN org_unit e ON e.id = r.kecamatan_id
LEFT JOIN mtr_contact o ON o.report_id = r.id
LEFT JOIN mtr_report t ON t.id = r.parent_id
LEFT JOIN mtr_origin i ON i.report_id = r.id
LEFT JOIN mtr_api_key y ON y.id = i.api_key_id
LEFT JOIN authn_account h ON h.id = i.taken_by
WHERE r.number = $2`

// deskDetail is a report as its desk page needs it.
type deskDetail struct {
	Case
	Body, Landmark         string
	Lat, Lng               *float64
	PlaceSource            PointSource
	Extra                  map[string]string
	CategoryID             int64
	CategoryName           string
	KelurahanID            int64
	KelurahanName          string
	KecamatanID            int64
	KecamatanName          string
	Behalf                 Behalf
	HasContact, ContactOK  bool
	Late, Near             bool
	HeldFor                []Hold
	ParentNumber, Assignee string
	Channel                Channel
	SystemName, MediaURL   string
	Neighbourhood, TakenBy string
	ExternalNumber         string
	ExternalAt             *time.Time
	Supports, Merged       int
	ForgottenAt            *time.Time
}

const sqlDeskPhotos = `
SELECT ref, kind, width, height, hidden_at IS NOT NULL AS hidden, created_at AS at, COALESCE(event_seq, 0) AS event_seq
FROM mtr_photo WHERE report_id = $1 AND stored ORDER BY id`

type deskPhotoRow struct {
	DeskPhoto
	EventSeq int // 0 = not handed in yet
}

const sqlDeskMessages = `
SELECT e.at, e.action, g.body, e.seq
FROM mtr_message g JOIN mtr_event e ON e.report_id = g.report_id AND e.seq = g.event_seq
WHERE g.report_id = $1 ORDER BY e.seq`

type messageRow struct {
	At     time.Time
	Action Action
	Body   string
	Seq    int
}

// The reporter's account has a name, which is not for this page.
const sqlDeskEvents = `
SELECT e.at, e.action, e.from_status AS "from", e.to_status AS "to",
	CASE e.role WHEN 'pelapor' THEN 'Pelapor' WHEN 'sistem' THEN 'Sistem' ELSE COALESCE(a.name, 'Petugas') END AS by_name,
	COALESCE(b.name, '') AS by_unit, e.role, e.audience, e.reason, COALESCE(u.name, '') AS unit_name,
	COALESCE((SELECT n.name || ', ' FROM org_person n WHERE n.id = (e.change ->> 'person')::bigint), '') || COALESCE(t.title, '') AS assignee,
	COALESCE(k.name, '') AS category_name, COALESCE((e.change ->> 'priority')::integer, 0) AS priority,
	CASE WHEN e.change #>> '{due,kind}' <> '' THEN (e.change #>> '{due,at}')::timestamptz END AS due
FROM mtr_event e
LEFT JOIN authn_account a ON a.id = e.actor_id AND e.role NOT IN ('pelapor', 'sistem')
LEFT JOIN org_unit b ON b.id = e.unit_id
LEFT JOIN org_unit u ON u.id = (e.change ->> 'unit')::bigint
LEFT JOIN org_position t ON t.id = (e.change ->> 'assignee')::bigint
LEFT JOIN mtr_category k ON k.id = (e.change ->> 'category')::bigint
WHERE e.report_id = $1 ORDER BY e.seq`

// DeskView is the desk's page of a report; out of the actor's scope is errs.NotFound.
// Reading a rahasia report is audited.
func (m *Module) DeskView(ctx context.Context, a authz.Actor, number string) (_ DeskReport, err error) {
	defer errs.In(&err, "mtr.DeskView")
	if number = strings.ToUpper(number); !wholeNumber.MatchString(number) {
		return DeskReport{}, errs.New(errs.NotFound, "")
	}
	mo := Moment{Now: m.now(), Actor: a}
	d, err := pg.One[deskDetail](ctx, m.db, sqlDeskReport, mo.Now, number)
	if err != nil {
		return DeskReport{}, err
	}
	role := d.RolesOf(mo)
	if !role.Has(anyStaff | AsRevealer) {
		return DeskReport{}, errs.New(errs.NotFound, "")
	}
	if d.Confidential {
		err = audit.Write(ctx, m.db, a, mo.Now, audit.Entry{
			Action: "mtr.report.read", Object: "mtr_report", ObjectID: d.ID, UnitID: d.UnitID, Detail: map[string]any{"nomor": d.Number},
		})
		if err != nil {
			return DeskReport{}, err
		}
	}
	out := d.view(mo, role)
	var photos []deskPhotoRow
	var messages []messageRow
	parts := &pgx.Batch{}
	into(parts, &photos, sqlDeskPhotos, d.ID)
	into(parts, &messages, sqlDeskMessages, d.ID)
	into(parts, &out.Timeline, sqlDeskEvents, d.ID)
	into(parts, &out.Documents, sqlDocuments, d.ID, role.Has(staffOnUnit))
	if err := m.db.SendBatch(ctx, parts).Close(); err != nil {
		return DeskReport{}, pg.Classify(err)
	}
	out.put(&d.Case, photos, messages)
	category, err := m.Category(ctx, d.CategoryID)
	if err != nil {
		return DeskReport{}, err
	}
	out.Extra = Answered(category, d.Extra)
	out.Supports, out.Merged = d.Supports, d.Merged
	out.Supportable = role.Has(anyStaff) && d.PublishedAt != nil && !d.Confidential && d.HiddenAt == nil &&
		(d.Status.Group() == GroupNew || d.Status.Group() == GroupWork)
	if out.May(ActMarkDuplicate) {
		scope, err := m.realms(ctx, a)
		if err != nil {
			return DeskReport{}, err
		}
		if out.Alike, err = m.alikeAtDesk(ctx, scope, &d, category); err != nil {
			return DeskReport{}, err
		}
	}
	if out.May(ActForward) {
		s, err := Suggest(ctx, m.db, mo.Now, d.CategoryID, d.KelurahanID, d.KecamatanID, d.Extra)
		if err != nil {
			return DeskReport{}, err
		}
		if s != (Suggestion{}) {
			out.Suggestion = &s
		}
	}
	return out, nil
}

func (d *deskDetail) view(mo Moment, role Role) DeskReport {
	r := DeskReport{
		ID: d.ID, Number: d.Number, Version: d.Seq, Title: d.Title, Body: d.Body, Landmark: d.Landmark, PlaceSource: d.PlaceSource,
		CategoryID: d.CategoryID, CategoryCode: d.CategoryCode, CategoryName: d.CategoryName, Proof: d.Proof, Class: d.Class,
		Status: d.Status, KelurahanID: d.KelurahanID, KelurahanName: d.KelurahanName, KecamatanName: d.KecamatanName,
		UnitID: d.UnitID, UnitName: d.UnitName, AssigneeID: d.AssigneeID, Assignee: d.Assignee, Anonymous: d.Anonymous,
		Confidential: d.Confidential, OnBehalf: d.Behalf, HasContact: d.HasContact, ContactOK: d.ContactOK,
		Published: d.PublishedAt != nil, Hidden: d.HiddenAt != nil, ReceivedAt: d.ReceivedAt, RespondedAt: d.RespondedAt,
		Since: d.StatusChangedAt, DueKind: d.DueKind, DueAt: d.DueAt, Late: d.Late, Near: d.Near, PausedAt: d.PausedAt,
		ExpectedAt: d.ExpectedAt, Priority: d.Priority, PrioritySet: d.PrioritySet, Hops: d.Hops, Bounces: d.Bounces, Reopens: d.Reopens, Disputed: d.Disputed, ParentID: d.ParentID,
		ParentNumber: d.ParentNumber, ForgottenAt: d.ForgottenAt, Channel: d.Channel, SystemName: d.SystemName, Neighbourhood: d.Neighbourhood, ExternalNumber: d.ExternalNumber, ExternalAt: d.ExternalAt, TakenBy: d.TakenBy, MediaURL: d.MediaURL, Agency: d.Agency, AgencyRef: d.AgencyRef, AgencyAnswer: d.AgencyAnswer, Rating: d.Rating,
		PhotosLocked: photosLocked(&d.Case, mo.Now) && !maySeePhoto(&d.Case, role, PhotoBefore, false, mo.Now),
		PhotosUntil:  d.PhotosUntil, OriginalsUntil: d.OriginalsUntil, now: mo.Now,
		Role: role, Actions: ActionsFor(&d.Case, mo),
	}
	if d.Lat != nil && d.Lng != nil {
		r.Place = &Point{Lat: *d.Lat, Lng: *d.Lng}
	}
	if d.Anonymous || d.Confidential { // its head is one person
		r.Neighbourhood = ""
	}
	for _, h := range d.HeldFor {
		r.HeldFor = append(r.HeldFor, h.Label())
	}
	return r
}

// put places photos where they belong, those that the viewer may see.
func (r *DeskReport) put(c *Case, photos []deskPhotoRow, messages []messageRow) {
	for _, g := range messages {
		r.Messages = append(r.Messages, Message{At: g.At, Action: g.Action, Body: g.Body})
	}
	for _, p := range photos {
		switch {
		case !maySeePhoto(c, r.Role, p.Kind, p.Hidden, r.now):
		case p.EventSeq == 0 && p.Kind == PhotoAfter && r.Role.Has(staffOnUnit):
			r.ProofPending = append(r.ProofPending, p.DeskPhoto)
		case p.EventSeq == 0: // the reporter has not sent it
		default:
			r.Photos = append(r.Photos, p.DeskPhoto)
			for i, g := range messages {
				if g.Seq == p.EventSeq && !p.Hidden {
					r.Messages[i].Photos = append(r.Messages[i].Photos, PublicPhoto{Ref: p.Ref, Kind: p.Kind, Width: p.Width, Height: p.Height})
				}
			}
		}
	}
}

// Positions of the unit and below whose holders can do something with the report:
// the right to work or to handle in the unit in charge, by position or by account.
const sqlAssignees = `
SELECT p.id AS position_id, COALESCE(n.id, 0) AS person_id, COALESCE(n.name, '') AS name, p.title,
	(SELECT count(*) FROM mtr_report r
		WHERE r.assignee_id = p.id AND r.open AND r.status IN ('diteruskan', 'dikerjakan', 'dijadwalkan', 'perlu_info')
			AND COALESCE(r.assignee_person = n.id, true))::int AS open
FROM org_position p
JOIN org_unit u ON u.id = p.unit_id
LEFT JOIN org_occupancy o ON o.position_id = p.id AND o.during @> $3::timestamptz
LEFT JOIN org_person n ON n.id = o.person_id AND (n.left_on IS NULL OR n.left_on > ($3::timestamptz AT TIME ZONE 'Asia/Makassar')::date)
WHERE u.ancestors && ARRAY[$1::bigint]
	AND (u.valid_to IS NULL OR u.valid_to > ($3::timestamptz AT TIME ZONE 'Asia/Makassar')::date)
	AND (p.valid_to IS NULL OR p.valid_to > ($3::timestamptz AT TIME ZONE 'Asia/Makassar')::date)
	AND EXISTS (SELECT FROM authz_grant g JOIN authz_role_permission x ON x.role_id = g.role_id
		WHERE (g.position_id = p.id OR g.account_id = n.account_id) AND g.unit_id = ANY ($2::bigint[])
			AND x.permission IN ('mtr.work', 'mtr.handle')
			AND g.valid_from <= $3 AND (g.valid_to IS NULL OR g.valid_to > $3))
ORDER BY array_length(u.ancestors, 1), p.kind = 'kepala', p.title, n.name, p.id`

// Assignees lists to whom the report may be assigned. Needs PermHandle in its unit.
func (m *Module) Assignees(ctx context.Context, a authz.Actor, reportID int64) (_ []Assignee, err error) {
	defer errs.In(&err, "mtr.Assignees(%d)", reportID)
	c, err := pg.One[Case](ctx, m.db, sqlCase, reportID)
	if err != nil {
		return nil, err
	}
	switch r := c.RolesOf(Moment{Actor: a}); {
	case !r.Has(anyStaff):
		return nil, errs.New(errs.NotFound, "")
	case !r.Has(AsHandler):
		return nil, errs.New(errs.Forbidden, "")
	}
	return pg.Many[Assignee](ctx, m.db, sqlAssignees, c.UnitID, c.UnitAncestors, m.now())
}

const sqlForwardUnits = `
SELECT id, name, kind, COALESCE(parent_id, 0) AS parent_id FROM org_unit
WHERE kind NOT IN ('kota', 'rw', 'rt') AND valid_from <= $1::date AND (valid_to IS NULL OR valid_to > $1::date)
ORDER BY CASE kind WHEN 'kecamatan' THEN 2 WHEN 'kelurahan' THEN 3 WHEN 'puskesmas' THEN 4
	WHEN 'bidang' THEN 1 WHEN 'subbagian' THEN 1 WHEN 'seksi' THEN 1 WHEN 'upt' THEN 1 ELSE 0 END, name, id`

// ForwardUnits lists the units a report may be forwarded to.
func (m *Module) ForwardUnits(ctx context.Context, a authz.Actor) (_ []UnitChoice, err error) {
	defer errs.In(&err, "mtr.ForwardUnits")
	if err := needs(a, PermDispatch); err != nil {
		return nil, err
	}
	return pg.Many[UnitChoice](ctx, m.db, sqlForwardUnits, m.now())
}
