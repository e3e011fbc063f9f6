DROP TABLE kuciniki_pace;
DELETE FROM kuciniki_expected WHERE urgency <> '*' OR category <> '*';
ALTER TABLE kuciniki_expected DROP COLUMN urgency, DROP COLUMN category, ADD CONSTRAINT kuciniki_expected_pkey PRIMARY KEY (month, kind);
