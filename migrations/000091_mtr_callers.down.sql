DELETE FROM mtr_support WHERE phone_sealed IS NOT NULL;
ALTER TABLE mtr_support
    DROP CONSTRAINT mtr_support_way_check,
    DROP COLUMN taken_by,
    DROP COLUMN phone_sealed,
    ADD CONSTRAINT mtr_support_way_check CHECK (num_nonnulls(account_id, email_sealed) <= 1
        AND (email_sealed IS NULL) = (token_hash IS NULL) AND (token_hash IS NULL) = (token_sealed IS NULL));
ALTER TABLE mtr_origin DROP COLUMN neighbourhood, DROP COLUMN taken_by;
