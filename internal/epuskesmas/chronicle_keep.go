package epuskesmas

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	sqlPastIDs     = `SELECT nextval(pg_get_serial_sequence($1, 'id')) FROM generate_series(1, $2::integer)`
	sqlSaveRecords = `UPDATE epuskesmas_site SET last_record = GREATEST(last_record, $2) WHERE unit_id = $1`
	sqlSetRecord   = `UPDATE epuskesmas_patient SET record_number = $2 WHERE id = $1 AND record_number IS NULL`
)

// Keep writes what was lived through since the last time. Sessions that are there already
// are errs.Conflict, and nothing is written.
func (p *Chronicle) Keep(ctx context.Context) (err error) {
	defer errs.In(&err, "epuskesmas.Chronicle.Keep")
	err = pg.InTx(ctx, p.m.db, func(tx pgx.Tx) error {
		if err := p.keepPatients(ctx, tx); err != nil {
			return err
		}
		ids, err := p.keepVisits(ctx, tx)
		if err != nil {
			return err
		}
		if err := p.keepSessions(ctx, tx, ids); err != nil {
			return err
		}
		return pg.Exec(ctx, tx, sqlSaveRecords, p.unitID, p.records)
	})
	p.patients, p.visits, p.sessions = nil, nil, nil
	return err
}

func (p *Chronicle) keepPatients(ctx context.Context, tx pgx.Tx) error {
	ids, err := pg.Scalars[int64](ctx, tx, sqlPastIDs, "epuskesmas_patient", len(p.patients))
	if err != nil {
		return err
	}
	fresh := map[*PastPatient]bool{}
	for i, x := range p.patients {
		x.id, fresh[x] = ids[i], true
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"epuskesmas_patient"}, []string{"id", "unit_id", "record_number", "name", "name_fold", "birth_date", "created_at"},
		pgx.CopyFromSlice(len(p.patients), func(i int) ([]any, error) {
			x := p.patients[i]
			return []any{x.id, p.unitID, zeroIsNull(x.record), x.Name, indo.FoldPerson(x.Name), x.BirthDate, x.since}, nil
		}))
	if err != nil {
		return err
	}
	for _, v := range p.visits { // who had booked once and came only now
		if x := v.patient; x != nil && !fresh[x] && x.record != 0 {
			fresh[x] = true
			if err := pg.Exec(ctx, tx, sqlSetRecord, x.id, x.record); err != nil {
				return err
			}
		}
	}
	return nil
}

func zeroIsNull[T int | int64](n T) *T {
	if n == 0 {
		return nil
	}
	return &n
}

// patientID is whom a visit is of in the database; nil when nobody registered them.
func (v *PastVisit) patientID() *int64 {
	if v.patient == nil {
		return nil
	}
	return &v.patient.id
}

// keepVisits returns the ids of visits by those within the process.
func (p *Chronicle) keepVisits(ctx context.Context, tx pgx.Tx) (map[int64]int64, error) {
	ids, err := pg.Scalars[int64](ctx, tx, sqlPastIDs, "epuskesmas_visit", len(p.visits))
	if err != nil {
		return nil, err
	}
	out := map[int64]int64{}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"epuskesmas_visit"}, []string{"id", "unit_id", "day", "patient_id", "token_sealed", "token_hash", "payer", "origin", "created_at", "told_at"},
		pgx.CopyFromSlice(len(p.visits), func(i int) ([]any, error) {
			v, token := p.visits[i], crypt.Token()
			out[v.id] = ids[i]
			return []any{ids[i], p.unitID, dayOf(v.day), v.patientID(), p.m.box.Seal(token, contextToken), crypt.HashToken(token), string(v.payer), v.origin, v.at, v.at}, nil
		}))
	return out, err
}

