-- Orders: what their constraints did not say yet, time that is asked for, and the giver's
-- time to answer.
ALTER TABLE eoffice_disposition
    ADD COLUMN asked_due_at timestamptz,  -- until when its addressee asks to have
    ADD COLUMN answer_due_at timestamptz, -- until when its giver should answer
    DROP CONSTRAINT eoffice_disposition_status_check,
    ADD CONSTRAINT eoffice_disposition_status_check CHECK (status IN ('dikirim', 'dibaca', 'dikerjakan', 'diteruskan', 'minta_arahan', 'menolak',
        'dilaporkan', 'selesai', 'ditolak', 'dibatalkan', 'ditutup')),
    -- What is for information asks for nothing; everything else has its time.
    ADD CONSTRAINT eoffice_disposition_info_check CHECK (for_info = (due_at IS NULL) AND NOT (for_info AND lead)),
    ADD CONSTRAINT eoffice_disposition_sealed_check CHECK ((note = '' OR note_sealed IS NULL) AND (report = '' OR report_sealed IS NULL));

-- From one place a desk has one order at a time, and one desk the lead.
CREATE UNIQUE INDEX eoffice_disposition_desk_key ON eoffice_disposition (recipient_id, COALESCE(parent_id, 0), to_id)
    WHERE NOT for_info AND status NOT IN ('selesai', 'ditolak', 'dibatalkan', 'ditutup');
CREATE UNIQUE INDEX eoffice_disposition_lead_key ON eoffice_disposition (recipient_id, COALESCE(parent_id, 0))
    WHERE lead AND status NOT IN ('selesai', 'ditolak', 'dibatalkan', 'ditutup');

-- What a desk gave and is not done yet.
DROP INDEX eoffice_disposition_from_idx;
CREATE INDEX eoffice_disposition_given_idx ON eoffice_disposition (from_id)
    WHERE status NOT IN ('selesai', 'ditolak', 'dibatalkan', 'ditutup') AND NOT for_info;

DROP INDEX eoffice_disposition_reported_idx;
CREATE INDEX eoffice_disposition_reported_idx ON eoffice_disposition (answer_due_at, id) WHERE status = 'dilaporkan';

-- Working days after which a report that its giver says nothing about counts as accepted.
ALTER TABLE eoffice_office ADD COLUMN answer_days integer NOT NULL DEFAULT 3,
    ADD CONSTRAINT eoffice_office_answer_days_check CHECK (answer_days BETWEEN 1 AND 30);

-- Who got a letter by an order that was called back unread does not open it any more.
GRANT DELETE ON eoffice_reader TO portal_app;

-- The instructions to tick: those of a unit, else of the nearest one above that has its own.
CREATE TABLE eoffice_instruction (
    unit_id bigint NOT NULL,
    ord     integer NOT NULL,
    label   text NOT NULL,
    CONSTRAINT eoffice_instruction_pkey PRIMARY KEY (unit_id, ord),
    CONSTRAINT eoffice_instruction_label_key UNIQUE (unit_id, label),
    CONSTRAINT eoffice_instruction_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id),
    CONSTRAINT eoffice_instruction_label_check CHECK (char_length(label) BETWEEN 1 AND 80)
);
INSERT INTO eoffice_instruction (unit_id, ord, label)
SELECT u.id, i.ord, i.label FROM org_unit u, unnest(ARRAY['Tindak lanjuti', 'Proses lebih lanjut', 'Tanggapan dan saran', 'Tanggapi secara tertulis',
    'Pelajari dan beri saran', 'Koordinasikan atau konfirmasikan', 'Bicarakan dengan saya', 'Agendakan', 'Hadiri dan laporkan hasilnya',
    'Wakili dan laporkan hasilnya', 'Siapkan makalah, sambutan, atau presentasi', 'Siapkan surat atau memo dinas', 'Arsipkan', 'Lain-lain'])
    WITH ORDINALITY i (label, ord)
WHERE u.parent_id IS NULL;
