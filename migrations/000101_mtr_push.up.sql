-- Following by web push: the browser is the follower, with an account or without, and hears at once.
ALTER TABLE mtr_follow
    ADD COLUMN device_id bigint,
    ADD CONSTRAINT mtr_follow_device_id_fkey FOREIGN KEY (device_id) REFERENCES notify_device (id) ON DELETE CASCADE,
    DROP CONSTRAINT mtr_follow_channel_check,
    ADD CONSTRAINT mtr_follow_channel_check CHECK (channel IN ('email', 'whatsapp', 'push') AND (channel <> 'whatsapp' OR account_id IS NOT NULL)
        AND (channel = 'push') = (device_id IS NOT NULL) AND (channel <> 'push' OR pace = 'segera')),
    DROP CONSTRAINT mtr_follow_who_check,
    ADD CONSTRAINT mtr_follow_who_check CHECK (num_nonnulls(account_id, email_hash, device_id) = 1 AND (email_sealed IS NULL) = (email_hash IS NULL));
CREATE UNIQUE INDEX mtr_follow_device_key ON mtr_follow (device_id, subject, subject_id) WHERE device_id IS NOT NULL AND ended_at IS NULL;
