-- The kelurahan's register of residents: service data, not the state's own.
-- NIK and KK are sealed; a keyed hash finds them again.

-- A family lives at one address. Its KK number changes when it moves, so nothing
-- is keyed on it; a family whose card is not printed yet has none.
CREATE TABLE epemerintahan_family (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    kelurahan_id bigint NOT NULL,
    rw           text NOT NULL,
    rt           text NOT NULL,
    address      text NOT NULL,
    address_fold text NOT NULL,
    kk_sealed    bytea,
    kk_hash      bytea,
    version      integer NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    CONSTRAINT epemerintahan_family_pkey PRIMARY KEY (id),
    CONSTRAINT epemerintahan_family_kelurahan_id_fkey FOREIGN KEY (kelurahan_id) REFERENCES org_unit (id),
    CONSTRAINT epemerintahan_family_rw_check CHECK (rw ~ '^[0-9]{3}$'),
    CONSTRAINT epemerintahan_family_rt_check CHECK (rt ~ '^[0-9]{3}$'),
    CONSTRAINT epemerintahan_family_address_check CHECK (char_length(address) BETWEEN 1 AND 200),
    CONSTRAINT epemerintahan_family_kk_check CHECK ((kk_sealed IS NULL) = (kk_hash IS NULL)),
    CONSTRAINT epemerintahan_family_version_check CHECK (version > 0),
    CONSTRAINT epemerintahan_family_kk_key UNIQUE (kelurahan_id, kk_hash),
    -- What residents repeat of their family for their own indexes stays the family's.
    CONSTRAINT epemerintahan_family_place_key UNIQUE (id, kelurahan_id, rw, rt)
);
CREATE INDEX epemerintahan_family_rt_idx ON epemerintahan_family (kelurahan_id, rw, rt);
CREATE INDEX epemerintahan_family_address_idx ON epemerintahan_family USING gin (address_fold gin_trgm_ops) WITH (fastupdate = off);

-- Every number that a family had, the present one included.
CREATE TABLE epemerintahan_kk (
    id        bigint GENERATED ALWAYS AS IDENTITY,
    family_id bigint NOT NULL,
    kk_sealed bytea NOT NULL,
    kk_hash   bytea NOT NULL,
    since     timestamptz NOT NULL,
    until     timestamptz,
    reason    text NOT NULL DEFAULT '',
    CONSTRAINT epemerintahan_kk_pkey PRIMARY KEY (id),
    CONSTRAINT epemerintahan_kk_family_id_fkey FOREIGN KEY (family_id) REFERENCES epemerintahan_family (id),
    CONSTRAINT epemerintahan_kk_until_check CHECK (until >= since)
);
CREATE UNIQUE INDEX epemerintahan_kk_present_key ON epemerintahan_kk (family_id) WHERE until IS NULL;
CREATE INDEX epemerintahan_kk_hash_idx ON epemerintahan_kk (kk_hash);
CREATE INDEX epemerintahan_kk_family_idx ON epemerintahan_kk (family_id);

