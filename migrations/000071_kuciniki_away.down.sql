ALTER TABLE kuciniki_day DROP COLUMN own_word;
DROP INDEX kuciniki_leave_uncounted_idx;
ALTER TABLE kuciniki_leave DROP COLUMN counted;
