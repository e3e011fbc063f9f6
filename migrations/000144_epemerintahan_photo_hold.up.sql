-- The photo of a KTP that was handed in to prove an identity is held as the papers of a letter are.
ALTER TABLE epemerintahan_letter_hold ALTER COLUMN letter_id DROP NOT NULL, ADD COLUMN claim_id bigint,
    ADD CONSTRAINT epemerintahan_letter_hold_claim_id_fkey FOREIGN KEY (claim_id) REFERENCES epemerintahan_identity (id),
    ADD CONSTRAINT epemerintahan_letter_hold_one_check CHECK (num_nonnulls(letter_id, claim_id) = 1);
CREATE UNIQUE INDEX epemerintahan_letter_hold_claim_key ON epemerintahan_letter_hold (claim_id) WHERE lifted_at IS NULL;
CREATE INDEX epemerintahan_letter_hold_photo_idx ON epemerintahan_letter_hold (claim_id);
