DROP INDEX eoffice_letter_unfiled_idx, eoffice_recipient_unfiled_idx;
ALTER TABLE eoffice_recipient DROP COLUMN filed;
ALTER TABLE eoffice_letter DROP COLUMN filed;
DROP TABLE eoffice_folder_event, eoffice_filing, eoffice_folder;
