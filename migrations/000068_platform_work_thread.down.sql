GRANT INSERT ON work_event TO portal_app;
ALTER TABLE work_event DROP COLUMN thread_id, DROP COLUMN holder_id, DROP COLUMN next_due_at;
