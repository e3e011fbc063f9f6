ALTER TABLE kuciniki_indicator DROP COLUMN spread;
