-- What we tell BPJS and SATUSEHAT of the queues. Messages follow from the events of a
-- session, in their order; progress says how far each session was read.
CREATE TABLE epuskesmas_bpjs_progress (
    session_id bigint NOT NULL,
    seq        integer NOT NULL,
    CONSTRAINT epuskesmas_bpjs_progress_pkey PRIMARY KEY (session_id),
    CONSTRAINT epuskesmas_bpjs_progress_session_id_fkey FOREIGN KEY (session_id) REFERENCES epuskesmas_session (id)
);

CREATE TABLE epuskesmas_bpjs_message (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    unit_id    bigint NOT NULL,
    ticket_id  bigint NOT NULL,
    session_id bigint NOT NULL,
    seq        integer NOT NULL,             -- of the event that it tells
    kind       text NOT NULL,
    at         timestamptz NOT NULL,         -- of the event
    reason     text NOT NULL DEFAULT '',
    status     text NOT NULL DEFAULT 'menunggu',
    attempts   integer NOT NULL DEFAULT 0,
    next_at    timestamptz NOT NULL,
    sent_at    timestamptz,
    answer     text NOT NULL DEFAULT '',     -- what was answered last, never whom it is about
    CONSTRAINT epuskesmas_bpjs_message_pkey PRIMARY KEY (id),
    CONSTRAINT epuskesmas_bpjs_message_event_key UNIQUE (session_id, seq, kind),
    CONSTRAINT epuskesmas_bpjs_message_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES epuskesmas_site (unit_id),
    CONSTRAINT epuskesmas_bpjs_message_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES epuskesmas_ticket (id),
    CONSTRAINT epuskesmas_bpjs_message_kind_check CHECK (kind IN ('add', 'hadir', 'tidak_hadir', 'batal', 'encounter')),
    CONSTRAINT epuskesmas_bpjs_message_status_check CHECK (status IN ('menunggu', 'terkirim', 'ditolak', 'dilewati'))
);
CREATE INDEX epuskesmas_bpjs_message_due_idx ON epuskesmas_bpjs_message (next_at, id) WHERE status = 'menunggu';
CREATE INDEX epuskesmas_bpjs_message_ticket_idx ON epuskesmas_bpjs_message (ticket_id, id);
CREATE INDEX epuskesmas_bpjs_message_unit_idx ON epuskesmas_bpjs_message (unit_id, id);
REVOKE DELETE, TRUNCATE ON epuskesmas_bpjs_message FROM portal_app;

-- How SATUSEHAT calls people and places.
ALTER TABLE epuskesmas_doctor ADD COLUMN ihs_number text NOT NULL DEFAULT '',
    ADD CONSTRAINT epuskesmas_doctor_ihs_check CHECK (ihs_number ~ '^[A-Za-z0-9-]{0,40}$');
ALTER TABLE epuskesmas_poli ADD COLUMN location_id text NOT NULL DEFAULT '',
    ADD CONSTRAINT epuskesmas_poli_location_check CHECK (location_id ~ '^[A-Za-z0-9-]{0,64}$');
