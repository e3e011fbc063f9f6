-- Who was not at their desk, as a Plh had it: the appointment says from when until when.
CREATE VIEW kuciniki_stand_in AS
SELECT p.id AS plh_id, h.id AS held_id, h.person_id, p.position_id, greatest(p.starts_at, h.starts_at) AS from_at, least(p.ends_at, h.ends_at) AS to_at
FROM org_occupancy p JOIN org_occupancy h ON h.position_id = p.position_id AND h.seat = p.seat AND h.kind <> 'plh' AND h.during && p.during AND h.person_id <> p.person_id
WHERE p.kind = 'plh';

-- The same as far as the sums know.
CREATE TABLE kuciniki_covered (
    plh_id      bigint NOT NULL, -- occupancy of who stands in
    held_id     bigint NOT NULL, -- and of whom
    person_id   bigint NOT NULL,
    position_id bigint NOT NULL,
    from_at     timestamptz NOT NULL,
    to_at       timestamptz NOT NULL,
    CONSTRAINT kuciniki_covered_pkey PRIMARY KEY (plh_id, held_id),
    CONSTRAINT kuciniki_covered_check CHECK (to_at > from_at)
);
CREATE INDEX kuciniki_covered_person_idx ON kuciniki_covered (person_id);
REVOKE ALL ON kuciniki_covered FROM portal_readonly;
