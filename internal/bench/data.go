package bench

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// What Fill puts into every heap of reports, however large.
const (
	// InFlight is how many of the newest reports are still open: what a city has
	// under way depends on what comes in, not on how long it has kept records.
	InFlight = 3000
	// RareHits reports contain RareWord, spread over the whole time.
	RareHits = 60
	RareWord = "kuldesak"
	// FrequentWord is in one report of seven.
	FrequentWord = "lampu"
	// minutesBetween two reports: about 240 a day.
	minutesBetween = 6
)

// Fill puts n believable reports with their events and photos into a freshly
// migrated database, the newest a few minutes old. url connects as superuser.
// Photos have rows and no files. The words are the same on every machine.
func Fill(ctx context.Context, url string, n int) (err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	// The rows are right by construction; checking a million of them takes minutes.
	if _, err := conn.Exec(ctx, `SET session_replication_role = replica; SET synchronous_commit = off;
		SET maintenance_work_mem = '256MB'; SET work_mem = '64MB'`); err != nil {
		return err
	}
	again, err := dropIndexes(ctx, conn, "mtr_report", "mtr_event", "mtr_photo")
	if err != nil {
		return err
	}
	for _, step := range []struct {
		what, sql string
		args      []any
	}{
		{"reports", sqlFillReports, []any{n, minutesBetween, InFlight, max(n/RareHits, 1), RareHits, RareWord}},
		{"events", sqlFillEvents, nil}, {"photos", sqlFillPhotos, nil}, {"numbers", sqlFillNumbers, []any{n}},
	} {
		if _, err := conn.Exec(ctx, step.sql, step.args...); err != nil {
			return fmt.Errorf("fill in %s: %w", step.what, err)
		}
	}
	for _, sql := range append(again, `VACUUM ANALYZE mtr_report`, `VACUUM ANALYZE mtr_event`, `VACUUM ANALYZE mtr_photo`) {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%.60s: %w", sql, err)
		}
	}
	return nil
}

// dropIndexes drops what is no constraint and returns how to make it again:
// building an index is many times faster than feeding it row by row.
func dropIndexes(ctx context.Context, conn *pgx.Conn, tables ...string) (again []string, err error) {
	rows, err := conn.Query(ctx, sqlPlainIndexes, tables)
	if err != nil {
		return nil, err
	}
	names, err := pgx.CollectRows(rows, pgx.RowToStructByName[struct{ Name, Definition string }])
	if err != nil {
		return nil, err
	}
	for _, i := range names {
		if _, err := conn.Exec(ctx, "DROP INDEX "+pgx.Identifier{i.Name}.Sanitize()); err != nil {
			return nil, err
		}
		again = append(again, strings.TrimSpace(i.Definition))
	}
	return again, nil
}

const sqlPlainIndexes = `SELECT c.relname::text AS name, pg_get_indexdef(i.indexrelid) AS definition
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = ANY ($1::text[]::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)`

