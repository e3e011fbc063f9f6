// Package misconduct is the sealed channel to the Inspektorat: anybody, without an account,
// writes what a member of staff did, and only the desk of the Inspektorat reads it.
//
// # What is kept
//
// The words and files of both sides, sealed, and days. Nothing of the sender: no account, no
// address, no time of day. Whoever signs in sends as little of themselves as whoever does not.
// The sender's part leaves no entry in the audit trail; each act of the desk, reading
// included, does.
//
// # The code
//
// A secret code of 100 random bits is the only way back. It is shown once and kept as a keyed
// hash; it travels in the body of a request, never in an address. The code follows from what
// was sent, so that a form sent twice is one case with one code.
//
// # Who reads
//
// Whoever holds PermRead in the Inspektorat and has a post there or below: both are conditions
// of the SQL, so that a permission given too widely opens nothing. To everybody else a case
// does not exist.
//
// # States
//
//	kirim ──▶ baru ──telaah, jawab──▶ ditelaah ──tutup──▶ ditutup
//	           └────────────tutup───────────────▶   │
//	                        ditelaah ◀────buka──────┘
//
// tulis (the sender) and catat (the desk) change no state.
package misconduct
