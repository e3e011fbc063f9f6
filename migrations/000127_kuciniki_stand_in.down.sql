DROP TABLE kuciniki_covered;
DROP VIEW kuciniki_stand_in;
