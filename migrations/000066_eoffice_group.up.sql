-- Kelompok tujuan: desks to which letters often go together.
CREATE TABLE eoffice_group (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    unit_id    bigint NOT NULL, -- the office that keeps it, for itself and all below; the city for everybody
    name       text NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT eoffice_group_pkey PRIMARY KEY (id),
    CONSTRAINT eoffice_group_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id),
    CONSTRAINT eoffice_group_name_check CHECK (char_length(name) BETWEEN 3 AND 120)
);
CREATE UNIQUE INDEX eoffice_group_name_key ON eoffice_group (unit_id, lower(name));

CREATE TABLE eoffice_group_member (
    group_id    bigint NOT NULL,
    position_id bigint NOT NULL,
    ord         integer NOT NULL,
    CONSTRAINT eoffice_group_member_pkey PRIMARY KEY (group_id, position_id),
    CONSTRAINT eoffice_group_member_group_id_fkey FOREIGN KEY (group_id) REFERENCES eoffice_group (id) ON DELETE CASCADE,
    CONSTRAINT eoffice_group_member_position_id_fkey FOREIGN KEY (position_id) REFERENCES org_position (id)
);
REVOKE ALL ON eoffice_group, eoffice_group_member FROM portal_readonly;

-- Through which group a recipient got onto a letter; the group itself may be gone since.
ALTER TABLE eoffice_recipient ADD COLUMN group_name text NOT NULL DEFAULT '';
ALTER TABLE eoffice_recipient ADD CONSTRAINT eoffice_recipient_group_check CHECK (char_length(group_name) <= 120) NOT VALID;
ALTER TABLE eoffice_recipient VALIDATE CONSTRAINT eoffice_recipient_group_check;
