DELETE FROM eoffice_file WHERE purpose = 'mandat';
ALTER TABLE eoffice_file DROP CONSTRAINT eoffice_file_purpose_check,
    ADD CONSTRAINT eoffice_file_purpose_check CHECK (purpose IN ('lampiran', 'naskah', 'laporan'));
