-- Evaluations, feedback, objections.

CREATE TABLE kuciniki_evaluation (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    skp_id     bigint NOT NULL,
    year       integer NOT NULL,
    month      integer NOT NULL, -- 0: the year
    status     text NOT NULL,
    status_at  timestamptz NOT NULL,
    seq        integer NOT NULL,
    reflection_sealed bytea, -- what the person says of it
    co_sealed  bytea,        -- what the second rater says
    co_at      timestamptz,
    co_person_id bigint,
    given_at   timestamptz,  -- when the person got it
    given_by   bigint,       -- person
    objection_sealed bytea,
    CONSTRAINT kuciniki_evaluation_pkey PRIMARY KEY (id),
    CONSTRAINT kuciniki_evaluation_once_key UNIQUE (skp_id, month),
    CONSTRAINT kuciniki_evaluation_skp_id_fkey FOREIGN KEY (skp_id) REFERENCES kuciniki_skp (id),
    CONSTRAINT kuciniki_evaluation_period_fkey FOREIGN KEY (year, month) REFERENCES kuciniki_period (year, month),
    CONSTRAINT kuciniki_evaluation_co_person_id_fkey FOREIGN KEY (co_person_id) REFERENCES org_person (id),
    CONSTRAINT kuciniki_evaluation_given_by_fkey FOREIGN KEY (given_by) REFERENCES org_person (id),
    CONSTRAINT kuciniki_evaluation_status_check CHECK (status IN ('terbuka', 'dilaporkan', 'menunggu_atasan', 'disampaikan', 'diterima', 'disanggah', 'diputus')),
    CONSTRAINT kuciniki_evaluation_given_check CHECK ((given_at IS NULL) = (status IN ('terbuka', 'dilaporkan', 'menunggu_atasan')))
);
CREATE INDEX kuciniki_evaluation_period_idx ON kuciniki_evaluation (year, month, status);

CREATE TABLE kuciniki_realisation (
    evaluation_id bigint NOT NULL,
    indicator_id  bigint NOT NULL,
    value         numeric(14, 2),
    note          text NOT NULL DEFAULT '',
    CONSTRAINT kuciniki_realisation_pkey PRIMARY KEY (evaluation_id, indicator_id),
    CONSTRAINT kuciniki_realisation_evaluation_id_fkey FOREIGN KEY (evaluation_id) REFERENCES kuciniki_evaluation (id),
    CONSTRAINT kuciniki_realisation_indicator_id_fkey FOREIGN KEY (indicator_id) REFERENCES kuciniki_indicator (id) ON DELETE CASCADE,
    CONSTRAINT kuciniki_realisation_value_check CHECK (value >= 0),
    CONSTRAINT kuciniki_realisation_note_check CHECK (char_length(note) <= 500)
);
CREATE INDEX kuciniki_realisation_indicator_idx ON kuciniki_realisation (indicator_id);

-- The judgement, and after an objection the one that was decided: both stay.
CREATE TABLE kuciniki_judgement (
    evaluation_id bigint NOT NULL,
    version       integer NOT NULL,
    result        text NOT NULL,
    behaviour     text NOT NULL,
    predicate     text NOT NULL,
    values_rated  jsonb NOT NULL,
    proposed_result    text NOT NULL DEFAULT '',
    proposed_behaviour text NOT NULL DEFAULT '',
    score         double precision,
    basis         jsonb NOT NULL, -- what it was judged by, as it was then
    reason_sealed bytea,
    person_id     bigint NOT NULL,
    title         text NOT NULL,
    at            timestamptz NOT NULL,
    CONSTRAINT kuciniki_judgement_pkey PRIMARY KEY (evaluation_id, version),
    CONSTRAINT kuciniki_judgement_evaluation_id_fkey FOREIGN KEY (evaluation_id) REFERENCES kuciniki_evaluation (id),
    CONSTRAINT kuciniki_judgement_person_id_fkey FOREIGN KEY (person_id) REFERENCES org_person (id),
    CONSTRAINT kuciniki_judgement_rating_check CHECK (result IN ('di_bawah', 'sesuai', 'di_atas') AND behaviour IN ('di_bawah', 'sesuai', 'di_atas')
        AND proposed_result IN ('', 'di_bawah', 'sesuai', 'di_atas') AND proposed_behaviour IN ('', 'di_bawah', 'sesuai', 'di_atas')),
    CONSTRAINT kuciniki_judgement_predicate_check CHECK (predicate IN ('sangat_baik', 'baik', 'butuh_perbaikan', 'kurang', 'sangat_kurang'))
);

-- Feedback through the year, between who gives it, who gets it and the rater.
CREATE TABLE kuciniki_note (
    id        bigint GENERATED ALWAYS AS IDENTITY,
    skp_id    bigint NOT NULL,
    kind      text NOT NULL,
    by_id     bigint NOT NULL, -- person
    title     text NOT NULL,
    value     text NOT NULL DEFAULT '', -- of BerAKHLAK, that it is about
    rating    text NOT NULL DEFAULT '',
    text_sealed bytea NOT NULL,
    at        timestamptz NOT NULL,
    entry_key text NOT NULL, -- a resend of the form
    CONSTRAINT kuciniki_note_pkey PRIMARY KEY (id),
    CONSTRAINT kuciniki_note_once_key UNIQUE (by_id, entry_key),
    CONSTRAINT kuciniki_note_skp_id_fkey FOREIGN KEY (skp_id) REFERENCES kuciniki_skp (id),
    CONSTRAINT kuciniki_note_by_id_fkey FOREIGN KEY (by_id) REFERENCES org_person (id),
    CONSTRAINT kuciniki_note_kind_check CHECK (kind IN ('umpan_balik', 'dialog')),
    CONSTRAINT kuciniki_note_value_check CHECK (value IN ('', 'berorientasi_pelayanan', 'akuntabel', 'kompeten', 'harmonis', 'loyal', 'adaptif', 'kolaboratif')),
    CONSTRAINT kuciniki_note_rating_check CHECK (rating IN ('', 'di_bawah', 'sesuai', 'di_atas') AND (value = '') = (rating = ''))
);
CREATE INDEX kuciniki_note_skp_idx ON kuciniki_note (skp_id, at);

-- How well a unit did as a whole in a year, as the city found.
CREATE TABLE kuciniki_unit_predicate (
    year      integer NOT NULL,
    unit_id   bigint NOT NULL,
    predicate text NOT NULL,
    set_at    timestamptz NOT NULL,
    CONSTRAINT kuciniki_unit_predicate_pkey PRIMARY KEY (year, unit_id),
    CONSTRAINT kuciniki_unit_predicate_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id),
    CONSTRAINT kuciniki_unit_predicate_check CHECK (predicate IN ('istimewa', 'baik', 'butuh_perbaikan', 'kurang', 'sangat_kurang'))
);

REVOKE UPDATE, DELETE, TRUNCATE ON kuciniki_judgement, kuciniki_note FROM portal_app;
REVOKE DELETE, TRUNCATE ON kuciniki_evaluation FROM portal_app;
REVOKE ALL ON kuciniki_evaluation, kuciniki_realisation, kuciniki_judgement, kuciniki_note FROM portal_readonly;
