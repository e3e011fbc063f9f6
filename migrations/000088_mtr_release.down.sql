ALTER TABLE mtr_report DROP COLUMN photos_until, DROP COLUMN originals_until;
DELETE FROM mtr_transition WHERE action IN ('open_original', 'release_original');
