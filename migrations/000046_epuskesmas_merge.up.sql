-- Patients entered twice: the one who is gone points at the one who stays, so that the old
-- number still finds them.
ALTER TABLE epuskesmas_patient ADD COLUMN merged_into bigint,
    ADD CONSTRAINT epuskesmas_patient_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES epuskesmas_patient (id),
    ADD CONSTRAINT epuskesmas_patient_merged_check CHECK (merged_into <> id);
CREATE INDEX epuskesmas_patient_merged_idx ON epuskesmas_patient (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE epuskesmas_merge (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    unit_id      bigint NOT NULL,
    kept_id      bigint NOT NULL,
    gone_id      bigint NOT NULL,
    at           timestamptz NOT NULL,
    actor_id     bigint NOT NULL,
    -- What makes it undone: whose visits moved, who had been merged into the one who is
    -- gone before, and what the one who stays took over.
    visit_ids    bigint[] NOT NULL,
    earlier_ids  bigint[] NOT NULL,
    took         text[] NOT NULL,
    kept_version integer NOT NULL, -- since then nothing of them was changed
    undone_at    timestamptz,
    undone_by    bigint,
    CONSTRAINT epuskesmas_merge_pkey PRIMARY KEY (id),
    CONSTRAINT epuskesmas_merge_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES epuskesmas_site (unit_id),
    CONSTRAINT epuskesmas_merge_kept_id_fkey FOREIGN KEY (kept_id) REFERENCES epuskesmas_patient (id),
    CONSTRAINT epuskesmas_merge_gone_id_fkey FOREIGN KEY (gone_id) REFERENCES epuskesmas_patient (id),
    CONSTRAINT epuskesmas_merge_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES authn_account (id),
    CONSTRAINT epuskesmas_merge_undone_by_fkey FOREIGN KEY (undone_by) REFERENCES authn_account (id),
    CONSTRAINT epuskesmas_merge_undone_check CHECK ((undone_at IS NULL) = (undone_by IS NULL))
);
CREATE UNIQUE INDEX epuskesmas_merge_gone_key ON epuskesmas_merge (gone_id) WHERE undone_at IS NULL;
CREATE INDEX epuskesmas_merge_kept_idx ON epuskesmas_merge (kept_id) WHERE undone_at IS NULL;
REVOKE UPDATE, DELETE, TRUNCATE ON epuskesmas_merge FROM portal_app;
GRANT UPDATE (undone_at, undone_by) ON epuskesmas_merge TO portal_app;

-- A visit or a number of somebody who has just been merged is the other one's, whoever was
-- first: both wait for each other at the patient's row.
CREATE FUNCTION epuskesmas_of_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    other bigint;
BEGIN
    LOOP
        SELECT merged_into INTO other FROM epuskesmas_patient WHERE id = NEW.patient_id FOR KEY SHARE;
        EXIT WHEN other IS NULL;
        NEW.patient_id := other;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER epuskesmas_visit_of_kept BEFORE INSERT OR UPDATE OF patient_id ON epuskesmas_visit
    FOR EACH ROW WHEN (NEW.patient_id IS NOT NULL) EXECUTE FUNCTION epuskesmas_of_kept();
CREATE TRIGGER epuskesmas_ticket_of_kept BEFORE INSERT OR UPDATE OF patient_id ON epuskesmas_ticket
    FOR EACH ROW WHEN (NEW.patient_id IS NOT NULL) EXECUTE FUNCTION epuskesmas_of_kept();
