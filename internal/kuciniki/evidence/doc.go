// Package evidence is what the work itself says of how somebody works: figures made from
// the work ledger, and patterns that a person should look at.
//
// A case (a report, a letter, an order) leaves entries in the ledger. [Tallies] counts one
// case; everything else is a sum of tallies. The fold ([Module.Fold]) adds what sealed
// entries change to the sums in kuciniki_tally, so that a page costs the same however long
// the ledger is. Which kind of entry counts for which metric stands in [Kinds]; what the
// ledger says of a case that is still open, in [Cases].
//
// Evidence informs, a human decides: nothing here is a rating, and nothing is ordered by
// how people do.
package evidence
