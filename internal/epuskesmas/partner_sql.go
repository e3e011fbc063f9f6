package epuskesmas

// Who is on duty in the sessions $1, and who is planned for the weekly sessions $1.
const (
	sqlDutyOf = `
SELECT y.session_id AS "of", e.id AS doctor_id, e.name, e.bpjs_code FROM epuskesmas_duty y JOIN epuskesmas_doctor e ON e.id = y.doctor_id
WHERE y.session_id = ANY ($1::bigint[]) AND y.status <> 'absen' ORDER BY y.id`

	sqlPlannedDuty = `
SELECT p.id AS "of", e.id AS doctor_id, e.name, e.bpjs_code FROM epuskesmas_plan p JOIN epuskesmas_doctor e ON e.id = ANY (p.doctor_ids) AND e.active
WHERE p.id = ANY ($1::bigint[]) ORDER BY p.id, e.id`
)

// How the queues of the sessions $1 stand.
const sqlStanding = `
SELECT s.id, n.given, n.waiting, COALESCE(c.code, '') AS last_call, c.called_at FROM epuskesmas_session s
CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE t.status NOT IN ('batal', 'dijadwalkan_ulang', 'dialihkan')) AS given,
	count(*) FILTER (WHERE t.status IN ('dipesan', 'menunggu', 'dipanggil', 'dilayani')) AS waiting
	FROM epuskesmas_ticket t WHERE t.session_id = s.id) n
LEFT JOIN LATERAL (SELECT t.code, t.called_at FROM epuskesmas_ticket t WHERE t.session_id = s.id AND t.called_at IS NOT NULL
	ORDER BY t.called_at DESC, t.id DESC LIMIT 1) c ON true
WHERE s.id = ANY ($1::bigint[])`

// Patients of $1 by NIK $3, else by card $2 where no NIK is known.
const sqlInsured = `
WITH same AS (SELECT id, birth_date, true AS by_nik FROM epuskesmas_patient WHERE unit_id = $1 AND nik_hash = $3)
SELECT id, birth_date, by_nik FROM same
UNION ALL
SELECT DISTINCT p.id, p.birth_date, false FROM epuskesmas_patient f JOIN epuskesmas_patient p ON p.id = COALESCE(f.merged_into, f.id)
WHERE f.unit_id = $1 AND f.bpjs_hash = $2 AND p.nik_hash IS NULL AND NOT EXISTS (SELECT FROM same)
LIMIT 2`

// $2–$3 NIK, $4–$5 card, $6 phone.
const sqlNoteInsured = `
UPDATE epuskesmas_patient SET nik_sealed = COALESCE(nik_sealed, $2), nik_hash = COALESCE(nik_hash, $3), bpjs_sealed = $4, bpjs_hash = $5,
	phone_sealed = COALESCE(phone_sealed, $6), version = version + 1
WHERE id = $1 AND (nik_hash IS NULL OR bpjs_hash IS DISTINCT FROM $5 OR phone_sealed IS NULL AND $6::bytea IS NOT NULL)`

const sqlInsuredTicket = `
SELECT t.id FROM epuskesmas_patient p JOIN epuskesmas_visit v ON v.patient_id = COALESCE(p.merged_into, p.id) AND v.day = $4::date
JOIN epuskesmas_ticket t ON t.visit_id = v.id AND t.poli_id = ANY ($3::bigint[]) AND t.moved_to IS NULL
WHERE p.unit_id = $1 AND p.bpjs_hash = $2
ORDER BY t.status IN ('dipesan', 'menunggu', 'dipanggil', 'dilayani') DESC, v.origin = 'bpjs' DESC, t.id DESC LIMIT 1`

const sqlHasNumber = `
SELECT EXISTS (SELECT FROM epuskesmas_visit v JOIN epuskesmas_ticket t ON t.visit_id = v.id AND t.poli_id = ANY ($2::bigint[])
	WHERE v.patient_id = $1 AND v.day = $3::date AND t.status IN ('dipesan', 'menunggu', 'dipanggil', 'dilayani', 'selesai', 'dirujuk'))`

const sqlVisitDoctor = `UPDATE epuskesmas_visit SET doctor_id = $2 WHERE id = $1`

const sqlTicketInUnit = sqlTicket + ` AND t.unit_id = $2`
