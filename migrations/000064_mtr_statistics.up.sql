-- What the statistics count besides what a report's row already tells.
ALTER TABLE mtr_report
    ADD COLUMN paused_secs bigint NOT NULL DEFAULT 0,
    ADD COLUMN paused_early bigint NOT NULL DEFAULT 0,
    ADD COLUMN first_done_at timestamptz,
    ADD CONSTRAINT mtr_report_paused_check CHECK (paused_early >= 0 AND paused_secs >= paused_early);

-- As the events of the reports so far tell it.
WITH moved AS (
    SELECT e.report_id, e.seq, e.from_status, e.to_status, e.at, e.action,
        min(e.at) FILTER (WHERE e.action = 'forward') OVER (PARTITION BY e.report_id) AS forwarded,
        lag(e.at) OVER (PARTITION BY e.report_id ORDER BY e.seq) AS asked
    FROM mtr_event e WHERE e.from_status <> e.to_status
), told AS (
    SELECT report_id,
        sum(floor(extract(epoch FROM at - asked))) FILTER (WHERE from_status = 'perlu_info') AS secs,
        sum(floor(extract(epoch FROM at - asked))) FILTER (WHERE from_status = 'perlu_info' AND (forwarded IS NULL OR at < forwarded)) AS early,
        min(at) FILTER (WHERE action = 'validate') AS done
    FROM moved GROUP BY report_id
)
UPDATE mtr_report r SET paused_secs = COALESCE(t.secs, 0), paused_early = COALESCE(t.early, 0), first_done_at = t.done
FROM told t WHERE t.report_id = r.id AND (t.secs IS NOT NULL OR t.done IS NOT NULL);

CREATE INDEX mtr_report_published_idx ON mtr_report (published_at) WHERE published_at IS NOT NULL;
CREATE INDEX mtr_report_first_done_idx ON mtr_report (first_done_at) WHERE first_done_at IS NOT NULL;

-- Figures need neither words nor people.
GRANT SELECT (paused_secs, paused_early, first_done_at) ON mtr_report TO portal_readonly;
