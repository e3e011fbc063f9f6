-- A page of services reads them from the index in their order, also where only the late ones
-- are asked for.
DROP INDEX kuciniki_service_unit_idx;
CREATE INDEX kuciniki_service_unit_idx ON kuciniki_service (unit_id, done_at, object_id);
CREATE INDEX kuciniki_service_late_idx ON kuciniki_service (unit_id, done_at, object_id) WHERE x < n;

-- In which months a unit took steps of a kind.
CREATE INDEX kuciniki_lag_kind_idx ON kuciniki_lag (kind, unit_id, month);
