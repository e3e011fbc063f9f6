-- Puskesmas: what they offer when, who has a number, and what happened in the queue.

-- How a puskesmas takes patients; its name, address and place are in the directory.
CREATE TABLE epuskesmas_site (
    unit_id      bigint NOT NULL,
    slug         text NOT NULL,
    horizon_days integer NOT NULL DEFAULT 7,  -- how far ahead people may book
    open         boolean NOT NULL DEFAULT false,
    board_sealed bytea,                       -- the token of /layar
    board_hash   bytea,
    kiosk_sealed bytea,
    kiosk_hash   bytea,
    last_record  integer NOT NULL DEFAULT 0,  -- medical-record numbers given
    version      integer NOT NULL DEFAULT 1,
    updated_at   timestamptz NOT NULL,
    CONSTRAINT epuskesmas_site_pkey PRIMARY KEY (unit_id),
    CONSTRAINT epuskesmas_site_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id),
    CONSTRAINT epuskesmas_site_slug_key UNIQUE (slug),
    CONSTRAINT epuskesmas_site_slug_check CHECK (slug ~ '^[a-z0-9-]{2,60}$'),
    CONSTRAINT epuskesmas_site_horizon_check CHECK (horizon_days BETWEEN 0 AND 90),
    CONSTRAINT epuskesmas_site_board_key UNIQUE (board_hash),
    CONSTRAINT epuskesmas_site_kiosk_key UNIQUE (kiosk_hash)
);

-- A place where people queue: the registration desk, a poli, the laboratory, the pharmacy.
CREATE TABLE epuskesmas_poli (
    id             bigint GENERATED ALWAYS AS IDENTITY,
    unit_id        bigint NOT NULL,
    kind           text NOT NULL,
    letter         text NOT NULL,             -- of its numbers: A-017
    name           text NOT NULL,
    spoken         text NOT NULL,             -- "Poli Umum", as it is said
    bpjs_code      text NOT NULL DEFAULT '',
    priority_ratio integer NOT NULL DEFAULT 2, -- priority patients in a row
    position       integer NOT NULL DEFAULT 0,
    active         boolean NOT NULL DEFAULT true,
    CONSTRAINT epuskesmas_poli_pkey PRIMARY KEY (id),
    CONSTRAINT epuskesmas_poli_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES epuskesmas_site (unit_id),
    CONSTRAINT epuskesmas_poli_kind_check CHECK (kind IN ('loket', 'poli', 'lab', 'farmasi')),
    CONSTRAINT epuskesmas_poli_letter_check CHECK (letter ~ '^[A-Z]{1,2}$'),
    CONSTRAINT epuskesmas_poli_name_check CHECK (char_length(name) BETWEEN 1 AND 60 AND char_length(spoken) BETWEEN 1 AND 60),
    CONSTRAINT epuskesmas_poli_ratio_check CHECK (priority_ratio BETWEEN 1 AND 9)
);
CREATE UNIQUE INDEX epuskesmas_poli_letter_key ON epuskesmas_poli (unit_id, letter) WHERE active;

CREATE TABLE epuskesmas_counter (
    id      bigint GENERATED ALWAYS AS IDENTITY,
    poli_id bigint NOT NULL,
    name    text NOT NULL,                    -- "Ruang 2", "Loket 1"
    active  boolean NOT NULL DEFAULT true,
    CONSTRAINT epuskesmas_counter_pkey PRIMARY KEY (id),
    CONSTRAINT epuskesmas_counter_poli_id_fkey FOREIGN KEY (poli_id) REFERENCES epuskesmas_poli (id),
    CONSTRAINT epuskesmas_counter_name_key UNIQUE (poli_id, name)
);

