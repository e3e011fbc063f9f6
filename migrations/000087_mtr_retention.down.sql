DROP TRIGGER mtr_event_append_only ON mtr_event;
CREATE TRIGGER mtr_event_append_only BEFORE UPDATE OR DELETE ON mtr_event
    FOR EACH ROW EXECUTE FUNCTION portal_append_only();
DROP FUNCTION mtr_event_append_only();
REVOKE UPDATE (actor_id, unit_id, position_id, reason) ON mtr_event FROM portal_app;

-- What was forgotten does not come back.
DELETE FROM mtr_support WHERE account_id IS NULL AND email_sealed IS NULL;
ALTER TABLE mtr_support DROP CONSTRAINT mtr_support_way_check,
    ADD CONSTRAINT mtr_support_way_check CHECK ((account_id IS NULL) = (email_sealed IS NOT NULL)
        AND (email_sealed IS NULL) = (token_hash IS NULL) AND (token_hash IS NULL) = (token_sealed IS NULL));
UPDATE mtr_contact SET link_sealed = '' WHERE link_sealed IS NULL;
ALTER TABLE mtr_contact ALTER COLUMN link_sealed SET NOT NULL;

REVOKE DELETE ON mtr_redaction FROM portal_app;
ALTER TABLE mtr_redaction ADD COLUMN former_ref text;
CREATE INDEX mtr_redaction_former_idx ON mtr_redaction (former_ref) WHERE former_ref IS NOT NULL;
DROP TABLE mtr_stray;

DROP INDEX mtr_report_remembered_idx;
ALTER TABLE mtr_report DROP COLUMN forgotten_at;
DROP TABLE mtr_legal_hold;
DROP TABLE mtr_retention;
