-- Reports from draft to close. What everybody may see and what nobody may see
-- live in different tables where that is possible: contacts, keys and the words
-- written later are not in mtr_report.

-- What a citizen has typed so far, sealed, behind a secret address. A draft becomes
-- at most one report; then everything typed is gone and only the way to the report
-- stays until the draft expires.
CREATE TABLE mtr_draft (
    id             bigint GENERATED ALWAYS AS IDENTITY,
    token_hash     bytea NOT NULL,
    answers_sealed bytea,
    account_id     bigint,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    report_id      bigint,
    submitted_at   timestamptz,
    CONSTRAINT mtr_draft_pkey PRIMARY KEY (id),
    CONSTRAINT mtr_draft_token_key UNIQUE (token_hash),
    CONSTRAINT mtr_draft_report_key UNIQUE (report_id),
    CONSTRAINT mtr_draft_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id),
    CONSTRAINT mtr_draft_submitted_check CHECK (
        (report_id IS NULL) = (submitted_at IS NULL) AND (submitted_at IS NULL) = (answers_sealed IS NOT NULL))
);
CREATE INDEX mtr_draft_expires_idx ON mtr_draft (expires_at);

-- Every edge of the state machine; the program has the same table. from_status is
-- empty for the birth of a report.
CREATE TABLE mtr_transition (
    from_status text NOT NULL,
    action      text NOT NULL,
    to_status   text NOT NULL,
    CONSTRAINT mtr_transition_pkey PRIMARY KEY (from_status, action, to_status)
);
INSERT INTO mtr_transition (from_status, action, to_status) VALUES
    ('', 'hold', 'belum_konfirmasi'),
    ('', 'submit', 'diterima'),
    ('belum_konfirmasi', 'cancel', 'dibatalkan'),
    ('belum_konfirmasi', 'confirm_contact', 'diterima'),
    ('belum_konfirmasi', 'lapse', 'kedaluwarsa'),
    ('belum_konfirmasi', 'note', 'belum_konfirmasi'),
    ('belum_konfirmasi', 'release', 'diterima'),
    ('belum_konfirmasi', 'reveal', 'belum_konfirmasi'),
    ('dibatalkan', 'confirm_contact', 'dibatalkan'),
    ('dibatalkan', 'hide', 'dibatalkan'),
    ('dibatalkan', 'hide_photo', 'dibatalkan'),
    ('dibatalkan', 'note', 'dibatalkan'),
    ('dibatalkan', 'respond', 'dibatalkan'),
    ('dibatalkan', 'reveal', 'dibatalkan'),
    ('dibatalkan', 'unhide', 'dibatalkan'),
    ('dijadwalkan', 'assign', 'dijadwalkan'),
    ('dijadwalkan', 'confirm_contact', 'dijadwalkan'),
    ('dijadwalkan', 'escalate_mayor', 'dijadwalkan'),
    ('dijadwalkan', 'escalate_unit', 'dijadwalkan'),
    ('dijadwalkan', 'give_info', 'dijadwalkan'),
    ('dijadwalkan', 'hide', 'dijadwalkan'),
    ('dijadwalkan', 'hide_photo', 'dijadwalkan'),
    ('dijadwalkan', 'note', 'dijadwalkan'),
    ('dijadwalkan', 'release_photo', 'dijadwalkan'),
    ('dijadwalkan', 'respond', 'dijadwalkan'),
    ('dijadwalkan', 'reveal', 'dijadwalkan'),
    ('dijadwalkan', 'schedule', 'dijadwalkan'),
    ('dijadwalkan', 'start', 'dikerjakan'),
    ('dijadwalkan', 'unhide', 'dijadwalkan'),
    ('dikerjakan', 'ask_info', 'perlu_info'),
    ('dikerjakan', 'assign', 'dikerjakan'),
    ('dikerjakan', 'confirm_contact', 'dikerjakan'),
    ('dikerjakan', 'escalate_mayor', 'dikerjakan'),
    ('dikerjakan', 'escalate_unit', 'dikerjakan'),
    ('dikerjakan', 'give_info', 'dikerjakan'),
    ('dikerjakan', 'hide', 'dikerjakan'),
    ('dikerjakan', 'hide_photo', 'dikerjakan'),
    ('dikerjakan', 'mark_duplicate', 'duplikat'),
    ('dikerjakan', 'note', 'dikerjakan'),
    ('dikerjakan', 'release_photo', 'dikerjakan'),
    ('dikerjakan', 'respond', 'dikerjakan'),
    ('dikerjakan', 'reveal', 'dikerjakan'),
    ('dikerjakan', 'schedule', 'dijadwalkan'),
    ('dikerjakan', 'submit_proof', 'menunggu_validasi'),
    ('dikerjakan', 'unhide', 'dikerjakan'),
    ('dirujuk_keluar', 'agency_answer', 'dirujuk_keluar'),
    ('dirujuk_keluar', 'confirm_contact', 'dirujuk_keluar'),
    ('dirujuk_keluar', 'hide', 'dirujuk_keluar'),
    ('dirujuk_keluar', 'hide_photo', 'dirujuk_keluar'),
    ('dirujuk_keluar', 'note', 'dirujuk_keluar'),
    ('dirujuk_keluar', 'respond', 'dirujuk_keluar'),
    ('dirujuk_keluar', 'reveal', 'dirujuk_keluar'),
    ('dirujuk_keluar', 'unhide', 'dirujuk_keluar'),
    ('diterima', 'ask_info', 'perlu_info'),
    ('diterima', 'cancel', 'dibatalkan'),
    ('diterima', 'confirm_contact', 'diterima'),
    ('diterima', 'escalate_mayor', 'diterima'),
    ('diterima', 'escalate_unit', 'diterima'),
    ('diterima', 'forward', 'diteruskan'),
    ('diterima', 'give_info', 'diterima'),
    ('diterima', 'hide', 'diterima'),
    ('diterima', 'hide_photo', 'diterima'),
    ('diterima', 'mark_duplicate', 'duplikat'),
    ('diterima', 'note', 'diterima'),
    ('diterima', 'refer_out', 'dirujuk_keluar'),
    ('diterima', 'reject', 'ditolak'),
    ('diterima', 'respond', 'diterima'),
    ('diterima', 'reveal', 'diterima'),
    ('diterima', 'unhide', 'diterima'),
    ('diteruskan', 'ask_info', 'perlu_info'),
    ('diteruskan', 'assign', 'diteruskan'),
    ('diteruskan', 'bounce', 'diterima'),
    ('diteruskan', 'cancel', 'dibatalkan'),
    ('diteruskan', 'confirm_contact', 'diteruskan'),
    ('diteruskan', 'escalate_mayor', 'diteruskan'),
    ('diteruskan', 'escalate_unit', 'diteruskan'),
    ('diteruskan', 'give_info', 'diteruskan'),
    ('diteruskan', 'hide', 'diteruskan'),
    ('diteruskan', 'hide_photo', 'diteruskan'),
    ('diteruskan', 'mark_duplicate', 'duplikat'),
    ('diteruskan', 'note', 'diteruskan'),
    ('diteruskan', 'release_photo', 'diteruskan'),
    ('diteruskan', 'respond', 'diteruskan'),
    ('diteruskan', 'reveal', 'diteruskan'),
    ('diteruskan', 'start', 'dikerjakan'),
    ('diteruskan', 'unhide', 'diteruskan'),
    ('ditolak', 'confirm_contact', 'ditolak'),
    ('ditolak', 'hide', 'ditolak'),
    ('ditolak', 'hide_photo', 'ditolak'),
    ('ditolak', 'note', 'ditolak'),
    ('ditolak', 'respond', 'ditolak'),
    ('ditolak', 'reveal', 'ditolak'),
    ('ditolak', 'unhide', 'ditolak'),
    ('ditutup', 'confirm_contact', 'ditutup'),
    ('ditutup', 'hide', 'ditutup'),
    ('ditutup', 'hide_photo', 'ditutup'),
    ('ditutup', 'note', 'ditutup'),
    ('ditutup', 'rate', 'ditutup'),
    ('ditutup', 'respond', 'ditutup'),
    ('ditutup', 'reveal', 'ditutup'),
    ('ditutup', 'unhide', 'ditutup'),
    ('duplikat', 'confirm_contact', 'duplikat'),
    ('duplikat', 'hide', 'duplikat'),
    ('duplikat', 'hide_photo', 'duplikat'),
    ('duplikat', 'note', 'duplikat'),
    ('duplikat', 'respond', 'duplikat'),
    ('duplikat', 'reveal', 'duplikat'),
    ('duplikat', 'unhide', 'duplikat'),
    ('kedaluwarsa', 'note', 'kedaluwarsa'),
    ('menunggu_validasi', 'confirm_contact', 'menunggu_validasi'),
    ('menunggu_validasi', 'escalate_mayor', 'menunggu_validasi'),
    ('menunggu_validasi', 'escalate_unit', 'menunggu_validasi'),
    ('menunggu_validasi', 'give_info', 'menunggu_validasi'),
    ('menunggu_validasi', 'hide', 'menunggu_validasi'),
    ('menunggu_validasi', 'hide_photo', 'menunggu_validasi'),
    ('menunggu_validasi', 'note', 'menunggu_validasi'),
    ('menunggu_validasi', 'reject_proof', 'dikerjakan'),
    ('menunggu_validasi', 'release_photo', 'menunggu_validasi'),
    ('menunggu_validasi', 'respond', 'menunggu_validasi'),
    ('menunggu_validasi', 'reveal', 'menunggu_validasi'),
    ('menunggu_validasi', 'unhide', 'menunggu_validasi'),
    ('menunggu_validasi', 'validate', 'selesai'),
    ('perlu_info', 'cancel', 'dibatalkan'),
    ('perlu_info', 'confirm_contact', 'perlu_info'),
    ('perlu_info', 'escalate_mayor', 'perlu_info'),
    ('perlu_info', 'escalate_unit', 'perlu_info'),
    ('perlu_info', 'give_info', 'dikerjakan'),
    ('perlu_info', 'give_info', 'diterima'),
    ('perlu_info', 'give_info', 'diteruskan'),
    ('perlu_info', 'hide', 'perlu_info'),
    ('perlu_info', 'hide_photo', 'perlu_info'),
    ('perlu_info', 'note', 'perlu_info'),
    ('perlu_info', 'refer_out', 'dirujuk_keluar'),
    ('perlu_info', 'reject', 'ditolak'),
    ('perlu_info', 'release_photo', 'perlu_info'),
    ('perlu_info', 'respond', 'perlu_info'),
    ('perlu_info', 'resume', 'dikerjakan'),
    ('perlu_info', 'resume', 'diterima'),
    ('perlu_info', 'resume', 'diteruskan'),
    ('perlu_info', 'reveal', 'perlu_info'),
    ('perlu_info', 'unhide', 'perlu_info'),
    ('selesai', 'auto_close', 'ditutup'),
    ('selesai', 'confirm', 'ditutup'),
    ('selesai', 'confirm_contact', 'selesai'),
    ('selesai', 'dispute', 'dikerjakan'),
    ('selesai', 'hide', 'selesai'),
    ('selesai', 'hide_photo', 'selesai'),
    ('selesai', 'note', 'selesai'),
    ('selesai', 'rate', 'selesai'),
    ('selesai', 'respond', 'selesai'),
    ('selesai', 'reveal', 'selesai'),
    ('selesai', 'unhide', 'selesai');
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON mtr_transition FROM portal_app;

