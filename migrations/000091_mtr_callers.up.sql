-- Reports and supports that staff write down for people who call, come or write.
ALTER TABLE mtr_origin
    ADD COLUMN taken_by bigint,
    -- Whose head reported for it.
    ADD COLUMN neighbourhood text NOT NULL DEFAULT '',
    ADD CONSTRAINT mtr_origin_taken_by_fkey FOREIGN KEY (taken_by) REFERENCES authn_account (id),
    ADD CONSTRAINT mtr_origin_taken_check CHECK (taken_by IS NULL OR channel <> 'open311'),
    ADD CONSTRAINT mtr_origin_neighbourhood_check CHECK (neighbourhood ~ '^((RT [0-9]{3} )?RW [0-9]{3})?$');

-- By telephone: the number, and who heard it.
ALTER TABLE mtr_support
    ADD COLUMN phone_sealed bytea,
    ADD COLUMN taken_by bigint,
    ADD CONSTRAINT mtr_support_taken_by_fkey FOREIGN KEY (taken_by) REFERENCES authn_account (id),
    DROP CONSTRAINT mtr_support_way_check,
    ADD CONSTRAINT mtr_support_way_check CHECK (num_nonnulls(account_id, email_sealed, phone_sealed) <= 1
        AND (num_nonnulls(email_sealed, phone_sealed) = 0) = (token_hash IS NULL) AND (token_hash IS NULL) = (token_sealed IS NULL)
        AND (phone_sealed IS NULL) = (taken_by IS NULL));
