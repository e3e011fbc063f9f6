package epuskesmas

const (
	sqlBoardSite = `SELECT ` + siteColumns + `, COALESCE((SELECT string_agg(` + queueVersion + `, ',' ORDER BY s.id)
	FROM epuskesmas_session s WHERE s.unit_id = g.unit_id AND s.day = $2::date), '') AS queues_version
FROM ` + siteTables + ` WHERE g.board_hash = $1`

	// Those that work today: whatever has a session.
	sqlBoardPolis = `SELECT ` + poliColumns + ` FROM epuskesmas_poli o WHERE o.unit_id = $1 AND o.active
	AND EXISTS (SELECT FROM epuskesmas_session s WHERE s.poli_id = o.id AND s.day = $2::date AND s.status <> 'ditiadakan')
ORDER BY o.position, o.letter`

	sqlBoardNow = `SELECT 0::bigint AS id, t.poli_id, '' AS poli, '' AS spoken, t.code, c.name AS counter, t.called_at AS at, t.status = 'dilayani' AS serving
FROM epuskesmas_ticket t JOIN epuskesmas_counter c ON c.id = t.counter_id
WHERE t.unit_id = $1 AND t.day = $2::date AND t.status IN ('dipanggil', 'dilayani') ORDER BY t.called_at DESC, t.id DESC`

	// Who is called or served, waits, or has a number of a session that begins before $3.
	sqlBoardLine = `SELECT t.poli_id, t.status, CASE t.class WHEN 'darurat' THEN 0 WHEN 'prioritas' THEN 1 ELSE 2 END AS class, s.in_row, t.code,
	(SELECT e.p50 FROM epuskesmas_estimate e WHERE e.ticket_id = t.id ORDER BY e.id DESC LIMIT 1) AS about
FROM epuskesmas_ticket t JOIN epuskesmas_session s ON s.id = t.session_id
WHERE t.unit_id = $1 AND t.day = $2::date
	AND (t.status IN ('menunggu', 'dipanggil', 'dilayani') OR t.status = 'dipesan' AND s.starts_at <= $3 AND s.status IN ('terencana', 'berjalan'))
ORDER BY t.queue_key, t.id`

	sqlBoardPauses = `SELECT s.poli_id, e.name || ': ' || y.reason AS words FROM epuskesmas_duty y JOIN epuskesmas_session s ON s.id = y.session_id
JOIN epuskesmas_doctor e ON e.id = y.doctor_id
WHERE s.unit_id = $1 AND s.day = $2::date AND y.status = 'jeda' AND s.status IN ('terencana', 'berjalan') ORDER BY y.id`

	sqlBoardCalls = `SELECT v.id, t.poli_id, o.name AS poli, o.spoken, t.code, c.name AS counter, v.at, false AS serving
FROM epuskesmas_session s JOIN epuskesmas_event v ON v.session_id = s.id JOIN epuskesmas_ticket t ON t.id = v.ticket_id
JOIN epuskesmas_poli o ON o.id = t.poli_id JOIN epuskesmas_counter c ON c.id = v.counter_id
WHERE s.unit_id = $1 AND s.day = $2::date AND v.at >= $3 AND v.action IN ('panggil', 'panggil_ulang') ORDER BY v.id LIMIT 50`

	sqlScreens  = `SELECT board_sealed, kiosk_sealed FROM epuskesmas_site WHERE unit_id = $1`
	sqlSetBoard = `UPDATE epuskesmas_site SET board_sealed = $2, board_hash = $3, updated_at = $4 WHERE unit_id = $1`
	sqlSetKiosk = `UPDATE epuskesmas_site SET kiosk_sealed = $2, kiosk_hash = $3, updated_at = $4 WHERE unit_id = $1`
)
