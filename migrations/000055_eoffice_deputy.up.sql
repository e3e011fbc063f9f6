-- Who may work at another's desk for a time: a secretary, or who stands in during an absence
-- that is too short for a Plh. Neither signs, and neither sees what is confidential.
CREATE TABLE eoffice_deputy (
    id        bigint GENERATED ALWAYS AS IDENTITY,
    desk_id   bigint NOT NULL, -- position whose desk it is
    deputy_id bigint NOT NULL, -- position that works there; its holder does
    kind      text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at   timestamptz NOT NULL, -- the first moment without the right
    reason    text NOT NULL,
    made_by   bigint NOT NULL,
    made_at   timestamptz NOT NULL,
    CONSTRAINT eoffice_deputy_pkey PRIMARY KEY (id),
    CONSTRAINT eoffice_deputy_desk_id_fkey FOREIGN KEY (desk_id) REFERENCES org_position (id),
    CONSTRAINT eoffice_deputy_deputy_id_fkey FOREIGN KEY (deputy_id) REFERENCES org_position (id),
    CONSTRAINT eoffice_deputy_made_by_fkey FOREIGN KEY (made_by) REFERENCES authn_account (id),
    CONSTRAINT eoffice_deputy_self_check CHECK (desk_id <> deputy_id),
    CONSTRAINT eoffice_deputy_kind_check CHECK (kind IN ('sekretaris', 'limpahan')),
    CONSTRAINT eoffice_deputy_time_check CHECK (ends_at >= starts_at),
    CONSTRAINT eoffice_deputy_reason_check CHECK (char_length(reason) BETWEEN 1 AND 300)
);
CREATE INDEX eoffice_deputy_desk_idx ON eoffice_deputy (desk_id, ends_at);
CREATE INDEX eoffice_deputy_deputy_idx ON eoffice_deputy (deputy_id, ends_at);
REVOKE DELETE, TRUNCATE ON eoffice_deputy FROM portal_app;
REVOKE ALL ON eoffice_deputy FROM portal_readonly;

-- Who works at which desk as a deputy, and when. Rights end at the very second.
CREATE VIEW eoffice_deputy_seat AS
SELECT o.person_id, d.desk_id AS position_id, o.id AS occupancy_id, d.kind, GREATEST(d.starts_at, o.starts_at) AS starts_at, LEAST(d.ends_at, o.ends_at) AS ends_at
FROM eoffice_deputy d JOIN org_occupancy o ON o.position_id = d.deputy_id;

-- Letters for the head of an office may be screened first, by one desk of it.
ALTER TABLE eoffice_office ADD COLUMN screener_id bigint,
    ADD CONSTRAINT eoffice_office_screener_id_fkey FOREIGN KEY (screener_id) REFERENCES org_position (id);
ALTER TABLE eoffice_recipient ADD COLUMN screener_id bigint, -- who has to screen it now
    ADD CONSTRAINT eoffice_recipient_screener_id_fkey FOREIGN KEY (screener_id) REFERENCES org_position (id),
    ADD CONSTRAINT eoffice_recipient_screener_check CHECK (screener_id IS NULL OR status IN ('terkirim', 'diterima') AND screener_id <> position_id);
CREATE INDEX eoffice_recipient_screener_idx ON eoffice_recipient (screener_id) WHERE screener_id IS NOT NULL;