CREATE TABLE epuskesmas_doctor (
    id        bigint GENERATED ALWAYS AS IDENTITY,
    unit_id   bigint NOT NULL,
    name      text NOT NULL,
    bpjs_code integer,
    active    boolean NOT NULL DEFAULT true,
    CONSTRAINT epuskesmas_doctor_pkey PRIMARY KEY (id),
    CONSTRAINT epuskesmas_doctor_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES epuskesmas_site (unit_id),
    CONSTRAINT epuskesmas_doctor_name_check CHECK (char_length(name) BETWEEN 1 AND 100)
);
CREATE UNIQUE INDEX epuskesmas_doctor_bpjs_key ON epuskesmas_doctor (unit_id, bpjs_code) WHERE active;

-- What a week looks like. Quotas: all places, those of them that may be taken online
-- before opening, and at most so many JKN and non-JKN patients (NULL: no limit).
CREATE TABLE epuskesmas_plan (
    id            bigint GENERATED ALWAYS AS IDENTITY,
    poli_id       bigint NOT NULL,
    weekday       integer NOT NULL,           -- 1 Monday to 7 Sunday
    starts        time NOT NULL,
    ends          time NOT NULL,
    quota         integer NOT NULL,
    quota_online  integer NOT NULL,
    quota_jkn     integer,
    quota_general integer,
    doctor_ids    bigint[] NOT NULL DEFAULT '{}',
    valid_from    date NOT NULL,
    valid_to      date,
    CONSTRAINT epuskesmas_plan_pkey PRIMARY KEY (id),
    CONSTRAINT epuskesmas_plan_poli_id_fkey FOREIGN KEY (poli_id) REFERENCES epuskesmas_poli (id),
    CONSTRAINT epuskesmas_plan_weekday_check CHECK (weekday BETWEEN 1 AND 7),
    CONSTRAINT epuskesmas_plan_hours_check CHECK (ends > starts),
    CONSTRAINT epuskesmas_plan_quota_check CHECK (quota BETWEEN 1 AND 2000 AND quota_online BETWEEN 0 AND quota
        AND quota_jkn BETWEEN 0 AND quota AND quota_general BETWEEN 0 AND quota),
    CONSTRAINT epuskesmas_plan_valid_check CHECK (valid_to >= valid_from)
);
CREATE INDEX epuskesmas_plan_poli_idx ON epuskesmas_plan (poli_id, weekday);

-- Days on which a puskesmas, or one poli of it, is closed besides the calendar's holidays.
CREATE TABLE epuskesmas_closure (
    id       bigint GENERATED ALWAYS AS IDENTITY,
    unit_id  bigint NOT NULL,
    poli_id  bigint,
    from_day date NOT NULL,
    to_day   date NOT NULL,
    reason   text NOT NULL,
    CONSTRAINT epuskesmas_closure_pkey PRIMARY KEY (id),
    CONSTRAINT epuskesmas_closure_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES epuskesmas_site (unit_id),
    CONSTRAINT epuskesmas_closure_poli_id_fkey FOREIGN KEY (poli_id) REFERENCES epuskesmas_poli (id),
    CONSTRAINT epuskesmas_closure_days_check CHECK (to_day >= from_day),
    CONSTRAINT epuskesmas_closure_reason_check CHECK (char_length(reason) BETWEEN 3 AND 200)
);

