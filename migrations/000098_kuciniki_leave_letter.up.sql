-- Leave points at a letter of e-Office, found by its number; one that was noted wrongly, or
-- whose letter was revoked, is withdrawn and stays readable.
ALTER TABLE kuciniki_leave
    ADD COLUMN letter_id    bigint, -- of eoffice_letter; NULL: noted before letters were looked up
    ADD COLUMN withdrawn_by bigint, -- person
    ADD COLUMN withdrawn_at timestamptz,
    ADD CONSTRAINT kuciniki_leave_withdrawn_by_fkey FOREIGN KEY (withdrawn_by) REFERENCES org_person (id),
    ADD CONSTRAINT kuciniki_leave_withdrawn_check CHECK ((withdrawn_by IS NULL) = (withdrawn_at IS NULL)),
    DROP CONSTRAINT kuciniki_leave_once_key;
CREATE UNIQUE INDEX kuciniki_leave_once_key ON kuciniki_leave (person_id, first_day, number) WHERE withdrawn_at IS NULL;
DROP INDEX kuciniki_leave_uncounted_idx;
CREATE INDEX kuciniki_leave_uncounted_idx ON kuciniki_leave (id) WHERE counted = (withdrawn_at IS NOT NULL);
REVOKE UPDATE, DELETE, TRUNCATE ON kuciniki_leave FROM portal_app;
GRANT UPDATE (withdrawn_by, withdrawn_at, counted) ON kuciniki_leave TO portal_app;

-- A letter by its whole number, as people type it.
CREATE INDEX eoffice_letter_typed_idx ON eoffice_letter (upper(replace(COALESCE(letter_number, sender_number), ' ', ''))) WHERE COALESCE(letter_number, sender_number) <> '';
