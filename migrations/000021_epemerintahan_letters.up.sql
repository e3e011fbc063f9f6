-- The kelurahan's letters: kinds as data, requests, signing, files.

-- How a kelurahan writes: its kop, its numbers, its habits.
CREATE TABLE epemerintahan_office (
    kelurahan_id   bigint NOT NULL,
    address        text NOT NULL DEFAULT '',
    phone          text NOT NULL DEFAULT '',
    postcode       text NOT NULL DEFAULT '',
    email          text NOT NULL DEFAULT '',
    -- As it stands in numbers ("KSK"), and the pattern of kinds that have none of their own.
    code           text NOT NULL,
    number_pattern text NOT NULL DEFAULT '{kka}/{no}/{unit}/{bulan_romawi}/{tahun}',
    paper          text NOT NULL DEFAULT 'F4',
    -- The operator may print wet letters at the counter; the lurah signs the paper.
    counter_print  boolean NOT NULL DEFAULT true,
    -- Online requests go to the RT or RW head first, where their contact is known.
    ask_rt         boolean NOT NULL DEFAULT false,
    version        integer NOT NULL DEFAULT 1,
    updated_at     timestamptz NOT NULL,
    CONSTRAINT epemerintahan_office_pkey PRIMARY KEY (kelurahan_id),
    CONSTRAINT epemerintahan_office_kelurahan_id_fkey FOREIGN KEY (kelurahan_id) REFERENCES org_unit (id),
    CONSTRAINT epemerintahan_office_code_check CHECK (code ~ '^[A-Z0-9.-]{1,20}$'),
    CONSTRAINT epemerintahan_office_paper_check CHECK (paper IN ('A4', 'F4')),
    CONSTRAINT epemerintahan_office_text_check CHECK (char_length(address) <= 200 AND char_length(phone) <= 60
        AND char_length(postcode) <= 10 AND char_length(email) <= 100 AND char_length(number_pattern) BETWEEN 4 AND 120)
);

CREATE TABLE epemerintahan_kind (
    code text NOT NULL,
    no   integer NOT NULL,
    CONSTRAINT epemerintahan_kind_pkey PRIMARY KEY (code),
    CONSTRAINT epemerintahan_kind_no_key UNIQUE (no),
    CONSTRAINT epemerintahan_kind_code_check CHECK (code ~ '^[A-Z0-9]{2,8}$')
);

-- Versions are only ever added to. unit_id NULL is the city's; shipped says that the
-- program brought it.
CREATE TABLE epemerintahan_kind_version (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    code       text NOT NULL,
    unit_id    bigint,
    version    integer NOT NULL,
    shipped    boolean NOT NULL DEFAULT false,
    definition jsonb NOT NULL,
    reason     text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    created_by bigint,
    CONSTRAINT epemerintahan_kind_version_pkey PRIMARY KEY (id),
    CONSTRAINT epemerintahan_kind_version_key UNIQUE NULLS NOT DISTINCT (code, unit_id, version),
    CONSTRAINT epemerintahan_kind_version_code_fkey FOREIGN KEY (code) REFERENCES epemerintahan_kind (code),
    CONSTRAINT epemerintahan_kind_version_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id),
    CONSTRAINT epemerintahan_kind_version_created_by_fkey FOREIGN KEY (created_by) REFERENCES authn_account (id),
    CONSTRAINT epemerintahan_kind_version_version_check CHECK (version > 0)
);
REVOKE UPDATE, DELETE, TRUNCATE ON epemerintahan_kind_version FROM portal_app;

