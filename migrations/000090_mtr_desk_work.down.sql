DROP TABLE mtr_template;
-- Events are kept for ever: what was put under another category keeps those of the table.
DROP INDEX mtr_report_open_idx, mtr_report_open_unit_idx, mtr_report_open_dispatch_idx;
CREATE INDEX mtr_report_open_idx ON mtr_report (status, due_order, id) WHERE open;
CREATE INDEX mtr_report_open_unit_idx ON mtr_report (unit_id, status, due_order, id) WHERE open;
CREATE INDEX mtr_report_open_dispatch_idx ON mtr_report (dispatch_unit_id, status, due_order, id) WHERE open;
DELETE FROM mtr_transition t WHERE action IN ('prioritize', 'recategorize')
    AND NOT EXISTS (SELECT FROM mtr_event e WHERE (e.from_status, e.action, e.to_status) = (t.from_status, t.action, t.to_status));
ALTER TABLE mtr_report DROP COLUMN rank, DROP COLUMN priority_set, DROP COLUMN priority, DROP COLUMN hops;
ALTER TABLE mtr_category DROP COLUMN priority;
