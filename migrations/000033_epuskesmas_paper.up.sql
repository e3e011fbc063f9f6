-- Numbers set aside for paper: who writes on paper while the power is out does not give a
-- number that the portal gives too. A number is used when a ticket has it; the rest is
-- explained by this row.
CREATE TABLE epuskesmas_paper (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    session_id bigint NOT NULL,
    first      integer NOT NULL,
    last       integer NOT NULL,
    at         timestamptz NOT NULL,
    actor_id   bigint NOT NULL,
    CONSTRAINT epuskesmas_paper_pkey PRIMARY KEY (id),
    CONSTRAINT epuskesmas_paper_session_id_fkey FOREIGN KEY (session_id) REFERENCES epuskesmas_session (id),
    CONSTRAINT epuskesmas_paper_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES authn_account (id),
    CONSTRAINT epuskesmas_paper_numbers_check CHECK (first >= 1 AND last BETWEEN first AND first + 99)
);
CREATE INDEX epuskesmas_paper_session_idx ON epuskesmas_paper (session_id);
REVOKE UPDATE, DELETE, TRUNCATE ON epuskesmas_paper FROM portal_app;
