-- The survey of satisfaction (SKM, PermenPANRB 14/2017): nine answers about a finished case.
CREATE TABLE survey_answer (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    service      text NOT NULL,
    unit_id      bigint NOT NULL,
    -- Keyed: tells that a case has answered, and to nobody without the key which one.
    case_hash    bytea NOT NULL,
    -- The first day of the month; a finer time would tell who it was.
    month        date NOT NULL,
    scores       smallint[] NOT NULL,
    sex          text NOT NULL,
    age          text NOT NULL,
    education    text NOT NULL,
    job          text NOT NULL,
    words_sealed bytea,
    CONSTRAINT survey_answer_pkey PRIMARY KEY (id),
    CONSTRAINT survey_answer_case_key UNIQUE (case_hash),
    CONSTRAINT survey_answer_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id),
    CONSTRAINT survey_answer_service_check CHECK (service IN ('mtr', 'surat', 'puskesmas')),
    CONSTRAINT survey_answer_month_check CHECK (date_trunc('month', month) = month),
    CONSTRAINT survey_answer_scores_check CHECK (cardinality(scores) = 9 AND scores <@ '{1,2,3,4}'::smallint[])
);
CREATE INDEX survey_answer_words_idx ON survey_answer (id) WHERE words_sealed IS NOT NULL;
CREATE INDEX survey_answer_unit_idx ON survey_answer (unit_id, id) WHERE words_sealed IS NOT NULL;
REVOKE DELETE, TRUNCATE ON survey_answer FROM portal_app;
REVOKE ALL ON survey_answer FROM portal_readonly;

-- The sums of the answers, kept with each answer: what the public page reads.
CREATE TABLE survey_sum (
    service text NOT NULL,
    unit_id bigint NOT NULL,
    month   date NOT NULL,
    n       integer NOT NULL,
    scores  integer[] NOT NULL,
    CONSTRAINT survey_sum_pkey PRIMARY KEY (month, service, unit_id),
    CONSTRAINT survey_sum_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id),
    CONSTRAINT survey_sum_n_check CHECK (n > 0),
    CONSTRAINT survey_sum_scores_check CHECK (cardinality(scores) = 9)
);
REVOKE DELETE, TRUNCATE ON survey_sum FROM portal_app;
