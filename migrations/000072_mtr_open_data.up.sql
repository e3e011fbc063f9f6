-- Files of open data that a job makes every day. Figures stay as they were; of the
-- reports there is one set, and only while everything in it is still public.
CREATE TABLE mtr_open_state (
    one        boolean NOT NULL DEFAULT true,
    -- Goes up whenever something that was public no longer is.
    generation bigint NOT NULL DEFAULT 1,
    CONSTRAINT mtr_open_state_pkey PRIMARY KEY (one),
    CONSTRAINT mtr_open_state_one_check CHECK (one)
);
INSERT INTO mtr_open_state DEFAULT VALUES;

CREATE TABLE mtr_open_file (
    name       text NOT NULL,
    content    text NOT NULL,
    format     text NOT NULL,
    day        date NOT NULL,
    row_count  bigint NOT NULL,
    size       bigint NOT NULL,
    blob_key   text NOT NULL,
    generation bigint NOT NULL,
    made_at    timestamptz NOT NULL,
    CONSTRAINT mtr_open_file_pkey PRIMARY KEY (name),
    CONSTRAINT mtr_open_file_content_check CHECK (content IN ('laporan', 'statistik')),
    CONSTRAINT mtr_open_file_format_check CHECK (format IN ('csv', 'xlsx', 'geojson')),
    CONSTRAINT mtr_open_file_size_check CHECK (row_count >= 0 AND size >= 0)
);
CREATE INDEX mtr_open_file_day_idx ON mtr_open_file (day DESC);

CREATE FUNCTION mtr_open_withdraw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE mtr_open_state SET generation = generation + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER mtr_report_withdrawn AFTER UPDATE ON mtr_report
    FOR EACH ROW WHEN (OLD.listed AND NOT NEW.listed OR OLD.words_public AND NOT NEW.words_public
        OR OLD.listed AND NEW.anonymous AND NOT OLD.anonymous
        OR OLD.words_public AND (OLD.title, OLD.body, OLD.landmark, OLD.public_lat, OLD.public_lng)
            IS DISTINCT FROM (NEW.title, NEW.body, NEW.landmark, NEW.public_lat, NEW.public_lng))
    EXECUTE FUNCTION mtr_open_withdraw();

REVOKE INSERT, DELETE, TRUNCATE ON mtr_open_state FROM portal_app;
