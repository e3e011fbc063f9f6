-- A letter that becomes secret on its way: what was written in the open is sealed, what it
-- was counted in stays.

-- Whether the number was taken from the series of the confidential letters.
ALTER TABLE eoffice_letter ADD COLUMN counted_secret boolean NOT NULL DEFAULT false;
UPDATE eoffice_letter SET counted_secret = true WHERE letter_number ~ ('(^|[^A-Za-z0-9.])S?R-0*' || letter_no || '([^0-9]|$)');

-- Versions and events are only added to. The one thing that may be done to what is there:
-- words of a letter that is confidential now are put under seal; when, by whom and in what
-- order stays as it is. A version of the most secret keeps its hash alone (sealed NULL).
CREATE FUNCTION eoffice_seal_version(letter bigint, number integer, sealed bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE eoffice_version v SET subject = '', body = '', content_sealed = sealed FROM eoffice_letter l
    WHERE v.letter_id = letter AND v.version = number AND v.subject || v.body <> ''
        AND l.id = letter AND (l.secrecy = 'R' AND sealed IS NOT NULL OR l.secrecy = 'SR' AND sealed IS NULL)
$$;
CREATE FUNCTION eoffice_seal_event(event bigint, sealed bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE eoffice_event e SET reason = '',
        detail = e.detail || jsonb_build_object('kata', jsonb_build_object('segel', translate(encode(sealed, 'base64'), E'\n', '')))
    FROM eoffice_letter l
    WHERE e.id = event AND sealed IS NOT NULL AND (e.reason <> '' OR e.detail #>> '{kata,teks}' <> '')
        AND l.id = e.letter_id AND l.secrecy IN ('R', 'SR')
$$;
REVOKE ALL ON FUNCTION eoffice_seal_version(bigint, integer, bytea), eoffice_seal_event(bigint, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION eoffice_seal_version(bigint, integer, bytea), eoffice_seal_event(bigint, bytea) TO portal_app;
