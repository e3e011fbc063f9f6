DELETE FROM eoffice_file WHERE purpose = 'laporan';
ALTER TABLE eoffice_file DROP COLUMN disposition_id;
