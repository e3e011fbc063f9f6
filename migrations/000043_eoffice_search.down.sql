DROP INDEX eoffice_recipient_agenda_key;
DROP INDEX eoffice_letter_book_idx;
DROP TABLE eoffice_view;
ALTER TABLE eoffice_letter ADD COLUMN number_fold text NOT NULL DEFAULT '', ADD COLUMN search_text text NOT NULL DEFAULT '',
    ADD COLUMN search_vector tsvector GENERATED ALWAYS AS (to_tsvector('indonesian'::regconfig, search_text)) STORED;
UPDATE eoffice_letter l SET number_fold = s.number_fold, search_text = l.subject FROM eoffice_search s WHERE s.letter_id = l.id;
CREATE INDEX eoffice_letter_search_idx ON eoffice_letter USING gin (search_vector);
CREATE INDEX eoffice_letter_number_idx ON eoffice_letter USING gin (number_fold gin_trgm_ops);
DROP TRIGGER eoffice_recipient_sent ON eoffice_recipient;
DROP TRIGGER eoffice_recipient_added ON eoffice_recipient;
DROP TRIGGER eoffice_reader_removed ON eoffice_reader;
DROP TRIGGER eoffice_reader_added ON eoffice_reader;
DROP TRIGGER eoffice_letter_secrecy ON eoffice_letter;
DROP FUNCTION eoffice_secrecy_changed(), eoffice_recipient_changed(), eoffice_reader_changed(), eoffice_admit(bigint);
DROP TABLE eoffice_search;
DROP FUNCTION eoffice_access(bigint);
