package bench

// What every heap of letters between offices has, however large: so many are under way,
// and so many have the rare word.
const (
	mailsUnderWay = 3000
	rareMails     = 60
	rareMailWord  = "kuldesak"
)

// Those that are named fill… need tables that the two first of them make.
//
// Every office's head writes to five others. Words are drawn so that few are frequent:
// "rapat" is in a third of the letters, as are some others. No word has a digit in it, or a
// search would take it for a number.
const (
	fillWords = `
CREATE UNLOGGED TABLE bench_words AS
SELECT p AS n, to_tsvector('indonesian', string_agg(w.word, ' ') || CASE WHEN p % 3 = 0 THEN ' rapat' ELSE '' END) AS words
FROM generate_series(0, 4999) p CROSS JOIN LATERAL (
	SELECT 'kata' || translate(floor(3000 * power(random(), 3) + 0 * p)::integer::text, '0123456789', 'bcdfghjklm') AS word FROM generate_series(1, 40)) w
GROUP BY p`

	fillHeads = `
CREATE UNLOGGED TABLE bench_heads AS
SELECT row_number() OVER (ORDER BY p.id) - 1 AS n, p.id AS position_id, p.unit_id, u.name
FROM org_position p JOIN org_unit u ON u.id = p.unit_id WHERE p.kind = 'kepala' AND p.valid_to IS NULL AND u.valid_to IS NULL AND u.kind NOT IN ('rw', 'rt')`

	sqlMailPerson = `
WITH account AS (
	INSERT INTO authn_account (kind, name, email, email_verified_at, totp_sealed, totp_confirmed_at, created_at)
	VALUES ('pegawai', 'Ukur', 'kepala-ukur' || $1::bigint || '@portal.example', now(), 'x', now(), now()) RETURNING id),
person AS (INSERT INTO org_person (account_id, name, staff_number, rank, employment) SELECT id, 'Ukur', NULL, 'Pembina (IV/a)', 'pns' FROM account RETURNING id, account_id),
seat AS (INSERT INTO org_occupancy (position_id, person_id, kind, starts_at) SELECT $1, id, 'definitif', now() - interval '9 years' FROM person RETURNING person_id)
SELECT person.account_id, person.id FROM person`

	// $1 letters. The newest are under way; each is a day's 550th part younger than the one before.
	fillMails = `
INSERT INTO eoffice_letter (origin, kind_code, unit_id, drafter_id, drafted_by, secrecy, urgency, kka, subject, body, chain, status, status_at, seq,
	letter_year, letter_no, letter_number, dated_at, signed_at, sent_at, created_at, updated_at, filed)
SELECT 'keluar', 'SD', h.unit_id, h.position_id, $2, z.secrecy, 'biasa', '600.1', CASE WHEN z.secrecy IN ('B', 'T') THEN 'Hal naskah ' || z.i ELSE '' END, '',
	'[]', 'terkirim', z.at, 3, extract(year FROM z.at)::integer, z.i, '600.1/' || z.i || '/K' || h.n || '/' || extract(year FROM z.at), z.at, z.at, z.at, z.at, z.at, z.i % 20 = 0
FROM (SELECT i, now() - ($1::integer - i) * interval '1 day' / 550 AS at,
		CASE WHEN i % 100 < 91 THEN 'B' WHEN i % 100 < 97 THEN 'T' ELSE 'R' END AS secrecy FROM generate_series(1, $1::integer) i) z
JOIN bench_heads h ON h.n = z.i % (SELECT count(*) FROM bench_heads)
ORDER BY z.i`

	// $1 letters, $2 under way.
	fillRecipients = `
INSERT INTO eoffice_recipient (letter_id, role, ord, unit_id, position_id, status, status_at, seq, sent_at, read_at, due_at, agenda_year, agenda_no)
SELECT l.id, CASE WHEN k < 4 THEN 'kepada' ELSE 'tembusan' END, k, h.unit_id, h.position_id,
	CASE WHEN l.id <= $1::bigint - $2::bigint THEN CASE WHEN k < 4 THEN 'selesai' ELSE 'dibaca' END WHEN k < 4 AND l.id % 3 = 0 THEN 'dibaca' ELSE 'terkirim' END,
	l.sent_at, 1, l.sent_at, l.sent_at, CASE WHEN l.id > $1::bigint - $2::bigint AND k < 4 THEN l.sent_at + interval '5 days' END, NULL, NULL
FROM eoffice_letter l CROSS JOIN generate_series(1, 5) k
JOIN bench_heads h ON h.n = (l.id + k * (1 + l.id / 7 % 40)) % (SELECT count(*) FROM bench_heads)`

	// Of $1 letters every twentieth lies in a folder of its office and year; each office has a
	// page of folders however few letters there are.
	fillFolders = `
INSERT INTO eoffice_folder (unit_id, year, kka, no, title, confidential, status, seq, opened_on)
SELECT h.unit_id, extract(year FROM now())::integer - k / 20, '600.1', k % 20 + 1, 'Berkas ' || k, false, 'terbuka', 1, now()::date
FROM bench_heads h CROSS JOIN generate_series(0, 59 + $1::integer / 5000) k`

	fillFilings = `
INSERT INTO eoffice_filing (letter_id, unit_id, folder_id, filed_at, filed_by, agreed_at, agreed_by)
SELECT l.id, l.unit_id, f.id, l.sent_at, $1::bigint, l.sent_at, $1 FROM eoffice_letter l
JOIN eoffice_folder f ON f.unit_id = l.unit_id AND f.year = extract(year FROM l.sent_at) AND f.no = l.id / 20 % 20 + 1 WHERE l.filed`

	sqlMailReaders = `
INSERT INTO eoffice_reader (letter_id, position_id, at, why)
SELECT id, drafter_id, created_at, 'konseptor' FROM eoffice_letter UNION
SELECT letter_id, position_id, sent_at, role FROM (SELECT DISTINCT ON (letter_id, position_id) letter_id, position_id, sent_at, role FROM eoffice_recipient) r
ON CONFLICT DO NOTHING`

	// $1 letters, $2 with the rare word.
	fillSearch = `
INSERT INTO eoffice_search (letter_id, secrecy, kind_code, unit_id, day, number_fold, label, words, access)
SELECT l.id, l.secrecy, l.kind_code, l.unit_id, l.sent_at::date, lower(regexp_replace(l.letter_number, '[^A-Za-z0-9]', '', 'g')),
	CASE WHEN l.secrecy = 'R' THEN '' ELSE 'hal naskah ' || l.id || ' koordinasi ' || CASE WHEN l.id % ($1::bigint / $2::bigint) = 0 THEN 'pengerukan' ELSE 'bulanan' END END,
	CASE WHEN l.secrecy = 'R' THEN ''::tsvector ELSE w.words || CASE WHEN l.id % ($1::bigint / $2::bigint) = 0 THEN to_tsvector('indonesian', $3::text) ELSE ''::tsvector END END
		|| array_to_tsvector(ARRAY['#600', '#1', '#' || l.letter_no, '#' || extract(year FROM l.sent_at)]),
	a.desks || a.units || CASE WHEN l.secrecy = 'B' THEN a.open ELSE '{}' END || ARRAY['m' || l.drafter_id, 'k' || l.drafted_by, 'p' || l.id / 4096, 't' || l.unit_id]
FROM eoffice_letter l JOIN bench_words w ON w.n = l.id % 5000
JOIN (SELECT letter_id, array_agg('m' || position_id) AS desks, array_agg('t' || unit_id) AS units, array_agg('b' || unit_id) AS open
	FROM eoffice_recipient GROUP BY letter_id) a ON a.letter_id = l.id`
)