-- An account and the resident that it was proved to be.
CREATE TABLE epemerintahan_identity (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    account_id   bigint NOT NULL,
    -- What the citizen claims; the resident is found by it.
    nik_sealed   bytea NOT NULL,
    nik_hash     bytea NOT NULL,
    kelurahan_id bigint NOT NULL,
    scan_key     text NOT NULL DEFAULT '',
    resident_id  bigint,
    status       text NOT NULL,
    asked_at     timestamptz NOT NULL,
    decided_at   timestamptz,
    decided_by   bigint,
    reason       text NOT NULL DEFAULT '',
    CONSTRAINT epemerintahan_identity_pkey PRIMARY KEY (id),
    CONSTRAINT epemerintahan_identity_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id),
    CONSTRAINT epemerintahan_identity_kelurahan_id_fkey FOREIGN KEY (kelurahan_id) REFERENCES org_unit (id),
    CONSTRAINT epemerintahan_identity_resident_id_fkey FOREIGN KEY (resident_id) REFERENCES epemerintahan_resident (id),
    CONSTRAINT epemerintahan_identity_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES authn_account (id),
    CONSTRAINT epemerintahan_identity_status_check CHECK (status IN ('menunggu', 'sah', 'ditolak', 'dicabut')),
    CONSTRAINT epemerintahan_identity_resident_check CHECK (status <> 'sah' OR resident_id IS NOT NULL)
);
-- One claim at a time, and one account per resident.
CREATE UNIQUE INDEX epemerintahan_identity_account_key ON epemerintahan_identity (account_id) WHERE status IN ('menunggu', 'sah');
CREATE UNIQUE INDEX epemerintahan_identity_resident_key ON epemerintahan_identity (resident_id) WHERE status = 'sah';
CREATE INDEX epemerintahan_identity_waiting_idx ON epemerintahan_identity (kelurahan_id, asked_at) WHERE status = 'menunggu';
CREATE INDEX epemerintahan_identity_scan_idx ON epemerintahan_identity (decided_at) WHERE scan_key <> '' AND status <> 'menunggu';

-- Six digits that a citizen shows at the counter, good for minutes.
CREATE TABLE epemerintahan_identity_code (
    account_id bigint NOT NULL,
    code_hash  bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT epemerintahan_identity_code_pkey PRIMARY KEY (account_id),
    CONSTRAINT epemerintahan_identity_code_hash_key UNIQUE (code_hash),
    CONSTRAINT epemerintahan_identity_code_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id)
);

