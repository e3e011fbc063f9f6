package epuskesmas

const sqlVisitByToken = `SELECT id, unit_id, day, payer, account_id, contact_kind, contact_sealed FROM epuskesmas_visit WHERE token_hash = $1`

// Numbers that another one took the place of are left out, unless there is no other.
const sqlTicketsOfVisit = `SELECT ` + ticketColumns + ` FROM ` + ticketTables + ` WHERE t.visit_id = $1
	AND t.moved_to IS NULL ORDER BY t.id`

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

// What staff did last to a ticket, or to the one that it took the place of. Nobody's account
// stands behind what its owner does.
const sqlChangeOf = `SELECT e.action, e.reason, s.starts_at FROM epuskesmas_ticket f JOIN epuskesmas_session s ON s.id = f.session_id
JOIN epuskesmas_event e ON e.ticket_id = f.id AND e.action IN ('batal', 'alihkan') AND e.actor_id IS NOT NULL
WHERE f.visit_id = (SELECT visit_id FROM epuskesmas_ticket WHERE id = $1) AND (f.id = $1 OR f.moved_to = $1) ORDER BY e.id DESC LIMIT 1`
