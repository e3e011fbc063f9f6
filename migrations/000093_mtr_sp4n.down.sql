-- What came that way stays, as if by letter.
UPDATE mtr_origin SET channel = 'surat', external_number = '' WHERE channel = 'sp4n';
ALTER TABLE mtr_origin
    DROP COLUMN external_at,
    DROP COLUMN external_number,
    DROP CONSTRAINT mtr_origin_channel_check,
    ADD CONSTRAINT mtr_origin_channel_check CHECK (channel IN ('open311', 'telepon', 'loket', 'pesan', 'media', 'surat'));
