package eoffice

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Queue is one of the lists of a desk.
type Queue string

// The queues, in the order of the desk.
const (
	ToSign     Queue = "ttd"
	ToVerify   Queue = "paraf"
	ToMend     Queue = "perbaikan"
	ToOpine    Queue = "pendapat"
	ToRead     Queue = "masuk"
	ToScreen   Queue = "saring"
	ToFollow   Queue = "tindak-lanjut"
	OrdersNew  Queue = "disposisi-baru"
	OrdersOpen Queue = "disposisi"
	ToAnswer   Queue = "laporan"
	OrdersOut  Queue = "disposisi-keluar"
	CopiesIn   Queue = "tembusan"
	ToTakeIn   Queue = "agenda"
	ToDirect   Queue = "arahkan"
	ToSend     Queue = "kirim"
	CameBack   Queue = "dikembalikan"
	MyDrafts   Queue = "konsep"
	WithOthers Queue = "menunggu"
	Watching   Queue = "pantau"
)

// Tray is where scans lie that wait for their letters: counted, but no list of letters.
const Tray Queue = "baki"

// Queues lists the queues.
var Queues = []Queue{ToSign, ToVerify, ToOpine, ToMend, ToRead, ToScreen, ToFollow, OrdersNew, OrdersOpen, ToAnswer, OrdersOut, CopiesIn, ToTakeIn, ToDirect, ToSend, CameBack,
	MyDrafts, WithOthers, Watching}

// Label names the queue.
func (k Queue) Label() string {
	return map[Queue]string{
		ToSign: "Perlu tanda tangan", ToVerify: "Perlu paraf", ToMend: "Dikembalikan ke saya", ToOpine: "Diminta pendapat", ToRead: "Masuk, belum dibaca", ToScreen: "Perlu disaring",
		ToFollow: "Belum ditindaklanjuti", OrdersNew: "Disposisi belum dibaca", OrdersOpen: "Disposisi belum selesai",
		ToAnswer: "Menunggu jawaban saya", OrdersOut: "Disposisi yang saya beri", CopiesIn: "Tembusan belum dibaca", ToTakeIn: "Belum diagendakan", ToDirect: "Tercatat, belum diarahkan", ToSend: "Siap dikirim",
		CameBack: "Dikembalikan penerima", MyDrafts: "Konsep saya", WithOthers: "Menunggu orang lain", Watching: "Saya pantau",
	}[k]
}

// Clerks tells whether the queue is that of the tata usaha.
func (k Queue) Clerks() bool { return k == ToTakeIn || k == ToDirect || k == ToSend || k == CameBack }

// Row is a letter in a list. Of what is not open to all the subject is not in it.
type Row struct {
	ID          int64
	RecipientID int64
	OrderID     int64
	KindCode    string
	Number      string
	Subject     string
	Secrecy     Secrecy
	Urgency     Urgency
	UnitName    string // of the office it comes from
	Sender      string // from outside
	Status      Status
	Since       time.Time
	DueAt       *time.Time
	Desk        string // where it lies, or whom it is addressed to
	Giver       string // of an order
	Version     int
	Seq         int
}

