-- What an office has to take in is counted on every page of its tata usaha: from the index
-- alone, also when it is the whole city's.
DROP INDEX eoffice_recipient_incoming_idx;
CREATE INDEX eoffice_recipient_incoming_idx ON eoffice_recipient (unit_id, due_at) WHERE role = 'kepada' AND status = 'terkirim';

-- The newest folders of an office, and of those it keeps for others.
CREATE INDEX eoffice_folder_newest_idx ON eoffice_folder (unit_id, id);
DROP INDEX eoffice_folder_keeper_idx;
CREATE INDEX eoffice_folder_keeper_idx ON eoffice_folder (keeper_id, id) WHERE keeper_id IS NOT NULL;
