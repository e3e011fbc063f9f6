-- What the members of a surat tugas keep as evidence: which case, not what it says. That is
-- read when the evidence is packed, by whoever packs it, as far as they may read it then.
CREATE TABLE oversight_evidence (
    id            bigint GENERATED ALWAYS AS IDENTITY,
    assignment_id bigint NOT NULL,
    object        text NOT NULL,
    object_id     bigint NOT NULL,
    label         text NOT NULL, -- its number, as people know it
    note          text NOT NULL DEFAULT '',
    marked_by     bigint NOT NULL,
    marked_at     timestamptz NOT NULL,
    CONSTRAINT oversight_evidence_pkey PRIMARY KEY (id),
    CONSTRAINT oversight_evidence_once_key UNIQUE (assignment_id, object, object_id),
    CONSTRAINT oversight_evidence_assignment_id_fkey FOREIGN KEY (assignment_id) REFERENCES authz_assignment (id),
    CONSTRAINT oversight_evidence_marked_by_fkey FOREIGN KEY (marked_by) REFERENCES authn_account (id),
    CONSTRAINT oversight_evidence_note_check CHECK (char_length(note) <= 500)
);
REVOKE UPDATE, TRUNCATE ON oversight_evidence FROM portal_app;
REVOKE ALL ON oversight_evidence FROM portal_readonly;
