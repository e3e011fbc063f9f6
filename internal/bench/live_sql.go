package bench

// Every puskesmas has one poli whose session began a moment ago, and $1 numbers in it,
// of which every second patient is here. $2 are the hashes of their addresses, $3
// something sealed.
const (
	sqlLivePolis = `WITH g AS (UPDATE epuskesmas_site SET open = true RETURNING unit_id),
o AS (INSERT INTO epuskesmas_poli (unit_id, kind, letter, name, spoken) SELECT unit_id, 'poli', 'A', 'Poli Umum', 'Poli Umum' FROM g RETURNING id, unit_id),
c AS (INSERT INTO epuskesmas_counter (poli_id, name) SELECT id, 'Ruang ' || n FROM o, generate_series(1, 2) n),
s AS (INSERT INTO epuskesmas_session (unit_id, poli_id, day, starts_at, ends_at, quota, quota_online, last_number, taken, taken_online, taken_general, status, seq)
	SELECT unit_id, id, (now() AT TIME ZONE 'Asia/Makassar')::date, now() - interval '5 minutes', now() + interval '8 hours', $1, $1, $1, $1, $1, $1,
		'berjalan', $1 + $1 / 2 FROM o RETURNING id)
SELECT count(*) FROM s`
	sqlLiveVisits = `INSERT INTO epuskesmas_visit (unit_id, day, token_sealed, token_hash, booking_key, origin, created_at)
SELECT s.unit_id, s.day, $3::bytea, ($2::bytea[])[(row_number() OVER (ORDER BY s.id, n))::integer], s.id || '-' || n, 'daring', now() - interval '1 day'
FROM epuskesmas_session s, generate_series(1, $1::integer) n`
	sqlLivePatients = `INSERT INTO epuskesmas_patient (unit_id, name, name_fold, birth_date, created_at)
SELECT s.unit_id, 'Pasien Ke ' || n, 'pasien ke ' || n, '1980-08-17', now() FROM epuskesmas_session s, generate_series(1, $1::integer) n`
	sqlLiveTickets = `INSERT INTO epuskesmas_ticket (visit_id, session_id, unit_id, poli_id, day, patient_id, number, code, online, jkn, counted, status, status_at, queue_key, here_at)
SELECT v.id, s.id, s.unit_id, s.poli_id, s.day, p.id, n, 'A-' || lpad(n::text, 3, '0'), true, false, true, CASE WHEN n % 2 = 1 THEN 'menunggu' ELSE 'dipesan' END,
	s.starts_at, n, CASE WHEN n % 2 = 1 THEN s.starts_at END
FROM epuskesmas_session s CROSS JOIN generate_series(1, $1::integer) n JOIN epuskesmas_visit v ON v.booking_key = s.id || '-' || n
JOIN epuskesmas_patient p ON p.unit_id = s.unit_id AND p.name = 'Pasien Ke ' || n`
	sqlLiveEvents = `INSERT INTO epuskesmas_event (session_id, seq, at, action, ticket_id, from_status, to_status)
SELECT t.session_id, t.number, v.created_at, 'pesan', t.id, '', 'dipesan' FROM epuskesmas_ticket t JOIN epuskesmas_visit v ON v.id = t.visit_id
UNION ALL SELECT t.session_id, $1::integer + (t.number + 1) / 2, t.here_at, 'hadir', t.id, 'dipesan', 'menunggu' FROM epuskesmas_ticket t WHERE t.here_at IS NOT NULL`

	sqlLiveSessions = `SELECT s.id, (SELECT array_agg(c.id ORDER BY c.id) FROM epuskesmas_counter c WHERE c.poli_id = s.poli_id) AS counters
FROM epuskesmas_session s ORDER BY s.id`

	sqlPortalConnections = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'portal_app' AND pid <> pg_backend_pid()`
	// What the bare server says of a session: the number called last.
	sqlBareCall = `SELECT COALESCE((SELECT code FROM epuskesmas_ticket WHERE session_id = $1 AND called_at IS NOT NULL ORDER BY called_at DESC, id DESC LIMIT 1), '')`
)
