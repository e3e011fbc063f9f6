-- Kuciniki: performance plans (SKP) after PermenPANRB 6/2022.

-- Month 0 is the year as a whole. A closed period takes nothing more but objections.
CREATE TABLE kuciniki_period (
    year      integer NOT NULL,
    month     integer NOT NULL,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    CONSTRAINT kuciniki_period_pkey PRIMARY KEY (year, month),
    CONSTRAINT kuciniki_period_year_check CHECK (year BETWEEN 2020 AND 2999),
    CONSTRAINT kuciniki_period_month_check CHECK (month BETWEEN 0 AND 12),
    CONSTRAINT kuciniki_period_order_check CHECK (closed_at >= opened_at)
);

-- What somebody is to achieve in a post in a year: whoever moves has one for each post.
CREATE TABLE kuciniki_skp (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    year         integer NOT NULL,
    person_id    bigint NOT NULL,
    occupancy_id bigint NOT NULL,
    position_id  bigint NOT NULL,
    -- Leads a team of another unit in which the person works: the second rater.
    co_rater_id  bigint, -- position
    model        text NOT NULL DEFAULT 'kuantitatif',
    weighted     boolean NOT NULL DEFAULT false, -- weights are the portal's own and stand on no form
    status       text NOT NULL,
    status_at    timestamptz NOT NULL,
    seq          integer NOT NULL,
    version      integer NOT NULL DEFAULT 0, -- how often it was agreed
    created_at   timestamptz NOT NULL,
    CONSTRAINT kuciniki_skp_pkey PRIMARY KEY (id),
    CONSTRAINT kuciniki_skp_once_key UNIQUE (year, occupancy_id),
    CONSTRAINT kuciniki_skp_person_id_fkey FOREIGN KEY (person_id) REFERENCES org_person (id),
    CONSTRAINT kuciniki_skp_occupancy_id_fkey FOREIGN KEY (occupancy_id) REFERENCES org_occupancy (id),
    CONSTRAINT kuciniki_skp_position_id_fkey FOREIGN KEY (position_id) REFERENCES org_position (id),
    CONSTRAINT kuciniki_skp_co_rater_id_fkey FOREIGN KEY (co_rater_id) REFERENCES org_position (id),
    CONSTRAINT kuciniki_skp_model_check CHECK (model IN ('kuantitatif', 'kualitatif')),
    CONSTRAINT kuciniki_skp_status_check CHECK (status IN ('konsep', 'diajukan', 'disepakati', 'dialog'))
);
CREATE INDEX kuciniki_skp_person_idx ON kuciniki_skp (person_id, year);
CREATE INDEX kuciniki_skp_position_idx ON kuciniki_skp (position_id, year);
CREATE INDEX kuciniki_skp_co_rater_idx ON kuciniki_skp (co_rater_id) WHERE co_rater_id IS NOT NULL;

-- Rencana hasil kerja. A row of the superior's plan carries those of the people below.
CREATE TABLE kuciniki_rhk (
    id        bigint GENERATED ALWAYS AS IDENTITY,
    skp_id    bigint NOT NULL,
    ord       integer NOT NULL,
    kind      text NOT NULL,
    text      text NOT NULL,
    parent_id bigint,
    basis     text NOT NULL DEFAULT '', -- in place of a superior's: a plan of the city, an order
    weight    integer,
    CONSTRAINT kuciniki_rhk_pkey PRIMARY KEY (id),
    CONSTRAINT kuciniki_rhk_skp_id_fkey FOREIGN KEY (skp_id) REFERENCES kuciniki_skp (id),
    CONSTRAINT kuciniki_rhk_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES kuciniki_rhk (id),
    CONSTRAINT kuciniki_rhk_kind_check CHECK (kind IN ('utama', 'tambahan')),
    CONSTRAINT kuciniki_rhk_text_check CHECK (char_length(text) BETWEEN 1 AND 500 AND char_length(basis) <= 300),
    CONSTRAINT kuciniki_rhk_self_check CHECK (parent_id <> id),
    CONSTRAINT kuciniki_rhk_weight_check CHECK (weight BETWEEN 1 AND 100)
);
CREATE INDEX kuciniki_rhk_skp_idx ON kuciniki_rhk (skp_id, ord);
CREATE INDEX kuciniki_rhk_parent_idx ON kuciniki_rhk (parent_id);

