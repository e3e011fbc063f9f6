-- What leaves the archive: moved to the inactive records, handed over for good, destroyed.
ALTER TABLE eoffice_letter DROP CONSTRAINT eoffice_letter_status_check,
    ADD CONSTRAINT eoffice_letter_status_check CHECK (status IN ('konsep', 'perbaikan', 'verifikasi', 'menunggu_ttd', 'menandatangani', 'dicetak',
        'ditandatangani', 'terkirim', 'diarsipkan', 'dibatalkan', 'dicabut', 'tercatat', 'diarahkan', 'dimusnahkan')),
    -- What was destroyed says nothing any more.
    ADD CONSTRAINT eoffice_letter_destroyed_check CHECK (status <> 'dimusnahkan' OR body = '' AND content_sealed IS NULL AND pdf_key = '' AND scan_key = '');

ALTER TABLE eoffice_folder DROP CONSTRAINT eoffice_folder_status_check,
    ADD CONSTRAINT eoffice_folder_status_check CHECK (status IN ('terbuka', 'tertutup', 'inaktif', 'dimusnahkan', 'diserahkan')),
    ADD COLUMN keeper_id bigint, -- the office that has it now, where that is another one
    ADD CONSTRAINT eoffice_folder_keeper_id_fkey FOREIGN KEY (keeper_id) REFERENCES org_unit (id);
CREATE INDEX eoffice_folder_keeper_idx ON eoffice_folder (keeper_id) WHERE keeper_id IS NOT NULL;

-- Offices that keep what others hand over: the records units, and the city's records centre.
CREATE TABLE eoffice_keeper (
    unit_id bigint NOT NULL,
    CONSTRAINT eoffice_keeper_pkey PRIMARY KEY (unit_id),
    CONSTRAINT eoffice_keeper_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id)
);
INSERT INTO eoffice_keeper SELECT id FROM org_unit WHERE code = 'DISSIP' AND valid_to IS NULL;

-- Legal holds: while one is in force nothing happens to the folder.
CREATE TABLE eoffice_hold (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    folder_id   bigint NOT NULL,
    asked_by    text NOT NULL, -- who wants it: a court, the Inspektorat …
    reason      text NOT NULL,
    until       date,          -- the last day; NULL: until it is lifted
    set_at      timestamptz NOT NULL,
    set_by      bigint NOT NULL,
    lifted_at   timestamptz,
    lifted_by   bigint,
    lift_reason text NOT NULL DEFAULT '',
    CONSTRAINT eoffice_hold_pkey PRIMARY KEY (id),
    CONSTRAINT eoffice_hold_folder_id_fkey FOREIGN KEY (folder_id) REFERENCES eoffice_folder (id),
    CONSTRAINT eoffice_hold_set_by_fkey FOREIGN KEY (set_by) REFERENCES authn_account (id),
    CONSTRAINT eoffice_hold_lifted_by_fkey FOREIGN KEY (lifted_by) REFERENCES authn_account (id),
    CONSTRAINT eoffice_hold_text_check CHECK (char_length(asked_by) BETWEEN 3 AND 200 AND char_length(reason) BETWEEN 5 AND 500 AND char_length(lift_reason) <= 500),
    CONSTRAINT eoffice_hold_lifted_check CHECK ((lifted_at IS NULL) = (lifted_by IS NULL))
);
CREATE INDEX eoffice_hold_folder_idx ON eoffice_hold (folder_id) WHERE lifted_at IS NULL;

