-- Who has the same problem as a report: supports of people who proved a contact, and
-- duplicates that turned out to be none.

INSERT INTO mtr_transition (from_status, action, to_status) VALUES ('duplikat', 'unmark_duplicate', 'diterima');

-- Reports near a place, among those that are still open: few of many.
CREATE INDEX mtr_report_near_idx ON mtr_report (public_lat, public_lng) WHERE open AND public_lat IS NOT NULL;

-- One for each person and report: the hash is of their e-mail address, so that somebody
-- counts once, with an account or without. Nothing counts before it is verified.
CREATE TABLE mtr_support (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    report_id    bigint NOT NULL,
    contact_hash bytea NOT NULL,
    account_id   bigint,
    -- Without an account: where news go, and the secret link to confirm and to end it.
    email_sealed bytea,
    token_hash   bytea,
    token_sealed bytea,
    created_at   timestamptz NOT NULL,
    verified_at  timestamptz,
    ended_at     timestamptz,
    CONSTRAINT mtr_support_pkey PRIMARY KEY (id),
    CONSTRAINT mtr_support_person_key UNIQUE (report_id, contact_hash),
    CONSTRAINT mtr_support_token_key UNIQUE (token_hash),
    CONSTRAINT mtr_support_report_id_fkey FOREIGN KEY (report_id) REFERENCES mtr_report (id),
    CONSTRAINT mtr_support_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id),
    CONSTRAINT mtr_support_way_check CHECK ((account_id IS NULL) = (email_sealed IS NOT NULL)
        AND (email_sealed IS NULL) = (token_hash IS NULL) AND (token_hash IS NULL) = (token_sealed IS NULL)),
    CONSTRAINT mtr_support_ended_check CHECK (ended_at IS NULL OR verified_at IS NOT NULL)
);
CREATE INDEX mtr_support_account_idx ON mtr_support (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX mtr_support_waiting_idx ON mtr_support (created_at) WHERE verified_at IS NULL;

REVOKE ALL ON mtr_support FROM portal_readonly;
GRANT SELECT (id, report_id, created_at, verified_at, ended_at) ON mtr_support TO portal_readonly;
