// Package session remembers a browser between requests.
//
// Sessions live in PostgreSQL, found by the hash of a random token that only the
// cookie holds. A reader who has not signed in and has nothing to remember gets no
// cookie at all. Signing in always makes a new token, [Renew] one in between.
//
// Two clocks end a session: idling (30 minutes for staff, 7 days for citizens) and
// age (12 hours for staff, 30 days for citizens). Activity of a signed-in person is
// written at most once a minute. A session that was ended, here or on another
// machine, stays ended: a request already under way cannot bring it back.
//
// All package functions that take a context expect one that passed through
// Manager.LoadAndSave; on any other, reading finds nothing and writing panics.
package session
