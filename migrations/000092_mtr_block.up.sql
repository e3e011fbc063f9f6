-- Senders whose reports wait for a moderator. What they send is kept, always.
CREATE TABLE mtr_block (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    kind        text NOT NULL,
    sender_hash bytea NOT NULL,
    -- Whose sender it is.
    report_id   bigint NOT NULL,
    -- The sender reads it.
    reason      text NOT NULL,
    created_by  bigint NOT NULL,
    created_at  timestamptz NOT NULL,
    until_at    timestamptz NOT NULL,
    ended_by    bigint,
    ended_at    timestamptz,
    end_reason  text NOT NULL DEFAULT '',
    CONSTRAINT mtr_block_pkey PRIMARY KEY (id),
    CONSTRAINT mtr_block_report_id_fkey FOREIGN KEY (report_id) REFERENCES mtr_report (id),
    CONSTRAINT mtr_block_created_by_fkey FOREIGN KEY (created_by) REFERENCES authn_account (id),
    CONSTRAINT mtr_block_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES authn_account (id),
    CONSTRAINT mtr_block_kind_check CHECK (kind IN ('email', 'telepon', 'perangkat')),
    CONSTRAINT mtr_block_reason_check CHECK (char_length(reason) BETWEEN 1 AND 2000 AND char_length(end_reason) <= 2000),
    -- A network and a browser are shared and change: a month is the most.
    CONSTRAINT mtr_block_until_check CHECK (until_at > created_at
        AND until_at <= created_at + CASE kind WHEN 'perangkat' THEN interval '31 days' ELSE interval '366 days' END),
    CONSTRAINT mtr_block_ended_check CHECK ((ended_at IS NULL) = (end_reason = '') AND (ended_at IS NOT NULL OR ended_by IS NULL))
);
CREATE UNIQUE INDEX mtr_block_sender_key ON mtr_block (sender_hash, kind) WHERE ended_at IS NULL;
CREATE INDEX mtr_block_report_idx ON mtr_block (report_id);
-- Why and until when stays as it was said; it can only be ended.
REVOKE UPDATE, TRUNCATE ON mtr_block FROM portal_app;
GRANT UPDATE (ended_by, ended_at, end_reason) ON mtr_block TO portal_app;
REVOKE ALL ON mtr_block FROM portal_readonly;

-- From which network and browser a report came, hashed, for a month.
ALTER TABLE mtr_contact ADD COLUMN device_hash bytea;
CREATE INDEX mtr_contact_device_idx ON mtr_contact (device_hash) WHERE device_hash IS NOT NULL;

-- A moderator decides about what a blocked sender sends; its sender may object, once.
INSERT INTO mtr_transition (from_status, action, to_status) VALUES
    ('belum_konfirmasi', 'reject', 'ditolak'), ('belum_konfirmasi', 'appeal', 'belum_konfirmasi');
CREATE UNIQUE INDEX mtr_event_appeal_key ON mtr_event (report_id) WHERE action = 'appeal';
