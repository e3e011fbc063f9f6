DELETE FROM notify_message WHERE device_id IS NOT NULL;
ALTER TABLE notify_message
    DROP CONSTRAINT notify_message_recipient_check,
    ADD CONSTRAINT notify_message_recipient_check CHECK (num_nonnulls(account_id, email, phone_sealed) >= 1),
    DROP CONSTRAINT notify_message_channel_check,
    ADD CONSTRAINT notify_message_channel_check CHECK (channel IN ('auto', 'email', 'whatsapp', 'sms')),
    DROP COLUMN device_id;
DROP TABLE notify_device;
