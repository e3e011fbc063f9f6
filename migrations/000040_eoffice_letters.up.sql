-- e-Office: official letters between offices, who may open them, and where they are.

-- How an office writes.
CREATE TABLE eoffice_office (
    unit_id    bigint NOT NULL,
    code       text NOT NULL, -- as it stands in numbers ("DPU")
    paper      text NOT NULL DEFAULT 'F4',
    -- Signed letters that need no envelope go to recipients inside the city by themselves.
    auto_send  boolean NOT NULL DEFAULT true,
    version    integer NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL,
    CONSTRAINT eoffice_office_pkey PRIMARY KEY (unit_id),
    CONSTRAINT eoffice_office_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id),
    CONSTRAINT eoffice_office_code_check CHECK (code ~ '^[A-Za-z0-9.-]{1,20}$'),
    CONSTRAINT eoffice_office_paper_check CHECK (paper IN ('A4', 'F4'))
);

-- Classification of records, with how long they are kept. The city edits it.
CREATE TABLE eoffice_kka (
    code           text NOT NULL,
    name           text NOT NULL,
    active_years   integer NOT NULL DEFAULT 2,
    inactive_years integer NOT NULL DEFAULT 3,
    fate           text NOT NULL DEFAULT 'dinilai_kembali',
    in_use         boolean NOT NULL DEFAULT true,
    CONSTRAINT eoffice_kka_pkey PRIMARY KEY (code),
    CONSTRAINT eoffice_kka_code_check CHECK (code ~ '^[0-9]{3}(\.[0-9]{1,3}){0,6}$'),
    CONSTRAINT eoffice_kka_name_check CHECK (char_length(name) BETWEEN 1 AND 200),
    CONSTRAINT eoffice_kka_years_check CHECK (active_years BETWEEN 0 AND 100 AND inactive_years BETWEEN 0 AND 100),
    CONSTRAINT eoffice_kka_fate_check CHECK (fate IN ('musnah', 'permanen', 'dinilai_kembali'))
);

