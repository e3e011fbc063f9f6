package epuskesmas

// A place is taken in the session's row, so whoever asks at the same time waits for the
// commit, and a number that was rolled back was never given. The ticket and its event
// go along in the same statement: the lock is held for one round trip.
//
// $1 session, $2 online, $3 JKN, $4 now, $5 visit, $6 patient, $7 class, $8 reason,
// $9 status, $10 here, $11 advised, $12 actor, $13 whether the quota does not count
// (a step inside the house, or a manager's decision).
const sqlTake = `WITH place AS (
	UPDATE epuskesmas_session s SET last_number = last_number + 1, seq = seq + 1,
		taken = taken + CASE WHEN $13::boolean THEN 0 ELSE 1 END,
		taken_online = taken_online + CASE WHEN $2::boolean AND NOT $13::boolean THEN 1 ELSE 0 END,
		taken_jkn = taken_jkn + CASE WHEN $3::boolean AND NOT $13::boolean THEN 1 ELSE 0 END,
		taken_general = taken_general + CASE WHEN NOT $3::boolean AND NOT $13::boolean THEN 1 ELSE 0 END
	WHERE id = $1 AND status IN ('terencana', 'berjalan') AND ($13::boolean OR (
		ends_at > $4 AND taken < quota
		AND CASE WHEN $2::boolean THEN taken_online < quota_online
			WHEN $4 < starts_at THEN taken - taken_online < quota - quota_online ELSE true END
		AND CASE WHEN $3::boolean THEN quota_jkn IS NULL OR taken_jkn < quota_jkn
			ELSE quota_general IS NULL OR taken_general < quota_general END))
	RETURNING s.id, s.unit_id, s.poli_id, s.day, s.last_number, s.seq
), t AS (
	INSERT INTO epuskesmas_ticket (visit_id, session_id, unit_id, poli_id, day, patient_id, number, code, class, class_reason, online,
		counted, jkn, status, status_at, queue_key, here_at, advised_at)
	SELECT $5, p.id, p.unit_id, p.poli_id, p.day, $6, p.last_number, o.letter || '-' || lpad(p.last_number::text, 3, '0'), $7, $8, $2,
		NOT $13::boolean, $3, $9, $4, p.last_number, $10, $11
	FROM place p JOIN epuskesmas_poli o ON o.id = p.poli_id
	RETURNING id, session_id, number, code
), e AS (
	INSERT INTO epuskesmas_event (session_id, seq, at, action, ticket_id, to_status, actor_id)
	SELECT t.session_id, p.seq, $4, 'pesan', t.id, $9, NULLIF($12::bigint, 0) FROM t JOIN place p ON p.id = t.session_id
)
SELECT id, number, code FROM t`
