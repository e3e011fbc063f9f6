DROP INDEX eoffice_folder_keeper_idx;
CREATE INDEX eoffice_folder_keeper_idx ON eoffice_folder (keeper_id) WHERE keeper_id IS NOT NULL;
DROP INDEX eoffice_folder_newest_idx;
DROP INDEX eoffice_recipient_incoming_idx;
CREATE INDEX eoffice_recipient_incoming_idx ON eoffice_recipient (unit_id, sent_at) WHERE status = 'terkirim';
