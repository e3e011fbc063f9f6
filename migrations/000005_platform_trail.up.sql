-- The audit trail and the work ledger: append-only, written unchained by the
-- business transaction, chained within seconds by one sealer into trail_seal.
-- Kept apart from the entries so that the application role never updates one.
CREATE TABLE audit_entry (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL,
  account_id bigint,                     -- NULL: a visitor or the system
  actor      text NOT NULL,              -- kind of actor, or the system's name
  action     text NOT NULL CONSTRAINT audit_entry_action_check CHECK (action ~ '^[a-z_]+(\.[a-z_]+)+$'),
  object     text NOT NULL DEFAULT '',
  object_id  bigint,
  unit_id    bigint,
  request_id text NOT NULL DEFAULT '',
  detail     jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_entry_object_idx ON audit_entry (object, object_id, id);
CREATE INDEX audit_entry_account_idx ON audit_entry (account_id, id) WHERE account_id IS NOT NULL;
CREATE INDEX audit_entry_action_idx ON audit_entry (action text_pattern_ops, id);
CREATE INDEX audit_entry_at_idx ON audit_entry USING brin (at);

CREATE TABLE work_event (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at              timestamptz NOT NULL,
  module          text NOT NULL,
  kind            text NOT NULL,
  object          text NOT NULL,
  object_id       bigint NOT NULL,
  outcome         text NOT NULL,
  person_id       bigint,
  position_id     bigint,
  occupancy_id    bigint,
  unit_id         bigint,
  started_at      timestamptz,
  due_at          timestamptz,
  working_minutes integer CONSTRAINT work_event_minutes_check CHECK (working_minutes >= 0),
  strata          jsonb NOT NULL DEFAULT '{}',
  recorded_at     timestamptz NOT NULL DEFAULT clock_timestamp() -- the server's own time: at cannot be back-dated unseen
);
CREATE INDEX work_event_object_idx ON work_event (module, object, object_id);
CREATE INDEX work_event_person_idx ON work_event (person_id, at) WHERE person_id IS NOT NULL;
CREATE INDEX work_event_unit_idx ON work_event (unit_id, at);

CREATE TABLE audit_seal (
  trail     text NOT NULL CONSTRAINT audit_seal_trail_check CHECK (trail IN ('audit', 'work')),
  position  bigint NOT NULL,             -- 1, 2, 3 … without gaps
  entry_id  bigint NOT NULL,
  sealed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  mac       bytea NOT NULL,              -- HMAC(secret, previous mac ‖ entry)
  PRIMARY KEY (trail, position),
  CONSTRAINT audit_seal_entry_key UNIQUE (trail, entry_id)
);

REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry, work_event, audit_seal FROM portal_app;
-- Figures are made from work, not from who looked at what.
REVOKE ALL ON audit_entry, audit_seal FROM portal_readonly;

-- Last line of defence: even the owner has to drop this on purpose.
CREATE FUNCTION portal_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION portal_append_only();
CREATE TRIGGER work_event_append_only BEFORE UPDATE OR DELETE ON work_event FOR EACH ROW EXECUTE FUNCTION portal_append_only();
CREATE TRIGGER audit_seal_append_only BEFORE UPDATE OR DELETE ON audit_seal FOR EACH ROW EXECUTE FUNCTION portal_append_only();
