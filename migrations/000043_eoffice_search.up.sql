-- Finding letters: what they are found by and who may find them lies beside each other,
-- so that one index answers both. Drafts and the most secret letters have no row.
CREATE TABLE eoffice_search (
    letter_id   bigint NOT NULL,
    secrecy     text NOT NULL,
    kind_code   text NOT NULL,
    unit_id     bigint NOT NULL,
    day         date NOT NULL,
    number_fold text NOT NULL DEFAULT '', -- its numbers, letters and digits only
    label       text NOT NULL DEFAULT '', -- subject and names, folded, for misspelt words; of B and T
    words       tsvector NOT NULL,        -- everything for B and T, for R the parts of its numbers (#600, #12)
    -- m12: the desk 12 had it; k7: the account 7 wrote it; t3: the tata usaha of the unit 3
    -- sees it; b3: everybody who may read what is open in the unit 3. p5: it is among the
    -- sixth four thousand of all letters: a search reads the newest first, so that a page of
    -- what a frequent word finds costs the same however many letters there are.
    access      text[] NOT NULL DEFAULT '{}',
    CONSTRAINT eoffice_search_pkey PRIMARY KEY (letter_id),
    CONSTRAINT eoffice_search_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES eoffice_letter (id),
    CONSTRAINT eoffice_search_secrecy_check CHECK (secrecy IN ('B', 'T') OR secrecy = 'R' AND label = '')
);
CREATE INDEX eoffice_search_idx ON eoffice_search USING gin (words, access, label gin_trgm_ops) WITH (fastupdate = off);
REVOKE ALL ON eoffice_search FROM portal_readonly;

-- eoffice_access is who may find a letter, as the matrix of its secrecy says. That who only
-- stands in finds an R letter only when it came in their time is for the query to see.
CREATE FUNCTION eoffice_access(id bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
    WITH l AS (SELECT l.id, l.secrecy, l.unit_id, l.drafter_id, l.drafted_by FROM eoffice_letter l WHERE l.id = $1),
    units AS (SELECT l.unit_id FROM l UNION SELECT r.unit_id FROM eoffice_recipient r WHERE r.letter_id = $1 AND r.sent_at IS NOT NULL AND r.unit_id IS NOT NULL)
    SELECT COALESCE(array_agg(t ORDER BY t), '{}') FROM (
        SELECT 'm' || r.position_id FROM eoffice_reader r WHERE r.letter_id = $1
        UNION SELECT 'm' || l.drafter_id FROM l
        UNION SELECT 'k' || l.drafted_by FROM l
        UNION SELECT 't' || u.unit_id FROM units u
        UNION SELECT 'b' || u.unit_id FROM units u, l WHERE l.secrecy = 'B'
        UNION SELECT 'p' || $1 / 4096) x (t)
$$;

-- eoffice_admit brings who may find a letter up to date. The row is held before it is
-- worked out, so that of two who change it at once the later one sees the earlier.
CREATE FUNCTION eoffice_admit(id bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM eoffice_search s WHERE s.letter_id = id FOR UPDATE;
    UPDATE eoffice_search s SET access = eoffice_access(id) WHERE s.letter_id = id;
END $$;

CREATE FUNCTION eoffice_reader_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eoffice_admit(c.letter_id) FROM (SELECT DISTINCT letter_id FROM changed) c;
    RETURN NULL;
END $$;
CREATE TRIGGER eoffice_reader_added AFTER INSERT ON eoffice_reader
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION eoffice_reader_changed();
CREATE TRIGGER eoffice_reader_removed AFTER DELETE ON eoffice_reader
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION eoffice_reader_changed();

CREATE FUNCTION eoffice_recipient_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM eoffice_admit(NEW.letter_id);
    RETURN NULL;
END $$;
CREATE TRIGGER eoffice_recipient_added AFTER INSERT ON eoffice_recipient
    FOR EACH ROW WHEN (NEW.sent_at IS NOT NULL) EXECUTE FUNCTION eoffice_recipient_changed();
CREATE TRIGGER eoffice_recipient_sent AFTER UPDATE ON eoffice_recipient
    FOR EACH ROW WHEN ((OLD.sent_at IS NULL) <> (NEW.sent_at IS NULL)) EXECUTE FUNCTION eoffice_recipient_changed();

-- What a letter may be found by depends on its secrecy: a change takes it out until it is
-- written anew.
CREATE FUNCTION eoffice_secrecy_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM eoffice_search WHERE letter_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER eoffice_letter_secrecy AFTER UPDATE ON eoffice_letter
    FOR EACH ROW WHEN (OLD.secrecy <> NEW.secrecy) EXECUTE FUNCTION eoffice_secrecy_changed();

INSERT INTO eoffice_search (letter_id, secrecy, kind_code, unit_id, day, number_fold, label, words, access)
SELECT l.id, l.secrecy, l.kind_code, l.unit_id, COALESCE(l.dated_at, l.sent_at, l.created_at)::date, l.number_fold, lower(l.subject), l.search_vector,
    eoffice_access(l.id)
FROM eoffice_letter l WHERE l.status <> 'konsep' AND l.secrecy <> 'SR';

ALTER TABLE eoffice_letter DROP COLUMN search_vector, DROP COLUMN search_text, DROP COLUMN number_fold;

-- Searches that somebody wants to do again. Words may name people, so they are sealed.
CREATE TABLE eoffice_view (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    account_id   bigint NOT NULL,
    name         text NOT NULL,
    query_sealed bytea NOT NULL,
    created_at   timestamptz NOT NULL,
    CONSTRAINT eoffice_view_pkey PRIMARY KEY (id),
    CONSTRAINT eoffice_view_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id),
    CONSTRAINT eoffice_view_name_key UNIQUE (account_id, name),
    CONSTRAINT eoffice_view_name_check CHECK (char_length(name) BETWEEN 1 AND 60)
);
REVOKE ALL ON eoffice_view FROM portal_readonly;

-- The books of an office: what it issued and what it took in, by number.
CREATE INDEX eoffice_letter_book_idx ON eoffice_letter (unit_id, letter_year, letter_no) WHERE letter_no IS NOT NULL;
CREATE UNIQUE INDEX eoffice_recipient_agenda_key ON eoffice_recipient (unit_id, agenda_year, agenda_no) WHERE agenda_no IS NOT NULL;

-- What lies on a desk is found without what lay there once: copies that were read, drafts
-- that went on their way.
DROP INDEX eoffice_recipient_open_idx;
CREATE INDEX eoffice_recipient_open_idx ON eoffice_recipient (position_id, status)
    WHERE role = 'kepada' AND status IN ('terkirim', 'diterima', 'dibaca', 'ditindaklanjuti') OR role = 'tembusan' AND status = 'terkirim';
CREATE INDEX eoffice_recipient_back_idx ON eoffice_recipient (letter_id) WHERE status = 'dikembalikan';
CREATE INDEX eoffice_letter_drafting_idx ON eoffice_letter (drafted_by) WHERE status = 'konsep';
CREATE INDEX eoffice_letter_underway_idx ON eoffice_letter (drafter_id)
    WHERE status IN ('verifikasi', 'menunggu_ttd', 'menandatangani', 'dicetak', 'ditandatangani');
