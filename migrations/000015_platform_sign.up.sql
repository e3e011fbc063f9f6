-- The portal's own certificate authority for electronic signatures. The key is
-- sealed with the secret file. Rows stay for ever: letters are verified by them.
CREATE TABLE sign_authority (
    id          bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT sign_authority_pkey PRIMARY KEY,
    certificate bytea NOT NULL,
    key_sealed  bytea NOT NULL,
    created_at  timestamptz NOT NULL
);
REVOKE UPDATE, DELETE, TRUNCATE ON sign_authority FROM portal_app;
REVOKE ALL ON sign_authority FROM portal_readonly;
