-- Which case a step of work belongs to, and on whose desk the case lies after it, and until when.
ALTER TABLE work_event ADD COLUMN thread_id bigint, ADD COLUMN holder_id bigint, ADD COLUMN next_due_at timestamptz;

-- When the server wrote an entry down is the server's own word: the portal cannot say it.
REVOKE INSERT ON work_event FROM portal_app;
GRANT INSERT (at, module, kind, object, object_id, outcome, person_id, position_id, occupancy_id, unit_id, started_at, due_at, working_minutes, strata,
    thread_id, holder_id, next_due_at) ON work_event TO portal_app;
