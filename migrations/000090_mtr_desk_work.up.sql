-- How often a report was handed on, what goes first, reports under another category, and
-- ready answers of units.
ALTER TABLE mtr_category
    ADD COLUMN priority integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT mtr_category_priority_check CHECK (priority BETWEEN 0 AND 2);
UPDATE mtr_category SET priority = 1 WHERE code IN ('BANJIR', 'LALIN');

ALTER TABLE mtr_report
    ADD COLUMN hops integer NOT NULL DEFAULT 0,
    ADD COLUMN priority integer NOT NULL DEFAULT 0,
    -- By hand: the rules leave it alone.
    ADD COLUMN priority_set boolean NOT NULL DEFAULT false,
    -- Sorts what goes first before the rest.
    ADD COLUMN rank integer NOT NULL GENERATED ALWAYS AS (-priority) STORED,
    ADD CONSTRAINT mtr_report_hops_check CHECK (hops >= 0),
    ADD CONSTRAINT mtr_report_priority_check CHECK (priority BETWEEN 0 AND 2);

-- As the events of the reports so far tell it.
UPDATE mtr_report r SET hops = e.again
FROM (SELECT report_id, count(*) - 1 AS again FROM mtr_event WHERE action = 'forward' GROUP BY report_id HAVING count(*) > 1) e
WHERE e.report_id = r.id;

INSERT INTO mtr_transition (from_status, action, to_status)
SELECT s, 'prioritize', s FROM unnest(ARRAY['diterima', 'perlu_info', 'diteruskan', 'dikerjakan', 'dijadwalkan', 'menunggu_validasi']) s
UNION ALL VALUES ('diterima', 'recategorize', 'diterima'), ('diteruskan', 'recategorize', 'diteruskan');

-- Desks look at what is open: what goes first, then the most urgent.
DROP INDEX mtr_report_open_idx, mtr_report_open_unit_idx, mtr_report_open_dispatch_idx;
CREATE INDEX mtr_report_open_idx ON mtr_report (status, rank, due_order, id) WHERE open;
CREATE INDEX mtr_report_open_unit_idx ON mtr_report (unit_id, status, rank, due_order, id) WHERE open;
CREATE INDEX mtr_report_open_dispatch_idx ON mtr_report (dispatch_unit_id, status, rank, due_order, id) WHERE open;

GRANT SELECT (hops, priority, priority_set, rank) ON mtr_report TO portal_readonly;

-- Ready answers of a unit, with variables that are filled for each report.
CREATE TABLE mtr_template (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    unit_id    bigint NOT NULL,
    name       text NOT NULL,
    body       text NOT NULL,
    -- Goes up with every change, so that nobody overwrites what somebody else just wrote.
    version    integer NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL,
    CONSTRAINT mtr_template_pkey PRIMARY KEY (id),
    CONSTRAINT mtr_template_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id),
    CONSTRAINT mtr_template_name_check CHECK (char_length(name) BETWEEN 1 AND 80),
    CONSTRAINT mtr_template_body_check CHECK (char_length(body) BETWEEN 1 AND 2000)
);
CREATE UNIQUE INDEX mtr_template_name_key ON mtr_template (unit_id, lower(name));
REVOKE ALL ON mtr_template FROM portal_readonly;
