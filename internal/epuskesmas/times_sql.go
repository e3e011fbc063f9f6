package epuskesmas

const (
	// Sessions whose promises may have changed: something happened since they were worked
	// out before $2, or they have begun and were last looked at before $3.
	sqlSessionsToReckon = `SELECT s.id FROM epuskesmas_session s LEFT JOIN epuskesmas_reckoned r ON r.session_id = s.id
WHERE s.day >= $1::date AND s.status IN ('terencana', 'berjalan') AND s.last_number > 0
	AND (r.session_id IS NULL OR r.at <= $2 AND (s.seq > r.seq OR s.starts_at <= $4 AND s.day = $1::date AND r.at <= $3))
ORDER BY s.starts_at, s.id LIMIT 1000`

	// Whoever asks first works a session out; who comes at the same time waits and then has
	// nothing to do.
	sqlClaimReckoning = `INSERT INTO epuskesmas_reckoned AS r (session_id, seq, at) SELECT s.id, s.seq, $2 FROM epuskesmas_session s WHERE s.id = $1
ON CONFLICT (session_id) DO UPDATE SET seq = excluded.seq, at = excluded.at
WHERE r.at <= $3 AND (excluded.seq > r.seq OR r.at <= $4) RETURNING session_id`

	sqlPoliOfSession = `SELECT poli_id FROM epuskesmas_session WHERE id = $1`

	// Who waits or may come, and what they were told last.
	sqlOpenPromises = `SELECT t.id, t.status, t.here_at, e.p50, COALESCE(h.at >= t.here_at, false) AS told_here FROM epuskesmas_ticket t
LEFT JOIN LATERAL (SELECT p50 FROM epuskesmas_estimate WHERE ticket_id = t.id ORDER BY id DESC LIMIT 1) e ON true
LEFT JOIN LATERAL (SELECT max(at) AS at FROM epuskesmas_estimate WHERE ticket_id = t.id AND moment = 'hadir') h ON true
WHERE t.session_id = $1 AND t.status IN ('dipesan', 'menunggu') ORDER BY t.id`

	sqlPublish = `INSERT INTO epuskesmas_estimate (ticket_id, at, seq, p10, p50, p90, ahead, moment)
SELECT u.ticket_id, $1, $2, u.p10, u.p50, u.p90, u.ahead, u.moment
FROM unnest($3::bigint[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::integer[], $8::text[]) u (ticket_id, p10, p50, p90, ahead, moment)`

	sqlPromise = `SELECT at, p10, p50, p90, ahead FROM epuskesmas_estimate WHERE ticket_id = $1 ORDER BY id DESC LIMIT 1`

	sqlAnnounced = `SELECT s.id, s.poli_id, s.starts_at, s.ends_at, CASE WHEN d.ids IS NULL THEN COALESCE(c.ids, '{}') ELSE d.ids END AS doctors
FROM epuskesmas_session s
LEFT JOIN LATERAL (SELECT array_agg('d' || y.doctor_id ORDER BY y.id) AS ids FROM epuskesmas_duty y WHERE y.session_id = s.id) d ON true
LEFT JOIN LATERAL (SELECT array_agg('c' || k.id ORDER BY k.id) AS ids FROM epuskesmas_counter k WHERE k.poli_id = s.poli_id AND k.active) c ON true
WHERE s.id = ANY ($1::bigint[]) ORDER BY s.ends_at, s.id`

	sqlHappened = `SELECT e.session_id, e.seq, e.at, e.action, COALESCE(e.ticket_id, 0) AS ticket_id, COALESCE(e.doctor_id, 0) AS doctor_id,
	COALESCE(e.counter_id, 0) AS counter_id, e.to_status, e.from_status <> e.to_status AS moves, e.late OR COALESCE(t.late_entry, false) AS late,
	COALESCE(t.number, 0) AS number, COALESCE(t.class, '') AS class, COALESCE(t.online, false) AS online, t.advised_at
FROM epuskesmas_event e LEFT JOIN epuskesmas_ticket t ON t.id = e.ticket_id
WHERE e.session_id = ANY ($1::bigint[]) AND e.seq > $2 ORDER BY e.session_id, e.seq`

	// The sessions from which the times of a poli are learned, in their order.
	sqlToLearn = `SELECT id FROM epuskesmas_session WHERE poli_id = $1 AND status = 'selesai' AND day >= $2::date ORDER BY ends_at, id`

	// What was told in sessions to those who were served, for what became of it.
	sqlTold = `SELECT e.ticket_id, e.at, e.seq, e.p10, e.p50, e.p90, e.ahead FROM epuskesmas_estimate e
JOIN epuskesmas_ticket t ON t.id = e.ticket_id WHERE t.session_id = ANY ($1::bigint[]) AND t.started_at IS NOT NULL AND NOT t.late_entry ORDER BY e.id`
)
