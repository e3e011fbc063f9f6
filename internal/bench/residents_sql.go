package bench

const sqlBenchAccount = `INSERT INTO authn_account (kind, name, email, email_verified_at, created_at)
VALUES ('pegawai', 'Ukur', 'ukur@portal.example', now(), now()) RETURNING id`

const sqlBenchKelurahan = `SELECT k.id, k.parent_id FROM org_unit k WHERE k.kind = 'kelurahan' AND k.valid_to IS NULL ORDER BY k.id LIMIT 1`

const sqlFillFamilies = `INSERT INTO epemerintahan_family (kelurahan_id, rw, rt, address, address_fold, kk_sealed, kk_hash, created_at, updated_at)
SELECT k.ids[1 + n % cardinality(k.ids)], lpad((1 + n / 200 % 9)::text, 3, '0'), lpad((1 + n / 1800 % 6)::text, 3, '0'),
	'Jl. Toddopuli ' || 1 + n * 7 % 40 || ' No. ' || n, 'jalan toddopuli ' || 1 + n * 7 % 40 || ' ' || n, $2::bytea, sha256(n::text::bytea), now(), now()
FROM generate_series(1, $1::integer) n, (SELECT array_agg(id ORDER BY id) AS ids FROM org_unit WHERE kind = 'kelurahan' AND valid_to IS NULL) k`

const sqlFillKK = `INSERT INTO epemerintahan_kk (family_id, kk_sealed, kk_hash, since) SELECT id, $1::bytea, kk_hash, created_at FROM epemerintahan_family`

const sqlFillResidents = `INSERT INTO epemerintahan_resident (family_id, kelurahan_id, rw, rt, relation, nik_sealed, nik_hash, nik_status, name, name_fold,
	sex, birth_place, birth_date, religion, education, job, marital, citizenship, permanence, status, status_on, seq, created_at, updated_at)
SELECT f.id, f.kelurahan_id, f.rw, f.rt, CASE i WHEN 1 THEN 1 WHEN 2 THEN 3 ELSE 4 END, $1::bytea, sha256((f.id * 4 + i)::text::bytea), 'ada',
	initcap(w.name), w.name, 1 + (i + 1) % 2, 'Makassar', DATE '2020-06-15' - ((f.id * 131 + i * 977) % 25000)::integer, 1 + (f.id % 20 = 0)::integer, 1 + (f.id + i) % 8,
	1 + (f.id * 3 + i) % 99, 1 + (i < 3)::integer, 1, 1, 'hidup', DATE '2026-01-01', 1, now() - interval '40 days', now()
FROM epemerintahan_family f CROSS JOIN generate_series(1, 4) i CROSS JOIN LATERAL (SELECT
	(ARRAY['muhammad','siti','andi','nurhayati','abdul','hasnah','syamsul','rahmawati','irwan','kasmawati','baharuddin','hamsinah','jamaluddin','mariana','sudirman'])[1 + (f.id * 5 + i * 3) % 15]
	|| ' ' || (ARRAY['yusuf','aminah','rahman','basri','sitaba','ngewa','mappasomba','rauf','tahir','halim','marwah','kanang','bahri','karaeng','tompo','said','amin','latif','wahid','nompo'])[1 + (f.id * 11 + i * 7) / 3 % 20]
	|| ' ' || substr(md5((f.id * 4 + i)::text), 1, 5) AS name) w`

const sqlFillLives = `INSERT INTO epemerintahan_event (resident_id, seq, kind, happened_on, recorded_at, kelurahan_id)
SELECT id, 1, 'pendataan', status_on, created_at, kelurahan_id FROM epemerintahan_resident`

const sqlSomeResidents = `SELECT r.id, r.family_id FROM epemerintahan_resident r
WHERE r.relation = 1 AND r.kelurahan_id = (SELECT k.id FROM org_unit k WHERE k.kind = 'kelurahan' AND k.valid_to IS NULL ORDER BY k.id LIMIT 1) ORDER BY r.id LIMIT $1`
