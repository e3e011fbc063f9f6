ALTER TABLE kuciniki_fold DROP COLUMN looked_at;
DROP TABLE kuciniki_flag_word;
DROP TABLE kuciniki_flag;
