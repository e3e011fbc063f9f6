-- Who a doctor of the roster is among the staff, where a puskesmas has said so.
ALTER TABLE epuskesmas_doctor ADD COLUMN person_id bigint,
    ADD CONSTRAINT epuskesmas_doctor_person_id_fkey FOREIGN KEY (person_id) REFERENCES org_person (id);
CREATE UNIQUE INDEX epuskesmas_doctor_person_key ON epuskesmas_doctor (unit_id, person_id) WHERE person_id IS NOT NULL AND active;