// Of $1 the desks, $2 the units of the tata usaha, $3 the account; $4 and $5 are where the
// page begins. What is late or soon will be comes first.
const (
	letterRows = `
SELECT l.id, 0::bigint AS recipient_id, 0::bigint AS order_id, '' AS giver, l.kind_code, COALESCE(l.letter_number, l.sender_number) AS number,
	CASE WHEN l.secrecy IN ('B', 'T') THEN l.subject ELSE '' END AS subject, l.secrecy, l.urgency, u.short_name AS unit_name, l.sender,
	l.status, l.status_at AS since, l.due_at, COALESCE(p.title, (SELECT q.title FROM eoffice_recipient r JOIN org_position q ON q.id = r.position_id
		WHERE l.status = 'tercatat' AND r.letter_id = l.id LIMIT 1), '') AS desk, l.version, l.seq
FROM eoffice_letter l JOIN org_unit u ON u.id = l.unit_id LEFT JOIN org_position p ON p.id = l.desk_id
WHERE $1::bigint[] IS NOT NULL AND $2::bigint[] IS NOT NULL AND $3::bigint IS NOT NULL
	AND (COALESCE(l.due_at, '9999-01-01 00:00+00'), l.id) > ($4::timestamptz, $5::bigint) AND `

	letterOrder = ` ORDER BY COALESCE(l.due_at, '9999-01-01 00:00+00'), l.id LIMIT 51`

	arrivalRows = `
SELECT l.id, r.id AS recipient_id, 0::bigint AS order_id, '' AS giver, l.kind_code, COALESCE(l.letter_number, l.sender_number) AS number,
	CASE WHEN l.secrecy IN ('B', 'T') THEN l.subject ELSE '' END AS subject, l.secrecy, l.urgency, u.short_name AS unit_name, l.sender,
	r.status, r.status_at AS since, r.due_at, COALESCE(p.title, r.name) AS desk, l.version, l.seq
FROM eoffice_recipient r JOIN eoffice_letter l ON l.id = r.letter_id JOIN org_unit u ON u.id = l.unit_id LEFT JOIN org_position p ON p.id = r.position_id
WHERE $1::bigint[] IS NOT NULL AND $2::bigint[] IS NOT NULL AND $3::bigint IS NOT NULL
	AND (COALESCE(r.due_at, '9999-01-01 00:00+00'), r.id) > ($4::timestamptz, $5::bigint) AND `

	arrivalOrder = ` ORDER BY COALESCE(r.due_at, '9999-01-01 00:00+00'), r.id LIMIT 51`

	// Of an order due is what whoever looks has to do: carry it out, or answer.
	orderRows = `
SELECT l.id, d.recipient_id, d.id AS order_id, f.title AS giver, l.kind_code, COALESCE(l.letter_number, l.sender_number) AS number,
	CASE WHEN l.secrecy IN ('B', 'T') THEN l.subject ELSE '' END AS subject, l.secrecy, l.urgency, u.short_name AS unit_name, l.sender,
	d.status, d.status_at AS since, d.due AS due_at, t.title AS desk, l.version, d.seq
FROM (SELECT d.*, `

	orderFrom = ` AS due FROM eoffice_disposition d WHERE `

	orderOrder = `) d JOIN eoffice_letter l ON l.id = d.letter_id JOIN org_unit u ON u.id = l.unit_id
JOIN org_position f ON f.id = d.from_id JOIN org_position t ON t.id = d.to_id
WHERE $1::bigint[] IS NOT NULL AND $2::bigint[] IS NOT NULL AND $3::bigint IS NOT NULL
	AND (COALESCE(d.due, '9999-01-01 00:00+00'), d.id) > ($4::timestamptz, $5::bigint)
ORDER BY COALESCE(d.due, '9999-01-01 00:00+00'), d.id LIMIT 51`

	// Of an opinion due is its limit, and the desk is who asked.
	opinionRows = `
SELECT l.id, 0::bigint AS recipient_id, 0::bigint AS order_id, k.title AS giver, l.kind_code, COALESCE(l.letter_number, l.sender_number) AS number,
	CASE WHEN l.secrecy IN ('B', 'T') THEN l.subject ELSE '' END AS subject, l.secrecy, l.urgency, u.short_name AS unit_name, l.sender,
	o.status, o.status_at AS since, o.due_at, d.title AS desk, l.version, l.seq
FROM eoffice_opinion o JOIN eoffice_letter l ON l.id = o.letter_id JOIN org_unit u ON u.id = l.unit_id
JOIN org_position k ON k.id = o.asker_id JOIN org_position d ON d.id = o.desk_id
WHERE $1::bigint[] IS NOT NULL AND $2::bigint[] IS NOT NULL AND $3::bigint IS NOT NULL AND (o.due_at, l.id) > ($4::timestamptz, $5::bigint) AND `

	opinionOrder = ` ORDER BY o.due_at, l.id LIMIT 51`

	isToOpine    = `o.desk_id = ANY($1) AND (o.status = 'diminta' OR ` + isAwaited + `) AND l.status IN ('verifikasi', 'menunggu_ttd')`
	isToSign     = `l.desk_id = ANY($1) AND l.status = 'menunggu_ttd'`
	isToVerify   = `l.desk_id = ANY($1) AND l.status = 'verifikasi'`
	isToMend     = `l.desk_id = ANY($1) AND l.status = 'perbaikan'`
	isMyDraft    = `l.drafted_by = $3 AND l.status = 'konsep'`
	isWithOthers = `l.drafter_id = ANY($1) AND l.status IN ('verifikasi', 'menunggu_ttd', 'menandatangani', 'dicetak', 'ditandatangani')`
	isToSend     = `l.unit_id IN (SELECT id FROM org_unit WHERE ancestors && $2) AND l.status IN ('ditandatangani', 'dicetak')`
	isToDirect   = `l.unit_id IN (SELECT id FROM org_unit WHERE ancestors && $2) AND l.status = 'tercatat'`
	isToRead     = `r.position_id = ANY($1) AND r.role = 'kepada' AND r.status IN ('terkirim', 'diterima') AND r.screener_id IS NULL`
	isToScreen   = `r.screener_id = ANY($1)`
	isToFollow   = `r.position_id = ANY($1) AND r.role = 'kepada' AND r.status = 'dibaca'`
	isOrderNew   = `d.to_id = ANY($1) AND d.status = 'dikirim'`
	isOrderOpen  = `d.to_id = ANY($1) AND d.status IN ('dibaca', 'dikerjakan', 'diteruskan')`
	isToAnswer   = `d.from_id = ANY($1) AND ` + isOpenWork + ` AND d.answer_due_at IS NOT NULL`
	isOrderOut   = `d.from_id = ANY($1) AND ` + isOpenWork + ` AND d.answer_due_at IS NULL`
	isCopyIn     = `r.position_id = ANY($1) AND r.role = 'tembusan' AND r.status = 'terkirim'`
	isToTakeIn   = `r.role = 'kepada' AND r.status = 'terkirim' AND r.unit_id IN (SELECT id FROM org_unit WHERE ancestors && $2)`
	hasComeBack  = `r.status = 'dikembalikan' AND l.unit_id IN (SELECT id FROM org_unit WHERE ancestors && $2)`

	sqlToSign     = letterRows + isToSign + letterOrder
	sqlToVerify   = letterRows + isToVerify + letterOrder
	sqlToOpine    = opinionRows + isToOpine + opinionOrder
	sqlToMend     = letterRows + isToMend + letterOrder
	sqlMyDrafts   = letterRows + isMyDraft + letterOrder
	sqlWithOthers = letterRows + isWithOthers + letterOrder
	sqlToSend     = letterRows + isToSend + letterOrder
	sqlToDirect   = letterRows + isToDirect + letterOrder
	sqlToRead     = arrivalRows + isToRead + arrivalOrder
	sqlToScreen   = arrivalRows + isToScreen + arrivalOrder
	sqlToFollow   = arrivalRows + isToFollow + arrivalOrder
	sqlOrdersNew  = orderRows + `d.due_at` + orderFrom + isOrderNew + orderOrder
	sqlOrdersOpen = orderRows + `d.due_at` + orderFrom + isOrderOpen + orderOrder
	sqlToAnswer   = orderRows + `d.answer_due_at` + orderFrom + isToAnswer + orderOrder
	sqlOrdersOut  = orderRows + `d.due_at` + orderFrom + isOrderOut + orderOrder
	sqlCopiesIn   = arrivalRows + isCopyIn + arrivalOrder
	sqlToTakeIn   = arrivalRows + isToTakeIn + arrivalOrder
	sqlCameBack   = arrivalRows + hasComeBack + arrivalOrder

	// How many lie in each queue, and how many of them are late at $4.
	sqlCounts = `
WITH letters AS (
	SELECT CASE WHEN l.status = 'menunggu_ttd' AND l.desk_id = ANY($1) THEN 'ttd' WHEN l.status = 'verifikasi' AND l.desk_id = ANY($1) THEN 'paraf'
		WHEN l.status = 'perbaikan' AND l.desk_id = ANY($1) THEN 'perbaikan' END AS queue, l.due_at
	FROM eoffice_letter l WHERE l.desk_id = ANY($1) AND l.status IN ('menunggu_ttd', 'verifikasi', 'perbaikan')
	UNION ALL SELECT 'konsep', NULL FROM eoffice_letter l WHERE ` + isMyDraft + `
	UNION ALL SELECT 'pantau', NULL FROM eoffice_watch w WHERE w.account_id = $3
	UNION ALL SELECT 'menunggu', l.due_at FROM eoffice_letter l WHERE ` + isWithOthers + `
	UNION ALL SELECT 'pendapat', o.due_at FROM eoffice_opinion o JOIN eoffice_letter l ON l.id = o.letter_id WHERE ` + isToOpine + `
	UNION ALL SELECT 'baki', NULL FROM eoffice_tray t WHERE t.batch AND t.unit_id IN (SELECT id FROM org_unit WHERE ancestors && $2)
	UNION ALL SELECT 'arahkan', l.due_at FROM eoffice_letter l WHERE ` + isToDirect + `
	UNION ALL SELECT 'kirim', l.due_at FROM eoffice_letter l WHERE ` + isToSend + `
	UNION ALL SELECT CASE WHEN r.role = 'tembusan' THEN 'tembusan' WHEN r.status = 'dibaca' THEN 'tindak-lanjut' ELSE 'masuk' END, r.due_at
	FROM eoffice_recipient r WHERE r.position_id = ANY($1) AND r.screener_id IS NULL
		AND (r.role = 'kepada' AND r.status IN ('terkirim', 'diterima', 'dibaca') OR r.role = 'tembusan' AND r.status = 'terkirim')
	UNION ALL SELECT 'saring', r.due_at FROM eoffice_recipient r WHERE ` + isToScreen + `
	UNION ALL SELECT CASE WHEN d.status = 'dikirim' THEN 'disposisi-baru' ELSE 'disposisi' END, d.due_at
	FROM eoffice_disposition d WHERE d.to_id = ANY($1) AND d.status IN ('dikirim', 'dibaca', 'dikerjakan', 'diteruskan')
	UNION ALL SELECT CASE WHEN d.answer_due_at IS NULL THEN 'disposisi-keluar' ELSE 'laporan' END, COALESCE(d.answer_due_at, d.due_at)
	FROM eoffice_disposition d WHERE d.from_id = ANY($1) AND ` + isOpenWork + `
	UNION ALL SELECT 'agenda', r.due_at FROM eoffice_recipient r WHERE ` + isToTakeIn + `
	UNION ALL SELECT 'dikembalikan', NULL FROM eoffice_recipient r JOIN eoffice_letter l ON l.id = r.letter_id WHERE ` + hasComeBack + `)
SELECT queue, count(*)::integer AS n, count(*) FILTER (WHERE due_at < $4)::integer AS late FROM letters GROUP BY queue`
)