CREATE TABLE epemerintahan_letter (
    id              bigint GENERATED ALWAYS AS IDENTITY,
    ref             text NOT NULL,          -- of the draft: random
    request_number  text,
    kind_version_id bigint NOT NULL,
    kind_code       text NOT NULL,
    title           text NOT NULL,
    kelurahan_id    bigint NOT NULL,
    resident_id     bigint,                 -- NULL: an outsider
    account_id      bigint,                 -- of the citizen who asked online
    entered_by      bigint,                 -- or of the operator
    entry_key       text,                   -- a resend of the counter's form
    subject_name    text NOT NULL,
    subject_fold    text NOT NULL,
    subject_hash    bytea,                  -- of the NIK
    subject_sealed  bytea NOT NULL,
    values_sealed   bytea NOT NULL,
    checked         text[] NOT NULL DEFAULT '{}',
    with_camat      boolean NOT NULL DEFAULT false,
    mode            text NOT NULL,
    status          text NOT NULL,
    status_at       timestamptz NOT NULL,
    signing_from    text NOT NULL DEFAULT '', -- where a failed signing goes back to
    seq             integer NOT NULL DEFAULT 0,
    -- The service clock, in working minutes of the kelurahan.
    submitted_at    timestamptz,
    running_since   timestamptz,            -- NULL: it stands
    used_minutes    integer NOT NULL DEFAULT 0,
    due_at          timestamptz,
    -- The letter.
    letter_year     integer,
    letter_no       bigint,
    letter_number   text,
    number_fold     text NOT NULL DEFAULT '', -- letters and digits only, for searching
    issued_on       date,
    issued_at       timestamptz,
    valid_until     date,
    token_sealed    bytea,
    token_hash      bytea,
    blocks          jsonb NOT NULL DEFAULT '[]', -- whom the numbered paper names
    dated_at        timestamptz,                 -- when that was decided: the paper bears its day
    signed          jsonb NOT NULL DEFAULT '[]',
    signer_ids      bigint[] NOT NULL DEFAULT '{}', -- org_person
    pdf_key         text NOT NULL DEFAULT '',
    pdf_hash        bytea,
    scan_key        text NOT NULL DEFAULT '',
    void_reason     text NOT NULL DEFAULT '',
    replaces_id     bigint,
    effect_done     boolean NOT NULL DEFAULT false,
    created_at      timestamptz NOT NULL,
    open            boolean NOT NULL GENERATED ALWAYS AS (status NOT IN ('terbit', 'ditolak', 'dibatalkan', 'dicabut')) STORED,
    -- Queues are ordered by urgency, the register by the day of issue, or else of asking.
    due_order       timestamptz NOT NULL GENERATED ALWAYS AS (COALESCE(due_at, 'infinity')) STORED,
    day             date GENERATED ALWAYS AS (COALESCE(issued_on, (submitted_at AT TIME ZONE 'Asia/Makassar')::date)) STORED,
    search          tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, title || ' ' || subject_fold)) STORED,
    CONSTRAINT epemerintahan_letter_pkey PRIMARY KEY (id),
    CONSTRAINT epemerintahan_letter_ref_key UNIQUE (ref),
    CONSTRAINT epemerintahan_letter_request_number_key UNIQUE (request_number),
    CONSTRAINT epemerintahan_letter_entry_key UNIQUE (entered_by, entry_key),
    CONSTRAINT epemerintahan_letter_number_key UNIQUE (kelurahan_id, letter_year, letter_no),
    CONSTRAINT epemerintahan_letter_replaces_key UNIQUE (replaces_id),
    CONSTRAINT epemerintahan_letter_kind_version_id_fkey FOREIGN KEY (kind_version_id) REFERENCES epemerintahan_kind_version (id),
    CONSTRAINT epemerintahan_letter_kelurahan_id_fkey FOREIGN KEY (kelurahan_id) REFERENCES org_unit (id),
    CONSTRAINT epemerintahan_letter_resident_id_fkey FOREIGN KEY (resident_id) REFERENCES epemerintahan_resident (id),
    CONSTRAINT epemerintahan_letter_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id),
    CONSTRAINT epemerintahan_letter_entered_by_fkey FOREIGN KEY (entered_by) REFERENCES authn_account (id),
    CONSTRAINT epemerintahan_letter_replaces_id_fkey FOREIGN KEY (replaces_id) REFERENCES epemerintahan_letter (id),
    CONSTRAINT epemerintahan_letter_mode_check CHECK (mode IN ('tte', 'basah')),
    CONSTRAINT epemerintahan_letter_status_check CHECK (status IN ('draf', 'menunggu_rt', 'diajukan', 'dikembalikan', 'menunggu_paraf',
        'menunggu_ttd', 'menunggu_camat', 'menandatangani', 'dicetak', 'terbit', 'ditolak', 'dibatalkan', 'dicabut')),
    CONSTRAINT epemerintahan_letter_request_check CHECK ((request_number IS NULL) = (status = 'draf')),
    CONSTRAINT epemerintahan_letter_number_check CHECK ((letter_no IS NULL) = (letter_number IS NULL) AND (letter_no IS NULL) = (letter_year IS NULL)),
    CONSTRAINT epemerintahan_letter_issued_check CHECK (status NOT IN ('terbit', 'dicabut') OR letter_no IS NOT NULL),
    CONSTRAINT epemerintahan_letter_token_check CHECK ((token_sealed IS NULL) = (token_hash IS NULL)),
    CONSTRAINT epemerintahan_letter_day_check CHECK (status = 'draf' OR day IS NOT NULL),
    CONSTRAINT epemerintahan_letter_void_check CHECK (status <> 'dicabut' OR void_reason <> '')
);
CREATE UNIQUE INDEX epemerintahan_letter_token_key ON epemerintahan_letter (token_hash) WHERE token_hash IS NOT NULL;
CREATE INDEX epemerintahan_letter_open_idx ON epemerintahan_letter (kelurahan_id, status, due_order, id) WHERE open AND status <> 'draf';
CREATE INDEX epemerintahan_letter_signing_idx ON epemerintahan_letter (status_at) WHERE status = 'menandatangani';
CREATE INDEX epemerintahan_letter_draft_idx ON epemerintahan_letter (created_at) WHERE status = 'draf';
CREATE INDEX epemerintahan_letter_account_idx ON epemerintahan_letter (account_id, id) WHERE account_id IS NOT NULL;
-- The register: its list in one kelurahan and in all, then what is looked for.
CREATE INDEX epemerintahan_letter_list_idx ON epemerintahan_letter (kelurahan_id, day, id) WHERE status <> 'draf';
CREATE INDEX epemerintahan_letter_all_idx ON epemerintahan_letter (day, id) WHERE status <> 'draf';
CREATE INDEX epemerintahan_letter_kind_idx ON epemerintahan_letter (kind_code, day, id) WHERE status <> 'draf';
CREATE INDEX epemerintahan_letter_status_idx ON epemerintahan_letter (status, day, id) WHERE status <> 'draf';
CREATE INDEX epemerintahan_letter_resident_idx ON epemerintahan_letter (resident_id, day, id) WHERE status <> 'draf';
CREATE INDEX epemerintahan_letter_hash_idx ON epemerintahan_letter (subject_hash) WHERE status <> 'draf';
CREATE INDEX epemerintahan_letter_no_idx ON epemerintahan_letter (letter_no, kelurahan_id) WHERE letter_no IS NOT NULL;
CREATE INDEX epemerintahan_letter_whole_idx ON epemerintahan_letter (number_fold) WHERE letter_no IS NOT NULL;
CREATE INDEX epemerintahan_letter_signer_idx ON epemerintahan_letter USING gin (signer_ids) WITH (fastupdate = off) WHERE status <> 'draf';
CREATE INDEX epemerintahan_letter_name_idx ON epemerintahan_letter USING gin (subject_fold gin_trgm_ops) WITH (fastupdate = off) WHERE status <> 'draf';
CREATE INDEX epemerintahan_letter_number_idx ON epemerintahan_letter USING gin (number_fold gin_trgm_ops) WITH (fastupdate = off) WHERE status <> 'draf';
CREATE INDEX epemerintahan_letter_search_idx ON epemerintahan_letter USING gin (search) WITH (fastupdate = off) WHERE status <> 'draf';

