-- Attendance from machines, the letters that justify absence, the manual log, and how TPP is reckoned.

CREATE TABLE kuciniki_attendance (
    person_id   bigint NOT NULL,
    day         date NOT NULL,
    came        time,
    went        time,
    imported_at timestamptz NOT NULL,
    CONSTRAINT kuciniki_attendance_pkey PRIMARY KEY (person_id, day),
    CONSTRAINT kuciniki_attendance_person_id_fkey FOREIGN KEY (person_id) REFERENCES org_person (id),
    CONSTRAINT kuciniki_attendance_order_check CHECK (went >= came)
);

-- Leave, duty elsewhere, training, illness: days that count as if present, by a letter.
CREATE TABLE kuciniki_leave (
    id        bigint GENERATED ALWAYS AS IDENTITY,
    person_id bigint NOT NULL,
    first_day date NOT NULL,
    last_day  date NOT NULL,
    kind      text NOT NULL,
    number    text NOT NULL, -- of the letter
    added_by  bigint NOT NULL, -- person
    added_at  timestamptz NOT NULL,
    CONSTRAINT kuciniki_leave_pkey PRIMARY KEY (id),
    CONSTRAINT kuciniki_leave_once_key UNIQUE (person_id, first_day, number),
    CONSTRAINT kuciniki_leave_person_id_fkey FOREIGN KEY (person_id) REFERENCES org_person (id),
    CONSTRAINT kuciniki_leave_added_by_fkey FOREIGN KEY (added_by) REFERENCES org_person (id),
    CONSTRAINT kuciniki_leave_order_check CHECK (last_day >= first_day AND last_day - first_day <= 366),
    CONSTRAINT kuciniki_leave_kind_check CHECK (kind IN ('cuti', 'tugas', 'diklat', 'sakit')),
    CONSTRAINT kuciniki_leave_number_check CHECK (char_length(number) BETWEEN 3 AND 120)
);
CREATE INDEX kuciniki_leave_person_idx ON kuciniki_leave (person_id, first_day);

-- Work that leaves no trace elsewhere. One in ten is shown to a witness.
CREATE TABLE kuciniki_log (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    person_id   bigint NOT NULL,
    position_id bigint NOT NULL,
    day         date NOT NULL,
    minutes     integer NOT NULL,
    text_sealed bytea NOT NULL,
    witness_id  bigint NOT NULL, -- person
    status      text NOT NULL,
    answered_at timestamptz,
    at          timestamptz NOT NULL,
    entry_key   text NOT NULL, -- a resend of the form
    CONSTRAINT kuciniki_log_pkey PRIMARY KEY (id),
    CONSTRAINT kuciniki_log_once_key UNIQUE (person_id, entry_key),
    CONSTRAINT kuciniki_log_person_id_fkey FOREIGN KEY (person_id) REFERENCES org_person (id),
    CONSTRAINT kuciniki_log_position_id_fkey FOREIGN KEY (position_id) REFERENCES org_position (id),
    CONSTRAINT kuciniki_log_witness_id_fkey FOREIGN KEY (witness_id) REFERENCES org_person (id),
    CONSTRAINT kuciniki_log_witness_check CHECK (witness_id <> person_id),
    CONSTRAINT kuciniki_log_minutes_check CHECK (minutes BETWEEN 5 AND 600),
    CONSTRAINT kuciniki_log_status_check CHECK (status IN ('dicatat', 'disampel', 'dibenarkan', 'dibantah')),
    CONSTRAINT kuciniki_log_answered_check CHECK ((answered_at IS NULL) = (status IN ('dicatat', 'disampel')))
);
CREATE INDEX kuciniki_log_person_idx ON kuciniki_log (person_id, day DESC, id DESC);
CREATE INDEX kuciniki_log_witness_idx ON kuciniki_log (witness_id) WHERE status = 'disampel';

-- Perwali Makassar 90/2019: 30 of attendance, 70 of performance; what a predicate counts.
CREATE TABLE kuciniki_tpp (
    only_row        boolean NOT NULL DEFAULT true,
    attendance      integer NOT NULL DEFAULT 30,
    sangat_baik     integer NOT NULL DEFAULT 100,
    baik            integer NOT NULL DEFAULT 100,
    butuh_perbaikan integer NOT NULL DEFAULT 75,
    kurang          integer NOT NULL DEFAULT 50,
    sangat_kurang   integer NOT NULL DEFAULT 25,
    CONSTRAINT kuciniki_tpp_pkey PRIMARY KEY (only_row),
    CONSTRAINT kuciniki_tpp_only_row_check CHECK (only_row),
    CONSTRAINT kuciniki_tpp_share_check CHECK (attendance BETWEEN 0 AND 100),
    CONSTRAINT kuciniki_tpp_percent_check CHECK (sangat_baik BETWEEN 0 AND 100 AND baik BETWEEN 0 AND 100 AND butuh_perbaikan BETWEEN 0 AND 100
        AND kurang BETWEEN 0 AND 100 AND sangat_kurang BETWEEN 0 AND 100)
);
INSERT INTO kuciniki_tpp DEFAULT VALUES;

REVOKE DELETE, TRUNCATE ON kuciniki_log, kuciniki_attendance FROM portal_app;
REVOKE INSERT, DELETE, TRUNCATE ON kuciniki_tpp FROM portal_app;
REVOKE ALL ON kuciniki_attendance, kuciniki_leave, kuciniki_log FROM portal_readonly;

-- What waits on desks is asked on every page.
CREATE INDEX kuciniki_skp_waiting_idx ON kuciniki_skp (position_id) WHERE status = 'diajukan';
CREATE INDEX kuciniki_evaluation_waiting_idx ON kuciniki_evaluation (skp_id, status) WHERE status IN ('dilaporkan', 'menunggu_atasan', 'disanggah');
