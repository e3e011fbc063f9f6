-- Reports that SP4N-LAPOR! gave to the city, under their numbers there.
ALTER TABLE mtr_origin
    ADD COLUMN external_number text NOT NULL DEFAULT '',
    -- When it came in there.
    ADD COLUMN external_at timestamptz,
    DROP CONSTRAINT mtr_origin_channel_check,
    ADD CONSTRAINT mtr_origin_channel_check CHECK (channel IN ('open311', 'telepon', 'loket', 'pesan', 'media', 'surat', 'sp4n')),
    ADD CONSTRAINT mtr_origin_external_check CHECK ((channel = 'sp4n') = (external_number <> '') AND char_length(external_number) <= 40);
CREATE UNIQUE INDEX mtr_origin_external_key ON mtr_origin (external_number) WHERE external_number <> '';
