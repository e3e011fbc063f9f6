DROP TABLE kuciniki_backlog;