CREATE TABLE eoffice_letter (
    id             bigint GENERATED ALWAYS AS IDENTITY,
    -- keluar: written here; masuk: came from outside on paper or by e-mail.
    origin         text NOT NULL,
    kind_code      text NOT NULL,
    unit_id        bigint NOT NULL, -- the office that issues it, or registered it
    drafter_id     bigint NOT NULL, -- position
    drafted_by     bigint NOT NULL, -- account
    entry_key      text,            -- a resend of the form that began it
    secrecy        text NOT NULL DEFAULT 'B',
    urgency        text NOT NULL DEFAULT 'biasa',
    kka            text NOT NULL DEFAULT '',
    mode           text NOT NULL DEFAULT 'tte',
    -- What it says: in the open for B and T, sealed for R, nowhere for SR.
    subject        text NOT NULL DEFAULT '',
    body           text NOT NULL DEFAULT '',
    content_sealed bytea,
    content_hash   bytea NOT NULL DEFAULT '\x',
    version        integer NOT NULL DEFAULT 1, -- of the content; grows with every change once it was shown to others
    saved          integer NOT NULL DEFAULT 0, -- how often the draft was saved
    chain          jsonb NOT NULL DEFAULT '[]', -- who reads it before whom, and who signs
    step           integer NOT NULL DEFAULT 0,  -- of the chain, where it lies
    desk_id        bigint, -- the position that has to do something with it
    status         text NOT NULL,
    status_at      timestamptz NOT NULL,
    seq            integer NOT NULL DEFAULT 0,
    due_at         timestamptz,
    letter_year    integer,
    letter_no      bigint,
    letter_number  text,
    number_fold    text NOT NULL DEFAULT '', -- letters and digits only, for searching
    dated_at       timestamptz,
    blocks         jsonb NOT NULL DEFAULT '[]', -- whom the numbered paper names
    pdf_key        text NOT NULL DEFAULT '',
    scan_key       text NOT NULL DEFAULT '',
    pdf_hash       bytea,
    signed_at      timestamptz,
    sent_at        timestamptz,
    revoke_reason  text NOT NULL DEFAULT '',
    token_sealed   bytea,
    token_hash     bytea,
    -- Of a letter from outside.
    sender         text NOT NULL DEFAULT '',
    sender_number  text NOT NULL DEFAULT '',
    letter_date    date,
    received_on    date,
    channel        text NOT NULL DEFAULT '',
    paper_place    text NOT NULL DEFAULT '',
    -- Words to find it by: everything for B and T, numbers for R, nothing for SR.
    search_text    text NOT NULL DEFAULT '',
    search_vector  tsvector GENERATED ALWAYS AS (to_tsvector('indonesian'::regconfig, search_text)) STORED,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    CONSTRAINT eoffice_letter_pkey PRIMARY KEY (id),
    CONSTRAINT eoffice_letter_entry_key UNIQUE (drafted_by, entry_key),
    CONSTRAINT eoffice_letter_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id),
    CONSTRAINT eoffice_letter_drafter_id_fkey FOREIGN KEY (drafter_id) REFERENCES org_position (id),
    CONSTRAINT eoffice_letter_desk_id_fkey FOREIGN KEY (desk_id) REFERENCES org_position (id),
    CONSTRAINT eoffice_letter_drafted_by_fkey FOREIGN KEY (drafted_by) REFERENCES authn_account (id),
    CONSTRAINT eoffice_letter_origin_check CHECK (origin IN ('keluar', 'masuk')),
    CONSTRAINT eoffice_letter_secrecy_check CHECK (secrecy IN ('B', 'T', 'R', 'SR')),
    CONSTRAINT eoffice_letter_urgency_check CHECK (urgency IN ('biasa', 'segera', 'sangat_segera', 'kilat')),
    CONSTRAINT eoffice_letter_mode_check CHECK (mode IN ('tte', 'basah')),
    CONSTRAINT eoffice_letter_channel_check CHECK (channel IN ('', 'kertas', 'email', 'srikandi', 'lain')),
    CONSTRAINT eoffice_letter_status_check CHECK (status IN ('konsep', 'perbaikan', 'verifikasi', 'menunggu_ttd', 'menandatangani', 'dicetak',
        'ditandatangani', 'terkirim', 'diarsipkan', 'dibatalkan', 'dicabut', 'tercatat', 'diarahkan')),
    -- What is secret is not lying about in the open.
    CONSTRAINT eoffice_letter_secret_check CHECK (secrecy IN ('B', 'T') OR subject = '' AND body = ''),
    CONSTRAINT eoffice_letter_sealed_check CHECK (content_sealed IS NULL OR secrecy = 'R'),
    CONSTRAINT eoffice_letter_text_check CHECK (char_length(subject) <= 500 AND length(body) <= 400000 AND char_length(sender) <= 200
        AND char_length(sender_number) <= 120 AND char_length(paper_place) <= 120),
    CONSTRAINT eoffice_letter_number_check CHECK ((letter_no IS NULL) = (letter_number IS NULL))
);
CREATE INDEX eoffice_letter_unit_idx ON eoffice_letter (unit_id, id DESC);
CREATE INDEX eoffice_letter_drafter_idx ON eoffice_letter (drafter_id, id DESC);
CREATE INDEX eoffice_letter_desk_idx ON eoffice_letter (desk_id, status, status_at) WHERE desk_id IS NOT NULL;
CREATE INDEX eoffice_letter_signing_idx ON eoffice_letter (status_at) WHERE status = 'menandatangani';
CREATE INDEX eoffice_letter_ready_idx ON eoffice_letter (unit_id, status_at) WHERE status IN ('ditandatangani', 'dicetak', 'tercatat');
CREATE INDEX eoffice_letter_search_idx ON eoffice_letter USING gin (search_vector);
CREATE INDEX eoffice_letter_number_idx ON eoffice_letter USING gin (number_fold gin_trgm_ops);
CREATE UNIQUE INDEX eoffice_letter_token_key ON eoffice_letter (token_hash) WHERE token_hash IS NOT NULL;

-- What the letter said, version by version.
CREATE TABLE eoffice_version (
    letter_id      bigint NOT NULL,
    version        integer NOT NULL,
    subject        text NOT NULL DEFAULT '',
    body           text NOT NULL DEFAULT '',
    content_sealed bytea,
    hash           bytea NOT NULL,
    at             timestamptz NOT NULL,
    actor_id       bigint,
    title          text NOT NULL DEFAULT '',
    CONSTRAINT eoffice_version_pkey PRIMARY KEY (letter_id, version),
    CONSTRAINT eoffice_version_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES eoffice_letter (id)
);

