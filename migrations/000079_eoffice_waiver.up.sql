-- The paper by which who only stands in may sign what changes somebody's standing.
ALTER TABLE eoffice_file DROP CONSTRAINT eoffice_file_purpose_check,
    ADD CONSTRAINT eoffice_file_purpose_check CHECK (purpose IN ('lampiran', 'naskah', 'laporan', 'mandat'));
