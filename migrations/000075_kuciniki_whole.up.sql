-- What a unit and all below it come to, so that the city on one screen reads a few hundred
-- rows instead of those of every office.
CREATE TABLE kuciniki_whole (
    month   date NOT NULL,
    unit_id bigint NOT NULL,
    metric  text NOT NULL,
    n       integer NOT NULL,
    x       integer NOT NULL,
    CONSTRAINT kuciniki_whole_pkey PRIMARY KEY (unit_id, month, metric)
);
INSERT INTO kuciniki_whole (month, unit_id, metric, n, x)
SELECT t.month, w.unit_id, t.metric, sum(t.n), sum(t.x) FROM kuciniki_unit_tally t JOIN org_unit u ON u.id = t.unit_id CROSS JOIN unnest(u.ancestors) AS w (unit_id) GROUP BY 1, 2, 3;

-- Lengths of steps, the same.
CREATE TEMPORARY TABLE kuciniki_lag_whole ON COMMIT DROP AS
SELECT l.month, w.unit_id, l.kind, l.bucket, sum(l.n)::integer AS n FROM kuciniki_lag l JOIN org_unit u ON u.id = l.unit_id CROSS JOIN unnest(u.ancestors) AS w (unit_id) GROUP BY 1, 2, 3, 4;
DELETE FROM kuciniki_lag;
INSERT INTO kuciniki_lag (month, unit_id, kind, bucket, n) SELECT month, unit_id, kind, bucket, n FROM kuciniki_lag_whole;