CREATE TABLE epemerintahan_resident (
    id            bigint GENERATED ALWAYS AS IDENTITY,
    family_id     bigint NOT NULL,
    kelurahan_id  bigint NOT NULL,
    rw            text NOT NULL,
    rt            text NOT NULL,
    -- Codes are those of the SIAK lists that the program carries.
    relation      smallint NOT NULL,
    nik_sealed    bytea,
    nik_hash      bytea,
    nik_status    text NOT NULL,
    -- Why a supervisor let a NIK or KK pass that does not match.
    nik_reason    text NOT NULL DEFAULT '',
    nik_reason_by bigint,
    name          text NOT NULL,
    name_fold     text NOT NULL,
    sex           smallint NOT NULL,
    birth_place   text NOT NULL,
    birth_date    date NOT NULL,
    religion      smallint NOT NULL,
    education     smallint NOT NULL,
    job           smallint NOT NULL,
    marital       smallint NOT NULL,
    citizenship   smallint NOT NULL,
    permanence    smallint NOT NULL,
    father_name   text NOT NULL DEFAULT '',
    mother_name   text NOT NULL DEFAULT '',
    birth_deed    text NOT NULL DEFAULT '',
    marriage_deed text NOT NULL DEFAULT '',
    divorce_deed  text NOT NULL DEFAULT '',
    -- The replay of the resident's events and nothing else.
    status        text NOT NULL,
    status_on     date NOT NULL,
    seq           integer NOT NULL,
    version       integer NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    deleted_at    timestamptz,
    deleted_by    bigint,
    delete_reason text NOT NULL DEFAULT '',
    CONSTRAINT epemerintahan_resident_pkey PRIMARY KEY (id),
    CONSTRAINT epemerintahan_resident_place_fkey FOREIGN KEY (family_id, kelurahan_id, rw, rt)
        REFERENCES epemerintahan_family (id, kelurahan_id, rw, rt) ON UPDATE CASCADE,
    CONSTRAINT epemerintahan_resident_nik_reason_by_fkey FOREIGN KEY (nik_reason_by) REFERENCES authn_account (id),
    CONSTRAINT epemerintahan_resident_deleted_by_fkey FOREIGN KEY (deleted_by) REFERENCES authn_account (id),
    CONSTRAINT epemerintahan_resident_relation_check CHECK (relation BETWEEN 1 AND 11),
    CONSTRAINT epemerintahan_resident_nik_check CHECK ((nik_sealed IS NULL) = (nik_hash IS NULL) AND (nik_hash IS NOT NULL) = (nik_status = 'ada')),
    CONSTRAINT epemerintahan_resident_nik_status_check CHECK (nik_status IN ('ada', 'belum_punya', 'belum_diketahui', 'menunggu_pemeriksaan')),
    CONSTRAINT epemerintahan_resident_name_check CHECK (char_length(name) BETWEEN 1 AND 100),
    CONSTRAINT epemerintahan_resident_sex_check CHECK (sex BETWEEN 1 AND 2),
    CONSTRAINT epemerintahan_resident_birth_check CHECK (birth_date >= DATE '1880-01-01' AND char_length(birth_place) BETWEEN 1 AND 100),
    CONSTRAINT epemerintahan_resident_religion_check CHECK (religion BETWEEN 1 AND 7),
    CONSTRAINT epemerintahan_resident_education_check CHECK (education BETWEEN 1 AND 10),
    CONSTRAINT epemerintahan_resident_job_check CHECK (job BETWEEN 1 AND 99),
    CONSTRAINT epemerintahan_resident_marital_check CHECK (marital BETWEEN 1 AND 4),
    CONSTRAINT epemerintahan_resident_citizenship_check CHECK (citizenship BETWEEN 1 AND 3),
    CONSTRAINT epemerintahan_resident_permanence_check CHECK (permanence BETWEEN 1 AND 2),
    CONSTRAINT epemerintahan_resident_parents_check CHECK (char_length(father_name) <= 100 AND char_length(mother_name) <= 100),
    CONSTRAINT epemerintahan_resident_deeds_check CHECK (
        char_length(birth_deed) <= 60 AND char_length(marriage_deed) <= 60 AND char_length(divorce_deed) <= 60),
    CONSTRAINT epemerintahan_resident_status_check CHECK (status IN ('hidup', 'mati', 'pindah', 'hilang')),
    CONSTRAINT epemerintahan_resident_seq_check CHECK (seq > 0),
    CONSTRAINT epemerintahan_resident_version_check CHECK (version > 0),
    CONSTRAINT epemerintahan_resident_delete_check CHECK ((deleted_at IS NULL) = (delete_reason = ''))
);
-- One NIK in the whole city, wherever its owner lives by now.
CREATE UNIQUE INDEX epemerintahan_resident_nik_key ON epemerintahan_resident (nik_hash) WHERE deleted_at IS NULL;
-- One head among those who live in a family.
CREATE UNIQUE INDEX epemerintahan_resident_head_key ON epemerintahan_resident (family_id)
    WHERE relation = 1 AND status = 'hidup' AND deleted_at IS NULL;
CREATE INDEX epemerintahan_resident_family_idx ON epemerintahan_resident (family_id);
CREATE INDEX epemerintahan_resident_name_idx ON epemerintahan_resident (kelurahan_id, name_fold, id) WHERE deleted_at IS NULL;
CREATE INDEX epemerintahan_resident_rt_idx ON epemerintahan_resident (kelurahan_id, rw, rt, name_fold, id) WHERE deleted_at IS NULL;
CREATE INDEX epemerintahan_resident_all_idx ON epemerintahan_resident (name_fold, id) WHERE deleted_at IS NULL;
CREATE INDEX epemerintahan_resident_trgm_idx ON epemerintahan_resident USING gin (name_fold gin_trgm_ops) WITH (fastupdate = off)
    WHERE deleted_at IS NULL;

