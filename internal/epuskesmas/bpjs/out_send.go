package bpjs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const (
	// tries is how often a message is tried: with the pauses between, for a day.
	tries = 30
	// claimed is for how long a message belongs to who took it, telling how long telling it
	// may last.
	claimed, telling = 2 * time.Minute, 90 * time.Second
	// noting is how long writing down an answer may last, after the round is over too: what
	// BPJS accepted is not forgotten.
	noting = 10 * time.Second

	// The message that is due first, each ticket's in their order: the next only when the ones
	// before it are through. Who takes it has it for a while.
	sqlTake = `
UPDATE epuskesmas_bpjs_message m SET attempts = m.attempts + 1, next_at = $2
WHERE m.id IN (SELECT d.id FROM epuskesmas_bpjs_message d WHERE d.status = 'menunggu' AND d.next_at <= $1
		AND NOT EXISTS (SELECT FROM epuskesmas_bpjs_message b WHERE b.ticket_id = d.ticket_id AND b.id < d.id AND b.status = 'menunggu'
			AND (b.kind = 'encounter') = (d.kind = 'encounter'))
	ORDER BY d.next_at, d.id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING m.id, m.unit_id, m.ticket_id, m.kind, m.at, m.reason, m.attempts`

	sqlDone = `UPDATE epuskesmas_bpjs_message SET status = $2, sent_at = CASE WHEN $2 = 'terkirim' THEN $3::timestamptz END, answer = $4 WHERE id = $1 AND status = 'menunggu'`

	sqlLater = `UPDATE epuskesmas_bpjs_message SET next_at = $2, answer = $3 WHERE id = $1 AND status = 'menunggu'`

	// Whom the account of a puskesmas does not let in need not try it with each message.
	sqlAllLater = `
UPDATE epuskesmas_bpjs_message SET next_at = $5, answer = $6
WHERE id = $1 OR unit_id = $2 AND status = 'menunggu' AND (kind = 'encounter') = $3 AND next_at <= $4`

	// What waits for a right account is tried with the new one, but for what somebody is just
	// trying.
	sqlTryNow = `
UPDATE epuskesmas_bpjs_message SET next_at = $2, attempts = 0
WHERE unit_id = $1 AND status = 'menunggu' AND answer = $3 AND next_at > $2::timestamptz + interval '2 minutes'`

	// A message once more and, where it is the number itself, what was not told of it because
	// BPJS did not know the number.
	sqlAgain = `
WITH again AS (SELECT id, ticket_id, kind FROM epuskesmas_bpjs_message WHERE id = $1 AND unit_id = $2 AND status IN ('ditolak', 'dilewati'))
UPDATE epuskesmas_bpjs_message m SET status = 'menunggu', next_at = $3, attempts = 0 FROM again a
WHERE m.id = a.id OR a.kind = 'add' AND m.ticket_id = a.ticket_id AND m.status = 'dilewati' AND m.kind <> 'encounter'`

	sqlSubject = `
SELECT t.code, t.number, t.day, p.name AS poli, p.bpjs_code, COALESCE(p.location_id, '') AS location_id, s.starts_at, s.ends_at, v.payer,
	a.nik_sealed, a.bpjs_sealed, a.phone_sealed, COALESCE(a.record_number, 0) AS record_no, COALESCE(a.name, '') AS patient,
	COALESCE(d.name, '') AS doctor, COALESCE(d.bpjs_code, 0) AS doctor_code, COALESCE(d.ihs_number, '') AS doctor_ihs,
	t.here_at, t.called_at, t.started_at, t.ended_at, t.status, t.visit_id,
	EXISTS (SELECT FROM epuskesmas_bpjs_message m WHERE m.ticket_id = t.id AND m.kind = 'add' AND m.status IN ('ditolak', 'dilewati')) AS unknown,
	COALESCE((SELECT max(m.id) FROM epuskesmas_bpjs_message m WHERE m.ticket_id = t.id AND m.kind = 'encounter'), 0) AS last_end
FROM epuskesmas_ticket t JOIN epuskesmas_session s ON s.id = t.session_id JOIN epuskesmas_poli p ON p.id = t.poli_id JOIN epuskesmas_visit v ON v.id = t.visit_id
LEFT JOIN epuskesmas_patient a ON a.id = t.patient_id
LEFT JOIN LATERAL (SELECT e.name, e.bpjs_code, e.ihs_number FROM epuskesmas_doctor e
	WHERE e.id = COALESCE(t.doctor_id, v.doctor_id, (SELECT y.doctor_id FROM epuskesmas_duty y WHERE y.session_id = s.id ORDER BY y.id LIMIT 1))) d ON true
WHERE t.id = $1`
)