-- Drafts are thrown away; what was sent stays.
CREATE FUNCTION epemerintahan_letter_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'draf' THEN
        RAISE restrict_violation USING MESSAGE = 'a letter that was sent is not deleted';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER epemerintahan_letter_kept BEFORE DELETE ON epemerintahan_letter
    FOR EACH ROW EXECUTE FUNCTION epemerintahan_letter_keep();

-- The version of a letter that somebody of the office has read last: nobody signs unread.
CREATE TABLE epemerintahan_letter_reading (
    letter_id  bigint NOT NULL,
    account_id bigint NOT NULL,
    seq        integer NOT NULL,
    at         timestamptz NOT NULL,
    CONSTRAINT epemerintahan_letter_reading_pkey PRIMARY KEY (letter_id, account_id),
    CONSTRAINT epemerintahan_letter_reading_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES epemerintahan_letter (id),
    CONSTRAINT epemerintahan_letter_reading_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id)
);

-- Only ever added to; replaying them gives the letter's status.
CREATE TABLE epemerintahan_letter_event (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    letter_id   bigint NOT NULL,
    seq         integer NOT NULL,
    action      text NOT NULL,
    from_status text NOT NULL,
    to_status   text NOT NULL,
    at          timestamptz NOT NULL,
    actor_id    bigint,
    actor_role  text NOT NULL,
    title       text NOT NULL DEFAULT '',
    reason      text NOT NULL DEFAULT '',
    detail      jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT epemerintahan_letter_event_pkey PRIMARY KEY (id),
    CONSTRAINT epemerintahan_letter_event_seq_key UNIQUE (letter_id, seq),
    CONSTRAINT epemerintahan_letter_event_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES epemerintahan_letter (id),
    CONSTRAINT epemerintahan_letter_event_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES authn_account (id)
);
REVOKE UPDATE, DELETE, TRUNCATE ON epemerintahan_letter_event FROM portal_app;

