-- Who wants to hear of which reports. A contact is sealed and hears nothing until its
-- owner has said yes; an account hears on its verified contacts.
CREATE TABLE mtr_follow (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    subject      text NOT NULL,
    -- Of mtr_report, mtr_category or org_unit.
    subject_id   bigint NOT NULL,
    account_id   bigint,
    email_sealed bytea,
    email_hash   bytea,
    channel      text NOT NULL,
    pace         text NOT NULL,
    -- Under which a visitor confirms, changes and ends it.
    token_hash   bytea NOT NULL,
    created_at   timestamptz NOT NULL,
    confirmed_at timestamptz,
    ended_at     timestamptz,
    -- Everything until then was told in a digest.
    digest_at    timestamptz NOT NULL,
    CONSTRAINT mtr_follow_pkey PRIMARY KEY (id),
    CONSTRAINT mtr_follow_token_key UNIQUE (token_hash),
    CONSTRAINT mtr_follow_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id),
    CONSTRAINT mtr_follow_subject_check CHECK (subject IN ('laporan', 'kategori', 'kelurahan', 'unit')),
    CONSTRAINT mtr_follow_channel_check CHECK (channel IN ('email', 'whatsapp') AND (channel = 'email' OR account_id IS NOT NULL)),
    CONSTRAINT mtr_follow_pace_check CHECK (pace IN ('segera', 'harian')),
    CONSTRAINT mtr_follow_who_check CHECK (num_nonnulls(account_id, email_hash) = 1 AND (email_sealed IS NULL) = (email_hash IS NULL))
);
-- Nobody follows the same thing twice.
CREATE UNIQUE INDEX mtr_follow_account_key ON mtr_follow (account_id, subject, subject_id) WHERE account_id IS NOT NULL AND ended_at IS NULL;
CREATE UNIQUE INDEX mtr_follow_email_key ON mtr_follow (email_hash, subject, subject_id) WHERE email_hash IS NOT NULL AND ended_at IS NULL;
CREATE INDEX mtr_follow_subject_idx ON mtr_follow (subject, subject_id, id) WHERE confirmed_at IS NOT NULL AND ended_at IS NULL;
CREATE INDEX mtr_follow_digest_idx ON mtr_follow (digest_at) WHERE pace = 'harian' AND confirmed_at IS NOT NULL AND ended_at IS NULL;
CREATE INDEX mtr_follow_created_idx ON mtr_follow (created_at) WHERE confirmed_at IS NULL;
REVOKE ALL ON mtr_follow FROM portal_readonly;
GRANT SELECT (id, subject, subject_id, channel, pace, created_at, confirmed_at, ended_at) ON mtr_follow TO portal_readonly;
