-- Letters from outside, as the tata usaha of an office writes them down.

-- Sender and number without spaces, points and capitals: what two entries of one letter share.
ALTER TABLE eoffice_letter ADD COLUMN twin_key text NOT NULL DEFAULT '';
CREATE INDEX eoffice_letter_twin_idx ON eoffice_letter (unit_id, twin_key, letter_date) WHERE origin = 'masuk';

-- Numbers that a letter has in other systems.
CREATE TABLE eoffice_other_number (
    letter_id bigint NOT NULL,
    system    text NOT NULL,
    number    text NOT NULL,
    CONSTRAINT eoffice_other_number_pkey PRIMARY KEY (letter_id, system),
    CONSTRAINT eoffice_other_number_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES eoffice_letter (id),
    CONSTRAINT eoffice_other_number_text_check CHECK (char_length(system) BETWEEN 1 AND 40 AND char_length(number) BETWEEN 1 AND 120)
);

-- Scans that wait for the letter to be written down to which they belong: those of a form that
-- was not finished yet, and those of a whole morning's paper.
CREATE TABLE eoffice_tray (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    unit_id     bigint NOT NULL,
    batch       boolean NOT NULL, -- split from one scan of many letters
    name        text NOT NULL,
    blob_key    text NOT NULL,
    type        text NOT NULL,
    size        bigint NOT NULL,
    hash        bytea NOT NULL,
    uploaded_at timestamptz NOT NULL,
    uploaded_by bigint NOT NULL,
    CONSTRAINT eoffice_tray_pkey PRIMARY KEY (id),
    CONSTRAINT eoffice_tray_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id),
    CONSTRAINT eoffice_tray_uploaded_by_fkey FOREIGN KEY (uploaded_by) REFERENCES authn_account (id),
    CONSTRAINT eoffice_tray_name_check CHECK (char_length(name) BETWEEN 1 AND 200)
);
CREATE INDEX eoffice_tray_unit_idx ON eoffice_tray (unit_id, id) WHERE batch;
CREATE INDEX eoffice_tray_forgotten_idx ON eoffice_tray (uploaded_at) WHERE NOT batch;
REVOKE ALL ON eoffice_other_number, eoffice_tray FROM portal_readonly;

-- Who wrote a letter from outside down is not who wrote it.
CREATE OR REPLACE FUNCTION eoffice_access(id bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
    WITH l AS (SELECT l.id, l.origin, l.secrecy, l.unit_id, l.drafter_id, l.drafted_by FROM eoffice_letter l WHERE l.id = $1),
    units AS (SELECT l.unit_id FROM l UNION SELECT r.unit_id FROM eoffice_recipient r WHERE r.letter_id = $1 AND r.sent_at IS NOT NULL AND r.unit_id IS NOT NULL)
    SELECT COALESCE(array_agg(t ORDER BY t), '{}') FROM (
        SELECT 'm' || r.position_id FROM eoffice_reader r WHERE r.letter_id = $1
        UNION SELECT 'm' || l.drafter_id FROM l WHERE l.origin = 'keluar'
        UNION SELECT 'k' || l.drafted_by FROM l WHERE l.origin = 'keluar'
        UNION SELECT 't' || u.unit_id FROM units u
        UNION SELECT 'b' || u.unit_id FROM units u, l WHERE l.secrecy = 'B'
        UNION SELECT 'p' || $1 / 4096) x (t)
$$;
