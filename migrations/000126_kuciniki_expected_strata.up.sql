-- How long steps are expected to take, by what makes them comparable: kind, urgency, category.
-- '*' stands for all urgencies or categories: what was fixed so far is of all of them.
ALTER TABLE kuciniki_expected ADD COLUMN urgency text NOT NULL DEFAULT '*', ADD COLUMN category text NOT NULL DEFAULT '*',
    DROP CONSTRAINT kuciniki_expected_pkey, ADD CONSTRAINT kuciniki_expected_pkey PRIMARY KEY (month, kind, urgency, category);
ALTER TABLE kuciniki_expected ALTER COLUMN urgency DROP DEFAULT, ALTER COLUMN category DROP DEFAULT;

-- How many steps of the whole city took how long: bucket by bucket of working minutes.
CREATE TABLE kuciniki_pace (
    month    date NOT NULL,
    kind     text NOT NULL, -- module.kind
    urgency  text NOT NULL,
    category text NOT NULL,
    bucket   integer NOT NULL,
    n        integer NOT NULL,
    CONSTRAINT kuciniki_pace_pkey PRIMARY KEY (month, kind, urgency, category, bucket)
);

-- What is counted already. Minutes of an outage are still in those that it touched: the middle
-- of a stratum hardly moves for it.
INSERT INTO kuciniki_pace (month, kind, urgency, category, bucket, n)
SELECT date_trunc('month', e.at AT TIME ZONE 'Asia/Makassar')::date, e.module || '.' || e.kind,
    COALESCE(NULLIF(e.strata ->> 'urgensi', ''), e.strata ->> 'kelas', ''),
    COALESCE(NULLIF(e.strata ->> 'jenis', ''), NULLIF(e.strata ->> 'kategori', ''), e.strata ->> 'poli', ''),
    CASE WHEN COALESCE(e.working_minutes, 0) < 1 THEN 0 ELSE 1 + floor(ln(e.working_minutes) / ln(1.125) + 1e-9)::integer END, count(*)
FROM work_event e JOIN audit_seal s ON s.trail = 'work' AND s.entry_id = e.id
WHERE s.position <= (SELECT position FROM kuciniki_fold) AND e.person_id IS NOT NULL AND e.started_at < e.at
GROUP BY 1, 2, 3, 4, 5;
