package epuskesmas

// sqlVisitVersion tells whether a visit's tickets have changed, or the queue of the first.
const sqlVisitVersion = `SELECT v.id, string_agg(` + ticketVersion + `, ',' ORDER BY t.id) AS version,
	(array_agg(` + queueVersion + ` ORDER BY t.id))[1] AS queue_version
FROM epuskesmas_visit v JOIN epuskesmas_ticket t ON t.visit_id = v.id AND t.moved_to IS NULL JOIN epuskesmas_session s ON s.id = t.session_id
WHERE v.token_hash = $1 GROUP BY v.id`

// ticketVersion changes with whatever happens to ticket t of visit v.
const ticketVersion = `t.id || ' ' || t.xmin::text || ' ' || v.xmin::text`

// Numbers that another one took the place of are left out. What staff did last to a ticket,
// or to the one that it took the place of, is told who may still come or was cancelled;
// nobody's account stands behind what its owner does.
const sqlMine = `SELECT ` + ticketColumns + `, ` + siteColumns + `, v.day, ` + ticketVersion + ` AS ticket_version,
	h.action AS change_action, h.reason AS change_reason, h.starts_at AS change_from
FROM ` + ticketTables + ` JOIN (` + siteTables + `) ON g.unit_id = t.unit_id
LEFT JOIN LATERAL (SELECT e.action, e.reason, b.starts_at FROM epuskesmas_ticket f JOIN epuskesmas_session b ON b.id = f.session_id
	JOIN epuskesmas_event e ON e.ticket_id = f.id AND e.action IN ('batal', 'alihkan') AND e.actor_id IS NOT NULL
	WHERE f.visit_id = t.visit_id AND (f.id = t.id OR f.moved_to = t.id) ORDER BY e.id DESC LIMIT 1) h ON t.status IN ('dipesan', 'batal')
WHERE v.id = $1 AND t.moved_to IS NULL ORDER BY t.id`

// queueVersion changes with whatever happens in the queue of session s: each event moves the
// session's row, each publication of times the other one. What polis, counters and doctors are
// called does not: it shows once [Deps.Remember] has passed.
const queueVersion = `s.xmin::text || ' ' || COALESCE((SELECT r.xmin::text FROM epuskesmas_reckoned r WHERE r.session_id = s.id), '')`

const sessionColumns = `s.id, 0::bigint AS plan_id, s.unit_id, s.poli_id, o.name AS poli_name, o.letter, s.day, s.starts_at, s.ends_at, s.status,
	ARRAY(SELECT e.name FROM epuskesmas_duty y JOIN epuskesmas_doctor e ON e.id = y.doctor_id
		WHERE y.session_id = s.id AND y.status <> 'absen' ORDER BY y.id) AS doctors, '{}'::text[] AS planned,
	s.quota AS "all", s.quota_online AS online, s.quota_jkn AS jkn, s.quota_general AS general, s.last_number, s.taken, s.taken_online,
	s.taken_jkn, s.taken_general, s.seq`

const sqlSessionByID = `SELECT ` + sessionColumns + ` FROM epuskesmas_session s JOIN epuskesmas_poli o ON o.id = s.poli_id WHERE s.id = $1`

const sqlTicketsOfAccount = `
SELECT v.token_sealed, g.slug, u.name AS site, t.code, t.status, t.day, s.starts_at, o.name AS poli, COALESCE(p.name, '') AS patient
FROM epuskesmas_visit v JOIN epuskesmas_ticket t ON t.visit_id = v.id AND t.moved_to IS NULL
JOIN epuskesmas_session s ON s.id = t.session_id JOIN epuskesmas_poli o ON o.id = t.poli_id
JOIN epuskesmas_site g ON g.unit_id = v.unit_id JOIN org_unit u ON u.id = v.unit_id LEFT JOIN epuskesmas_patient p ON p.id = t.patient_id
WHERE v.account_id = $1 AND o.kind = 'poli' AND v.day >= $2::date - 90 ORDER BY v.day DESC, s.starts_at DESC, t.id DESC LIMIT 50`

const sqlLockSessions = `SELECT id FROM epuskesmas_session WHERE id = ANY ($1::bigint[]) ORDER BY id FOR UPDATE`

const sqlMovedTo = `UPDATE epuskesmas_ticket SET moved_to = $2 WHERE id = $1`

// What was said of the old day does not hold for the new one.
const sqlVisitMoved = `UPDATE epuskesmas_visit SET day = $2::date, told_at = $3, evening_at = NULL, soon_at = NULL WHERE id = $1`