var queueSQL = map[Queue]string{
	ToSign: sqlToSign, ToVerify: sqlToVerify, ToOpine: sqlToOpine, ToMend: sqlToMend, ToRead: sqlToRead, ToScreen: sqlToScreen, ToFollow: sqlToFollow,
	OrdersNew: sqlOrdersNew, OrdersOpen: sqlOrdersOpen, ToAnswer: sqlToAnswer, OrdersOut: sqlOrdersOut, CopiesIn: sqlCopiesIn,
	ToTakeIn: sqlToTakeIn, ToDirect: sqlToDirect, ToSend: sqlToSend, CameBack: sqlCameBack, MyDrafts: sqlMyDrafts, WithOthers: sqlWithOthers, Watching: sqlWatched,
}

// pageSize is how many rows a list shows at once.
const pageSize = 50

// Cursor is where the next page of a queue begins.
type Cursor struct {
	Due time.Time
	ID  int64
}

// far is the due time of what has none.
var far = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// cursor is where the page after a row begins.
func (k Queue) cursor(r Row) Cursor {
	c := Cursor{far, r.ID}
	if r.DueAt != nil {
		c.Due = *r.DueAt
	}
	switch k {
	case ToRead, ToScreen, ToFollow, CopiesIn, ToTakeIn, CameBack:
		c.ID = r.RecipientID
	case OrdersNew, OrdersOpen, ToAnswer, OrdersOut:
		c.ID = r.OrderID
	}
	return c
}

