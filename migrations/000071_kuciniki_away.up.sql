-- Whether the sums of the evidence know of a leave: one that is noted after the work was
-- counted moves limits all the same.
ALTER TABLE kuciniki_leave ADD COLUMN counted boolean NOT NULL DEFAULT false;
CREATE INDEX kuciniki_leave_uncounted_idx ON kuciniki_leave (id) WHERE NOT counted;

-- Days whose only trace is what somebody wrote down themselves.
ALTER TABLE kuciniki_day ADD COLUMN own_word boolean NOT NULL DEFAULT false;
