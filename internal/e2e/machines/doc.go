// Package machines shows the portal on more than one machine, with the real servers: two
// `portal serve` behind HAProxy, over PgBouncer and a PostgreSQL with a streaming replica.
// Its tests carry the build tag deep; docs/scale.md has what they measured.
package machines
