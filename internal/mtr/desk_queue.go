package mtr

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// queue is a desk queue: who has it, and which of their reports are in it.
type queue struct {
	key   QueueKey
	label string
	perms []authz.Permission // any of them
	in    func(w *where, s *realms) string
	byDue bool // a priority does not come first
}

// A queue's condition names the partial index it reads.
var queues = []queue{
	{QueueVerify, "Perlu diperiksa", []authz.Permission{PermDispatch}, func(w *where, s *realms) string {
		condition := "r.open AND r.status = 'diterima' AND " + s.place(w, PermDispatch)
		if !s.whole[PermDispatch] { // see cityDecides
			condition += " AND r.hops < " + w.arg(MaxHops)
		}
		return condition
	}, false},
	{QueueHeld, "Tertahan", []authz.Permission{PermModerate}, func(w *where, s *realms) string {
		return "r.open AND r.status = 'belum_konfirmasi' AND " + s.place(w, PermModerate)
	}, false},
	{QueueWaiting, "Menunggu pelapor", []authz.Permission{PermDispatch}, func(w *where, s *realms) string {
		return "r.open AND r.status = 'perlu_info' AND " + s.place(w, PermDispatch)
	}, false},
	{QueueIncoming, "Baru masuk", []authz.Permission{PermHandle}, func(w *where, s *realms) string {
		return "r.open AND r.status = 'diteruskan' AND " + s.unit(w, PermHandle)
	}, false},
	{QueueWork, "Dikerjakan", []authz.Permission{PermHandle}, func(w *where, s *realms) string {
		return "r.open AND r.status = 'dikerjakan' AND " + s.unit(w, PermHandle)
	}, false},
	{QueueScheduled, "Dijadwalkan", []authz.Permission{PermHandle}, func(w *where, s *realms) string {
		return "r.open AND r.status = 'dijadwalkan' AND " + s.unit(w, PermHandle)
	}, false},
	{QueueMine, "Tugas saya", []authz.Permission{PermWork}, func(w *where, s *realms) string {
		return "r.open AND r.status IN ('diteruskan', 'dikerjakan', 'dijadwalkan', 'perlu_info') AND " + s.mine(w) +
			" AND COALESCE(r.assignee_person = " + w.arg(s.actor.PersonID) + ", true)"
	}, false},
	{QueueValidate, "Perlu divalidasi", []authz.Permission{PermValidate}, func(w *where, s *realms) string {
		// Proof of one's own waits for somebody else.
		return "r.open AND r.status = 'menunggu_validasi' AND " + s.unit(w, PermValidate) +
			" AND r.proof_by IS DISTINCT FROM " + w.arg(s.actor.AccountID) + "::bigint" +
			" AND COALESCE(r.assignee_id <> ALL (" + w.arg(s.positions()) + "::bigint[]), true)"
	}, false},
	{QueueDisputes, "Disanggah", []authz.Permission{PermOverview}, func(w *where, s *realms) string {
		return "r.open AND r.disputed AND " + s.overview(w)
	}, false},
	{QueueNoResponse, "Tanpa tanggapan 2×24 jam", []authz.Permission{PermOverview}, func(w *where, s *realms) string {
		return "r.open AND r.responded_at IS NULL AND r.received_at <= $1::timestamptz - interval '48 hours' AND " + s.overview(w)
	}, true},
	{QueueLate, "Terlambat", []authz.Permission{PermOverview}, func(w *where, s *realms) string {
		return "r.open AND r.due_order <= $1::timestamptz AND " + isLate + " AND " + s.overview(w)
	}, true},
	{QueueReferred, "Rujukan belum dijawab", []authz.Permission{PermDispatch}, func(w *where, s *realms) string {
		return "r.status = 'dirujuk_keluar' AND r.agency_answer = '' AND " + s.place(w, PermDispatch)
	}, false},
	{QueueAll, "Semua laporan", DeskPermissions, func(w *where, s *realms) string { return s.any(w) }, false},
}

