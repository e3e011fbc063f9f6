-- At which unit a case lies after a step, where it is not the unit of the step: a report that
-- somebody passes on lies with who gets it.
ALTER TABLE work_event ADD COLUMN holder_unit_id bigint;
GRANT INSERT (holder_unit_id) ON work_event TO portal_app;
