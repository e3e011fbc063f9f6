package epuskesmas

const (
	sqlSaveSite = `UPDATE epuskesmas_site SET horizon_days = $2, open = $3, version = version + 1, updated_at = $5 WHERE unit_id = $1 AND version = $4`

	// Whether anybody could book: a clinic with a plan that is not over.
	sqlHasPlan = `SELECT EXISTS (SELECT FROM epuskesmas_plan p JOIN epuskesmas_poli o ON o.id = p.poli_id
WHERE o.unit_id = $1 AND o.active AND o.kind = 'poli' AND (p.valid_to IS NULL OR p.valid_to >= $2::date))`

	sqlInsertPoli = `INSERT INTO epuskesmas_poli (unit_id, kind, letter, name, spoken, bpjs_code, priority_ratio, position, active)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`
	// A poli stays what it is: its letter is on tickets.
	sqlUpdatePoli = `UPDATE epuskesmas_poli SET name = $3, spoken = $4, bpjs_code = $5, priority_ratio = $6, position = $7, active = $8
WHERE id = $1 AND unit_id = $2`
	sqlPoliUnit = `SELECT unit_id FROM epuskesmas_poli WHERE id = $1`
	// Who plans for a poli waits for others who do, so that sessions do not overlap.
	sqlLockPoli = `SELECT id FROM epuskesmas_poli WHERE id = $1 FOR NO KEY UPDATE`

	sqlCounters = `SELECT c.id, c.poli_id, c.name, c.active FROM epuskesmas_counter c JOIN epuskesmas_poli o ON o.id = c.poli_id
WHERE o.unit_id = $1 ORDER BY o.position, o.letter, c.active DESC, c.name`
	sqlInsertCounter = `INSERT INTO epuskesmas_counter (poli_id, name, active) VALUES ($1, $2, $3) RETURNING id`
	sqlUpdateCounter = `UPDATE epuskesmas_counter SET name = $3, active = $4 WHERE id = $1 AND poli_id = $2`

	sqlDoctors      = `SELECT id, unit_id, name, bpjs_code, COALESCE(person_id, 0) AS person_id, active FROM epuskesmas_doctor WHERE unit_id = $1 ORDER BY active DESC, name, id`
	sqlInsertDoctor = `INSERT INTO epuskesmas_doctor (unit_id, name, bpjs_code, person_id, active) VALUES ($1, $2, $3, NULLIF($4::bigint, 0), $5) RETURNING id`
	sqlUpdateDoctor = `UPDATE epuskesmas_doctor SET name = $3, bpjs_code = $4, person_id = NULLIF($5::bigint, 0), active = $6 WHERE id = $1 AND unit_id = $2`
	sqlDoctorsIn    = `SELECT count(*) FROM epuskesmas_doctor WHERE unit_id = $1 AND id = ANY ($2::bigint[])`

	// Who works in the puskesmas, or did: a doctor who left keeps who they were.
	sqlStaffOf = `SELECT n.id, n.name || ' · ' || min(p.title) AS label FROM org_occupancy o JOIN org_person n ON n.id = o.person_id JOIN org_position p ON p.id = o.position_id
JOIN org_unit u ON u.id = p.unit_id WHERE u.ancestors @> ARRAY[$1::bigint] AND (o.during @> $2::timestamptz OR n.id IN (SELECT person_id FROM epuskesmas_doctor WHERE unit_id = $1)) GROUP BY n.id, n.name ORDER BY n.name, n.id`

	planColumns = `p.id, p.poli_id, p.weekday, (extract(epoch FROM p.starts) / 60)::int AS starts, (extract(epoch FROM p.ends) / 60)::int AS ends,
	p.quota AS "all", p.quota_online AS online, p.quota_jkn AS jkn, p.quota_general AS general, p.doctor_ids, p.valid_from, p.valid_to`

	sqlPlans = `SELECT ` + planColumns + ` FROM epuskesmas_plan p JOIN epuskesmas_poli o ON o.id = p.poli_id
WHERE o.unit_id = $1 AND (p.valid_to IS NULL OR p.valid_to >= $2::date) ORDER BY o.position, o.letter, p.weekday, p.starts, p.id`
	sqlPlan     = `SELECT ` + planColumns + ` FROM epuskesmas_plan p WHERE p.id = $1`
	sqlOverlaps = `SELECT EXISTS (SELECT FROM epuskesmas_plan p WHERE p.poli_id = $1 AND p.weekday = $2 AND p.id <> $3
	AND p.starts < make_time($5::int / 60, $5::int % 60, 0) AND p.ends > make_time($4::int / 60, $4::int % 60, 0)
	AND daterange(p.valid_from, p.valid_to, '[]') && daterange($6::date, $7::date, '[]'))`
	sqlInsertPlan = `INSERT INTO epuskesmas_plan (poli_id, weekday, starts, ends, quota, quota_online, quota_jkn, quota_general, doctor_ids, valid_from, valid_to)
VALUES ($1, $2, make_time($3::int / 60, $3::int % 60, 0), make_time($4::int / 60, $4::int % 60, 0), $5, $6, $7, $8, $9, $10::date, $11::date) RETURNING id`
	sqlUpdatePlan = `UPDATE epuskesmas_plan SET quota = $2, quota_online = $3, quota_jkn = $4, quota_general = $5, doctor_ids = $6, valid_to = $7::date WHERE id = $1`

	// The sessions of a plan that have a row and have not begun, from a day on.
	planSessions = `s.poli_id = $1 AND extract(isodow FROM s.day) = $2 AND s.starts_at = (s.day + make_time($3::int / 60, $3::int % 60, 0)) AT TIME ZONE 'Asia/Makassar'
	AND s.starts_at > $4 AND s.status = 'terencana'`
	// Nobody loses a place: a quota is not less than what is taken.
	sqlAdjustSessions = `UPDATE epuskesmas_session s SET quota = GREATEST($5, s.taken), quota_online = LEAST(GREATEST($6, s.taken_online), GREATEST($5, s.taken)),
	quota_jkn = GREATEST($7, s.taken_jkn), quota_general = GREATEST($8, s.taken_general) WHERE ` + planSessions
	sqlFutureTickets = `SELECT count(*) FROM epuskesmas_session s JOIN epuskesmas_ticket t ON t.session_id = s.id AND t.status IN ('dipesan', 'menunggu')
WHERE ` + planSessions + ` AND s.day > $5::date`
	sqlDropEmpty = `UPDATE epuskesmas_session s SET status = 'ditiadakan' WHERE ` + planSessions + ` AND s.day > $5::date`

	sqlClosures = `SELECT c.id, c.unit_id, COALESCE(c.poli_id, 0) AS poli_id, COALESCE(o.name, '') AS poli_name, c.from_day, c.to_day, c.reason
FROM epuskesmas_closure c LEFT JOIN epuskesmas_poli o ON o.id = c.poli_id WHERE c.unit_id = $1 AND c.to_day >= $2::date ORDER BY c.from_day, c.id`
	sqlInsertClosure = `INSERT INTO epuskesmas_closure (unit_id, poli_id, from_day, to_day, reason) VALUES ($1, NULLIF($2::bigint, 0), $3::date, $4::date, $5) RETURNING id`
	sqlDeleteClosure = `DELETE FROM epuskesmas_closure WHERE id = $1 AND unit_id = $2`

	sqlInsertQuotaChange = `INSERT INTO epuskesmas_quota_change (unit_id, session_id, plan_id, at, actor_id, before, after, reason)
VALUES ($1, NULLIF($2::bigint, 0), NULLIF($3::bigint, 0), $4, $5, $6, $7, $8)`
	sqlQuotaChanges = `SELECT q.id, q.at, COALESCE(a.name, '') AS actor, q.before, q.after, q.reason, COALESCE(o.name, '') AS poli, s.starts_at,
	COALESCE(p.weekday, 0) AS weekday
FROM epuskesmas_quota_change q LEFT JOIN authn_account a ON a.id = q.actor_id
LEFT JOIN epuskesmas_session s ON s.id = q.session_id LEFT JOIN epuskesmas_plan p ON p.id = q.plan_id
LEFT JOIN epuskesmas_poli o ON o.id = COALESCE(s.poli_id, p.poli_id)
WHERE q.unit_id = $1 AND ($2::bigint = 0 OR q.id < $2) ORDER BY q.id DESC LIMIT $3`

	sqlSessionsAhead = `SELECT ` + sessionColumns + ` FROM epuskesmas_session s JOIN epuskesmas_poli o ON o.id = s.poli_id
WHERE s.unit_id = $1 AND o.kind = 'poli' AND s.day >= $2::date AND s.ends_at > $3 AND (s.status <> 'ditiadakan' OR s.taken > 0) ORDER BY s.starts_at, o.position, s.id LIMIT 500`
	sqlDuty     = `SELECT y.doctor_id AS id, e.name, y.status FROM epuskesmas_duty y JOIN epuskesmas_doctor e ON e.id = y.doctor_id WHERE y.session_id = $1 ORDER BY y.id`
	sqlSetQuota = `UPDATE epuskesmas_session SET quota = $2, quota_online = $3, quota_jkn = $4, quota_general = $5 WHERE id = $1
	AND taken <= $2 AND ($4::int IS NULL OR taken_jkn <= $4) AND ($5::int IS NULL OR taken_general <= $5)`
	sqlAbsent      = `UPDATE epuskesmas_duty SET status = 'absen', since = $3, reason = $4 WHERE session_id = $1 AND doctor_id = $2 AND status <> 'absen'`
	sqlAbsentEvent = `WITH s AS (UPDATE epuskesmas_session SET seq = seq + 1 WHERE id = $1 RETURNING id, seq)
INSERT INTO epuskesmas_event (session_id, seq, at, action, doctor_id, reason, actor_id)
SELECT s.id, s.seq, $3, 'dokter_absen', $2, $4, NULLIF($5::bigint, 0) FROM s`
	sqlDropSession  = `UPDATE epuskesmas_session SET status = 'ditiadakan' WHERE id = $1 AND status IN ('terencana', 'berjalan', 'ditiadakan')`
	sqlStillWaiting = `SELECT ` + ticketColumns + ` FROM ` + ticketTables + ` WHERE t.session_id = $1 AND t.status IN ('dipesan', 'menunggu') ORDER BY t.number`
	sqlToTell       = `SELECT v.id AS visit_id, v.token_sealed, v.contact_kind, v.contact_sealed, t.code, o.spoken AS poli, u.name AS site, s.starts_at, s.ends_at, e.p10, e.p50, e.p90
FROM epuskesmas_visit v JOIN epuskesmas_ticket t ON t.visit_id = v.id JOIN epuskesmas_session s ON s.id = t.session_id
JOIN epuskesmas_poli o ON o.id = t.poli_id JOIN org_unit u ON u.id = t.unit_id` + toldLast + ` WHERE t.id = ANY ($1::bigint[]) ORDER BY t.id`
	sqlMovedTickets = `SELECT id, moved_to FROM epuskesmas_ticket WHERE id = ANY ($1::bigint[]) ORDER BY id`
	sqlHasOther     = `SELECT EXISTS (SELECT FROM epuskesmas_ticket t JOIN epuskesmas_ticket o ON o.patient_id = t.patient_id AND o.id <> t.id
	WHERE t.id = $1 AND o.poli_id = $2 AND o.day = $3::date AND o.status IN ('dipesan', 'menunggu', 'dipanggil', 'dilayani'))`
)