// overview is what a supervisor watches: by place or by unit.
func (s *realms) overview(w *where) string {
	place, unit := s.place(w, PermOverview), s.unit(w, PermOverview)
	if s.whole[PermOverview] {
		return place
	}
	return "(" + place + " OR " + unit + ")"
}

// What goes first, then the most urgent; everything together is too much for urgency, so newest first.
func (q queue) order(back bool) string {
	switch {
	case q.key == QueueAll && back:
		return "r.id"
	case q.key == QueueAll:
		return "r.id DESC"
	case q.byDue && back:
		return "r.due_order DESC, r.id DESC"
	case q.byDue:
		return "r.due_order, r.id"
	case back:
		return "r.rank DESC, r.due_order DESC, r.id DESC"
	}
	return "r.rank, r.due_order, r.id"
}

// after is the condition that a report comes after the cursor, or before it.
func (q queue) after(w *where, c DeskCursor) string {
	later := ">"
	if c.Back != (q.key == QueueAll) {
		later = "<"
	}
	if q.key == QueueAll {
		return "r.id " + later + " " + w.arg(c.ID)
	}
	if !q.byDue {
		return "(r.rank, r.due_order, r.id) " + later + " (" + w.arg(-min(max(int(c.Priority), 0), int(PriorityUrgent))) + "::integer, " +
			w.arg(c.due()) + ", " + w.arg(c.ID) + "::bigint)"
	}
	return "(r.due_order, r.id) " + later + " (" + w.arg(c.due()) + ", " + w.arg(c.ID) + "::bigint)"
}

// due is the cursor's time within what the database can hold.
func (c DeskCursor) due() pgtype.Timestamptz {
	if c.Due == math.MaxInt64 {
		return pgtype.Timestamptz{Valid: true, InfinityModifier: pgtype.Infinity}
	}
	const year9999 = 253402214400 * 1e6
	return pgtype.Timestamptz{Valid: true, Time: time.UnixMicro(min(max(c.Due, 0), year9999))}
}

func (it DeskItem) cursor(back bool) *DeskCursor {
	c := &DeskCursor{Priority: it.Priority, Due: math.MaxInt64, ID: it.ID, Back: back}
	if it.DueAt != nil {
		c.Due = it.DueAt.UnixMicro()
	}
	return c
}

func queuesOf(a authz.Actor) []queue {
	if !a.IsStaff() {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(queues), func(q queue) bool { return !a.HasAny(q.perms...) })
}

// Queues lists the queues the actor has, with counts.
func (m *Module) Queues(ctx context.Context, a authz.Actor) (_ []QueueCount, err error) {
	defer errs.In(&err, "mtr.Queues")
	own := queuesOf(a)
	if len(own) == 0 {
		return nil, nil
	}
	s, err := m.realms(ctx, a)
	if err != nil {
		return nil, err
	}
	w := newWhere(m.now())
	var parts []string
	for i, q := range own {
		late := isLate
		if q.key == QueueAll {
			late = "$1::timestamptz IS NULL" // never: the index alone counts
		}
		parts = append(parts, fmt.Sprintf(`SELECT %d AS nr, count(*)::int AS count, count(*) FILTER (WHERE late)::int AS late
			FROM (SELECT %s AS late FROM mtr_report r WHERE %s ORDER BY %s LIMIT %d) r`, i, late, q.in(w, s), q.order(false), CountCap))
	}
	rows, err := pg.Many[struct{ Nr, Count, Late int }](ctx, m.db, strings.Join(parts, " UNION ALL "), w.fresh(s.scoped())...)
	out := make([]QueueCount, 0, len(rows))
	for _, r := range rows {
		out = append(out, QueueCount{Key: own[r.Nr].key, Label: own[r.Nr].label, Count: r.Count, Late: r.Late})
	}
	return out, err
}