-- One session of a poli on a day: made from the plan when first looked at. Its row is
-- the allocator: whoever takes a number locks it.
CREATE TABLE epuskesmas_session (
    id             bigint GENERATED ALWAYS AS IDENTITY,
    unit_id        bigint NOT NULL,
    poli_id        bigint NOT NULL,
    day            date NOT NULL,
    starts_at      timestamptz NOT NULL,
    ends_at        timestamptz NOT NULL,
    quota          integer NOT NULL,
    quota_online   integer NOT NULL,
    quota_jkn      integer,
    quota_general  integer,
    -- Numbers given are never given again; places taken fall when somebody cancels.
    last_number    integer NOT NULL DEFAULT 0,
    taken          integer NOT NULL DEFAULT 0,
    taken_online   integer NOT NULL DEFAULT 0,
    taken_jkn      integer NOT NULL DEFAULT 0,
    taken_general  integer NOT NULL DEFAULT 0,
    status         text NOT NULL DEFAULT 'terencana',
    in_row         integer NOT NULL DEFAULT 0, -- priority patients called since the last regular one
    high_key       double precision NOT NULL DEFAULT 0,
    seq            integer NOT NULL DEFAULT 0, -- of the newest event
    CONSTRAINT epuskesmas_session_pkey PRIMARY KEY (id),
    CONSTRAINT epuskesmas_session_key UNIQUE (poli_id, starts_at),
    CONSTRAINT epuskesmas_session_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES epuskesmas_site (unit_id),
    CONSTRAINT epuskesmas_session_poli_id_fkey FOREIGN KEY (poli_id) REFERENCES epuskesmas_poli (id),
    CONSTRAINT epuskesmas_session_status_check CHECK (status IN ('terencana', 'berjalan', 'selesai', 'ditiadakan')),
    CONSTRAINT epuskesmas_session_hours_check CHECK (ends_at > starts_at),
    CONSTRAINT epuskesmas_session_taken_check CHECK (taken BETWEEN 0 AND quota AND taken_online BETWEEN 0 AND taken
        AND taken_jkn >= 0 AND taken_general >= 0 AND taken_jkn + taken_general <= taken
        AND (quota_jkn IS NULL OR taken_jkn <= quota_jkn) AND (quota_general IS NULL OR taken_general <= quota_general))
);
CREATE INDEX epuskesmas_session_day_idx ON epuskesmas_session (unit_id, day);
CREATE INDEX epuskesmas_session_open_idx ON epuskesmas_session (day) WHERE status IN ('terencana', 'berjalan');

-- Who is on duty in a session and what they do now.
CREATE TABLE epuskesmas_duty (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    session_id bigint NOT NULL,
    doctor_id  bigint NOT NULL,
    counter_id bigint,
    status     text NOT NULL DEFAULT 'terjadwal',
    since      timestamptz,
    reason     text NOT NULL DEFAULT '',
    CONSTRAINT epuskesmas_duty_pkey PRIMARY KEY (id),
    CONSTRAINT epuskesmas_duty_key UNIQUE (session_id, doctor_id),
    CONSTRAINT epuskesmas_duty_session_id_fkey FOREIGN KEY (session_id) REFERENCES epuskesmas_session (id),
    CONSTRAINT epuskesmas_duty_doctor_id_fkey FOREIGN KEY (doctor_id) REFERENCES epuskesmas_doctor (id),
    CONSTRAINT epuskesmas_duty_counter_id_fkey FOREIGN KEY (counter_id) REFERENCES epuskesmas_counter (id),
    CONSTRAINT epuskesmas_duty_status_check CHECK (status IN ('terjadwal', 'hadir', 'jeda', 'absen'))
);

-- Changes of quota, for the auditor. Only ever added to.
CREATE TABLE epuskesmas_quota_change (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    unit_id    bigint NOT NULL,
    session_id bigint,
    plan_id    bigint,
    at         timestamptz NOT NULL,
    actor_id   bigint,
    before     jsonb NOT NULL,
    after      jsonb NOT NULL,
    reason     text NOT NULL,
    CONSTRAINT epuskesmas_quota_change_pkey PRIMARY KEY (id),
    CONSTRAINT epuskesmas_quota_change_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES epuskesmas_site (unit_id),
    CONSTRAINT epuskesmas_quota_change_session_id_fkey FOREIGN KEY (session_id) REFERENCES epuskesmas_session (id),
    CONSTRAINT epuskesmas_quota_change_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES authn_account (id)
);
CREATE INDEX epuskesmas_quota_change_unit_idx ON epuskesmas_quota_change (unit_id, id);
REVOKE UPDATE, DELETE, TRUNCATE ON epuskesmas_quota_change FROM portal_app;

