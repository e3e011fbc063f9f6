// Package survey asks who was served how it was, and says in public what they answered: the
// Survei Kepuasan Masyarakat (SKM) of PermenPANRB 14/2017, nine elements on a scale of four.
//
// A case answers once, within [Open] of its end, through a link that only its own page shows.
// Of who answers nothing is kept but what they say, and of when only the month. The index is
// the mean of the nine means, each a ninth of it, times 25.
package survey
