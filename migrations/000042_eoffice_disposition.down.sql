DROP TABLE eoffice_instruction;
REVOKE DELETE ON eoffice_reader FROM portal_app;
ALTER TABLE eoffice_office DROP COLUMN answer_days;
DROP INDEX eoffice_disposition_reported_idx, eoffice_disposition_given_idx, eoffice_disposition_lead_key, eoffice_disposition_desk_key;
CREATE INDEX eoffice_disposition_from_idx ON eoffice_disposition (from_id, status);
CREATE INDEX eoffice_disposition_reported_idx ON eoffice_disposition (reported_at) WHERE status = 'dilaporkan';
UPDATE eoffice_disposition SET status = 'selesai' WHERE status = 'ditutup';
ALTER TABLE eoffice_disposition
    DROP CONSTRAINT eoffice_disposition_sealed_check,
    DROP CONSTRAINT eoffice_disposition_info_check,
    DROP CONSTRAINT eoffice_disposition_status_check,
    ADD CONSTRAINT eoffice_disposition_status_check CHECK (status IN ('dikirim', 'dibaca', 'dikerjakan', 'diteruskan', 'minta_arahan', 'menolak',
        'dilaporkan', 'selesai', 'ditolak', 'dibatalkan')),
    DROP COLUMN answer_due_at,
    DROP COLUMN asked_due_at;
