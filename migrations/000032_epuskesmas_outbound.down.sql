ALTER TABLE epuskesmas_poli DROP COLUMN location_id;
ALTER TABLE epuskesmas_doctor DROP COLUMN ihs_number;
DROP TABLE epuskesmas_bpjs_message, epuskesmas_bpjs_progress;
