DROP INDEX eoffice_letter_typed_idx;
DROP INDEX kuciniki_leave_once_key;
DELETE FROM kuciniki_leave WHERE withdrawn_at IS NOT NULL;
DROP INDEX kuciniki_leave_uncounted_idx;
ALTER TABLE kuciniki_leave
    DROP CONSTRAINT kuciniki_leave_withdrawn_check,
    DROP COLUMN letter_id,
    DROP COLUMN withdrawn_by,
    DROP COLUMN withdrawn_at,
    ADD CONSTRAINT kuciniki_leave_once_key UNIQUE (person_id, first_day, number);
CREATE INDEX kuciniki_leave_uncounted_idx ON kuciniki_leave (id) WHERE NOT counted;
GRANT UPDATE, DELETE ON kuciniki_leave TO portal_app;
