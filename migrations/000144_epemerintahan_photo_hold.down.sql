DELETE FROM epemerintahan_letter_hold WHERE letter_id IS NULL;
DROP INDEX epemerintahan_letter_hold_photo_idx, epemerintahan_letter_hold_claim_key;
ALTER TABLE epemerintahan_letter_hold DROP CONSTRAINT epemerintahan_letter_hold_one_check, DROP COLUMN claim_id, ALTER COLUMN letter_id SET NOT NULL;
