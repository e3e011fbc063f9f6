DROP INDEX kuciniki_skp_waiting_idx, kuciniki_evaluation_waiting_idx;
DROP TABLE kuciniki_tpp, kuciniki_log, kuciniki_leave, kuciniki_attendance;
