ALTER TABLE kuciniki_judgement DROP COLUMN own_score;
