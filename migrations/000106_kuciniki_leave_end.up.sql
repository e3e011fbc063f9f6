-- Leave whose letter was revoked ends by itself: nobody withdrew it.
ALTER TABLE kuciniki_leave DROP CONSTRAINT kuciniki_leave_withdrawn_check,
    ADD CONSTRAINT kuciniki_leave_withdrawn_check CHECK (withdrawn_by IS NULL OR withdrawn_at IS NOT NULL);
CREATE INDEX kuciniki_leave_standing_idx ON kuciniki_leave (last_day) WHERE withdrawn_at IS NULL AND letter_id IS NOT NULL;
