-- Sums of the evidence, made from sealed entries of the work ledger, so that a page costs the
-- same however long the ledger is. Everything here can be made again from the ledger.

-- Up to which seal of the work ledger the sums go.
CREATE TABLE kuciniki_fold (
    one      boolean NOT NULL DEFAULT true,
    position bigint NOT NULL,
    CONSTRAINT kuciniki_fold_pkey PRIMARY KEY (one),
    CONSTRAINT kuciniki_fold_one_check CHECK (one),
    CONSTRAINT kuciniki_fold_position_check CHECK (position >= 0)
);
INSERT INTO kuciniki_fold (position) VALUES (0);

-- x good ones of n, of a person in a unit and a month.
CREATE TABLE kuciniki_tally (
    month     date NOT NULL,
    person_id bigint NOT NULL,
    unit_id   bigint NOT NULL,
    metric    text NOT NULL,
    stratum   text NOT NULL,
    n         integer NOT NULL,
    x         integer NOT NULL,
    CONSTRAINT kuciniki_tally_pkey PRIMARY KEY (person_id, month, unit_id, metric, stratum)
);

-- The same of everybody in a unit together.
CREATE TABLE kuciniki_unit_tally (
    month   date NOT NULL,
    unit_id bigint NOT NULL,
    metric  text NOT NULL,
    stratum text NOT NULL,
    n       integer NOT NULL,
    x       integer NOT NULL,
    CONSTRAINT kuciniki_unit_tally_pkey PRIMARY KEY (unit_id, month, metric, stratum)
);

-- How many steps of a kind took how long: bucket by bucket of working minutes.
CREATE TABLE kuciniki_lag (
    month   date NOT NULL,
    unit_id bigint NOT NULL,
    kind    text NOT NULL, -- module.kind
    bucket  integer NOT NULL,
    n       integer NOT NULL,
    CONSTRAINT kuciniki_lag_pkey PRIMARY KEY (unit_id, month, kind, bucket)
);

-- Days on which somebody left a trace.
CREATE TABLE kuciniki_day (
    person_id bigint NOT NULL,
    day       date NOT NULL,
    CONSTRAINT kuciniki_day_pkey PRIMARY KEY (person_id, day)
);

-- What is open now.
CREATE TABLE kuciniki_open (
    module    text NOT NULL,
    object    text NOT NULL,
    object_id bigint NOT NULL,
    thread_id bigint NOT NULL,
    unit_id   bigint NOT NULL,
    holder_id bigint NOT NULL, -- position, 0: the unit as a whole
    status    text NOT NULL,
    waiting   boolean NOT NULL, -- for somebody outside
    since     timestamptz NOT NULL,
    due_at    timestamptz,
    CONSTRAINT kuciniki_open_pkey PRIMARY KEY (object, object_id, module)
);
CREATE INDEX kuciniki_open_unit_idx ON kuciniki_open (unit_id, since);
CREATE INDEX kuciniki_open_holder_idx ON kuciniki_open (holder_id, since) WHERE holder_id <> 0;

-- How long a step of a kind usually takes, as it was at the start of a month: fixed, so that
-- nobody is measured against their own haste.
CREATE TABLE kuciniki_expected (
    month   date NOT NULL,
    kind    text NOT NULL,
    minutes integer NOT NULL,
    n       integer NOT NULL,
    CONSTRAINT kuciniki_expected_pkey PRIMARY KEY (month, kind),
    CONSTRAINT kuciniki_expected_check CHECK (minutes >= 0 AND n > 0)
);
REVOKE UPDATE, DELETE, TRUNCATE ON kuciniki_expected FROM portal_app;

REVOKE ALL ON kuciniki_tally, kuciniki_day, kuciniki_open FROM portal_readonly;