type message struct {
	ID, UnitID, TicketID int64
	Kind                 string
	At                   time.Time
	Reason               string
	Attempts             int
}

// subject is whom and what a message is about.
type subject struct {
	Code       string
	Number     int
	Day        time.Time
	Poli       string
	BPJSCode   string `db:"bpjs_code"`
	LocationID string
	StartsAt   time.Time
	EndsAt     time.Time
	Payer      string
	NIKSealed  []byte `db:"nik_sealed"`
	CardSealed []byte `db:"bpjs_sealed"`
	Phone      []byte `db:"phone_sealed"`
	RecordNo   int
	Patient    string
	Doctor     string
	DoctorCode int
	DoctorIHS  string `db:"doctor_ihs"`
	HereAt     *time.Time
	CalledAt   *time.Time
	StartedAt  *time.Time
	EndedAt    *time.Time
	Status     string
	VisitID    int64
	Unknown    bool  // to BPJS, which was not told of the number or refused it
	LastEnd    int64 // the newest message of the visit's end
}

// Send sends the messages that are due, one after the other until none is left or ctx
// ends, and returns how many were accepted. Nothing is locked while it waits for an
// answer; a message whose sender died is sent once more.
func (s *Service) Send(ctx context.Context) (n int, err error) {
	defer errs.In(&err, "bpjs.Send")
	for ctx.Err() == nil {
		now := s.Clock.Now().Truncate(time.Microsecond)
		m, err := pg.One[message](ctx, s.DB, sqlTake, now, now.Add(claimed))
		if errs.KindOf(err) == errs.NotFound || ctx.Err() != nil {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		ok, err := s.deliver(ctx, m)
		if err != nil {
			return n, err
		}
		if ok {
			n++
		}
	}
	return n, nil
}

// deliver sends one message and writes down how it went.
func (s *Service) deliver(ctx context.Context, m message) (accepted bool, err error) {
	within, done := context.WithTimeout(ctx, telling)
	sendErr := s.tell(within, m)
	done()
	ctx, done = context.WithTimeout(context.WithoutCancel(ctx), noting)
	defer done()
	now := s.Clock.Now().Truncate(time.Microsecond)
	var refused *Refused
	switch {
	case sendErr == nil, m.Attempts > 1 && errors.As(sendErr, &refused) && alreadyThere(refused):
		return true, pg.Exec(ctx, s.DB, sqlDone, m.ID, "terkirim", now, "Ok")
	case errors.As(sendErr, &refused):
		return false, pg.Exec(ctx, s.DB, sqlDone, m.ID, "ditolak", now, fmt.Sprintf("%d: %s", refused.Code, short(refused.Message)))
	case errors.Is(sendErr, errNothing):
		return false, pg.Exec(ctx, s.DB, sqlDone, m.ID, "dilewati", now, errs.MessageOf(sendErr))
	case errors.Is(sendErr, ErrAccount):
		return false, pg.Exec(ctx, s.DB, sqlAllLater, m.ID, m.UnitID, m.Kind == KindEncounter, now, now.Add(pause(m.Attempts)), errs.MessageOf(ErrAccount))
	case m.Attempts >= tries:
		return false, pg.Exec(ctx, s.DB, sqlDone, m.ID, "ditolak", now, "Sehari dicoba, tidak sampai: "+short(errs.MessageOf(sendErr)))
	}
	slog.WarnContext(ctx, "message to BPJS or SATUSEHAT not sent", "kind", m.Kind, "attempt", m.Attempts)
	return false, pg.Exec(ctx, s.DB, sqlLater, m.ID, now.Add(pause(m.Attempts)), short(errs.MessageOf(sendErr)))
}

// pause before the next try: half a minute, doubling, an hour at most.
func pause(attempts int) time.Duration {
	return min(30*time.Second<<min(attempts-1, 10), time.Hour)
}

// alreadyThere reports whether a refusal of something sent before says that it arrived.
func alreadyThere(r *Refused) bool {
	w := strings.ToLower(r.Message)
	return r.Code == 208 || strings.Contains(w, "sudah ada") || strings.Contains(w, "sudah terdaftar") || strings.Contains(w, "duplikat") || strings.Contains(w, "duplicate")
}

// short keeps an answer to a line that can be stored, without long numbers: they may be
// somebody's.
func short(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
	for i, w := range words {
		if len(strings.Map(onlyDigits, w)) >= 10 {
			words[i] = "…"
		}
	}
	out := []rune(strings.Join(words, " "))
	return string(out[:min(len(out), 200)])
}

func onlyDigits(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}

// errNothing tells that there is nothing to send.
var errNothing = errors.New("nothing to send")

func nothing(sentence string) error { return errs.Wrap(errs.Conflict, errNothing, sentence) }

// tell sends a message as its kind demands.
func (s *Service) tell(ctx context.Context, m message) error {
	a, err := LoadAccount(ctx, s.DB, s.Box, m.UnitID)
	if err != nil {
		return err
	}
	t, err := pg.One[subject](ctx, s.DB, sqlSubject, m.TicketID)
	if err != nil {
		return err
	}
	if m.Kind == KindEncounter {
		if m.ID != t.LastEnd {
			return nothing("Kunjungan ini diakhiri lagi kemudian.")
		}
		return s.tellMinistry(ctx, a, t)
	}
	if !a.Outbound.Enabled || s.Client == nil {
		return nothing("Sambungan keluar ke BPJS dimatikan.")
	}
	if t.Unknown && m.Kind != KindAdd {
		return nothing("BPJS tidak tahu nomor ini.")
	}
	nik, card, phone, err := s.opened(t)
	if err != nil {
		return err
	}
	if t.Payer != "jkn" {
		card = ""
	}
	day := t.Day.Format(time.DateOnly)
	switch m.Kind {
	case KindAdd:
		return s.Client.Add(ctx, a.Outbound, AddRequest{
			Card: card, NIK: nik, Phone: strings.Replace(phone, "+62", "0", 1), PoliCode: t.BPJSCode, PoliName: t.Poli, Record: fmt.Sprintf("%06d", t.RecordNo), Day: day,
			DoctorCode: t.DoctorCode, DoctorName: t.Doctor, Hours: hourMinute(t.StartsAt) + "-" + hourMinute(t.EndsAt), Number: t.Code, Count: t.Number,
			Words: "Hadir 30 menit sebelum perkiraan dilayani.",
		})
	case KindCame, KindNoShow:
		status := 1
		if m.Kind == KindNoShow {
			status = 2
		}
		return s.Client.Call(ctx, a.Outbound, CallRequest{Day: day, PoliCode: t.BPJSCode, Card: card, Status: status, At: m.At.UnixMilli()})
	case KindCancel:
		reason := indo.CleanName(m.Reason)
		if reason == "" {
			reason = "Dibatalkan pasien"
		}
		return s.Client.GiveUp(ctx, a.Outbound, GiveUpRequest{Day: day, PoliCode: t.BPJSCode, Card: card, Reason: reason})
	}
	return nothing("Pesan ini tidak dikenal.")
}

func hourMinute(t time.Time) string { return t.In(clock.Makassar).Format("15:04") }

// opened are the numbers of a patient.
func (s *Service) opened(t subject) (nik, card, phone string, err error) {
	for _, x := range []struct {
		sealed  []byte
		context string
		to      *string
	}{{t.NIKSealed, epuskesmas.NIKContext, &nik}, {t.CardSealed, epuskesmas.CardContext, &card}, {t.Phone, notify.PhoneContext, &phone}} {
		if len(x.sealed) == 0 {
			continue
		}
		if *x.to, err = s.Box.Open(x.sealed, x.context); err != nil {
			return "", "", "", err
		}
	}
	return nik, card, phone, nil
}
