-- The sealed channel to the Inspektorat: what is said of misconduct of staff, by people of
-- whom nothing is kept but what they write. No account, no address, no time finer than a day.
CREATE TABLE mtr_misconduct (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    -- Random, so that it tells neither how many there are nor when one came.
    ref        text NOT NULL,
    code_hash  bytea NOT NULL,
    unit_id    bigint NOT NULL,
    status     text NOT NULL,
    outcome    text NOT NULL DEFAULT '',
    -- Of the last entry; what the desk decides rests on the one it saw.
    seq        integer NOT NULL,
    -- The sender has written since the desk did.
    waiting    boolean NOT NULL,
    came_on    date NOT NULL,
    changed_on date NOT NULL,
    CONSTRAINT mtr_misconduct_pkey PRIMARY KEY (id),
    CONSTRAINT mtr_misconduct_ref_key UNIQUE (ref),
    CONSTRAINT mtr_misconduct_code_key UNIQUE (code_hash),
    CONSTRAINT mtr_misconduct_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES org_unit (id),
    CONSTRAINT mtr_misconduct_status_check CHECK (status IN ('baru', 'ditelaah', 'ditutup')),
    CONSTRAINT mtr_misconduct_outcome_check CHECK ((status = 'ditutup') = (outcome <> '')
        AND outcome IN ('', 'terbukti', 'tidak_terbukti', 'kurang_bukti', 'diteruskan', 'bukan_pelanggaran'))
);
CREATE INDEX mtr_misconduct_unit_idx ON mtr_misconduct (unit_id, status, id);
CREATE INDEX mtr_misconduct_came_idx ON mtr_misconduct (came_on);
REVOKE DELETE, TRUNCATE ON mtr_misconduct FROM portal_app;

CREATE TABLE mtr_misconduct_entry (
    case_id     bigint NOT NULL,
    seq         integer NOT NULL,
    action      text NOT NULL,
    body_sealed bytea NOT NULL,
    -- Of the desk; whoever sends has none.
    account_id  bigint,
    day         date NOT NULL,
    CONSTRAINT mtr_misconduct_entry_pkey PRIMARY KEY (case_id, seq),
    CONSTRAINT mtr_misconduct_entry_case_id_fkey FOREIGN KEY (case_id) REFERENCES mtr_misconduct (id),
    CONSTRAINT mtr_misconduct_entry_account_id_fkey FOREIGN KEY (account_id) REFERENCES authn_account (id),
    CONSTRAINT mtr_misconduct_entry_action_check CHECK (action IN ('kirim', 'tulis', 'telaah', 'jawab', 'catat', 'tutup', 'buka')),
    CONSTRAINT mtr_misconduct_entry_who_check CHECK ((action IN ('kirim', 'tulis')) = (account_id IS NULL))
);
REVOKE UPDATE, DELETE, TRUNCATE ON mtr_misconduct_entry FROM portal_app;

-- Files stand here, sealed, and not among the others: they commit with their entry, and
-- nobody who looks through the store finds them.
CREATE TABLE mtr_misconduct_file (
    id             bigint GENERATED ALWAYS AS IDENTITY,
    case_id        bigint NOT NULL,
    seq            integer NOT NULL,
    content_type   text NOT NULL,
    size           bigint NOT NULL,
    content_sealed bytea NOT NULL,
    CONSTRAINT mtr_misconduct_file_pkey PRIMARY KEY (id),
    CONSTRAINT mtr_misconduct_file_entry_fkey FOREIGN KEY (case_id, seq) REFERENCES mtr_misconduct_entry (case_id, seq),
    CONSTRAINT mtr_misconduct_file_type_check CHECK (content_type IN ('image/jpeg', 'application/pdf'))
);
CREATE INDEX mtr_misconduct_file_case_idx ON mtr_misconduct_file (case_id, seq);
REVOKE UPDATE, DELETE, TRUNCATE ON mtr_misconduct_file FROM portal_app;
REVOKE ALL ON mtr_misconduct, mtr_misconduct_entry, mtr_misconduct_file FROM portal_readonly;
