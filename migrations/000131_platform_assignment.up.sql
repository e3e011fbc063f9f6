-- Surat tugas: what the Inspektorat may read of others' material, who of it, and from when
-- until when. Grants say what a post may do; of a post in the Inspektorat they reach beyond it
-- only where one of these says so.
CREATE TABLE authz_assignment (
    id            bigint GENERATED ALWAYS AS IDENTITY,
    unit_id       bigint NOT NULL, -- the Inspektorat that it is of
    number        text NOT NULL,
    issued_on     date NOT NULL,
    subject       text NOT NULL,
    starts_at     timestamptz NOT NULL,
    ends_at       timestamptz NOT NULL, -- the end of its last day
    registered_by bigint NOT NULL,
    registered_at timestamptz NOT NULL,
    revoked_by    bigint,
    revoked_at    timestamptz,
    revoked_why   text,
    CONSTRAINT authz_assignment_pkey PRIMARY KEY (id),
    CONSTRAINT authz_assignment_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id),
    CONSTRAINT authz_assignment_registered_by_fkey FOREIGN KEY (registered_by) REFERENCES authn_account (id),
    CONSTRAINT authz_assignment_revoked_by_fkey FOREIGN KEY (revoked_by) REFERENCES authn_account (id),
    CONSTRAINT authz_assignment_number_check CHECK (char_length(number) BETWEEN 3 AND 60),
    CONSTRAINT authz_assignment_subject_check CHECK (char_length(subject) BETWEEN 5 AND 500),
    CONSTRAINT authz_assignment_time_check CHECK (ends_at > starts_at AND ends_at <= starts_at + interval '366 days'),
    CONSTRAINT authz_assignment_revoked_check CHECK (num_nonnulls(revoked_by, revoked_at, revoked_why) IN (0, 3))
);
CREATE UNIQUE INDEX authz_assignment_number_key ON authz_assignment (lower(number));

CREATE TABLE authz_assignment_member (
    assignment_id bigint NOT NULL,
    person_id     bigint NOT NULL,
    CONSTRAINT authz_assignment_member_pkey PRIMARY KEY (person_id, assignment_id),
    CONSTRAINT authz_assignment_member_assignment_id_fkey FOREIGN KEY (assignment_id) REFERENCES authz_assignment (id),
    CONSTRAINT authz_assignment_member_person_id_fkey FOREIGN KEY (person_id) REFERENCES org_person (id)
);
CREATE INDEX authz_assignment_member_assignment_idx ON authz_assignment_member (assignment_id);

-- A module in a unit and all below it.
CREATE TABLE authz_assignment_scope (
    assignment_id bigint NOT NULL,
    module        text NOT NULL, -- the first part of the permissions that it covers
    unit_id       bigint NOT NULL,
    CONSTRAINT authz_assignment_scope_pkey PRIMARY KEY (assignment_id, module, unit_id),
    CONSTRAINT authz_assignment_scope_assignment_id_fkey FOREIGN KEY (assignment_id) REFERENCES authz_assignment (id),
    CONSTRAINT authz_assignment_scope_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id)
);

-- What was registered stays as it was; it is revoked, once.
REVOKE UPDATE, DELETE, TRUNCATE ON authz_assignment, authz_assignment_member, authz_assignment_scope FROM portal_app;
GRANT UPDATE (revoked_by, revoked_at, revoked_why) ON authz_assignment TO portal_app;
REVOKE ALL ON authz_assignment, authz_assignment_member, authz_assignment_scope FROM portal_readonly;

-- What was done under an assignment is found by its number.
CREATE INDEX audit_entry_assignment_idx ON audit_entry USING gin ((detail -> 'surat_tugas')) WHERE detail ? 'surat_tugas';
