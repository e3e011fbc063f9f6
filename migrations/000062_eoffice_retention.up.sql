-- How long the archive is kept. A code without years of its own has those of the nearest
-- code above it that has some.
ALTER TABLE eoffice_kka
    ALTER COLUMN active_years DROP NOT NULL, ALTER COLUMN active_years DROP DEFAULT,
    ALTER COLUMN inactive_years DROP NOT NULL, ALTER COLUMN inactive_years DROP DEFAULT,
    ALTER COLUMN fate DROP NOT NULL, ALTER COLUMN fate DROP DEFAULT,
    ADD CONSTRAINT eoffice_kka_own_check CHECK ((active_years IS NULL) = (inactive_years IS NULL) AND (active_years IS NULL) = (fate IS NULL));

CREATE FUNCTION eoffice_retention(kka text) RETURNS TABLE (rule text, active_years integer, inactive_years integer, fate text) LANGUAGE sql STABLE AS $$
    SELECT k.code, k.active_years, k.inactive_years, k.fate FROM eoffice_kka k
    WHERE k.code IN (SELECT array_to_string((string_to_array(kka, '.'))[1:n], '.') FROM generate_series(1, 7) n) AND k.active_years IS NOT NULL
    ORDER BY length(k.code) DESC LIMIT 1
$$;

-- What the daily job proposes for a folder, and what people decided about it.
ALTER TABLE eoffice_folder
    ADD COLUMN proposed text NOT NULL DEFAULT '',
    ADD COLUMN proposed_at timestamptz,
    ADD COLUMN postponed_until date, -- nothing is proposed before
    ADD COLUMN fate text,            -- what appraising it again came to
    ADD COLUMN kept_until date,      -- likewise
    ADD CONSTRAINT eoffice_folder_proposed_check CHECK (proposed IN ('', 'pindah', 'nilai', 'musnah', 'serah') AND (proposed = '') = (proposed_at IS NULL)),
    ADD CONSTRAINT eoffice_folder_fate_check CHECK (fate IN ('musnah', 'permanen'));
CREATE INDEX eoffice_folder_proposed_idx ON eoffice_folder (unit_id, proposed) WHERE proposed <> '';
CREATE INDEX eoffice_folder_closed_idx ON eoffice_folder (closed_on) WHERE status = 'tertutup';

-- When a closed folder leaves the active records, and when its time is over.
CREATE VIEW eoffice_folder_due AS
SELECT f.id AS folder_id, r.rule, r.active_years, r.inactive_years, COALESCE(f.fate, r.fate) AS fate,
    (f.closed_on + make_interval(years => r.active_years))::date AS inactive_on,
    GREATEST((f.closed_on + make_interval(years => r.active_years + r.inactive_years))::date, f.kept_until) AS ends_on
FROM eoffice_folder f CROSS JOIN LATERAL eoffice_retention(f.kka) r WHERE f.closed_on IS NOT NULL;
REVOKE ALL ON eoffice_folder_due FROM portal_readonly;
