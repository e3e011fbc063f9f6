DROP INDEX mtr_report_first_done_idx, mtr_report_published_idx;
ALTER TABLE mtr_report DROP COLUMN first_done_at, DROP COLUMN paused_early, DROP COLUMN paused_secs;
