package epuskesmas

const (
	sqlStation = `SELECT c.id, c.poli_id, c.name, c.active FROM epuskesmas_counter c JOIN epuskesmas_poli o ON o.id = c.poli_id
JOIN org_unit u ON u.id = o.unit_id WHERE c.id = $1 AND c.active AND o.active AND u.ancestors && $2::bigint[]`

	sqlCountersInUse = `SELECT c.id, c.poli_id, c.name, c.active FROM epuskesmas_counter c JOIN epuskesmas_poli o ON o.id = c.poli_id
WHERE o.unit_id = $1 AND c.active AND o.active ORDER BY o.position, o.letter, c.name`

	poliColumns = `o.id, o.unit_id, o.kind, o.letter, o.name, o.spoken, o.bpjs_code, o.priority_ratio, o.position, o.active`
	sqlPoli     = `SELECT ` + poliColumns + ` FROM epuskesmas_poli o WHERE o.id = $1`

	sqlLoads = `SELECT s.poli_id, count(*) FILTER (WHERE t.status = 'menunggu') AS waiting, count(*) FILTER (WHERE t.status = 'dipesan') AS booked,
	count(*) FILTER (WHERE t.status IN ('dipanggil', 'dilayani')) AS now, count(*) FILTER (WHERE t.status IN ('selesai', 'dirujuk')) AS done,
	bool_and(s.status IN ('selesai', 'ditiadakan')) AS closed
FROM epuskesmas_session s LEFT JOIN epuskesmas_ticket t ON t.session_id = s.id
WHERE s.unit_id = $1 AND s.day = $2::date GROUP BY s.poli_id`

	// The session of a registration desk, laboratory or pharmacy on a day. Who comes
	// second makes none.
	sqlMakeHouseSession = `INSERT INTO epuskesmas_session (unit_id, poli_id, day, starts_at, ends_at, quota, quota_online)
SELECT o.unit_id, o.id, $2::date, ($2::date + time '07:00') AT TIME ZONE 'Asia/Makassar', ($2::date + time '21:00') AT TIME ZONE 'Asia/Makassar', 2000, 0
FROM epuskesmas_poli o WHERE o.id = $1 AND o.kind <> 'poli' AND o.active
	AND NOT EXISTS (SELECT FROM epuskesmas_session s WHERE s.poli_id = o.id AND s.day = $2::date)
ON CONFLICT ON CONSTRAINT epuskesmas_session_key DO NOTHING RETURNING id`

	sqlLastSession = `SELECT id FROM epuskesmas_session WHERE poli_id = $1 AND day = $2::date AND status <> 'ditiadakan' ORDER BY starts_at DESC LIMIT 1`
	sqlInRow       = `SELECT in_row FROM epuskesmas_session WHERE id = $1`

	sqlOpenTickets = `SELECT ` + ticketColumns + `, t.queue_key FROM ` + ticketTables + `
WHERE t.session_id = $1 AND t.status IN ('dipesan', 'menunggu') ORDER BY t.queue_key, t.id`

	sqlTicketsAt = `SELECT ` + ticketColumns + ` FROM ` + ticketTables + ` JOIN org_unit u ON u.id = t.unit_id
WHERE t.counter_id = $1 AND u.ancestors && $2::bigint[]
	AND (t.status IN ('dipanggil', 'dilayani') OR t.status IN ('selesai', 'dirujuk') AND t.status_at >= $3)
ORDER BY t.status_at DESC, t.id DESC LIMIT 4`

	sqlMissed = `SELECT ` + ticketColumns + ` FROM ` + ticketTables + ` JOIN org_unit u ON u.id = t.unit_id
WHERE t.poli_id = $1 AND u.ancestors && $2::bigint[] AND t.day = $3::date AND t.status = 'tidak_hadir' ORDER BY t.status_at DESC LIMIT 20`
)
