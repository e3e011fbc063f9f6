package epuskesmas

const (
	sqlCounter = `SELECT c.id, c.poli_id, c.name, o.unit_id, o.priority_ratio, u.ancestors FROM epuskesmas_counter c
JOIN epuskesmas_poli o ON o.id = c.poli_id JOIN org_unit u ON u.id = o.unit_id
WHERE c.id = $1 AND c.active AND o.active AND u.ancestors && $2::bigint[]`

	// The session that calls now: today's earliest with somebody waiting, else the
	// newest that has begun.
	sqlCallingSession = `SELECT s.id FROM epuskesmas_session s WHERE s.poli_id = $1 AND s.day = $2::date AND s.status IN ('terencana', 'berjalan')
ORDER BY EXISTS (SELECT FROM epuskesmas_ticket t WHERE t.session_id = s.id AND t.status = 'menunggu') DESC,
	CASE WHEN s.starts_at <= $3 THEN s.starts_at END DESC NULLS LAST, s.starts_at LIMIT 1`

	sqlLockSession = `SELECT id, unit_id, poli_id, starts_at, status, in_row, high_key, seq FROM epuskesmas_session WHERE id = $1 FOR UPDATE`
	sqlSaveSession = `UPDATE epuskesmas_session SET status = $2, in_row = $3, high_key = $4, seq = $5 WHERE id = $1`
	sqlFreePlace   = `UPDATE epuskesmas_session SET taken = taken - 1, taken_online = taken_online - CASE WHEN $2::boolean THEN 1 ELSE 0 END,
	taken_jkn = taken_jkn - CASE WHEN $3::boolean THEN 1 ELSE 0 END, taken_general = taken_general - CASE WHEN $3::boolean THEN 0 ELSE 1 END
WHERE id = $1`

	queueTicketColumns = `SELECT t.id, t.session_id, t.visit_id, t.patient_id, t.poli_id, t.class, t.status, t.queue_key, t.online, t.jkn, t.counted,
	t.here_at, t.assessed_at, t.first_call_at, t.called_at, t.calls, t.started_at, t.ended_at, t.counter_id, t.doctor_id, t.status_at, t.seq
FROM epuskesmas_ticket t `

	// Who is next of each class, each read from the end of the session's own index.
	sqlFirstOfClass = queueTicketColumns + `WHERE t.session_id = $1 AND t.status = 'menunggu' AND t.class = $2 ORDER BY t.queue_key, t.id LIMIT 1`
	sqlAtCounter    = queueTicketColumns + `WHERE t.counter_id = $1 AND t.status IN ('dipanggil', 'dilayani')`
	sqlQueueTicket  = queueTicketColumns + `WHERE t.id = $1`

	sqlTicketScope = `SELECT t.session_id, u.ancestors FROM epuskesmas_ticket t JOIN org_unit u ON u.id = t.unit_id WHERE t.id = $1 AND u.ancestors && $2::bigint[]`

	sqlKeysBehind = `SELECT queue_key FROM epuskesmas_ticket WHERE session_id = $1 AND status = 'menunggu' AND (class = 'biasa') = $2 AND id <> $3
ORDER BY queue_key LIMIT 4`

	sqlSaveTicket = `UPDATE epuskesmas_ticket SET status = $3, status_at = $4, class = $5, queue_key = $6, here_at = $7, first_call_at = $8, called_at = $9,
	calls = $10, started_at = $11, ended_at = $12, counter_id = $13, doctor_id = $14, class_reason = CASE WHEN $15 = '' THEN class_reason ELSE $15 END,
	assessed_at = $16, seq = seq + 1
WHERE id = $1 AND seq = $2`

	sqlInsertEvent = `INSERT INTO epuskesmas_event (session_id, seq, at, action, ticket_id, doctor_id, counter_id, from_status, to_status, reason, actor_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULLIF($11::bigint, 0))`

	// The newest transition of a ticket, for undoing it.
	sqlNewestEvent = `SELECT action, from_status, at, counter_id FROM epuskesmas_event WHERE ticket_id = $1 AND from_status <> to_status ORDER BY id DESC LIMIT 1`
)
