-- The cases behind what the sums say of the services of a unit (reports that were dealt with,
-- letters that were issued), so that each of those figures opens the list behind it.
CREATE TABLE kuciniki_service (
    module    text NOT NULL,
    object    text NOT NULL,
    object_id bigint NOT NULL,
    month     date NOT NULL,
    unit_id   bigint NOT NULL,
    n         integer NOT NULL,
    x         integer NOT NULL, -- of n in their time
    done_at   timestamptz NOT NULL,
    CONSTRAINT kuciniki_service_pkey PRIMARY KEY (object, object_id, module, month, unit_id),
    CONSTRAINT kuciniki_service_check CHECK (n > 0 AND x BETWEEN 0 AND n)
);
CREATE INDEX kuciniki_service_unit_idx ON kuciniki_service (unit_id, done_at);
REVOKE ALL ON kuciniki_service FROM portal_readonly;

-- The sums are made again from the ledger, so that both know of the same cases.
TRUNCATE kuciniki_tally, kuciniki_unit_tally, kuciniki_whole, kuciniki_lag, kuciniki_day, kuciniki_open;
UPDATE kuciniki_fold SET position = 0;
