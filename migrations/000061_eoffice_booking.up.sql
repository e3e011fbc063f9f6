-- Numbers that the tata usaha keeps for letters on paper while the portal is away, and
-- numbers that the archivist puts between two others. They come from the counter of the
-- letters; what is not used ends with a reason.
CREATE TABLE eoffice_booking (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    unit_id      bigint NOT NULL,
    series       text NOT NULL, -- of the kinds of letters
    confidential boolean NOT NULL, -- R and SR are counted apart
    year         integer NOT NULL,
    no           bigint NOT NULL,
    suffix       text NOT NULL DEFAULT '', -- of a number put after no
    day          date NOT NULL, -- of its letter: from then on, with a suffix that very day
    holder       text NOT NULL,
    reason       text NOT NULL,
    booked_by    bigint NOT NULL,
    booked_at    timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    letter_id    bigint, -- that has it
    used_at      timestamptz,
    ended_at     timestamptz, -- no letter gets it any more
    ended_why    text NOT NULL DEFAULT '',
    CONSTRAINT eoffice_booking_pkey PRIMARY KEY (id),
    CONSTRAINT eoffice_booking_number_key UNIQUE (unit_id, series, confidential, year, no, suffix),
    CONSTRAINT eoffice_booking_letter_id_key UNIQUE (letter_id),
    CONSTRAINT eoffice_booking_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id),
    CONSTRAINT eoffice_booking_booked_by_fkey FOREIGN KEY (booked_by) REFERENCES authn_account (id),
    CONSTRAINT eoffice_booking_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES eoffice_letter (id),
    CONSTRAINT eoffice_booking_no_check CHECK (no > 0),
    CONSTRAINT eoffice_booking_suffix_check CHECK (suffix ~ '^[a-z]{0,2}$'),
    CONSTRAINT eoffice_booking_used_check CHECK ((letter_id IS NULL) = (used_at IS NULL)),
    CONSTRAINT eoffice_booking_ended_check CHECK ((ended_at IS NULL) = (ended_why = '')),
    CONSTRAINT eoffice_booking_expires_check CHECK (expires_at > booked_at),
    CONSTRAINT eoffice_booking_text_check CHECK (char_length(holder) BETWEEN 3 AND 120 AND char_length(reason) BETWEEN 5 AND 300 AND char_length(ended_why) <= 500)
);
CREATE INDEX eoffice_booking_open_idx ON eoffice_booking (expires_at) WHERE letter_id IS NULL AND ended_at IS NULL;
REVOKE UPDATE, DELETE, TRUNCATE ON eoffice_booking FROM portal_app;
GRANT UPDATE (letter_id, used_at, ended_at, ended_why) ON eoffice_booking TO portal_app;
REVOKE ALL ON eoffice_booking FROM portal_readonly;
