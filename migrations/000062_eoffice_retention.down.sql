DROP VIEW eoffice_folder_due;
DROP INDEX eoffice_folder_proposed_idx, eoffice_folder_closed_idx;
ALTER TABLE eoffice_folder DROP COLUMN proposed, DROP COLUMN proposed_at, DROP COLUMN postponed_until, DROP COLUMN fate, DROP COLUMN kept_until;
UPDATE eoffice_kka k SET active_years = r.active_years, inactive_years = r.inactive_years, fate = r.fate
FROM eoffice_kka c CROSS JOIN LATERAL eoffice_retention(c.code) r WHERE c.code = k.code AND k.active_years IS NULL;
DROP FUNCTION eoffice_retention;
ALTER TABLE eoffice_kka DROP CONSTRAINT eoffice_kka_own_check,
    ALTER COLUMN active_years SET DEFAULT 2, ALTER COLUMN active_years SET NOT NULL,
    ALTER COLUMN inactive_years SET DEFAULT 3, ALTER COLUMN inactive_years SET NOT NULL,
    ALTER COLUMN fate SET DEFAULT 'dinilai_kembali', ALTER COLUMN fate SET NOT NULL;
