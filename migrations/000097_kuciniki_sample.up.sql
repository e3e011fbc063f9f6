-- After a month some of its finished work is drawn by lot, and somebody outside the line looks
-- at it. The seed is made when the month is over and kept, so that nobody knows beforehand what
-- is drawn, and everybody can draw it again.
CREATE TABLE kuciniki_draw (
    month      date NOT NULL,
    seed       bytea NOT NULL,
    finished   integer NOT NULL, -- what could have been drawn
    drawn_at   timestamptz NOT NULL,
    CONSTRAINT kuciniki_draw_pkey PRIMARY KEY (month),
    CONSTRAINT kuciniki_draw_month_check CHECK (date_trunc('month', month) = month),
    CONSTRAINT kuciniki_draw_after_check CHECK (drawn_at AT TIME ZONE 'Asia/Makassar' >= month + interval '1 month'),
    CONSTRAINT kuciniki_draw_seed_check CHECK (length(seed) = 32)
);

CREATE TABLE kuciniki_sample (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    month       date NOT NULL,
    module      text NOT NULL,
    kind        text NOT NULL, -- of the entry that finished it
    object      text NOT NULL,
    object_id   bigint NOT NULL,
    thread_id   bigint NOT NULL,
    unit_id     bigint NOT NULL,
    person_id   bigint NOT NULL, -- whose work it is
    done_at     timestamptz NOT NULL,
    ok          boolean, -- what the look showed; NULL: nobody has looked
    answered_by bigint,
    answered_at timestamptz,
    flag_id     bigint, -- where it was not: what was said of it, and objected to
    CONSTRAINT kuciniki_sample_pkey PRIMARY KEY (id),
    CONSTRAINT kuciniki_sample_once_key UNIQUE (month, kind, object, object_id),
    CONSTRAINT kuciniki_sample_month_fkey FOREIGN KEY (month) REFERENCES kuciniki_draw (month),
    CONSTRAINT kuciniki_sample_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id),
    CONSTRAINT kuciniki_sample_person_id_fkey FOREIGN KEY (person_id) REFERENCES org_person (id),
    CONSTRAINT kuciniki_sample_answered_by_fkey FOREIGN KEY (answered_by) REFERENCES org_person (id),
    CONSTRAINT kuciniki_sample_flag_id_fkey FOREIGN KEY (flag_id) REFERENCES kuciniki_flag (id),
    CONSTRAINT kuciniki_sample_answered_check CHECK ((ok IS NULL) = (answered_at IS NULL) AND (ok IS NULL) = (answered_by IS NULL) AND (ok IS FALSE) = (flag_id IS NOT NULL)),
    CONSTRAINT kuciniki_sample_other_check CHECK (answered_by <> person_id)
);
CREATE INDEX kuciniki_sample_unit_idx ON kuciniki_sample (unit_id, month);
CREATE INDEX kuciniki_sample_person_idx ON kuciniki_sample (person_id, month);

REVOKE UPDATE, DELETE, TRUNCATE ON kuciniki_draw, kuciniki_sample FROM portal_app;
GRANT UPDATE (ok, answered_by, answered_at, flag_id) ON kuciniki_sample TO portal_app;
REVOKE ALL ON kuciniki_draw, kuciniki_sample FROM portal_readonly;
