-- The reporter may turn anonymous afterwards, and moderators black out words and parts of photos.
INSERT INTO mtr_transition (from_status, action, to_status)
SELECT s, a, s
FROM unnest(ARRAY['diterima', 'perlu_info', 'diteruskan', 'dikerjakan', 'dijadwalkan', 'menunggu_validasi', 'selesai', 'ditutup', 'ditolak',
    'duplikat', 'dirujuk_keluar', 'dibatalkan', 'belum_konfirmasi']) s, unnest(ARRAY['anonymize', 'redact', 'redact_photo']) a
WHERE s <> 'belum_konfirmasi' OR a = 'anonymize';

-- What was blacked out, sealed: the words as they were, or the key of a photo's sealed original.
CREATE TABLE mtr_redaction (
    report_id    bigint NOT NULL,
    event_seq    integer NOT NULL,
    words_sealed bytea,
    photo_id     bigint,
    blob_key     text NOT NULL DEFAULT '',
    -- The photo's former address, while its open files are not yet deleted.
    former_ref   text,
    CONSTRAINT mtr_redaction_pkey PRIMARY KEY (report_id, event_seq),
    CONSTRAINT mtr_redaction_event_fkey FOREIGN KEY (report_id, event_seq) REFERENCES mtr_event (report_id, seq),
    CONSTRAINT mtr_redaction_photo_id_fkey FOREIGN KEY (photo_id) REFERENCES mtr_photo (id),
    CONSTRAINT mtr_redaction_what_check CHECK ((words_sealed IS NULL) <> (photo_id IS NULL) AND (photo_id IS NULL) = (blob_key = ''))
);
CREATE INDEX mtr_redaction_photo_idx ON mtr_redaction (photo_id) WHERE photo_id IS NOT NULL;
CREATE INDEX mtr_redaction_former_idx ON mtr_redaction (former_ref) WHERE former_ref IS NOT NULL;
REVOKE DELETE, TRUNCATE ON mtr_redaction FROM portal_app;
REVOKE ALL ON mtr_redaction FROM portal_readonly;
