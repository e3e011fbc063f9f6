-- How old what lay on somebody's desks was when a month ended (E5): what is open now does not
-- tell it any more.
CREATE TABLE kuciniki_backlog (
    month     date NOT NULL,
    person_id bigint NOT NULL,
    n         integer NOT NULL, -- open cases
    p90       integer NOT NULL, -- days that nine of ten were not older than
    unit      integer NOT NULL, -- days: the middle one of the unit
    CONSTRAINT kuciniki_backlog_pkey PRIMARY KEY (person_id, month),
    CONSTRAINT kuciniki_backlog_person_id_fkey FOREIGN KEY (person_id) REFERENCES org_person (id),
    CONSTRAINT kuciniki_backlog_check CHECK (n > 0 AND p90 >= 0 AND unit >= 0)
);
CREATE INDEX kuciniki_backlog_month_idx ON kuciniki_backlog (month);
REVOKE UPDATE, DELETE, TRUNCATE ON kuciniki_backlog FROM portal_app;
REVOKE ALL ON kuciniki_backlog FROM portal_readonly;
