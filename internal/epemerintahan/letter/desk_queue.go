package letter

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// QueueName is one of the desk's lists.
type QueueName string

// The queues: each names what its reader has to do.
const (
	QueueCheck QueueName = "periksa"
	QueueParaf QueueName = "paraf"
	QueueSign  QueueName = "tanda-tangan"
	QueueScan  QueueName = "pindai"
	QueueWait  QueueName = "menunggu" // for the applicant, the RT, or somebody else
)

// QueuePage is how many letters Queue and Register give at once.
const QueuePage = 25

// queue is who has one and which letters are in it.
type queue struct {
	name QueueName
	has  func(r realm) bool
	in   func(w *where, r realm) string
}

// A queue's condition reads the index of open letters.
var queues = []queue{
	{QueueCheck, func(r realm) bool { return len(r.check) > 0 }, func(w *where, r realm) string {
		return "l.status = 'diajukan' AND " + w.in(r.check)
	}},
	{QueueParaf, func(r realm) bool { return len(r.paraf) > 0 }, func(w *where, r realm) string {
		return "l.status = 'menunggu_paraf' AND " + w.in(r.paraf)
	}},
	{QueueSign, func(r realm) bool { return len(r.lurah)+len(r.camat) > 0 }, func(w *where, r realm) string {
		return "(l.status = 'menunggu_ttd' AND " + w.in(r.lurah) + " OR l.status = 'menunggu_camat' AND " + w.in(r.camat) + ")"
	}},
	{QueueScan, func(r realm) bool { return len(r.check) > 0 }, func(w *where, r realm) string {
		return "l.status = 'dicetak' AND " + w.in(r.check)
	}},
}

const isOpen = "l.open AND l.status <> 'draf' AND "

// queuesOf lists those of a realm; everybody who sees letters has the one of what
// waits for others.
func queuesOf(r realm) []queue {
	own := slices.DeleteFunc(slices.Clone(queues), func(q queue) bool { return !q.has(r) })
	if len(r.view) == 0 {
		return own
	}
	return append(own, queue{name: QueueWait, in: func(w *where, r realm) string {
		c := w.in(r.view)
		for _, q := range own {
			c += " AND NOT (" + q.in(w, r) + ")"
		}
		return c
	}})
}

// Queues counts what waits in the actor's realm, by queue; only those that the actor works on.
func (m *Module) Queues(ctx context.Context, a authz.Actor) (_ map[QueueName]int, err error) {
	defer errs.In(&err, "letter.Queues")
	r, err := m.realm(ctx, a)
	own := queuesOf(r)
	if err != nil || len(own) == 0 {
		return nil, err
	}
	w := &where{}
	var parts []string
	for i, q := range own {
		parts = append(parts, fmt.Sprintf(`SELECT %d AS nr, count(*)::int AS n FROM epemerintahan_letter l WHERE %s%s`, i, isOpen, q.in(w, r)))
	}
	rows, err := pg.Many[struct{ Nr, N int }](ctx, m.db, strings.Join(parts, " UNION ALL "), w.fresh()...)
	out := map[QueueName]int{}
	for _, row := range rows {
		out[own[row.Nr].name] = row.N
	}
	return out, err
}

// fresh are the arguments of a query that is planned anew each time, because which
// index is best depends on the values.
func (w *where) fresh() []any { return append([]any{pgx.QueryExecModeCacheDescribe}, w.args...) }

// summaryColumns select a Summary from epemerintahan_letter l with its kelurahan u.
const summaryColumns = `
	l.id, l.ref, COALESCE(l.request_number, '') AS request_number, COALESCE(l.letter_number, '') AS number, l.kind_code, l.title,
	l.subject_name AS subject, l.kelurahan_id, u.short_name AS kelurahan_name, l.status, l.status_at, l.submitted_at, l.due_at, l.issued_on,
	l.valid_until, l.mode, l.seq AS version, l.entered_by IS NULL AS by_citizen`

// Queue lists one, most urgent first; after is the ID to go on from. One that is not the
// actor's is errs.NotFound.
func (m *Module) Queue(ctx context.Context, a authz.Actor, name QueueName, after int64) (_ []Summary, err error) {
	defer errs.In(&err, "letter.Queue(%.20q)", name)
	r, err := m.realm(ctx, a)
	if err != nil {
		return nil, err
	}
	own := queuesOf(r)
	i := slices.IndexFunc(own, func(q queue) bool { return q.name == name })
	if i < 0 {
		return nil, errs.New(errs.NotFound, "Antrean ini tidak ada di ruang kerja Anda.")
	}
	w := &where{}
	w.and(isOpen + own[i].in(w, r))
	if after != 0 {
		w.and("(l.due_order, l.id) > (SELECT due_order, id FROM epemerintahan_letter WHERE id = " + w.arg(after) + ")")
	}
	sql := fmt.Sprintf(`SELECT %s FROM epemerintahan_letter l JOIN org_unit u ON u.id = l.kelurahan_id
		WHERE %s ORDER BY l.due_order, l.id LIMIT %d`, summaryColumns, w, QueuePage)
	return pg.Many[Summary](ctx, m.db, sql, w.fresh()...)
}
