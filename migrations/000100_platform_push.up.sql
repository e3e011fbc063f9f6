-- Browsers that are told by web push. Whoever knows the address of one can be told from all
-- others by it: it is sealed, with the keys for what is sent there, and found by its hash.
CREATE TABLE notify_device (
    id             bigint GENERATED ALWAYS AS IDENTITY,
    endpoint_hash  bytea NOT NULL,
    address_sealed bytea NOT NULL,
    -- Who was signed in when it was asked for last: it goes with the account.
    account_id     bigint,
    seen_at        timestamptz NOT NULL,
    CONSTRAINT notify_device_pkey PRIMARY KEY (id),
    CONSTRAINT notify_device_endpoint_key UNIQUE (endpoint_hash),
    CONSTRAINT notify_device_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id)
);
CREATE INDEX notify_device_account_idx ON notify_device (account_id) WHERE account_id IS NOT NULL;
REVOKE ALL ON notify_device FROM portal_readonly;

-- With a browser go the messages to it.
ALTER TABLE notify_message
    ADD COLUMN device_id bigint,
    ADD CONSTRAINT notify_message_device_id_fkey FOREIGN KEY (device_id) REFERENCES notify_device (id) ON DELETE CASCADE,
    DROP CONSTRAINT notify_message_channel_check,
    ADD CONSTRAINT notify_message_channel_check CHECK (channel IN ('auto', 'email', 'whatsapp', 'sms', 'push') AND (channel = 'push') = (device_id IS NOT NULL)),
    DROP CONSTRAINT notify_message_recipient_check,
    ADD CONSTRAINT notify_message_recipient_check CHECK (num_nonnulls(account_id, email, phone_sealed, device_id) >= 1);
CREATE INDEX notify_message_device_idx ON notify_message (device_id) WHERE device_id IS NOT NULL;
