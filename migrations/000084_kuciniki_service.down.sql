DROP TABLE kuciniki_service;
