// Package pglocal runs a private PostgreSQL server for `portal dev` and for
// the tests, from the server binaries that the system has installed.
//
// The server listens on a Unix socket only, in a folder that nobody else may
// enter. One process at a time owns a data folder. The server dies with that
// process however it ends, SIGKILL included: on Linux the kernel signals it
// (PDEATHSIG), and everywhere a guardian, a small shell waiting at the other
// end of a pipe, stops it and tidies up. What was committed survives, except in
// a throw-away server.
//
// The roles are those of production: portal_owner owns the databases and runs
// migrations, portal_app serves, portal_readonly reads; postgres is the
// superuser.
package pglocal