-- What happened in a life, as far as the register is concerned. Only ever added to;
-- an entry that was wrong is undone by another one.
CREATE TABLE epemerintahan_event (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    resident_id  bigint NOT NULL,
    seq          integer NOT NULL,
    kind         text NOT NULL,
    -- When it happened, and when it was told.
    happened_on  date NOT NULL,
    recorded_at  timestamptz NOT NULL,
    kelurahan_id bigint NOT NULL,
    reverses     integer,
    reason       text NOT NULL DEFAULT '',
    detail       jsonb NOT NULL DEFAULT '{}',
    actor_id     bigint,
    CONSTRAINT epemerintahan_event_pkey PRIMARY KEY (id),
    CONSTRAINT epemerintahan_event_seq_key UNIQUE (resident_id, seq),
    CONSTRAINT epemerintahan_event_reverses_key UNIQUE (resident_id, reverses),
    CONSTRAINT epemerintahan_event_resident_id_fkey FOREIGN KEY (resident_id) REFERENCES epemerintahan_resident (id),
    CONSTRAINT epemerintahan_event_reverses_fkey FOREIGN KEY (resident_id, reverses) REFERENCES epemerintahan_event (resident_id, seq),
    CONSTRAINT epemerintahan_event_kelurahan_id_fkey FOREIGN KEY (kelurahan_id) REFERENCES org_unit (id),
    CONSTRAINT epemerintahan_event_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES authn_account (id),
    CONSTRAINT epemerintahan_event_kind_check CHECK (kind IN (
        'pendataan', 'lahir', 'pindah_datang', 'mati', 'pindah_keluar', 'hilang', 'batal')),
    CONSTRAINT epemerintahan_event_first_check CHECK (seq > 0 AND (seq = 1 OR kind NOT IN ('pendataan', 'lahir'))
        AND (seq > 1 OR kind IN ('pendataan', 'lahir', 'pindah_datang'))),
    -- Whatever is undone comes before, and the beginning stays: it is deleted, not undone.
    CONSTRAINT epemerintahan_event_reverses_check CHECK ((reverses IS NOT NULL) = (kind = 'batal') AND reverses > 1 AND reverses < seq),
    CONSTRAINT epemerintahan_event_reason_check CHECK (kind <> 'batal' OR reason <> '')
);
CREATE INDEX epemerintahan_event_kelurahan_idx ON epemerintahan_event (kelurahan_id, happened_on);
REVOKE UPDATE, DELETE, TRUNCATE ON epemerintahan_event FROM portal_app;

-- What was corrected, before and after. NIK and KK are sealed here too.
CREATE TABLE epemerintahan_change (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    resident_id bigint,
    family_id   bigint,
    version     integer NOT NULL,
    at          timestamptz NOT NULL,
    actor_id    bigint,
    what        text NOT NULL,
    reason      text NOT NULL DEFAULT '',
    fields      jsonb NOT NULL,
    CONSTRAINT epemerintahan_change_pkey PRIMARY KEY (id),
    CONSTRAINT epemerintahan_change_resident_id_fkey FOREIGN KEY (resident_id) REFERENCES epemerintahan_resident (id),
    CONSTRAINT epemerintahan_change_family_id_fkey FOREIGN KEY (family_id) REFERENCES epemerintahan_family (id),
    CONSTRAINT epemerintahan_change_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES authn_account (id),
    CONSTRAINT epemerintahan_change_one_check CHECK ((resident_id IS NULL) <> (family_id IS NULL)),
    CONSTRAINT epemerintahan_change_what_check CHECK (what IN ('ubah', 'pisah', 'pindah', 'hapus'))
);
CREATE INDEX epemerintahan_change_resident_idx ON epemerintahan_change (resident_id, id) WHERE resident_id IS NOT NULL;
CREATE INDEX epemerintahan_change_family_idx ON epemerintahan_change (family_id, id) WHERE family_id IS NOT NULL;
REVOKE UPDATE, DELETE, TRUNCATE ON epemerintahan_change FROM portal_app;

-- Residents and families go by a mark and a reason, numbers by an end.
REVOKE DELETE, TRUNCATE ON epemerintahan_resident, epemerintahan_family, epemerintahan_kk FROM portal_app;
REVOKE ALL ON epemerintahan_resident, epemerintahan_family, epemerintahan_kk, epemerintahan_event, epemerintahan_change
    FROM portal_readonly;
