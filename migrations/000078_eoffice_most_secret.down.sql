UPDATE eoffice_letter SET content_sealed = NULL WHERE secrecy = 'SR' AND content_sealed IS NOT NULL;
ALTER TABLE eoffice_letter DROP CONSTRAINT eoffice_letter_sealed_check,
    ADD CONSTRAINT eoffice_letter_sealed_check CHECK (content_sealed IS NULL OR secrecy = 'R');
ALTER TABLE eoffice_city DROP COLUMN keep_most_secret;