// A report's age decides how far it has come; h is a number that looks random
// and is not.
const sqlFillReports = `
WITH place AS (
    SELECT row_number() OVER (ORDER BY id) - 1 AS nr, id, parent_id, lat, lng
    FROM org_unit WHERE kind = 'kelurahan' AND valid_to IS NULL AND lat IS NOT NULL),
topic AS (
    SELECT row_number() OVER (ORDER BY id) - 1 AS nr, id, class, proof, field_check FROM mtr_category WHERE active),
unit AS (
    SELECT row_number() OVER (ORDER BY id) - 1 AS nr, id FROM org_unit WHERE kind = 'dinas' AND valid_to IS NULL),
raw AS (
    SELECT i, (i::bigint * 2654435761) % 4294967296 / 16 AS h,
        i % $4::int = $4::int / 2 AND i / $4::int < $5::int AS rare,
        date_trunc('minute', now()) - make_interval(mins => ($1::int - i + 1) * $2::int) AS at
    FROM generate_series(1, $1::int) i),
seen AS (
    SELECT raw.*, NOT rare AND h % 50 = 7 AS secret, CASE
        WHEN rare THEN 'ditutup'
        WHEN i <= $1::int - $3::int THEN CASE WHEN h % 20 = 0 THEN 'ditolak' ELSE 'ditutup' END
        ELSE (ARRAY['diterima', 'diteruskan', 'diteruskan', 'dikerjakan', 'dikerjakan', 'menunggu_validasi', 'selesai'])[1 + h % 7] END AS status
    FROM raw),
done AS (
    SELECT seen.*, CASE status WHEN 'diterima' THEN 1 WHEN 'diteruskan' THEN 2 WHEN 'ditolak' THEN 2 WHEN 'dikerjakan' THEN 3
        WHEN 'menunggu_validasi' THEN 4 WHEN 'selesai' THEN 5 ELSE 6 END AS steps FROM seen)
INSERT INTO mtr_report (number, code_hash, code_sealed, category_id, class, title, body, lat, lng, place_source, landmark,
    kelurahan_id, kecamatan_id, dispatch_unit_id, anonymous, confidential, submitted_at, words_hash, proof, field_check,
    seq, status, unit_id, due_kind, due_at, warn_at, received_at, published_at, responded_at, forwarded_at, started_at, done_at,
    closed_at, status_changed_at)
SELECT 'MTR-' || to_char(at, 'YY') || '-' || lpad(i::text, greatest(6, length(i::text)), '0'), sha256(('kode' || i)::bytea), '\x00', topic.id, topic.class,
    (ARRAY['Lampu jalan mati', 'Jalan berlubang', 'Sampah menumpuk', 'Drainase tersumbat', 'Pohon tumbang', 'Trotoar rusak', 'Parkir liar'])[1 + h % 7]
        || ' di ' || (ARRAY['Jalan Veteran', 'Jalan Pettarani', 'Jalan Perintis Kemerdekaan', 'Pasar Terong', 'Jalan Cendrawasih', 'Jalan Urip Sumoharjo',
        'Jalan Sultan Alauddin', 'Pantai Losari', 'Jalan Rappocini Raya', 'Lorong Bakti', 'Jalan Abdullah Daeng Sirua'])[1 + h % 11],
    'Sudah ' || 1 + h % 13 || (ARRAY[' hari', ' minggu', ' bulan'])[1 + h % 3] || ' begini dan warga mulai mengeluh. '
        || (ARRAY['Kalau hujan air masuk ke rumah warga.', 'Anak sekolah lewat sini setiap pagi.', 'Baunya sampai ke rumah ibadah.',
        'Semalam ada pengendara motor jatuh.', 'Mohon segera diperiksa petugas.'])[1 + h % 5]
        || ' Letaknya dekat rumah nomor ' || h % 217 || CASE WHEN rare THEN ', ujung ' || $6::text ELSE '' END || '.',
    place.lat + (h % 1000 - 500) * 0.00001, place.lng + (h / 1000 % 1000 - 500) * 0.00001, 'pin', '',
    place.id, place.parent_id, place.id, h % 10 = 3, secret, at, sha256(('kata' || i)::bytea), topic.proof, topic.field_check,
    steps, status, CASE WHEN steps > 1 AND status <> 'ditolak' THEN unit.id END,
    CASE WHEN steps = 6 OR status = 'ditolak' THEN '' ELSE (ARRAY['verifikasi', 'tindak_lanjut', 'penyelesaian', 'validasi', 'tutup'])[steps] END,
    CASE WHEN steps < 6 AND status <> 'ditolak' THEN at + interval '20 days' END,
    CASE WHEN steps < 6 AND status <> 'ditolak' THEN at + interval '16 days' END,
    at, CASE WHEN steps > 1 AND status <> 'ditolak' THEN at + interval '9 hours' END, CASE WHEN steps > 1 THEN at + interval '9 hours' END,
    CASE WHEN steps > 1 AND status <> 'ditolak' THEN at + interval '9 hours' END, CASE WHEN steps > 2 THEN at + interval '2 days' END,
    CASE WHEN steps > 4 THEN at + interval '5 days' END, CASE WHEN steps = 6 OR status = 'ditolak' THEN at + interval '6 days' END,
    at + make_interval(days => steps - 1)
FROM done
JOIN place ON place.nr = h / 7 % (SELECT count(*) FROM place)
JOIN topic ON topic.nr = h / 3 % (SELECT count(*) FROM topic)
JOIN unit ON unit.nr = h / 5 % (SELECT count(*) FROM unit)
ORDER BY i`

const sqlFillEvents = `
INSERT INTO mtr_event (report_id, seq, action, from_status, to_status, at, actor_kind, role, audience, change)
SELECT r.id, e.seq, e.action, e.was, e.became, r.submitted_at + e.after, CASE WHEN e.seq = 1 THEN 'anonim' ELSE 'pegawai' END, e.role, 'publik',
    CASE WHEN e.action = 'forward' THEN jsonb_build_object('unit', r.unit_id) ELSE '{}' END
FROM mtr_report r JOIN (VALUES
    (1, 'submit', '', 'diterima', 'pelapor', interval '0'),
    (2, 'forward', 'diterima', 'diteruskan', 'dispatcher', interval '9 hours'),
    (3, 'start', 'diteruskan', 'dikerjakan', 'opd', interval '2 days'),
    (4, 'submit_proof', 'dikerjakan', 'menunggu_validasi', 'petugas', interval '4 days'),
    (5, 'validate', 'menunggu_validasi', 'selesai', 'validator', interval '5 days'),
    (6, 'auto_close', 'selesai', 'ditutup', 'sistem', interval '6 days'),
    (2, 'reject', 'diterima', 'ditolak', 'dispatcher', interval '9 hours')
) e (seq, action, was, became, role, after) ON e.seq <= r.seq AND (e.action = 'reject') = (r.status = 'ditolak' AND e.seq = 2)
ORDER BY r.id, e.seq`

const sqlFillPhotos = `
INSERT INTO mtr_photo (ref, report_id, kind, event_seq, width, height, dhash, stored, created_at)
SELECT translate(substr(encode(sha256(('foto' || r.id)::bytea), 'base64'), 1, 22), '+/', '-_'), r.id, 'sebelum', 1, 1600, 1200, r.id, true, r.submitted_at
FROM mtr_report r WHERE r.id % 10 < 7
ORDER BY r.id`

const sqlFillNumbers = `
INSERT INTO numbering_counter (series, year, last)
SELECT 'MTR', extract(year FROM now())::int, $1::int
ON CONFLICT (series, year) DO UPDATE SET last = excluded.last`
