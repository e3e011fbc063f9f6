-- Requests to erase what the portal holds about somebody, and what was decided of each part.
-- No words of the person: who asked is the account, closed where that was decided.
CREATE TABLE portal_erasure (
    id         bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT portal_erasure_pkey PRIMARY KEY,
    account_id bigint NOT NULL CONSTRAINT portal_erasure_account_id_fkey REFERENCES authn_account (id),
    status     text NOT NULL CONSTRAINT portal_erasure_status_check CHECK (status IN ('diminta', 'ditarik', 'diputus')),
    asked_at   timestamptz NOT NULL,
    ended_at   timestamptz,
    decided_by bigint CONSTRAINT portal_erasure_decided_by_fkey REFERENCES authn_account (id),
    CONSTRAINT portal_erasure_ended_check CHECK ((status = 'diminta') = (ended_at IS NULL) AND (status = 'diputus') = (decided_by IS NOT NULL)),
    CONSTRAINT portal_erasure_other_check CHECK (decided_by <> account_id)
);
CREATE UNIQUE INDEX portal_erasure_open_key ON portal_erasure (account_id) WHERE status = 'diminta';
CREATE INDEX portal_erasure_status_idx ON portal_erasure (status, id DESC);
REVOKE DELETE, TRUNCATE ON portal_erasure FROM portal_app;

CREATE TABLE portal_erasure_part (
    erasure_id bigint NOT NULL CONSTRAINT portal_erasure_part_erasure_id_fkey REFERENCES portal_erasure (id),
    part       text NOT NULL,
    erased     boolean NOT NULL,
    things     bigint NOT NULL DEFAULT 0, -- how many were erased
    reason     text NOT NULL,             -- why it is kept, or what of it is
    CONSTRAINT portal_erasure_part_pkey PRIMARY KEY (erasure_id, part),
    CONSTRAINT portal_erasure_part_reason_check CHECK (char_length(reason) <= 500 AND (erased OR reason <> ''))
);
REVOKE UPDATE, DELETE, TRUNCATE ON portal_erasure_part FROM portal_app;

REVOKE ALL ON portal_erasure, portal_erasure_part FROM portal_readonly;
