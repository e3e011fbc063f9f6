-- Patients born on the same day: the desk is warned of those who look like the one whom it
-- is about to enter as new.
CREATE INDEX epuskesmas_patient_birth_idx ON epuskesmas_patient (unit_id, birth_date);
