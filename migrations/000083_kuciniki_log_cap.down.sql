DROP TABLE kuciniki_log_cap;
