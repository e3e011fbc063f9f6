package bench

// The newest of the letters that are still under way in each kelurahan, and how many
// letters come in a day: both are the city's, however long it has kept a register.
const (
	lettersUnderWay = 8
	lettersPerDay   = 550
	// namesakes letters of each kelurahan are about somebody with the rare name.
	namesakes = 20
	rareName  = "lasuloro"
)

// $1 letters, $2 under way in each kelurahan, $3 a day, $4 with the rare name in each
// kelurahan, $5 the rare name, $6 something sealed. The numbers of a kelurahan begin
// anew each year.
const sqlFillLetters = `
INSERT INTO epemerintahan_letter (ref, request_number, kind_version_id, kind_code, title, kelurahan_id, subject_name, subject_fold, subject_hash, subject_sealed,
	values_sealed, mode, status, status_at, seq, submitted_at, due_at, letter_year, letter_no, letter_number, number_fold, issued_on, issued_at,
	token_sealed, token_hash, signed, signer_ids, pdf_key, pdf_hash, created_at)
SELECT 'bench-' || i, 'SRT-26-' || lpad(i::text, 7, '0'), kind.ids[k], kind.codes[k], kind.titles[k], z.kelurahan, initcap(z.name), z.name, sha256(i::text::bytea), $6::bytea,
	$6::bytea, 'tte', CASE WHEN z.open THEN 'diajukan' ELSE 'terbit' END, z.at, 6, z.at, CASE WHEN z.open THEN z.at + interval '2 days' END,
	CASE WHEN NOT z.open THEN z.year END, CASE WHEN NOT z.open THEN z.no END, CASE WHEN NOT z.open THEN w.number END,
	CASE WHEN z.open THEN '' ELSE lower(regexp_replace(w.number, '[^A-Za-z0-9]', '', 'g')) END, CASE WHEN NOT z.open THEN z.at::date END, CASE WHEN NOT z.open THEN z.at END,
	CASE WHEN NOT z.open THEN $6::bytea END, CASE WHEN NOT z.open THEN sha256(('token' || i)::bytea) END,
	CASE WHEN z.open THEN '[]'::jsonb ELSE jsonb_build_array(jsonb_build_object('nama', 'Andi Zulkifli, S.Sos.', 'nip', '198001012005011001', 'baris', jsonb_build_array('LURAH,'))) END,
	CASE WHEN z.open THEN '{}'::bigint[] ELSE ARRAY[z.kelurahan] END, 'epemerintahan/surat/' || md5(i::text) || '.pdf', sha256(i::text::bytea), z.at
FROM (SELECT array_agg(v.id ORDER BY k.no) AS ids, array_agg(k.code ORDER BY k.no) AS codes, array_agg(v.definition ->> 'title' ORDER BY k.no) AS titles,
		array_agg(v.definition ->> 'classification' ORDER BY k.no) AS classes, count(*) AS n
	FROM epemerintahan_kind k JOIN epemerintahan_kind_version v ON v.code = k.code AND v.unit_id IS NULL) kind
CROSS JOIN (
	SELECT y.*, y.i * 7 % 26 + 1 AS k, row_number() OVER (PARTITION BY y.kelurahan, y.year ORDER BY y.i) AS no
	FROM (
		SELECT i, p.ids[1 + i % p.n] AS kelurahan, now() - ($1::integer - i) * interval '1 day' / $3::integer AS at,
			extract(year FROM now() - ($1::integer - i) * interval '1 day' / $3::integer)::integer AS year, $1::integer - i < $2::integer * p.n AS open,
			CASE WHEN i / p.n % greatest($1::integer / p.n / $4::integer, 1) = 0 THEN $5::text ELSE
				(ARRAY['muhammad','siti','andi','nurhayati','abdul','hasnah','samsul','rahmawati','irwan','kasmawati','baharudin','hamsinah','jamaludin','mariana','sudirman'])[1 + (i * 5 + i / p.n * 4) % 15]
			END || ' ' || (ARRAY['iusuf','aminah','rahman','basri','sitaba','ngewa','mapasomba','rauf','tahir','halim','marwah','kanang','bahri','karaeng','tompo','said','amin','latif','wahid','nompo'])[1 + (i * 11 + i / p.n * 4) % 20]
			|| ' ' || substr(md5(i::text), 1, 5) AS name
		FROM generate_series(1, $1::integer) AS s (i), (SELECT array_agg(id ORDER BY id) AS ids, count(*)::integer AS n FROM org_unit WHERE kind = 'kelurahan' AND valid_to IS NULL) p) y
) z CROSS JOIN LATERAL (SELECT kind.classes[z.k] || '/' || z.no || '/K' || z.kelurahan || '/' || btrim(to_char(z.at, 'RM')) || '/' || z.year AS number) w
ORDER BY i`

// The operator of the first kelurahan, and somebody who reads in the whole city.
const sqlBenchReader = `
WITH account AS (
	INSERT INTO authn_account (kind, name, email, email_verified_at, totp_sealed, totp_confirmed_at, created_at)
	VALUES ('pegawai', 'Ukur', 'ukur' || $1::bigint || '@portal.example', now(), 'x', now(), now()) RETURNING id),
role AS (INSERT INTO authz_role (code, name) VALUES ('ukur-' || $1::bigint, 'Ukur') RETURNING id),
permission AS (INSERT INTO authz_role_permission (role_id, permission) SELECT id, unnest($2::text[]) FROM role)
INSERT INTO authz_grant (account_id, role_id, unit_id, valid_from, created_at)
SELECT account.id, role.id, $1, now() - interval '1 day', now() FROM account, role RETURNING account_id`

const sqlBenchPlaces = `SELECT (SELECT min(id) FROM org_unit WHERE kind = 'kelurahan' AND valid_to IS NULL) AS kelurahan, (SELECT id FROM org_unit WHERE parent_id IS NULL) AS city`

// Letters of a kelurahan spread over the whole time, for cursors, numbers and NIK.
const sqlSomeLetters = `
SELECT id, letter_number AS number FROM (
	SELECT id, letter_number, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS of FROM epemerintahan_letter WHERE kelurahan_id = $1 AND status = 'terbit') l
WHERE n > 26 AND n % greatest(of / 60, 1) = 0 ORDER BY id LIMIT 50`
