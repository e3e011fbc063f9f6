package epuskesmas

// Bookings of one contact come one after another, so that they can be counted.
const sqlLockContact = `SELECT pg_advisory_xact_lock(hashtextextended(encode($1::bytea, 'hex'), 0))`

// What the key gave before: the visit's first ticket.
const sqlByKey = `
SELECT v.token_sealed, t.id AS ticket_id FROM epuskesmas_visit v JOIN epuskesmas_ticket t ON t.visit_id = v.id
WHERE v.booking_key = $1 ORDER BY t.id LIMIT 1`

const sqlActiveOfContact = `
SELECT count(DISTINCT v.id) FROM epuskesmas_visit v JOIN epuskesmas_ticket t ON t.visit_id = v.id
WHERE v.contact_hash = $1 AND v.day >= $2::date AND t.status IN ('dipesan', 'menunggu', 'dipanggil', 'dilayani')`

const sqlPatientByNIK = `
SELECT id, name_fold, birth_date FROM epuskesmas_patient WHERE unit_id = $1 AND nik_hash = $2`

const sqlPatientOfContact = `
SELECT COALESCE(p.merged_into, p.id) FROM epuskesmas_patient p
WHERE p.unit_id = $1 AND p.name_fold = $2 AND p.birth_date = $3::date
	AND EXISTS (SELECT FROM epuskesmas_visit v WHERE v.patient_id = COALESCE(p.merged_into, p.id) AND v.contact_hash = $4)
ORDER BY p.id LIMIT 1`

const sqlInsertPatient = `
INSERT INTO epuskesmas_patient (unit_id, name, name_fold, birth_date, sex, nik_sealed, nik_hash, bpjs_sealed, bpjs_hash, phone_sealed, created_at)
VALUES ($1, $2, $3, $4::date, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (unit_id, nik_hash) WHERE nik_hash IS NOT NULL DO NOTHING
RETURNING id`

// What somebody tells for the first time is added; what is known stays for the desk to change.
const sqlCompletePatient = `
UPDATE epuskesmas_patient SET
	nik_sealed = COALESCE(nik_sealed, $2), nik_hash = COALESCE(nik_hash, $3),
	bpjs_sealed = COALESCE(bpjs_sealed, $4), bpjs_hash = COALESCE(bpjs_hash, $5), version = version + 1
WHERE id = $1 AND ($3::bytea IS NOT NULL AND nik_hash IS NULL OR $5::bytea IS NOT NULL AND bpjs_hash IS NULL)`

const sqlPatientInUnit = `
SELECT p.id, p.birth_date FROM epuskesmas_patient f JOIN epuskesmas_patient p ON p.id = COALESCE(f.merged_into, f.id) WHERE f.id = $1 AND f.unit_id = $2`

const sqlInsertVisit = `
INSERT INTO epuskesmas_visit (unit_id, day, patient_id, account_id, contact_hash, contact_sealed, contact_kind, token_sealed, token_hash,
	booking_key, payer, complaint_sealed, origin, created_at)
VALUES ($1, $2::date, $3, NULLIF($4::bigint, 0), $5, $6, $7, $8, $9, NULLIF($10, ''), $11, $12, $13, $14)
RETURNING id`

const ticketColumns = `t.id, t.visit_id, t.session_id, t.poli_id, o.name AS poli_name, t.code, t.number, t.class, t.class_reason AS reason,
	t.online, t.status, t.status_at, COALESCE(p.name, '') AS patient, COALESCE(p.record_number, 0) AS record_no, p.birth_date, v.payer, t.here_at,
	t.called_at, t.calls, t.started_at, t.ended_at, COALESCE(c.name, '') AS counter, COALESCE(e.name, '') AS doctor, t.assessed_at, t.seq,
	COALESCE((SELECT w.name FROM epuskesmas_doctor w WHERE w.id = v.doctor_id), '') AS asked_for`

const ticketTables = `epuskesmas_ticket t JOIN epuskesmas_visit v ON v.id = t.visit_id JOIN epuskesmas_poli o ON o.id = t.poli_id
	LEFT JOIN epuskesmas_patient p ON p.id = t.patient_id LEFT JOIN epuskesmas_counter c ON c.id = t.counter_id
	LEFT JOIN epuskesmas_doctor e ON e.id = t.doctor_id`

const sqlTicket = `SELECT ` + ticketColumns + ` FROM ` + ticketTables + ` WHERE t.id = $1`
