UPDATE notify_message SET email = COALESCE(email, '-'), body_sealed = NULL,
    status = CASE WHEN finished_at IS NULL THEN 'expired' ELSE status END, finished_at = COALESCE(finished_at, now())
WHERE email_sealed IS NOT NULL;
ALTER TABLE notify_message
    DROP CONSTRAINT notify_message_recipient_check,
    ADD CONSTRAINT notify_message_recipient_check CHECK (num_nonnulls(account_id, email, phone_sealed, device_id) >= 1),
    DROP COLUMN email_sealed;
