ALTER TABLE epuskesmas_doctor DROP COLUMN person_id;
