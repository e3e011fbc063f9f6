-- Whether the city keeps what its most secret letters say, under seal, or on paper alone.
ALTER TABLE eoffice_city ADD COLUMN keep_most_secret boolean NOT NULL DEFAULT false;
ALTER TABLE eoffice_letter DROP CONSTRAINT eoffice_letter_sealed_check,
    ADD CONSTRAINT eoffice_letter_sealed_check CHECK (content_sealed IS NULL OR secrecy IN ('R', 'SR'));
