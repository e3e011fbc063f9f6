package epemerintahan

// flows are the events of the kelurahan $1 that change how many live there,
// by how many each does, and where: with $4 the RT of the family in which the person
// was, that is the present one, or the one left by the next arrival elsewhere.
// An event that was undone is one too, with undone set.
// The resident is looked up by their key for each event: joined, the planner would read
// the whole city's (OFFSET 0 keeps it from doing so).
const flows = `WITH happened AS MATERIALIZED (
	SELECT e.resident_id, e.seq, e.kind, e.kelurahan_id, e.happened_on, (e.recorded_at AT TIME ZONE 'Asia/Makassar')::date AS recorded_on,
		r.sex, r.deleted_at, r.family_id AS present_id, r.seq > e.seq AS more
	FROM epemerintahan_event e CROSS JOIN LATERAL (
		SELECT sex, seq, deleted_at, family_id FROM epemerintahan_resident WHERE id = e.resident_id OFFSET 0) r
	WHERE e.kelurahan_id = ANY ($1::bigint[]) AND e.kind <> 'batal'
), flow AS MATERIALIZED (
	SELECT h.*, CASE h.kind WHEN 'pindah_keluar' THEN -1 WHEN 'hilang' THEN -1 WHEN 'mati' THEN
			-- Who was missing was subtracted already.
			CASE WHEN (SELECT p.kind FROM epemerintahan_event p WHERE p.resident_id = h.resident_id AND p.seq < h.seq AND p.kind <> 'batal'
				AND NOT EXISTS (SELECT FROM epemerintahan_event u WHERE u.resident_id = p.resident_id AND u.reverses = p.seq AND u.seq < h.seq)
				ORDER BY p.seq DESC LIMIT 1) = 'hilang' THEN 0 ELSE -1 END
		ELSE 1 END AS delta,
		CASE WHEN h.more THEN EXISTS (SELECT FROM epemerintahan_event u WHERE u.resident_id = h.resident_id AND u.reverses = h.seq) ELSE false END AS undone,
		CASE WHEN NOT $4::boolean THEN NULL WHEN NOT h.more THEN h.present_id ELSE COALESCE((
			SELECT (n.detail ->> 'keluarga_lama')::bigint FROM epemerintahan_event n
			WHERE n.resident_id = h.resident_id AND n.seq > h.seq AND n.kind = 'pindah_datang' AND n.detail ? 'keluarga_lama'
				AND NOT EXISTS (SELECT FROM epemerintahan_event u WHERE u.resident_id = n.resident_id AND u.reverses = n.seq)
			ORDER BY n.seq LIMIT 1), h.present_id) END AS family_id
	FROM happened h
), dated AS MATERIALIZED (`

const flowSums = `)
SELECT d.kelurahan_id, COALESCE(f.rw, '') AS rw, COALESCE(f.rt, '') AS rt, d.kind, d.sex,
	COALESCE(sum(d.delta) FILTER (WHERE d.day < $2::date), 0)::integer AS before,
	COALESCE(sum(d.delta) FILTER (WHERE d.day >= $2::date), 0)::integer AS within
FROM dated d LEFT JOIN epemerintahan_family f ON f.id = d.family_id AND f.kelurahan_id = d.kelurahan_id
WHERE d.day < $3::date AND d.delta <> 0 GROUP BY 1, 2, 3, 4, 5`

// Who was recorded as living here may have died before they were recorded.
const sqlMonthByEvent = flows + `
	SELECT kelurahan_id, family_id, sex, kind, delta, CASE WHEN kind = 'pendataan' AND more THEN LEAST(happened_on, (
		SELECT min(n.happened_on) FROM epemerintahan_event n WHERE n.resident_id = flow.resident_id AND n.seq > flow.seq AND n.kind <> 'batal'
			AND NOT EXISTS (SELECT FROM epemerintahan_event u WHERE u.resident_id = n.resident_id AND u.reverses = n.seq)))
		ELSE happened_on END AS day
	FROM flow WHERE NOT undone AND deleted_at IS NULL` + flowSums

const sqlMonthByRecord = flows + `
	SELECT kelurahan_id, family_id, sex, kind, delta, recorded_on AS day FROM flow
	UNION ALL
	SELECT flow.kelurahan_id, flow.family_id, flow.sex, 'batal', -flow.delta, (u.recorded_at AT TIME ZONE 'Asia/Makassar')::date
	FROM flow JOIN epemerintahan_event u ON u.resident_id = flow.resident_id AND u.reverses = flow.seq WHERE flow.undone
	UNION ALL
	SELECT kelurahan_id, family_id, sex, 'hapus', -delta, (deleted_at AT TIME ZONE 'Asia/Makassar')::date FROM flow WHERE deleted_at IS NOT NULL AND NOT undone` + flowSums

const sqlNoCompiling = `SET LOCAL jit = off`