-- To whom it goes, and once it is sent, how far it has come there.
CREATE TABLE eoffice_recipient (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    letter_id   bigint NOT NULL,
    role        text NOT NULL,
    ord         integer NOT NULL,
    unit_id     bigint,  -- the office whose tata usaha takes it in; NULL: outside the city's offices
    position_id bigint,
    to_unit     boolean NOT NULL DEFAULT false, -- although nobody holds the position now
    name        text NOT NULL DEFAULT '',
    address     text NOT NULL DEFAULT '',
    status      text NOT NULL DEFAULT 'disiapkan',
    status_at   timestamptz NOT NULL,
    seq         integer NOT NULL DEFAULT 0,
    agenda_year integer,
    agenda_no   bigint,
    sent_at     timestamptz,
    received_at timestamptz,
    read_at     timestamptz,
    done_at     timestamptz,
    due_at      timestamptz, -- of the first action
    proof_key   text NOT NULL DEFAULT '',
    CONSTRAINT eoffice_recipient_pkey PRIMARY KEY (id),
    CONSTRAINT eoffice_recipient_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES eoffice_letter (id),
    CONSTRAINT eoffice_recipient_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id),
    CONSTRAINT eoffice_recipient_position_id_fkey FOREIGN KEY (position_id) REFERENCES org_position (id),
    CONSTRAINT eoffice_recipient_once_key UNIQUE NULLS DISTINCT (letter_id, position_id),
    CONSTRAINT eoffice_recipient_role_check CHECK (role IN ('kepada', 'tembusan')),
    CONSTRAINT eoffice_recipient_place_check CHECK ((position_id IS NULL) = (unit_id IS NULL) AND (position_id IS NOT NULL OR name <> '')),
    CONSTRAINT eoffice_recipient_status_check CHECK (status IN ('disiapkan', 'terkirim', 'diterima', 'dibaca', 'ditindaklanjuti', 'selesai',
        'dikembalikan', 'dikirim_pos', 'bukti_terima')),
    CONSTRAINT eoffice_recipient_text_check CHECK (char_length(name) <= 200 AND char_length(address) <= 300)
);
CREATE INDEX eoffice_recipient_letter_idx ON eoffice_recipient (letter_id);
CREATE INDEX eoffice_recipient_unit_idx ON eoffice_recipient (unit_id, sent_at DESC, id DESC) WHERE sent_at IS NOT NULL;
CREATE INDEX eoffice_recipient_position_idx ON eoffice_recipient (position_id, sent_at DESC, id DESC) WHERE sent_at IS NOT NULL;
CREATE INDEX eoffice_recipient_open_idx ON eoffice_recipient (position_id, status) WHERE status IN ('terkirim', 'diterima', 'dibaca', 'ditindaklanjuti');
CREATE INDEX eoffice_recipient_incoming_idx ON eoffice_recipient (unit_id, sent_at) WHERE status = 'terkirim';