CREATE TABLE kuciniki_indicator (
    id     bigint GENERATED ALWAYS AS IDENTITY,
    rhk_id bigint NOT NULL,
    slot   text NOT NULL, -- the aspect, or the measures of a qualitative plan
    text   text NOT NULL,
    target numeric(14, 2),
    unit   text NOT NULL, -- of the target; where it is not a number, the target itself
    lower  boolean NOT NULL DEFAULT false, -- less is better
    metric text NOT NULL DEFAULT '', -- of the evidence: E1 … E14
    CONSTRAINT kuciniki_indicator_pkey PRIMARY KEY (id),
    CONSTRAINT kuciniki_indicator_slot_key UNIQUE (rhk_id, slot),
    CONSTRAINT kuciniki_indicator_rhk_id_fkey FOREIGN KEY (rhk_id) REFERENCES kuciniki_rhk (id) ON DELETE CASCADE,
    CONSTRAINT kuciniki_indicator_slot_check CHECK (slot IN ('kuantitas', 'kualitas', 'waktu', 'biaya', 'ukuran_1', 'ukuran_2', 'ukuran_3')),
    CONSTRAINT kuciniki_indicator_text_check CHECK (char_length(text) BETWEEN 1 AND 300 AND char_length(unit) BETWEEN 1 AND 200),
    CONSTRAINT kuciniki_indicator_target_check CHECK (target >= 0),
    CONSTRAINT kuciniki_indicator_metric_check CHECK (metric ~ '^(E([1-9]|1[0-4]))?$')
);

-- What both agreed to, each time.
CREATE TABLE kuciniki_version (
    skp_id  bigint NOT NULL,
    version integer NOT NULL,
    content jsonb NOT NULL,
    at      timestamptz NOT NULL,
    rater   text NOT NULL, -- name and title of who agreed for the city
    CONSTRAINT kuciniki_version_pkey PRIMARY KEY (skp_id, version),
    CONSTRAINT kuciniki_version_skp_id_fkey FOREIGN KEY (skp_id) REFERENCES kuciniki_skp (id)
);

-- Everything that happened to a plan and to an evaluation. Only added to.
CREATE TABLE kuciniki_event (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    skp_id      bigint NOT NULL,
    object      text NOT NULL,
    object_id   bigint NOT NULL,
    seq         integer NOT NULL,
    action      text NOT NULL,
    from_status text NOT NULL,
    to_status   text NOT NULL,
    at          timestamptz NOT NULL,
    actor_id    bigint,
    person_id   bigint,
    title       text NOT NULL DEFAULT '',
    role        text NOT NULL,
    reason_sealed bytea,
    CONSTRAINT kuciniki_event_pkey PRIMARY KEY (id),
    CONSTRAINT kuciniki_event_seq_key UNIQUE (object, object_id, seq),
    CONSTRAINT kuciniki_event_skp_id_fkey FOREIGN KEY (skp_id) REFERENCES kuciniki_skp (id),
    CONSTRAINT kuciniki_event_object_check CHECK (object IN ('skp', 'penilaian'))
);
CREATE INDEX kuciniki_event_skp_idx ON kuciniki_event (skp_id, id);
REVOKE UPDATE, DELETE, TRUNCATE ON kuciniki_version, kuciniki_event FROM portal_app;
REVOKE DELETE, TRUNCATE ON kuciniki_skp, kuciniki_period FROM portal_app;

-- The posts above a post, its own first (step 0).
CREATE FUNCTION kuciniki_above(post bigint) RETURNS TABLE (position_id bigint, step integer) LANGUAGE sql STABLE AS $$
    WITH RECURSIVE up AS (
        SELECT post AS id, 0 AS step
        UNION ALL
        SELECT p.superior_id, up.step + 1 FROM up JOIN org_position p ON p.id = up.id WHERE p.superior_id IS NOT NULL AND up.step < 12
    )
    SELECT id, step FROM up
$$;

-- How somebody does is between them and those above: figures have no use for it.
REVOKE ALL ON kuciniki_skp, kuciniki_rhk, kuciniki_indicator, kuciniki_version, kuciniki_event FROM portal_readonly;
