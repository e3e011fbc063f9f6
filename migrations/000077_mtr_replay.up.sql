-- What came from a phone that had kept it until it had network, under the hash of the key
-- that the phone made for it: sent again, it is the same.

CREATE TABLE mtr_replay (
    key_hash   bytea NOT NULL,
    report_id  bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT mtr_replay_pkey PRIMARY KEY (key_hash),
    CONSTRAINT mtr_replay_report_id_fkey FOREIGN KEY (report_id) REFERENCES mtr_report (id),
    CONSTRAINT mtr_replay_hash_check CHECK (octet_length(key_hash) = 32)
);
CREATE INDEX mtr_replay_report_idx ON mtr_replay (report_id);
CREATE INDEX mtr_replay_created_idx ON mtr_replay (created_at);

REVOKE UPDATE, TRUNCATE ON mtr_replay FROM portal_app;
REVOKE ALL ON mtr_replay FROM portal_readonly;
