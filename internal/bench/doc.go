// Package bench measures the portal as people meet it: the real binary as a
// process of its own, a private PostgreSQL, constant load whose latency hides
// no stall, and beside each reading page a bare one that lists the same rows,
// in the same run.
package bench
