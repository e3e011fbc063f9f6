-- Addresses that messages go to are sealed, as telephone numbers are: one of somebody without an
-- account would say whose a report is. What is sent needs its address no more; what waits keeps it
-- as it is until it is sent.
ALTER TABLE notify_message
    ADD COLUMN email_sealed bytea,
    DROP CONSTRAINT notify_message_recipient_check,
    ADD CONSTRAINT notify_message_recipient_check CHECK (num_nonnulls(account_id, email, email_sealed, phone_sealed, device_id) >= 1);
UPDATE notify_message SET email = CASE WHEN account_id IS NULL THEN '-' END WHERE finished_at IS NOT NULL AND email <> '-';
