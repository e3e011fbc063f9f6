-- Accounts, the ways of proving who one is, sessions, and who may do what where.
-- Passwords, codes and tokens are here only as hashes; a phone number only
-- encrypted, beside a keyed hash to look it up by.

CREATE TABLE authn_account (
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    status text NOT NULL DEFAULT 'active',
    name text NOT NULL,
    email text,
    email_verified_at timestamptz,
    phone_sealed bytea,
    phone_hash bytea,
    phone_verified_at timestamptz,
    -- What people with neither e-mail nor phone sign in with; printed at a counter.
    login_number text,
    password_hash text,
    password_changed_at timestamptz,
    totp_sealed bytea,
    totp_confirmed_at timestamptz,
    -- The last time step a code was accepted for; the same code never works twice.
    totp_last_step bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    last_login_at timestamptz,
    disabled_at timestamptz,
    disabled_reason text,
    closed_at timestamptz,
    CONSTRAINT authn_account_pkey PRIMARY KEY (id),
    CONSTRAINT authn_account_kind_check CHECK (kind IN ('warga', 'pegawai')),
    CONSTRAINT authn_account_status_check CHECK (status IN ('active', 'disabled', 'closed')),
    CONSTRAINT authn_account_name_check CHECK (char_length(name) BETWEEN 1 AND 120),
    CONSTRAINT authn_account_email_check CHECK (char_length(email) BETWEEN 3 AND 254),
    CONSTRAINT authn_account_phone_check CHECK ((phone_sealed IS NULL) = (phone_hash IS NULL)),
    CONSTRAINT authn_account_phone_key UNIQUE (phone_hash),
    CONSTRAINT authn_account_login_number_key UNIQUE (login_number),
    CONSTRAINT authn_account_reachable_check CHECK (
        status = 'closed' OR email IS NOT NULL OR phone_hash IS NOT NULL OR login_number IS NOT NULL),
    CONSTRAINT authn_account_closed_check CHECK (
        status <> 'closed' OR (email IS NULL AND phone_hash IS NULL AND login_number IS NULL AND password_hash IS NULL))
);
CREATE UNIQUE INDEX authn_account_email_key ON authn_account (lower(email));
CREATE INDEX authn_account_name_idx ON authn_account USING gin (portal_unaccent(lower(name)) gin_trgm_ops);

ALTER TABLE org_person
    ADD CONSTRAINT org_person_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id);

-- A six-digit code sent to a contact, or an activation code printed at a counter.
-- Rows for contacts nobody has look the same and can never be answered rightly,
-- so that the pages behave alike for both.
CREATE TABLE authn_code (
    id bigint GENERATED ALWAYS AS IDENTITY,
    purpose text NOT NULL,
    contact_hash bytea NOT NULL,
    -- What the step after the code needs (name and contact), sealed.
    payload_sealed bytea NOT NULL,
    account_id bigint,
    code_hash bytea NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    verified_at timestamptz,
    used_at timestamptz,
    CONSTRAINT authn_code_pkey PRIMARY KEY (id),
    CONSTRAINT authn_code_purpose_check CHECK (purpose IN ('signup', 'reset', 'contact', 'activation')),
    CONSTRAINT authn_code_attempts_check CHECK (attempts >= 0),
    CONSTRAINT authn_code_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id)
);
CREATE INDEX authn_code_contact_idx ON authn_code (contact_hash, purpose, created_at);
CREATE INDEX authn_code_account_idx ON authn_code (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX authn_code_expires_idx ON authn_code (expires_at);

-- What a signed-in person with TOTP falls back on when the phone is lost.
CREATE TABLE authn_recovery_code (
    id bigint GENERATED ALWAYS AS IDENTITY,
    account_id bigint NOT NULL,
    code_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT authn_recovery_code_pkey PRIMARY KEY (id),
    CONSTRAINT authn_recovery_code_key UNIQUE (account_id, code_hash),
    CONSTRAINT authn_recovery_code_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id)
);

