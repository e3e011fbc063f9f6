-- How a puskesmas and BPJS Kesehatan know each other, in both directions, and SATUSEHAT.
CREATE TABLE epuskesmas_bpjs (
    unit_id           bigint NOT NULL,
    -- Inbound: Mobile JKN signs in here. The user name decides the puskesmas.
    in_user           text,
    in_hash           text,                    -- of the password, argon2id
    in_enabled        boolean NOT NULL DEFAULT false,
    in_version        smallint NOT NULL DEFAULT 2,   -- of the catalogue, at the bare address
    in_fail_status    smallint NOT NULL DEFAULT 200, -- HTTP status of a refusal
    -- Outbound: we tell BPJS.
    faskes            text NOT NULL DEFAULT '',      -- its code of this puskesmas
    cons_id_sealed    bytea,
    secret_sealed     bytea,
    user_key_sealed   bytea,
    out_enabled       boolean NOT NULL DEFAULT false,
    -- SATUSEHAT of the ministry.
    organization_id   text NOT NULL DEFAULT '',
    client_id_sealed  bytea,
    client_key_sealed bytea,
    satusehat_enabled boolean NOT NULL DEFAULT false,
    version           integer NOT NULL DEFAULT 1,
    updated_at        timestamptz NOT NULL,
    CONSTRAINT epuskesmas_bpjs_pkey PRIMARY KEY (unit_id),
    CONSTRAINT epuskesmas_bpjs_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES epuskesmas_site (unit_id),
    CONSTRAINT epuskesmas_bpjs_user_key UNIQUE (in_user),
    CONSTRAINT epuskesmas_bpjs_user_check CHECK (in_user ~ '^[A-Za-z0-9._-]{3,60}$'),
    CONSTRAINT epuskesmas_bpjs_version_check CHECK (in_version IN (1, 2)),
    CONSTRAINT epuskesmas_bpjs_status_check CHECK (in_fail_status IN (200, 201)),
    CONSTRAINT epuskesmas_bpjs_in_check CHECK (NOT in_enabled OR in_user IS NOT NULL AND in_hash IS NOT NULL),
    CONSTRAINT epuskesmas_bpjs_out_check CHECK (NOT out_enabled OR cons_id_sealed IS NOT NULL AND secret_sealed IS NOT NULL
        AND user_key_sealed IS NOT NULL),
    CONSTRAINT epuskesmas_bpjs_satusehat_check CHECK (NOT satusehat_enabled OR organization_id <> '' AND client_id_sealed IS NOT NULL
        AND client_key_sealed IS NOT NULL)
);
REVOKE ALL ON epuskesmas_bpjs FROM portal_readonly;

-- Whom a patient asked for when taking a number, where the booking says so.
ALTER TABLE epuskesmas_visit ADD COLUMN doctor_id bigint,
    ADD CONSTRAINT epuskesmas_visit_doctor_id_fkey FOREIGN KEY (doctor_id) REFERENCES epuskesmas_doctor (id);
