-- Administration: what keeps a form from being taken twice, and files between
-- their dry run and their import.

CREATE TABLE portal_form (
    key        text CONSTRAINT portal_form_pkey PRIMARY KEY
               CONSTRAINT portal_form_key_check CHECK (key ~ '^[A-Za-z0-9_-]{16,64}$'),
    account_id bigint NOT NULL CONSTRAINT portal_form_account_fkey REFERENCES authn_account (id),
    result     bigint NOT NULL DEFAULT 0, -- id of what the form made
    used_at    timestamptz NOT NULL
);
CREATE INDEX portal_form_used_idx ON portal_form (used_at);

CREATE TABLE portal_file (
    key        text CONSTRAINT portal_file_pkey PRIMARY KEY,
    account_id bigint NOT NULL CONSTRAINT portal_file_account_fkey REFERENCES authn_account (id),
    purpose    text NOT NULL,
    data       bytea NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX portal_file_created_idx ON portal_file (created_at);

REVOKE ALL ON portal_form, portal_file FROM portal_readonly;