-- An order on a letter that arrived, from one desk to another: a tree under each recipient.
CREATE TABLE eoffice_disposition (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    letter_id    bigint NOT NULL,
    recipient_id bigint NOT NULL,
    parent_id    bigint,
    from_id      bigint NOT NULL, -- position that gives it
    to_id        bigint NOT NULL, -- position that gets it
    lead         boolean NOT NULL DEFAULT false, -- penanggung jawab among those of one giver
    instructions text[] NOT NULL,
    note         text NOT NULL DEFAULT '', -- of B and T
    note_sealed  bytea,
    for_info     boolean NOT NULL DEFAULT false, -- untuk diketahui: read is done
    due_at       timestamptz,
    paused_at    timestamptz, -- waits for guidance: the clock stands
    status       text NOT NULL,
    status_at    timestamptz NOT NULL,
    seq          integer NOT NULL DEFAULT 0,
    given_by     bigint NOT NULL, -- account
    prepared_by  bigint,          -- account of who wrote it in the giver's name
    given_at     timestamptz NOT NULL,
    read_at      timestamptz,
    reported_at  timestamptz,
    report       text NOT NULL DEFAULT '',
    report_sealed bytea,
    reply_id     bigint, -- the letter that answers
    done_at      timestamptz,
    auto_accepted boolean NOT NULL DEFAULT false,
    CONSTRAINT eoffice_disposition_pkey PRIMARY KEY (id),
    CONSTRAINT eoffice_disposition_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES eoffice_letter (id),
    CONSTRAINT eoffice_disposition_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES eoffice_recipient (id),
    CONSTRAINT eoffice_disposition_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES eoffice_disposition (id),
    CONSTRAINT eoffice_disposition_from_id_fkey FOREIGN KEY (from_id) REFERENCES org_position (id),
    CONSTRAINT eoffice_disposition_to_id_fkey FOREIGN KEY (to_id) REFERENCES org_position (id),
    CONSTRAINT eoffice_disposition_reply_id_fkey FOREIGN KEY (reply_id) REFERENCES eoffice_letter (id),
    CONSTRAINT eoffice_disposition_self_check CHECK (from_id <> to_id AND parent_id <> id),
    CONSTRAINT eoffice_disposition_status_check CHECK (status IN ('dikirim', 'dibaca', 'dikerjakan', 'diteruskan', 'minta_arahan', 'menolak',
        'dilaporkan', 'selesai', 'ditolak', 'dibatalkan')),
    CONSTRAINT eoffice_disposition_text_check CHECK (char_length(note) <= 2000 AND char_length(report) <= 4000 AND cardinality(instructions) <= 12)
);
CREATE INDEX eoffice_disposition_letter_idx ON eoffice_disposition (letter_id);
CREATE INDEX eoffice_disposition_recipient_idx ON eoffice_disposition (recipient_id);
CREATE INDEX eoffice_disposition_parent_idx ON eoffice_disposition (parent_id);
CREATE INDEX eoffice_disposition_to_idx ON eoffice_disposition (to_id, status, due_at);
CREATE INDEX eoffice_disposition_from_idx ON eoffice_disposition (from_id, status);
CREATE INDEX eoffice_disposition_reported_idx ON eoffice_disposition (reported_at) WHERE status = 'dilaporkan';

-- Everything that happened to a letter, on its way to a recipient, and to an order. Only added to.
CREATE TABLE eoffice_event (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    letter_id   bigint NOT NULL,
    object      text NOT NULL,
    object_id   bigint NOT NULL,
    seq         integer NOT NULL,
    action      text NOT NULL,
    from_status text NOT NULL,
    to_status   text NOT NULL,
    at          timestamptz NOT NULL,
    actor_id    bigint,
    position_id bigint, -- in which the actor acted
    occupancy   text NOT NULL DEFAULT '',
    title       text NOT NULL DEFAULT '',
    role        text NOT NULL DEFAULT '',
    minutes     integer NOT NULL DEFAULT 0, -- of working time that it lay there before
    reason      text NOT NULL DEFAULT '',
    detail      jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT eoffice_event_pkey PRIMARY KEY (id),
    CONSTRAINT eoffice_event_seq_key UNIQUE (object, object_id, seq),
    CONSTRAINT eoffice_event_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES eoffice_letter (id),
    CONSTRAINT eoffice_event_object_check CHECK (object IN ('naskah', 'kiriman', 'disposisi')),
    CONSTRAINT eoffice_event_reason_check CHECK (char_length(reason) <= 1000)
);
CREATE INDEX eoffice_event_letter_idx ON eoffice_event (letter_id, id);
REVOKE UPDATE, DELETE, TRUNCATE ON eoffice_event, eoffice_version FROM portal_app;

-- Which positions a letter was shown to, and since when: who may open it.
CREATE TABLE eoffice_reader (
    letter_id   bigint NOT NULL,
    position_id bigint NOT NULL,
    at          timestamptz NOT NULL,
    why         text NOT NULL,
    CONSTRAINT eoffice_reader_pkey PRIMARY KEY (letter_id, position_id),
    CONSTRAINT eoffice_reader_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES eoffice_letter (id),
    CONSTRAINT eoffice_reader_position_id_fkey FOREIGN KEY (position_id) REFERENCES org_position (id)
);
CREATE INDEX eoffice_reader_position_idx ON eoffice_reader (position_id, letter_id DESC);

