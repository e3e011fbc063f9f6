DROP FUNCTION eoffice_destroy;
DROP TABLE eoffice_doomed_file, eoffice_disposal_event, eoffice_disposal_member, eoffice_disposal_folder, eoffice_disposal, eoffice_hold, eoffice_keeper;
UPDATE eoffice_folder SET status = 'tertutup' WHERE status IN ('inaktif', 'dimusnahkan', 'diserahkan');
ALTER TABLE eoffice_folder DROP COLUMN keeper_id, DROP CONSTRAINT eoffice_folder_status_check,
    ADD CONSTRAINT eoffice_folder_status_check CHECK (status IN ('terbuka', 'tertutup'));
UPDATE eoffice_letter SET status = 'diarsipkan' WHERE status = 'dimusnahkan';
ALTER TABLE eoffice_letter DROP CONSTRAINT eoffice_letter_destroyed_check, DROP CONSTRAINT eoffice_letter_status_check,
    ADD CONSTRAINT eoffice_letter_status_check CHECK (status IN ('konsep', 'perbaikan', 'verifikasi', 'menunggu_ttd', 'menandatangani', 'dicetak',
        'ditandatangani', 'terkirim', 'diarsipkan', 'dibatalkan', 'dicabut', 'tercatat', 'diarahkan'));