-- Patients of one puskesmas. No clinical data.
CREATE TABLE epuskesmas_patient (
    id            bigint GENERATED ALWAYS AS IDENTITY,
    unit_id       bigint NOT NULL,
    record_number integer,                    -- NULL: booked and never came
    name          text NOT NULL,
    name_fold     text NOT NULL,
    birth_date    date NOT NULL,
    sex           smallint,
    nik_sealed    bytea,
    nik_hash      bytea,
    bpjs_sealed   bytea,
    bpjs_hash     bytea,
    phone_sealed  bytea,
    faskes        text NOT NULL DEFAULT '',   -- registered at, as the card says
    version       integer NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    CONSTRAINT epuskesmas_patient_pkey PRIMARY KEY (id),
    CONSTRAINT epuskesmas_patient_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES epuskesmas_site (unit_id),
    CONSTRAINT epuskesmas_patient_record_key UNIQUE (unit_id, record_number),
    CONSTRAINT epuskesmas_patient_nik_check CHECK ((nik_sealed IS NULL) = (nik_hash IS NULL)),
    CONSTRAINT epuskesmas_patient_bpjs_check CHECK ((bpjs_sealed IS NULL) = (bpjs_hash IS NULL)),
    CONSTRAINT epuskesmas_patient_name_check CHECK (char_length(name) BETWEEN 1 AND 100)
);
CREATE UNIQUE INDEX epuskesmas_patient_nik_key ON epuskesmas_patient (unit_id, nik_hash) WHERE nik_hash IS NOT NULL;
CREATE INDEX epuskesmas_patient_bpjs_idx ON epuskesmas_patient (unit_id, bpjs_hash) WHERE bpjs_hash IS NOT NULL;
CREATE INDEX epuskesmas_patient_name_idx ON epuskesmas_patient (unit_id, name_fold, id);
CREATE INDEX epuskesmas_patient_trgm_idx ON epuskesmas_patient USING gin (name_fold gin_trgm_ops) WITH (fastupdate = off);

-- One coming of one patient: the steps are its tickets.
CREATE TABLE epuskesmas_visit (
    id             bigint GENERATED ALWAYS AS IDENTITY,
    unit_id        bigint NOT NULL,
    day            date NOT NULL,
    patient_id     bigint,                    -- NULL: a kiosk number, not registered yet
    account_id     bigint,
    contact_hash   bytea,                     -- whose contact booked it: counts active tickets
    contact_sealed bytea,
    contact_kind   text NOT NULL DEFAULT '',
    token_sealed   bytea NOT NULL,            -- of /antrean/{token}
    token_hash     bytea NOT NULL,
    booking_key    text,                      -- a resend gives the same ticket
    payer          text NOT NULL DEFAULT 'umum',
    complaint_sealed bytea,
    origin         text NOT NULL,
    created_at     timestamptz NOT NULL,
    -- When the ticket's link, the reminder of the evening before and the one two hours before were sent.
    told_at        timestamptz,
    evening_at     timestamptz,
    soon_at        timestamptz,
    CONSTRAINT epuskesmas_visit_pkey PRIMARY KEY (id),
    CONSTRAINT epuskesmas_visit_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES epuskesmas_site (unit_id),
    CONSTRAINT epuskesmas_visit_patient_id_fkey FOREIGN KEY (patient_id) REFERENCES epuskesmas_patient (id),
    CONSTRAINT epuskesmas_visit_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id),
    CONSTRAINT epuskesmas_visit_token_key UNIQUE (token_hash),
    CONSTRAINT epuskesmas_visit_booking_key UNIQUE (booking_key),
    CONSTRAINT epuskesmas_visit_payer_check CHECK (payer IN ('jkn', 'umum')),
    CONSTRAINT epuskesmas_visit_origin_check CHECK (origin IN ('daring', 'loket', 'bpjs'))
);
CREATE INDEX epuskesmas_visit_contact_idx ON epuskesmas_visit (contact_hash, day) WHERE contact_hash IS NOT NULL;
CREATE INDEX epuskesmas_visit_day_idx ON epuskesmas_visit (day) WHERE contact_sealed IS NOT NULL;
CREATE INDEX epuskesmas_visit_patient_idx ON epuskesmas_visit (patient_id, day);
CREATE INDEX epuskesmas_visit_account_idx ON epuskesmas_visit (account_id, day) WHERE account_id IS NOT NULL;