-- The version of a letter that somebody has had open.
CREATE TABLE eoffice_reading (
    letter_id  bigint NOT NULL,
    account_id bigint NOT NULL,
    version    integer NOT NULL,
    at         timestamptz NOT NULL,
    CONSTRAINT eoffice_reading_pkey PRIMARY KEY (letter_id, account_id),
    CONSTRAINT eoffice_reading_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES eoffice_letter (id),
    CONSTRAINT eoffice_reading_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id)
);

CREATE TABLE eoffice_file (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    letter_id   bigint NOT NULL,
    purpose     text NOT NULL,
    name        text NOT NULL, -- as the page shows it
    blob_key    text NOT NULL,
    type        text NOT NULL,
    size        bigint NOT NULL,
    hash        bytea NOT NULL,
    words       text NOT NULL DEFAULT '', -- of B and T: what it says
    uploaded_at timestamptz NOT NULL,
    uploaded_by bigint NOT NULL,
    removed_at  timestamptz,
    CONSTRAINT eoffice_file_pkey PRIMARY KEY (id),
    CONSTRAINT eoffice_file_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES eoffice_letter (id),
    CONSTRAINT eoffice_file_uploaded_by_fkey FOREIGN KEY (uploaded_by) REFERENCES authn_account (id),
    CONSTRAINT eoffice_file_purpose_check CHECK (purpose IN ('lampiran', 'naskah', 'laporan')),
    CONSTRAINT eoffice_file_name_check CHECK (char_length(name) BETWEEN 1 AND 200)
);
CREATE INDEX eoffice_file_letter_idx ON eoffice_file (letter_id);
CREATE INDEX eoffice_file_hash_idx ON eoffice_file (hash);

-- How letters refer to each other.
CREATE TABLE eoffice_link (
    letter_id bigint NOT NULL,
    other_id  bigint NOT NULL,
    kind      text NOT NULL,
    CONSTRAINT eoffice_link_pkey PRIMARY KEY (letter_id, other_id),
    CONSTRAINT eoffice_link_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES eoffice_letter (id),
    CONSTRAINT eoffice_link_other_id_fkey FOREIGN KEY (other_id) REFERENCES eoffice_letter (id),
    CONSTRAINT eoffice_link_self_check CHECK (letter_id <> other_id),
    CONSTRAINT eoffice_link_kind_check CHECK (kind IN ('membalas', 'mencabut', 'mengubah', 'menindaklanjuti'))
);
CREATE INDEX eoffice_link_other_idx ON eoffice_link (other_id);

-- Who sits at which desk, and when. Rights end at the very second.
CREATE VIEW eoffice_seat AS
SELECT o.person_id, o.position_id, o.id AS occupancy_id, o.kind, o.starts_at, o.ends_at FROM org_occupancy o;

REVOKE DELETE, TRUNCATE ON eoffice_letter, eoffice_disposition, eoffice_reader FROM portal_app;
REVOKE ALL ON eoffice_letter, eoffice_version, eoffice_recipient, eoffice_disposition, eoffice_event, eoffice_file FROM portal_readonly;

-- How fast letters go, in minutes of working time, or of the clock where it never stands:
-- a step of the chain, sending what is signed, the first action of who gets it.
CREATE TABLE eoffice_urgency (
    code             text NOT NULL,
    step_minutes     integer NOT NULL,
    dispatch_minutes integer NOT NULL,
    action_minutes   integer NOT NULL,
    around_the_clock boolean NOT NULL DEFAULT false,
    CONSTRAINT eoffice_urgency_pkey PRIMARY KEY (code),
    CONSTRAINT eoffice_urgency_code_check CHECK (code IN ('biasa', 'segera', 'sangat_segera', 'kilat')),
    CONSTRAINT eoffice_urgency_minutes_check CHECK (step_minutes > 0 AND dispatch_minutes > 0 AND action_minutes > 0)
);
INSERT INTO eoffice_urgency VALUES
    ('kilat', 60, 120, 1440, true), ('sangat_segera', 120, 240, 450, false), ('segera', 450, 450, 900, false), ('biasa', 900, 900, 2250, false);
REVOKE INSERT, DELETE, TRUNCATE ON eoffice_urgency FROM portal_app;