-- Scans of papers, private.
CREATE TABLE epemerintahan_letter_scan (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    ref          text NOT NULL,
    letter_id    bigint NOT NULL,
    requirement  text NOT NULL,
    blob_key     text NOT NULL,
    content_type text NOT NULL,
    size         bigint NOT NULL,
    uploaded_at  timestamptz NOT NULL,
    uploaded_by  bigint,
    removed_at   timestamptz,
    purged_at    timestamptz, -- its retention ended: the file is gone, the mark stays
    CONSTRAINT epemerintahan_letter_scan_pkey PRIMARY KEY (id),
    CONSTRAINT epemerintahan_letter_scan_ref_key UNIQUE (ref),
    CONSTRAINT epemerintahan_letter_scan_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES epemerintahan_letter (id),
    CONSTRAINT epemerintahan_letter_scan_uploaded_by_fkey FOREIGN KEY (uploaded_by) REFERENCES authn_account (id)
);
CREATE INDEX epemerintahan_letter_scan_letter_idx ON epemerintahan_letter_scan (letter_id);
CREATE INDEX epemerintahan_letter_scan_kept_idx ON epemerintahan_letter_scan (uploaded_at) WHERE purged_at IS NULL;

-- Where the heads of RT and RW are reached; rt '' is the RW's own.
CREATE TABLE epemerintahan_neighbour (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    kelurahan_id bigint NOT NULL,
    rw           text NOT NULL,
    rt           text NOT NULL DEFAULT '',
    name         text NOT NULL,
    phone_sealed bytea,
    email_sealed bytea,
    updated_at   timestamptz NOT NULL,
    CONSTRAINT epemerintahan_neighbour_pkey PRIMARY KEY (id),
    CONSTRAINT epemerintahan_neighbour_place_key UNIQUE (kelurahan_id, rw, rt),
    CONSTRAINT epemerintahan_neighbour_kelurahan_id_fkey FOREIGN KEY (kelurahan_id) REFERENCES org_unit (id),
    CONSTRAINT epemerintahan_neighbour_contact_check CHECK (phone_sealed IS NOT NULL OR email_sealed IS NOT NULL)
);

CREATE TABLE epemerintahan_neighbour_ask (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    letter_id    bigint NOT NULL,
    neighbour_id bigint NOT NULL,
    token_hash   bytea NOT NULL,
    asked_at     timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    answered_at  timestamptz,
    yes          boolean,
    note         text NOT NULL DEFAULT '',
    CONSTRAINT epemerintahan_neighbour_ask_pkey PRIMARY KEY (id),
    CONSTRAINT epemerintahan_neighbour_ask_token_key UNIQUE (token_hash),
    CONSTRAINT epemerintahan_neighbour_ask_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES epemerintahan_letter (id),
    CONSTRAINT epemerintahan_neighbour_ask_neighbour_id_fkey FOREIGN KEY (neighbour_id) REFERENCES epemerintahan_neighbour (id)
);
CREATE INDEX epemerintahan_neighbour_ask_letter_idx ON epemerintahan_neighbour_ask (letter_id);
CREATE INDEX epemerintahan_neighbour_ask_neighbour_idx ON epemerintahan_neighbour_ask (neighbour_id);

REVOKE TRUNCATE ON epemerintahan_letter FROM portal_app;
REVOKE DELETE, TRUNCATE ON epemerintahan_identity, epemerintahan_neighbour_ask FROM portal_app;
REVOKE ALL ON epemerintahan_letter, epemerintahan_letter_event, epemerintahan_letter_reading, epemerintahan_letter_scan,
    epemerintahan_identity, epemerintahan_identity_code, epemerintahan_neighbour, epemerintahan_neighbour_ask, epemerintahan_office
    FROM portal_readonly;
