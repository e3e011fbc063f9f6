-- Paraf koordinasi: opinions that desks outside the chain give on a letter before it is signed.
CREATE TABLE eoffice_opinion (
    id              bigint GENERATED ALWAYS AS IDENTITY,
    letter_id       bigint NOT NULL,
    asker_id        bigint NOT NULL, -- position
    desk_id         bigint NOT NULL, -- position that is asked
    mandatory       boolean NOT NULL, -- nothing is signed before it is there
    question        text NOT NULL DEFAULT '', -- of what is open
    question_sealed bytea, -- of what is confidential
    asked_at        timestamptz NOT NULL,
    due_at          timestamptz NOT NULL,
    status          text NOT NULL,
    status_at       timestamptz NOT NULL,
    seq             integer NOT NULL,
    version         integer NOT NULL DEFAULT 0, -- of the content that the answer is about
    stance          text NOT NULL DEFAULT '',
    words           text NOT NULL DEFAULT '',
    words_sealed    bytea,
    answered_by     text NOT NULL DEFAULT '',
    answered_as     text NOT NULL DEFAULT '',
    answered_at     timestamptz,
    reminded_at     timestamptz,
    CONSTRAINT eoffice_opinion_pkey PRIMARY KEY (id),
    CONSTRAINT eoffice_opinion_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES eoffice_letter (id),
    CONSTRAINT eoffice_opinion_asker_id_fkey FOREIGN KEY (asker_id) REFERENCES org_position (id),
    CONSTRAINT eoffice_opinion_desk_id_fkey FOREIGN KEY (desk_id) REFERENCES org_position (id),
    CONSTRAINT eoffice_opinion_self_check CHECK (asker_id <> desk_id),
    CONSTRAINT eoffice_opinion_status_check CHECK (status IN ('diminta', 'dijawab', 'dibatalkan')),
    CONSTRAINT eoffice_opinion_stance_check CHECK (stance IN ('', 'setuju', 'catatan', 'tidak')),
    CONSTRAINT eoffice_opinion_answer_check CHECK ((stance <> '') = (answered_at IS NOT NULL) AND (stance <> '') = (version > 0)),
    CONSTRAINT eoffice_opinion_text_check CHECK (char_length(question) <= 1000 AND char_length(words) <= 2000)
);
CREATE UNIQUE INDEX eoffice_opinion_desk_key ON eoffice_opinion (letter_id, desk_id) WHERE status <> 'dibatalkan';
CREATE INDEX eoffice_opinion_desk_idx ON eoffice_opinion (desk_id, due_at) WHERE status <> 'dibatalkan';
CREATE INDEX eoffice_opinion_remind_idx ON eoffice_opinion (due_at) WHERE status = 'diminta' AND reminded_at IS NULL;
REVOKE DELETE, TRUNCATE ON eoffice_opinion FROM portal_app;
REVOKE ALL ON eoffice_opinion FROM portal_readonly;

ALTER TABLE eoffice_event DROP CONSTRAINT eoffice_event_object_check;
ALTER TABLE eoffice_event ADD CONSTRAINT eoffice_event_object_check CHECK (object IN ('naskah', 'kiriman', 'disposisi', 'pendapat')) NOT VALID;
ALTER TABLE eoffice_event VALIDATE CONSTRAINT eoffice_event_object_check;
