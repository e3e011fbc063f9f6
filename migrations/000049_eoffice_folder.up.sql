-- The archive: finished letters lie in the folders (berkas) of an office, by classification
-- and year. Each office files what it wrote and what it got.
CREATE TABLE eoffice_folder (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    unit_id      bigint NOT NULL, -- whose letters they are
    year         integer NOT NULL,
    kka          text NOT NULL,
    no           integer NOT NULL, -- among those of its office, year and code
    title        text NOT NULL,
    confidential boolean NOT NULL, -- holds R and SR, which lie nowhere else
    place        text NOT NULL DEFAULT '', -- of the paper
    status       text NOT NULL,
    seq          integer NOT NULL,
    opened_on    date NOT NULL,
    closed_on    date,
    CONSTRAINT eoffice_folder_pkey PRIMARY KEY (id),
    CONSTRAINT eoffice_folder_no_key UNIQUE (unit_id, year, kka, no),
    CONSTRAINT eoffice_folder_unit_key UNIQUE (id, unit_id),
    CONSTRAINT eoffice_folder_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id),
    CONSTRAINT eoffice_folder_kka_fkey FOREIGN KEY (kka) REFERENCES eoffice_kka (code),
    CONSTRAINT eoffice_folder_status_check CHECK (status IN ('terbuka', 'tertutup')),
    CONSTRAINT eoffice_folder_closed_check CHECK ((closed_on IS NULL) = (status = 'terbuka')),
    CONSTRAINT eoffice_folder_text_check CHECK (char_length(title) BETWEEN 1 AND 200 AND char_length(place) <= 120),
    CONSTRAINT eoffice_folder_year_check CHECK (year BETWEEN 1945 AND 2200)
);

-- What lies in which folder. A confidential letter lies there only once the head of the
-- office agreed.
CREATE TABLE eoffice_filing (
    letter_id bigint NOT NULL,
    unit_id   bigint NOT NULL,
    folder_id bigint NOT NULL,
    filed_at  timestamptz NOT NULL,
    filed_by  bigint NOT NULL,
    agreed_at timestamptz,
    agreed_by bigint,
    CONSTRAINT eoffice_filing_pkey PRIMARY KEY (letter_id, unit_id),
    CONSTRAINT eoffice_filing_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES eoffice_letter (id),
    CONSTRAINT eoffice_filing_folder_id_fkey FOREIGN KEY (folder_id, unit_id) REFERENCES eoffice_folder (id, unit_id),
    CONSTRAINT eoffice_filing_filed_by_fkey FOREIGN KEY (filed_by) REFERENCES authn_account (id),
    CONSTRAINT eoffice_filing_agreed_by_fkey FOREIGN KEY (agreed_by) REFERENCES authn_account (id),
    CONSTRAINT eoffice_filing_agreed_check CHECK ((agreed_at IS NULL) = (agreed_by IS NULL))
);
CREATE INDEX eoffice_filing_folder_idx ON eoffice_filing (folder_id, letter_id);
CREATE INDEX eoffice_filing_waiting_idx ON eoffice_filing (unit_id) WHERE agreed_at IS NULL;

-- What happened to a folder. Only added to.
CREATE TABLE eoffice_folder_event (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    folder_id   bigint NOT NULL,
    seq         integer NOT NULL,
    action      text NOT NULL,
    from_status text NOT NULL,
    to_status   text NOT NULL,
    at          timestamptz NOT NULL,
    actor_id    bigint,
    title       text NOT NULL DEFAULT '', -- of the position in which the actor acted
    reason      text NOT NULL DEFAULT '',
    CONSTRAINT eoffice_folder_event_pkey PRIMARY KEY (id),
    CONSTRAINT eoffice_folder_event_seq_key UNIQUE (folder_id, seq),
    CONSTRAINT eoffice_folder_event_folder_id_fkey FOREIGN KEY (folder_id) REFERENCES eoffice_folder (id),
    CONSTRAINT eoffice_folder_event_reason_check CHECK (char_length(reason) <= 500)
);
REVOKE UPDATE, DELETE, TRUNCATE ON eoffice_folder_event FROM portal_app;
REVOKE DELETE, TRUNCATE ON eoffice_folder FROM portal_app;
REVOKE ALL ON eoffice_folder, eoffice_filing, eoffice_folder_event FROM portal_readonly;

-- What an office has finished and not filed.
ALTER TABLE eoffice_letter ADD COLUMN filed boolean NOT NULL DEFAULT false;
ALTER TABLE eoffice_recipient ADD COLUMN filed boolean NOT NULL DEFAULT false;
CREATE INDEX eoffice_letter_unfiled_idx ON eoffice_letter (unit_id, id) WHERE NOT filed AND status IN ('terkirim', 'diarahkan', 'dicabut');
CREATE INDEX eoffice_recipient_unfiled_idx ON eoffice_recipient (unit_id, letter_id) WHERE NOT filed AND role = 'kepada' AND status = 'selesai';
