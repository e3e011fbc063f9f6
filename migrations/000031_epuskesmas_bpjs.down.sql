ALTER TABLE epuskesmas_visit DROP COLUMN doctor_id;
DROP TABLE epuskesmas_bpjs;
