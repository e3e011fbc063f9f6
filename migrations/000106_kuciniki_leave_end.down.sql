DROP INDEX kuciniki_leave_standing_idx;
UPDATE kuciniki_leave SET withdrawn_by = added_by WHERE withdrawn_at IS NOT NULL AND withdrawn_by IS NULL;
ALTER TABLE kuciniki_leave DROP CONSTRAINT kuciniki_leave_withdrawn_check,
    ADD CONSTRAINT kuciniki_leave_withdrawn_check CHECK ((withdrawn_by IS NULL) = (withdrawn_at IS NULL));
