-- Letters that somebody follows, and what a desk has in its diary because of an invitation.
CREATE TABLE eoffice_watch (
    account_id bigint NOT NULL,
    letter_id  bigint NOT NULL,
    at         timestamptz NOT NULL,
    CONSTRAINT eoffice_watch_pkey PRIMARY KEY (account_id, letter_id),
    CONSTRAINT eoffice_watch_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id),
    CONSTRAINT eoffice_watch_letter_id_fkey FOREIGN KEY (letter_id) REFERENCES eoffice_letter (id)
);
CREATE INDEX eoffice_watch_letter_idx ON eoffice_watch (letter_id);

CREATE TABLE eoffice_agenda (
    recipient_id bigint NOT NULL, -- the invitation as it came to a desk
    unit_id      bigint NOT NULL, -- the office of that desk
    starts_at    timestamptz NOT NULL,
    ends_at      timestamptz,
    place        text NOT NULL DEFAULT '', -- of B and T
    place_sealed bytea,
    version      integer NOT NULL DEFAULT 1,
    made_by      bigint NOT NULL,
    made_at      timestamptz NOT NULL,
    CONSTRAINT eoffice_agenda_pkey PRIMARY KEY (recipient_id),
    CONSTRAINT eoffice_agenda_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES eoffice_recipient (id),
    CONSTRAINT eoffice_agenda_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id),
    CONSTRAINT eoffice_agenda_made_by_fkey FOREIGN KEY (made_by) REFERENCES authn_account (id),
    CONSTRAINT eoffice_agenda_time_check CHECK (ends_at > starts_at),
    CONSTRAINT eoffice_agenda_place_check CHECK (char_length(place) <= 200 AND (place = '' OR place_sealed IS NULL))
);
CREATE INDEX eoffice_agenda_week_idx ON eoffice_agenda (unit_id, starts_at);
REVOKE ALL ON eoffice_watch, eoffice_agenda FROM portal_readonly;