// deskItems select deskRow from the reports that page (id) names. $1 is the time.
const deskItems = `
SELECT r.id, r.number, r.title, c.name AS category_name, r.class, r.status, COALESCE(k.short_name, '') AS kelurahan_name,
	COALESCE(e.short_name, '') AS kecamatan_name, COALESCE(r.unit_id, 0) AS unit_id, COALESCE(u.short_name, '') AS unit_name,
	` + assigneeName + ` AS assignee, r.anonymous, r.confidential, r.received_at, r.status_changed_at AS changed_at,
	r.due_kind, r.due_at, ` + isLate + ` AS late, ` + isNear + ` AS near, r.priority, r.hops, r.bounces, r.reopens, r.hidden_at IS NOT NULL AS hidden,
	COALESCE((SELECT p.ref FROM mtr_photo p
		WHERE p.report_id = r.id AND p.kind = 'sebelum' AND p.stored AND p.hidden_at IS NULL AND p.event_seq IS NOT NULL
		ORDER BY p.id LIMIT 1), '') AS thumb,
	d.ancestors AS dispatch_ancestors, COALESCE(u.ancestors, '{}') AS unit_ancestors,
	COALESCE(r.assignee_id, 0) AS assignee_id, r.photos_released_at, r.photos_until
FROM page
JOIN mtr_report r ON r.id = page.id
JOIN mtr_category c ON c.id = r.category_id
JOIN org_unit d ON d.id = r.dispatch_unit_id
LEFT JOIN org_unit k ON k.id = r.kelurahan_id
LEFT JOIN org_unit e ON e.id = r.kecamatan_id
LEFT JOIN org_unit u ON u.id = r.unit_id
ORDER BY `

// assigneeName is "name, title" of whom report r is meant for at the time $1; "" when
// it is nobody's.
const assigneeName = `COALESCE((
	SELECT COALESCE((
		SELECT n.name || ', ' FROM org_person n
		WHERE n.id = COALESCE(r.assignee_person, (
			SELECT o.person_id FROM org_occupancy o WHERE o.position_id = r.assignee_id AND o.during @> $1::timestamptz
			ORDER BY o.kind = 'plh' DESC, o.seat, o.id LIMIT 1))), '') || t.title
	FROM org_position t WHERE t.id = r.assignee_id), '')`

// deskRow is an item with what decides whether its viewer may see photos.
type deskRow struct {
	DeskItem
	DispatchAncestors, UnitAncestors []int64
	AssigneeID                       int64
	PhotosReleasedAt, PhotosUntil    *time.Time
}

// Queue is a stretch of a queue, most urgent first; [QueueAll] newest first. A queue
// that is not the actor's is errs.NotFound. cursor nil = from the start; limit 0 = 25.
func (m *Module) Queue(ctx context.Context, a authz.Actor, key QueueKey, f DeskFilter, cursor *DeskCursor, limit int) (_ DeskPage, err error) {
	defer errs.In(&err, "mtr.Queue(%.20s)", key)
	own := queuesOf(a)
	i := slices.IndexFunc(own, func(q queue) bool { return q.key == key })
	if i < 0 {
		return DeskPage{}, errs.New(errs.NotFound, "Antrean ini tidak ada di ruang kerja Anda.")
	}
	if limit <= 0 {
		limit = 25
	}
	q, limit := own[i], min(limit, 100)
	s, err := m.realms(ctx, a)
	if err != nil {
		return DeskPage{}, err
	}
	w := newWhere(m.now())
	w.and(q.in(w, s))
	if err := m.narrowDesk(ctx, w, f); err != nil {
		return DeskPage{}, err
	}
	back := cursor != nil && cursor.Back
	if cursor != nil {
		w.and(q.after(w, *cursor))
	}
	sql := fmt.Sprintf("WITH page AS (SELECT r.id FROM mtr_report r WHERE %s ORDER BY %s LIMIT %d)%s%s",
		w, q.order(back), limit+1, deskItems, q.order(back))
	rows, err := pg.Many[deskRow](ctx, m.db, sql, w.fresh(s.scoped())...)
	if err != nil {
		return DeskPage{}, err
	}
	return deskPage(a, m.now(), rows, cursor, limit), nil
}

