ALTER TABLE work_event DROP COLUMN holder_unit_id;
