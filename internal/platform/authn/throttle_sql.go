package authn

// $4 free tries, then base*2^(count-free) seconds, at most max, since the last one.
// Returns how many seconds to wait: 0 means that the try was counted.
const sqlTry = `
WITH counted AS (
    INSERT INTO authn_throttle AS t (scope, key_hash, count, window_start, last_at)
    VALUES ($1, $2, 1, $3::timestamptz, $3::timestamptz)
    ON CONFLICT ON CONSTRAINT authn_throttle_pkey DO UPDATE SET
        count = CASE WHEN t.last_at <= $3::timestamptz - make_interval(secs => $7::float8) THEN 1 ELSE t.count + 1 END,
        window_start = CASE WHEN t.last_at <= $3::timestamptz - make_interval(secs => $7::float8) THEN $3::timestamptz ELSE t.window_start END,
        last_at = $3::timestamptz
    WHERE t.count < $4::int
       OR t.last_at + make_interval(secs => least($6::float8, $5::float8 * power(2, least(t.count - $4::int, 20)))) <= $3::timestamptz
       OR t.last_at <= $3::timestamptz - make_interval(secs => $7::float8)
    RETURNING 1
)
SELECT CASE WHEN EXISTS (SELECT FROM counted) THEN 0
    ELSE coalesce((
        SELECT greatest(1, extract(epoch FROM t.last_at
            + make_interval(secs => least($6::float8, $5::float8 * power(2, least(t.count - $4::int, 20)))) - $3::timestamptz))
        FROM authn_throttle t WHERE t.scope = $1 AND t.key_hash = $2), 1)
END::float8`

const sqlForgive = `DELETE FROM authn_throttle WHERE scope = $1 AND key_hash = $2`

const sqlFailures = `
SELECT coalesce((SELECT count FROM authn_throttle
    WHERE scope = 'address' AND key_hash = $1 AND window_start > $2), 0)::int`

const sqlFailed = `
INSERT INTO authn_throttle AS t (scope, key_hash, count, window_start, last_at)
VALUES ('address', $1, 1, $2, $2)
ON CONFLICT ON CONSTRAINT authn_throttle_pkey DO UPDATE SET
    count = CASE WHEN t.window_start <= $3 THEN 1 ELSE t.count + 1 END,
    window_start = CASE WHEN t.window_start <= $3 THEN $2 ELSE t.window_start END,
    last_at = $2`

const sqlPurgeThrottle = `DELETE FROM authn_throttle WHERE last_at < $1`

const sqlPurgeCodes = `DELETE FROM authn_code WHERE expires_at < $1`

const sqlPurgeInvitations = `DELETE FROM authn_invitation WHERE expires_at < $1`
