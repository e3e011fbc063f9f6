DROP TRIGGER mtr_report_withdrawn ON mtr_report;
DROP FUNCTION mtr_open_withdraw;
DROP TABLE mtr_open_file;
DROP TABLE mtr_open_state;
