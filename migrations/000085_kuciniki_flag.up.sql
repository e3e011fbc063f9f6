-- Patterns in the ledger that people should look at, found once a day; what those say whom they
-- are about, and how others judge them. Nothing here is ever taken back.
CREATE TABLE kuciniki_flag (
    id        bigint GENERATED ALWAYS AS IDENTITY,
    pattern   text NOT NULL,
    person_id bigint NOT NULL,
    other_id  bigint NOT NULL DEFAULT 0, -- person, of a pair; 0: nobody
    unit_id   bigint NOT NULL, -- where the person works
    n         integer NOT NULL,
    text      text NOT NULL,
    events    bigint[] NOT NULL, -- entries behind it
    first_at  timestamptz NOT NULL,
    last_at   timestamptz NOT NULL,
    found_at  timestamptz NOT NULL,
    gone_at   timestamptz, -- not found any more before anybody judged it
    seen_by   bigint[] NOT NULL DEFAULT '{}', -- of those it is about
    status    text NOT NULL,
    status_at timestamptz NOT NULL,
    seq       integer NOT NULL DEFAULT 0,
    CONSTRAINT kuciniki_flag_pkey PRIMARY KEY (id),
    CONSTRAINT kuciniki_flag_person_id_fkey FOREIGN KEY (person_id) REFERENCES org_person (id),
    CONSTRAINT kuciniki_flag_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id),
    CONSTRAINT kuciniki_flag_status_check CHECK (status IN ('ditemukan', 'dijawab', 'dinilai', 'disanggah', 'diputus')),
    CONSTRAINT kuciniki_flag_order_check CHECK (last_at >= first_at AND n > 0 AND person_id <> other_id)
);
CREATE UNIQUE INDEX kuciniki_flag_open_key ON kuciniki_flag (pattern, person_id, other_id) WHERE status IN ('ditemukan', 'dijawab');
CREATE INDEX kuciniki_flag_unit_idx ON kuciniki_flag (unit_id, found_at);
CREATE INDEX kuciniki_flag_person_idx ON kuciniki_flag (person_id);
CREATE INDEX kuciniki_flag_other_idx ON kuciniki_flag (other_id) WHERE other_id <> 0;

CREATE TABLE kuciniki_flag_word (
    flag_id     bigint NOT NULL,
    seq         integer NOT NULL,
    action      text NOT NULL,
    verdict     text NOT NULL DEFAULT '',
    text_sealed bytea NOT NULL,
    person_id   bigint NOT NULL,
    title       text NOT NULL,
    at          timestamptz NOT NULL,
    CONSTRAINT kuciniki_flag_word_pkey PRIMARY KEY (flag_id, seq),
    CONSTRAINT kuciniki_flag_word_flag_id_fkey FOREIGN KEY (flag_id) REFERENCES kuciniki_flag (id),
    CONSTRAINT kuciniki_flag_word_person_id_fkey FOREIGN KEY (person_id) REFERENCES org_person (id),
    CONSTRAINT kuciniki_flag_word_action_check CHECK (action IN ('jawab', 'nilai', 'sanggah', 'putus')),
    CONSTRAINT kuciniki_flag_word_verdict_check CHECK (verdict IN ('', 'wajar', 'dibina', 'diperiksa') AND (verdict <> '') = (action IN ('nilai', 'putus')))
);

REVOKE DELETE, TRUNCATE ON kuciniki_flag FROM portal_app;
REVOKE UPDATE, DELETE, TRUNCATE ON kuciniki_flag_word FROM portal_app;
REVOKE ALL ON kuciniki_flag, kuciniki_flag_word FROM portal_readonly;

-- When somebody last looked for patterns.
ALTER TABLE kuciniki_fold ADD COLUMN looked_at timestamptz;