// Desk lists what lies in one of the actor's queues, the most pressing first, from a cursor
// on (nil: from the beginning), and where the next page begins, nil on the last.
func (m *Module) Desk(ctx context.Context, a authz.Actor, k Queue, from *Cursor) (rows []Row, next *Cursor, err error) {
	defer errs.In(&err, "eoffice.Desk(%s)", k)
	sql, ok := queueSQL[k]
	if !ok {
		return nil, nil, errs.New(errs.NotFound, "")
	}
	mine, err := m.Seats(ctx, a)
	if err != nil {
		return nil, nil, err
	}
	if from == nil {
		from = &Cursor{}
	}
	args := []any{desks(mine), a.Units(PermRegister), a.AccountID, from.Due, from.ID}
	if k == Watching {
		who, err := m.finder(ctx, a, false)
		if err != nil {
			return nil, nil, err
		}
		args = append(args, who.all, who.sure, a.PersonID, m.now())
	}
	rows, err = pg.Many[Row](ctx, m.db, sql, args...)
	if err != nil || len(rows) <= pageSize {
		return rows, nil, err
	}
	rows = rows[:pageSize]
	c := k.cursor(rows[pageSize-1])
	return rows, &c, nil
}

// Count is how many letters lie in a queue, and how many of them are late.
type Count struct{ N, Late int }

// Counts are those of all the actor's queues; empty ones are not in it.
func (m *Module) Counts(ctx context.Context, a authz.Actor) (_ map[Queue]Count, err error) {
	defer errs.In(&err, "eoffice.Counts")
	mine, err := m.Seats(ctx, a)
	if err != nil {
		return nil, err
	}
	list, err := pg.Many[struct {
		Queue   Queue
		N, Late int
	}](ctx, m.db, sqlCounts, desks(mine), a.Units(PermRegister), a.AccountID, m.now())
	out := map[Queue]Count{}
	for _, c := range list {
		out[c.Queue] = Count{c.N, c.Late}
	}
	return out, err
}
