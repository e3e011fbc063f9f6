-- How much of the days with a trace the manual log may be, in percent, by kind of post: some
-- work leaves few traces elsewhere.
CREATE TABLE kuciniki_log_cap (
    kind    text NOT NULL,
    percent integer NOT NULL,
    CONSTRAINT kuciniki_log_cap_pkey PRIMARY KEY (kind),
    CONSTRAINT kuciniki_log_cap_kind_check CHECK (kind IN ('kepala', 'sekretaris', 'struktural', 'fungsional', 'pelaksana')),
    CONSTRAINT kuciniki_log_cap_percent_check CHECK (percent BETWEEN 0 AND 90)
);
INSERT INTO kuciniki_log_cap (kind, percent) VALUES ('kepala', 30), ('sekretaris', 30), ('struktural', 30), ('fungsional', 30), ('pelaksana', 30);
REVOKE INSERT, DELETE, TRUNCATE ON kuciniki_log_cap FROM portal_app;
