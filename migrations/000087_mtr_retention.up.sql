-- How long it stays known who reported, and what becomes of a report after that. What the
-- figures count stays: only what leads to a person goes.

-- Each rule as it was set; the newest holds. Months after closing, NULL = for ever.
CREATE TABLE mtr_retention (
    id                  bigint GENERATED ALWAYS AS IDENTITY,
    open_months         integer,
    anonymous_months    integer,
    confidential_months integer,
    reason              text NOT NULL,
    set_by              bigint NOT NULL,
    set_at              timestamptz NOT NULL,
    CONSTRAINT mtr_retention_pkey PRIMARY KEY (id),
    CONSTRAINT mtr_retention_set_by_fkey FOREIGN KEY (set_by) REFERENCES authn_account (id),
    CONSTRAINT mtr_retention_months_check CHECK (open_months BETWEEN 2 AND 240 AND anonymous_months BETWEEN 2 AND 240
        AND confidential_months BETWEEN 2 AND 240),
    CONSTRAINT mtr_retention_reason_check CHECK (char_length(reason) BETWEEN 1 AND 2000)
);
REVOKE UPDATE, DELETE, TRUNCATE ON mtr_retention FROM portal_app;

-- A court, the police or the Inspektorat needs a report as it is.
CREATE TABLE mtr_legal_hold (
    id        bigint GENERATED ALWAYS AS IDENTITY,
    report_id bigint NOT NULL,
    asked_by  text NOT NULL,
    reason    text NOT NULL,
    set_by    bigint NOT NULL,
    set_at    timestamptz NOT NULL,
    lifted_by bigint,
    lifted_at timestamptz,
    CONSTRAINT mtr_legal_hold_pkey PRIMARY KEY (id),
    CONSTRAINT mtr_legal_hold_report_id_fkey FOREIGN KEY (report_id) REFERENCES mtr_report (id),
    CONSTRAINT mtr_legal_hold_set_by_fkey FOREIGN KEY (set_by) REFERENCES authn_account (id),
    CONSTRAINT mtr_legal_hold_lifted_by_fkey FOREIGN KEY (lifted_by) REFERENCES authn_account (id),
    CONSTRAINT mtr_legal_hold_asked_check CHECK (char_length(asked_by) BETWEEN 1 AND 200),
    CONSTRAINT mtr_legal_hold_reason_check CHECK (char_length(reason) BETWEEN 1 AND 2000),
    CONSTRAINT mtr_legal_hold_lifted_check CHECK ((lifted_by IS NULL) = (lifted_at IS NULL))
);
CREATE UNIQUE INDEX mtr_legal_hold_report_key ON mtr_legal_hold (report_id) WHERE lifted_at IS NULL;
REVOKE UPDATE, DELETE, TRUNCATE ON mtr_legal_hold FROM portal_app;
GRANT UPDATE (lifted_by, lifted_at) ON mtr_legal_hold TO portal_app;
REVOKE ALL ON mtr_legal_hold, mtr_retention FROM portal_readonly;

-- Since when nothing tells who reported.
ALTER TABLE mtr_report ADD COLUMN forgotten_at timestamptz,
    ADD CONSTRAINT mtr_report_forgotten_check CHECK (forgotten_at IS NULL OR account_id IS NULL);
CREATE INDEX mtr_report_remembered_idx ON mtr_report (closed_at, id) WHERE closed_at IS NOT NULL AND forgotten_at IS NULL;
GRANT SELECT (forgotten_at) ON mtr_report TO portal_readonly;

-- Files on their way out, and files of which nobody knows yet: what is written here before
-- a file is, and taken away by whoever keeps it, leaves nothing behind after a crash.
CREATE TABLE mtr_stray (
    blob_key  text NOT NULL,
    delete_at timestamptz NOT NULL,
    CONSTRAINT mtr_stray_pkey PRIMARY KEY (blob_key)
);
CREATE INDEX mtr_stray_delete_idx ON mtr_stray (delete_at);
REVOKE ALL ON mtr_stray FROM portal_readonly;

INSERT INTO mtr_stray (blob_key, delete_at)
SELECT 'mtr/foto/' || former_ref || '/' || s || '.jpg', now() FROM mtr_redaction, unnest(ARRAY['besar', 'kecil']) s WHERE former_ref IS NOT NULL
ON CONFLICT DO NOTHING;
ALTER TABLE mtr_redaction DROP COLUMN former_ref;
-- What was blacked out goes with the reporter.
GRANT DELETE ON mtr_redaction TO portal_app;

-- A contact without a way to the report, and a code that opens nothing.
ALTER TABLE mtr_contact ALTER COLUMN link_sealed DROP NOT NULL;

-- Who supported it is counted and no longer known.
ALTER TABLE mtr_support DROP CONSTRAINT mtr_support_way_check,
    ADD CONSTRAINT mtr_support_way_check CHECK (num_nonnulls(account_id, email_sealed) <= 1
        AND (email_sealed IS NULL) = (token_hash IS NULL) AND (token_hash IS NULL) = (token_sealed IS NULL));

-- Events are only added to. What may go from what is there, once the report itself no longer
-- knows: who the reporter was, and of a rahasia one the words.
CREATE FUNCTION mtr_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    who CONSTANT text[] := ARRAY['actor_id', 'unit_id', 'position_id'];
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - who - 'reason' = to_jsonb(OLD) - who - 'reason'
        AND (OLD.role = 'pelapor' AND num_nonnulls(NEW.actor_id, NEW.unit_id, NEW.position_id) = 0
            OR (NEW.actor_id, NEW.unit_id, NEW.position_id) IS NOT DISTINCT FROM (OLD.actor_id, OLD.unit_id, OLD.position_id))
        AND EXISTS (SELECT FROM mtr_report r WHERE r.id = OLD.report_id AND r.forgotten_at IS NOT NULL
            AND (NEW.reason = OLD.reason OR NEW.reason = '' AND r.confidential)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'mtr_event is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
DROP TRIGGER mtr_event_append_only ON mtr_event;
CREATE TRIGGER mtr_event_append_only BEFORE UPDATE OR DELETE ON mtr_event
    FOR EACH ROW EXECUTE FUNCTION mtr_event_append_only();
GRANT UPDATE (actor_id, unit_id, position_id, reason) ON mtr_event TO portal_app;