// dayOf is the day of a moment in the city, as the database takes it.
func dayOf(t time.Time) time.Time {
	y, m, d := midnight(t).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func (p *Chronicle) keepSessions(ctx context.Context, tx pgx.Tx, visits map[int64]int64) error {
	sessionIDs, err := pg.Scalars[int64](ctx, tx, sqlPastIDs, "epuskesmas_session", len(p.sessions))
	if err != nil {
		return err
	}
	var tickets []*PastTicket
	var events []pastEvent
	var told []pastTold
	var duties []*pastDuty
	session, of := map[int64]int64{}, map[*pastDuty]int64{}
	for i, s := range p.sessions {
		session[s.ID] = sessionIDs[i]
		tickets, told = append(tickets, s.tickets...), append(told, s.told...)
		for _, e := range s.events {
			e.SessionID = s.ID
			events = append(events, e)
		}
		for _, d := range s.duties {
			of[d] = sessionIDs[i]
			duties = append(duties, d)
		}
	}
	ticketIDs, err := pg.Scalars[int64](ctx, tx, sqlPastIDs, "epuskesmas_ticket", len(tickets))
	if err != nil {
		return err
	}
	ticket := map[int64]int64{}
	for i, t := range tickets {
		ticket[t.ID] = ticketIDs[i]
	}
	for _, c := range []struct {
		table   string
		columns []string
		n       int
		row     func(i int) []any
	}{
		{"epuskesmas_session", []string{"id", "unit_id", "poli_id", "day", "starts_at", "ends_at", "quota", "quota_online", "quota_jkn", "quota_general", "last_number",
			"taken", "taken_online", "taken_jkn", "taken_general", "status", "in_row", "high_key", "seq"}, len(p.sessions), func(i int) []any {
			s := p.sessions[i]
			return []any{sessionIDs[i], p.unitID, s.PoliID, dayOf(s.StartsAt), s.StartsAt, s.endsAt, s.quota.All, s.quota.Online, s.quota.JKN, s.quota.General, len(s.tickets),
				s.taken[0], s.taken[1], s.taken[2], s.taken[3], string(s.Status), s.InRow, s.HighKey, s.Seq}
		}},
		{"epuskesmas_duty", []string{"session_id", "doctor_id", "counter_id", "status", "since", "reason"}, len(duties), func(i int) []any {
			d := duties[i]
			return []any{of[d], d.doctorID, zeroIsNull(d.counterID), d.status, d.since, d.reason}
		}},
		{"epuskesmas_ticket", []string{"id", "visit_id", "session_id", "unit_id", "poli_id", "day", "patient_id", "number", "code", "class", "class_reason", "online", "jkn",
			"counted", "status", "status_at", "queue_key", "here_at", "first_call_at", "called_at", "calls", "started_at", "ended_at", "counter_id", "doctor_id", "seq"},
			len(tickets), func(i int) []any {
				t := tickets[i]
				return []any{ticketIDs[i], visits[t.visit.id], session[t.SessionID], p.unitID, t.PoliID, dayOf(t.visit.day), t.visit.patientID(), t.number,
					fmt.Sprintf("%s-%03d", p.letters[t.PoliID], t.number), string(t.Class), t.reason, t.Online, t.JKN, t.Counted, string(t.Status), t.StatusAt, t.QueueKey, t.HereAt,
					t.FirstCallAt, t.CalledAt, t.Calls, t.StartedAt, t.EndedAt, t.CounterID, t.DoctorID, t.Seq}
			}},
		{"epuskesmas_event", []string{"session_id", "seq", "at", "action", "ticket_id", "doctor_id", "counter_id", "from_status", "to_status", "reason"}, len(events), func(i int) []any {
			e := events[i]
			return []any{session[e.SessionID], e.Seq, e.At, e.Action, zeroIsNull(ticket[e.TicketID]), zeroIsNull(e.DoctorID), zeroIsNull(e.CounterID), string(e.from), string(e.ToStatus), e.reason}
		}},
		{"epuskesmas_estimate", []string{"ticket_id", "at", "seq", "p10", "p50", "p90", "ahead", "moment"}, len(told), func(i int) []any {
			t := told[i]
			return []any{ticket[t.TicketID], t.At, t.Seq, t.P10, t.P50, t.P90, t.Ahead, t.moment}
		}},
	} {
		_, err := tx.CopyFrom(ctx, pgx.Identifier{c.table}, c.columns, pgx.CopyFromSlice(c.n, func(i int) ([]any, error) { return c.row(i), nil }))
		if err != nil {
			return pg.Classify(err)
		}
	}
	return nil
}
