// Package pgtest gives each test a PostgreSQL database of its own, migrated,
// in about a tenth of a second.
//
// One throw-away cluster serves a whole `make test`: the launcher in run/
// starts it and names its socket in an environment variable. A test binary
// started without the launcher starts a cluster for itself, which ends with it.
// The first test migrates a template; every test gets a copy of it.
package pgtest