// deskPage makes the page of up to one row more than it holds.
func deskPage(a authz.Actor, now time.Time, rows []deskRow, cursor *DeskCursor, limit int) (out DeskPage) {
	more := len(rows) > limit
	rows = rows[:min(len(rows), limit)]
	back := cursor != nil && cursor.Back
	if back {
		slices.Reverse(rows)
	}
	for _, r := range rows {
		out.Items = append(out.Items, r.item(a, now))
	}
	n := len(out.Items)
	if n == 0 {
		if cursor != nil && !back && cursor.ID < math.MaxInt64 {
			out.Prev = &DeskCursor{Priority: cursor.Priority, Due: cursor.Due, ID: cursor.ID, Back: true}
		}
		return out
	}
	if back && more || cursor != nil && !back {
		out.Prev = out.Items[0].cursor(true)
	}
	if !back && more || back {
		out.Next = out.Items[n-1].cursor(false)
	}
	return out
}

// item hides the photo from who may not see it.
func (r deskRow) item(a authz.Actor, now time.Time) DeskItem {
	c := Case{
		State:     State{UnitID: r.UnitID, AssigneeID: r.AssigneeID, PhotosReleasedAt: r.PhotosReleasedAt, PhotosUntil: r.PhotosUntil},
		Anonymous: r.Anonymous, Confidential: r.Confidential, DispatchAncestors: r.DispatchAncestors, UnitAncestors: r.UnitAncestors,
	}
	if !maySeePhoto(&c, c.RolesOf(Moment{Actor: a}), PhotoBefore, false, now) {
		r.Thumb = ""
	}
	return r.DeskItem
}

var someDigits = regexp.MustCompile(`^\d{1,12}$`)

// narrowDesk adds the filters of a desk.
func (m *Module) narrowDesk(ctx context.Context, w *where, f DeskFilter) error {
	w.is("r.category_id", f.CategoryID)
	w.is("r.kelurahan_id", f.KelurahanID)
	w.is("r.kecamatan_id", f.KecamatanID)
	w.is("r.unit_id", f.UnitID)
	if f.Status != "" {
		w.and("r.status = " + w.arg(f.Status))
	}
	switch f.Sla {
	case SlaLate:
		w.and("r.open AND r.due_order <= $1::timestamptz AND " + isLate)
	case SlaNear:
		w.and("r.open AND r.due_order < 'infinity' AND " + isNear)
	case SlaOK:
		w.and("NOT " + isLate + " AND NOT " + isNear)
	}
	text := strings.TrimSpace(f.Text)
	there := int64(0) // the report that SP4N-LAPOR! calls so
	if sp4nShape.MatchString(text) {
		var err error
		if there, err = pg.Scalar[int64](ctx, m.db, sqlByExternalNumber, text); err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
	}
	switch {
	case someDigits.MatchString(text):
		w.and("(r.number = ANY (" + w.arg(m.numbersEnding(text)) + ") OR r.id = " + w.arg(there) + ")")
	case there != 0:
		w.and("r.id = " + w.arg(there))
	default:
		return m.search(ctx, w, f.Text, true)
	}
	return nil
}

const sqlByExternalNumber = `SELECT report_id FROM mtr_origin WHERE external_number = $1 AND external_number <> ''`

// numbersEnding are the numbers that somebody may mean who says only the end.
func (m *Module) numbersEnding(digits string) []string {
	var out []string
	for year := m.now().Year(); year >= 2025; year-- {
		out = append(out, fmt.Sprintf("MTR-%02d-%s", year%100, strings.Repeat("0", max(6-len(digits), 0))+digits))
	}
	return out
}
