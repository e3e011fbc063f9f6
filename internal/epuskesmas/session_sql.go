package epuskesmas

const sessionTimes = `(d + p.starts) AT TIME ZONE 'Asia/Makassar' AS starts_at, (d + p.ends) AT TIME ZONE 'Asia/Makassar' AS ends_at`

// Sessions of the polis $1 from day $2 to $3 that end after $4: those with a row, and
// those of the plan that nobody has looked at yet. Closed days are left out.
const sqlSessions = `
WITH planned AS (
	SELECT p.id, p.poli_id, d::date AS day, ` + sessionTimes + `, p.quota, p.quota_online, p.quota_jkn, p.quota_general, p.doctor_ids
	FROM epuskesmas_plan p
	JOIN generate_series($2::date::timestamp, $3::date::timestamp, '1 day') d ON extract(isodow FROM d) = p.weekday
	WHERE p.poli_id = ANY ($1::bigint[]) AND p.valid_from <= d AND (p.valid_to IS NULL OR d <= p.valid_to)
), every AS (
	SELECT s.id, 0::bigint AS plan_id, s.poli_id, s.day, s.starts_at, s.ends_at, s.status, s.quota, s.quota_online, s.quota_jkn,
		s.quota_general, s.last_number, s.taken, s.taken_online, s.taken_jkn, s.taken_general, s.seq,
		ARRAY(SELECT e.name FROM epuskesmas_duty y JOIN epuskesmas_doctor e ON e.id = y.doctor_id
			WHERE y.session_id = s.id AND y.status <> 'absen' ORDER BY y.id) AS doctors, '{}'::text[] AS planned
	FROM epuskesmas_session s WHERE s.poli_id = ANY ($1::bigint[]) AND s.day BETWEEN $2::date AND $3::date
	UNION ALL
	SELECT 0, p.id, p.poli_id, p.day, p.starts_at, p.ends_at, 'terencana', p.quota, p.quota_online, p.quota_jkn, p.quota_general,
		0, 0, 0, 0, 0, 0, ARRAY(SELECT e.name FROM epuskesmas_doctor e WHERE e.id = ANY (p.doctor_ids) AND e.active ORDER BY e.id),
		ARRAY(SELECT 'd' || e.id FROM epuskesmas_doctor e WHERE e.id = ANY (p.doctor_ids) AND e.active ORDER BY e.id)
	FROM planned p
	WHERE NOT EXISTS (SELECT FROM epuskesmas_session s WHERE s.poli_id = p.poli_id AND s.starts_at = p.starts_at)
)
SELECT e.id, e.plan_id, o.unit_id, e.poli_id, o.name AS poli_name, o.letter, e.day, e.starts_at, e.ends_at, e.status, e.doctors, e.planned,
	e.quota AS "all", e.quota_online AS online, e.quota_jkn AS jkn, e.quota_general AS general, e.last_number, e.taken,
	e.taken_online, e.taken_jkn, e.taken_general, e.seq
FROM every e JOIN epuskesmas_poli o ON o.id = e.poli_id JOIN epuskesmas_site g ON g.unit_id = o.unit_id
WHERE e.ends_at > $4 AND e.status <> 'ditiadakan' AND g.open AND o.active AND e.day <= $2::date + g.horizon_days
	AND NOT EXISTS (SELECT FROM epuskesmas_closure c
		WHERE c.unit_id = o.unit_id AND (c.poli_id IS NULL OR c.poli_id = o.id) AND e.day BETWEEN c.from_day AND c.to_day)
ORDER BY e.starts_at, o.position, e.poli_id`

// Makes the row of a session from the plan $1 on day $2, with its doctors. Who comes
// second changes nothing.
const sqlMakeSession = `
WITH s AS (
	INSERT INTO epuskesmas_session (unit_id, poli_id, day, starts_at, ends_at, quota, quota_online, quota_jkn, quota_general)
	SELECT o.unit_id, p.poli_id, d, ` + sessionTimes + `, p.quota, p.quota_online, p.quota_jkn, p.quota_general
	FROM epuskesmas_plan p JOIN epuskesmas_poli o ON o.id = p.poli_id, (SELECT $2::date AS d) d
	WHERE p.id = $1
	ON CONFLICT ON CONSTRAINT epuskesmas_session_key DO NOTHING
	RETURNING id
)
INSERT INTO epuskesmas_duty (session_id, doctor_id)
SELECT s.id, e.id FROM s, epuskesmas_plan p JOIN epuskesmas_doctor e ON e.id = ANY (p.doctor_ids) AND e.active
WHERE p.id = $1 ORDER BY e.id`

const sqlSessionID = `SELECT id FROM epuskesmas_session WHERE poli_id = $1 AND starts_at = $2`

// A session that has a row, as long as $3 it can be booked: what a rush for numbers asks.
const sqlMadeSession = `SELECT ` + sessionColumns + `
FROM epuskesmas_session s JOIN epuskesmas_poli o ON o.id = s.poli_id JOIN epuskesmas_site g ON g.unit_id = o.unit_id
WHERE s.poli_id = $1 AND s.starts_at = $2 AND s.ends_at > $3 AND s.status <> 'ditiadakan' AND g.open AND o.active AND s.day <= $4::date + g.horizon_days
	AND NOT EXISTS (SELECT FROM epuskesmas_closure c
		WHERE c.unit_id = o.unit_id AND (c.poli_id IS NULL OR c.poli_id = o.id) AND s.day BETWEEN c.from_day AND c.to_day)`
