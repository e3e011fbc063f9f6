UPDATE mtr_follow SET pace = 'segera' WHERE channel = 'push';
ALTER TABLE mtr_follow
    DROP CONSTRAINT mtr_follow_channel_check,
    ADD CONSTRAINT mtr_follow_channel_check CHECK (channel IN ('email', 'whatsapp', 'push') AND (channel <> 'whatsapp' OR account_id IS NOT NULL)
        AND (channel = 'push') = (device_id IS NOT NULL) AND (channel <> 'push' OR pace = 'segera'));