-- A number in a session.
CREATE TABLE epuskesmas_ticket (
    id            bigint GENERATED ALWAYS AS IDENTITY,
    visit_id      bigint NOT NULL,
    session_id    bigint NOT NULL,
    unit_id       bigint NOT NULL,
    poli_id       bigint NOT NULL,
    day           date NOT NULL,
    patient_id    bigint,
    number        integer NOT NULL,
    code          text NOT NULL,              -- A-017
    class         text NOT NULL DEFAULT 'biasa',
    class_reason  text NOT NULL DEFAULT '',
    -- Which quotas it took; a step inside the house takes none.
    online        boolean NOT NULL,
    jkn           boolean NOT NULL,
    counted       boolean NOT NULL,
    status        text NOT NULL,
    status_at     timestamptz NOT NULL,
    queue_key     double precision NOT NULL,  -- order among those who wait
    advised_at    timestamptz,
    here_at       timestamptz,
    assessed_at   timestamptz,                -- the nurse has looked
    first_call_at timestamptz,
    called_at     timestamptz,
    calls         integer NOT NULL DEFAULT 0, -- without an answer so far
    started_at    timestamptz,
    ended_at      timestamptz,
    counter_id    bigint,
    doctor_id     bigint,
    moved_to      bigint,                     -- the ticket that took its place
    late_entry    boolean NOT NULL DEFAULT false, -- from paper, after the fact
    seq           integer NOT NULL DEFAULT 1,
    CONSTRAINT epuskesmas_ticket_pkey PRIMARY KEY (id),
    CONSTRAINT epuskesmas_ticket_number_key UNIQUE (session_id, number),
    CONSTRAINT epuskesmas_ticket_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES epuskesmas_visit (id),
    CONSTRAINT epuskesmas_ticket_session_id_fkey FOREIGN KEY (session_id) REFERENCES epuskesmas_session (id),
    CONSTRAINT epuskesmas_ticket_poli_id_fkey FOREIGN KEY (poli_id) REFERENCES epuskesmas_poli (id),
    CONSTRAINT epuskesmas_ticket_patient_id_fkey FOREIGN KEY (patient_id) REFERENCES epuskesmas_patient (id),
    CONSTRAINT epuskesmas_ticket_counter_id_fkey FOREIGN KEY (counter_id) REFERENCES epuskesmas_counter (id),
    CONSTRAINT epuskesmas_ticket_doctor_id_fkey FOREIGN KEY (doctor_id) REFERENCES epuskesmas_doctor (id),
    CONSTRAINT epuskesmas_ticket_moved_to_fkey FOREIGN KEY (moved_to) REFERENCES epuskesmas_ticket (id),
    CONSTRAINT epuskesmas_ticket_class_check CHECK (class IN ('biasa', 'prioritas', 'darurat')),
    CONSTRAINT epuskesmas_ticket_status_check CHECK (status IN ('dipesan', 'menunggu', 'dipanggil', 'dilayani', 'selesai', 'tidak_hadir',
        'batal', 'dijadwalkan_ulang', 'dialihkan', 'dirujuk')),
    CONSTRAINT epuskesmas_ticket_times_check CHECK (ended_at >= started_at AND started_at >= called_at)
);
-- One active ticket per patient, poli and day; one patient at a time per counter and per doctor.
CREATE UNIQUE INDEX epuskesmas_ticket_patient_key ON epuskesmas_ticket (patient_id, poli_id, day)
    WHERE status IN ('dipesan', 'menunggu', 'dipanggil', 'dilayani');
CREATE UNIQUE INDEX epuskesmas_ticket_counter_key ON epuskesmas_ticket (counter_id) WHERE status IN ('dipanggil', 'dilayani');
CREATE INDEX epuskesmas_ticket_session_idx ON epuskesmas_ticket (session_id, queue_key) WHERE status IN ('dipesan', 'menunggu', 'dipanggil', 'dilayani');
CREATE INDEX epuskesmas_ticket_visit_idx ON epuskesmas_ticket (visit_id);
CREATE INDEX epuskesmas_ticket_day_idx ON epuskesmas_ticket (unit_id, day, poli_id);

