-- Imports of residents: what a file holds waits here, sealed, until it is written or a
-- day has passed.
CREATE TABLE epemerintahan_import (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    kelurahan_id bigint NOT NULL,
    account_id   bigint NOT NULL,
    -- Whoever uploaded it, later whoever applied it, with their rights at that time.
    actor        jsonb NOT NULL,
    blob_key     text NOT NULL,
    file_size    bigint NOT NULL,
    state        text NOT NULL DEFAULT 'membaca',
    -- Why the file could not be read.
    message      text NOT NULL DEFAULT '',
    -- Why doubted numbers may pass in this run.
    reason       text NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    -- How far the file has been read, and where it writes the month first.
    read_line    integer NOT NULL DEFAULT 0,
    month_first  integer NOT NULL DEFAULT 0,
    people       integer NOT NULL DEFAULT 0,
    families     integer NOT NULL DEFAULT 0,
    checked      integer NOT NULL DEFAULT 0,
    -- What the check found: families, and the people in them.
    fresh        integer NOT NULL DEFAULT 0,
    fresh_people integer NOT NULL DEFAULT 0,
    doubted      integer NOT NULL DEFAULT 0,
    doubted_people integer NOT NULL DEFAULT 0,
    present      integer NOT NULL DEFAULT 0,
    refused      integer NOT NULL DEFAULT 0,
    remarks      integer NOT NULL DEFAULT 0,
    -- What applying did.
    written      integer NOT NULL DEFAULT 0,
    written_people integer NOT NULL DEFAULT 0,
    kept_out     integer NOT NULL DEFAULT 0,
    CONSTRAINT epemerintahan_import_pkey PRIMARY KEY (id),
    CONSTRAINT epemerintahan_import_kelurahan_id_fkey FOREIGN KEY (kelurahan_id) REFERENCES org_unit (id),
    CONSTRAINT epemerintahan_import_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id),
    CONSTRAINT epemerintahan_import_state_check CHECK (state IN ('membaca', 'memeriksa', 'siap', 'menulis', 'selesai', 'gagal', 'batal'))
);
CREATE INDEX epemerintahan_import_kelurahan_idx ON epemerintahan_import (kelurahan_id, id DESC);
CREATE INDEX epemerintahan_import_old_idx ON epemerintahan_import (created_at) WHERE blob_key <> '' OR state NOT IN ('selesai', 'gagal', 'batal');

-- The families of a file, by a hash of what holds their rows together. A family's
-- state is the checkpoint: it changes in the transaction that writes the family.
CREATE TABLE epemerintahan_import_family (
    import_id bigint NOT NULL,
    key       bytea NOT NULL,
    line      integer NOT NULL,
    people    integer NOT NULL,
    state     text NOT NULL DEFAULT 'belum',
    CONSTRAINT epemerintahan_import_family_pkey PRIMARY KEY (import_id, key),
    CONSTRAINT epemerintahan_import_family_import_id_fkey FOREIGN KEY (import_id) REFERENCES epemerintahan_import (id) ON DELETE CASCADE,
    CONSTRAINT epemerintahan_import_family_state_check CHECK (state IN ('belum', 'baru', 'ragu', 'ada', 'ditolak', 'tertulis'))
);
CREATE INDEX epemerintahan_import_family_state_idx ON epemerintahan_import_family (import_id, state, line);

CREATE TABLE epemerintahan_import_row (
    import_id bigint NOT NULL,
    line      integer NOT NULL,
    key       bytea NOT NULL,
    nik_hash  bytea,
    -- The answers and what is wrong with them.
    sealed    bytea NOT NULL,
    remarks   integer NOT NULL DEFAULT 0,
    CONSTRAINT epemerintahan_import_row_pkey PRIMARY KEY (import_id, line),
    CONSTRAINT epemerintahan_import_row_family_fkey FOREIGN KEY (import_id, key)
        REFERENCES epemerintahan_import_family (import_id, key) ON DELETE CASCADE
);
CREATE INDEX epemerintahan_import_row_family_idx ON epemerintahan_import_row (import_id, key);
CREATE INDEX epemerintahan_import_row_nik_idx ON epemerintahan_import_row (import_id, nik_hash) WHERE nik_hash IS NOT NULL;
CREATE INDEX epemerintahan_import_row_remarks_idx ON epemerintahan_import_row (import_id, line) WHERE remarks > 0;
REVOKE ALL ON epemerintahan_import, epemerintahan_import_family, epemerintahan_import_row FROM portal_readonly;

-- Counts of living residents of each kelurahan, made anew every hour, for figures of
-- areas so large that counting their people takes too long for a page.
CREATE TABLE epemerintahan_count (
    kelurahan_id bigint NOT NULL,
    dimension    text NOT NULL,
    code         integer NOT NULL,
    sex          smallint NOT NULL,
    n            integer NOT NULL,
    CONSTRAINT epemerintahan_count_pkey PRIMARY KEY (kelurahan_id, dimension, code, sex),
    CONSTRAINT epemerintahan_count_kelurahan_id_fkey FOREIGN KEY (kelurahan_id) REFERENCES org_unit (id),
    CONSTRAINT epemerintahan_count_n_check CHECK (n > 0)
);
CREATE TABLE epemerintahan_counted (
    kelurahan_id bigint NOT NULL,
    at           timestamptz NOT NULL,
    CONSTRAINT epemerintahan_counted_pkey PRIMARY KEY (kelurahan_id),
    CONSTRAINT epemerintahan_counted_kelurahan_id_fkey FOREIGN KEY (kelurahan_id) REFERENCES org_unit (id)
);
-- Whom the figures count.
CREATE INDEX epemerintahan_resident_living_idx ON epemerintahan_resident (kelurahan_id, rw, rt)
    INCLUDE (sex, birth_date, religion, education, job, marital, citizenship, relation, family_id)
    WHERE status = 'hidup' AND deleted_at IS NULL;
-- What the monthly report sums: an event's own place in time by either day.
CREATE INDEX epemerintahan_event_recorded_idx ON epemerintahan_event (kelurahan_id, recorded_at);
-- The book of residents goes from door to door.
CREATE INDEX epemerintahan_resident_book_idx ON epemerintahan_resident (kelurahan_id, rw, rt, family_id, relation, id) WHERE deleted_at IS NULL;
