DROP INDEX kuciniki_lag_kind_idx;
DROP INDEX kuciniki_service_late_idx;
DROP INDEX kuciniki_service_unit_idx;
CREATE INDEX kuciniki_service_unit_idx ON kuciniki_service (unit_id, done_at);
