DROP FUNCTION eoffice_seal_event(bigint, bytea), eoffice_seal_version(bigint, integer, bytea);
ALTER TABLE eoffice_letter DROP COLUMN counted_secret;