CREATE TABLE mtr_report (
    id                 bigint GENERATED ALWAYS AS IDENTITY,
    number             text NOT NULL,
    -- The short code for people without the link: a keyed hash to compare, sealed to show.
    code_hash          bytea NOT NULL,
    code_sealed        bytea NOT NULL,

    -- What the citizen said.
    category_id        bigint NOT NULL,
    class              text NOT NULL,
    title              text NOT NULL,
    body               text NOT NULL,
    extra              jsonb NOT NULL DEFAULT '{}',
    lat                double precision,
    lng                double precision,
    place_source       text NOT NULL,
    landmark           text NOT NULL DEFAULT '',
    kelurahan_id       bigint,
    kecamatan_id       bigint,
    -- Whose dispatchers look at it: the kelurahan, or the city where there is no place.
    dispatch_unit_id   bigint NOT NULL,
    anonymous          boolean NOT NULL,
    confidential       boolean NOT NULL,
    behalf             text NOT NULL DEFAULT '',
    account_id         bigint,
    submitted_at       timestamptz NOT NULL,
    words_hash         bytea NOT NULL,
    -- The abuse rules that hold it; empty for nearly all.
    held_for           text[] NOT NULL DEFAULT '{}',
    -- As the category was when the report came.
    proof              text NOT NULL,
    field_check        boolean NOT NULL,

    -- Where it stands: the replay of its events and nothing else.
    seq                integer NOT NULL,
    status             text NOT NULL,
    resume             text NOT NULL DEFAULT '',
    unit_id            bigint,
    assignee_id        bigint,
    assignee_person    bigint,
    bounces            integer NOT NULL DEFAULT 0,
    reopens            integer NOT NULL DEFAULT 0,
    due_kind           text NOT NULL DEFAULT '',
    due_at             timestamptz,
    warn_at            timestamptz,
    work_due_at        timestamptz,
    paused_at          timestamptz,
    expected_at        timestamptz,
    received_at        timestamptz,
    published_at       timestamptz,
    hidden_at          timestamptz,
    responded_at       timestamptz,
    forwarded_at       timestamptz,
    started_at         timestamptz,
    done_at            timestamptz,
    closed_at          timestamptz,
    proof_by           bigint,
    validated_by       bigint,
    parent_id          bigint,
    agency             text NOT NULL DEFAULT '',
    agency_ref         text NOT NULL DEFAULT '',
    agency_answer      text NOT NULL DEFAULT '',
    disputed           boolean NOT NULL DEFAULT false,
    photos_released_at timestamptz,
    rating             integer NOT NULL DEFAULT 0,
    escalated_unit_at  timestamptz,
    escalated_mayor_at timestamptz,
    status_changed_at  timestamptz NOT NULL,

    -- What the public may know, decided once and here.
    listed boolean NOT NULL GENERATED ALWAYS AS (
        NOT confidential AND hidden_at IS NULL AND status NOT IN ('belum_konfirmasi', 'kedaluwarsa')
        AND received_at IS NOT NULL) STORED,
    words_public boolean NOT NULL GENERATED ALWAYS AS (
        NOT confidential AND hidden_at IS NULL AND status NOT IN ('belum_konfirmasi', 'kedaluwarsa')
        AND received_at IS NOT NULL AND published_at IS NOT NULL) STORED,
    -- About 100 m for those who do not want to be found.
    public_lat double precision GENERATED ALWAYS AS (
        CASE WHEN anonymous OR confidential THEN round(lat::numeric, 3)::double precision ELSE lat END) STORED,
    public_lng double precision GENERATED ALWAYS AS (
        CASE WHEN anonymous OR confidential THEN round(lng::numeric, 3)::double precision ELSE lng END) STORED,
    status_group text NOT NULL GENERATED ALWAYS AS (CASE
        WHEN status IN ('diterima', 'perlu_info') THEN 'baru'
        WHEN status IN ('diteruskan', 'dikerjakan', 'dijadwalkan', 'menunggu_validasi') THEN 'proses'
        WHEN status IN ('selesai', 'ditutup') THEN 'selesai'
        WHEN status IN ('belum_konfirmasi', 'kedaluwarsa') THEN 'tertahan'
        ELSE 'lainnya' END) STORED,
    open boolean NOT NULL GENERATED ALWAYS AS (
        status NOT IN ('ditutup', 'ditolak', 'duplikat', 'dirujuk_keluar', 'dibatalkan', 'kedaluwarsa')) STORED,
    -- Sorts what has no due time last.
    due_order timestamptz NOT NULL GENERATED ALWAYS AS (COALESCE(due_at, 'infinity'::timestamptz)) STORED,
    search tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('indonesian'::regconfig, title), 'A') || to_tsvector('indonesian'::regconfig, body)) STORED,

    CONSTRAINT mtr_report_pkey PRIMARY KEY (id),
    CONSTRAINT mtr_report_number_key UNIQUE (number),
    CONSTRAINT mtr_report_number_check CHECK (number ~ '^MTR-[0-9]{2}-[0-9]{6,}$'),
    CONSTRAINT mtr_report_category_id_fkey FOREIGN KEY (category_id) REFERENCES mtr_category (id),
    CONSTRAINT mtr_report_kelurahan_id_fkey FOREIGN KEY (kelurahan_id) REFERENCES org_unit (id),
    CONSTRAINT mtr_report_kecamatan_id_fkey FOREIGN KEY (kecamatan_id) REFERENCES org_unit (id),
    CONSTRAINT mtr_report_dispatch_unit_id_fkey FOREIGN KEY (dispatch_unit_id) REFERENCES org_unit (id),
    CONSTRAINT mtr_report_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id),
    CONSTRAINT mtr_report_assignee_id_fkey FOREIGN KEY (assignee_id) REFERENCES org_position (id),
    CONSTRAINT mtr_report_assignee_person_fkey FOREIGN KEY (assignee_person) REFERENCES org_person (id),
    CONSTRAINT mtr_report_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id),
    CONSTRAINT mtr_report_proof_by_fkey FOREIGN KEY (proof_by) REFERENCES authn_account (id),
    CONSTRAINT mtr_report_validated_by_fkey FOREIGN KEY (validated_by) REFERENCES authn_account (id),
    CONSTRAINT mtr_report_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES mtr_report (id),
    CONSTRAINT mtr_report_class_check CHECK (class IN ('pengaduan', 'aspirasi', 'permintaan_informasi')),
    CONSTRAINT mtr_report_title_check CHECK (char_length(title) BETWEEN 1 AND 150),
    CONSTRAINT mtr_report_body_check CHECK (char_length(body) BETWEEN 1 AND 4000),
    CONSTRAINT mtr_report_landmark_check CHECK (char_length(landmark) <= 300),
    CONSTRAINT mtr_report_point_check CHECK ((lat IS NULL) = (lng IS NULL) AND lat BETWEEN -90 AND 90 AND lng BETWEEN -180 AND 180),
    CONSTRAINT mtr_report_source_check CHECK (place_source IN ('pin', 'device', 'exif', 'address', 'manual', 'tidak_ada')),
    CONSTRAINT mtr_report_behalf_check CHECK (behalf IN ('', 'rt_rw', 'kader', 'keluarga')),
    CONSTRAINT mtr_report_status_check CHECK (status IN (
        'belum_konfirmasi', 'diterima', 'perlu_info', 'diteruskan', 'dikerjakan', 'dijadwalkan', 'menunggu_validasi',
        'selesai', 'ditutup', 'ditolak', 'duplikat', 'dirujuk_keluar', 'dibatalkan', 'kedaluwarsa')),
    CONSTRAINT mtr_report_resume_check CHECK ((resume <> '') = (status = 'perlu_info')
        AND resume IN ('', 'diterima', 'diteruskan', 'dikerjakan')),
    CONSTRAINT mtr_report_unit_check CHECK (unit_id IS NOT NULL OR status NOT IN (
        'diteruskan', 'dikerjakan', 'dijadwalkan', 'menunggu_validasi')),
    CONSTRAINT mtr_report_validation_check CHECK (validated_by <> proof_by),
    CONSTRAINT mtr_report_parent_check CHECK (parent_id <> id AND (status <> 'duplikat' OR parent_id IS NOT NULL)),
    CONSTRAINT mtr_report_agency_check CHECK (status <> 'dirujuk_keluar' OR agency <> ''),
    CONSTRAINT mtr_report_rating_check CHECK (rating BETWEEN 0 AND 5),
    CONSTRAINT mtr_report_due_check CHECK ((due_at IS NULL) = (due_kind = '') AND (warn_at IS NULL) = (due_at IS NULL))
);
-- One code for each open report; closed ones free it.
CREATE UNIQUE INDEX mtr_report_code_key ON mtr_report (code_hash) WHERE open;
-- Public lists read newest first, each filter by an index that ends in the id.
CREATE INDEX mtr_report_listed_idx ON mtr_report (id) WHERE listed;
CREATE INDEX mtr_report_listed_category_idx ON mtr_report (category_id, id) WHERE listed;
CREATE INDEX mtr_report_listed_kelurahan_idx ON mtr_report (kelurahan_id, id) INCLUDE (status_group) WHERE listed;
CREATE INDEX mtr_report_listed_kecamatan_idx ON mtr_report (kecamatan_id, id) WHERE listed;
CREATE INDEX mtr_report_listed_unit_idx ON mtr_report (unit_id, id) WHERE listed;
CREATE INDEX mtr_report_listed_group_idx ON mtr_report (status_group, id) WHERE listed;
-- For the public and for desks: whoever searches says whose words may be found.
CREATE INDEX mtr_report_search_idx ON mtr_report USING gin (search) WITH (fastupdate = off);
CREATE INDEX mtr_report_title_trgm_idx ON mtr_report USING gin (title gin_trgm_ops) WITH (fastupdate = off);
-- The map shows what is published. Ranges of degrees, because the planner knows their statistics.
CREATE INDEX mtr_report_map_idx ON mtr_report (public_lat, public_lng) INCLUDE (id, status_group) WHERE words_public AND public_lat IS NOT NULL;
-- Desks look at what is open, most urgent first: few rows of many.
CREATE INDEX mtr_report_open_idx ON mtr_report (status, due_order, id) WHERE open;
CREATE INDEX mtr_report_open_unit_idx ON mtr_report (unit_id, status, due_order, id) WHERE open;
CREATE INDEX mtr_report_open_dispatch_idx ON mtr_report (dispatch_unit_id, status, due_order, id) WHERE open;
CREATE INDEX mtr_report_due_idx ON mtr_report (due_order, id) WHERE open;
CREATE INDEX mtr_report_assignee_idx ON mtr_report (assignee_id, id) WHERE assignee_id IS NOT NULL;
CREATE INDEX mtr_report_unanswered_idx ON mtr_report (received_at) WHERE open AND responded_at IS NULL;
CREATE INDEX mtr_report_disputed_idx ON mtr_report (due_order, id) WHERE open AND disputed;
CREATE INDEX mtr_report_referred_idx ON mtr_report (due_order, id) WHERE status = 'dirujuk_keluar' AND agency_answer = '';
CREATE INDEX mtr_report_dispatch_idx ON mtr_report (dispatch_unit_id, id);
CREATE INDEX mtr_report_unit_idx ON mtr_report (unit_id, id);
CREATE INDEX mtr_report_account_idx ON mtr_report (account_id, id) WHERE account_id IS NOT NULL;
CREATE INDEX mtr_report_parent_idx ON mtr_report (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX mtr_report_received_idx ON mtr_report (received_at) WHERE received_at IS NOT NULL;
CREATE INDEX mtr_report_done_idx ON mtr_report (done_at) WHERE done_at IS NOT NULL;
CREATE INDEX mtr_report_words_idx ON mtr_report (words_hash, submitted_at);

ALTER TABLE mtr_draft ADD CONSTRAINT mtr_draft_report_id_fkey FOREIGN KEY (report_id) REFERENCES mtr_report (id);

-- The words of a search that a typing error leaves recognisable, longest first.
CREATE FUNCTION mtr_words(words text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT ARRAY (SELECT w FROM regexp_split_to_table(lower(words), '[^[:alnum:]]+') w
    WHERE length(w) > 2 ORDER BY length(w) DESC, w LIMIT 6) $$;
CREATE FUNCTION mtr_resembles(words text[], title text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT NOT EXISTS (SELECT FROM unnest(words) w WHERE word_similarity(w, title) < 0.45) $$;

-- Reports (public ones only, unless everything) that hold all the words; when there is
-- none, those with words like them in their title (fuzzy). By the text indexes only, whatever the planner believes,
-- and bounded: with more hits than that the words are frequent, nothing is returned,
-- and walking the newest reports finds a page of them at once.
SELECT similarity('', ''); -- loads pg_trgm, which knows the setting below
CREATE FUNCTION mtr_find(words text, everything boolean, OUT ids bigint[], OUT fuzzy boolean, OUT frequent boolean) LANGUAGE plpgsql STABLE
    SET enable_seqscan = off SET enable_indexscan = off SET enable_indexonlyscan = off SET jit = off
    SET pg_trgm.word_similarity_threshold = 0.45
AS $$
DECLARE
    each_word text[] := mtr_words(words);
BEGIN
    fuzzy := false;
    ids := ARRAY (SELECT r.id FROM mtr_report r
        WHERE (everything OR r.words_public) AND r.search @@ websearch_to_tsquery('indonesian', words) LIMIT 5001);
    frequent := cardinality(ids) > 5000;
    IF ids = '{}' AND each_word <> '{}' THEN
        fuzzy := true;
        ids := ARRAY (SELECT r.id FROM mtr_report r
            WHERE (everything OR r.words_public) AND each_word[1] <% r.title AND mtr_resembles(each_word, r.title) LIMIT 2001);
        frequent := cardinality(ids) > 2000;
    END IF;
    IF frequent THEN
        ids := '{}';
    END IF;
END $$;

CREATE FUNCTION mtr_report_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT FROM mtr_transition WHERE from_status = '' AND to_status = NEW.status) THEN
            RAISE check_violation USING MESSAGE = 'a report cannot begin as ' || NEW.status, CONSTRAINT = 'mtr_report_transition_check';
        END IF;
    ELSIF NOT EXISTS (SELECT FROM mtr_transition WHERE from_status = OLD.status AND to_status = NEW.status) THEN
        RAISE check_violation USING MESSAGE = 'a report cannot go from ' || OLD.status || ' to ' || NEW.status,
            CONSTRAINT = 'mtr_report_transition_check';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mtr_report_born BEFORE INSERT ON mtr_report
    FOR EACH ROW EXECUTE FUNCTION mtr_report_guard();
CREATE TRIGGER mtr_report_moved BEFORE UPDATE OF status ON mtr_report
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION mtr_report_guard();

-- The history. Reasons are the staff's own words; what reporters write later is in
-- mtr_message, where it can be redacted.
CREATE TABLE mtr_event (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    report_id   bigint NOT NULL,
    seq         integer NOT NULL,
    action      text NOT NULL,
    from_status text NOT NULL,
    to_status   text NOT NULL,
    at          timestamptz NOT NULL,
    actor_id    bigint,
    actor_kind  text NOT NULL,
    role        text NOT NULL,
    unit_id     bigint,
    position_id bigint,
    audience    text NOT NULL,
    reason      text NOT NULL DEFAULT '',
    change      jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT mtr_event_pkey PRIMARY KEY (id),
    CONSTRAINT mtr_event_seq_key UNIQUE (report_id, seq),
    CONSTRAINT mtr_event_report_id_fkey FOREIGN KEY (report_id) REFERENCES mtr_report (id),
    CONSTRAINT mtr_event_transition_fkey FOREIGN KEY (from_status, action, to_status)
        REFERENCES mtr_transition (from_status, action, to_status),
    CONSTRAINT mtr_event_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES authn_account (id),
    CONSTRAINT mtr_event_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id),
    CONSTRAINT mtr_event_position_id_fkey FOREIGN KEY (position_id) REFERENCES org_position (id),
    CONSTRAINT mtr_event_audience_check CHECK (audience IN ('publik', 'pelapor', 'internal')),
    CONSTRAINT mtr_event_reason_check CHECK (char_length(reason) <= 4000),
    CONSTRAINT mtr_event_seq_check CHECK (seq > 0)
);
REVOKE UPDATE, DELETE, TRUNCATE ON mtr_event FROM portal_app;
CREATE TRIGGER mtr_event_append_only BEFORE UPDATE OR DELETE ON mtr_event
    FOR EACH ROW EXECUTE FUNCTION portal_append_only();

-- What the reporter wrote after submitting: information, a dispute, a comment.
CREATE TABLE mtr_message (
    id        bigint GENERATED ALWAYS AS IDENTITY,
    report_id bigint NOT NULL,
    event_seq integer NOT NULL,
    body      text NOT NULL,
    CONSTRAINT mtr_message_pkey PRIMARY KEY (id),
    CONSTRAINT mtr_message_event_key UNIQUE (report_id, event_seq),
    CONSTRAINT mtr_message_event_fkey FOREIGN KEY (report_id, event_seq) REFERENCES mtr_event (report_id, seq),
    CONSTRAINT mtr_message_body_check CHECK (char_length(body) BETWEEN 1 AND 4000)
);

-- A photo of a draft, of a report, or of a proof. Its address is ref; the two sizes
-- are blobs. dhash, time and place of capture are for staff's checks only.
CREATE TABLE mtr_photo (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    ref         text NOT NULL,
    draft_id    bigint,
    report_id   bigint,
    kind        text NOT NULL,
    -- The event that sent it; NULL while it is only uploaded.
    event_seq   integer,
    uploaded_by bigint,
    width       integer NOT NULL,
    height      integer NOT NULL,
    dhash       bigint NOT NULL,
    taken_at    timestamptz,
    gps_lat     double precision,
    gps_lng     double precision,
    -- Both blobs are in the store.
    stored      boolean NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL,
    hidden_at   timestamptz,
    CONSTRAINT mtr_photo_pkey PRIMARY KEY (id),
    CONSTRAINT mtr_photo_ref_key UNIQUE (ref),
    CONSTRAINT mtr_photo_draft_id_fkey FOREIGN KEY (draft_id) REFERENCES mtr_draft (id),
    CONSTRAINT mtr_photo_report_id_fkey FOREIGN KEY (report_id) REFERENCES mtr_report (id),
    CONSTRAINT mtr_photo_event_fkey FOREIGN KEY (report_id, event_seq) REFERENCES mtr_event (report_id, seq),
    CONSTRAINT mtr_photo_uploaded_by_fkey FOREIGN KEY (uploaded_by) REFERENCES authn_account (id),
    CONSTRAINT mtr_photo_owner_check CHECK (num_nonnulls(draft_id, report_id) = 1),
    CONSTRAINT mtr_photo_kind_check CHECK (kind IN ('sebelum', 'sesudah', 'tambahan')),
    CONSTRAINT mtr_photo_event_check CHECK (event_seq IS NULL OR (report_id IS NOT NULL AND stored)),
    CONSTRAINT mtr_photo_size_check CHECK (width > 0 AND height > 0)
);
CREATE INDEX mtr_photo_draft_idx ON mtr_photo (draft_id) WHERE draft_id IS NOT NULL;
CREATE INDEX mtr_photo_report_idx ON mtr_photo (report_id, id) WHERE report_id IS NOT NULL;
CREATE INDEX mtr_photo_pending_idx ON mtr_photo (created_at) WHERE event_seq IS NULL;

CREATE TABLE mtr_document (
    id          bigint GENERATED ALWAYS AS IDENTITY,
    ref         text NOT NULL,
    report_id   bigint NOT NULL,
    event_seq   integer,
    uploaded_by bigint,
    name        text NOT NULL,
    size        bigint NOT NULL,
    stored      boolean NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL,
    CONSTRAINT mtr_document_pkey PRIMARY KEY (id),
    CONSTRAINT mtr_document_ref_key UNIQUE (ref),
    CONSTRAINT mtr_document_report_id_fkey FOREIGN KEY (report_id) REFERENCES mtr_report (id),
    CONSTRAINT mtr_document_event_fkey FOREIGN KEY (report_id, event_seq) REFERENCES mtr_event (report_id, seq),
    CONSTRAINT mtr_document_uploaded_by_fkey FOREIGN KEY (uploaded_by) REFERENCES authn_account (id),
    CONSTRAINT mtr_document_name_check CHECK (char_length(name) BETWEEN 1 AND 200),
    CONSTRAINT mtr_document_event_check CHECK (event_seq IS NULL OR stored)
);
CREATE INDEX mtr_document_report_idx ON mtr_document (report_id, id);
CREATE INDEX mtr_document_pending_idx ON mtr_document (created_at) WHERE event_seq IS NULL;

-- Who reported, sealed. Nothing but a code goes to a contact that is not verified.
CREATE TABLE mtr_contact (
    report_id          bigint NOT NULL,
    name_sealed        bytea,
    email_sealed       bytea,
    email_hash         bytea,
    email_verified_at  timestamptz,
    phone_sealed       bytea,
    phone_hash         bytea,
    phone_verified_at  timestamptz,
    behalf_name_sealed bytea,
    consent_at         timestamptz,
    -- The token of the secret link, for the messages that carry it.
    link_sealed        bytea NOT NULL,
    code_hash          bytea,
    code_channel       text,
    code_sent_at       timestamptz,
    code_expires_at    timestamptz,
    code_attempts      integer NOT NULL DEFAULT 0,
    codes_day          date,
    codes_sent         integer NOT NULL DEFAULT 0,
    CONSTRAINT mtr_contact_pkey PRIMARY KEY (report_id),
    CONSTRAINT mtr_contact_report_id_fkey FOREIGN KEY (report_id) REFERENCES mtr_report (id),
    CONSTRAINT mtr_contact_email_check CHECK ((email_sealed IS NULL) = (email_hash IS NULL)),
    CONSTRAINT mtr_contact_phone_check CHECK ((phone_sealed IS NULL) = (phone_hash IS NULL)),
    CONSTRAINT mtr_contact_channel_check CHECK (code_channel IN ('email', 'phone')),
    CONSTRAINT mtr_contact_code_check CHECK ((code_hash IS NULL) = (code_expires_at IS NULL))
);
CREATE INDEX mtr_contact_email_idx ON mtr_contact (email_hash) WHERE email_hash IS NOT NULL;
CREATE INDEX mtr_contact_phone_idx ON mtr_contact (phone_hash) WHERE phone_hash IS NOT NULL;

-- Codes sent to one contact in a day, whatever the report.
CREATE TABLE mtr_code_day (
    contact_hash bytea NOT NULL,
    day          date NOT NULL,
    sent         integer NOT NULL,
    CONSTRAINT mtr_code_day_pkey PRIMARY KEY (contact_hash, day)
);
CREATE INDEX mtr_code_day_idx ON mtr_code_day (day);

-- Secret links, as hashes: the one of the receipt, and one for each time somebody
-- came with number and code.
CREATE TABLE mtr_key (
    token_hash bytea NOT NULL,
    report_id  bigint NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    CONSTRAINT mtr_key_pkey PRIMARY KEY (token_hash),
    CONSTRAINT mtr_key_report_id_fkey FOREIGN KEY (report_id) REFERENCES mtr_report (id)
);
CREATE INDEX mtr_key_report_idx ON mtr_key (report_id);
CREATE INDEX mtr_key_expires_idx ON mtr_key (expires_at) WHERE expires_at IS NOT NULL;

-- Wrong guesses of a report's short code within the window.
CREATE TABLE mtr_guess (
    report_id    bigint NOT NULL,
    window_start timestamptz NOT NULL,
    failures     integer NOT NULL,
    CONSTRAINT mtr_guess_pkey PRIMARY KEY (report_id),
    CONSTRAINT mtr_guess_report_id_fkey FOREIGN KEY (report_id) REFERENCES mtr_report (id)
);

-- Daily digests already sent; a job that runs twice sends one.
CREATE TABLE mtr_digest (
    day     date NOT NULL,
    unit_id bigint NOT NULL,
    sent_at timestamptz NOT NULL,
    reports integer NOT NULL,
    CONSTRAINT mtr_digest_pkey PRIMARY KEY (day, unit_id),
    CONSTRAINT mtr_digest_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id)
);

-- Figures need neither words nor people.
REVOKE ALL ON mtr_draft, mtr_report, mtr_message, mtr_photo, mtr_document, mtr_contact, mtr_code_day, mtr_key, mtr_guess
    FROM portal_readonly;
GRANT SELECT (id, number, category_id, class, kelurahan_id, kecamatan_id, public_lat, public_lng, anonymous, confidential,
    submitted_at, seq, status, resume, unit_id, bounces, reopens, due_kind, due_at, warn_at, paused_at, expected_at,
    received_at, published_at, hidden_at, responded_at, forwarded_at, started_at, done_at, closed_at, parent_id, agency,
    disputed, rating, escalated_unit_at, escalated_mayor_at, status_changed_at, listed, words_public, status_group, open)
    ON mtr_report TO portal_readonly;
REVOKE ALL ON mtr_event FROM portal_readonly;
GRANT SELECT (id, report_id, seq, action, from_status, to_status, at, role, unit_id, audience, change) ON mtr_event TO portal_readonly;
