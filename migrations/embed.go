// Package migrations carries the schema's history inside the binary.
//
// A file is named NNNNNN_<owner>_<what>.{up,down}.sql, where owner is the
// package or module whose tables it creates. Each file is sent to the server
// as one simple query and is therefore one transaction: it must not contain
// BEGIN, COMMIT or CONCURRENTLY.
package migrations

import "embed"

// Files holds every migration, at its root.
//
//go:embed *.sql
var Files embed.FS
