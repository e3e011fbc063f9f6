-- Reports from other systems: who may send them, how often, and where a report came from.

CREATE TABLE mtr_api_key (
    id             bigint GENERATED ALWAYS AS IDENTITY,
    name           text NOT NULL,
    contact_sealed bytea NOT NULL,
    -- The key itself is shown once; its first letters tell keys apart.
    key_hash       bytea NOT NULL,
    beginning      text NOT NULL,
    -- Codes of the categories it may report; empty = all.
    categories     text[] NOT NULL DEFAULT '{}',
    per_minute     integer NOT NULL,
    per_day        integer NOT NULL,
    created_by     bigint,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz,
    revoked_by     bigint,
    revoked_at     timestamptz,
    CONSTRAINT mtr_api_key_pkey PRIMARY KEY (id),
    CONSTRAINT mtr_api_key_hash_key UNIQUE (key_hash),
    CONSTRAINT mtr_api_key_created_by_fkey FOREIGN KEY (created_by) REFERENCES authn_account (id),
    CONSTRAINT mtr_api_key_revoked_by_fkey FOREIGN KEY (revoked_by) REFERENCES authn_account (id),
    CONSTRAINT mtr_api_key_name_check CHECK (char_length(name) BETWEEN 1 AND 100),
    CONSTRAINT mtr_api_key_minute_check CHECK (per_minute BETWEEN 1 AND 1000),
    CONSTRAINT mtr_api_key_day_check CHECK (per_day BETWEEN 1 AND 100000),
    CONSTRAINT mtr_api_key_revoked_check CHECK (revoked_by IS NULL OR revoked_at IS NOT NULL)
);
-- What a key is stays as it was issued; it can only be revoked.
REVOKE UPDATE, DELETE, TRUNCATE ON mtr_api_key FROM portal_app;
GRANT UPDATE (revoked_by, revoked_at) ON mtr_api_key TO portal_app;
REVOKE ALL ON mtr_api_key FROM portal_readonly;

-- What each key sent on a day, and in the minute of its last report.
CREATE TABLE mtr_api_use (
    key_id       bigint NOT NULL,
    day          date NOT NULL,
    sent         integer NOT NULL,
    minute       timestamptz NOT NULL,
    minute_sent  integer NOT NULL,
    CONSTRAINT mtr_api_use_pkey PRIMARY KEY (key_id, day),
    CONSTRAINT mtr_api_use_key_id_fkey FOREIGN KEY (key_id) REFERENCES mtr_api_key (id)
);

-- How a report came in, unless by the form of the portal.
CREATE TABLE mtr_origin (
    report_id  bigint NOT NULL,
    channel    text NOT NULL,
    api_key_id bigint,
    -- Under which whoever sent it asks for its number.
    token_hash bytea,
    media_url  text NOT NULL DEFAULT '',
    CONSTRAINT mtr_origin_pkey PRIMARY KEY (report_id),
    CONSTRAINT mtr_origin_token_key UNIQUE (token_hash),
    CONSTRAINT mtr_origin_report_id_fkey FOREIGN KEY (report_id) REFERENCES mtr_report (id),
    CONSTRAINT mtr_origin_api_key_id_fkey FOREIGN KEY (api_key_id) REFERENCES mtr_api_key (id),
    CONSTRAINT mtr_origin_channel_check CHECK (channel IN ('open311', 'telepon', 'loket', 'pesan', 'media', 'surat')),
    CONSTRAINT mtr_origin_key_check CHECK ((channel = 'open311') = (api_key_id IS NOT NULL)),
    CONSTRAINT mtr_origin_media_check CHECK (char_length(media_url) <= 2000)
);
CREATE INDEX mtr_origin_api_key_idx ON mtr_origin (api_key_id) WHERE api_key_id IS NOT NULL;
REVOKE ALL ON mtr_origin FROM portal_readonly;
GRANT SELECT (report_id, channel, api_key_id) ON mtr_origin TO portal_readonly;

-- What was sent, to know a second sending of it from another report.
ALTER TABLE mtr_draft ADD COLUMN content_hash bytea;

-- What changed in a stretch of time, for those who copy it.
CREATE INDEX mtr_event_public_idx ON mtr_event (at, id) WHERE audience = 'publik';
