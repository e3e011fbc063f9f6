package bpjs

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Kinds of messages that leave the portal.
const (
	KindAdd       = "add"         // a number was given
	KindCame      = "hadir"       // the patient is served
	KindNoShow    = "tidak_hadir" // or did not come
	KindCancel    = "batal"
	KindEncounter = "encounter" // SATUSEHAT: the visit at a poli ended
)

const (
	// Sessions of puskesmas that tell BPJS or SATUSEHAT in which something happened since
	// they were read last.
	sqlToCollect = `
SELECT s.id, s.unit_id, b.out_enabled AS out, b.satusehat_enabled AS ministry
FROM epuskesmas_session s JOIN epuskesmas_bpjs b ON b.unit_id = s.unit_id AND (b.out_enabled OR b.satusehat_enabled)
JOIN epuskesmas_poli p ON p.id = s.poli_id AND p.kind = 'poli'
LEFT JOIN epuskesmas_bpjs_progress g ON g.session_id = s.id
WHERE s.day >= $1::date AND s.seq > COALESCE(g.seq, 0) ORDER BY s.id LIMIT 200`

	sqlHoldProgress = `
INSERT INTO epuskesmas_bpjs_progress AS g (session_id, seq) VALUES ($1, 0) ON CONFLICT (session_id) DO UPDATE SET seq = g.seq RETURNING seq`

	sqlSetProgress = `UPDATE epuskesmas_bpjs_progress SET seq = $2 WHERE session_id = $1`

	// The events that are told, in their order. What was entered from paper is not, what
	// Mobile JKN booked itself is not told as a new number.
	sqlToTell = `
SELECT e.seq, e.at, e.action, e.to_status, e.reason, e.ticket_id, v.origin, p.bpjs_code <> '' AS coded
FROM epuskesmas_event e JOIN epuskesmas_ticket t ON t.id = e.ticket_id JOIN epuskesmas_visit v ON v.id = t.visit_id JOIN epuskesmas_poli p ON p.id = t.poli_id
WHERE e.session_id = $1 AND e.seq > $2 AND NOT e.late AND NOT t.late_entry ORDER BY e.seq`

	sqlNewestSeq = `SELECT COALESCE(max(seq), 0) FROM epuskesmas_event WHERE session_id = $1`

	sqlInsertMessage = `
INSERT INTO epuskesmas_bpjs_message (unit_id, ticket_id, session_id, seq, kind, at, reason, next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT ON CONSTRAINT epuskesmas_bpjs_message_event_key DO NOTHING`
)

// told is an event that may be told.
type told struct {
	Seq      int
	At       time.Time
	Action   string
	ToStatus string
	Reason   string
	TicketID int64
	Origin   string
	Coded    bool
}

// kind of message that tells BPJS of the event, "" for none.
func (t told) kind() string {
	switch {
	case !t.Coded:
		return ""
	case t.Action == "pesan" && t.Origin != "bpjs":
		return KindAdd
	case t.Action == "mulai":
		return KindCame
	case t.ToStatus == "tidak_hadir" && t.Action != "hadir_terlambat":
		return KindNoShow
	case t.ToStatus == "batal" || t.ToStatus == "dijadwalkan_ulang" || t.ToStatus == "dialihkan":
		return KindCancel
	}
	return ""
}

// Collect makes messages of what happened in the queues since the last time, and returns
// how many. It reads the events of a session in their own order, so nothing is missed or
// told twice, whoever else collects.
func (s *Service) Collect(ctx context.Context) (n int, err error) {
	defer errs.In(&err, "bpjs.Collect")
	now := s.Clock.Now().Truncate(time.Microsecond)
	sessions, err := pg.Many[struct {
		ID, UnitID    int64
		Out, Ministry bool
	}](ctx, s.DB, sqlToCollect, now.In(clock.Makassar).AddDate(0, 0, -2).Format(time.DateOnly))
	if err != nil {
		return 0, err
	}
	for _, x := range sessions {
		made := 0
		err := pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
			made = 0
			from, err := pg.Scalar[int](ctx, tx, sqlHoldProgress, x.ID)
			if err != nil {
				return err
			}
			newest, err := pg.Scalar[int](ctx, tx, sqlNewestSeq, x.ID)
			if err != nil {
				return err
			}
			events, err := pg.Many[told](ctx, tx, sqlToTell, x.ID, from)
			if err != nil {
				return err
			}
			for _, e := range events {
				if e.Seq > newest {
					break
				}
				kinds := []string{}
				if k := e.kind(); k != "" && x.Out {
					kinds = append(kinds, k)
				}
				if x.Ministry && (e.ToStatus == "selesai" || e.ToStatus == "dirujuk") {
					kinds = append(kinds, KindEncounter)
				}
				for _, k := range kinds {
					due := now
					if k == KindEncounter { // as long as an end may be undone it is none
						due = e.At.Add(epuskesmas.UndoWithin + time.Minute)
					}
					if err := pg.Exec(ctx, tx, sqlInsertMessage, x.UnitID, e.TicketID, x.ID, e.Seq, k, e.At, e.Reason, due); err != nil {
						return err
					}
					made++
				}
			}
			return pg.Exec(ctx, tx, sqlSetProgress, x.ID, newest)
		})
		if err != nil {
			return n, err
		}
		n += made
	}
	return n, nil
}
