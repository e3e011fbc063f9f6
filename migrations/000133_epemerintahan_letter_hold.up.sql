-- A court, the police or the Inspektorat needs the papers of a letter: what was handed in stays
-- although its time is over, until the hold is lifted.
CREATE TABLE epemerintahan_letter_hold (
    id        bigint GENERATED ALWAYS AS IDENTITY,
    letter_id bigint NOT NULL,
    asked_by  text NOT NULL,
    reason    text NOT NULL,
    set_by    bigint NOT NULL,
    set_at    timestamptz NOT NULL,
    lifted_by bigint,
    lifted_at timestamptz,
    CONSTRAINT epemerintahan_letter_hold_pkey PRIMARY KEY (id),
    CONSTRAINT epemerintahan_letter_hold_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES epemerintahan_letter (id),
    CONSTRAINT epemerintahan_letter_hold_set_by_fkey FOREIGN KEY (set_by) REFERENCES authn_account (id),
    CONSTRAINT epemerintahan_letter_hold_lifted_by_fkey FOREIGN KEY (lifted_by) REFERENCES authn_account (id),
    CONSTRAINT epemerintahan_letter_hold_asked_check CHECK (char_length(asked_by) BETWEEN 3 AND 200),
    CONSTRAINT epemerintahan_letter_hold_reason_check CHECK (char_length(reason) BETWEEN 5 AND 2000),
    CONSTRAINT epemerintahan_letter_hold_lifted_check CHECK ((lifted_by IS NULL) = (lifted_at IS NULL))
);
CREATE UNIQUE INDEX epemerintahan_letter_hold_letter_key ON epemerintahan_letter_hold (letter_id) WHERE lifted_at IS NULL;
CREATE INDEX epemerintahan_letter_hold_all_idx ON epemerintahan_letter_hold (letter_id);
REVOKE UPDATE, DELETE, TRUNCATE ON epemerintahan_letter_hold FROM portal_app;
GRANT UPDATE (lifted_by, lifted_at) ON epemerintahan_letter_hold TO portal_app;
REVOKE ALL ON epemerintahan_letter_hold FROM portal_readonly;
