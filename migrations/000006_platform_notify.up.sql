-- Messages to people: an outbox written in the transaction that has something to
-- say, what each person wants to hear of and how, and the inbox inside the portal.

CREATE TABLE notify_message (
    id bigint GENERATED ALWAYS AS IDENTITY,
    -- The caller's own name for this message; a second one with the same key is dropped.
    dedup_key text,
    topic text NOT NULL,
    channel text NOT NULL,
    account_id bigint,
    -- Where to, when not (only) an account: e-mail as it is, a phone number sealed.
    email text,
    phone_sealed bytea,
    recipient_hash bytea,
    object text NOT NULL DEFAULT '',
    object_id bigint NOT NULL DEFAULT 0,
    subject text NOT NULL,
    -- Body: plain text, or sealed when it carries a code or a secret link; emptied once sent.
    body text NOT NULL DEFAULT '',
    body_sealed bytea,
    link_label text NOT NULL DEFAULT '',
    link_url text NOT NULL DEFAULT '',
    unsubscribe_hash bytea,
    status text NOT NULL DEFAULT 'queued',
    attempts integer NOT NULL DEFAULT 0,
    last_error text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    sending_since timestamptz,
    finished_at timestamptz,
    CONSTRAINT notify_message_pkey PRIMARY KEY (id),
    CONSTRAINT notify_message_dedup_key UNIQUE (dedup_key),
    CONSTRAINT notify_message_unsubscribe_key UNIQUE (unsubscribe_hash),
    CONSTRAINT notify_message_channel_check CHECK (channel IN ('auto', 'email', 'whatsapp', 'sms')),
    CONSTRAINT notify_message_status_check
        CHECK (status IN ('queued', 'sending', 'sent', 'failed', 'suppressed', 'off', 'expired', 'unknown')),
    CONSTRAINT notify_message_recipient_check CHECK (num_nonnulls(account_id, email, phone_sealed) >= 1),
    CONSTRAINT notify_message_subject_check CHECK (char_length(subject) BETWEEN 1 AND 200),
    CONSTRAINT notify_message_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id)
);
CREATE INDEX notify_message_account_idx ON notify_message (account_id, id) WHERE account_id IS NOT NULL;
CREATE INDEX notify_message_finished_idx ON notify_message (finished_at) WHERE finished_at IS NOT NULL;

-- What a signed-in person switched off (or on) for one topic and channel; no row = on.
CREATE TABLE notify_preference (
    account_id bigint NOT NULL,
    topic text NOT NULL,
    channel text NOT NULL,
    enabled boolean NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT notify_preference_pkey PRIMARY KEY (account_id, topic, channel),
    CONSTRAINT notify_preference_channel_check CHECK (channel IN ('email', 'phone', 'inbox')),
    CONSTRAINT notify_preference_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id)
);

-- A contact that said "stop" through the link in a message, for one topic, of one
-- object (object_id > 0) or altogether (object_id = 0).
CREATE TABLE notify_unsubscribe (
    recipient_hash bytea NOT NULL,
    topic text NOT NULL,
    object text NOT NULL DEFAULT '',
    object_id bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    CONSTRAINT notify_unsubscribe_pkey PRIMARY KEY (recipient_hash, topic, object, object_id)
);

CREATE TABLE notify_inbox (
    id bigint GENERATED ALWAYS AS IDENTITY,
    account_id bigint NOT NULL,
    topic text NOT NULL,
    title text NOT NULL,
    body text NOT NULL DEFAULT '',
    link text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    read_at timestamptz,
    CONSTRAINT notify_inbox_pkey PRIMARY KEY (id),
    CONSTRAINT notify_inbox_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id)
);
CREATE INDEX notify_inbox_account_idx ON notify_inbox (account_id, id DESC);
CREATE INDEX notify_inbox_unread_idx ON notify_inbox (account_id) WHERE read_at IS NULL;

REVOKE ALL ON notify_message, notify_preference, notify_unsubscribe, notify_inbox FROM portal_readonly;
