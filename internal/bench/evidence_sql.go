package bench

// Eight years of steps, evenly: people with a hundred and twenty-five a year each, in all
// offices. Whoever is measured is one of them.
const (
	fillOffices = `
CREATE UNLOGGED TABLE bench_offices AS
SELECT row_number() OVER (ORDER BY p.id) - 1 AS n, p.id AS position_id, p.unit_id
FROM org_position p JOIN org_unit u ON u.id = p.unit_id WHERE p.kind = 'kepala' AND p.valid_to IS NULL AND u.valid_to IS NULL AND u.kind NOT IN ('rw', 'rt')`

	// $1 steps of $2 people, of whom the first is $3 at $4 in $5.
	fillSteps = `
INSERT INTO work_event (at, module, kind, object, object_id, outcome, person_id, position_id, unit_id, thread_id, started_at, due_at, working_minutes, strata, recorded_at)
SELECT z.at, 'eoffice', 'naskah_paraf', 'eoffice_letter', z.i, 'menunggu_ttd', CASE WHEN z.p = 0 THEN $3::bigint ELSE 1000000 + z.p END,
	CASE WHEN z.p = 0 THEN $4::bigint ELSE 1000000 + z.p END, CASE WHEN z.p = 0 THEN $5::bigint ELSE o.unit_id END, z.i,
	z.at - interval '3 hours', z.at + CASE WHEN z.i % 10 = 0 THEN interval '-1 hour' ELSE interval '1 hour' END, 1 + z.i % 400, '{"jenis": "SD", "urgensi": "biasa"}', z.at
FROM (SELECT i, i % $2::bigint AS p, now() - ($1::bigint - i) * (interval '8 years' / $1::bigint) AS at FROM generate_series(1, $1::bigint) i) z
JOIN bench_offices o ON o.n = z.p % (SELECT count(*) FROM bench_offices)
ORDER BY z.i`

	// The sealer looks back over the last of them only.
	fillSeals = `INSERT INTO audit_seal (trail, position, entry_id, mac) SELECT 'work', id, id, '\x00' FROM work_event WHERE id > (SELECT max(id) FROM work_event) - 150000`

	fillFolded = `UPDATE kuciniki_fold SET position = (SELECT max(position) FROM audit_seal WHERE trail = 'work')`

	fillTallies = `
INSERT INTO kuciniki_tally (month, person_id, unit_id, metric, stratum, n, x)
SELECT date_trunc('month', at AT TIME ZONE 'Asia/Makassar')::date, person_id, unit_id, 'E1', 'SD/biasa', count(*), count(*) FILTER (WHERE at <= due_at) FROM work_event GROUP BY 1, 2, 3`

	fillUnitTallies = `
INSERT INTO kuciniki_unit_tally (month, unit_id, metric, stratum, n, x)
SELECT month, unit_id, metric, 'SD/biasa', sum(n), sum(x) FROM kuciniki_tally GROUP BY 1, 2, 3
UNION ALL
SELECT month, unit_id, CASE object WHEN 'mtr_report' THEN 'E6' ELSE 'E10' END, 'SD/biasa', sum(n), sum(x) FROM kuciniki_service GROUP BY 1, 2, 3`

	// Every fifth step ends a service: a report or a letter of citizens.
	fillServices = `
INSERT INTO kuciniki_service (module, object, object_id, month, unit_id, n, x, done_at)
SELECT CASE WHEN object_id % 2 = 0 THEN 'mtr' ELSE 'epemerintahan' END, CASE WHEN object_id % 2 = 0 THEN 'mtr_report' ELSE 'epemerintahan_letter' END, object_id,
	date_trunc('month', at AT TIME ZONE 'Asia/Makassar')::date, unit_id, 1, (at <= due_at)::integer, at FROM work_event WHERE object_id % 5 = 0`

	fillLags = `
INSERT INTO kuciniki_lag (month, unit_id, kind, bucket, n)
SELECT l.month, w.unit_id, 'eoffice.naskah_paraf', l.bucket, sum(l.n) FROM (
	SELECT date_trunc('month', at AT TIME ZONE 'Asia/Makassar')::date AS month, unit_id, 1 + floor(ln(working_minutes) / ln(1.125))::integer AS bucket, count(*) AS n FROM work_event GROUP BY 1, 2, 3
) l JOIN org_unit u ON u.id = l.unit_id CROSS JOIN unnest(u.ancestors) AS w (unit_id) GROUP BY 1, 2, 4`

	fillPaces = `
INSERT INTO kuciniki_pace (month, kind, urgency, category, bucket, n)
SELECT month, kind, 'biasa', 'SD', bucket, n FROM kuciniki_lag WHERE unit_id = (SELECT id FROM org_unit WHERE parent_id IS NULL)`

	fillWhole = `
INSERT INTO kuciniki_whole (month, unit_id, metric, n, x)
SELECT t.month, w.unit_id, t.metric, sum(t.n), sum(t.x) FROM kuciniki_unit_tally t JOIN org_unit u ON u.id = t.unit_id CROSS JOIN unnest(u.ancestors) AS w (unit_id) GROUP BY 1, 2, 3`

	fillDays = `INSERT INTO kuciniki_day (person_id, day) SELECT DISTINCT person_id, (at AT TIME ZONE 'Asia/Makassar')::date FROM work_event`

	// $1 cases are under way, however long the ledger; every tenth at $2.
	fillOpen = `
INSERT INTO kuciniki_open (module, object, object_id, thread_id, unit_id, holder_id, status, waiting, since, due_at)
SELECT module, object, object_id, thread_id, unit_id, CASE WHEN id % 10 = 0 THEN $2::bigint ELSE position_id END, outcome, id % 7 = 0, at, due_at FROM work_event ORDER BY id DESC LIMIT $1`
)
