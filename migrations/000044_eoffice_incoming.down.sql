CREATE OR REPLACE FUNCTION eoffice_access(id bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
    WITH l AS (SELECT l.id, l.secrecy, l.unit_id, l.drafter_id, l.drafted_by FROM eoffice_letter l WHERE l.id = $1),
    units AS (SELECT l.unit_id FROM l UNION SELECT r.unit_id FROM eoffice_recipient r WHERE r.letter_id = $1 AND r.sent_at IS NOT NULL AND r.unit_id IS NOT NULL)
    SELECT COALESCE(array_agg(t ORDER BY t), '{}') FROM (
        SELECT 'm' || r.position_id FROM eoffice_reader r WHERE r.letter_id = $1
        UNION SELECT 'm' || l.drafter_id FROM l
        UNION SELECT 'k' || l.drafted_by FROM l
        UNION SELECT 't' || u.unit_id FROM units u
        UNION SELECT 'b' || u.unit_id FROM units u, l WHERE l.secrecy = 'B'
        UNION SELECT 'p' || $1 / 4096) x (t)
$$;
DROP TABLE eoffice_tray, eoffice_other_number;
ALTER TABLE eoffice_letter DROP COLUMN twin_key;
