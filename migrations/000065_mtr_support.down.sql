DROP TABLE mtr_support;
DROP INDEX mtr_report_near_idx;
DELETE FROM mtr_transition WHERE action = 'unmark_duplicate';