-- What happened, on the server's clock. Only ever added to.
CREATE TABLE epuskesmas_event (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    session_id  bigint NOT NULL,
    seq         integer NOT NULL,
    at          timestamptz NOT NULL,
    action      text NOT NULL,
    ticket_id   bigint,
    doctor_id   bigint,
    counter_id  bigint,
    from_status text NOT NULL DEFAULT '',
    to_status   text NOT NULL DEFAULT '',
    reason      text NOT NULL DEFAULT '',
    actor_id    bigint,
    late        boolean NOT NULL DEFAULT false, -- entered from paper: the estimator does not look
    happened_at timestamptz,                    -- then, when it was
    CONSTRAINT epuskesmas_event_pkey PRIMARY KEY (id),
    CONSTRAINT epuskesmas_event_seq_key UNIQUE (session_id, seq),
    CONSTRAINT epuskesmas_event_session_id_fkey FOREIGN KEY (session_id) REFERENCES epuskesmas_session (id),
    CONSTRAINT epuskesmas_event_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES epuskesmas_ticket (id),
    CONSTRAINT epuskesmas_event_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES authn_account (id)
);
CREATE INDEX epuskesmas_event_ticket_idx ON epuskesmas_event (ticket_id) WHERE ticket_id IS NOT NULL;
REVOKE UPDATE, DELETE, TRUNCATE ON epuskesmas_event FROM portal_app;

-- Every estimate that was shown, exactly. Only ever added to.
CREATE TABLE epuskesmas_estimate (
    id        bigint GENERATED ALWAYS AS IDENTITY,
    ticket_id bigint NOT NULL,
    at        timestamptz NOT NULL,
    seq       integer NOT NULL,               -- of the session's event that it rests on
    p10       timestamptz NOT NULL,
    p50       timestamptz NOT NULL,
    p90       timestamptz NOT NULL,
    ahead     integer NOT NULL,
    moment    text NOT NULL,                  -- pesan, hadir or antre
    CONSTRAINT epuskesmas_estimate_pkey PRIMARY KEY (id),
    CONSTRAINT epuskesmas_estimate_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES epuskesmas_ticket (id),
    CONSTRAINT epuskesmas_estimate_order_check CHECK (p10 <= p50 AND p50 <= p90)
);
CREATE INDEX epuskesmas_estimate_ticket_idx ON epuskesmas_estimate (ticket_id, id);
REVOKE UPDATE, DELETE, TRUNCATE ON epuskesmas_estimate FROM portal_app;

-- Up to which event the times of a session were worked out, and when: portals share the work by it.
CREATE TABLE epuskesmas_reckoned (
    session_id bigint NOT NULL,
    seq        integer NOT NULL,
    at         timestamptz NOT NULL,
    CONSTRAINT epuskesmas_reckoned_pkey PRIMARY KEY (session_id),
    CONSTRAINT epuskesmas_reckoned_session_id_fkey FOREIGN KEY (session_id) REFERENCES epuskesmas_session (id)
);

REVOKE DELETE, TRUNCATE ON epuskesmas_patient, epuskesmas_visit, epuskesmas_ticket, epuskesmas_session FROM portal_app;
REVOKE ALL ON epuskesmas_site, epuskesmas_patient, epuskesmas_visit, epuskesmas_ticket, epuskesmas_event, epuskesmas_doctor FROM portal_readonly;

-- Codes for people without an account: whoever takes a number shows that the contact is theirs.
ALTER TABLE authn_code DROP CONSTRAINT authn_code_purpose_check;
ALTER TABLE authn_code ADD CONSTRAINT authn_code_purpose_check CHECK (purpose IN ('signup', 'reset', 'contact', 'activation', 'guest'));