-- The link with which staff set their own first password.
CREATE TABLE authn_invitation (
    id bigint GENERATED ALWAYS AS IDENTITY,
    account_id bigint NOT NULL,
    token_hash bytea NOT NULL,
    created_by bigint,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT authn_invitation_pkey PRIMARY KEY (id),
    CONSTRAINT authn_invitation_token_key UNIQUE (token_hash),
    CONSTRAINT authn_invitation_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id),
    CONSTRAINT authn_invitation_created_by_fkey FOREIGN KEY (created_by) REFERENCES authn_account (id)
);
CREATE INDEX authn_invitation_account_idx ON authn_invitation (account_id);

-- Failures and sends counted per account or contact and per address; the key is a
-- keyed hash, so the table tells nobody who tried what from where.
CREATE TABLE authn_throttle (
    scope text NOT NULL,
    key_hash bytea NOT NULL,
    count integer NOT NULL,
    window_start timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    CONSTRAINT authn_throttle_pkey PRIMARY KEY (scope, key_hash),
    CONSTRAINT authn_throttle_count_check CHECK (count >= 0)
);
CREATE INDEX authn_throttle_last_idx ON authn_throttle (last_at);

CREATE TABLE authn_session (
    id bigint GENERATED ALWAYS AS IDENTITY,
    token_hash bytea NOT NULL,
    -- NULL while nobody has signed in (a flash message, a form kept, a sign-up under way).
    account_id bigint,
    data bytea NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    idle_until timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    device text NOT NULL DEFAULT '',
    CONSTRAINT authn_session_pkey PRIMARY KEY (id),
    CONSTRAINT authn_session_token_key UNIQUE (token_hash),
    CONSTRAINT authn_session_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id)
);
CREATE INDEX authn_session_account_idx ON authn_session (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX authn_session_idle_idx ON authn_session (idle_until);

CREATE TABLE authz_role (
    id bigint GENERATED ALWAYS AS IDENTITY,
    code text NOT NULL,
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    -- The program's own roles: their permissions follow the program at each start.
    builtin boolean NOT NULL DEFAULT false,
    CONSTRAINT authz_role_pkey PRIMARY KEY (id),
    CONSTRAINT authz_role_code_key UNIQUE (code),
    CONSTRAINT authz_role_code_check CHECK (code ~ '^[a-z][a-z0-9._-]{1,60}$'),
    CONSTRAINT authz_role_name_check CHECK (char_length(name) BETWEEN 1 AND 120)
);

CREATE TABLE authz_role_permission (
    role_id bigint NOT NULL,
    permission text NOT NULL,
    CONSTRAINT authz_role_permission_pkey PRIMARY KEY (role_id, permission),
    CONSTRAINT authz_role_permission_role_id_fkey FOREIGN KEY (role_id) REFERENCES authz_role (id) ON DELETE CASCADE
);

-- A role held by a position (whoever holds it) or by one account, in a unit and
-- all units below it, for a time.
CREATE TABLE authz_grant (
    id bigint GENERATED ALWAYS AS IDENTITY,
    role_id bigint NOT NULL,
    account_id bigint,
    position_id bigint,
    unit_id bigint NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_to timestamptz,
    granted_by bigint,
    created_at timestamptz NOT NULL,
    CONSTRAINT authz_grant_pkey PRIMARY KEY (id),
    CONSTRAINT authz_grant_subject_check CHECK (num_nonnulls(account_id, position_id) = 1),
    CONSTRAINT authz_grant_validity_check CHECK (valid_to IS NULL OR valid_to >= valid_from),
    CONSTRAINT authz_grant_role_id_fkey FOREIGN KEY (role_id) REFERENCES authz_role (id),
    CONSTRAINT authz_grant_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id),
    CONSTRAINT authz_grant_position_id_fkey FOREIGN KEY (position_id) REFERENCES org_position (id),
    CONSTRAINT authz_grant_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id),
    CONSTRAINT authz_grant_granted_by_fkey FOREIGN KEY (granted_by) REFERENCES authn_account (id)
);
CREATE INDEX authz_grant_account_idx ON authz_grant (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX authz_grant_position_idx ON authz_grant (position_id) WHERE position_id IS NOT NULL;
CREATE INDEX authz_grant_unit_idx ON authz_grant (unit_id);

-- The read-only role serves figures; it has no business with secrets or contacts.
REVOKE ALL ON authn_account, authn_code, authn_recovery_code, authn_invitation, authn_throttle, authn_session
    FROM portal_readonly;
GRANT SELECT (id, kind, status, created_at) ON authn_account TO portal_readonly;
