DELETE FROM mtr_follow WHERE channel = 'push';
ALTER TABLE mtr_follow
    DROP CONSTRAINT mtr_follow_who_check,
    ADD CONSTRAINT mtr_follow_who_check CHECK (num_nonnulls(account_id, email_hash) = 1 AND (email_sealed IS NULL) = (email_hash IS NULL)),
    DROP CONSTRAINT mtr_follow_channel_check,
    ADD CONSTRAINT mtr_follow_channel_check CHECK (channel IN ('email', 'whatsapp') AND (channel = 'email' OR account_id IS NOT NULL)),
    DROP COLUMN device_id;
