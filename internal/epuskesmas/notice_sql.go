package epuskesmas

// One statement finds and marks, so that two processes do not both send. $1 is now, $2
// how many at most.
const (
	// What the owner of ticket t was told of the time last.
	toldLast = ` LEFT JOIN LATERAL (SELECT p10, p50, p90 FROM epuskesmas_estimate WHERE ticket_id = t.id ORDER BY id DESC LIMIT 1) e ON true`

	dueFrom = ` FROM due d JOIN epuskesmas_ticket t ON t.id = d.ticket_id JOIN epuskesmas_session s ON s.id = t.session_id
	JOIN epuskesmas_poli o ON o.id = t.poli_id JOIN org_unit u ON u.id = t.unit_id` + toldLast + `
WHERE v.id = d.visit_id
RETURNING v.id AS visit_id, v.token_sealed, v.contact_kind, v.contact_sealed, t.code, o.spoken AS poli, u.name AS site, s.starts_at, s.ends_at, e.p10, e.p50, e.p90`

	dueTickets = `WITH due AS (
	SELECT v.id AS visit_id, t.id AS ticket_id
	FROM epuskesmas_visit v JOIN epuskesmas_ticket t ON t.visit_id = v.id AND t.moved_to IS NULL JOIN epuskesmas_session s ON s.id = t.session_id
	JOIN epuskesmas_poli o ON o.id = t.poli_id AND o.kind = 'poli'
	WHERE v.contact_sealed IS NOT NULL AND t.status = 'dipesan' AND s.starts_at > $1 AND `

	// The newest visits are looked through by the day on which they are due.
	sqlTellNew = dueTickets + `v.day >= ($1::timestamptz AT TIME ZONE 'Asia/Makassar')::date AND v.told_at IS NULL
	ORDER BY t.id LIMIT $2 FOR UPDATE OF v SKIP LOCKED
) UPDATE epuskesmas_visit v SET told_at = $1` + dueFrom

	// Who booked within the last hours has just been told.
	sqlTellSoon = dueTickets + `v.day = ($1::timestamptz AT TIME ZONE 'Asia/Makassar')::date AND v.soon_at IS NULL AND s.starts_at <= $3
		AND v.created_at < $1::timestamptz - interval '2 hours'
	ORDER BY t.id LIMIT $2 FOR UPDATE OF v SKIP LOCKED
) UPDATE epuskesmas_visit v SET soon_at = $1` + dueFrom

	sqlTellEvening = dueTickets + `v.day = $3::date AND v.evening_at IS NULL AND v.created_at < $1::timestamptz - interval '2 hours'
	ORDER BY t.id LIMIT $2 FOR UPDATE OF v SKIP LOCKED
) UPDATE epuskesmas_visit v SET evening_at = $1` + dueFrom
)