-- A case: some folders of an office that are to leave, and the panel that says whether.
CREATE TABLE eoffice_disposal (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    unit_id    bigint NOT NULL,
    kind       text NOT NULL,
    status     text NOT NULL,
    seq        integer NOT NULL,
    keeper_id  bigint,          -- who gets the folders
    report_id  bigint,          -- the berita acara
    anri_note  text NOT NULL DEFAULT '', -- number and day of the approval of the national archive
    created_at timestamptz NOT NULL,
    done_at    timestamptz,
    CONSTRAINT eoffice_disposal_pkey PRIMARY KEY (id),
    CONSTRAINT eoffice_disposal_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id),
    CONSTRAINT eoffice_disposal_keeper_id_fkey FOREIGN KEY (keeper_id) REFERENCES org_unit (id),
    CONSTRAINT eoffice_disposal_report_id_fkey FOREIGN KEY (report_id) REFERENCES eoffice_letter (id),
    CONSTRAINT eoffice_disposal_kind_check CHECK (kind IN ('pindah', 'musnah', 'serah') AND (kind = 'musnah') = (keeper_id IS NULL)),
    CONSTRAINT eoffice_disposal_status_check CHECK (status IN ('dinilai', 'disetujui', 'dilaksanakan', 'ditolak', 'dibatalkan')),
    CONSTRAINT eoffice_disposal_text_check CHECK (char_length(anri_note) <= 200)
);
CREATE INDEX eoffice_disposal_unit_idx ON eoffice_disposal (unit_id, id DESC);

CREATE TABLE eoffice_disposal_folder (
    disposal_id bigint NOT NULL,
    folder_id   bigint NOT NULL,
    open        boolean NOT NULL DEFAULT true, -- the case is not over
    CONSTRAINT eoffice_disposal_folder_pkey PRIMARY KEY (disposal_id, folder_id),
    CONSTRAINT eoffice_disposal_folder_disposal_id_fkey FOREIGN KEY (disposal_id) REFERENCES eoffice_disposal (id),
    CONSTRAINT eoffice_disposal_folder_folder_id_fkey FOREIGN KEY (folder_id) REFERENCES eoffice_folder (id)
);
CREATE UNIQUE INDEX eoffice_disposal_folder_open_key ON eoffice_disposal_folder (folder_id) WHERE open;

-- The panel: desks, each with its word.
CREATE TABLE eoffice_disposal_member (
    disposal_id bigint NOT NULL,
    position_id bigint NOT NULL,
    vote        text NOT NULL DEFAULT '',
    words       text NOT NULL DEFAULT '',
    voted_at    timestamptz,
    voted_by    bigint,
    CONSTRAINT eoffice_disposal_member_pkey PRIMARY KEY (disposal_id, position_id),
    CONSTRAINT eoffice_disposal_member_disposal_id_fkey FOREIGN KEY (disposal_id) REFERENCES eoffice_disposal (id),
    CONSTRAINT eoffice_disposal_member_position_id_fkey FOREIGN KEY (position_id) REFERENCES org_position (id),
    CONSTRAINT eoffice_disposal_member_voted_by_fkey FOREIGN KEY (voted_by) REFERENCES authn_account (id),
    CONSTRAINT eoffice_disposal_member_vote_check CHECK (vote IN ('', 'setuju', 'keberatan') AND (vote = '') = (voted_at IS NULL) AND char_length(words) <= 1000)
);
CREATE INDEX eoffice_disposal_member_waiting_idx ON eoffice_disposal_member (position_id) WHERE vote = '';

CREATE TABLE eoffice_disposal_event (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    disposal_id bigint NOT NULL,
    seq         integer NOT NULL,
    action      text NOT NULL,
    from_status text NOT NULL,
    to_status   text NOT NULL,
    at          timestamptz NOT NULL,
    actor_id    bigint,
    title       text NOT NULL DEFAULT '',
    reason      text NOT NULL DEFAULT '',
    CONSTRAINT eoffice_disposal_event_pkey PRIMARY KEY (id),
    CONSTRAINT eoffice_disposal_event_seq_key UNIQUE (disposal_id, seq),
    CONSTRAINT eoffice_disposal_event_disposal_id_fkey FOREIGN KEY (disposal_id) REFERENCES eoffice_disposal (id)
);

-- Files of destroyed letters that are still to be deleted from the store.
CREATE TABLE eoffice_doomed_file (
    blob_key text NOT NULL,
    CONSTRAINT eoffice_doomed_file_pkey PRIMARY KEY (blob_key)
);
REVOKE UPDATE, DELETE, TRUNCATE ON eoffice_disposal_event FROM portal_app;
REVOKE DELETE, TRUNCATE ON eoffice_disposal, eoffice_disposal_member, eoffice_hold FROM portal_app;
REVOKE ALL ON eoffice_keeper, eoffice_hold, eoffice_disposal, eoffice_disposal_folder, eoffice_disposal_member, eoffice_disposal_event, eoffice_doomed_file FROM portal_readonly;

-- eoffice_destroy takes away all that a letter says, wherever it lies, its versions and what
-- was written about it too, and leaves what it was: number, day, subject, from and to, who did
-- what and when. It does so only for a case that its panel agreed to, without a hold, and once
-- no other folder keeps the letter, that of its own office included; it returns whether it did.
-- It is the only way in which the portal may change those tables.
CREATE FUNCTION eoffice_destroy(letter bigint, disposal bigint, today date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM eoffice_disposal d JOIN eoffice_disposal_folder x ON x.disposal_id = d.id JOIN eoffice_filing g ON g.folder_id = x.folder_id
            WHERE d.id = disposal AND d.kind = 'musnah' AND d.status = 'disetujui' AND x.open AND g.letter_id = letter AND g.agreed_at IS NOT NULL)
        OR EXISTS (SELECT FROM eoffice_disposal_member m WHERE m.disposal_id = disposal AND m.vote <> 'setuju')
        OR NOT EXISTS (SELECT FROM eoffice_disposal_member m WHERE m.disposal_id = disposal)
        OR EXISTS (SELECT FROM eoffice_disposal_folder x JOIN eoffice_hold h ON h.folder_id = x.folder_id
            WHERE x.disposal_id = disposal AND h.lifted_at IS NULL AND (h.until IS NULL OR h.until >= today)) THEN
        RAISE EXCEPTION 'letter % may not be destroyed by case %', letter, disposal USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (SELECT FROM eoffice_filing g JOIN eoffice_folder f ON f.id = g.folder_id WHERE g.letter_id = letter AND f.status <> 'dimusnahkan'
            AND NOT EXISTS (SELECT FROM eoffice_disposal_folder x WHERE x.disposal_id = disposal AND x.folder_id = f.id))
        OR NOT EXISTS (SELECT FROM eoffice_filing g JOIN eoffice_letter l ON l.id = g.letter_id AND l.unit_id = g.unit_id WHERE g.letter_id = letter) THEN
        RETURN false;
    END IF;
    INSERT INTO eoffice_doomed_file
    SELECT k FROM (SELECT pdf_key AS k FROM eoffice_letter WHERE id = letter UNION SELECT scan_key FROM eoffice_letter WHERE id = letter
        UNION SELECT blob_key FROM eoffice_file WHERE letter_id = letter UNION SELECT proof_key FROM eoffice_recipient WHERE letter_id = letter) x
    WHERE k <> '' ON CONFLICT DO NOTHING;
    DELETE FROM eoffice_search WHERE letter_id = letter;
    DELETE FROM eoffice_file WHERE letter_id = letter;
    DELETE FROM eoffice_version WHERE letter_id = letter;
    UPDATE eoffice_letter SET body = '', content_sealed = NULL, pdf_key = '', scan_key = '', revoke_reason = '' WHERE id = letter;
    UPDATE eoffice_recipient SET address = '', proof_key = '' WHERE letter_id = letter;
    DELETE FROM eoffice_agenda a USING eoffice_recipient r WHERE a.recipient_id = r.id AND r.letter_id = letter;
    UPDATE eoffice_opinion SET question = '', question_sealed = NULL, words = '', words_sealed = NULL WHERE letter_id = letter;
    UPDATE eoffice_disposition SET note = '', note_sealed = NULL, report = '', report_sealed = NULL WHERE letter_id = letter;
    UPDATE eoffice_event SET reason = '', detail = detail - '{kata,pdf,pindaian}'::text[] WHERE letter_id = letter;
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION eoffice_destroy FROM PUBLIC;
GRANT EXECUTE ON FUNCTION eoffice_destroy TO portal_app;
